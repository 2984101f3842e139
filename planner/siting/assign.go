package siting

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// assignment gives demand points to open sites within their capacities.
type assignment struct {
	*capacitated
	open   []int32
	serves []int32   // by demand point: place in open, -1 for none
	room   []float64 // by place in open
	costs  [][]float64
	cost   float64
}

// improve makes a plan of a set of open sites: who is served where, then where among those whom it serves each site
// stands best, in turn. It keeps the plan when it is the best; the cost is +Inf when the set serves not everybody.
func (c *capacitated) improve(open []int32, chance *rand.Rand) plan {
	open = slices.Clone(open)
	slices.Sort(open)
	a := c.assign(open)
	if a == nil {
		return plan{cost: math.Inf(1)}
	}
	for {
		if a.cost < 1.05*c.best.cost {
			a.anneal(chance)
		}
		if !a.moveSites() || !c.b.spend(1) {
			break
		}
		a.descend()
	}
	is := plan{open: a.open, serves: make([]int32, len(a.serves)), cost: a.cost}
	for i, k := range a.serves {
		if is.serves[i] = -1; k >= 0 {
			is.serves[i] = a.open[k]
		}
	}
	if is.cost < c.best.cost-1e-9 {
		c.best = is
	}
	return is
}

// again says that a set was tried before.
func (c *capacitated) again(open []int32) bool {
	h := uint64(14695981039346656037)
	for _, j := range open {
		h = (h ^ uint64(j+1)) * 1099511628211
	}
	was := c.seen[h]
	c.seen[h] = true
	return was
}

// moveSites puts each new site where it serves those that it has at least cost, and says whether any moved.
func (a *assignment) moveSites() (moved bool) {
	for k, from := range a.open {
		if a.free[from] {
			continue
		}
		var served []int32
		now, load := 0.0, 0.0
		for i, at := range a.serves {
			if at == int32(k) {
				served = append(served, int32(i))
				now += a.costs[i][k]
				load += a.load[i]
			}
		}
		to := from
		for _, j := range a.near[from] {
			if a.Capacity[j] < load || slices.Contains(a.open, j) {
				continue
			}
			sum := 0.0
			for _, i := range served {
				v, ok := a.capacitated.cost[j][i]
				if !ok {
					v = math.Inf(1)
				}
				if sum += v; sum >= now-1e-9 {
					break
				}
			}
			if sum < now-1e-9 {
				a.cost += sum - now
				now, to = sum, j
			}
		}
		a.b.spend(len(served) * len(a.near[from]))
		if to != from {
			a.open[k], a.room[k], moved = to, a.Capacity[to]-load, true
			for i := range a.costs {
				a.costs[i][k] = math.Inf(1)
			}
			for _, arc := range a.arcs[to] {
				a.costs[arc.Demand][k] = arc.Cost
			}
		}
	}
	return moved
}

// anneal moves and swaps demand points at random, worse ones ever more seldom (Kirkpatrick and others 1983), and leaves
// the best assignment met.
func (a *assignment) anneal(chance *rand.Rand) {
	n := len(a.serves)
	if n == 0 || len(a.open) < 2 {
		return
	}
	best, cost, room := slices.Clone(a.serves), a.cost, slices.Clone(a.room)
	heat := 0.5 * a.cost / float64(n)
	steps := 150 * n
	a.b.spend(4 * steps)
	cool := math.Pow(0.01, 1/float64(steps))
	for range steps {
		heat *= cool
		i := int32(chance.IntN(n))
		x := a.serves[i]
		if x < 0 {
			continue
		}
		if o := int32(chance.IntN(n)); chance.IntN(3) > 0 {
			y := a.serves[o]
			if x == y || y < 0 || a.room[x]+a.load[i] < a.load[o] || a.room[y]+a.load[o] < a.load[i] {
				continue
			}
			if d := a.costs[i][y] + a.costs[o][x] - a.costs[i][x] - a.costs[o][y]; d <= 0 || chance.Float64() < math.Exp(-d/heat) {
				a.drop(i)
				a.drop(o)
				a.give(i, y)
				a.give(o, x)
			}
		} else {
			to := int32(chance.IntN(len(a.open)))
			if to == x || a.room[to] < a.load[i] {
				continue
			}
			if d := a.costs[i][to] - a.costs[i][x]; d <= 0 || chance.Float64() < math.Exp(-d/heat) {
				a.drop(i)
				a.give(i, to)
			}
		}
		if a.cost < cost-1e-9 {
			cost = a.cost
			copy(best, a.serves)
			copy(room, a.room)
		}
	}
	a.serves, a.room, a.cost = best, room, cost
	a.descend()
}

