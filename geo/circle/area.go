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
			last := 0.0
			for i, q := range ring {
				here := authalic(q[1])
				if i > 0 {
					sum += (ring[i-1][0] - q[0]) * (last + here)
				}
				last = here
			}
		}
	}
	return sum / 2 * math.Pi / 180 * semiMajor * semiMajor / 2
}

// authalic is Snyder's q of a latitude in degrees: strips of equal q have equal area.
func authalic(degrees float64) float64 {
	const e2 = flat * (2 - flat)
	s := math.Sin(degrees * math.Pi / 180)
	z := e2 * s * s // below 0.0067: artanh(x)/x by its series, to the last digit
	return (1 - e2) * s * (1/(1-z) + 1 + z*(1./3+z*(1./5+z*(1./7+z*(1./9+z*(1./11+z/13))))))
}
