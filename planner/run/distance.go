package run

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// metresPerDegree is the least length of a degree of latitude, for bands that are never too narrow.
const metresPerDegree = 110_500

// straight gives each spot's way by the straight distance of an access_distance
// standard: no time where a serving facility is within it, unreached otherwise,
// unknown where the spot has no point or no list of such facilities was imported.
func (e *Evaluation) straight(d *demand, s standard.Standard) []access {
	var sites []orb.Point // by latitude
	listed := false
	serves := serving(s, e.spec.AsOf)
	for _, f := range e.in.Facilities {
		listed = listed || f.Offers(s.Services...)
		if f.Point != nil && serves(f) {
			sites = append(sites, *f.Point)
		}
	}
	slices.SortFunc(sites, func(a, b orb.Point) int { return cmp.Compare(a[1], b[1]) })
	limit := float64(s.Metres)
	band := limit / metresPerDegree
	out := make([]access, len(d.spots))
	for i, spot := range d.spots {
		out[i] = access{known: listed && spot.point != nil, walk: travel.Unreached, ride: travel.Unreached, site: -1}
		if !out[i].known {
			continue
		}
		p := *spot.point
		wide := band / max(0.01, math.Cos(p[1]*math.Pi/180)) * 1.01
		first, _ := slices.BinarySearchFunc(sites, p[1]-band, func(q orb.Point, lat float64) int { return cmp.Compare(q[1], lat) })
		for _, q := range sites[first:] {
			if q[1] > p[1]+band {
				break
			}
			if math.Abs(q[0]-p[0]) <= wide && geo.DistanceHaversine(p, q) <= limit {
				out[i].walk = 0
				break
			}
		}
	}
	return out
}
