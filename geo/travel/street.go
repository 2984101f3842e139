package travel

import (
	"fmt"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// toll is an arc whose time an edit changes.
type toll struct {
	arc     graph.ArcID
	was, is Millis
}

// BothWays gives arcs and their twins, each once: a street in both directions.
func (n *Net) BothWays(arcs ...graph.ArcID) []graph.ArcID {
	var all []graph.ArcID
	for _, a := range arcs {
		if int64(a) < int64(n.G.NumArcs()) {
			all = append(all, n.G.Twin(a))
		}
	}
	all = append(all, arcs...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Close closes arcs, each in its own direction (BothWays gives a whole street), as
// one edit, and gives the points that it changes. Closed arcs stay closed. The
// error names an arc that the net has not.
func (w *WhatIf) Close(arcs ...graph.ArcID) ([]Change, error) {
	return w.setArcs(arcs, func(graph.ArcID) Millis { return Unreached })
}

// Open opens arcs, each in its own direction, at the time that the net has for
// them: that of the profile, or asIfOpen for what the profile may not use.
func (w *WhatIf) Open(arcs ...graph.ArcID) ([]Change, error) {
	return w.setArcs(arcs, w.base.asIfOpen)
}

// Closed lists the arcs that are closed now and were not at first.
func (w *WhatIf) Closed() []graph.ArcID {
	var all []graph.ArcID
	for street := range w.repriced {
		for _, a := range w.base.BothWays(street) {
			if w.base.cost[a] != Unreached && w.field.net.cost[a] == Unreached {
				all = append(all, a)
			}
		}
	}
	slices.Sort(all)
	return all
}

func (w *WhatIf) setArcs(arcs []graph.ArcID, price func(graph.ArcID) Millis) ([]Change, error) {
	arcs = slices.Compact(slices.Sorted(slices.Values(arcs)))
	var tolls []toll
	for _, a := range arcs {
		if int64(a) >= int64(len(w.base.cost)) {
			return nil, fmt.Errorf("geo: the net has no arc %d", a)
		}
		if t := (toll{a, w.field.net.cost[a], price(a)}); t.was != t.is {
			tolls = append(tolls, t)
		}
	}
	w.was = w.was[:0]
	w.reprice(tolls)
	return w.finish(edit{tolls: tolls}), nil
}

// reprice repairs the labels for arcs that take longer or shorter than before.
//
// Longer: whatever label may have come over such an arc is taken away, and all
// that may have come from there, found by times that fit exactly (Ramalingam &
// Reps 1996 without their counts, which arcs of no time would confuse). The labels
// that stay have a way that did not change, so they are right; the region is
// filled from them. Shorter: the arc offers its head a new label, as a site does.
func (w *WhatIf) reprice(tolls []toll) {
	f := w.field
	var region []label
	taken := func(v graph.NodeID, from Millis, cost Millis, owner int32) {
		if t := plus(from, cost); t != Unreached && f.time[v] == t && f.owner[v] == owner {
			region = append(region, label{v, t, owner})
			f.time[v], f.owner[v] = Unreached, -1
		}
	}
	for _, c := range tolls {
		if c.is < c.was {
			continue
		}
		from, to := f.along(c.arc)
		if from != to {
			taken(to, f.time[from], c.was, f.owner[from])
		}
		for _, s := range f.onEdge[f.net.canonical(c.arc)] {
			tail, head := f.net.ends(s.Snap.Position, f.dir, true)
			taken(f.net.G.Tail(s.Snap.Arc), tail, s.Snap.Millis, s.ID)
			taken(f.net.G.Head(s.Snap.Arc), head, s.Snap.Millis, s.ID)
		}
	}
	// an arc of the edit whose own tail was just taken still leads on: the flood finds it by its old time
	for i := 0; i < len(region); i++ {
		l := region[i]
		first, last := f.net.G.Arcs(l.node)
		for a := first; a < last; a++ {
			taken(f.net.G.Head(a), l.time, f.net.step(a, f.dir), l.owner)
		}
	}
	for _, c := range tolls {
		f.net.cost[c.arc] = c.is
		w.repriced[f.net.canonical(c.arc)] = true
	}
	w.q.restart()
	w.was = append(w.was, region...)
	w.fill(region)
	for _, c := range tolls {
		if from, to := f.along(c.arc); c.is < c.was {
			f.offer(w.q, to, plus(f.time[from], c.is), f.owner[from])
			for _, s := range f.onEdge[f.net.canonical(c.arc)] {
				f.enter(w.q, s)
			}
		}
	}
	w.settle()
}

// along gives the nodes that a search goes between over an arc: inbound it comes from the head.
func (f *Field) along(a graph.ArcID) (from, to graph.NodeID) {
	if f.dir == Inbound {
		return f.net.G.Head(a), f.net.G.Tail(a)
	}
	return f.net.G.Tail(a), f.net.G.Head(a)
}

// asIfOpen is the time along an arc as it would be if the profile were let in, barriers apart.
func (n *Net) asIfOpen(a graph.ArcID) Millis {
	switch {
	case n.cost[a] != Unreached:
		return n.cost[a]
	case n.G.Access(a)&graph.Transit != 0:
		return n.G.FixedMillis(a)
	}
	return n.street(a)
}
