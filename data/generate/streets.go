package generate

import (
	"math"
	"sort"
)

// net is the street network with its crossings worked out.
type net struct {
	at    []pt
	edges []edge
	next  [][]int32 // edges at a node
	gates map[int32]bool
	src   []street
}

type edge struct {
	a, b   int32
	street int32
	bridge bool
}

// weave crosses all streets: where two meet there is a node, ends that almost
// touch a street are joined to it, short tails go, and what is not connected to
// a road is dropped.
func (c *county) weave(streets []street) {
	type seg struct {
		a, b   pt
		street int32
		cuts   []float64
	}
	var segs []seg
	const cell = 64.0
	type key [2]int32
	grid := map[key][]int32{}
	keys := func(a, b pt, pad float64, f func(key)) {
		for x := int32(math.Floor((math.Min(a.X, b.X) - pad) / cell)); x <= int32(math.Floor((math.Max(a.X, b.X)+pad)/cell)); x++ {
			for y := int32(math.Floor((math.Min(a.Y, b.Y) - pad) / cell)); y <= int32(math.Floor((math.Max(a.Y, b.Y)+pad)/cell)); y++ {
				f(key{x, y})
			}
		}
	}
	for s, st := range streets {
		for i := 1; i < len(st.line); i++ {
			if st.line[i] != st.line[i-1] {
				segs = append(segs, seg{a: st.line[i-1], b: st.line[i], street: int32(s)})
			}
		}
	}
	ferry := func(s int32) bool { return streets[s].class == "ferry" }
	seen := make([]int32, len(segs))
	for i := range seen {
		seen[i] = -1
	}
	for i := range segs {
		si := &segs[i]
		if ferry(si.street) {
			continue
		}
		keys(si.a, si.b, 7, func(k key) {
			for _, j := range grid[k] {
				if seen[j] == int32(i) {
					continue
				}
				seen[j] = int32(i)
				sj := &segs[j]
				if t, u, ok := crossing(si.a, si.b, sj.a, sj.b); ok {
					si.cuts, sj.cuts = append(si.cuts, t), append(sj.cuts, u)
				}
				for _, p := range [2]pt{si.a, si.b} {
					if d, u, _ := nearestOn([]pt{sj.a, sj.b}, p); d < 7 && u > 0 && u < 1 {
						sj.cuts = append(sj.cuts, u)
					}
				}
				for _, p := range [2]pt{sj.a, sj.b} {
					if d, t, _ := nearestOn([]pt{si.a, si.b}, p); d < 7 && t > 0 && t < 1 {
						si.cuts = append(si.cuts, t)
					}
				}
			}
		})
		keys(si.a, si.b, 0, func(k key) { grid[k] = append(grid[k], int32(i)) })
	}
	n := &net{src: streets, gates: map[int32]bool{}}
	nodes := map[key][]int32{}
	const snap = 7.5
	node := func(p pt) int32 {
		x, y := int32(math.Floor(p.X/snap)), int32(math.Floor(p.Y/snap))
		best, id := snap, int32(-1)
		for i := x - 1; i <= x+1; i++ {
			for j := y - 1; j <= y+1; j++ {
				for _, k := range nodes[key{i, j}] {
					if d := n.at[k].dist(p); d < best {
						best, id = d, k
					}
				}
			}
		}
		if id >= 0 {
			return id
		}
		id = int32(len(n.at))
		n.at = append(n.at, p)
		nodes[key{x, y}] = append(nodes[key{x, y}], id)
		return id
	}
	for _, p := range c.gates {
		node(p) // before all others, so that it stays where the neighbour has it
	}
	pair := map[[2]int32]bool{}
	for i := range segs {
		s := &segs[i]
		sort.Float64s(s.cuts)
		road := streets[s.street].road
		last := node(s.a)
		for _, t := range append(s.cuts, 1) {
			v := node(s.a.lerp(s.b, t))
			if v == last || pair[[2]int32{min(v, last), max(v, last)}] {
				last = v
				continue
			}
			deck := streets[s.street].bridge
			if !road && c.land.nearRiver(n.at[last], n.at[v], 3) {
				last = v
				continue
			}
			pair[[2]int32{min(v, last), max(v, last)}] = true
			n.edges = append(n.edges, edge{last, v, s.street, deck})
			last = v
		}
	}
	n.trim(c)
	c.net = n
	for s, st := range streets {
		if st.yard && hash2(uint64(c.seed)+91, s, 1) < 0.22 && len(st.line) > 1 {
			p := st.line[1]
			x, y := int32(math.Floor(p.X/snap)), int32(math.Floor(p.Y/snap))
			for i := x - 1; i <= x+1; i++ {
				for j := y - 1; j <= y+1; j++ {
					for _, k := range nodes[key{i, j}] {
						if n.at[k] == p && len(n.next[k]) == 2 {
							n.gates[k] = true
						}
					}
				}
			}
		}
	}
}

