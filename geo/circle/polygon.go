package circle

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/travel"
)

// Polygon draws what r reaches within limit (at most r.Limit): the streets reached inside, the others outside, land
// up to 60 m off a reached street and blocks enclosed by reached streets inside, water not. One polygon
// for each connected part (a ferry makes several), outer rings counter-clockwise and holes clockwise (RFC
// 7946), closed, lon, lat on the 1e-7 degree lattice. Empty when limit is less than the site's snap leg.
// Polygons of one reach are nested, but for the lattice's centimetre where two contours share a place, when their
// limits are a third (at most 5 minutes) apart. Safe for concurrent use.
func (m *Mesh) Polygon(r *travel.Reach, limit travel.Millis) orb.MultiPolygon {
	if len(m.points) == 0 || r.Site.Snap.Millis > limit {
		return nil
	}
	s := m.pool.Get().(*march)
	defer m.pool.Put(s)
	s.limit = min(limit, r.Limit)
	s.label(m, r, s.limit)
	s.walk(m)
	for _, half := range s.lonely(m, r) {
		s.lone(m, half)
	}
	s.trace(m, thread)
	if !s.seams.sound(s.rings) {
		s.trace(m, plain)
		s.rings = s.seams.mend(s.rings)
	}
	return m.assemble(s.rings)
}

// lonely lists the street pieces of the source that are reached in the middle but at neither end.
func (s *march) lonely(m *Mesh, r *travel.Reach) []int32 {
	var halves []int32
	site := r.Site.Snap
	c := min(site.Arc, m.net.G.Twin(site.Arc))
	for _, e := range m.pieces[m.first[c]:m.first[c+1]] {
		i := s.edges.get(uint32(min(e.half, m.twin[e.half])))
		if i != none && s.covers[i].p <= s.covers[i].q {
			halves = append(halves, e.half)
		}
	}
	return halves
}

// trace follows the crossings to closed rings and draws each. Holes that only gaps between reached streets make are
// enclosed blocks, which are filled.
func (s *march) trace(m *Mesh, draw func([]gate, []point) []point) {
	s.rings, s.drawn = s.rings[:0], s.drawn[:0]
	for i := range s.crossings {
		s.crossings[i].done = false
	}
	for i := range s.crossings {
		if s.crossings[i].done || s.crossings[i].next == none {
			continue
		}
		s.ring = s.ring[:0]
		soft := true
		for c := int32(i); c != none && !s.crossings[c].done; c = s.crossings[c].next {
			x := &s.crossings[c]
			x.done = true
			soft = soft && x.soft
			lx, ly := m.at(x.half, x.lo)
			rx, ry := m.at(x.half, x.hi)
			if !x.inBelow {
				lx, ly, rx, ry = rx, ry, lx, ly
			}
			if x.lo == x.hi { // on the lattice from the start, as it will be written
				p := rounded(lx, ly)
				lx, ly = float64(p.x), float64(p.y)
				rx, ry = lx, ly
			}
			s.ring = append(s.ring, gate{lx, ly, rx, ry})
			if x.bent {
				bx, by := float64(x.apex.x), float64(x.apex.y)
				s.ring = append(s.ring, gate{bx, by, bx, by})
			}
		}
		begin := len(s.drawn)
		s.drawn = draw(s.ring, s.drawn)
		ring := s.drawn[begin:]
		for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
			ring = ring[:len(ring)-1]
		}
		if area := twiceArea(ring); len(ring) < 3 || area == 0 || soft && area < 0 {
			s.drawn = s.drawn[:begin]
			continue
		}
		s.rings = append(s.rings, slices.Clone(ring))
	}
}

// twiceArea is positive for counter-clockwise rings.
func twiceArea(ring []point) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += orient(ring[0], ring[i], ring[i+1])
	}
	return sum
}

// assemble gives each hole to the least outer ring around it, greatest polygons first.
func (m *Mesh) assemble(rings [][]point) orb.MultiPolygon {
	slices.SortStableFunc(rings, func(a, b []point) int { return cmp.Compare(twiceArea(b), twiceArea(a)) })
	var polygons orb.MultiPolygon
	var outers [][]point
	for _, r := range rings {
		if twiceArea(r) > 0 {
			polygons = append(polygons, orb.Polygon{m.close(r)})
			outers = append(outers, r)
			continue
		}
		for i := len(outers) - 1; i >= 0; i-- {
			if within(r[0], outers[i]) {
				polygons[i] = append(polygons[i], m.close(r))
				break
			}
		}
	}
	return polygons
}

func (m *Mesh) close(r []point) orb.Ring {
	ring := make(orb.Ring, 0, len(r)+1)
	for _, p := range r {
		ring = append(ring, m.frame.from(p))
	}
	return append(ring, ring[0])
}

// within says whether p lies inside ring; exact, the border aside.
func within(p point, ring []point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.y > p.y) != (b.y > p.y) && (orient(a, b, p) > 0) == (b.y > a.y) {
			in = !in
		}
	}
	return in
}
