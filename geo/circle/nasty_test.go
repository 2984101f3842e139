package circle

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// lane is a row of places in metres; level keeps its nodes apart from those of other levels.
type lane struct {
	level  int
	places [][2]float64
	oneway bool
}

// nasty are networks that no mapper means and every extract has somewhere.
var nasty = map[string]func() []lane{
	"grids on three levels, a metre apart": func() (all []lane) {
		for level := range 3 {
			d := float64(level)
			for i := -6.0; i <= 6; i++ {
				for j := -6.0; j < 6; j++ {
					all = append(all, lane{level: level, places: [][2]float64{{i*40 + d, j*40 + d}, {i*40 + d, j*40 + 40 + d}}},
						lane{level: level, places: [][2]float64{{j*40 + d, i*40 + d}, {j*40 + 40 + d, i*40 + d}}})
				}
			}
		}
		return all
	},
	"a spiral of arms eight metres apart": func() []lane {
		var l lane
		for t := 0.0; t < 60; t += 0.2 {
			r := 5 + 8*t/(2*math.Pi)
			l.places = append(l.places, [2]float64{r * math.Cos(t), r * math.Sin(t)})
		}
		return []lane{l}
	},
	"the same streets three times": func() (all []lane) {
		for level := range 3 {
			all = append(all, lane{level: level, places: [][2]float64{{-400, 0}, {-100, 3}, {0, 0}, {200, -5}, {400, 0}}})
		}
		return append(all, lane{level: 0, places: [][2]float64{{0, 0}, {0, 150}}}, lane{level: 1, places: [][2]float64{{0, 0}, {0, -150}}})
	},
	"loops of a metre and pieces of no length": func() (all []lane) {
		for x := 0.0; x < 400; x += 20 {
			all = append(all, lane{places: [][2]float64{{x, 0}, {x + 20, 0}}},
				lane{places: [][2]float64{{x, 0}, {x + 0.7, 0.7}, {x, 1.2}, {x - 0.7, 0.7}, {x, 0}}},
				lane{level: 1, places: [][2]float64{{x, 0}, {x + 5, 30}}}, lane{level: -1, places: [][2]float64{{x, 0}}})
		}
		return all
	},
	"a street alone": func() []lane { return []lane{{places: [][2]float64{{-30, -20}, {40, 25}}}} },
	"a star of 120 streets": func() (all []lane) {
		for k := range 120 {
			t := float64(k) * 2 * math.Pi / 120
			all = append(all, lane{places: [][2]float64{{0, 0}, {500 * math.Cos(t), 500 * math.Sin(t)}}})
		}
		return all
	},
	"a comb of one-way streets": func() (all []lane) {
		for x := -300.0; x < 300; x += 15 {
			all = append(all, lane{places: [][2]float64{{x, 0}, {x + 15, 0}}}, lane{places: [][2]float64{{x, 0}, {x, 120}}, oneway: int(x)%2 == 0},
				lane{places: [][2]float64{{x, 120}, {x + 15, 0}}, oneway: true})
		}
		return all
	},
	"tramlines 30 cm apart, crossed by lanes": func() (all []lane) {
		for k := range 8 {
			y := 0.3 * float64(k)
			all = append(all, lane{level: k, places: [][2]float64{{-300, y}, {-80, y + 0.1}, {90, y - 0.1}, {300, y}}})
		}
		for x := -250.0; x <= 250; x += 25 {
			all = append(all, lane{level: int(x) & 7, places: [][2]float64{{x, -60}, {x + 2, 60}}})
		}
		return append(all, lane{level: 0, places: [][2]float64{{-300, 0}, {-300, 80}, {300, 80}, {300, 0}}})
	},
}

// build lays a nasty network at a place, over hills of up to 50 m.
func build(t *testing.T, name string, base orb.Point, profile *travel.Profile) *travel.Net {
	t.Helper()
	b := graph.NewBuilder()
	ids, next := map[[3]float64]int64{}, int64(0)
	node := func(l lane, p [2]float64) int64 {
		key := [3]float64{p[0], p[1], float64(l.level)}
		if ids[key] == 0 {
			next++
			ids[key] = next
			b.AddNode(next, orb.Point{base[0] + p[0]*metre/math.Cos(base[1]*math.Pi/180), base[1] + p[1]*metre}, float32(30*math.Sin(p[0]/90)+20*math.Cos(p[1]/60)))
		}
		return ids[key]
	}
	for _, l := range nasty[name]() {
		back := graph.Foot
		if l.oneway {
			back = 0
		}
		for i := 1; i < len(l.places); i++ {
			b.AddSegment(graph.Segment{From: node(l, l.places[i-1]), To: node(l, l.places[i]), Class: graph.Residential, Forward: graph.Foot, Backward: back})
		}
		if l.level < 0 { // joined to the street at its place by a piece of no length
			other := l
			other.level = 0
			b.AddSegment(graph.Segment{From: node(l, l.places[0]), To: node(other, l.places[0]), Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
			other.level = 1
			b.AddSegment(graph.Segment{From: node(l, l.places[0]), To: node(other, l.places[0]), Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return travel.NewNet(g, *profile)
}

// Circles separate on nasty networks at every latitude that people live at, either way, over hills too.
func TestNastyNetworks(t *testing.T) {
	hills := travel.Profile{ID: "hills", Mode: graph.Foot, Pace: 1 / 0.7, StepsFactor: 2, Slope: true, NoDownhillGain: true}
	for name := range nasty {
		for _, base := range []orb.Point{{0, 0}, {120.2, 30.3}, {25.7, 66.5}, {-68.3, -54.8}, {-179.97, 69.9}} {
			for profile, dir := range map[*travel.Profile]travel.Direction{&stroll: travel.Outbound, &hills: travel.Inbound} {
				n := build(t, name, base, profile)
				report, samples, err := Verify(t.Context(), n, Options{Sources: 5, Minutes: []int{1, 3, 5}, Seed: 1, Dir: dir})
				if err != nil {
					t.Fatal(err)
				}
				// A circle here is small and has dozens of ends, each good to the lattice's centimetre; a sample stands for 5 m.
				lost := (report.total.reached - report.total.reachedInside) / float64(report.Circles)
				if lost > 4 || report.UnreachableInside10m > 0 || report.Invalid+report.NotNested+report.NodeTimeDifferences > 0 {
					t.Errorf("%s at %v, %s: %+v", name, base, profile.ID, report)
				}
				for _, s := range samples {
					mustBeSimple(t, s.Polygon)
					if s.Minutes == 1 && s.Polygon.Bound().Max[1]-s.Source[1] > 200*metre {
						t.Errorf("%s at %v: a minute's circle of %v", name, base, s.Polygon.Bound())
					}
					if len(s.Polygon) != 1 {
						t.Errorf("%s at %v: %d outer rings", name, base, len(s.Polygon))
					}
				}
			}
		}
	}
}
