package travel

import (
	"context"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// edit removes and adds sites, repairs labels and points, and remembers how it was.
func (w *WhatIf) edit(removed, added []Site) []Change {
	w.was = w.was[:0]
	for _, s := range removed {
		w.displace(s)
		w.release(s)
	}
	for _, s := range added {
		w.place(s)
		w.q.restart()
		w.field.enter(w.q, s)
		w.settle()
	}
	for _, l := range w.was {
		for _, leg := range w.demand.at(l.node) {
			w.touched.set(leg.point)
		}
	}
	for _, s := range slices.Concat(removed, added) {
		w.demand.beside(s, func(p uint32, _ Millis) { w.touched.set(p) })
	}
	changes := w.repairPoints()
	w.edits = append(w.edits, edit{slices.Clone(w.was), changes, removed, added})
	return slices.Clone(changes)
}

// settle spreads what is queued; an edit is not stopped half-way.
func (w *WhatIf) settle() { _ = w.field.spread(context.Background(), w.q, math.MaxInt) }

// release takes the labels of a removed site away and fills its region from
// outside. The region hangs together: each label came over a street from a label
// of the same site, or from the site's own street. It is filled by the labels at
// its edge and the sites that stand in it, which were not the nearest so far.
func (w *WhatIf) release(s Site) {
	f, n := w.field, w.field.net
	var region []graph.NodeID
	take := func(v graph.NodeID) {
		if f.owner[v] == s.ID {
			w.was = append(w.was, label{v, f.time[v], s.ID})
			f.time[v], f.owner[v] = Unreached, -1
			region = append(region, v)
		}
	}
	take(n.G.Tail(s.Snap.Arc))
	take(n.G.Head(s.Snap.Arc))
	for i := 0; i < len(region); i++ {
		first, last := n.G.Arcs(region[i])
		for a := first; a < last; a++ {
			take(n.G.Head(a))
		}
	}
	w.q.restart()
	for _, v := range region {
		first, last := n.G.Arcs(v)
		for a := first; a < last; a++ {
			if u := n.G.Head(a); f.owner[u] >= 0 {
				f.offer(w.q, v, plus(f.time[u], n.step(n.G.Twin(a), f.dir)), f.owner[u])
			}
			if !w.near.has(v) {
				continue
			}
			for _, o := range f.onEdge[n.canonical(a)] {
				f.enter(w.q, o)
			}
		}
	}
	w.settle()
}

// repairPoints recomputes the touched points and gives those that changed, by number.
func (w *WhatIf) repairPoints() (changes []Change) {
	f := w.field
	for p, ok := w.touched.next(0); ok; p, ok = w.touched.next(p + 1) {
		w.touched.clear(p)
		at, now := &w.demand.points[p], w.demand.viaEnds(f, p)
		if w.near.has(at.tailNode) {
			for _, s := range f.onEdge[at.street] {
				if t := plus(plus(f.net.alongEdge(at.at, s.Snap.Position, f.dir), s.Snap.Millis), at.snap); t <= f.limit {
					now.offer(t, s.ID)
				}
			}
		}
		if now != w.nearest[p] {
			changes = append(changes, Change{int32(p), w.nearest[p], now})
			w.nearest[p] = now
		}
	}
	return changes
}
