package isochrone

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// street is one street along the equator from 0 to 0.02° (2,224 m), one-way for cars eastward.
type street struct {
	opened int
	lines  *transit.Timetable
}

func (s *street) Timetable(context.Context, int64) (*transit.Timetable, error) { return s.lines, nil }

func (s *street) Network(context.Context) (int64, string, error) { return 7, "street", nil }

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

// drawn asks and collects.
func drawn(t *testing.T, p *Planner, q Question) (*Survey, []Isochrone, error) {
	t.Helper()
	s, err := p.Survey(t.Context(), q)
	if err != nil {
		return nil, nil, err
	}
	var all []Isochrone
	err = s.Draw(t.Context(), func(d Isochrone) error { all = append(all, d); return nil })
	return s, all, err
}

func TestDraw(t *testing.T) {
	s := &street{}
	p := New(s)
	mid := []orb.Point{{0.01, 0}}
	survey, got, err := drawn(t, p, Question{Places: mid, Minutes: []int{15, 5, 5}, Way: Way{Profile: "elder_60_69"}})
	if err != nil || len(got) != 2 || got[0].Minutes != 5 || survey.Version != 7 || survey.MetresPerSecond != 1 || got[0].SquareMetre < 600*40 || got[0].SquareMetre > 600*60 {
		t.Fatalf("%+v, %v", got, err)
	}
	// 5 minutes at 1 m/s are 300 m = 0.002698° either way along the street.
	for lon, inside := range map[float64]bool{0.0126: true, 0.0128: false, 0.0074: true, 0.0072: false} {
		if planar.MultiPolygonContains(got[0].Polygon, orb.Point{lon, 0}) != inside {
			t.Errorf("5 minutes: %v inside is not %v", lon, inside)
		}
	}
	_, twice, err := drawn(t, p, Question{Places: mid, Minutes: []int{5}, Way: Way{Profile: "elder_60_69", Speed: 2}})
	if err != nil || !planar.MultiPolygonContains(twice[0].Polygon, orb.Point{0.0153, 0}) || s.opened != 1 {
		t.Errorf("twice the speed: %v; the graph was opened %d times", err, s.opened)
	}
	_, away, err := drawn(t, p, Question{Places: mid, Minutes: []int{1}, Way: Way{Profile: "drive", Direction: travel.Outbound}})
	if err != nil || planar.MultiPolygonContains(away[0].Polygon, orb.Point{0.0095, 0}) || !planar.MultiPolygonContains(away[0].Polygon, orb.Point{0.0105, 0}) {
		t.Errorf("a one-way street is driven against its direction: %v", err)
	}
	// a car at 10 m/s does 600 m = 0.00539° in a minute, whatever the class
	_, fast, err := drawn(t, p, Question{Places: mid, Minutes: []int{1}, Way: Way{Profile: "drive", Speed: 10, Direction: travel.Outbound}})
	if err != nil || !planar.MultiPolygonContains(fast[0].Polygon, orb.Point{0.0153, 0}) || planar.MultiPolygonContains(fast[0].Polygon, orb.Point{0.0155, 0}) {
		t.Errorf("a car at 10 m/s: %v", err)
	}
}

// Places far from a street do not spoil the others; the union is one area.
func TestSeveralPlaces(t *testing.T) {
	p := New(&street{})
	q := Question{Places: []orb.Point{{0.002, 0}, {5, 5}, {0.018, 0}}, Minutes: []int{5, 10}, Way: Way{Profile: "elder_60_69"}}
	s, each, err := drawn(t, p, q)
	if err != nil || len(each) != 4 || each[2].Place != 2 || planner.ReasonOf(s.Places[1].Err) != "no_network" {
		t.Fatalf("%v %v", each, err)
	}
	q.Union = true
	_, all, err := drawn(t, p, q)
	if err != nil || len(all) != 2 || all[0].Place != -1 {
		t.Fatalf("%v %v", all, err)
	}
	for _, at := range []orb.Point{{0.002, 0}, {0.018, 0}} {
		if !planar.MultiPolygonContains(all[0].Polygon, at) {
			t.Errorf("%v is not in the union", at)
		}
	}
	if planar.MultiPolygonContains(all[0].Polygon, orb.Point{0.01, 0}) || math.Abs(all[0].SquareMetre-each[0].SquareMetre-each[2].SquareMetre) > 1 {
		t.Errorf("the union is %v", all[0])
	}
}