// assign serves everybody from open at little cost, or gives nil when it finds no way.
func (c *capacitated) assign(open []int32) *assignment {
	n := len(c.load)
	a := &assignment{capacitated: c, open: open, serves: make([]int32, n), room: make([]float64, len(open)), costs: make([][]float64, n)}
	flat := make([]float64, n*len(open))
	for i := range flat {
		flat[i] = math.Inf(1)
	}
	for i := range a.costs {
		a.costs[i], a.serves[i] = flat[i*len(open):(i+1)*len(open)], -1
	}
	for k, j := range open {
		a.room[k] = c.Capacity[j]
		for _, arc := range c.arcs[j] {
			a.costs[arc.Demand][k] = arc.Cost
		}
	}
	c.b.spend(2 * len(flat))
	if !a.byRegret() {
		return nil
	}
	a.descend()
	return a
}

// byRegret serves first who would lose most by the second cheapest site (Martello, Toth 1981); the order is
// made anew whenever a site has filled up for somebody.
func (a *assignment) byRegret() bool {
	type turn struct {
		i      int32
		k      int32
		regret float64
	}
	waiting := make([]int32, len(a.serves))
	for i := range waiting {
		waiting[i] = int32(i)
	}
	var turns []turn
	for len(waiting) > 0 {
		turns = turns[:0]
		for _, i := range waiting {
			first, second, at := a.unserved[i], math.Inf(1), int32(-1)
			for k, v := range a.costs[i] {
				switch {
				case a.load[i] > a.room[k]:
				case v < first:
					first, second, at = v, first, int32(k)
				case v < second:
					second = v
				}
			}
			turns = append(turns, turn{i, at, second - first})
		}
		a.b.spend(len(waiting) * len(a.open))
		slices.SortFunc(turns, func(x, y turn) int {
			return cmp.Or(cmp.Compare(y.regret, x.regret), cmp.Compare(a.load[y.i], a.load[x.i]), cmp.Compare(x.i, y.i))
		})
		waiting = waiting[:0]
		for _, t := range turns {
			switch {
			case t.k < 0 && !math.IsInf(a.unserved[t.i], 1):
				a.cost += a.unserved[t.i]
			case t.k < 0:
				if !a.squeeze(t.i) {
					return false
				}
			case a.load[t.i] > a.room[t.k]:
				waiting = append(waiting, t.i)
			default:
				a.give(t.i, t.k)
			}
		}
	}
	return true
}

func (a *assignment) give(i, k int32) {
	a.serves[i], a.cost = k, a.cost+a.costs[i][k]
	a.room[k] -= a.load[i]
}

func (a *assignment) drop(i int32) {
	k := a.serves[i]
	a.serves[i], a.cost = -1, a.cost-a.costs[i][k]
	a.room[k] += a.load[i]
}

// squeeze serves i by moving somebody else to another site.
func (a *assignment) squeeze(i int32) bool {
	least, who, to := math.Inf(1), int32(-1), int32(-1)
	for o, k := range a.serves {
		if k < 0 || a.room[k]+a.load[o] < a.load[i] {
			continue
		}
		for other := range a.open {
			if int32(other) == k || a.room[other] < a.load[o] {
				continue
			}
			if d := a.costs[o][other] - a.costs[o][k] + a.costs[i][k]; d < least {
				least, who, to = d, int32(o), int32(other)
			}
		}
	}
	a.b.spend(len(a.serves) * len(a.open))
	if who < 0 {
		return false
	}
	k := a.serves[who]
	a.drop(who)
	a.give(who, to)
	a.give(i, k)
	return true
}

// descend moves demand points to cheaper sites with room, and swaps pairs, while the cost falls.
func (a *assignment) descend() {
	for better := true; better && a.b.spend(len(a.serves)*len(a.open)); {
		better = false
		for i, k := range a.serves {
			now := a.unserved[i]
			if k >= 0 {
				now = a.costs[i][k]
			}
			for to, v := range a.costs[i] {
				if int32(to) == k || a.room[to] < a.load[i] || !(v < now-1e-9) {
					continue
				}
				if k >= 0 {
					a.drop(int32(i))
				} else {
					a.cost -= now
				}
				a.give(int32(i), int32(to))
				k, now, better = int32(to), v, true
			}
		}
		if !better {
			better = a.swap()
		}
	}
}

// swap exchanges the sites of two demand points where that is cheaper, and says whether any were.
func (a *assignment) swap() (better bool) {
	n := int32(len(a.serves))
	a.b.spend(int(n) * int(n) / 4)
	for i := range n {
		for o := i + 1; o < n; o++ {
			x, y := a.serves[i], a.serves[o]
			if x == y || x < 0 || y < 0 {
				continue
			}
			if !(a.costs[i][y]+a.costs[o][x] < a.costs[i][x]+a.costs[o][y]-1e-9) {
				continue
			}
			if a.room[x]+a.load[i] < a.load[o] || a.room[y]+a.load[o] < a.load[i] {
				continue
			}
			a.drop(i)
			a.drop(o)
			a.give(i, y)
			a.give(o, x)
			better = true
		}
	}
	return better
}
