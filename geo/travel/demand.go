package travel

import (
	"slices"
	"sync"

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
// what lies between a point and the ends of its chain is computed once, and the
// points on the chains of a junction are found at once. It is immutable.
type Demand struct {
	net    *Net
	dir    Direction
	points []place
	first  []uint32 // by junction, into legs; one more than junctions
	legs   []leg
	slots  func() *slots // made when pairs are first asked for
}

// place is a point's chain and the times between it and the chain's ends.
type place struct {
	at                   Position
	chain                graph.ChainID
	from, to             graph.NodeID // the ends
	snap, viaFrom, viaTo Millis       // the snap leg; from the ends, snap leg included
}

// leg joins a junction to a point on one of its chains.
type leg struct {
	point  uint32
	millis Millis
}

// NewDemand prepares points, which keep their places in the slice as their numbers.
func NewDemand(n *Net, points []Snap, dir Direction) *Demand {
	d := &Demand{net: n, dir: dir, points: make([]place, len(points)), first: make([]uint32, n.G.Junctions()+1), legs: make([]leg, 2*len(points))}
	d.slots = sync.OnceValue(func() *slots { return newSlots(d) })
	for i, s := range points {
		p := place{at: s.Position, chain: n.G.ChainOf(s.Arc), snap: s.Millis}
		p.from, p.to, _, _ = n.G.Chain(p.chain)
		p.measure(n, dir)
		d.points[i] = p
		d.first[p.from]++
		d.first[p.to]++
	}
	for v, at := 0, uint32(0); v < len(d.first); v++ {
		at += d.first[v]
		d.first[v] = at
	}
	for i, p := range slices.Backward(d.points) { // each junction's legs end up in the order of points
		d.first[p.to]--
		d.legs[d.first[p.to]] = leg{uint32(i), p.viaTo}
		d.first[p.from]--
		d.legs[d.first[p.from]] = leg{uint32(i), p.viaFrom}
	}
	return d
}

// measure computes the times from the ends of the chain.
func (p *place) measure(n *Net, dir Direction) {
	p.viaFrom, p.viaTo = n.chainEnds(p.at, dir, false)
	p.viaFrom, p.viaTo = plus(p.viaFrom, p.snap), plus(p.viaTo, p.snap)
}

// Len gives the number of points.
func (d *Demand) Len() int { return len(d.points) }

// at gives the legs from a junction to the points on its chains; a point on a loop comes twice.
func (d *Demand) at(v graph.NodeID) []leg { return d.legs[d.first[v]:d.first[v+1]] }

// beside visits the points on a site's chain and their times without leaving it.
func (d *Demand) beside(s Site, visit func(point uint32, t Millis)) {
	d.on(d.net.G.ChainOf(s.Snap.Arc), func(point uint32) {
		p := &d.points[point]
		visit(point, plus(plus(d.net.alongChain(p.at, s.Snap.Position, d.dir), s.Snap.Millis), p.snap))
	})
}

// on visits the points on a chain.
func (d *Demand) on(c graph.ChainID, visit func(point uint32)) {
	from, _, _, _ := d.net.G.Chain(c)
	for _, l := range d.at(from) {
		if d.points[l.point].chain == c {
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
	for _, sites := range f.sites {
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

// viaEnds is the nearest site of a point by way of the ends of its chain.
func (p *place) viaEnds(f *Field) Nearest {
	best := nobody
	if t := plus(p.viaFrom, f.labels[p.from].Millis); t <= f.limit {
		best.offer(t, f.labels[p.from].Site)
	}
	if t := plus(p.viaTo, f.labels[p.to].Millis); t <= f.limit {
		best.offer(t, f.labels[p.to].Site)
	}
	return best
}
