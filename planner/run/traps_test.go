package run

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// A development zone: the town of the paper county reports to it. Its 220 elders count
// in the county and once in the city; the zone has a row of its own, and is no county.
func TestZoneIsOfWhich(t *testing.T) {
	in, g := paperCounty(t)
	in.Units = append(in.Units, Unit{Code: "990100000000", Level: planner.Prefecture, Name: "纸市"}, Unit{Code: "990195000000", Level: planner.County, Name: "开发区"}, Unit{Code: "990122101201", Level: planner.Village, Name: "邻村"})
	in.Units[1].ReportingParent = "990195000000"
	res := evaluatePaper(t, in, g, Spec{})
	totals := map[planner.Code]int{}
	for _, c := range res.Coverage {
		if c.Group == "60+" && c.Basis == "resident" {
			totals[c.Unit] += c.People
		}
	}
	for u, want := range map[planner.Code]int{"990100000000": 220, "990121000000": 220, "990195000000": 220, "990121101000": 220} {
		if totals[u] != want {
			t.Errorf("%s: %d people, want %d", u, totals[u], want)
		}
	}
	if z := Overlapping(res.Coverage); len(z) != 1 || z[0] != "990195000000" {
		t.Errorf("withheld from the public: %v", z)
	}
	if n := res.Summary.Units; n["county"] != 1 || n["zone"] != 1 {
		t.Errorf("units %v", n)
	}
	for _, v := range res.Verdicts {
		if v.Unit == "990195000000" && (v.Standard == "EL-03" || v.Standard == "N16") {
			t.Errorf("the zone is judged as a county: %+v", v)
		}
	}
	// a neighbour's real county, to which a town reports, stays a county
	in.Units = append(in.Units, Unit{Code: "990122000000", Level: planner.County, Name: "邻县"})
	in.Units[1].ReportingParent = "990122000000"
	if zones, _ := zonesOf(in.Units); len(zones) != 0 {
		t.Errorf("zones %v", zones)
	}
}

