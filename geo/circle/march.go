package circle

import (
	"math"

	"github.com/lifecircle/lifecircle/geo/travel"
)

const (
	offStreetMetres = 60   // farthest that land off the street is coloured
	waterMetres     = 5    // the same over water, beside a bridge
	streetMetres    = 0.15 // nearest that the contour comes to a vertex along a street
	dentMetres      = 0.3  // the same beside a free edge
	bendMetres      = 0.02 // least depth of the bend on a run within one street
	gapMetres       = 2.0  // greatest depth of the dent at an unreached part between reached ends
	slideMetres     = 2.5  // least way along a free edge on which the contour may slide
	slackMillis     = 300000
)

// march is the memory of one Polygon call.
type march struct {
	nodes, edges, gates table
	inside              inside
	whole, stirred      set // streets told reached all along, vertices of those in part
	walked              set // triangles that the contour passes
	from                spread
	covers              []cover
	sources             []source
	limit               travel.Millis
	edgeGates           []edgeGates
	crossings           []crossing
	order               []step
	ring                []gate
	drawn               []point
	rings               [][]point
	starts              []int32 // of rings: a crossing on it
	seams               seams
}

// crossing is where the contour passes a mesh edge: anywhere between the shares lo and hi of its canonical
// half-edge (equal on streets).
type crossing struct {
	half    int32
	lo, hi  float32
	inBelow bool  // the reached side is that of the origin
	soft    bool  // a gap between two reached ends of a free edge
	next    int32 // crossing that follows on the contour, reached side to the left
	apex    point // bend on the way there
	bent    bool
	done    bool
}

// edgeGates are the crossings of one edge, in the order of its canonical half-edge.
type edgeGates struct{ first, n int32 }

// step is a crossing met while walking round a triangle.
type step struct {
	crossing int32
	edge     int32 // 0, 1, 2 in the triangle
	exit     bool
}

// walk marches every triangle that the contour may pass.
func (s *march) walk(m *Mesh) {
	s.gates.reset(len(m.halves))
	s.walked.reset(len(m.halves) / 3)
	s.edgeGates, s.crossings = s.edgeGates[:0], s.crossings[:0]
	s.inside.each(func(v int32) {
		if s.isQuiet(m, v) {
			return
		}
		first := m.out[v]
		for h := first; ; {
			t := h - h%3
			isInner := s.inside.has(m.org(next(h))) && s.inside.has(m.org(prev(h)))
			if (!isInner || s.open(m, t) || s.open(m, t+1) || s.open(m, t+2)) && s.walked.add(t/3) {
				s.triangle(m, t)
			}
			if h = m.twin(prev(h)); h == first || h == none {
				break
			}
		}
	})
}

// isQuiet says that all round the reached vertex v everything is reached, so that no contour passes.
func (s *march) isQuiet(m *Mesh, v int32) bool {
	if m.noise[v] != 0 || s.stirred.has(v) {
		return false
	}
	for _, w := range m.near[m.nearAt[v]:m.nearAt[v+1]] {
		if !s.inside.has(w) {
			return false
		}
	}
	return true
}

// open says whether an edge between reached vertices may still have a gap.
func (s *march) open(m *Mesh, h int32) bool {
	if m.kind(h) != street {
		return m.kind(h) != short
	}
	return s.hasGap(m, m.edge(h))
}

// hasGap says whether a street between reached vertices, the lesser of its half-edges, may not be reached all along. What
// was not told of was passed over, unless nothing came this way and the vertices are reached by streets that do not meet it.
func (s *march) hasGap(m *Mesh, h int32) bool {
	u, v := m.org(h), m.org(next(h))
	isLayered := (m.noise[u]|m.noise[v])&layered != 0
	if !isLayered && !(s.stirred.has(u) && s.stirred.has(v)) || s.whole.has(h) {
		return false
	}
	if i := s.edges.get(uint32(h)); i != none {
		return s.covers[i].lo < s.covers[i].hi
	}
	return isLayered
}

// lone marches the triangles beside a street piece that is reached in the middle only.
func (s *march) lone(m *Mesh, half int32) {
	for _, h := range [2]int32{half, m.twin(half)} {
		t := h - h%3
		if !s.inside.has(m.org(t)) && !s.inside.has(m.org(t+1)) && !s.inside.has(m.org(t+2)) {
			s.triangle(m, t)
		}
	}
}

