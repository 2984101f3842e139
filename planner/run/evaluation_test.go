package run

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
)

// paperCounty is worked out by hand. One street runs east along 29° N from
// 120.000, 97.2 m per 0.001°, open to all; a centre stands at its west end. A
// river runs along 29.002° N without a bridge; a footpath lies north of it.
//
//	201 at 120.005: 486 m, 8.1 min on foot                        → walk,      100 elders
//	202 at 120.012: 1,167 m, 19.5 min on foot, 2.8 min at 25 km/h → ride,       50
//	203 at 120.005, 29.004, beyond the river, 661 m as the crow flies
//	    and the footpath leads nowhere                            → uncovered,  30 (river)
//	204 without a point                                           → unverified,  7
//	205 at 120.045: 4,376 m: 72.9 min on foot, 10.5 by vehicle    → ride,       13
//	206 at 120.046, on a footpath that leaves the street there southward
//	    (0.006° = 667 m): no vehicle within 500 m; a centre out of use
//	    stands 111 m further on                                   → uncovered,  20 (idle)
//
// 220 elders: walk 100 (45.5 %), ride 63 (28.6 %), uncovered 50 (22.7 %), unverified 7 (3.2 %).
func paperCounty(t *testing.T) (*Inputs, *graph.Graph) {
	t.Helper()
	b := graph.NewBuilder()
	for i := range int64(51) {
		b.AddNode(i, orb.Point{120 + float64(i)/1000, 29}, 0)
		if i > 0 {
			all := graph.Foot | graph.Bicycle | graph.Car
			b.AddSegment(graph.Segment{From: i - 1, To: i, Class: graph.Residential, Forward: all, Backward: all})
		}
	}
	path := func(ids ...int64) {
		for i := 1; i < len(ids); i++ {
			b.AddSegment(graph.Segment{From: ids[i-1], To: ids[i], Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	b.AddNode(100, orb.Point{120.002, 29.004}, 0)
	b.AddNode(101, orb.Point{120.008, 29.004}, 0)
	path(100, 101)
	b.AddNode(110, orb.Point{120.046, 28.994}, 0)
	b.AddNode(111, orb.Point{120.046, 28.990}, 0)
	path(46, 110, 111)
	b.AddWater(orb.LineString{{119.9, 29.002}, {120.2, 29.002}})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	in := &Inputs{NetworkDigest: "paper"}
	in.Units = []Unit{{Code: "990121000000", Level: planner.County, Name: "纸上县"}, {Code: "990121101000", Level: planner.Township, Name: "纸上镇"}}
	village := func(code planner.Code, name string, people int, p *orb.Point) {
		in.Units = append(in.Units, Unit{Code: code, Level: planner.Village, Name: name, Point: p})
		in.Population = append(in.Population, Count{Unit: code, Basis: "resident", Group: "60+", People: people})
	}
	village("990121101201", "上坞村", 100, &orb.Point{120.005, 29})
	village("990121101202", "后垟村", 50, &orb.Point{120.012, 29})
	village("990121101203", "对岙村", 30, &orb.Point{120.005, 29.004})
	village("990121101204", "无址村", 7, nil)
	village("990121101205", "东埠村", 13, &orb.Point{120.045, 29})
	village("990121101206", "下坑村", 20, &orb.Point{120.046, 28.994})
	in.Facilities = []Facility{
		{ID: "F1", Name: "上坞照料中心", Services: []string{"day_care"}, Status: "operating", Unit: "990121101201", Point: &orb.Point{120, 29}},
		{ID: "F2", Name: "下坑照料中心", Services: []string{"day_care"}, Status: "suspended", Unit: "990121101206", Point: &orb.Point{120.046, 28.993}},
	}
	return in, g
}

// paper is a Source without a database.
type paper struct {
	in    *Inputs
	g     *graph.Graph
	lines *transit.Timetable
}

func (p paper) Inputs(context.Context, Spec) (*Inputs, error) { return p.in, nil }
func (p paper) Addresses(_ context.Context, _ Spec, county planner.Code) ([]Address, error) {
	if county != "990122000000" {
		return nil, nil
	}
	return []Address{{ID: "a", Unit: "990122101201", Point: orb.Point{120.001, 29}}}, nil
}
func (p paper) Graph(context.Context, string) (*graph.Graph, error) { return p.g, nil }
func (p paper) Timetable(context.Context, int64) (*transit.Timetable, error) {
	return p.lines, nil
}

// Two counties, in either order and after a journey through a database, give one result; a circle
// counts the people of the county next door: 9 elders 97 m from the centre in the other county.
func TestCountiesMerge(t *testing.T) {
	in, g := paperCounty(t)
	in.Units = append(in.Units, Unit{Code: "990122101201", Level: planner.Village, Name: "邻村"})
	in.Population = append(in.Population, Count{Unit: "990122101201", Basis: "resident", Group: "60+", People: 9})
	spec := Spec{AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	whole := evaluatePaper(t, in, g, spec)
	e, err := Open(t.Context(), paper{in: in, g: g}, spec)
	if err != nil {
		t.Fatal(err)
	}
	counties := e.Counties()
	if want := []planner.Code{"990121000000", "990122000000"}; !slices.Equal(counties, want) {
		t.Fatalf("counties %v", counties)
	}
	slices.Reverse(counties)
	var parts []*Part
	for _, c := range counties {
		p, err := e.County(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		var wire bytes.Buffer
		var back *Part
		if err := errors.Join(gob.NewEncoder(&wire).Encode(p), gob.NewDecoder(&wire).Decode(&back)); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, back)
	}
	res, err := e.Merge(parts)
	if err != nil {
		t.Fatal(err)
	}
	if res.Digest != whole.Digest {
		t.Error("the divided run has another digest")
	}
	if c := res.Circles[2]; c.Minutes != 15 || c.People != 109 {
		t.Errorf("the 15-minute circle holds %d people, want 100 and 9 from next door", c.People)
	}
}

func evaluatePaper(t *testing.T, in *Inputs, g *graph.Graph, spec Spec) *Result {
	t.Helper()
	spec.AsOf = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	res, err := Recompute(t.Context(), paper{in: in, g: g}, spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func figureOf(t *testing.T, res *Result, id string) StandardFigure {
	t.Helper()
	i := slices.IndexFunc(res.Summary.Standards, func(f StandardFigure) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("no figure of %s", id)
	}
	return res.Summary.Standards[i]
}

func TestPaperCounty(t *testing.T) {
	in, g := paperCounty(t)
	res := evaluatePaper(t, in, g, Spec{})
	el := figureOf(t, res, "EL-07")
	if want := map[string]int{"walk": 100, "ride": 63, "uncovered": 50, "unverified": 7}; el.Total != 220 || !reflect.DeepEqual(el.People, want) {
		t.Errorf("people %v of %d, on paper %v of 220", el.People, el.Total, want)
	}
	if want := "全县常住60岁以上老人220人:步行15分钟可达100人(45.5%),乘车15分钟可达63人(28.6%),未覆盖50人(22.7%),涉及1个乡镇2个村,另有7人(3.2%)待核实。截至2025年12月31日。"; res.Summary.Headline.ZH != want {
		t.Errorf("headline\n%s\nwant\n%s", res.Summary.Headline.ZH, want)
	}
	if el.Verdict != "tracked" {
		t.Errorf("EL-07 is %s although the plan sets no share", el.Verdict)
	}
	// One serving facility, circles at 5, 10 and 15 minutes: 201's elders are 8.1 minutes away.
	if len(res.Circles) != 3 || res.Circles[0].People != 0 || res.Circles[1].People != 100 || res.Circles[2].People != 100 || res.Circles[2].Minutes != 15 {
		t.Errorf("circles %+v", res.Circles)
	}
	want := map[string]struct {
		kind, nearest string
		people, rank  int
	}{
		"EL-07.990121101203.":            {"river", "", 30, 1},
		"EL-07.990121101206.":            {"idle", "F2", 20, 2},
		"EL-07.990121101204..unverified": {"data_missing", "", 7, 3},
	}
	if len(res.Gaps) != len(want) {
		t.Errorf("%d gaps, want %d", len(res.Gaps), len(want))
	}
	for _, g := range res.Gaps {
		w, ok := want[g.ID]
		if !ok || g.Kind != w.kind || g.People != w.people || g.Rank != w.rank || g.NearestID != w.nearest {
			t.Errorf("gap %s: %s, %d people, rank %d, nearest %q; want %+v", g.ID, g.Kind, g.People, g.Rank, g.NearestID, w)
		}
	}
}

// A run of some units speaks of them; one of a unit that is not there is refused before it begins.
func TestRunOfSomeUnits(t *testing.T) {
	in, g := paperCounty(t)
	res := evaluatePaper(t, in, g, Spec{Units: []planner.Code{"990121101000"}})
	if h := res.Summary.Headline; !strings.HasPrefix(h.ZH, "纸上镇常住60岁以上老人220人") || !strings.HasPrefix(h.EN, "Of 220 resident people aged 60+ in 纸上镇,") {
		t.Errorf("%+v", h)
	}
	if _, err := Recompute(t.Context(), paper{in: in, g: g}, Spec{Units: []planner.Code{"999999000000"}}, nil); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a unit that is not there: %v", err)
	}
}

// People of a grid cell that is no unit are told of, not lost in silence.
func TestPeopleWithoutUnit(t *testing.T) {
	in, g := paperCounty(t)
	in.Population = append(in.Population, Count{Unit: "hex-7", Basis: "resident", Group: "60+", People: 11, Point: &orb.Point{120, 29}})
	res := evaluatePaper(t, in, g, Spec{})
	if q := res.Summary.Quality[0]; q.Kind != "people_without_unit" || q.Count != 11 {
		t.Errorf("%+v", res.Summary.Quality)
	}
}

// Every person is in exactly one class at every level.
func TestClassesSumToTheTotal(t *testing.T) {
	in, g := paperCounty(t)
	sums := map[planner.Code]int{}
	totals := map[planner.Code]int{}
	for _, r := range evaluatePaper(t, in, g, Spec{}).Coverage {
		sums[r.Unit] += r.People
		totals[r.Unit] = r.Total
	}
	for u, total := range totals {
		if sums[u] != total {
			t.Errorf("%s: classes sum to %d of %d", u, sums[u], total)
		}
	}
	if totals["990121000000"] != 220 || totals["990121101202"] != 50 {
		t.Errorf("totals %v", totals)
	}
}

// Without a network everybody is unverified and nobody is called uncovered.
func TestNoNetworkIsUnverified(t *testing.T) {
	in, _ := paperCounty(t)
	in.NetworkDigest = ""
	el := figureOf(t, evaluatePaper(t, in, nil, Spec{}), "EL-07")
	if el.People["unverified"] != 220 || el.Gaps != 0 {
		t.Errorf("people %v, %d gaps", el.People, el.Gaps)
	}
}

// The name and version number of a run do not touch its digest; one elder more does.
func TestDigest(t *testing.T) {
	in, g := paperCounty(t)
	first := evaluatePaper(t, in, g, Spec{Name: "a", DataVersion: 1}).Digest
	in.DataVersion = 9
	if again := evaluatePaper(t, in, g, Spec{Name: "b", DataVersion: 9}).Digest; again != first {
		t.Error("the same data give another digest")
	}
	in.Population[0].People++
	if other := evaluatePaper(t, in, g, Spec{}).Digest; other == first {
		t.Error("one elder more gives the same digest")
	}
}

func TestUnknownAssumptionIsRefused(t *testing.T) {
	in, g := paperCounty(t)
	for set, want := range map[string]string{"sped": `no assumption named "sped"`, "suspected_children": "positive whole number"} {
		_, err := Recompute(t.Context(), paper{in: in, g: g}, Spec{Set: map[string]string{set: "x"}}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", set, err)
		}
	}
}
