package travel

import (
	"context"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// edit removes and adds sites and repairs the labels.
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
	return w.finish(edit{removed: removed, added: added})
}

// finish repairs the points after the labels of an edit, and remembers how all was.
func (w *WhatIf) finish(e edit) []Change {
	for _, l := range w.was {
		for _, leg := range w.demand.at(l.node) {
			w.touched.set(leg.point)
		}
	}
	for _, s := range slices.Concat(e.removed, e.added) {
		w.demand.beside(s, func(p uint32, _ Millis) { w.touched.set(p) })
	}
	for _, c := range w.chains(e.tolls) {
		w.demand.on(c, func(p uint32) { w.touched.set(p) })
	}
	e.labels, e.changes = slices.Clone(w.was), w.repairPoints()
	w.edits = append(w.edits, e)
	return slices.Clone(e.changes)
}

// settle spreads what is queued; an edit is not stopped half-way.
func (w *WhatIf) settle() { _ = w.field.spread(context.Background(), w.q, math.MaxInt) }

// release takes the labels of a removed site away and fills its region from
// outside. The region hangs together: each label came over a chain from a label
// of the same site, or from the site's own chain.
func (w *WhatIf) release(s Site) {
	f, n := w.field, w.field.net
	var region []label
	take := func(v graph.NodeID) {
		if f.labels[v].Site == s.ID {
			region = append(region, label{v, f.labels[v]})
			f.labels[v] = nobody
		}
	}
	from, to, _, _ := n.G.Chain(n.G.ChainOf(s.Snap.Arc))
	take(from)
	take(to)
	for i := 0; i < len(region); i++ {
		first, last := n.G.Links(region[i].node)
		for _, l := range n.links[first:last] {
			take(l.head)
		}
	}
	w.was = append(w.was, region...)
	w.q.restart()
	w.fill(region)
	w.settle()
}

// fill offers a region without labels those of the junctions at its edge and of the
// sites that stand in it, which were not the nearest so far.
func (w *WhatIf) fill(region []label) {
	f, n := w.field, w.field.net
	for _, r := range region {
		first, last := n.G.Links(r.node)
		near := w.near.has(r.node)
		for i := first; i < last; i++ {
			// the way from there to here is the way from here in the other direction of the search
			if l := &n.links[i]; f.labels[l.head].Site >= 0 {
				o := f.labels[l.head]
				f.offer(w.q, r.node, Nearest{o.Site, plus(o.Millis, l.time[1-f.dir])})
			}
			if !near {
				continue
			}
			c, _ := n.G.Link(i)
			for _, o := range f.sites[c] {
				f.enter(w.q, o)
			}
		}
	}
}

// repairPoints recomputes the touched points and gives those that changed, by number.
func (w *WhatIf) repairPoints() (changes []Change) {
	f := w.field
	for p, ok := w.touched.next(0); ok; p, ok = w.touched.next(p + 1) {
		w.touched.clear(p)
		at := &w.demand.points[p]
		if w.repriced.has(at.chain) {
			now := *at
			now.measure(f.net, f.dir)
			at = &now
		}
		now := at.viaEnds(f)
		if w.near.has(at.from) {
			for _, s := range f.sites[at.chain] {
				if t := plus(plus(f.net.alongChain(at.at, s.Snap.Position, f.dir), s.Snap.Millis), at.snap); t <= f.limit {
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
