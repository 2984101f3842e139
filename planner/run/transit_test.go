package run

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
)

// A bus stops at 120.045 and at the centre's door: 205 there rides 4 minutes after a wait of 5. 206 walks 97 m along the street and 667 m of
// path, 12.7 minutes, and is too late. Who walked before still walks.
func TestStandardByTransit(t *testing.T) {
	in, g := paperCounty(t)
	ride, headway := 4.0, 10.0
	lines, problems := transit.Build([]transit.Row{
		{Route: "1", Direction: "去", Seq: 1, Point: orb.Point{120.045, 29}, Minutes: &ride, Headway: &headway},
		{Route: "1", Direction: "去", Seq: 2, Point: orb.Point{120, 29}},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	spec := Spec{AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Set: map[string]string{"speed": "transit"}}
	res, err := Recompute(t.Context(), paper{in: in, g: g, lines: lines}, spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	people := figureOf(t, res, "EL-07").People
	if people["walk"] != 113 || people["ride"] != 50 || people["uncovered"] != 50 || people["unverified"] != 7 {
		t.Errorf("%v", people)
	}
	rings := 0
	for _, c := range res.Circles {
		if c.Minutes == 15 {
			rings += len(c.Polygon)
			if c.People != 113 {
				t.Errorf("the circle holds %d", c.People)
			}
		}
	}
	if rings != 2 { // round the centre and round the stop
		t.Errorf("the circle has %d parts", rings)
	}
	if _, err := Recompute(t.Context(), paper{in: in, g: g}, spec, nil); planner.KindOf(err) != planner.Invalid {
		t.Errorf("without a table: %v", err)
	}
	plain := evaluatePaper(t, in, g, Spec{})
	with, err := Recompute(t.Context(), paper{in: in, g: g, lines: lines}, Spec{AsOf: spec.AsOf}, nil)
	if err != nil || plain.Digest != with.Digest {
		t.Errorf("a table that no standard uses changes a run: %v", err)
	}
}
