package generate

import (
	"math"
	"sort"
)

// street is a line of the plan before crossings are worked out.
type street struct {
	line   []pt
	class  string // OSM highway value
	name   string
	road   bool // a road between settlements: may cross the river on a bridge
	oneway bool
	yard   bool // inside a residential quarter
	bridge bool // the deck of a bridge over the main river, bank to bank
}

// roadNet lays roads of least effort on the road grid. Roads share cells, so
// later ones join earlier ones instead of running beside them.
type roadNet struct {
	c      *county
	used   []bool
	deck   []bool // cells over the river: passable although wet, along the bridge only
	spans  []span
	at     map[int32]pt
	near   map[int32][]int32 // neighbours along roads
	pinned map[int32]bool    // cells that smoothing leaves in place
	paths  []roadPath
	cost   []float32
	stamp  []int32
	from   []int32
	clock  int32
	weight []float32 // effort factor of a cell; 0 = closed
}

type roadPath struct {
	cells []int32
	class string
	name  string
}

// connect lays the whole county's roads, main roads first.
func (c *county) connect() []street {
	n := &roadNet{c: c, used: make([]bool, gridN*gridN), deck: make([]bool, gridN*gridN), at: map[int32]pt{}, near: map[int32][]int32{}, pinned: map[int32]bool{},
		cost: make([]float32, gridN*gridN), stamp: make([]int32, gridN*gridN), from: make([]int32, gridN*gridN), weight: make([]float32, gridN*gridN)}
	for k := range n.weight {
		p := gridPt(k%gridN, k/gridN)
		if !c.land.wet(p, 30) {
			// Fields, tombs and soft ground bend roads even where the land is flat.
			w := 1.15 + 0.55*noise(uint64(c.seed)+81, p.X/650, p.Y/650) + 0.4*noise(uint64(c.seed)+82, p.X/230, p.Y/230)
			n.weight[k] = float32(math.Max(0.35, w))
		}
	}
	n.bridges()
	var ends []street
	c.mainRoads(n, &ends)
	order := make([]int, len(c.villages))
	for i := range order {
		order[i] = i
	}
	key := func(i int) float64 { return c.villages[i].site.dist(c.centres[c.villages[i].township]) }
	sort.SliceStable(order, func(a, b int) bool { return key(order[a]) < key(order[b]) })
	for _, i := range order {
		n.join(c.villages[i].site, "unclassified", "")
	}
	r := c.random("loops")
	for _, i := range order {
		v := &c.villages[i]
		for _, h := range v.hamlets[1:] {
			if h.access != "path" {
				n.join(h.at, h.access, "")
			}
		}
		// A second way out for about every third village.
		if r.Float64() < 0.5 {
			best, to := 2800.0, -1
			for j := range c.villages {
				if d := v.site.dist(c.villages[j].site); j != i && d < best && c.villages[j].township != v.township {
					best, to = d, j
				}
			}
			if to >= 0 && c.land.onIsland(v.site) < 0 {
				n.route(v.site, c.villages[to].site, "unclassified", "", 0.8)
			}
		}
	}
	for i := range c.villages {
		for _, h := range c.villages[i].hamlets[1:] {
			if h.access == "path" {
				n.join(h.at, "path", "")
			}
		}
	}
	return append(n.streets(), ends...)
}

