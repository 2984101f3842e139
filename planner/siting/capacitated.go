package siting

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// CapacitatedMedian opens at most sites new sites, and gives every demand point as a whole to one open site
// within the sites' capacities, such that the weighted cost is least (single-source capacitated p-median). Who
// is served by none costs Unserved; when that is 0 everybody must be served, and Invalid says that no such plan was found.
//
// It is no exact method: the bound is the Lagrangian one with the assignment rows priced and a knapsack for each site (Mulvey, Beck 1984);
// plans come from the regret heuristic of Martello and Toth, annealed moves and swaps of demand points, and moves of sites. Where
// capacities are tight the gap can stay at some percent though the plan is best.
func CapacitatedMedian(ctx context.Context, p *Problem, sites int, o Options) (*Result, error) {
	if err := p.check(sites); err != nil {
		return nil, err
	}
	if p.Capacity == nil {
		return Median(ctx, p, sites, o)
	}
	b := newBudget(ctx, o)
	c := newCapacitated(p, sites, b)
	c.solve(rand.New(rand.NewPCG(o.Seed, 11)))
	if ctx.Err() != nil {
		return nil, planner.Wrap(ctx.Err(), planner.Canceled, "选址计算已取消", "siting was canceled")
	}
	if math.IsInf(c.best.cost, 1) {
		return nil, planner.Errorf(planner.Invalid, "未找到以 %d 个设施在容量内服务全部需求点的方案", "no plan of %d sites was found that serves every demand point within the capacities", sites)
	}
	res := &Result{Objective: c.best.cost, Bound: min(c.ceiling(c.bound), c.best.cost), Serves: c.best.serves, Cut: b.clock.cut}
	for _, j := range c.best.open {
		if !c.free[j] {
			res.Sites = append(res.Sites, int(j))
		}
	}
	slices.Sort(res.Sites)
	return res, nil
}

// capacitated is a capacitated problem under way. Costs are weighted.
type capacitated struct {
	*Problem
	b        *budget
	p        int
	load     []float64
	unserved []float64 // by demand point; +Inf where it must be served
	free     []bool    // by candidate: it exists already
	arcs     [][]Arc   // by candidate, cheapest first
	cost     []map[int32]float64
	near     [][]int32 // by candidate: the candidates that are cheapest to reach as demand points are, for moves of sites
	whole    bool      // all costs are whole numbers
	grained  bool      // loads and capacities are whole numbers: knapsacks are solved exactly

	lambda, value []float64
	bound         float64
	best          plan
	seen          map[uint64]bool
	gain          []float64
	takes         []bool
}

// plan is a set of open sites and who serves whom.
type plan struct {
	open   []int32
	serves []int32
	cost   float64
}

// patience is how many kicks may bring nothing.
const patience = 500

// mostGrains bounds the table of one knapsack.
const mostGrains = 4_000_000

func newCapacitated(p *Problem, sites int, b *budget) *capacitated {
	n, m := len(p.Weight), len(p.Reach)
	c := &capacitated{Problem: p, b: b, p: sites, load: p.Load, unserved: make([]float64, n), free: make([]bool, m), arcs: make([][]Arc, m), cost: make([]map[int32]float64, m),
		near: make([][]int32, m), whole: true, grained: true, lambda: make([]float64, n), value: make([]float64, m), bound: math.Inf(-1), best: plan{cost: math.Inf(1)}, seen: map[uint64]bool{}}
	if c.load == nil {
		c.load = p.Weight
	}
	isWhole := func(v float64) bool { return v == math.Trunc(v) && v < 1<<40 }
	for _, l := range c.load {
		c.grained = c.grained && isWhole(l)
	}
	for i, w := range p.Weight {
		if c.unserved[i] = w * p.Unserved; p.Unserved == 0 {
			c.unserved[i] = math.Inf(1)
		}
		c.whole = c.whole && (isWhole(c.unserved[i]) || p.Unserved == 0)
	}
	for _, j := range p.Existing {
		c.free[j] = true
	}
	for j, arcs := range p.Reach {
		c.cost[j] = make(map[int32]float64, len(arcs))
		for _, a := range arcs {
			a.Cost *= p.Weight[a.Demand]
			c.whole = c.whole && isWhole(a.Cost)
			c.cost[j][a.Demand] = a.Cost
			if c.load[a.Demand] <= p.Capacity[j] {
				c.arcs[j] = append(c.arcs[j], a)
			}
		}
		slices.SortFunc(c.arcs[j], func(a, b Arc) int { return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Demand, b.Demand)) })
	}
	c.neighbours()
	return c
}

