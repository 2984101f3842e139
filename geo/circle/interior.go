package circle

import (
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// interior is what is known before any search, so that the inside of a circle is passed over and the work follows
// its border: from a node with time left for the longest of its streets all of them are reached, whatever else.
type interior struct {
	vertex []int32         // by node: its vertex, none off the streets
	enough []travel.Millis // by node: the time in which all its streets are passed; Unreached where that cannot be told
	cutAt  []uint32        // by node, into cuts: the vertices within the streets whose lesser arc leaves it
	cuts   []int32
	owner  []int32 // by vertex: its node, or ^c within the street c
	noise  []uint8 // by vertex: see below
}

// Why a contour may pass a vertex though all neighbours are reached.
const (
	loud    = 1 << iota // an edge is long or wet
	layered             // streets touch that do not meet: one may be reached and the other not
)

// newInterior learns it from the mesh's pieces, all but enough.
func newInterior(m *Mesh, arcs []graph.ArcID) interior {
	g := m.net.G
	n := interior{vertex: make([]int32, g.NumNodes()), cutAt: make([]uint32, g.NumNodes()+1),
		owner: make([]int32, len(m.points)), noise: make([]uint8, len(m.points))}
	for v := range n.vertex {
		n.vertex[v] = none
	}
	owned := make([]bool, len(m.points))
	own := func(v, owner int32) {
		if owned[v] && n.owner[v] != owner {
			n.noise[v] |= layered
		}
		owned[v], n.owner[v] = true, owner
	}
	m.eachEnd(arcs, func(c graph.ArcID, v int32, share float32) {
		node := g.Tail(c)
		switch share {
		case 1:
			node = g.Head(c)
			fallthrough
		case 0:
			if old := n.vertex[node]; old != none && old != v { // split by the lattice
				n.noise[old], n.noise[v] = n.noise[old]|layered, n.noise[v]|layered
			}
			n.vertex[node] = v
			own(v, int32(node))
		default:
			if !owned[v] || n.owner[v] != ^int32(c) {
				n.cutAt[g.Tail(c)+1]++
			}
			own(v, ^int32(c))
		}
	})
	for v := range g.NumNodes() {
		n.cutAt[v+1] += n.cutAt[v]
	}
	n.cuts = make([]int32, n.cutAt[g.NumNodes()])
	filled := make([]uint32, g.NumNodes())
	for v, o := range n.owner {
		if owned[v] && o < 0 {
			tail := g.Tail(graph.ArcID(^o))
			n.cuts[n.cutAt[tail]+filled[tail]] = int32(v)
			filled[tail]++
		}
	}
	for h := range int32(len(m.halves)) {
		if k := m.kind(h); k == long || k == wet {
			n.noise[m.org(h)] |= loud
			n.noise[m.org(next(h))] |= loud
		}
	}
	return n
}

// eachEnd visits both ends of every piece of the streets.
func (m *Mesh) eachEnd(arcs []graph.ArcID, visit func(c graph.ArcID, v int32, share float32)) {
	for _, c := range arcs {
		for _, e := range m.pieces[m.first[c]:m.first[c+1]] {
			visit(c, e.u, e.from)
			visit(c, e.v, e.to)
		}
	}
}

// learnTimes fills enough by the mesh's net.
func (m *Mesh) learnTimes(arcs []graph.ArcID) {
	g := m.net.G
	m.enough = make([]travel.Millis, g.NumNodes())
	for _, c := range arcs {
		slow := max(m.net.Cost(c), m.net.Cost(g.Twin(c)))
		pieces := m.pieces[m.first[c]:m.first[c+1]]
		for _, e := range pieces {
			if (m.noise[e.u]|m.noise[e.v])&layered != 0 {
				slow = travel.Unreached
			}
		}
		if len(pieces) == 0 {
			continue
		}
		for _, v := range [2]graph.NodeID{g.Tail(c), g.Head(c)} {
			m.enough[v] = max(m.enough[v], slow)
		}
	}
}
