package siting

import (
	"context"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Median opens at most p new sites such that the weighted cost of everybody
// reaching the nearest open site is least (p-median). Who is out of reach costs
// Unserved; when that is 0 everybody must be served, and Invalid says that p
// sites cannot.
func Median(ctx context.Context, problem *Problem, p int, o Options) (*Result, error) {
	if err := problem.check(); err != nil {
		return nil, err
	}
	unserved := make([]float64, len(problem.Weight))
	for i, w := range problem.Weight {
		unserved[i] = w * problem.Unserved
		if problem.Unserved == 0 {
			unserved[i] = -1
		}
	}
	md := newModel(problem, func(i int, c float64) float64 { return problem.Weight[i] * c }, unserved, 0)
	md.p = len(md.openExisting()) + p
	b := newBudget(ctx, o)
	s := md.newSwapper(b, md.greedy(b, nil))
	s.descend(nil)
	if err := ctx.Err(); err != nil {
		return nil, planner.Wrap(err, planner.Canceled, "选址计算已取消", "siting was canceled")
	}
	res := &Result{}
	res.Objective, res.Serves = md.value(s.open)
	for _, j := range s.open {
		if !md.existing[j] {
			res.Sites = append(res.Sites, int(j))
		}
	}
	slices.Sort(res.Sites)
	return res, nil
}
