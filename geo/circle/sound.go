package circle

import "slices"

// seams finds where rings touch or cross; it keeps its memory between calls.
type seams struct {
	edges  []seamEdge
	order  []uint64 // least x, then number of the edge
	active []int32
}

// seamEdge is the edge from vertex i of a ring.
type seamEdge struct {
	a, b       point
	ring, i, n int32
}

func (e seamEdge) lowX() int32  { return min(e.a.x, e.b.x) }
func (e seamEdge) highX() int32 { return max(e.a.x, e.b.x) }

// unsound lists the rings in which two edges meet, other than neighbours at their common vertex, and the rings
// that meet another; exact. Rings may be empty.
func (s *seams) unsound(rings [][]point) []int32 {
	var bad []int32
	s.meetings(rings, func(e, f seamEdge) bool {
		bad = append(bad, e.ring, f.ring)
		return true
	})
	slices.Sort(bad)
	return slices.Compact(bad)
}

// meetings visits the pairs of edges that touch or cross until visit returns false.
func (s *seams) meetings(rings [][]point, visit func(e, f seamEdge) bool) {
	s.edges, s.order, s.active = s.edges[:0], s.order[:0], s.active[:0]
	for r, ring := range rings {
		n := int32(len(ring))
		for i, a := range ring {
			e := seamEdge{a, ring[(i+1)%len(ring)], int32(r), int32(i), n}
			s.order = append(s.order, uint64(uint32(e.lowX())^1<<31)<<32|uint64(len(s.edges)))
			s.edges = append(s.edges, e)
		}
	}
	slices.Sort(s.order)
	for _, key := range s.order {
		i := int32(uint32(key))
		e := &s.edges[i]
		low, lowY, highY := e.lowX(), min(e.a.y, e.b.y), max(e.a.y, e.b.y)
		kept := s.active[:0]
		for _, j := range s.active {
			f := &s.edges[j]
			if f.highX() < low {
				continue
			}
			kept = append(kept, j)
			if highY >= min(f.a.y, f.b.y) && max(f.a.y, f.b.y) >= lowY && meet(*e, *f) && !visit(*f, *e) {
				return
			}
		}
		s.active = append(kept, i)
	}
}

// meet says whether two edges share a point, the common vertex of neighbours aside.
func meet(e, f seamEdge) bool {
	if e.ring == f.ring {
		switch {
		case (e.i+1)%e.n == f.i:
			return folds(e.a, e.b, f.b)
		case (f.i+1)%f.n == e.i:
			return folds(f.a, f.b, e.b)
		}
	}
	d1, d2 := orient(e.a, e.b, f.a), orient(e.a, e.b, f.b)
	d3, d4 := orient(f.a, f.b, e.a), orient(f.a, f.b, e.b)
	if (d1 > 0 && d2 > 0) || (d1 < 0 && d2 < 0) || (d3 > 0 && d4 > 0) || (d3 < 0 && d4 < 0) {
		return false
	}
	return true // the boxes overlap, so collinear edges meet too
}

// folds says that a, b, c turns straight back on itself.
func folds(a, b, c point) bool { return orient(a, b, c) == 0 && dot(b, a, c) > 0 }

// mend removes what rounding to the lattice has folded: the lesser loop of a ring that meets itself, the lesser of
// two rings that meet. What goes is a few centimetres wide.
func (s *seams) mend(rings [][]point) [][]point {
	for {
		var e, f seamEdge
		met := false
		s.meetings(rings, func(g, h seamEdge) bool {
			e, f, met = g, h, true
			return false
		})
		if !met {
			return rings
		}
		drop := -1
		if e.ring != f.ring {
			drop = int(e.ring)
			if abs64(twiceArea(rings[f.ring])) < abs64(twiceArea(rings[e.ring])) {
				drop = int(f.ring)
			}
		} else {
			ring := rings[e.ring]
			i, j := int(min(e.i, f.i)), int(max(e.i, f.i))
			inner := slices.Clone(ring[i+1 : j+1])
			outer := append(slices.Clone(ring[:i+1]), ring[j+1:]...)
			if i == 0 && j == len(ring)-1 { // neighbours across the start
				inner, outer = slices.Clone(ring[1:]), nil
			}
			if len(inner) < 3 || len(outer) >= 3 && abs64(twiceArea(inner)) < abs64(twiceArea(outer)) {
				inner = outer
			}
			if len(inner) == len(ring) || len(inner) < 3 || (twiceArea(inner) > 0) != (twiceArea(ring) > 0) {
				drop = int(e.ring)
			} else {
				rings[e.ring] = inner
			}
		}
		if drop >= 0 {
			rings = slices.Delete(rings, drop, drop+1)
		}
	}
}

func abs64(x int64) int64 { return max(x, -x) }
