package circle

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS 84 ellipsoid.
const (
	semiMajor = 6_378_137.0
	flat      = 1 / 298.257223563
)

// Area is the ground area of polygons in lon, lat in m²: that of the WGS 84 ellipsoid by its equal-area cylinder (Snyder
// 1987, eq. 3-12), exact but for the bend of an edge on the map, below 1e-9 for pieces of a street's length.
func Area(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, polygon := range m {
		for _, ring := range polygon { // holes turn the other way
			for i := 1; i < len(ring); i++ {
				p, q := ring[i-1], ring[i]
				sum += (p[0] - q[0]) * (authalic(p[1]) + authalic(q[1]))
			}
		}
	}
	return sum / 2 * math.Pi / 180 * semiMajor * semiMajor / 2
}

// authalic is Snyder's q of a latitude in degrees: strips of equal q have equal area.
func authalic(degrees float64) float64 {
	e := math.Sqrt(flat * (2 - flat))
	s := math.Sin(degrees * math.Pi / 180)
	return (1 - e*e) * (s/(1-e*e*s*s) + math.Atanh(e*s)/e)
}
