package siting

import (
	"context"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// CapacitatedMaxCover opens at most sites new sites such that the weight served is most, when each demand point is served
// as a whole by one site in reach or not at all, and no site serves more load than its capacity (capacitated MCLP:
// Current, Storbeck 1988). Costs of arcs do not count. Bounds are those of CapacitatedMedian.
func CapacitatedMaxCover(ctx context.Context, p *Problem, sites int, o Options) (*Result, error) {
	if err := p.check(sites); err != nil {
		return nil, err
	}
	if p.Capacity == nil {
		return MaxCover(ctx, p, sites, o)
	}
	q := *p
	q.Load, q.Unserved, q.Reach = p.loads(), 1, make([][]Arc, len(p.Reach))
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if p.Weight[a.Demand] > 0 {
				q.Reach[j] = append(q.Reach[j], Arc{Demand: a.Demand})
			}
		}
	}
	res, err := CapacitatedMedian(ctx, &q, sites, o)
	if err != nil {
		return nil, err
	}
	all := sum(p.Weight)
	res.Objective, res.Bound = all-res.Objective, all-res.Bound
	return res, nil
}

// CapacitatedSetCover opens the fewest new sites such that every demand point that counts and has a candidate in reach is
// served as a whole by one site within its capacity (capacitated LSCP). The bound is the number without capacities, or of
// the largest capacities that hold the load, or one more than a number that is proven too small, whichever is most.
func CapacitatedSetCover(ctx context.Context, p *Problem, o Options) (*Result, error) {
	if p.Capacity == nil {
		return SetCover(ctx, p, o)
	}
	bare := *p
	bare.Capacity = nil
	least, err := SetCover(ctx, &bare, o)
	if err != nil {
		return nil, err
	}
	q := p.counting(math.Inf(1))
	low := max(int(least.Bound), q.fewestByLoad())
	proven, cut := true, least.Cut
	for n := low; n <= len(p.Reach); n++ {
		res, err := CapacitatedMaxCover(ctx, q, n, o)
		if err != nil {
			return nil, err
		}
		cut = cut || res.Cut
		if res.Objective >= sum(q.Weight) {
			res.Objective, res.Bound, res.Cut = float64(len(res.Sites)), float64(min(low, len(res.Sites))), cut
			return res, nil
		}
		if proven = proven && res.Bound < sum(q.Weight); proven {
			low = n + 1
		}
	}
	return nil, planner.Errorf(planner.Invalid, "即使全部候选点开设，也未找到在容量内服务全部需求点的方案", "no plan was found that serves every demand point within the capacities, even with every candidate open")
}

// fewestByLoad is the least number of new sites whose capacities hold the load of those who count, with the existing ones.
func (p *Problem) fewestByLoad() int {
	need, caps := 0.0, slices.Clone(p.Capacity)
	for i, w := range p.Weight {
		if w > 0 {
			need += p.Load[i]
		}
	}
	for _, j := range p.Existing {
		need -= caps[j]
		caps[j] = 0
	}
	slices.Sort(caps)
	n := 0
	for ; need > 0 && n < len(caps); n++ {
		need -= caps[len(caps)-1-n]
	}
	return n
}
