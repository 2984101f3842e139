package travel

import (
	"sync"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Reach is what one site reaches within a limit.
type Reach struct {
	Site  Site
	Limit Millis
	Dir   Direction
	Nodes []graph.NodeID // junctions in the order of time, then the inner nodes of their chains
	Times []Millis       // of Nodes, the site's snap leg included

	net       *Net
	junctions int // of Nodes, those
	at        places
}

// places finds the junctions of a reach: an open-addressed table of one plus their place in Nodes.
type places []uint32

func (p places) slot(v graph.NodeID) int {
	return int(v*2654435761>>7) & (len(p) - 1) // Knuth's multiplicative hash
}

// Time gives the time of a node.
func (r *Reach) Time(v graph.NodeID) (Millis, bool) {
	if int(v) < r.net.G.Junctions() {
		t := r.junction(v)
		return t, t != Unreached
	}
	c, _ := r.net.G.ChainAt(v)
	from, to, _, _ := r.net.G.Chain(c)
	t := r.net.inner(v, r.Dir, Nearest{0, r.junction(from)}, Nearest{0, r.junction(to)}, r.own(c), r.Limit).Millis
	return t, t != Unreached
}

// junction gives the time of a junction, Unreached when it is not reached.
func (r *Reach) junction(v graph.NodeID) Millis {
	for i := r.at.slot(v); ; i = (i + 1) & (len(r.at) - 1) {
		switch k := r.at[i]; {
		case k == 0:
			return Unreached
		case r.Nodes[k-1] == v:
			return r.Times[k-1]
		}
	}
}

// own is the site when it stands on chain c.
func (r *Reach) own(c graph.ChainID) []Site {
	if r.net.G.ChainOf(r.Site.Snap.Arc) != c {
		return nil
	}
	return []Site{{0, r.Site.Snap}}
}

// single is the memory of a search from one site, clean between two.
type single struct {
	q       *buckets
	time    []Millis // by junction
	touched []graph.NodeID
	inner   []Nearest
}

var singles = sync.Pool{New: func() any { return &single{q: newBuckets()} }}

func (s *single) fit(n *Net) {
	for len(s.time) < n.G.Junctions() {
		s.time = append(s.time, Unreached)
	}
}

// run visits the junctions that a site reaches, in the order of time; each once.
func (s *single) run(n *Net, site Site, limit Millis, dir Direction, visit func(graph.NodeID, Millis)) {
	s.q.restart()
	offer := func(v graph.NodeID, t Millis) {
		if t > limit || t >= s.time[v] {
			return
		}
		if s.time[v] == Unreached {
			s.touched = append(s.touched, v)
		}
		s.time[v] = t
		s.q.push(t, 0, v)
	}
	from, to := n.offers(site, dir)
	offer(from.node, from.Millis)
	offer(to.node, to.Millis)
	for e, ok := s.q.pop(); ok; e, ok = s.q.pop() {
		if e.time != s.time[e.node] {
			continue
		}
		visit(e.node, e.time)
		first, last := n.G.Links(e.node)
		for _, l := range n.links[first:last] {
			offer(l.head, plus(e.time, l.time[dir]))
		}
	}
}

func (s *single) clean() {
	for _, v := range s.touched {
		s.time[v] = Unreached
	}
	s.touched = s.touched[:0]
}

// Reach searches from one site as far as limit.
func (n *Net) Reach(site Site, limit Millis, dir Direction) *Reach {
	s := singles.Get().(*single)
	defer singles.Put(s)
	s.fit(n)
	r := &Reach{Site: site, Limit: limit, Dir: dir, net: n}
	s.run(n, site, limit, dir, func(v graph.NodeID, t Millis) { r.Nodes, r.Times = append(r.Nodes, v), append(r.Times, t) })
	r.junctions = len(r.Nodes)
	size := 4
	for size < 2*r.junctions {
		size *= 2
	}
	r.at = make(places, size)
	for i, v := range r.Nodes {
		at := r.at.slot(v)
		for r.at[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		r.at[at] = uint32(i + 1)
	}
	home := n.G.ChainOf(site.Snap.Arc)
	r.expand(s, home)
	for _, v := range r.Nodes[:r.junctions] {
		first, last := n.G.Links(v)
		for l := first; l < last; l++ {
			c, against := n.G.Link(l)
			if from, _, _, _ := n.G.Chain(c); c != home && (!against || s.time[from] == Unreached) { // each chain once
				r.expand(s, c)
			}
		}
	}
	s.clean()
	return r
}

// expand adds the inner nodes of a chain.
func (r *Reach) expand(s *single, c graph.ChainID) {
	from, to, first, last := r.net.G.Chain(c)
	if last == first+1 {
		return
	}
	s.inner = r.net.within(c, r.Dir, Nearest{0, s.time[from]}, Nearest{0, s.time[to]}, r.own(c), r.Limit, s.inner[:0])
	for i, l := range s.inner {
		if l.Millis <= r.Limit && l.Site >= 0 {
			r.Nodes, r.Times = append(r.Nodes, r.net.G.InnerNode(c, first+uint32(i))), append(r.Times, l.Millis)
		}
	}
}

// At gives the time between a point on the net and the reach's site, as Field.At does.
func (n *Net) At(r *Reach, s Snap) (Millis, bool) {
	c := n.G.ChainOf(s.Arc)
	from, to, _, _ := n.G.Chain(c)
	viaFrom, viaTo := n.chainEnds(s.Position, r.Dir, false)
	best := min(plus(viaFrom, r.junction(from)), plus(viaTo, r.junction(to)))
	if c == n.G.ChainOf(r.Site.Snap.Arc) {
		best = min(best, plus(n.alongChain(s.Position, r.Site.Snap.Position, r.Dir), r.Site.Snap.Millis))
	}
	best = plus(best, s.Millis)
	return best, best <= r.Limit
}
