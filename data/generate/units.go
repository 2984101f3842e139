package generate

import (
	"math"
	"math/rand/v2"
	"sort"
)

// divide places the townships' centres and the villages and shares the land out
// among them along ridges and rivers.
func (c *county) divide() {
	r := c.random("units")
	c.outer = make([]int32, latN*latN)
	for j := range latN {
		for i := range latN {
			s := c.div.countyAt(c.seed, i-margin+c.col*lattice, j-margin+c.row*lattice)
			if s > 0 && c.land.shore(latPt(i, j)) <= 0 {
				s = 0
			}
			c.outer[j*latN+i] = int32(s)
		}
	}
	c.placeCentres(r)
	mine := make([]bool, latN*latN)
	for k, s := range c.outer {
		mine[k] = int(s) == c.plan.serial
	}
	towns := make([]int16, latN*latN)
	var sources []int
	islandTown := -1
	for t, p := range c.centres {
		if c.plan.townships[t].role == roleIsland {
			islandTown = t
			sources = append(sources, -1)
			continue
		}
		i, j := latOf(p)
		sources = append(sources, j*latN+i)
	}
	if islandTown >= 0 {
		for k := range mine {
			if mine[k] && c.land.onIsland(latPt(k%latN, k/latN)) >= 0 {
				towns[k] = int16(islandTown + 1)
			}
		}
	}
	c.grow(towns, sources, func(k int) bool { return mine[k] && towns[k] == 0 })
	c.label = make([]int16, latN*latN)
	for t := range c.plan.townships {
		c.settle(r, t, towns)
	}
	for k := range mine {
		switch {
		case !mine[k] || c.label[k] != 0:
		case c.besideCounty(k):
			// The neighbour counts on this cell for their common border.
			c.label[k] = int16(c.nearestVillage(latPt(k%latN, k/latN)) + 1)
		default:
			c.outer[k] = 0 // specks of land that no village reaches are left to the sea
		}
	}
}

// besideCounty tells whether a cell touches one of another county.
func (c *county) besideCounty(k int) bool {
	for _, d := range []int{1, -1, latN, -latN, latN + 1, latN - 1, -latN + 1, -latN - 1} {
		if s := int(c.outer[k+d]); s > 0 && s != c.plan.serial {
			return true
		}
	}
	return false
}

func (c *county) nearestVillage(p pt) int {
	best, at := math.Inf(1), 0
	for i := range c.villages {
		if d := c.villages[i].site.dist(p); d < best {
			best, at = d, i
		}
	}
	return at
}

// placeCentres puts township centres where such towns are: the seat on the
// river, market towns in the valleys, towns on the plain.
func (c *county) placeCentres(r *rand.Rand) {
	main := c.land.valleys[0]
	onMain := func(f, off float64) pt {
		k := int(f * float64(len(main.line)-1))
		d := main.line[min(k+3, len(main.line)-1)].sub(main.line[max(0, k-3)]).unit().left()
		return main.line[k].add(d.mul(off))
	}
	onBranch := func(b int, f float64) pt { // f: 0 at the head, 1 at the mouth
		v := c.land.valleys[1+3*b]
		return v.line[int(f*float64(len(v.line)-1))].add(pt{between(r, -80, 80), between(r, -80, 80)})
	}
	for _, t := range c.plan.townships {
		var p pt
		switch t.role {
		case roleSeat:
			p = []pt{onMain(0.56, 800), onMain(0.565, -850), onMain(0.645, 900)}[t.order]
		case roleRiver:
			p = []pt{onMain(0.34, 420), onMain(0.16, 330), onMain(0.79, -950), onMain(0.24, -360)}[t.order]
		case roleCoast:
			x := 33500.0
			y := []float64{cellH * 0.80, cellH * 0.17}[t.order]
			if c.plan.coastal {
				x = coastX(c.land.seed, y+float64(c.row)*cellH) - 3600
			}
			p = pt{x, y}
		case roleValley:
			p = []pt{onBranch(1, 0.52), onBranch(2, 0.62), onBranch(3, 0.85)}[t.order]
		case roleHill:
			p = []pt{onBranch(0, 0.30), onBranch(1, 0.16), onBranch(2, 0.14), onBranch(3, 0.32), onBranch(4, 0.30)}[t.order]
		case roleIsland:
			p = c.land.islands[0].c.add(pt{-900, 700})
		}
		c.centres = append(c.centres, p)
	}
}

