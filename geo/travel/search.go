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

// Field is the time of every node to (or from) its nearest site.
type Field struct {
	net    *Net
	dir    Direction
	limit  Millis
	time   []Millis
	owner  []int32
	onEdge map[graph.ArcID][]Site // canonical arc → sites on that segment
	was    *[]label               // when set, takes the label that a node had before each change
}

// label is what a node has: its time and the nearest site.
type label struct {
	node  graph.NodeID
	time  Millis
	owner int32
}

// step gives the time over arc a of the graph when the search leaves its tail:
// outbound along it, inbound along its twin, since people come the other way.
func (n *Net) step(a graph.ArcID, dir Direction) Millis {
	if dir == Inbound {
		return n.cost[n.G.Twin(a)]
	}
	return n.cost[a]
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
	f := &Field{net: n, dir: dir, limit: limit, time: make([]Millis, n.G.NumNodes()), owner: make([]int32, n.G.NumNodes()), onEdge: map[graph.ArcID][]Site{}}
	for i := range f.time {
		f.time[i], f.owner[i] = Unreached, -1
	}
	for _, s := range sites {
		a := n.canonical(s.Snap.Arc)
		f.onEdge[a] = append(f.onEdge[a], s)
	}
	q := newBuckets()
	err := n.inBatches(sites, batch, q, func(s Site) { f.enter(q, s) }, func(budget int) error { return f.spread(ctx, q, budget) })
	if err != nil {
		return nil, err
	}
	return f, nil
}

// enter offers a site to the ends of its street.
func (f *Field) enter(q *buckets, s Site) {
	tail, head := f.net.ends(s.Snap.Position, f.dir, true)
	f.offer(q, f.net.G.Tail(s.Snap.Arc), plus(tail, s.Snap.Millis), s.ID)
	f.offer(q, f.net.G.Head(s.Snap.Arc), plus(head, s.Snap.Millis), s.ID)
}

// offer gives v a better label and queues it.
func (f *Field) offer(q *buckets, v graph.NodeID, t Millis, owner int32) {
	if t > f.limit || t > f.time[v] || t == f.time[v] && owner >= f.owner[v] {
		return
	}
	if f.was != nil {
		*f.was = append(*f.was, label{v, f.time[v], f.owner[v]})
	}
	f.time[v], f.owner[v] = t, owner
	q.push(t, owner, v)
}

// spread settles what is queued and all that follows from it, but no more than budget nodes.
func (f *Field) spread(ctx context.Context, q *buckets, budget int) error {
	for settled := range budget {
		if settled&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e, ok := q.pop()
		if !ok {
			return nil
		}
		if e.time != f.time[e.node] || e.owner != f.owner[e.node] {
			continue // a better way was found meanwhile
		}
		first, last := f.net.G.Arcs(e.node)
		for a := first; a < last; a++ {
			f.offer(q, f.net.G.Head(a), plus(e.time, f.net.step(a, f.dir)), e.owner)
		}
	}
	return nil
}

// Node gives the time and the nearest site of a node; Unreached and −1 without one.
func (f *Field) Node(v graph.NodeID) (Millis, int32) { return f.time[v], f.owner[v] }

// At gives the time and the nearest site of a point that was brought onto the
// net, its snap leg included. A site on the same segment is reached directly.
func (f *Field) At(s Snap) (Millis, int32) {
	tail, head := f.net.ends(s.Position, f.dir, false)
	best, owner := Unreached, int32(-1)
	offer := func(t Millis, id int32) {
		t = plus(t, s.Millis)
		if t <= f.limit && (t < best || t == best && id < owner) {
			best, owner = t, id
		}
	}
	if v := f.net.G.Tail(s.Arc); f.owner[v] >= 0 {
		offer(plus(tail, f.time[v]), f.owner[v])
	}
	if v := f.net.G.Head(s.Arc); f.owner[v] >= 0 {
		offer(plus(head, f.time[v]), f.owner[v])
	}
	for _, site := range f.onEdge[f.net.canonical(s.Arc)] {
		offer(plus(f.net.alongEdge(s.Position, site.Snap.Position, f.dir), site.Snap.Millis), site.ID)
	}
	return best, owner
}

// alongEdge gives the time between a person and a site on the same segment without leaving it.
func (n *Net) alongEdge(person, site Position, dir Direction) Millis {
	from, to := person, site
	if dir == Outbound {
		from, to = site, person
	}
	if to.Arc != from.Arc { // the same segment seen from the other end
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

func (n *Net) canonical(a graph.ArcID) graph.ArcID { return min(a, n.G.Twin(a)) }
