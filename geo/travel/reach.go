package travel

import (
	"sync"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Reach is what one site reaches within a limit: nodes in the order of time.
type Reach struct {
	Site  Site
	Limit Millis
	Dir   Direction
	Nodes []graph.NodeID
	Times []Millis // of Nodes, the site's snap leg included

	at map[graph.NodeID]Millis
}

// Time gives the time of a node.
func (r *Reach) Time(v graph.NodeID) (Millis, bool) {
	t, ok := r.at[v]
	return t, ok
}

// scratch is the memory of a search, cleaned by what was touched.
type scratch struct {
	time []Millis
	q    queue
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Reach searches from one site as far as limit.
func (n *Net) Reach(site Site, limit Millis, dir Direction) *Reach {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	for len(s.time) < n.G.NumNodes() {
		s.time = append(s.time, Unreached)
	}
	r := &Reach{Site: site, Limit: limit, Dir: dir}
	var touched []graph.NodeID
	offer := func(v graph.NodeID, t Millis) {
		if t <= limit && t < s.time[v] {
			if s.time[v] == Unreached {
				touched = append(touched, v)
			}
			s.time[v] = t
			s.q.push(entry{t, 0, v})
		}
	}
	tail, head := n.ends(site.Snap.Position, dir, true)
	offer(n.G.Tail(site.Snap.Arc), plus(tail, site.Snap.Millis))
	offer(n.G.Head(site.Snap.Arc), plus(head, site.Snap.Millis))
	for len(s.q) > 0 {
		e := s.q.pop()
		if e.time != s.time[e.node] {
			continue
		}
		r.Nodes = append(r.Nodes, e.node)
		r.Times = append(r.Times, e.time)
		first, last := n.G.Arcs(e.node)
		for a := first; a < last; a++ {
			offer(n.G.Head(a), plus(e.time, n.step(a, dir)))
		}
	}
	r.at = make(map[graph.NodeID]Millis, len(r.Nodes))
	for i, v := range r.Nodes {
		r.at[v] = r.Times[i]
	}
	for _, v := range touched {
		s.time[v] = Unreached
	}
	return r
}

// At gives the time between a point on the net and the reach's site, as Field.At does.
func (n *Net) At(r *Reach, s Snap) (Millis, bool) {
	tail, head := n.ends(s.Position, r.Dir, false)
	best := Unreached
	if t, ok := r.at[n.G.Tail(s.Arc)]; ok {
		best = min(best, plus(tail, t))
	}
	if t, ok := r.at[n.G.Head(s.Arc)]; ok {
		best = min(best, plus(head, t))
	}
	if n.canonical(s.Arc) == n.canonical(r.Site.Snap.Arc) {
		best = min(best, plus(n.alongEdge(s.Position, r.Site.Snap.Position, r.Dir), r.Site.Snap.Millis))
	}
	best = plus(best, s.Millis)
	return best, best <= r.Limit
}
