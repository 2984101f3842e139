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

// label finds the reached vertices and the reached part of every street edge.
func (s *march) label(m *Mesh, r *travel.Reach, limit travel.Millis) {
	s.nodes.reset(m.net.G.NumNodes())
	s.vertices.reset(len(m.points))
	s.edges.reset(len(m.org))
	s.inside, s.covers = s.inside[:0], s.covers[:0]
	g := m.net.G
	for i, v := range r.Nodes {
		if r.Times[i] <= limit {
			s.nodes.put(v, int32(i))
		}
	}
	for i, v := range r.Nodes {
		if r.Times[i] > limit {
			continue
		}
		first, last := g.Arcs(v)
		for a := first; a < last; a++ {
			c := min(a, g.Twin(a))
			if m.first[c] == m.first[c+1] || (a != c && s.nodes.get(g.Tail(c)) != none && g.Tail(c) != g.Head(c)) {
				continue // no street, or done from the other end
			}
			s.labelStreet(m, r, limit, c)
		}
	}
	if site := r.Site.Snap; r.Site.Snap.Millis <= limit && int(site.Arc) < g.NumArcs() {
		if c := min(site.Arc, g.Twin(site.Arc)); s.nodes.get(g.Tail(c)) == none && s.nodes.get(g.Head(c)) == none {
			s.labelStreet(m, r, limit, c)
		}
	}
}

// profile of time along one street, from both ends and from a source on it.
type ramp struct {
	lo, hi, p, q                float64 // reached shares
	tail, head, source          float64 // times, ms
	fromTail, fromHead          float64 // ms along the whole street
	at                          float64 // the source's share
	hasTail, hasHead, hasSource bool
}

// labelStreet marks the pieces of the street of c, the lesser arc of its pair. Time grows linearly from
// either end, each with its own direction's cost.
func (s *march) labelStreet(m *Mesh, r *travel.Reach, limit travel.Millis, c graph.ArcID) {
	g := m.net.G
	along, against := m.net.Cost(c), m.net.Cost(g.Twin(c)) // travelled when leaving the tail, the head
	if r.Dir == travel.Inbound {
		along, against = against, along
	}
	w := ramp{lo: -1, hi: 2, p: 1, q: 0, fromTail: float64(along), fromHead: float64(against)}
	if i := s.nodes.get(g.Tail(c)); i != none {
		w.hasTail, w.tail, w.lo = true, float64(r.Times[i]), share(limit-r.Times[i], along)
	}
	if i := s.nodes.get(g.Head(c)); i != none {
		w.hasHead, w.head, w.hi = true, float64(r.Times[i]), 1-share(limit-r.Times[i], against)
	}
	if site := r.Site.Snap; min(site.Arc, g.Twin(site.Arc)) == c && site.Millis <= limit {
		w.at = float64(site.Along) / max(1, float64(g.Length(c)))
		if site.Arc != c {
			w.at = 1 - w.at
		}
		w.hasSource, w.source = true, float64(site.Millis)
		w.p, w.q = w.at-share(limit-site.Millis, against), w.at+share(limit-site.Millis, along)
	}
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
	if w.hasSource && w.p <= x && x <= w.q {
		if x >= w.at {
			offer(w.source + (x-w.at)*w.fromTail)
		} else {
			offer(w.source + (w.at-x)*w.fromHead)
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
	if w.hasSource && w.p < to && w.q > from {
		c.p, c.q = local(w.p), local(w.q)
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
