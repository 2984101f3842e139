package siting

import (
	"cmp"
	"math"
	"slices"
)

// model is a problem made ready for search, or what is left of one when some
// sites are decided: all the questions share it. Sites that are open for good
// are no longer in it; what they offer is in unserved.
type model struct {
	n, m int
	p    int // sites that may still be opened
	// Demand i's arcs are from[i]:from[i+1] in site and cost, dearer ones later,
	// ties by candidate. Costs are for the whole demand point, weight included,
	// and less than unserved.
	from []int32
	site []int32
	cost []float64
	// Candidate j's arcs are into[j]:into[j+1] in dem and toll (their cost), dearer ones later.
	into []int32
	dem  []int32
	toll []float64

	unserved []float64 // by demand point: cost when no site of the model serves it
	price    float64   // of each site (set covering: 1)
	base     float64   // paid already
	fee      []float64 // by candidate; nil where sites are only counted
	purse    float64   // what the fees may add up to
	whole    bool      // every possible objective is an integer
	must     float64   // an objective of at least this leaves somebody unserved who must be served
	name     []int32   // by candidate: its place in the problem
	paid     []int32   // places of the sites that are open for good, existing ones not among them
	kin      []int32   // by demand point: its place in the model that this one was reduced from
}

// newModel makes a model with the costs that costOf gives; an arc that is no
// cheaper than leaving the demand point unserved is left out. A negative
// unserved cost stands for "must be served". Existing sites are taken as open.
func newModel(p *Problem, sites int, price float64, unserved []float64, costOf func(i int, c float64) float64) *model {
	n, m := len(p.Weight), len(p.Reach)
	md := &model{n: n, m: m, p: sites, unserved: slices.Clone(unserved), price: price, must: math.Inf(1), from: make([]int32, n+1), into: make([]int32, m+1)}
	md.replaceMust(p, costOf)
	md.whole = price == math.Trunc(price)
	for _, v := range md.unserved {
		md.whole = md.whole && v == math.Trunc(v)
	}
	md.name = make([]int32, m)
	for j, arcs := range p.Reach {
		md.name[j] = int32(j)
		for _, a := range arcs {
			if c := costOf(int(a.Demand), a.Cost); c < md.unserved[a.Demand] {
				md.whole = md.whole && c == math.Trunc(c)
				md.dem, md.toll = append(md.dem, a.Demand), append(md.toll, c)
				md.from[a.Demand+1]++
			}
		}
		md.into[j+1] = int32(len(md.dem))
		sortArcs(md.dem[md.into[j]:], md.toll[md.into[j]:])
	}
	if p.Fee != nil {
		md.fee, md.purse = p.Fee, p.Purse
	}
	for i := range n {
		md.from[i+1] += md.from[i]
	}
	md.site, md.cost = make([]int32, len(md.dem)), make([]float64, len(md.dem))
	next := slices.Clone(md.from)
	for j := range m {
		for k := md.into[j]; k < md.into[j+1]; k++ {
			at := &next[md.dem[k]]
			md.site[*at], md.cost[*at] = int32(j), md.toll[k]
			*at++
		}
	}
	for i := range n {
		sortArcs(md.site[md.from[i]:md.from[i+1]], md.cost[md.from[i]:md.from[i+1]])
	}
	if len(p.Existing) == 0 && md.fee == nil {
		return md
	}
	fate := make([]int8, m)
	for _, j := range p.Existing {
		if fate[j] != opened {
			fate[j], md.p = opened, md.p+1
			md.base -= price // they are there: nobody pays for them
			if md.fee != nil {
				md.purse += md.fee[j]
			}
		}
	}
	md = md.reduce(fate)
	md.paid = nil
	return md
}

