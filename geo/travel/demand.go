package travel

import (
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Nearest is the nearest site of a point and the time to it, both snap legs
// included; −1 and Unreached without one.
type Nearest struct {
	Site   int32
	Millis Millis
}

var nobody = Nearest{-1, Unreached}

func (b *Nearest) offer(t Millis, site int32) {
	if t < b.Millis || t == b.Millis && t != Unreached && site < b.Site {
		*b = Nearest{site, t}
	}
}

// Demand is a set of points on a net, prepared for searches in one direction:
// what lies between a point and the ends of its street is computed once, and the
// points on the streets of a node are found at once. It is immutable.
type Demand struct {
	net    *Net
	dir    Direction
	points []place
	first  []uint32 // by node, into legs; one more than nodes
	legs   []leg
}

// place is a point's street and the times between it and the street's ends.
type place struct {
	at                 Position
	street             graph.ArcID // canonical
	snap, tail, head   Millis      // the snap leg; from the ends, snap leg included
	tailNode, headNode graph.NodeID
}

// leg joins a node to a point on one of its streets.
type leg struct {
	point  uint32
	millis Millis
}

// NewDemand prepares points, which keep their places in the slice as their numbers.
func NewDemand(n *Net, points []Snap, dir Direction) *Demand {
	d := &Demand{net: n, dir: dir, points: make([]place, len(points)), first: make([]uint32, n.G.NumNodes()+1), legs: make([]leg, 2*len(points))}
	for i, s := range points {
		tail, head := n.ends(s.Position, dir, false)
		p := place{s.Position, n.canonical(s.Arc), s.Millis, plus(tail, s.Millis), plus(head, s.Millis), n.G.Tail(s.Arc), n.G.Head(s.Arc)}
		d.points[i] = p
		d.first[p.tailNode]++
		d.first[p.headNode]++
	}
	for v, at := 0, uint32(0); v < len(d.first); v++ {
		at += d.first[v]
		d.first[v] = at
	}
	for i, p := range slices.Backward(d.points) { // each node's legs end up in the order of points
		d.first[p.headNode]--
		d.legs[d.first[p.headNode]] = leg{uint32(i), p.head}
		d.first[p.tailNode]--
		d.legs[d.first[p.tailNode]] = leg{uint32(i), p.tail}
	}
	return d
}

// Len gives the number of points.
func (d *Demand) Len() int { return len(d.points) }

// at gives the legs from a node to the points on its streets; a point on a loop comes twice.
func (d *Demand) at(v graph.NodeID) []leg { return d.legs[d.first[v]:d.first[v+1]] }

// beside visits the points on a site's street and their times without leaving it.
func (d *Demand) beside(s Site, visit func(point uint32, t Millis)) {
	d.on(s.Snap.Arc, func(point uint32) {
		p := &d.points[point]
		visit(point, plus(plus(d.net.alongEdge(p.at, s.Snap.Position, d.dir), s.Snap.Millis), p.snap))
	})
}

// on visits the points on an arc's street.
func (d *Demand) on(a graph.ArcID, visit func(point uint32)) {
	street := d.net.canonical(a)
	for _, l := range d.at(d.net.G.Tail(a)) {
		if d.points[l.point].street == street {
			visit(l.point)
		}
	}
}

// Nearest gives every point's nearest site in a field of the same net and direction, as Field.At does one by one.
func (d *Demand) Nearest(f *Field) []Nearest {
	all := make([]Nearest, len(d.points))
	for i := range d.points {
		all[i] = d.points[i].viaEnds(f)
	}
	for _, sites := range f.onEdge {
		for _, s := range sites {
			d.beside(s, func(p uint32, t Millis) {
				if t <= f.limit {
					all[p].offer(t, s.ID)
				}
			})
		}
	}
	return all
}

// viaEnds is the nearest site of a point by way of the ends of its street.
func (p *place) viaEnds(f *Field) Nearest {
	best := nobody
	if t := plus(p.tail, f.time[p.tailNode]); t <= f.limit {
		best.offer(t, f.owner[p.tailNode])
	}
	if t := plus(p.head, f.time[p.headNode]); t <= f.limit {
		best.offer(t, f.owner[p.headNode])
	}
	return best
}
