package circle

import (
	"math"

	"github.com/paulmach/orb"
)

// slabs answers whether a point lies in a polygon by the edges of its own
// latitude alone: a city's circle has thousands, and the check asks a million times.
type slabs struct {
	bound orb.Bound
	step  float64 // degrees of latitude
	edges [][][2]orb.Point
}

func newSlabs(m orb.MultiPolygon) *slabs {
	s := &slabs{bound: m.Bound()}
	n := 0
	for _, polygon := range m {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	s.edges = make([][][2]orb.Point, max(1, n/4))
	s.step = (s.bound.Max[1] - s.bound.Min[1]) / float64(len(s.edges))
	if !(s.step > 0) {
		s.edges, s.step = s.edges[:1], 1
	}
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				p, q := ring[i-1], ring[i]
				for k := s.slab(min(p[1], q[1])); k <= s.slab(max(p[1], q[1])); k++ {
					s.edges[k] = append(s.edges[k], [2]orb.Point{p, q})
				}
			}
		}
	}
	return s
}

func (s *slabs) slab(lat float64) int {
	return max(0, min(len(s.edges)-1, int(math.Floor((lat-s.bound.Min[1])/s.step))))
}

// contains counts the edges to the east of p: odd is inside, holes and parts alike.
func (s *slabs) contains(p orb.Point) bool {
	if !s.bound.Contains(p) {
		return false
	}
	inside := false
	for _, e := range s.edges[s.slab(p[1])] {
		a, b := e[0], e[1]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			inside = !inside
		}
	}
	return inside
}
