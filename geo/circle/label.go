package circle

import (
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// cover is the reached part of a street edge as shares of its canonical half-edge (the lesser of the two):
// [0,lo] from its origin, [hi,1] from its end, [p,q] round a source in between (p > q: none).
type cover struct{ lo, hi, p, q float32 }

var uncovered = cover{lo: 0, hi: 1, p: 1, q: 0}

// reached is a vertex that some street reaches, with its earliest time.
type reached struct {
	vertex int32
	time   travel.Millis
}

// spread is what a search has reached: from one site, or from many at once.
type spread struct {
	nodes []graph.NodeID
	times []travel.Millis // of nodes
	dir   travel.Direction
	sites []travel.Site
	on    func(c graph.ArcID) []travel.Site // the sites on the street of c, the lesser arc of its pair
}

// label finds the reached vertices and the reached part of every street edge.
func (s *march) label(m *Mesh, r spread, limit travel.Millis) {
	s.nodes.reset(m.net.G.NumNodes())
	s.vertices.reset(len(m.points))
	s.edges.reset(len(m.org))
	s.inside, s.covers = s.inside[:0], s.covers[:0]
	g := m.net.G
	for i, v := range r.nodes {
		if r.times[i] <= limit {
			s.nodes.put(v, int32(i))
		}
	}
	for i, v := range r.nodes {
		if r.times[i] > limit {
			continue
		}
		for a := range g.Leaving(v) {
			c := min(a, g.Twin(a))
			if m.first[c] == m.first[c+1] || (a != c && s.nodes.get(g.Tail(c)) != none && g.Tail(c) != g.Head(c)) {
				continue // no street, or done from the other end
			}
			s.labelStreet(m, r, limit, c)
		}
	}
	for _, site := range r.sites {
		if c := m.lesser(site.Snap.Arc); site.Snap.Millis <= limit && s.nodes.get(g.Tail(c)) == none && s.nodes.get(g.Head(c)) == none {
			s.labelStreet(m, r, limit, c)
		}
	}
}

// lesser names the street of a by the lesser arc of its pair.
func (m *Mesh) lesser(a graph.ArcID) graph.ArcID { return min(a, m.net.G.Twin(a)) }

// ramp is the time along one street, from both ends and from the sources on it.
type ramp struct {
	lo, hi             float64 // reached shares
	tail, head         float64 // times, ms
	fromTail, fromHead float64 // ms along the whole street
	hasTail, hasHead   bool
	sources            []source
}

// source is a site on a street: its share of the way, its time, and the reached shares p to q round it.
type source struct{ at, time, p, q float64 }

// labelStreet marks the pieces of the street of c, the lesser arc of its pair. Time grows linearly from
// either end, each with its own direction's cost.
func (s *march) labelStreet(m *Mesh, r spread, limit travel.Millis, c graph.ArcID) {
	g := m.net.G
	along, against := m.net.Cost(c), m.net.Cost(g.Twin(c)) // travelled when leaving the tail, the head
	if r.dir == travel.Inbound {
		along, against = against, along
	}
	w := ramp{lo: -1, hi: 2, fromTail: float64(along), fromHead: float64(against), sources: s.sources[:0]}
	if i := s.nodes.get(g.Tail(c)); i != none {
		w.hasTail, w.tail, w.lo = true, float64(r.times[i]), share(limit-r.times[i], along)
	}
	if i := s.nodes.get(g.Head(c)); i != none {
		w.hasHead, w.head, w.hi = true, float64(r.times[i]), 1-share(limit-r.times[i], against)
	}
	for _, site := range r.on(c) {
		if site.Snap.Millis > limit {
			continue
		}
		left := limit - site.Snap.Millis
		at := float64(site.Snap.Along) / max(1, float64(g.Length(c)))
		if site.Snap.Arc != c {
			at = 1 - at
		}
		w.sources = append(w.sources, source{at, float64(site.Snap.Millis), at - share(left, against), at + share(left, along)})
	}
	s.sources = w.sources
	for _, e := range m.pieces[m.first[c]:m.first[c+1]] {
		s.labelPiece(m, e, &w)
	}
}

// share is the part of a way that a budget pays for, 0 on a closed way; at most 1.
func share(budget, cost travel.Millis) float64 {
	switch {
	case cost == travel.Unreached:
		return 0
	case budget >= cost:
		return 1
	}
	return float64(budget) / float64(cost)
}

// time gives the earliest time at share x, and whether it is reached.
func (w *ramp) time(x float64) (float64, bool) {
	best, ok := 0.0, false
	offer := func(t float64) {
		if !ok || t < best {
			best, ok = t, true
		}
	}
	if w.hasTail && x <= w.lo {
		offer(w.tail + x*w.fromTail)
	}
	if w.hasHead && x >= w.hi {
		offer(w.head + (1-x)*w.fromHead)
	}
	for _, o := range w.sources {
		switch {
		case x < o.p || x > o.q:
		case x >= o.at:
			offer(o.time + (x-o.at)*w.fromTail)
		default:
			offer(o.time + (o.at-x)*w.fromHead)
		}
	}
	return best, ok
}

func (s *march) labelPiece(m *Mesh, e piece, w *ramp) {
	from, to := float64(e.from), float64(e.to)
	if t, ok := w.time(from); ok {
		s.reach(m.org[e.half], t)
	}
	if t, ok := w.time(to); ok {
		s.reach(m.org[next(e.half)], t)
	}
	local := func(x float64) float32 { return float32(max(0, min(1, (x-from)/(to-from)))) }
	c := cover{lo: local(w.lo), hi: local(w.hi), p: 1, q: 0}
	for _, o := range w.sources {
		if o.p < to && o.q > from {
			c = c.union(cover{lo: c.lo, hi: c.hi, p: local(o.p), q: local(o.q)})
		}
	}
	key := e.half
	if g := m.twin[e.half]; g < key {
		key = g
		c = cover{1 - c.hi, 1 - c.lo, 1 - c.q, 1 - c.p}
	}
	i := s.edges.get(uint32(key))
	if i == none {
		s.edges.put(uint32(key), int32(len(s.covers)))
		s.covers = append(s.covers, c.tidy())
		return
	}
	s.covers[i] = s.covers[i].union(c.tidy())
}

// union is what either cover reaches; of two separate inner parts the greater stays.
func (c cover) union(d cover) cover {
	c.lo, c.hi = max(c.lo, d.lo), min(c.hi, d.hi)
	switch {
	case c.p > c.q:
		c.p, c.q = d.p, d.q
	case d.p <= d.q && d.p <= c.q && c.p <= d.q:
		c.p, c.q = min(c.p, d.p), max(c.q, d.q)
	case d.q-d.p > c.q-c.p:
		c.p, c.q = d.p, d.q
	}
	return c.tidy()
}

// tidy joins the inner part to an end that it meets.
func (c cover) tidy() cover {
	if c.p <= c.q && c.p <= c.lo {
		c.lo, c.p, c.q = max(c.lo, c.q), 1, 0
	}
	if c.p <= c.q && c.q >= c.hi {
		c.hi, c.p, c.q = min(c.hi, c.p), 1, 0
	}
	return c
}

func (s *march) reach(v int32, t float64) {
	i := s.vertices.get(uint32(v))
	if i == none {
		s.vertices.put(uint32(v), int32(len(s.inside)))
		s.inside = append(s.inside, reached{v, travel.Millis(t)})
		return
	}
	s.inside[i].time = min(s.inside[i].time, travel.Millis(t))
}
