package siting

import (
	"math"
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// Arc says that a candidate can serve a demand point, and at what cost for one
// unit of its weight (milliseconds, metres: any unit, the same everywhere).
type Arc struct {
	Demand int32
	Cost   float64
}

// Problem is demand points, candidates and who reaches whom.
type Problem struct {
	Weight []float64 // by demand point: people, say; at least 0
	Reach  [][]Arc   // by candidate: the demand points in its reach, each once; what is not listed is out of reach

	Existing []int     // candidates that are open already: they serve, are never closed, and do not count toward p
	Capacity []float64 // by candidate: how much load it can take; nil is no limit
	Load     []float64 // by demand point: what it takes of a capacity; nil is its weight. A demand point is served by one site as a whole
	Fee      []float64 // by candidate: what opening it costs; nil is no matter. Only Median and MaxCover know fees
	Purse    float64   // what the fees of new sites may add up to, beside their number; with Fee only
	Unserved float64   // Median: cost for one unit of weight that no site serves; 0 means that everybody must be served
}

// Options limit the search.
type Options struct {
	Seed      uint64        // chance of the local searches
	Effort    int64         // list entries to read before giving up on a proof; 0 is DefaultEffort
	TimeLimit time.Duration // cuts the search wherever it is; 0 is none
}

// DefaultEffort is some seconds of one core.
const DefaultEffort = 3_000_000_000

// Within is the problem with the arcs whose cost is at most radius.
func (p *Problem) Within(radius float64) *Problem {
	q := *p
	q.Reach = make([][]Arc, len(p.Reach))
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if a.Cost <= radius {
				q.Reach[j] = append(q.Reach[j], a)
			}
		}
	}
	return &q
}

// Result is a set of sites and how good it is.
type Result struct {
	Objective float64 // of Sites; its meaning stands with each solver
	Bound     float64 // proven: no answer is below it (above it, for maximal covering)
	Sites     []int   // the new sites, ascending; existing ones are not among them
	Serves    []int32 // by demand point: the open candidate that serves it, new or existing; -1 for none
	Cut       bool    // the time limit ended the search: another machine may get further
}

// Gap is what is unproven, as a share of the objective: |objective − bound| / |objective|.
func (r *Result) Gap() float64 {
	d := math.Abs(r.Objective - r.Bound)
	if d == 0 {
		return 0
	}
	return d / math.Max(math.Abs(r.Objective), math.SmallestNonzeroFloat64)
}

// check refuses what no solver can mean. Indices in messages count from 0.
func (p *Problem) check(sites int) error {
	if sites < 0 || sites > len(p.Reach) {
		return planner.Errorf(planner.Invalid, "新增设施数 %d 应为 0 至候选点数 %d", "the number of sites is %d, not from 0 to the %d candidates", sites, len(p.Reach))
	}
	n, m := len(p.Weight), len(p.Reach)
	if p.Load != nil && len(p.Load) != n {
		return planner.Errorf(planner.Invalid, "需求点 %d 个，占用量 %d 个", "%d demand points but %d loads", n, len(p.Load))
	}
	if p.Capacity != nil && len(p.Capacity) != m {
		return planner.Errorf(planner.Invalid, "候选点 %d 个，容量 %d 个", "%d candidates but %d capacities", m, len(p.Capacity))
	}
	if p.Fee != nil && len(p.Fee) != m {
		return planner.Errorf(planner.Invalid, "候选点 %d 个，费用 %d 个", "%d candidates but %d fees", m, len(p.Fee))
	}
	for name, list := range map[[2]string][]float64{{"费用", "fee"}: p.Fee, {"预算", "budget"}: {p.Purse}, {"权重", "weight"}: p.Weight, {"占用量", "load"}: p.Load, {"容量", "capacity"}: p.Capacity, {"未服务代价", "cost of the unserved"}: {p.Unserved}} {
		for i, v := range list {
			if !(v >= 0) || math.IsInf(v, 1) {
				return planner.Errorf(planner.Invalid, "第 %[1]d 项%[2]s %[4]g 不是非负数", "%[3]s %[1]d is %[4]g, not a number of at least 0", i, name[0], name[1], v)
			}
		}
	}
	seen := make([]int32, n)
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if a.Demand < 0 || int(a.Demand) >= n || seen[a.Demand] == int32(j)+1 {
				return planner.Errorf(planner.Invalid, "候选点 %d 的需求点 %d 不存在或重复", "candidate %d lists demand point %d, which is unknown or listed twice", j, a.Demand)
			}
			if !(a.Cost >= 0) || math.IsInf(a.Cost, 1) {
				return planner.Errorf(planner.Invalid, "候选点 %d 至需求点 %d 的代价 %g 不是非负数", "the cost from candidate %d to demand point %d is %g, not a number of at least 0", j, a.Demand, a.Cost)
			}
			seen[a.Demand] = int32(j) + 1
		}
	}
	for _, j := range p.Existing {
		if j < 0 || j >= m {
			return planner.Errorf(planner.Invalid, "已有设施 %d 不在候选点之列", "existing site %d is not among the candidates", j)
		}
	}
	return nil
}
