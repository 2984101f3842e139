package isochrone

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// street is one street along the equator from 0 to 0.02° (2,224 m), one-way for cars eastward.
type street struct{ opened int }

func (s *street) Network(context.Context) (string, error) { return "street", nil }

func (s *street) Graph(context.Context, string) (*graph.Graph, error) {
	s.opened++
	b := graph.NewBuilder()
	for i := range int64(21) {
		b.AddNode(i, orb.Point{float64(i) / 1000, 0}, 0)
		if i > 0 {
			b.AddSegment(graph.Segment{From: i - 1, To: i, Class: graph.Residential, Forward: graph.Foot | graph.Car, Backward: graph.Foot})
		}
	}
	return b.Build()
}

func TestDraw(t *testing.T) {
	s := &street{}
	p := New(s)
	mid := orb.Point{0.01, 0}
	got, err := p.Draw(t.Context(), mid, []int{15, 5, 5}, Way{Profile: "elder_60_69"})
	if err != nil || len(got) != 2 || got[0].Minutes != 5 {
		t.Fatalf("%+v, %v", got, err)
	}
	// 5 minutes at 1 m/s are 300 m = 0.002698° either way along the street.
	for lon, inside := range map[float64]bool{0.0126: true, 0.0128: false, 0.0074: true, 0.0072: false} {
		if planar.MultiPolygonContains(got[0].Polygon, orb.Point{lon, 0}) != inside {
			t.Errorf("5 minutes: %v inside is not %v", lon, inside)
		}
	}
	twice, err := p.Draw(t.Context(), mid, []int{5}, Way{Profile: "elder_60_69", Speed: 2})
	if err != nil || !planar.MultiPolygonContains(twice[0].Polygon, orb.Point{0.0153, 0}) || s.opened != 1 {
		t.Errorf("twice the speed: %v; the graph was opened %d times", err, s.opened)
	}
	away, err := p.Draw(t.Context(), mid, []int{1}, Way{Profile: "drive", Direction: travel.Outbound})
	if err != nil || planar.MultiPolygonContains(away[0].Polygon, orb.Point{0.0095, 0}) || !planar.MultiPolygonContains(away[0].Polygon, orb.Point{0.0105, 0}) {
		t.Errorf("a one-way street is driven against its direction: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	p := New(&street{})
	mid := orb.Point{0.01, 0}
	for name, c := range map[string]struct {
		at      orb.Point
		minutes []int
		way     Way
		want    planner.Kind
	}{
		"no minutes":     {mid, nil, Way{Profile: "adult"}, planner.Invalid},
		"0 minutes":      {mid, []int{0}, Way{Profile: "adult"}, planner.Invalid},
		"a day":          {mid, []int{1440}, Way{Profile: "adult"}, planner.Invalid},
		"no profile":     {mid, []int{5}, Way{}, planner.Invalid},
		"speed of a car": {mid, []int{5}, Way{Profile: "drive", Speed: 3}, planner.Invalid},
		"not a number":   {orb.Point{math.NaN(), 0}, []int{5}, Way{Profile: "adult"}, planner.Invalid},
		"lat, lon":       {orb.Point{29, 120}, []int{5}, Way{Profile: "adult"}, planner.Invalid},
		"far away":       {orb.Point{5, 5}, []int{5}, Way{Profile: "adult"}, planner.NotFound},
	} {
		if _, err := p.Draw(t.Context(), c.at, c.minutes, c.way); planner.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 1.2 m/s: 0.001° are 111.32 m, 92.77 s. A target without a street is unreached, not an error.
func TestTimes(t *testing.T) {
	var rows [][]travel.Millis
	err := New(&street{}).Times(t.Context(), []orb.Point{{0.010, 0}, {9, 9}}, []orb.Point{{0.011, 0}, {0.010, 0}, {9, 9}}, 15, Way{Profile: "adult", Direction: travel.Outbound},
		func(row []travel.Millis) error { rows = append(rows, slices.Clone(row)); return nil })
	none := travel.Unreached
	if err != nil || len(rows) != 2 || rows[0][0]/10 != 9276 || rows[0][1] != 0 || rows[0][2] != none || rows[1][0] != none {
		t.Errorf("%v, %v", rows, err)
	}
}
