package circle

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// ErrNoStreets says that the profile finds no street in the network.
var ErrNoStreets = errors.New("geo: circle: the network has no street for this profile")

// Options of Verify.
type Options struct {
	Sources int   // random places on streets; 200 when 0
	Minutes []int // limits, each a circle per source; 15 when empty
	Seed    int64 // same seed, same places
	Dir     travel.Direction
}

// Report says how well circles separate, by an independent count.
type Report struct {
	Circles int `json:"circles"`
	// Shares of street length in the circles' boxes and 200 m round them, 0 to 1: of what is reached, inside; of
	// what is not reached and lies more than 10 m from anything reached, inside.
	ReachableInside      float64 `json:"reachable_inside"`
	UnreachableInside10m float64 `json:"unreachable_inside_10m"`
	Invalid              int     `json:"invalid"`    // circles with rings that touch or cross, or a hole outside
	NotNested            int     `json:"not_nested"` // circles that the next greater one of the source does not hold
	NodeTimeDifferences  int     `json:"node_time_differences"`

	total tally
}

// Sample is one circle that was checked.
type Sample struct {
	ID      int32     // of the source
	Source  orb.Point // lon, lat
	From    int64     // OSM node at the tail of its piece of street
	To      int64     // and at the head
	Along   uint32    // mm from From
	Minutes int
	Polygon orb.MultiPolygon
	Nodes   []NodeTime // of the source's greatest limit, with that limit only
}

// NodeTime is the plain search's time of a node.
type NodeTime struct {
	OSMID  int64
	Millis uint64
}

// Check compares one circle with the streets.
func Check(n *travel.Net, r *travel.Reach, limit travel.Millis, polygon orb.MultiPolygon, dice *rand.Rand) Report {
	var report Report
	search := textbook{n, r.Dir}
	report.check(search, r.Site.Snap, search.times(r.Site.Snap, limit), limit, polygon, dice)
	report.share()
	return report
}

// Verify draws circles round random places on the streets and checks each against a plain search
// and a sampling of its own.
func Verify(ctx context.Context, n *travel.Net, o Options) (Report, []Sample, error) {
	if o.Sources <= 0 {
		o.Sources = 200
	}
	if len(o.Minutes) == 0 {
		o.Minutes = []int{15}
	}
	minutes := slices.Sorted(slices.Values(o.Minutes))
	m, err := NewMesh(n)
	if err != nil {
		return Report{}, nil, err
	}
	arcs, _ := streets(n)
	if len(arcs) == 0 {
		return Report{}, nil, ErrNoStreets
	}
	places := newLottery(n, arcs)
	dice := rand.New(rand.NewPCG(uint64(o.Seed), 0x6c69666563697263))
	var report Report
	var samples []Sample
	for id := range o.Sources {
		if err := ctx.Err(); err != nil {
			return report, samples, err
		}
		site := travel.Site{ID: int32(id), Snap: places.draw(dice)}
		greatest := travel.Millis(minutes[len(minutes)-1]) * 60000
		search := textbook{n, o.Dir}
		reach := n.Reach(site, greatest, o.Dir)
		times := search.times(site.Snap, greatest)
		var nodes []NodeTime
		for v, t := range times {
			got, ok := reach.Time(graph.NodeID(v))
			if ok != (t != never) || ok && uint64(got) != t {
				report.NodeTimeDifferences++
			}
			if t != never {
				nodes = append(nodes, NodeTime{n.G.OSMID(graph.NodeID(v)), t})
			}
		}
		for i, min := range minutes {
			limit := travel.Millis(min) * 60000
			polygon := m.Polygon(reach, limit)
			report.check(search, site.Snap, times, limit, polygon, dice)
			if i > 0 && !holds(polygon, samples[len(samples)-1].Polygon) {
				report.NotNested++
			}
			a := site.Snap.Arc
			samples = append(samples, Sample{ID: site.ID, Source: site.Snap.Point, From: n.G.OSMID(n.G.Tail(a)), To: n.G.OSMID(n.G.Head(a)), Along: site.Snap.Along, Minutes: min, Polygon: polygon})
		}
		samples[len(samples)-1].Nodes = nodes
	}
	report.share()
	return report, samples, nil
}

