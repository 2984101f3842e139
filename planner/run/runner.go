package run

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Engine names the rules of evaluation. It changes whenever the same inputs may
// give another result, and is part of every digest.
const Engine = "lifecircle-1"

// Evaluate judges the plan's standards on in. It is pure: the same inputs, graph
// and spec give the same result, byte for byte. A nil graph means that no
// network was loaded: access is then unverified, never uncovered.
func Evaluate(ctx context.Context, spec Spec, plan *standard.Plan, in *Inputs, g *graph.Graph, progress Progress) (*Result, error) {
	if progress == nil {
		progress = func(string, float64) {}
	}
	set, err := assumptions(plan, spec.Set)
	if err != nil {
		return nil, err
	}
	res := &Result{Engine: Engine}
	progress("demand", 0.05)
	d := place(in)
	res.Demand = d.rows(in)
	sum := Summary{AsOf: spec.AsOf.Format("2006-01-02"), Units: map[string]int{}, Assumptions: set, SlopeLeast: 1, SlopeMost: 1}
	for _, u := range in.Units {
		sum.Units[u.Level.String()]++
	}
	for i, s := range plan.Standards {
		progress(s.ID, 0.1+0.8*float64(i)/float64(len(plan.Standards)))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fig := StandardFigure{ID: s.ID, Title: s.Title, Quote: s.Quote, Clause: s.Clause}
		switch s.Kind {
		case "access_time":
			if err := evaluateAccess(ctx, spec, s, in, d, g, res, &sum, &fig); err != nil {
				return nil, err
			}
		case "present_in_each":
			ps := judgePresence(in, s, set, spec.AsOf)
			verdicts := presenceVerdicts(in, s, ps)
			gaps := presenceGaps(s, ps)
			res.Verdicts = append(res.Verdicts, verdicts...)
			res.Gaps = append(res.Gaps, gaps...)
			fig.Gaps, fig.Total = len(gaps), len(ps)
			if top := topVerdict(verdicts); top != nil {
				fig.Verdict, fig.Text = top.Verdict, top.Text
			}
		}
		sum.Standards = append(sum.Standards, fig)
	}
	rank(res.Gaps)
	slices.SortFunc(res.Verdicts, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(a.Unit, b.Unit))
	})
	res.Summary = sum
	progress("digest", 0.95)
	if res.Digest, err = digest(spec, plan, in, res); err != nil {
		return nil, err
	}
	return res, nil
}

func evaluateAccess(ctx context.Context, spec Spec, s standard.Standard, in *Inputs, d *demand, g *graph.Graph, res *Result, sum *Summary, fig *StandardFigure) error {
	reach, idle := make([]access, len(d.spots)), make([]access, len(d.spots))
	var n *nets
	if g != nil {
		var err error
		if n, err = connect(g, s, in, d); err != nil {
			return err
		}
		if reach, err = n.times(ctx, in, serving(s, spec.AsOf)); err != nil {
			return err
		}
		if idle, err = n.times(ctx, in, idling(s)); err != nil {
			return err
		}
		sum.SlopeLeast, sum.SlopeMost = n.walk.SlopeFactors()
		sum.Quality = append(sum.Quality,
			QualityNote{"demand_off_network", n.spotErr, planner.Text{ZH: "需求点500米内没有路网", EN: "demand points without a street within 500 m"}},
			QualityNote{"facility_off_network", n.siteErr, planner.Text{ZH: "设施500米内没有路网或没有坐标", EN: "facilities without coordinates or a street within 500 m"}})
		gaps := accessGaps(in, d, n, s, reach, idle, spec.AsOf)
		res.Gaps = append(res.Gaps, gaps...)
		fig.Gaps = len(gaps)
		drawn, err := circles(ctx, in, d, n, s, spec.AsOf)
		if err != nil {
			return err
		}
		res.Circles = append(res.Circles, drawn...)
	}
	rows := accessCoverage(in, d, s, reach)
	res.Coverage = append(res.Coverage, rows...)
	res.Verdicts = append(res.Verdicts, accessVerdicts(s, rows)...)
	top := topUnit(in)
	fig.Verdict, fig.Text = "tracked", planner.NameOf(planner.Verdicts, "tracked")
	fig.People = map[string]int{}
	for _, r := range rows {
		if r.Unit == top.Code && (cohort{r.Group, r.Basis}) == cohorts[0] {
			fig.People[r.Class], fig.Total, fig.Verdict = r.People, r.Total, r.Verdict
			fig.Text = planner.NameOf(planner.Verdicts, r.Verdict)
		}
	}
	sum.Headline = headline(top, s, fig, d, reach, sum.AsOf)
	return nil
}

// assumptions gives every named assumption its value: the default or the one set; an unknown name is refused.
func assumptions(plan *standard.Plan, set map[string]string) (map[string]string, error) {
	all := map[string]string{}
	for _, s := range plan.Standards {
		for _, a := range s.Assumption {
			all[a.Name] = a.Default
		}
	}
	for name, value := range set {
		if _, ok := all[name]; !ok {
			return nil, planner.Errorf(planner.Invalid, "没有名为「%s」的口径", "there is no assumption named %q", name)
		}
		all[name] = value
	}
	if _, err := strconv.Atoi(all["suspected_children"]); all["suspected_children"] != "" && err != nil {
		return nil, planner.Errorf(planner.Invalid, "口径 suspected_children 应为整数,不是「%s」", "assumption suspected_children must be a whole number, not %q", all["suspected_children"])
	}
	return all, nil
}

// topUnit is the highest unit that is all of the data: a county when the data are one county.
func topUnit(in *Inputs) Unit {
	var top Unit
	for l := planner.Province; l <= planner.Village; l++ {
		var at []Unit
		for _, u := range in.Units {
			if u.Level == l {
				at = append(at, u)
			}
		}
		if len(at) == 1 && l <= planner.County {
			top = at[0]
		} else if len(at) > 1 {
			break
		}
	}
	return top
}

func topVerdict(vs []Verdict) *Verdict {
	var top *Verdict
	for i := range vs {
		if top == nil || vs[i].Level < top.Level {
			top = &vs[i]
		}
	}
	return top
}
