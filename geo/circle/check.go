package circle

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

const (
	sampleMetres = 5   // greatest distance between samples of a street
	roundMetres  = 200 // streets this far outside the circle's box are sampled too
	nearMetres   = 10  // an unreached sample this near to a reached one is not far
)

// tally counts street length in metres by what the plain search says and by where the polygon puts it.
type tally struct {
	reached, reachedInside float64
	unreached, inside      float64 // not reached; of it inside
	far, farInside         float64 // not reached and more than 10 m from any reached sample; of it inside
}

func (t *tally) add(o tally) {
	t.reached += o.reached
	t.reachedInside += o.reachedInside
	t.unreached += o.unreached
	t.inside += o.inside
	t.far += o.far
	t.farInside += o.farInside
}

// place is a sample on a street, in metres east and north of the circle's centre.
type place struct {
	x, y, length float64
	reached, in  bool
}

// sampleStreets samples every street of the profile round the circle, about every 5 m at random phase, and
// compares the times of the plain search with the polygon.
func sampleStreets(search textbook, times []uint64, site travel.Snap, limit travel.Millis, polygon orb.MultiPolygon, bound orb.Bound, dice *rand.Rand) tally {
	n, g := search.n, search.n.G
	center := bound.Center()
	ky := math.Pi / 180 * 6371008.8
	kx := ky * math.Cos(center[1]*math.Pi/180)
	box := orb.Bound{
		Min: orb.Point{bound.Min[0] - roundMetres/kx, bound.Min[1] - roundMetres/ky},
		Max: orb.Point{bound.Max[0] + roundMetres/kx, bound.Max[1] + roundMetres/ky},
	}
	var places []place
	circle := newSlabs(polygon)
	for i := range g.NumArcs() {
		a := graph.ArcID(i)
		if a > g.Twin(a) || g.Access(a)&graph.Ferry != 0 || n.Cost(a) == travel.Unreached && n.Cost(g.Twin(a)) == travel.Unreached {
			continue
		}
		p, q := g.Point(g.Tail(a)), g.Point(g.Head(a))
		if !box.Intersects(orb.MultiPoint{p, q}.Bound()) {
			continue
		}
		metres := float64(g.Length(a)) / 1000
		count := math.Ceil(metres / sampleMetres)
		phase := dice.Float64()
		for k := range int(count) {
			f := (float64(k) + phase) / count
			at := orb.Point{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])}
			if !box.Contains(at) {
				continue
			}
			places = append(places, place{
				x: (at[0] - center[0]) * kx, y: (at[1] - center[1]) * ky, length: metres / count,
				reached: search.time(times, site, a, f) <= float64(limit),
				in:      circle.contains(at),
			})
		}
	}
	return count(places)
}

// count adds the samples up; reached ones are looked up by squares of 10 m.
func count(places []place) (t tally) {
	grid := map[[2]int][]place{}
	square := func(p place) [2]int {
		return [2]int{int(math.Floor(p.x / nearMetres)), int(math.Floor(p.y / nearMetres))}
	}
	for _, p := range places {
		if p.reached {
			grid[square(p)] = append(grid[square(p)], p)
		}
	}
	for _, p := range places {
		if p.reached {
			t.reached += p.length
			if p.in {
				t.reachedInside += p.length
			}
			continue
		}
		t.unreached += p.length
		if p.in {
			t.inside += p.length
		}
		if isFar(grid, square(p), p) {
			t.far += p.length
			if p.in {
				t.farInside += p.length
			}
		}
	}
	return t
}

func isFar(grid map[[2]int][]place, at [2]int, p place) bool {
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, o := range grid[[2]int{at[0] + dx, at[1] + dy}] {
				if math.Hypot(o.x-p.x, o.y-p.y) <= nearMetres {
					return false
				}
			}
		}
	}
	return true
}