// neighbours lists for each candidate those that serve its nearest demand points most cheaply.
func (c *capacitated) neighbours() {
	wide := max(6, 1000/max(1, len(c.Weight))) // a small problem can look farther
	cheapest := make([][]int32, len(c.Weight)) // by demand point: some candidates, cheapest first
	for j, arcs := range c.arcs {
		for _, a := range arcs {
			cheapest[a.Demand] = append(cheapest[a.Demand], int32(j))
		}
	}
	for i, list := range cheapest {
		slices.SortFunc(list, func(a, b int32) int {
			return cmp.Or(cmp.Compare(c.cost[a][int32(i)], c.cost[b][int32(i)]), cmp.Compare(a, b))
		})
		cheapest[i] = list[:min(len(list), wide)]
	}
	for j, arcs := range c.arcs {
		for _, a := range arcs[:min(len(arcs), 10)] {
			for _, k := range cheapest[a.Demand] {
				if int(k) != j && len(c.near[j]) < 4*wide && !slices.Contains(c.near[j], k) {
					c.near[j] = append(c.near[j], k)
				}
			}
		}
	}
}

func (c *capacitated) ceiling(bound float64) float64 {
	if c.whole {
		return math.Ceil(bound - 1e-6)
	}
	return bound
}

func (c *capacitated) proven() bool {
	return c.ceiling(c.bound) >= c.best.cost-1e-9*math.Abs(c.best.cost)
}

// solve alternates bounds and plans: each set of sites of a better bound begins a plan; then moves of sites and chance.
func (c *capacitated) solve(chance *rand.Rand) {
	for i := range c.lambda { // the second cheapest candidate's cost, a usual beginning
		first, second := math.Inf(1), math.Inf(1)
		for j := range c.arcs {
			if v, ok := c.cost[j][int32(i)]; ok {
				first, second = min(first, v), min(second, max(first, v))
			}
		}
		if c.lambda[i] = min(second, c.unserved[i]); math.IsInf(c.lambda[i], 1) {
			c.lambda[i] = min(first, c.unserved[i])
		}
		if math.IsInf(c.lambda[i], 1) {
			return // nobody can serve it, and somebody must
		}
	}
	c.b.share(0.5, func(own *budget) { whole := c.b; c.b = own; c.ascend(chance); c.b = whole })
	now, last := c.best, 0 // kick of the last better plan
	for kicks := 0; !c.proven() && len(now.open) > 0 && kicks < last+patience && c.b.spend(100); kicks++ {
		open := slices.Clone(now.open)
		for range 1 + kicks%3 {
			a := chance.IntN(len(open))
			if near := c.near[open[a]]; !c.free[open[a]] && len(near) > 0 {
				if j := near[chance.IntN(len(near))]; !slices.Contains(open, j) {
					open[a] = j
				}
			}
		}
		known := c.best.cost
		if next := c.improve(open, chance); next.cost < now.cost*1.002 { // a little worse may lead farther
			now = next
		}
		if c.best.cost < known {
			last = kicks
		}
		if kicks%200 == 199 {
			now = c.best
		}
	}
}

