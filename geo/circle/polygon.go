package circle

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// Polygon draws what r reaches within limit (at most r.Limit): the streets reached inside, the others outside, land
// up to 60 m off a reached street and blocks enclosed by reached streets inside, water not. One polygon
// for each connected part (a ferry makes several), outer rings counter-clockwise and holes clockwise (RFC
// 7946), closed, lon, lat on the 1e-7 degree lattice. Empty when limit is less than the site's snap leg.
// Polygons of one reach are nested, but for the lattice's centimetre where two contours share a place, when their
// limits are a third (at most 5 minutes) apart. Safe for concurrent use.
func (m *Mesh) Polygon(r *travel.Reach, limit travel.Millis) orb.MultiPolygon {
	if r.Site.Snap.Millis > limit || len(m.points) == 0 {
		return nil
	}
	own := []travel.Site{r.Site}
	street := m.lesser(r.Site.Snap.Arc)
	return m.draw(spread{nodes: r.Nodes, times: r.Times, dir: r.Dir, sites: own, on: func(c graph.ArcID) []travel.Site {
		if c == street {
			return own
		}
		return nil
	}}, min(limit, r.Limit))
}

// Union draws what the sites of f reach together within limit (at most that of f), as Polygon would draw one site
// that stands everywhere at once: all circles of a service in one pass, whatever their number. It does
// not depend on the order of the sites.
func (m *Mesh) Union(f *travel.Field, limit travel.Millis) orb.MultiPolygon {
	limit = min(limit, f.Limit())
	r := spread{dir: f.Direction(), on: f.SitesOn}
	r.nodes, r.times = f.Reached(limit)
	for _, sites := range f.Sites {
		r.sites = append(r.sites, sites...)
	}
	slices.SortFunc(r.sites, func(a, b travel.Site) int {
		return cmp.Or(cmp.Compare(m.lesser(a.Snap.Arc), m.lesser(b.Snap.Arc)), cmp.Compare(a.ID, b.ID))
	})
	return m.draw(r, limit)
}

func (m *Mesh) draw(r spread, limit travel.Millis) orb.MultiPolygon {
	if len(m.points) == 0 {
		return nil
	}
	s := m.pool.Get().(*march)
	defer m.pool.Put(s)
	s.limit = limit
	s.label(m, r, limit)
	s.walk(m)
	for _, half := range s.lonely(m, r.sites) {
		s.lone(m, half)
	}
	s.trace(m)
	s.settle(m)
	return m.assemble(s.rings)
}

// lonely lists the street pieces of the sites that are reached in the middle but at neither end.
func (s *march) lonely(m *Mesh, sites []travel.Site) []int32 {
	var halves []int32
	for i, site := range sites {
		c := m.lesser(site.Snap.Arc)
		if i > 0 && c == m.lesser(sites[i-1].Snap.Arc) {
			continue
		}
		for _, e := range m.pieces[m.first[c]:m.first[c+1]] {
			i := s.edges.get(uint32(e.edge))
			if i != none && s.covers[i].p <= s.covers[i].q {
				halves = append(halves, e.edge)
			}
		}
	}
	return halves
}

// trace follows the crossings to closed rings and draws each. Holes that only gaps between reached streets make are
// enclosed blocks, which are filled.
func (s *march) trace(m *Mesh) {
	s.rings, s.starts = s.rings[:0], s.starts[:0]
	for i := range s.crossings {
		s.crossings[i].done = false
	}
	for i := range s.crossings {
		if s.crossings[i].done || s.crossings[i].next == none {
			continue
		}
		soft := true
		for c := int32(i); c != none && !s.crossings[c].done; c = s.crossings[c].next {
			s.crossings[c].done = true
			soft = soft && s.crossings[c].soft
		}
		ring := s.draw(m, int32(i), thread)
		if area := twiceArea(ring); len(ring) < 3 || area == 0 || soft && area < 0 {
			continue
		}
		s.rings, s.starts = append(s.rings, slices.Clone(ring)), append(s.starts, int32(i))
	}
}

// draw gives the ring through the gates of the crossings from start on; it is overwritten by the next one.
func (s *march) draw(m *Mesh, start int32, way func([]gate, []point) []point) []point {
	s.ring = s.ring[:0]
	for c := start; c != none; {
		x := &s.crossings[c]
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
		if c = x.next; c == start {
			break
		}
	}
	s.drawn = way(s.ring, s.drawn[:0])
	ring := s.drawn
	for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

// settle makes the rings sound: those that meet themselves or each other since they slid too freely are drawn again
// through the middle of their gates, and what rounding folds even so is mended.
func (s *march) settle(m *Mesh) {
	plainly := make([]bool, len(s.rings))
	for {
		bad := s.seams.unsound(s.rings)
		if len(bad) == 0 {
			break
		}
		again := false
		for _, i := range bad {
			if !plainly[i] {
				plainly[i], again = true, true
				s.rings[i] = slices.Clone(s.draw(m, s.starts[i], plain))
			}
		}
		if again {
			continue
		}
		// In the order of the rings: the same result for the same circle.
		var met [][]point
		for _, i := range bad {
			met = append(met, s.rings[i])
			s.rings[i] = nil
		}
		met = s.seams.mend(met)
		for k, i := range bad {
			if k < len(met) {
				s.rings[i] = met[k]
			}
		}
	}
	s.rings = slices.DeleteFunc(s.rings, func(r []point) bool { return len(r) < 3 || twiceArea(r) == 0 })
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
	slices.SortStableFunc(rings, func(a, b []point) int {
		return cmp.Or(cmp.Compare(twiceArea(b), twiceArea(a)), cmp.Compare(a[0].x, b[0].x), cmp.Compare(a[0].y, b[0].y))
	})
	var polygons orb.MultiPolygon
	var outers []box
	for _, r := range rings {
		if twiceArea(r) > 0 {
			polygons = append(polygons, orb.Polygon{m.close(r)})
			outers = append(outers, boxOf(r))
			continue
		}
		for i := len(outers) - 1; i >= 0; i-- {
			if outers[i].has(r[0]) && within(r[0], outers[i].ring) {
				polygons[i] = append(polygons[i], m.close(r))
				break
			}
		}
	}
	return polygons
}

// box is a ring with its bound, which spares most looks at the ring.
type box struct {
	ring     []point
	min, max point
}

func boxOf(ring []point) box {
	b := box{ring, ring[0], ring[0]}
	for _, p := range ring {
		b.min = point{min(b.min.x, p.x), min(b.min.y, p.y)}
		b.max = point{max(b.max.x, p.x), max(b.max.y, p.y)}
	}
	return b
}

func (b box) has(p point) bool {
	return b.min.x <= p.x && p.x <= b.max.x && b.min.y <= p.y && p.y <= b.max.y
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
