package travel

import (
	"maps"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Field is the time of every node to (or from) its nearest site.
type Field struct {
	net    *Net
	dir    Direction
	limit  Millis
	labels []Nearest // by junction; those of inner nodes follow from them
	sites  siteTable
	was    *[]label // when set, takes the label that a junction had before each change
}

// label is what a junction has: its time and the nearest site.
type label struct {
	node graph.NodeID
	Nearest
}

func newField(n *Net, dir Direction, limit Millis) *Field {
	f := &Field{net: n, dir: dir, limit: limit, labels: make([]Nearest, n.G.Junctions()), sites: siteTable{}}
	for i := range f.labels {
		f.labels[i] = nobody
	}
	return f
}

// Limit gives the greatest time of the field.
func (f *Field) Limit() Millis { return f.limit }

// Direction gives the direction of the field's search.
func (f *Field) Direction() Direction { return f.dir }

// Node gives the time and the nearest site of a node; Unreached and −1 without one.
func (f *Field) Node(v graph.NodeID) (Millis, int32) {
	var l Nearest
	if int(v) < len(f.labels) {
		l = f.labels[v]
	} else {
		c, _ := f.net.G.ChainAt(v)
		from, to, _, _ := f.net.G.Chain(c)
		l = f.net.inner(v, f.dir, f.labels[from], f.labels[to], f.sites[c], f.limit)
	}
	return l.Millis, l.Site
}

// Reached lists the nodes within limit in the order of their numbers, with their times.
func (f *Field) Reached(limit Millis) (nodes []graph.NodeID, times []Millis) {
	limit = min(limit, f.limit)
	f.each(limit, func(v graph.NodeID, l Nearest) { nodes, times = append(nodes, v), append(times, l.Millis) })
	return nodes, times
}

// each visits the nodes within limit in the order of their numbers.
func (f *Field) each(limit Millis, visit func(graph.NodeID, Nearest)) {
	for v, l := range f.labels {
		if l.Millis <= limit && l.Site >= 0 {
			visit(graph.NodeID(v), l)
		}
	}
	var inner []Nearest
	withSites := slices.Sorted(maps.Keys(f.sites))
	for c := range graph.ChainID(f.net.G.NumChains()) {
		from, to, first, last := f.net.G.Chain(c)
		var sites []Site
		if len(withSites) > 0 && withSites[0] == c {
			sites, withSites = f.sites[c], withSites[1:]
		}
		if last == first+1 || f.labels[from].Millis > limit && f.labels[to].Millis > limit && len(sites) == 0 {
			continue
		}
		inner = f.net.within(c, f.dir, f.labels[from], f.labels[to], sites, limit, inner[:0])
		for i, l := range inner {
			if l.Millis <= limit && l.Site >= 0 {
				visit(f.net.G.InnerNode(c, first+uint32(i)), l)
			}
		}
	}
}

// At gives the time and the nearest site of a point that was brought onto the
// net, its snap leg included. A site on the same chain is reached directly.
func (f *Field) At(s Snap) (Millis, int32) {
	c := f.net.G.ChainOf(s.Arc)
	from, to, _, _ := f.net.G.Chain(c)
	viaFrom, viaTo := f.net.chainEnds(s.Position, f.dir, false)
	best := nobody
	offer := func(t Millis, id int32) {
		if t = plus(t, s.Millis); t <= f.limit {
			best.offer(t, id)
		}
	}
	offer(plus(viaFrom, f.labels[from].Millis), f.labels[from].Site)
	offer(plus(viaTo, f.labels[to].Millis), f.labels[to].Site)
	for _, site := range f.sites[c] {
		offer(plus(f.net.alongChain(s.Position, site.Snap.Position, f.dir), site.Snap.Millis), site.ID)
	}
	return best.Millis, best.Site
}