// triangle links the crossings of the triangle at half-edge t: each reached run of its border,
// from where the border comes in to where it goes out, is closed by a chord.
func (s *march) triangle(m *Mesh, t int32) {
	s.order = s.order[:0]
	reached := [4]bool{s.inside.has(m.org(t)), s.inside.has(m.org(t + 1)), s.inside.has(m.org(t + 2))}
	reached[3] = reached[0]
	in := reached[0]
	for i := range int32(3) {
		h := t + i
		if k := m.kind(h); reached[i] == reached[i+1] && (k == short || k != street && !in) {
			continue
		}
		e := s.crossingsOf(m, h)
		for k := range e.n {
			c := e.first + k
			if h > m.twin(h) { // seen from the other side: backwards
				c = e.first + e.n - 1 - k
			}
			s.order = append(s.order, step{c, i, in})
			in = !in
		}
	}
	n := len(s.order)
	for i, from := range s.order {
		if !from.exit {
			continue
		}
		entry := s.order[(i+n-1)%n] // the run that ends here began there
		x := &s.crossings[from.crossing]
		x.next, x.bent = entry.crossing, false
		// A gap in one edge of a triangle that is else reached all round gets a shallow dent: on a street so that the
		// unreached part stays outside, on a free edge so that contours of several limits do not run
		// along the same line. A run within one edge needs some width.
		if entry.edge == from.edge {
			x.bent = true
			x.apex = s.bend(m, t, from, entry, i == 0)
		}
	}
}

// bend is the corner between exit and entry on one edge: at most a quarter of their share of the edge toward the
// opposite vertex, so that no two bends meet, halfway to any chord before it, and for a gap at most gapMetres.
func (s *march) bend(m *Mesh, t int32, exit, entry step, gap bool) point {
	px, py := s.middle(m, exit.crossing)
	qx, qy := s.middle(m, entry.crossing)
	c := m.points[m.org(prev(t+exit.edge))]
	mx, my := (px+qx)/2, (py+qy)/2
	x, y := s.crossings[exit.crossing], s.crossings[entry.crossing]
	// Bends of one edge are alike whatever their width, so that the lesser lies within the greater.
	h := t + exit.edge
	u, v := m.points[m.org(h)], m.points[m.org(next(h))]
	dx, dy := float64(c.x)-float64(u.x)/2-float64(v.x)/2, float64(c.y)-float64(u.y)/2-float64(v.y)/2
	far := max(1e-3, math.Hypot(dx*m.frame.cos, dy)*metresPerUnit)
	f := abs(float64(x.lo+x.hi-y.lo-y.hi) / 2)
	switch {
	case !gap: // below all chords that begin where f does, so that a later limit's contour is farther out
		f = max(0.45*f*min(m.lowest(next(h)), m.lowest(prev(h))), min(0.2, bendMetres/far))
	case m.kind(h) == street:
		f *= min(0.25, gapMetres/far)
	default:
		f *= min(0.25, dentMetres/far)
	}
	n := len(s.order)
	for i, o := range s.order {
		e := s.order[(i+n-1)%n]
		if !o.exit || e.edge == o.edge {
			continue
		}
		ax, ay := s.middle(m, o.crossing)
		bx, by := s.middle(m, e.crossing)
		den := dx*(by-ay) - dy*(bx-ax)
		if den == 0 {
			continue
		}
		if u := ((ax-mx)*(by-ay) - (ay-my)*(bx-ax)) / den; u > 0 && u/2 < f {
			f = u / 2
		}
	}
	return rounded(mx+f*dx, my+f*dy)
}

// lowest is the least share of an edge from a reached end at which a contour may pass it.
func (m *Mesh) lowest(h int32) float64 {
	length := max(1e-3, m.frame.metres(m.points[m.org(h)], m.points[m.org(next(h))]))
	switch m.kind(h) {
	case street:
		return min(0.2, streetMetres/length)
	case wet:
		return 0.7 * min(0.3, waterMetres/length)
	}
	return 0.4 * min(0.6, offStreetMetres/length)
}

func abs(x float64) float64 { return max(x, -x) }

// middle gives the place in the middle of a crossing.
func (s *march) middle(m *Mesh, c int32) (x, y float64) {
	k := &s.crossings[c]
	return m.at(k.half, (k.lo+k.hi)/2)
}

// at gives the place at share f along half-edge h.
func (m *Mesh) at(h int32, f float32) (x, y float64) {
	a, b := m.points[m.org(h)], m.points[m.org(next(h))]
	return float64(a.x) + float64(f)*float64(b.x-a.x), float64(a.y) + float64(f)*float64(b.y-a.y)
}