// lottery draws places on streets, weighted by length.
type lottery struct {
	n    *travel.Net
	arcs []graph.ArcID
	ends []uint64 // mm up to the end of each street
}

func newLottery(n *travel.Net, arcs []graph.ArcID) lottery {
	l := lottery{n, arcs, make([]uint64, len(arcs))}
	total := uint64(0)
	for i, a := range arcs {
		total += uint64(n.G.Length(a))
		l.ends[i] = total
	}
	return l
}

func (l lottery) draw(dice *rand.Rand) travel.Snap {
	total := l.ends[len(l.ends)-1]
	if total == 0 {
		return travel.Snap{Position: travel.Position{Arc: l.arcs[0]}, Point: l.n.G.Point(l.n.G.Tail(l.arcs[0]))}
	}
	at := dice.Uint64N(total)
	i, _ := slices.BinarySearch(l.ends, at+1)
	a := l.arcs[i]
	length := uint64(l.n.G.Length(a))
	along := at - (l.ends[i] - length)
	p, q, f := l.n.G.Point(l.n.G.Tail(a)), l.n.G.Point(l.n.G.Head(a)), float64(along)/float64(length)
	return travel.Snap{
		Position: travel.Position{Arc: a, Along: uint32(along)},
		Point:    orb.Point{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])},
	}
}

func (r *Report) check(search textbook, site travel.Snap, times []uint64, limit travel.Millis, polygon orb.MultiPolygon, dice *rand.Rand) {
	r.Circles++
	bound := site.Point.Bound()
	for _, p := range polygon {
		bound = bound.Union(p.Bound())
	}
	r.total.add(sampleStreets(search, times, site, limit, polygon, bound, dice))
	if !valid(polygon) {
		r.Invalid++
	}
}

func (r *Report) share() {
	r.ReachableInside = 1
	if r.total.reached > 0 {
		r.ReachableInside = r.total.reachedInside / r.total.reached
	}
	if r.total.far > 0 {
		r.UnreachableInside10m = r.total.farInside / r.total.far
	}
}

// valid says that a polygon is valid in the sense of OGC Simple Features, strictly: rings closed and turning as RFC 7946
// wants, no two of them touching or crossing, holes within their outer ring. Exact.
func valid(polygon orb.MultiPolygon) bool {
	var rings [][]point
	f := newFrame(polygon.Bound())
	for _, p := range polygon {
		outer := len(rings)
		for i, ring := range p {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return false
			}
			var r []point
			for _, v := range ring[1:] {
				r = append(r, f.to(v))
			}
			if (twiceArea(r) > 0) != (i == 0) || i > 0 && !within(r[0], rings[outer]) {
				return false
			}
			rings = append(rings, r)
		}
	}
	return len(rings) > 0 && len(new(seams).unsound(rings)) == 0
}

// holds says whether outer covers inner, but for the centimetre of the lattice: no vertex or middle of inner's edges lies
// outside, nor a vertex of outer inside inner, by more than 2 cm.
func holds(outer, inner orb.MultiPolygon) bool {
	each := func(mp orb.MultiPolygon, bad func(p orb.Point) bool) bool {
		for _, polygon := range mp {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					mid := orb.Point{(ring[i-1][0] + ring[i][0]) / 2, (ring[i-1][1] + ring[i][1]) / 2}
					if bad(ring[i]) || bad(mid) {
						return true
					}
				}
			}
		}
		return false
	}
	around, within := newSlabs(outer), newSlabs(inner)
	return !each(inner, func(p orb.Point) bool { return !around.contains(p) && strays(p, outer, 0.02) }) &&
		!each(outer, func(p orb.Point) bool { return within.contains(p) && strays(p, inner, 0.02) })
}

// strays says that p is farther than metres (of latitude) from every ring.
func strays(p orb.Point, from orb.MultiPolygon, metres float64) bool {
	near := metres / metresPerUnit / unitsPerDegree
	for _, polygon := range from {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if planar.DistanceFromSegment(ring[i-1], ring[i], p) <= near {
					return false
				}
			}
		}
	}
	return true
}