// Status by dates: what was closed later was operating on the day, what opens later is planned, a padlocked one is out of use.
func TestStatusOnADay(t *testing.T) {
	day := func(s string) *time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	none, five := 0, 5
	for name, c := range map[string]struct {
		f    Facility
		want string
	}{
		"operating":                            {Facility{Status: "operating"}, "operating"},
		"opens on the day":                     {Facility{Status: "operating", Opened: day("2025-12-31")}, "operating"},
		"opens the day after":                  {Facility{Status: "operating", Opened: day("2026-01-01")}, "planned"},
		"suspended today, closed in 2026":      {Facility{Status: "suspended", Closed: day("2026-05-01")}, "operating"},
		"abolished today, closed in 2026":      {Facility{Status: "closed", Closed: day("2026-05-01"), WeeklyOpenDays: &five}, "operating"},
		"suspended since the day":              {Facility{Status: "suspended", Closed: day("2025-12-31")}, "suspended"},
		"said to operate, closed before":       {Facility{Status: "operating", Closed: day("2025-06-01")}, "suspended"},
		"padlocked":                            {Facility{Status: "operating", WeeklyOpenDays: &none}, "suspended"},
		"planned, whatever the dates":          {Facility{Status: "planned", Closed: day("2030-01-01")}, "planned"},
		"suspended, nobody knows since when":   {Facility{Status: "suspended"}, "suspended"},
		"padlocked and closed only afterwards": {Facility{Status: "suspended", Closed: day("2026-05-01"), WeeklyOpenDays: &none}, "suspended"},
	} {
		if got := c.f.StatusOn(*day("2025-12-31")); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// The plan of 2021 means 26 mountain counties; the list of 2024 has 25 (out: 平阳, 柯城, 莲都; in: 洞头, 嵊泗), and may be set.
func TestMountainCountiesByDate(t *testing.T) {
	plan, err := standard.Parse(standard.Zhejiang2021)
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string]standard.Area{}
	for _, a := range plan.Areas {
		lists[a.ID] = a
	}
	has := func(id string, c planner.Code) bool {
		for _, u := range lists[id].Units {
			if u == c {
				return true
			}
		}
		return false
	}
	if n, m := len(lists["mountain_26"].Units), len(lists["mountain_island_25"].Units); n != 26 || m != 25 || lists["mountain_26"].Until != lists["mountain_island_25"].From {
		t.Errorf("%d and %d counties, the first until %s, the second from %s", n, m, lists["mountain_26"].Until, lists["mountain_island_25"].From)
	}
	for c, old := range map[planner.Code]bool{"330326000000": true, "330802000000": true, "331102000000": true, "330305000000": false, "330922000000": false} {
		if has("mountain_26", c) != old || has("mountain_island_25", c) == old {
			t.Errorf("%s is on the wrong list", c)
		}
	}
	set, values, err := plan.With(map[string]string{"area_lists": "mountain_island_25"})
	if err != nil || values["area_lists"] != "mountain_island_25" || strings.Join(set.Find("EQ-01").Areas, ",") != "mountain_island_25" || strings.Join(plan.Find("EQ-01").Areas, ",") != "mountain_26,islands" {
		t.Errorf("%v, %v", values, err)
	}
}

// What is wrong with the data is listed row by row, and nothing of it is counted in silence.
func TestQualityRows(t *testing.T) {
	in, g := paperCounty(t)
	n := func(i int) *int { return &i }
	in.Units = append(in.Units, Unit{Code: "990121102000", Level: planner.Township, Name: "甲镇", Parent: "990121103000"}, Unit{Code: "990121103000", Level: planner.Township, Name: "乙镇", Parent: "990121102000"})
	in.Population = append(in.Population, Count{Unit: "990121101201", Basis: "resident", Group: "80+", People: -4}, Count{Unit: "990121109201", Basis: "resident", Group: "60+", People: 9},
		Count{Unit: "990121101202", Basis: "resident", Group: "60+", Hamlet: "大", People: 51})
	in.Flags = []Flag{{"990121101299", "child_home_required", true}}
	in.Closed = []ClosedUnit{{Code: "990121109000", Name: "旧镇"}, {Code: "990121109201", Name: "旧村"}}
	in.Facilities = append(in.Facilities, Facility{ID: "B", Name: "多床", Services: []string{"elder_home"}, Unit: "990121101201", Beds: n(5), NursingBeds: n(9), Status: "operating"},
		Facility{ID: "O", Name: "旧点", Services: []string{"day_care"}, Unit: "990121109201", Status: "operating"},
		Facility{ID: "F1b", Name: "上坞照料中心", Services: []string{"day_care"}, Status: "operating", Unit: "990122101201", Point: in.Facilities[0].Point})
	in.Elsewhere = []Elsewhere{{"F2", "下坑照料中心", "990121101206", "990122000000", "邻县"}}
	in.Areas = []ServedArea{{Facility: "gone", Kind: "door", Unit: "990121101201"}}
	in.Rejects = []Reject{{"facilities", "local", "设施.xlsx", 7, planner.Text{ZH: "护理型床位数(9)多于床位数(5)", EN: "more"}}}
	res := evaluatePaper(t, in, g, Spec{})
	kinds, text := map[string]int{}, ""
	for _, q := range res.Quality {
		kinds[q.Kind]++
		text += q.Text.ZH + "\n"
		if q.Text.EN == "" || strings.Contains(q.Text.ZH+q.Text.EN, "%!") {
			t.Errorf("%+v", q)
		}
	}
	want := map[string]int{"rejected_row": 1, "circular_units": 2, "closed_unit": 2, "two_counties": 2, "facility_without_point": 2, "beds": 1, "negative_people": 1, "hamlets_over_village": 1, "flag_without_unit": 1, "area_without_facility": 1}
	if !maps.Equal(kinds, want) {
		t.Errorf("%v, want %v\n%s", kinds, want, text)
	}
	again := evaluatePaper(t, in, g, Spec{})
	if again.Digest != res.Digest {
		t.Error("the list is not the same again")
	}
}

// Two runs of the paper county: a town is renamed, 201 has 10 people more, a centre opens in 205 (and 206 is 97 + 668 m
// away from it: 12.8 minutes) and the minutes grow to 20 (口径: 202, 19.5 minutes away, now walks). Each figure is split into parts that sum.
//
//	walk: 100 + 10 (people) + 13 + 20 (205 and 206 by the new centre) + 50 (202 by 20 minutes) = 193
func TestCompareSumsUp(t *testing.T) {
	a, g := paperCounty(t)
	b, _ := paperCounty(t)
	b.Facilities = append(b.Facilities, Facility{ID: "F9", Name: "东埠照料中心", Services: []string{"day_care"}, Status: "operating", Unit: "990121101205", Point: b.Units[6].Point})
	b.Units[1].Name = "新镇"
	b.Population[0].People = 110
	day := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	specA := Spec{DataVersion: 1, AsOf: day}
	specB := Spec{DataVersion: 2, AsOf: day, Set: map[string]string{"circle_minutes": "20"}}
	both := versions{paper{in: a, g: g}, paper{in: b, g: g}}
	stored := func(id int64, s Spec) Stored {
		res, err := Reckon(t.Context(), both, s)
		if err != nil {
			t.Fatal(err)
		}
		return Stored{id, s, FiguresOf(res)}
	}
	one, two := stored(1, specA), stored(2, specB)
	// the first run was made by an older engine that found one walker more
	walkers := Figure{"EL-07", "990121000000", "people.walk.60+.resident"}
	one.Figures.Engine, one.Figures.Numbers[walkers] = "lifecircle-0", 101
	c, err := Compare(t.Context(), both, one, two, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, d := range c.Differences {
		sum, steps := d.Was, d.Was
		for _, v := range d.Cause {
			sum += v
		}
		for _, v := range d.Steps {
			steps += v
		}
		if diff := sum - d.Is; diff > 1e-9 || diff < -1e-9 || steps-d.Is > 1e-9 || d.Is-steps > 1e-9 {
			t.Errorf("%+v: the parts sum to %g", d, sum)
		}
		if d.Figure == walkers {
			found = true
			if want := map[string]float64{ByEngine: -1, ByData: 43, ByMethod: 50}; d.Was != 101 || d.Is != 193 || !maps.Equal(d.Cause, want) {
				t.Errorf("walkers %+v, on paper %v", d, want)
			}
		}
	}
	if !found || len(c.Steps) != 9 || c.Steps[1].Same || !c.Steps[2].Same || c.Persisting == 0 {
		t.Errorf("%+v", c)
	}
	specB.Units = []planner.Code{"990121000000"}
	if _, err := Compare(t.Context(), both, one, Stored{2, specB, two.Figures}, nil); planner.KindOf(err) != planner.Invalid {
		t.Errorf("runs of different units: %v", err)
	}
}

// versions is a Source of two data versions.
type versions struct{ a, b paper }

func (v versions) of(s Spec) paper {
	if s.DataVersion == 2 {
		return v.b
	}
	return v.a
}

func (v versions) Inputs(ctx context.Context, s Spec) (*Inputs, error) { return v.of(s).Inputs(ctx, s) }
func (v versions) Addresses(ctx context.Context, s Spec, c planner.Code) ([]Address, error) {
	return v.of(s).Addresses(ctx, s, c)
}
func (v versions) Graph(ctx context.Context, digest string) (*graph.Graph, error) {
	return v.a.Graph(ctx, digest)
}
func (v versions) Timetable(context.Context, int64) (*transit.Timetable, error) { return nil, nil }