// crossing gives where two segments cross, as shares of each.
func crossing(a, b, p, q pt) (t, u float64, ok bool) {
	d, e := b.sub(a), q.sub(p)
	den := d.X*e.Y - d.Y*e.X
	if math.Abs(den) < 1e-9 {
		return 0, 0, false
	}
	w := p.sub(a)
	t, u = (w.X*e.Y-w.Y*e.X)/den, (w.X*d.Y-w.Y*d.X)/den
	return t, u, t > 0 && t < 1 && u > 0 && u < 1
}

// trim removes tails shorter than a house front and parts without a road.
func (n *net) trim(c *county) {
	n.index()
	for range 3 {
		dead := map[int32]bool{}
		for v := range n.at {
			if len(n.next[v]) != 1 {
				continue
			}
			// Follow the tail to its junction.
			var tail []int32
			length, cur, via := 0.0, int32(v), n.next[v][0]
			for {
				e := n.edges[via]
				if n.src[e.street].road {
					tail = nil
					break
				}
				tail = append(tail, via)
				length += n.at[e.a].dist(n.at[e.b])
				cur = e.a + e.b - cur
				if len(n.next[cur]) != 2 {
					break
				}
				nx := n.next[cur][0]
				if nx == via {
					nx = n.next[cur][1]
				}
				via = nx
				if length > 50 {
					break
				}
			}
			if length < 30 {
				for _, e := range tail {
					dead[e] = true
				}
			}
		}
		if len(dead) == 0 {
			break
		}
		n.keep(func(i int32) bool { return !dead[i] })
	}
	parent := make([]int32, len(n.at))
	for i := range parent {
		parent[i] = int32(i)
	}
	var find func(int32) int32
	find = func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	size := make([]int, len(n.at))
	for _, e := range n.edges {
		if n.src[e.street].class != "ferry" {
			parent[find(e.a)] = find(e.b)
		}
	}
	for _, e := range n.edges {
		size[find(e.a)]++
	}
	big, best := int32(-1), 0
	for v, s := range size {
		if s > best {
			big, best = int32(v), s
		}
	}
	root := make(map[int]int) // the biggest part of each island
	for v := range n.at {
		if k := c.land.onIsland(n.at[v]); k >= 0 {
			if f := int(find(int32(v))); root[k] == 0 || size[f] > size[root[k]-1] {
				root[k] = f + 1
			}
		}
	}
	n.keep(func(i int32) bool {
		e := n.edges[i]
		if n.src[e.street].class == "ferry" {
			return true
		}
		f := find(e.a)
		k := c.land.onIsland(n.at[e.a])
		return f == big || k >= 0 && root[k] == int(f)+1
	})
}

func (n *net) keep(ok func(i int32) bool) {
	out := n.edges[:0]
	for i, e := range n.edges {
		if ok(int32(i)) {
			out = append(out, e)
		}
	}
	n.edges = out
	n.index()
}

func (n *net) index() {
	n.next = make([][]int32, len(n.at))
	for i, e := range n.edges {
		n.next[e.a] = append(n.next[e.a], int32(i))
		n.next[e.b] = append(n.next[e.b], int32(i))
	}
}

// way is a run of edges with the same tags.
type way struct {
	nodes  []int32
	street int32
	bridge bool
}

// ways chains edges of one street into ways of at most 400 nodes.
func (n *net) ways() []way {
	var out []way
	for i := 0; i < len(n.edges); {
		e := n.edges[i]
		w := way{nodes: []int32{e.a, e.b}, street: e.street, bridge: e.bridge}
		i++
		for i < len(n.edges) && len(w.nodes) < 400 {
			f := n.edges[i]
			if f.street != e.street || f.bridge != e.bridge || f.a != w.nodes[len(w.nodes)-1] {
				break
			}
			w.nodes = append(w.nodes, f.b)
			i++
		}
		out = append(out, w)
	}
	return out
}