func TestRefusals(t *testing.T) {
	p := New(&street{})
	mid := orb.Point{0.01, 0}
	many := make([]orb.Point, MaxDrawn+1)
	for name, c := range map[string]struct {
		at      []orb.Point
		minutes []int
		way     Way
		want    planner.Kind
	}{
		"no place":        {nil, []int{5}, Way{Profile: "adult"}, planner.Invalid},
		"too many places": {many, []int{5}, Way{Profile: "adult"}, planner.TooLarge},
		"no minutes":      {[]orb.Point{mid}, nil, Way{Profile: "adult"}, planner.Invalid},
		"0 minutes":       {[]orb.Point{mid}, []int{0}, Way{Profile: "adult"}, planner.Invalid},
		"a day":           {[]orb.Point{mid}, []int{1440}, Way{Profile: "adult"}, planner.Invalid},
		"13 bands":        {[]orb.Point{mid}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, Way{Profile: "adult"}, planner.Invalid},
		"no profile":      {[]orb.Point{mid}, []int{5}, Way{}, planner.Invalid},
		"a slow car":      {[]orb.Point{mid}, []int{5}, Way{Profile: "drive", Speed: 0.3}, planner.Invalid},
		"a fast walker":   {[]orb.Point{mid}, []int{5}, Way{Profile: "adult", Speed: 9}, planner.Invalid},
		"not a number":    {[]orb.Point{{math.NaN(), 0}}, []int{5}, Way{Profile: "adult"}, planner.Invalid},
		"no speed":        {[]orb.Point{mid}, []int{5}, Way{Profile: "adult", Speed: math.NaN()}, planner.Invalid},
		"lat, lon":        {[]orb.Point{{29, 120}}, []int{5}, Way{Profile: "adult"}, planner.Invalid},
		"far away":        {[]orb.Point{{5, 5}}, []int{5}, Way{Profile: "adult"}, planner.NotFound},
	} {
		if _, err := p.Survey(t.Context(), Question{Places: c.at, Minutes: c.minutes, Way: c.way}); planner.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 1.2 m/s: 0.001° are 111.32 m, 92.77 s. A point without a street is told, and reaches nothing.
func TestTimes(t *testing.T) {
	q := TimesQuestion{Sources: []orb.Point{{0.010, 0}, {9, 9}, {0.0195, 0}}, Targets: []orb.Point{{0.011, 0}, {0.010, 0}, {9, 9}, {0.0, 0}}, Minutes: 15, Way: Way{Profile: "adult", Direction: travel.Outbound}}
	ask := func(q TimesQuestion) (rows [][]travel.Pair) {
		times, err := New(&street{}).Times(t.Context(), q)
		if err == nil {
			err = times.Each(t.Context(), func(source int, to []travel.Pair) error {
				if source != len(rows) {
					t.Fatalf("source %d after %d rows", source, len(rows))
				}
				rows = append(rows, slices.Clone(to))
				return nil
			})
		}
		if err != nil || planner.ReasonOf(times.Sources[1].Err) != "no_network" || times.Targets[2].Err == nil {
			t.Fatalf("%v: %v", q, err)
		}
		return rows
	}
	rows := ask(q)
	if len(rows) != 3 || len(rows[0]) != 2 || rows[0][0].Millis/10 != 9276 || rows[0][1].Millis != 0 || len(rows[1]) != 0 || len(rows[2]) != 2 {
		t.Errorf("%v", rows)
	}
	q.Nearest = 1
	near := ask(q)
	if len(near[0]) != 1 || near[0][0] != rows[0][1] || len(near[1]) != 0 || near[2][0].Point != 0 {
		t.Errorf("nearest %v of %v", near, rows)
	}
}

// The nearest by one search from all targets are those by a search from each source, in both directions.
func TestNearestEitherWay(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		q := TimesQuestion{Minutes: 1 + dice.IntN(30), Nearest: 1 + dice.IntN(5), Way: Way{Profile: []string{"adult", "drive"}[dice.IntN(2)], Direction: travel.Direction(dice.IntN(2))}}
		for range 8 {
			q.Sources = append(q.Sources, orb.Point{dice.Float64() * 0.02, 0})
			q.Targets = append(q.Targets, orb.Point{dice.Float64() * 0.02, 0})
		}
		times, err := New(&street{}).Times(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		rows := func(each func(context.Context, []travel.Snap, []int32, []travel.Snap, []int32, func(int, []travel.Pair) error) error) (all []travel.Pair) {
			from, fi := onStreets(times.Sources)
			to, ti := onStreets(times.Targets)
			if err := each(t.Context(), from, fi, to, ti, func(_ int, p []travel.Pair) error { all = append(all, p...); return nil }); err != nil {
				t.Fatal(err)
			}
			return all
		}
		if one, other := rows(times.eachNearest), rows(times.eachPair); !slices.Equal(one, other) {
			t.Fatalf("%v\n%v\n%v", q, one, other)
		}
	}
}
