package travel

import (
	"context"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Position is a point on a street: along mm from the tail of an arc.
type Position struct {
	Arc   graph.ArcID
	Along uint32
}

// Site is where a search starts. Its snap leg counts.
type Site struct {
	ID   int32
	Snap Snap
}

// ends gives the times between a position and the two ends of its arc, in the
// direction of the search: from the site's side (leave = true) or the person's.
func (n *Net) ends(p Position, dir Direction, leave bool) (tail, head Millis) {
	w := n.G.Twin(p.Arc)
	length := n.G.Length(p.Arc)
	along := min(p.Along, length)
	// Moving from the position to the ends, or from the ends to the position?
	if (dir == Outbound) == leave {
		return n.rest(w, length-along), n.rest(p.Arc, along)
	}
	return n.part(p.Arc, along), n.part(w, length-along)
}

// rest gives the time from a point along a to its head.
func (n *Net) rest(a graph.ArcID, along uint32) Millis {
	if n.cost[a] == Unreached {
		return Unreached
	}
	return n.cost[a] - n.part(a, along)
}

// Nearest finds for every node within limit the nearest site and its time. Ties
// go to the smallest id. The order of sites does not matter.
func (n *Net) Nearest(ctx context.Context, sites []Site, limit Millis, dir Direction) (*Field, error) {
	return n.nearest(ctx, sites, limit, dir, batchSize)
}

func (n *Net) nearest(ctx context.Context, sites []Site, limit Millis, dir Direction, batch int) (*Field, error) {
	f := newField(n, dir, limit)
	for _, s := range sites {
		f.sites.add(n.G.ChainOf(s.Snap.Arc), s)
	}
	q := newBuckets()
	err := n.inBatches(sites, batch, q, func(s Site) { f.enter(q, s) }, func(budget int) error { return f.spread(ctx, q, budget) })
	if err != nil {
		return nil, err
	}
	return f, nil
}

// enter offers a site to the ends of its chain.
func (f *Field) enter(q *buckets, s Site) {
	a, b := f.net.offers(s, f.dir)
	f.offer(q, a.node, a.Nearest)
	f.offer(q, b.node, b.Nearest)
}

// offers are the labels that a site gives the ends of its chain.
func (n *Net) offers(s Site, dir Direction) (from, to label) {
	a, b, _, _ := n.G.Chain(n.G.ChainOf(s.Snap.Arc))
	viaFrom, viaTo := n.chainEnds(s.Snap.Position, dir, true)
	return label{a, Nearest{s.ID, plus(viaFrom, s.Snap.Millis)}}, label{b, Nearest{s.ID, plus(viaTo, s.Snap.Millis)}}
}

// offer gives v a better label and queues it.
func (f *Field) offer(q *buckets, v graph.NodeID, l Nearest) {
	now := f.labels[v]
	if l.Millis > f.limit || !l.before(now) {
		return
	}
	if f.was != nil {
		*f.was = append(*f.was, label{v, now})
	}
	f.labels[v] = l
	q.push(l.Millis, l.Site, v)
}

// spread settles what is queued and all that follows from it, but no more than budget junctions.
func (f *Field) spread(ctx context.Context, q *buckets, budget int) error {
	for settled := range budget {
		if settled&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e, ok := q.pop()
		if !ok {
			return nil
		}
		if f.labels[e.node] != (Nearest{e.owner, e.time}) {
			continue // a better way was found meanwhile
		}
		first, last := f.net.G.Links(e.node)
		for _, l := range f.net.links[first:last] {
			f.offer(q, l.head, Nearest{e.owner, plus(e.time, l.time[f.dir])})
		}
	}
	return nil
}

// alongEdge gives the time between a person and a site on the same piece without leaving it.
func (n *Net) alongEdge(person, site Position, dir Direction) Millis {
	from, to := person, site
	if dir == Outbound {
		from, to = site, person
	}
	if to.Arc != from.Arc { // the same piece seen from the other end
		to = Position{from.Arc, n.G.Length(from.Arc) - min(to.Along, n.G.Length(from.Arc))}
	}
	if to.Along == from.Along {
		return 0 // also where the street is one-way against the arc that names the place
	}
	if to.Along > from.Along {
		if n.cost[from.Arc] == Unreached {
			return Unreached
		}
		return n.part(from.Arc, to.Along) - n.part(from.Arc, from.Along)
	}
	w, length := n.G.Twin(from.Arc), n.G.Length(from.Arc)
	if n.cost[w] == Unreached {
		return Unreached
	}
	return n.part(w, length-to.Along) - n.part(w, length-from.Along)
}

func (n *Net) canonical(a graph.ArcID) graph.ArcID { return a &^ 1 }