// mainRoads joins the township centres: a national road along the river, a
// coastal road, county roads up the valleys; and the ferries.
func (c *county) mainRoads(n *roadNet, ends *[]street) {
	by := map[role][]pt{}
	for t, p := range c.centres {
		ro := c.plan.townships[t].role
		by[ro] = append(by[ro], p)
	}
	seat, rv, coast, valley, hill := by[roleSeat], by[roleRiver], by[roleCoast], by[roleValley], by[roleHill]
	national, coastal := "澄望公路", "沿海公路"
	west := pt{0, gateY + 260}
	n.route(west, rv[1], "trunk", national, 0.35)
	n.gate(west, c.plan.westGate)
	n.route(rv[1], rv[0], "trunk", national, 0.35)
	n.route(rv[0], seat[0], "trunk", national, 0.35)
	n.route(seat[0], seat[1], "trunk", national, 0.35)
	n.route(seat[1], rv[2], "trunk", national, 0.35)
	if !c.plan.coastal {
		east := pt{cellW, gateY + 260}
		n.route(rv[2], east, "trunk", national, 0.35)
		n.gate(east, true)
	}
	n.route(rv[2], coast[1], "secondary", coastal, 0.35)
	n.route(seat[0], seat[2], "secondary", coastal, 0.35)
	n.route(seat[2], coast[0], "secondary", coastal, 0.35)
	north, south := pt{24000, cellH}, pt{24000, 0}
	n.route(coast[0], north, "secondary", coastal, 0.35)
	n.gate(north, c.plan.row < c.div.rows-1)
	n.route(coast[1], south, "secondary", coastal, 0.35)
	n.gate(south, c.plan.row > 0)
	if len(rv) > 3 {
		n.route(rv[3], rv[1], "tertiary", "", 0.35)
	}
	n.route(valley[0], rv[0], "tertiary", "枫岭线", 0.35)
	n.route(hill[1], valley[0], "tertiary", "枫岭线", 0.35)
	n.route(valley[1], rv[0], "tertiary", "云山线", 0.35)
	n.route(hill[2], valley[1], "tertiary", "云山线", 0.35)
	n.route(hill[0], rv[1], "tertiary", "岭北线", 0.35)
	foot := seat[1]
	if len(valley) > 2 {
		foot = valley[2]
		n.route(foot, seat[1], "tertiary", "梅山线", 0.35)
	}
	n.route(hill[3], foot, "tertiary", "梅山线", 0.35)
	if len(hill) > 4 {
		n.route(hill[4], seat[2], "tertiary", "北山线", 0.35)
	}
	if isl := by[roleIsland]; len(isl) > 0 {
		main := c.shoreFrom(coast[1], c.land.islands[0].c)
		n.route(main, coast[1], "tertiary", "码头路", 0.35)
		a := c.shoreFrom(c.land.islands[0].c, coast[1])
		n.seed(isl[0])
		n.join(a, "unclassified", "环岛路")
		b := c.shoreFrom(c.land.islands[0].c, c.land.islands[1].c)
		n.join(b, "unclassified", "环岛路")
		d := c.shoreFrom(c.land.islands[1].c, c.land.islands[0].c)
		n.seed(c.land.islands[1].c)
		n.join(d, "unclassified", "")
		ferry := func(p, q pt, name string) {
			*ends = append(*ends, street{line: []pt{n.anchor(p), p.lerp(q, 0.5).add(pt{120, 160}), n.anchor(q)}, class: "ferry", name: name, road: true})
		}
		ferry(main, a, "大陆—本岛航线")
		ferry(b, d, "本岛—离岛航线")
	}
}

// gate leads the road to the very point where it leaves the rectangle, which the
// neighbour's road leads to as well.
func (n *roadNet) gate(p pt, open bool) {
	if open {
		k := n.cell(p)
		n.at[k], n.pinned[k] = p, true
		n.c.gates = append(n.c.gates, p)
	}
}

// anchor is the node of the road grid under p.
func (n *roadNet) anchor(p pt) pt {
	k := n.cell(p)
	n.pinned[k] = true
	return n.place(k)
}

// shoreFrom walks from a towards b and gives the last dry point before the sea.
func (c *county) shoreFrom(a, b pt) pt {
	d := b.sub(a).unit()
	last := a
	for s := 0.0; s < a.dist(b); s += 20 {
		p := a.add(d.mul(s))
		if c.land.shore(p) < 45 && s > 200 {
			break
		}
		last = p
	}
	return last
}

func (n *roadNet) cell(p pt) int32 {
	i, j := gridOf(p)
	i, j = max(1, min(gridN-2, i)), max(1, min(gridN-2, j))
	return int32(j*gridN + i)
}

func (n *roadNet) seed(p pt) { n.used[n.cell(p)] = true }

// join lays a way from p to the nearest road.
func (n *roadNet) join(p pt, class, name string) {
	start := n.cell(p)
	if n.used[start] {
		return
	}
	n.search(start, class, 1, pt{}, false, func(k int32) bool { return n.used[k] }, name)
}

// route lays a way from a to b; reuse below one draws it onto roads that exist.
func (n *roadNet) route(a, b pt, class, name string, reuse float32) {
	to := n.cell(b)
	n.search(n.cell(a), class, reuse, b, true, func(k int32) bool { return k == to }, name)
}

var gridSteps = [...]struct {
	d int32
	m float64
}{
	{1, latDX / 2}, {-1, latDX / 2}, {gridN, latDY / 2}, {-gridN, latDY / 2},
	{gridN + 1, 82}, {gridN - 1, 82}, {-gridN + 1, 82}, {-gridN - 1, 82},
}