// crossingsOf gives the crossings of h's edge, made when first asked for.
func (s *march) crossingsOf(m *Mesh, h int32) edgeGates {
	h = m.edge(h)
	if i := s.gates.get(uint32(h)); i != none {
		return s.edgeGates[i]
	}
	e := edgeGates{first: int32(len(s.crossings))}
	u, v := m.org(h), m.org(next(h))
	if m.kind(h) == street {
		s.crossStreet(m, h, s.inside.has(u), s.inside.has(v))
	} else {
		s.crossFree(m, h, u, v)
	}
	e.n = int32(len(s.crossings)) - e.first
	s.gates.put(uint32(h), int32(len(s.edgeGates)))
	s.edgeGates = append(s.edgeGates, e)
	return e
}

func (s *march) add(h int32, lo, hi float32, inBelow, soft bool) {
	s.crossings = append(s.crossings, crossing{half: h, lo: lo, hi: hi, inBelow: inBelow, soft: soft, next: none})
}

// crossStreet cuts a street edge where its cover ends, at least streetMetres from reached vertices (a vertex can
// be reached on another level, by a bridge over the street) and from unreached ones.
func (s *march) crossStreet(m *Mesh, h int32, u, v bool) {
	if u && v && !s.hasGap(m, h) {
		return
	}
	c := uncovered
	if i := s.edges.get(uint32(h)); i != none {
		c = s.covers[i]
	}
	d := float32(min(0.2, streetMetres/max(1e-6, m.frame.metres(m.points[m.org(h)], m.points[m.org(next(h))]))))
	if u {
		c.lo = min(max(c.lo, d), 1-d)
	} else {
		c.lo = 0
	}
	if v {
		c.hi = max(min(c.hi, 1-d), d)
	} else {
		c.hi = 1
	}
	c = c.tidy()
	if u && v && c.hi-c.lo < d {
		return
	}
	if u {
		s.add(h, c.lo, c.lo, true, false)
	}
	if c.p <= c.q {
		p, q := max(c.p, c.lo+d), min(c.q, c.hi-d)
		if q-p < d { // a source with hardly any time left still shows
			mid := (p + q) / 2
			p, q = mid-d/2, mid+d/2
		}
		if p > c.lo && q < c.hi {
			s.add(h, p, p, false, false)
			s.add(h, q, q, true, false)
		}
	}
	if v {
		s.add(h, c.hi, c.hi, false, false)
	}
}

// crossFree lets the contour pass between a reached and an unreached vertex, or between two reached ones that
// are too far apart.
func (s *march) crossFree(m *Mesh, h, u, v int32) {
	k, hasU, hasV := m.kind(h), s.inside.has(u), s.inside.has(v)
	isGap := hasU && hasV
	if isGap && (k == short || k == long && (s.closed(m, h) || s.closed(m, m.twin(h)))) {
		return
	}
	length := float32(m.frame.metres(m.points[u], m.points[v]))
	if hasU {
		lo, hi := s.window(k, length, s.time(m, u))
		s.add(h, lo, hi, true, isGap && k == long)
	}
	if hasV {
		lo, hi := s.window(k, length, s.time(m, v))
		s.add(h, 1-hi, 1-lo, false, isGap && k == long)
	}
}

// closed says that the triangle beside h is reached but for the gap in h: the contour would run along the edge itself.
func (s *march) closed(m *Mesh, h int32) bool {
	return h != none && s.inside.has(m.org(prev(h))) && !s.open(m, next(h)) && !s.open(m, prev(h))
}

// window is where the contour may pass a free edge, as shares from a vertex reached at time t. It moves outward as
// the time left grows, and the windows of limits that lie a third (at most five minutes) apart do
// not overlap: circles are nested however the contour slides within them.
func (s *march) window(k kind, length float32, t travel.Millis) (lo, hi float32) {
	reach := min(0.6*length, offStreetMetres)
	if k == wet {
		reach = min(0.3*length, waterMetres)
	}
	slack := float32(s.limit - min(t, s.limit))
	if k == wet || reach < slideMetres { // too narrow for windows some lattice units apart: the same place for every limit
		return 0.7 * reach / length, 0.7 * reach / length
	}
	at := func(slack float32) float32 { return reach / length * (0.4 + 0.6*slack/(slack+slackMillis)) }
	return at(slack), at(slack + 0.9*float32(min(slackMillis, s.limit/3)))
}
