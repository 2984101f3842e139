package siting

import (
	"math"
	"slices"
)

// model is a problem made ready for search: what all five questions share.
type model struct {
	n, m int
	p    int // sites that may be open, existing ones included
	// Demand i's arcs are from[i]:from[i+1] in site and cost, dearer ones later,
	// ties by candidate. Costs are for the whole demand point, weight included.
	from []int32
	site []int32
	cost []float64
	// Candidate j's arcs are into[j]:into[j+1], by demand; at is their place in cost.
	into []int32
	dem  []int32
	at   []int32

	unserved []float64 // by demand point: cost when no site serves it
	price    float64   // of each new site (set covering: 1)
	existing []bool
	whole    bool    // every possible objective is an integer
	must     float64 // an objective of at least this leaves somebody unserved who must be served
}

// newModel makes a model with the costs that costOf gives; an arc that is no
// cheaper than leaving the demand point unserved is left out. A negative
// unserved cost stands for "must be served".
func newModel(p *Problem, costOf func(i int, c float64) float64, unserved []float64, price float64) *model {
	n, m := len(p.Weight), len(p.Reach)
	md := &model{n: n, m: m, p: m, unserved: slices.Clone(unserved), price: price, existing: make([]bool, m), must: math.Inf(1), whole: price == math.Trunc(price)}
	for _, j := range p.Existing {
		md.existing[j] = true
	}
	md.replaceMust(p, costOf)
	type arc struct {
		cost float64
		site int32
	}
	lists := make([][]arc, n)
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if c := costOf(int(a.Demand), a.Cost); c < md.unserved[a.Demand] {
				lists[a.Demand] = append(lists[a.Demand], arc{c, int32(j)})
			}
		}
	}
	md.from = make([]int32, n+1)
	md.into = make([]int32, m+1)
	for i, list := range lists {
		slices.SortFunc(list, func(a, b arc) int {
			if a.cost != b.cost {
				if a.cost < b.cost {
					return -1
				}
				return 1
			}
			return int(a.site - b.site)
		})
		for _, a := range list {
			md.site, md.cost = append(md.site, a.site), append(md.cost, a.cost)
			md.into[a.site+1]++
			md.whole = md.whole && a.cost == math.Trunc(a.cost)
		}
		md.whole = md.whole && md.unserved[i] == math.Trunc(md.unserved[i])
		md.from[i+1] = int32(len(md.site))
	}
	for j := range m {
		md.into[j+1] += md.into[j]
	}
	md.dem, md.at = make([]int32, len(md.site)), make([]int32, len(md.site))
	next := slices.Clone(md.into)
	for i := range n {
		for k := md.from[i]; k < md.from[i+1]; k++ {
			j := md.site[k]
			md.dem[next[j]], md.at[next[j]] = int32(i), k
			next[j]++
		}
	}
	return md
}

// replaceMust gives demand points that must be served a cost unserved that is
// more than all others together can save.
func (md *model) replaceMust(p *Problem, costOf func(i int, c float64) float64) {
	dearest := make([]float64, md.n)
	for _, arcs := range p.Reach {
		for _, a := range arcs {
			dearest[a.Demand] = math.Max(dearest[a.Demand], costOf(int(a.Demand), a.Cost))
		}
	}
	most := 1.0
	for i := range md.n {
		most += math.Max(dearest[i], md.unserved[i])
	}
	most = math.Ceil(most + md.price*float64(md.m))
	for i := range md.n {
		if md.unserved[i] < 0 {
			md.unserved[i], md.must = most, most
		}
	}
}

// openExisting lists the sites that are open in every answer.
func (md *model) openExisting() (open []int32) {
	for j, is := range md.existing {
		if is {
			open = append(open, int32(j))
		}
	}
	return open
}

// value is the exact cost of a set of open sites without capacities, and who serves whom (-1 for nobody).
func (md *model) value(open []int32) (total float64, serves []int32) {
	is := make([]bool, md.m)
	for _, j := range open {
		if is[j] = true; !md.existing[j] {
			total += md.price
		}
	}
	serves = make([]int32, md.n)
	for i := range md.n {
		c, by := md.unserved[i], int32(-1)
		for k := md.from[i]; k < md.from[i+1]; k++ {
			if is[md.site[k]] {
				c, by = md.cost[k], md.site[k]
				break
			}
		}
		total += c
		serves[i] = by
	}
	return total, serves
}
