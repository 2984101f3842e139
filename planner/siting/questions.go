package siting

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// Median opens at most sites new sites such that the weighted cost of everybody
// reaching the nearest open site is least (p-median). Who is out of reach costs
// Unserved; when that is 0 everybody must be served, and Invalid says that no
// such set was found.
func Median(ctx context.Context, p *Problem, sites int, o Options) (*Result, error) {
	if err := p.check(sites); err != nil {
		return nil, err
	}
	unserved := make([]float64, len(p.Weight))
	for i, w := range p.Weight {
		if unserved[i] = w * p.Unserved; p.Unserved == 0 {
			unserved[i] = -1
		}
	}
	md := newModel(p, sites, 0, unserved, func(i int, c float64) float64 { return p.Weight[i] * c })
	return answer(ctx, p, md, o)
}

// MaxCover opens at most sites new sites such that the weight within reach of
// an open site is most (maximal covering, MCLP: Church, ReVelle 1974). The
// objective is that weight; costs of arcs do not count.
func MaxCover(ctx context.Context, p *Problem, sites int, o Options) (*Result, error) {
	if err := p.check(sites); err != nil {
		return nil, err
	}
	md := newModel(p, sites, 0, p.Weight, func(int, float64) float64 { return 0 })
	res, err := answer(ctx, p, md, o)
	if err != nil {
		return nil, err
	}
	all := 0.0
	for _, w := range p.Weight {
		all += w
	}
	res.Objective, res.Bound = all-res.Objective, all-res.Bound
	return res, nil
}

// SetCover opens the fewest new sites such that everybody is in reach of an
// open site (LSCP: Toregas and others 1971); the objective is their number.
// Demand points of weight 0, and those that no candidate reaches, ask for
// nothing; the latter have -1 in Serves.
func SetCover(ctx context.Context, p *Problem, o Options) (*Result, error) {
	if err := p.check(0); err != nil {
		return nil, err
	}
	parts, arcs := p.parts()
	if o.Effort <= 0 {
		o.Effort = DefaultEffort
	}
	whole, all, limit, start := &Result{}, o.Effort, o.TimeLimit, time.Now()
	for _, part := range parts { // what shares nobody is asked one by one
		o.Effort = max(1_000_000, all/int64(max(1, arcs))*int64(part.arcs))
		if limit > 0 {
			o.TimeLimit = max(1, limit-time.Since(start))
		}
		res, err := answer(ctx, part.problem, coverModel(part.problem, math.Inf(1)), o)
		if err != nil {
			return nil, err
		}
		whole.Objective += res.Objective
		whole.Bound += res.Bound
		whole.Cut = whole.Cut || res.Cut
		for _, j := range res.Sites {
			whole.Sites = append(whole.Sites, int(part.name[j]))
		}
	}
	slices.Sort(whole.Sites)
	whole.Serves = p.nearest(whole.Sites)
	return whole, nil
}

// coverModel asks for the fewest sites that reach everybody at no more than radius.
func coverModel(p *Problem, radius float64) *model {
	unserved := make([]float64, len(p.Weight))
	for _, arcs := range p.Reach {
		for _, a := range arcs {
			if a.Cost <= radius && p.Weight[a.Demand] > 0 {
				unserved[a.Demand] = -1
			}
		}
	}
	return newModel(p, len(p.Reach), 1, unserved, func(_ int, c float64) float64 {
		if c <= radius {
			return 0
		}
		return math.Inf(1)
	})
}

// answer solves a model and puts the result in the problem's terms.
func answer(ctx context.Context, p *Problem, md *model, o Options) (*Result, error) {
	b := newBudget(ctx, o)
	s := newSearch(md, b, o.Seed)
	s.solve()
	if err := ctx.Err(); err != nil {
		return nil, planner.Wrap(err, planner.Canceled, "选址计算已取消", "siting was canceled")
	}
	if s.best >= md.must {
		return nil, noneServesAll(md.p, s.bound >= md.must)
	}
	res := &Result{Objective: s.best, Bound: s.bound, Cut: b.clock.cut}
	for _, j := range s.open {
		res.Sites = append(res.Sites, int(j))
	}
	res.Serves = p.nearest(res.Sites)
	return res, nil
}

// nearest is the open site, new or existing, that each demand point is served
// by at least cost, the first of equals; -1 for none.
func (p *Problem) nearest(sites []int) []int32 {
	serves, cost := make([]int32, len(p.Weight)), make([]float64, len(p.Weight))
	for i := range serves {
		serves[i], cost[i] = -1, math.Inf(1)
	}
	open := slices.Concat(sites, p.Existing)
	slices.Sort(open)
	for _, j := range open {
		for _, a := range p.Reach[j] {
			if a.Cost < cost[a.Demand] {
				serves[a.Demand], cost[a.Demand] = int32(j), a.Cost
			}
		}
	}
	return serves
}