// settle places the township's communities and villages and shares its land.
func (c *county) settle(r *rand.Rand, t int, towns []int16) {
	plan := c.plan.townships[t]
	type cand struct {
		k   int
		key float64
	}
	var cands, steep []cand
	for k := range towns {
		if int(towns[k]) != t+1 {
			continue
		}
		p := latPt(k%latN, k/latN)
		if c.land.wet(p, 110) || c.onBorder(k) {
			continue
		}
		high := math.Max(0, c.land.beyond(p))
		w := math.Exp(-high/260)*math.Exp(-c.land.slope(p)*9) + 0.012*math.Exp(-c.land.slope(p)*6)
		cd := cand{k, math.Pow(r.Float64(), 1/math.Max(w, 1e-9))}
		if !c.land.buildable(p) {
			steep = append(steep, cd)
		} else {
			cands = append(cands, cd)
		}
	}
	if len(cands) < 8*len(plan.villages) {
		cands = append(cands, steep...) // no street can be laid there: only where there is no choice
	}
	sort.Slice(cands, func(a, b int) bool {
		if cands[a].key != cands[b].key {
			return cands[a].key > cands[b].key
		}
		return cands[a].k < cands[b].k
	})
	var sites []pt
	communities := 0
	for _, v := range plan.villages {
		if v.community {
			communities++
		}
	}
	// Communities crowd around the centre; villages spread over the rest.
	centre := c.centres[t]
	for need, gap := communities, 620.0; len(sites) < need; gap *= 0.93 {
		sites = sites[:0]
		reach := gap * (0.75 + 0.85*math.Sqrt(float64(need)))
		for _, cd := range cands {
			p := latPt(cd.k%latN, cd.k/latN)
			if p.dist(centre) < reach && farFrom(sites, p, gap) && len(sites) < need {
				sites = append(sites, p)
			}
		}
		if gap < 150 {
			break
		}
	}
	fixed := len(sites)
	for gap := 2600.0; len(sites) < len(plan.villages); gap *= 0.95 {
		sites = sites[:fixed]
		onIslet := 0
		for _, cd := range cands {
			if len(sites) == len(plan.villages) {
				break
			}
			p := latPt(cd.k%latN, cd.k/latN)
			if plan.role == roleIsland {
				k := c.land.onIsland(p)
				if k == 2 || k == 1 && (onIslet == 2 || p.dist(c.land.islands[1].c) > 750) || k == 0 && len(sites)-onIslet == len(plan.villages)-2 {
					continue
				}
				if k == 1 && farFrom(sites, p, math.Min(gap, 600)) {
					onIslet++
					sites = append(sites, p)
					continue
				}
			}
			if farFrom(sites, p, gap) {
				sites = append(sites, p)
			}
		}
	}
	sources := make([]int, len(sites))
	for i, p := range sites {
		a, b := latOf(p)
		sources[i] = b*latN + a
	}
	part := make([]int16, latN*latN)
	c.grow(part, sources, func(k int) bool { return int(towns[k]) == t+1 && part[k] == 0 })
	base := len(c.villages)
	for k := range part {
		if int(towns[k]) != t+1 {
			continue
		}
		if part[k] == 0 && plan.role == roleIsland { // islets without people go with the nearest village
			best := math.Inf(1)
			p := latPt(k%latN, k/latN)
			for i, s := range sites {
				if d := p.dist(s); d < best {
					best, part[k] = d, int16(i+1)
				}
			}
		}
		if part[k] > 0 {
			c.label[k] = int16(base) + part[k]
		}
	}
	for i, v := range plan.villages {
		c.villages = append(c.villages, village{villagePlan: v, serial: len(c.villages), township: t, site: sites[i]})
	}
}

// buildable tells whether streets can be laid at p and on most sides of it.
func (t *terrain) buildable(p pt) bool {
	steep := 0
	for _, d := range [...]pt{{}, {90, 0}, {-90, 0}, {0, 90}, {0, -90}} {
		if t.slope(p.add(d)) > steepest {
			steep++
		}
	}
	return steep < 2 && t.slope(p) <= steepest
}

func (c *county) onBorder(k int) bool {
	for _, d := range []int{1, -1, latN, -latN, 2, -2, 2 * latN, -2 * latN} {
		if n := k + d; n < 0 || n >= len(c.outer) || int(c.outer[n]) != c.plan.serial {
			return true
		}
	}
	return false
}

func farFrom(ps []pt, p pt, gap float64) bool {
	for _, q := range ps {
		if p.dist(q) < gap {
			return false
		}
	}
	return true
}

// grow shares cells among sources by effort: climbing is dear, crossing the
// main river dearer, so shares meet on ridges and in the river.
func (c *county) grow(out []int16, sources []int, free func(k int) bool) {
	done := make([]bool, len(out))
	best := make([]float32, len(out))
	for i := range best {
		best[i] = math.MaxFloat32
	}
	var q effortHeap
	for s, k := range sources {
		if k >= 0 {
			q.push(effort{0, int32(k), int16(s + 1)})
		}
	}
	for len(q) > 0 {
		e := q.pop()
		k := int(e.cell)
		if done[k] || !free(k) {
			continue
		}
		done[k] = true
		out[k] = e.owner
		p := latPt(k%latN, k/latN)
		h, river := c.land.height(p), c.land.toRiver(p) < 60
		for _, d := range [...]int{1, -1, latN, -latN} {
			n := k + d
			if n < 0 || n >= len(out) || done[n] {
				continue
			}
			np := latPt(n%latN, n/latN)
			cost := e.cost + float32(p.dist(np)+6*math.Abs(c.land.height(np)-h))
			if !river && c.land.toRiver(np) < 60 {
				cost += 5000
			}
			if cost < best[n] {
				best[n] = cost
				q.push(effort{cost, int32(n), e.owner})
			}
		}
	}
}
