package siting

import (
	"context"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Center opens at most sites new sites such that the largest cost at which anybody is served is least (p-center: Hakimi 1964).
// Weights say only who counts: demand points of weight 0, and those that no candidate reaches, ask for nothing.
// The objective is that cost. With capacities every demand point is served by one site as a whole, within its capacity.
//
// It is set covering at one radius after another (Minieka 1970), the radii being the costs of arcs. The bound is the
// least radius that is not proven too small.
func Center(ctx context.Context, p *Problem, sites int, o Options) (*Result, error) {
	if err := p.check(sites); err != nil {
		return nil, err
	}
	radii, least := p.radii()
	if len(radii) == 0 {
		return &Result{Serves: p.nearest(nil)}, nil
	}
	effort := newBudget(ctx, o)
	try := p.coversWithin(ctx, sites, effort, o)
	low, _ := slices.BinarySearch(radii, least) // below it somebody has no site at all
	found, best, unsure := len(radii), (*Result)(nil), len(radii)
	for from, to := low, len(radii); from < to; { // the least radius for which a set is found
		mid := from + (to-from)/2
		if from == low && best == nil {
			mid = to - 1 // is there a set at all?
		}
		res, verdict, err := try(radii[mid])
		if err != nil {
			return nil, err
		}
		switch verdict {
		case yes:
			found, _ = slices.BinarySearch(radii, p.farthest(res.Serves))
			best, to = res, found
		case no:
			from, low = mid+1, mid+1
		default:
			from, unsure = mid+1, min(unsure, mid)
		}
		if best == nil {
			return nil, noneServesAll(sites, verdict == no)
		}
	}
	for from, to := low, min(unsure, found); from < to; { // the least radius that is not proven too small
		mid := from + (to-from)/2
		_, verdict, err := try(radii[mid])
		if err != nil {
			return nil, err
		}
		if verdict == no {
			from, low = mid+1, mid+1
		} else {
			to = mid
		}
	}
	best.Objective, best.Bound, best.Cut = radii[found], radii[low], effort.clock.cut
	return best, nil
}

func noneServesAll(sites int, proven bool) error {
	if proven {
		return planner.Errorf(planner.Invalid, "%d 个设施无法服务全部需求点(已证明)", "%d sites cannot serve every demand point (proven)", sites)
	}
	return planner.Errorf(planner.Invalid, "未找到以 %d 个设施服务全部需求点的方案", "no set of %d sites was found that serves every demand point", sites)
}

// patienceForRadius: a radius may take this part of the effort that is left. Most radii are easy.
const patienceForRadius = 5

// verdict on a question that may stay open.
type verdict int8

const (
	unknown verdict = iota
	yes
	no
)

// radii are the different costs of arcs to demand points that count, ascending, and the least one within which each of these has a candidate.
func (p *Problem) radii() (all []float64, least float64) {
	nearest := make([]float64, len(p.Weight))
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	for _, arcs := range p.Reach {
		for _, a := range arcs {
			if p.Weight[a.Demand] > 0 {
				all = append(all, a.Cost)
				nearest[a.Demand] = min(nearest[a.Demand], a.Cost)
			}
		}
	}
	for _, d := range nearest {
		if !math.IsInf(d, 1) {
			least = max(least, d)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), least
}

// coversWithin asks whether some set of sites serves everybody within a radius.
func (p *Problem) coversWithin(ctx context.Context, sites int, whole *budget, o Options) func(radius float64) (*Result, verdict, error) {
	if p.Capacity != nil {
		return func(radius float64) (*Result, verdict, error) {
			q := p.counting(radius)
			o.Effort = whole.left / patienceForRadius
			whole.left -= o.Effort / patienceForRadius // most radii are easy, but it is not told what this one took
			res, err := CapacitatedMaxCover(ctx, q, sites, o)
			if err != nil {
				return nil, unknown, err
			}
			whole.clock.cut = whole.clock.cut || res.Cut
			total := sum(q.Weight)
			switch {
			case res.Objective >= total:
				return res, yes, nil
			case res.Bound < total:
				return nil, no, nil
			}
			return nil, unknown, nil
		}
	}
	return func(radius float64) (*Result, verdict, error) {
		q := p.counting(radius) // covering as many as possible finds sets that fewest sites for all does not
		md := newModel(q, sites, 0, q.Weight, func(int, float64) float64 { return 0 })
		var s *search
		whole.share(1./patienceForRadius, func(b *budget) {
			s = newSearch(md, b, o.Seed)
			s.enough = 0
			s.solve()
		})
		if err := ctx.Err(); err != nil {
			return nil, unknown, planner.Wrap(err, planner.Canceled, "选址计算已取消", "siting was canceled")
		}
		switch {
		case s.best <= 0:
			res := &Result{}
			for _, j := range s.open {
				res.Sites = append(res.Sites, int(j))
			}
			res.Serves = p.nearest(res.Sites)
			return res, yes, nil
		case s.bound > 0:
			return nil, no, nil
		}
		return nil, unknown, nil
	}
}

// counting is the problem with the arcs up to a radius, at no cost, and with weight 1 for the demand points that count and have a candidate at any.
func (p *Problem) counting(radius float64) *Problem {
	q := *p
	q.Load = p.loads()
	q.Weight, q.Reach = make([]float64, len(p.Weight)), make([][]Arc, len(p.Reach))
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if p.Weight[a.Demand] == 0 {
				continue
			}
			q.Weight[a.Demand] = 1
			if a.Cost <= radius {
				q.Reach[j] = append(q.Reach[j], Arc{Demand: a.Demand})
			}
		}
	}
	return &q
}

// farthest is the largest cost at which anybody who counts is served.
func (p *Problem) farthest(serves []int32) (far float64) {
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if serves[a.Demand] == int32(j) && p.Weight[a.Demand] > 0 {
				far = max(far, a.Cost)
			}
		}
	}
	return far
}

func (p *Problem) loads() []float64 {
	if p.Load != nil {
		return p.Load
	}
	return p.Weight
}

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}