// ascend raises the bound by subgradient steps (Held, Wolfe, Crowder 1974).
func (c *capacitated) ascend(chance *rand.Rand) {
	n := len(c.lambda)
	excess, best := make([]float64, n), slices.Clone(c.lambda)
	theta, idle := 1.5, 0
	for round := 0; round < 1200 && c.b.spend(1); round++ {
		got, taken := c.relax(excess)
		if idle++; got > c.bound+1e-9*math.Abs(c.bound) || math.IsInf(c.bound, -1) {
			c.bound, idle = got, 0
			copy(best, c.lambda)
		}
		if !c.again(taken) {
			c.improve(taken, chance)
		}
		if c.proven() || theta < 1e-3 {
			return
		}
		if idle > 15 {
			theta, idle = theta*0.6, 0
			copy(c.lambda, best)
			continue
		}
		square := 0.0
		for _, e := range excess {
			square += e * e
		}
		if square == 0 {
			return
		}
		goal := c.best.cost
		if math.IsInf(goal, 1) {
			goal = got + 0.1*math.Abs(got) + 1
		}
		step := theta * (1.02*goal - got) / square
		for i, e := range excess {
			c.lambda[i] = min(max(0, c.lambda[i]+step*e), c.unserved[i])
		}
	}
}

// relax gives the bound at lambda, the sites that it takes, and in excess how far each demand point is from being served once.
func (c *capacitated) relax(excess []float64) (float64, []int32) {
	var order, taken []int32
	total := 0.0
	for i, l := range c.lambda {
		total += l
		excess[i] = 1
	}
	for j := range c.arcs {
		c.value[j] = c.knapsack(j, nil)
		if c.free[j] {
			taken = append(taken, int32(j))
		} else {
			order = append(order, int32(j))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(c.value[b], c.value[a]), cmp.Compare(a, b)) })
	taken = append(taken, order[:min(c.p, len(order))]...)
	for _, j := range taken {
		total -= c.value[j]
		c.knapsack(int(j), excess)
	}
	return total, taken
}

// knapsack is the most that site j can be worth at lambda; with excess, what it then serves is taken off there.
// Where loads are not whole, or too many, the value is that of the knapsack whose last piece may be cut (Dantzig 1957), no less.
func (c *capacitated) knapsack(j int, excess []float64) float64 {
	var items []Arc // with the gain as cost
	total, room := 0.0, c.Capacity[j]
	for _, a := range c.arcs[j] {
		if g := c.lambda[a.Demand] - a.Cost; g > 0 {
			items = append(items, Arc{a.Demand, g})
			total += c.load[a.Demand]
		}
	}
	c.b.spend(len(c.arcs[j]))
	if total <= room {
		return c.take(items, excess)
	}
	width := int(math.Floor(room)) + 1
	if !c.grained || room > mostGrains || width*len(items) > mostGrains {
		return c.fraction(items, room, excess)
	}
	c.b.spend(width * len(items) / 2)
	c.gain = slices.Grow(c.gain[:0], width)[:width]
	clear(c.gain)
	if excess != nil {
		c.takes = slices.Grow(c.takes[:0], width*len(items))[:width*len(items)]
		clear(c.takes)
	}
	for k, it := range items {
		l := int(c.load[it.Demand])
		for r := width - 1; r >= l; r-- {
			if v := c.gain[r-l] + it.Cost; v > c.gain[r] {
				c.gain[r] = v
				if excess != nil {
					c.takes[k*width+r] = true
				}
			}
		}
	}
	if excess != nil {
		for k, r := len(items)-1, width-1; k >= 0; k-- {
			if c.takes[k*width+r] {
				excess[items[k].Demand]--
				r -= int(c.load[items[k].Demand])
			}
		}
	}
	return c.gain[width-1]
}

func (c *capacitated) take(items []Arc, excess []float64) (sum float64) {
	for _, it := range items {
		sum += it.Cost
		if excess != nil {
			excess[it.Demand]--
		}
	}
	return sum
}

func (c *capacitated) fraction(items []Arc, room float64, excess []float64) (sum float64) {
	slices.SortFunc(items, func(a, b Arc) int {
		return cmp.Or(cmp.Compare(b.Cost*c.load[a.Demand], a.Cost*c.load[b.Demand]), cmp.Compare(a.Demand, b.Demand))
	})
	for _, it := range items {
		share := 1.0
		if l := c.load[it.Demand]; l > room {
			share = room / l
		}
		room -= share * c.load[it.Demand]
		sum += share * it.Cost
		if excess != nil {
			excess[it.Demand] -= share
		}
		if share < 1 {
			break
		}
	}
	return sum
}
