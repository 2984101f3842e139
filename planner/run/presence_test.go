package run

import (
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

func builtIn(t *testing.T, id string) standard.Standard {
	t.Helper()
	p, err := standard.Parse(standard.Zhejiang2021)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Standards {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no standard %s", id)
	return standard.Standard{}
}

// gathered prepares inputs for one standard of the built-in plan.
func gathered(t *testing.T, in *Inputs, day time.Time) *gather {
	t.Helper()
	plan, err := standard.Parse(standard.Zhejiang2021)
	if err != nil {
		t.Fatal(err)
	}
	e := &Evaluation{in: in, plan: plan, spec: Spec{AsOf: day}, units: map[planner.Code]Unit{}}
	for _, u := range in.Units {
		e.units[u.Code] = u
	}
	return gatherOf(e)
}

// A county of five townships and one similar unit (410), on 2025-12-31:
//
//	101 has an operating eco-burial site with 12 places left      → met
//	102 has one, full                                             → not met, capacity
//	103 has one, suspended                                        → not met, idle
//	104 has only a sea burial and a site that opens in 2026        → not met, no facility
//	105 has one that stands in 106                                 → not met, no facility
//	106 has it                                                     → met
//	410 is a similar unit: not counted
//
// so the county is 2 of 6: 差4个.
func TestEcoBurialByTownship(t *testing.T) {
	day := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	later := day.AddDate(0, 1, 0)
	left, none := 12, 0
	in := &Inputs{Units: []Unit{{Code: "990121000000", Level: planner.County, Name: "县"}}}
	for _, c := range []planner.Code{"990121101000", "990121102000", "990121103000", "990121104000", "990121105000", "990121106000", "990121410000"} {
		in.Units = append(in.Units, Unit{Code: c, Level: planner.Township})
	}
	in.Facilities = []Facility{
		{ID: "a", Unit: "990121101201", Services: []string{"eco_burial"}, Status: "operating", CapacityLeft: &left},
		{ID: "b", Unit: "990121102000", Services: []string{"eco_burial"}, Status: "operating", CapacityLeft: &none},
		{ID: "c", Unit: "990121103000", Services: []string{"eco_burial"}, Status: "suspended"},
		{ID: "d", Unit: "990121104000", Services: []string{"sea_burial"}, Status: "operating"},
		{ID: "e", Unit: "990121104000", Services: []string{"eco_burial"}, Status: "operating", Opened: &later},
		{ID: "f", Unit: "990121106000", Services: []string{"eco_burial"}, Status: "operating"},
	}
	s := builtIn(t, "FU-01")
	g := gathered(t, in, day)
	ps := g.judgePresence(s)
	want := map[planner.Code][2]string{
		"990121101000": {"met", ""}, "990121102000": {"not_met", "capacity"}, "990121103000": {"not_met", "idle"},
		"990121104000": {"not_met", "no_facility"}, "990121105000": {"not_met", "no_facility"}, "990121106000": {"met", ""},
	}
	if len(ps) != len(want) {
		t.Fatalf("%d townships judged, want %d", len(ps), len(want))
	}
	for _, p := range ps {
		if got := [2]string{p.verdict, p.kind}; got != want[p.unit.Code] {
			t.Errorf("%s: %v, want %v", p.unit.Code, got, want[p.unit.Code])
		}
	}
	v := g.verdicts(g.presence(s))[0]
	if v.Unit != "990121000000" || v.Text.ZH != "未达标(差4个)" || v.Numerator != 2 || v.Denominator != 6 {
		t.Errorf("county: %+v", v)
	}
}

// Two counties: 21 has a list (201 should have a home and does not, 202 should and has, 203 need not);
// 22 has none, so 201 with 30 children is suspected and unverified, 202 with 29 is not asked.
func TestChildHomesByFlag(t *testing.T) {
	in := &Inputs{
		Flags:      []Flag{{"990121101201", "child_home_required", true}, {"990121101202", "child_home_required", true}, {"990121101203", "child_home_required", false}},
		Facilities: []Facility{{ID: "h", Unit: "990121101202", Services: []string{"child_home"}, Status: "operating"}},
		Population: []Count{{Unit: "990122101201", Basis: "resident", Group: "0-17", People: 30}, {Unit: "990122101202", Basis: "resident", Group: "0-17", People: 29}},
	}
	for _, c := range []planner.Code{"990121101201", "990121101202", "990121101203", "990122101201", "990122101202"} {
		in.Units = append(in.Units, Unit{Code: c, Level: planner.Village})
	}
	ps := gathered(t, in, time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)).judgePresence(builtIn(t, "CH-04"))
	want := map[planner.Code]string{"990121101201": "not_met", "990121101202": "met", "990122101201": "unverified"}
	if len(ps) != len(want) {
		t.Fatalf("%d villages judged, want %d: %+v", len(ps), len(want), ps)
	}
	for _, p := range ps {
		if p.verdict != want[p.unit.Code] {
			t.Errorf("%s: %s, want %s", p.unit.Code, p.verdict, want[p.unit.Code])
		}
	}
}
