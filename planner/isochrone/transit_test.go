package isochrone

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// shuttle goes from 0.001° to 0.019° in 2 minutes, every 4: at 1 m/s 2,004 m.
func shuttle(t *testing.T) *transit.Timetable {
	ride, headway := 2.0, 4.0
	lines, problems := transit.Build([]transit.Row{
		{Route: "接驳", Direction: "去", Seq: 1, Stop: "西", Point: orb.Point{0.001, 0}, Minutes: &ride, Headway: &headway},
		{Route: "接驳", Direction: "去", Seq: 2, Stop: "东", Point: orb.Point{0.019, 0}},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return lines
}

// Away from the west end: round the place itself, and 60 s round the far stop after 2 min of waiting and 2 of riding.
func TestDrawByShuttle(t *testing.T) {
	p := New(&street{lines: shuttle(t)})
	q := Question{Places: []orb.Point{{0.001, 0}}, Minutes: []int{5}, Way: Way{Profile: "transit", Direction: travel.Outbound}}
	_, got, err := drawn(t, p, q)
	if err != nil || len(got) != 1 || len(got[0].Polygon) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for lon, inside := range map[float64]bool{0.0036: true, 0.0038: false, 0.0186: true, 0.0183: false, 0.0194: true, 0.010: false} {
		if planar.MultiPolygonContains(got[0].Polygon, orb.Point{lon, 0}) != inside {
			t.Errorf("%v inside is not %v", lon, inside)
		}
	}
	q.Way.Direction = travel.Inbound // nothing comes to the west but on foot
	if _, got, err = drawn(t, p, q); err != nil || len(got[0].Polygon) != 1 {
		t.Errorf("inbound: %v", err)
	}
	q.Union, q.Places, q.Way.Direction = true, []orb.Point{{0.001, 0}, {0.010, 0}}, travel.Outbound
	if _, got, err = drawn(t, p, q); err != nil || len(got) != 1 || len(got[0].Polygon) != 3 || got[0].Place != -1 {
		t.Errorf("union: %+v %v", got, err)
	}
	if _, _, err := drawn(t, New(&street{}), q); planner.KindOf(err) != planner.NotFound {
		t.Errorf("without a table: %v", err)
	}
}

func TestTimesByShuttle(t *testing.T) {
	p := New(&street{lines: shuttle(t)})
	for nearest, want := range map[int]int{0: 3, 2: 2} {
		times, err := p.Times(t.Context(), TimesQuestion{Sources: []orb.Point{{0.001, 0}, {5, 5}}, Targets: []orb.Point{{0.019, 0}, {0.018, 0}, {0.002, 0}}, Minutes: 15, Nearest: nearest, Way: Way{Profile: "transit", Direction: travel.Outbound}})
		if err != nil {
			t.Fatal(err)
		}
		var got []travel.Pair
		if err := times.Each(t.Context(), func(source int, to []travel.Pair) error { got = append(got, to...); return nil }); err != nil {
			t.Fatal(err)
		}
		seconds := map[int32]float64{0: 240, 1: 240 + 111.32, 2: 111.32}
		if len(got) != want {
			t.Errorf("nearest %d: %v", nearest, got)
		}
		for _, pair := range got {
			if math.Abs(float64(pair.Millis)/1000-seconds[pair.Point]) > 0.01 {
				t.Errorf("target %d: %d ms", pair.Point, pair.Millis)
			}
		}
	}
}