// sortArcs sorts two parallel lists by cost, then by index.
func sortArcs(index []int32, cost []float64) {
	type arc struct {
		cost  float64
		index int32
	}
	arcs := make([]arc, len(index))
	for k := range index {
		arcs[k] = arc{cost[k], index[k]}
	}
	slices.SortFunc(arcs, func(a, b arc) int {
		if a.cost != b.cost {
			return cmp.Compare(a.cost, b.cost)
		}
		return cmp.Compare(a.index, b.index)
	})
	for k, a := range arcs {
		cost[k], index[k] = a.cost, a.index
	}
}

// replaceMust gives demand points that must be served a cost unserved that is
// more than all others together can save.
func (md *model) replaceMust(p *Problem, costOf func(i int, c float64) float64) {
	dearest := make([]float64, md.n)
	for _, arcs := range p.Reach {
		for _, a := range arcs {
			dearest[a.Demand] = max(dearest[a.Demand], costOf(int(a.Demand), a.Cost))
		}
	}
	most := 1.0
	for i := range md.n {
		most += max(dearest[i], md.unserved[i])
	}
	most = math.Ceil(most + md.price*float64(md.m))
	for i := range md.n {
		if md.unserved[i] < 0 {
			md.unserved[i], md.must = most, most
		}
	}
}

// Fates of a candidate.
const (
	undecided int8 = iota
	opened
	closed
)

// reduce is the model that is left when candidates have met their fate: without
// them, and without demand points that no undecided candidate can serve better.
func (md *model) reduce(fate []int8) *model {
	out := &model{p: md.p, price: md.price, base: md.base, whole: md.whole, must: md.must, paid: slices.Clone(md.paid)}
	index := make([]int32, md.m)
	if md.fee != nil {
		fate = md.afford(out, fate)
	}
	for j, f := range fate {
		if f == undecided {
			index[j] = int32(out.m)
			out.m++
			out.name = append(out.name, md.name[j])
		} else if f == opened {
			out.p--
			out.base += md.price
			out.paid = append(out.paid, md.name[j])
		}
	}
	out.from, out.into = append(out.from, 0), make([]int32, out.m+1)
	row := make([]int32, md.n)
	for i := range md.n {
		u, before := md.unserved[i], len(out.site)
		for k := md.from[i]; k < md.from[i+1]; k++ {
			j := md.site[k]
			if fate[j] == opened {
				u = md.cost[k]
				break
			}
			if fate[j] == undecided {
				out.site, out.cost = append(out.site, index[j]), append(out.cost, md.cost[k])
			}
		}
		for len(out.site) > before && out.cost[len(out.cost)-1] >= u { // as dear as the opened one
			out.site, out.cost = out.site[:len(out.site)-1], out.cost[:len(out.cost)-1]
		}
		if row[i] = -1; len(out.site) == before {
			out.base += u
			continue
		}
		row[i] = int32(out.n)
		out.n++
		out.kin = append(out.kin, int32(i))
		out.unserved = append(out.unserved, u)
		out.from = append(out.from, int32(len(out.site)))
	}
	for j := range md.m {
		if fate[j] != undecided {
			continue
		}
		for k := md.into[j]; k < md.into[j+1]; k++ {
			if i := row[md.dem[k]]; i >= 0 && md.toll[k] < out.unserved[i] {
				out.dem, out.toll = append(out.dem, i), append(out.toll, md.toll[k])
			}
		}
		out.into[index[j]+1] = int32(len(out.dem))
	}
	return out
}

// inherit takes multipliers over from the model that this one was reduced from.
func (md *model) inherit(lambda []float64) []float64 {
	out := make([]float64, md.n)
	for i, k := range md.kin {
		out[i] = min(lambda[k], md.unserved[i])
	}
	return out
}

// ceiling is the least value that an answer can have when none is below bound.
func (md *model) ceiling(bound float64) float64 {
	if md.whole {
		return math.Ceil(bound - 1e-6*max(1, math.Abs(bound)*1e-6))
	}
	return bound
}

// hopeless says that no answer better than best is above bound.
func (md *model) hopeless(bound, best float64) bool {
	if md.whole {
		return md.ceiling(bound) >= best
	}
	return bound >= best-1e-9*max(1, math.Abs(best))
}
