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
	for chain, ok := w.repriced.next(0); ok; chain, ok = w.repriced.next(chain + 1) {
		_, _, first, last := w.base.G.Chain(chain)
		for a := 2 * first; a < 2*last; a++ {
			if w.base.cost[a] != Unreached && w.field.net.cost[a] == Unreached {
				all = append(all, a)
			}
		}
	}
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

// reprice repairs the labels for chains whose arcs take longer or shorter than before.
//
// Longer: whatever label may have come over such a chain, or from a site on it, is taken away, and all
// that may have come from there, found by times that fit exactly (Ramalingam &
// Reps 1996 without their counts, which arcs of no time would confuse). The labels
// that stay have a way that did not change, so they are right; the region is
// filled from them. Shorter: the chain offers its ends new labels, as a site does.
func (w *WhatIf) reprice(tolls []toll) {
	f, n := w.field, w.field.net
	chains := w.chains(tolls)
	was := make(map[graph.ChainID][]Millis, len(chains)) // the arcs' times, to look ahead and come back
	var region []label
	taken := func(v graph.NodeID, l Nearest) {
		if l.Millis != Unreached && f.labels[v] == l {
			region = append(region, label{v, l})
			f.labels[v] = nobody
		}
	}
	set := func(now bool) {
		for _, c := range tolls {
			if n.cost[c.arc] = c.was; now {
				n.cost[c.arc] = c.is
			}
		}
	}
	// over looks at the ways over the chain: from one end to the other, by the search's direction.
	over := func(c graph.ChainID, visit func(from, to graph.NodeID, t Millis)) {
		from, to, first, last := n.G.Chain(c)
		visit(from, to, n.sum(first, last, f.dir == Inbound))
		visit(to, from, n.sum(first, last, f.dir == Outbound))
	}
	set(true)
	for _, c := range chains {
		over(c, func(_, _ graph.NodeID, t Millis) { was[c] = append(was[c], t) })
	}
	set(false)
	for _, c := range chains {
		is := was[c]
		over(c, func(from, to graph.NodeID, t Millis) {
			if is[0] > t && from != to {
				l := f.labels[from]
				taken(to, Nearest{l.Site, plus(l.Millis, t)})
			}
			is = is[1:]
		})
		for _, s := range f.sites[c] {
			a, b := n.offers(s, f.dir)
			taken(a.node, a.Nearest)
			taken(b.node, b.Nearest)
		}
	}
	// a chain of the edit whose own end was just taken still leads on: the flood finds it by its old time
	for i := 0; i < len(region); i++ {
		l := region[i]
		first, last := n.G.Links(l.node)
		for _, link := range n.links[first:last] {
			taken(link.head, Nearest{l.Site, plus(l.Millis, link.time[f.dir])})
		}
	}
	set(true)
	for _, c := range chains {
		n.sumChain(c)
		w.repriced.set(c)
	}
	w.q.restart()
	w.was = append(w.was, region...)
	w.fill(region)
	for _, c := range chains {
		over(c, func(from, to graph.NodeID, t Millis) {
			l := f.labels[from]
			f.offer(w.q, to, Nearest{l.Site, plus(l.Millis, t)})
		})
		for _, s := range f.sites[c] {
			f.enter(w.q, s)
		}
	}
	w.settle()
}

// chains lists the chains of tolls, each once.
func (w *WhatIf) chains(tolls []toll) []graph.ChainID {
	var all []graph.ChainID
	for _, t := range tolls {
		all = append(all, w.base.G.ChainOf(t.arc))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sumChain adds a chain up anew after its arcs have changed.
func (n *Net) sumChain(c graph.ChainID) {
	from, to, _, _ := n.G.Chain(c)
	for _, end := range []graph.NodeID{from, to} {
		first, last := n.G.Links(end)
		for l := first; l < last; l++ {
			if of, _ := n.G.Link(l); of == c {
				n.links[l] = n.sumLink(l)
			}
		}
	}
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
