package circle

import (
	"math"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// cover is the reached part of a street edge as shares of its canonical half-edge (the lesser of the two):
// [0,lo] from its origin, [hi,1] from its end, [p,q] round a source in between (p > q: none).
type cover struct{ lo, hi, p, q float32 }

var uncovered = cover{lo: 0, hi: 1, p: 1, q: 0}

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
	s.inside.reset(len(m.points))
	s.edges.reset(len(m.halves))
	s.whole.reset(len(m.halves))
	s.stirred.reset(len(m.points))
	s.covers, s.from = s.covers[:0], r
	g := m.net.G
	for i, v := range r.nodes {
		if r.times[i] <= limit {
			s.nodes.put(v, int32(i))
		}
	}
	// By pages: streets that are near in number are near in memory.
	for i, p := range s.nodes.touched {
		for k, at := range &s.nodes.pages[i] {
			if at == none {
				continue
			}
			v := graph.NodeID(p<<pageBits) + graph.NodeID(k)
			if place := m.vertex[v]; place != none {
				s.inside.reach(place, r.times[at])
			}
			if enough := m.enough[v]; enough != travel.Unreached && limit-r.times[at] >= enough {
				for _, place := range m.cuts[m.cutAt[v]:m.cutAt[v+1]] {
					s.inside.reach(place, travel.Unreached) // to be told when somebody asks
				}
				continue
			}
			for a := range g.Leaving(v) {
				c := m.lesser(a)
				if m.first[c] == m.first[c+1] || (a != c && g.Head(a) != v && s.nodes.get(g.Head(a)) != none) {
					continue // no street, or done from the other end
				}
				s.labelStreet(m, r, limit, c)
			}
		}
	}
	last := graph.ArcID(math.MaxUint32)
	for _, site := range r.sites { // reached at neither end, or reached earlier in between
		if c := m.lesser(site.Snap.Arc); c != last {
			s.labelStreet(m, r, limit, c)
			last = c
		}
	}
}

// time is the earliest time of a reached vertex; what was passed over is told now.
func (s *march) time(m *Mesh, v int32) travel.Millis {
	t := s.inside.time(v)
	if t != travel.Unreached {
		return t
	}
	c := graph.ArcID(^m.owner[v])
	w := s.ramp(m, s.from, s.limit, c)
	for _, e := range m.pieces[m.first[c]:m.first[c+1]] {
		x := e.from
		if e.v == v {
			x = e.to
		} else if e.u != v {
			continue
		}
		early, _ := w.time(float64(x))
		return travel.Millis(early)
	}
	return s.limit
}

// lesser names the street of a by the lesser arc of its pair.
func (m *Mesh) lesser(a graph.ArcID) graph.ArcID { return min(a, m.net.G.Twin(a)) }

// ramp is the time along one street, from both ends and from the sources on it.
type ramp struct {
	lo, hi           float64       // reached shares
	tail, head       float64       // times, ms
	along, against   travel.Millis // the whole street from its tail, from its head
	hasTail, hasHead bool
	sources          []source
}

// source is a site on a street: its share of the way, its time, and the reached shares p to q round it.
type source struct{ at, time, p, q float64 }

// ramp is that of the street of c, the lesser arc of its pair, but for sources. Time grows linearly from either
// end, each with its own direction's cost.
func (s *march) ramp(m *Mesh, r spread, limit travel.Millis, c graph.ArcID) ramp {
	g := m.net.G
	along, against := m.net.Cost(c), m.net.Cost(g.Twin(c)) // travelled when leaving the tail, the head
	if r.dir == travel.Inbound {
		along, against = against, along
	}
	w := ramp{lo: -1, hi: 2, along: along, against: against}
	if i := s.nodes.get(g.Tail(c)); i != none {
		w.hasTail, w.tail, w.lo = true, float64(r.times[i]), share(limit-r.times[i], along)
	}
	if i := s.nodes.get(g.Head(c)); i != none {
		w.hasHead, w.head, w.hi = true, float64(r.times[i]), 1-share(limit-r.times[i], against)
	}
	return w
}

// labelStreet marks the pieces of the street of c.
func (s *march) labelStreet(m *Mesh, r spread, limit travel.Millis, c graph.ArcID) {
	w := s.ramp(m, r, limit, c)
	w.sources = s.sources[:0]
	for _, site := range r.on(c) {
		if site.Snap.Millis > limit {
			continue
		}
		left := limit - site.Snap.Millis
		at := float64(site.Snap.Along) / max(1, float64(m.net.G.Length(c)))
		if site.Snap.Arc != c {
			at = 1 - at
		}
		w.sources = append(w.sources, source{at, float64(site.Snap.Millis), at - share(left, w.against), at + share(left, w.along)})
	}
	s.sources = w.sources
	pieces := m.pieces[m.first[c]:m.first[c+1]]
	for i := range pieces {
		s.labelPiece(m, &pieces[i], &w)
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
		offer(w.tail + x*float64(w.along))
	}
	if w.hasHead && x >= w.hi {
		offer(w.head + (1-x)*float64(w.against))
	}
	for _, o := range w.sources {
		switch {
		case x < o.p || x > o.q:
		case x >= o.at:
			offer(o.time + (x-o.at)*float64(w.along))
		default:
			offer(o.time + (o.at-x)*float64(w.against))
		}
	}
	return best, ok
}

func (s *march) labelPiece(m *Mesh, e *piece, w *ramp) {
	from, to := float64(e.from), float64(e.to)
	if t, ok := w.time(from); ok {
		s.inside.reach(e.u, travel.Millis(t))
	}
	if t, ok := w.time(to); ok {
		s.inside.reach(e.v, travel.Millis(t))
	}
	isBack := from > to
	if isBack {
		from, to = to, from
	}
	local := func(x float64) float32 { return float32(max(0, min(1, (x-from)/(to-from)))) }
	c := cover{lo: local(w.lo), hi: local(w.hi), p: 1, q: 0}
	for _, o := range w.sources {
		if o.p < to && o.q > from {
			c = c.union(cover{lo: c.lo, hi: c.hi, p: local(o.p), q: local(o.q)})
		}
	}
	if isBack {
		c = cover{1 - c.hi, 1 - c.lo, 1 - c.q, 1 - c.p}
	}
	c = c.tidy()
	if i := s.edges.get(uint32(e.edge)); i != none {
		c = s.covers[i].union(c)
		s.covers[i] = c
	} else if c.lo >= c.hi && s.inside.has(e.u) && s.inside.has(e.v) { // rounding may leave an end out
		s.whole.add(e.edge)
		return
	} else {
		s.edges.put(uint32(e.edge), int32(len(s.covers)))
		s.covers = append(s.covers, c)
	}
	s.stirred.add(e.u)
	s.stirred.add(e.v)
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
