package circle

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// A star with a hole, and another apart: inside is what orb calls inside.
func TestSlabsAgreeWithOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		star := func(x, y, size float64, n int) orb.Ring {
			var r orb.Ring
			for i := range n {
				d := size * rapid.Float64Range(0.3, 1).Draw(t, "radius")
				turn := 2 * math.Pi * float64(i) / float64(n)
				r = append(r, orb.Point{x + d*math.Cos(turn), y + d*math.Sin(turn)})
			}
			return append(r, r[0])
		}
		n := rapid.IntRange(3, 40).Draw(t, "corners")
		m := orb.MultiPolygon{{star(0, 0, 1, n), star(0, 0, 0.2, 5)}, {star(3, 0.5, 0.7, 7)}}
		s := newSlabs(m)
		for range 50 {
			p := orb.Point{rapid.Float64Range(-1.2, 4).Draw(t, "x"), rapid.Float64Range(-1.2, 1.4).Draw(t, "y")}
			if onBoundary(m, p) {
				continue // may be called either
			}
			if got, want := s.contains(p), planar.MultiPolygonContains(m, p); got != want {
				t.Fatalf("%v in %v: %v, orb says %v", p, m, got, want)
			}
		}
	})
}

func onBoundary(m orb.MultiPolygon, p orb.Point) bool {
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if planar.DistanceFromSegment(ring[i-1], ring[i], p) < 1e-9 {
					return true
				}
			}
		}
	}
	return false
}