func (n *roadNet) search(start int32, class string, reuse float32, goal pt, aim bool, done func(int32) bool, name string) {
	n.clock++
	h := n.c.land.h
	steep := 0.085
	if class == "path" {
		steep = 0.25
	}
	var q effortHeap
	guess := func(k int32) float32 {
		if !aim {
			return 0
		}
		return float32(gridPt(int(k)%gridN, int(k)/gridN).dist(goal)) * 0.3
	}
	n.stamp[start], n.cost[start], n.from[start] = n.clock, 0, -1
	q.push(effort{guess(start), start, 0})
	for len(q) > 0 {
		e := q.pop()
		k := e.cell
		if e.cost > n.cost[k]+guess(k)+0.5 {
			continue
		}
		if done(k) && k != start {
			n.lay(k, class, name)
			return
		}
		x := int(k) % gridN
		for _, s := range gridSteps {
			m := k + s.d
			if m < 0 || int(m) >= len(n.weight) || x == 0 || x == gridN-1 || n.weight[m] == 0 && !n.used[m] {
				continue
			}
			over := n.deck[m] || n.deck[k]
			if over && !contains(n.near[k], m) {
				continue // nobody joins a bridge but at its ends
			}
			grade := math.Abs(float64(h[m]-h[k])) / s.m / steep
			if over {
				grade = 0
			}
			c := float32(s.m*(1+grade*math.Sqrt(math.Sqrt(grade)))) * max(n.weight[m], 0.35)
			if n.used[m] && n.used[k] {
				c *= reuse
			}
			if n.stamp[m] != n.clock || n.cost[k]+c < n.cost[m] {
				n.stamp[m], n.cost[m], n.from[m] = n.clock, n.cost[k]+c, k
				q.push(effort{n.cost[m] + guess(m), m, 0})
			}
		}
	}
}

func (n *roadNet) lay(end int32, class, name string) {
	var cells []int32
	for k := end; k >= 0; k = n.from[k] {
		cells = append(cells, k)
	}
	// Stretches that follow a road already there belong to that road.
	var run []int32
	flush := func() {
		if len(run) > 1 {
			n.paths = append(n.paths, roadPath{run, class, name})
		}
		run = nil
	}
	for i, k := range cells {
		if i > 0 && contains(n.near[k], cells[i-1]) {
			flush()
			run = []int32{k}
			continue
		}
		if i > 0 {
			n.near[k] = append(n.near[k], cells[i-1])
			n.near[cells[i-1]] = append(n.near[cells[i-1]], k)
		}
		run = append(run, k)
	}
	flush()
	for _, k := range cells {
		n.used[k] = true
	}
	n.cross(cells, class, name)
}

func contains(s []int32, v int32) bool {
	for _, x := range s {
		if x == v {
			return true
		}
	}
	return false
}

// place is where the road passes through a cell.
func (n *roadNet) place(k int32) pt {
	if p, ok := n.at[k]; ok {
		return p
	}
	i, j := int(k)%gridN, int(k)/gridN
	return gridPt(i, j).add(pt{18 * (hash2(uint64(n.c.seed)+5, i, j) - 0.5), 18 * (hash2(uint64(n.c.seed)+6, i, j) - 0.5)})
}

// streets smooths the roads between their junctions and hands them over.
func (n *roadNet) streets() []street {
	cells := make([]int32, 0, len(n.near))
	for k := range n.near {
		cells = append(cells, k)
	}
	sort.Slice(cells, func(a, b int) bool { return cells[a] < cells[b] })
	for _, k := range cells {
		n.at[k] = n.place(k)
	}
	for range 7 {
		next := make(map[int32]pt, len(cells))
		for _, k := range cells {
			if nb := n.near[k]; len(nb) == 2 && !n.deck[k] && !n.pinned[k] {
				next[k] = n.at[k].mul(0.4).add(n.at[nb[0]].mul(0.3)).add(n.at[nb[1]].mul(0.3))
			}
		}
		for k, p := range next {
			if !n.c.land.wet(p, 12) {
				n.at[k] = p
			}
		}
	}
	var out []street
	for _, p := range n.paths {
		s := street{class: p.class, name: p.name, road: true}
		for _, k := range p.cells {
			s.line = append(s.line, n.at[k])
		}
		out = append(out, s)
	}
	for _, s := range n.spans {
		if s.class == "" {
			continue // no road came to cross here
		}
		for i := 1; i < len(s.line); i++ {
			out = append(out, street{line: s.line[i-1 : i+1], class: s.class, name: s.name, road: true, bridge: i == 2})
		}
	}
	return out
}
