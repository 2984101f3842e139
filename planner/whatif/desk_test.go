package whatif

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/graph/sketch"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// villages are three villages of two counties on a drawn map; a character is 100 m.
const villages = `
A----+----B
|    |    |
+----+----+
          |
~~~~~~~~~~|~~
          |
C----+----D
     |
     E----------F`

// drawn is a source for runs and desks: 100 elders each at A, B, C, E, F; a centre at B, one out of use at C.
type drawn struct{ m *sketch.Map }

func newDrawn(t *testing.T) *drawn {
	t.Helper()
	m, err := sketch.Draw(villages)
	if err != nil {
		t.Fatal(err)
	}
	return &drawn{m}
}

func (d *drawn) at(letter rune) *orb.Point { p := d.m.Place(letter); return &p }

func (d *drawn) Inputs(_ context.Context, spec run.Spec) (*run.Inputs, error) {
	in := &run.Inputs{DataVersion: 5, NetworkDigest: "drawn"}
	unit := func(code planner.Code, letter rune) {
		if !spec.Covers(code) {
			return
		}
		u := run.Unit{Code: code, Name: string(letter) + "村", Level: code.Level(), Parent: code.Parent()}
		if letter != ' ' {
			u.Point = d.at(letter)
			in.Population = append(in.Population, run.Count{Unit: code, Basis: "resident", Group: "60+", People: 100}, run.Count{Unit: code, Basis: "resident", Group: "80+", People: 10})
		}
		in.Units = append(in.Units, u)
	}
	unit("990000000000", ' ')
	unit("990100000000", ' ')
	unit("990101000000", ' ')
	unit("990101001000", ' ')
	unit("990101001001", 'A')
	unit("990101001002", 'B')
	unit("990102000000", ' ')
	unit("990102001000", ' ')
	unit("990102001001", 'C')
	unit("990102001002", 'E')
	unit("990102001003", 'F')
	in.Facilities = []run.Facility{{ID: "b", Name: "B中心", Services: []string{"home_care_centre"}, Unit: "990101001002", Status: "operating", Point: d.at('B')},
		{ID: "c", Name: "C中心", Services: []string{"home_care_centre"}, Unit: "990102001001", Status: "suspended", Point: d.at('C')}}
	return in, nil
}
func (d *drawn) Addresses(context.Context, run.Spec, planner.Code) ([]run.Address, error) {
	return nil, nil
}
func (d *drawn) Graph(context.Context, string) (*graph.Graph, error) { return d.m.Graph, nil }
func (d *drawn) Spec(context.Context, int64) (run.Spec, string, error) {
	return run.Spec{DataVersion: 5, AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}, "", nil
}

var official = planner.Viewer{Role: "planner", Class: planner.Full}

func try(t *testing.T, d *Desk, v planner.Viewer, edits ...Edit) *Answer {
	t.Helper()
	a, err := d.Try(t.Context(), Ask{Snapshot: layer.Snapshot{Version: 5, Run: 1}, Edits: edits}, v)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func changed(a *Answer) (texts []string) {
	for _, u := range a.Units {
		if u.Group == "60+.resident" && u.Unit.Level() == planner.Village {
			texts = append(texts, a.Names[u.Unit]+map[bool]string{true: "+", false: "-"}[u.Gained > 0])
		}
	}
	return texts
}

// The base is what a run finds, and edits do what the map shows: at 1 m/s the limit is 900 m.
func TestDeskOnADrawnMap(t *testing.T) {
	from := newDrawn(t)
	d := NewDesk(from)
	base := try(t, d, official)
	spec, _, _ := from.Spec(t.Context(), 1)
	res, err := run.Recompute(t.Context(), from, spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	walk := 0
	for _, c := range res.Coverage {
		if c.Standard == base.Standard && c.Class == "walk" && c.Group == "60+" && c.Basis == "resident" && c.Level == planner.Province {
			walk = c.People
		}
	}
	if base.Whole[0].Before != walk || base.Whole[0].All != 500 || len(base.Units) > 0 {
		t.Errorf("the base has %+v, a run %d", base.Whole[0], walk)
	}
	point := func(x, y float64) *orb.Point { // by row and column of the drawing
		a, b := from.m.Place('A'), from.m.Place('B')
		step := (b[0] - a[0]) / 10
		return &orb.Point{a[0] + x*step, a[1] - y*step}
	}
	for name, c := range map[string]struct {
		edits []Edit
		want  string
	}{
		"close the only centre":            {[]Edit{{Op: "close", Facility: "b"}}, "B村-"},
		"a new one at E":                   {[]Edit{{Op: "add", Point: from.at('E')}}, "C村+ E村+"},
		"what is out of use at C is open":  {[]Edit{{Op: "open", Facility: "c"}}, "C村+ E村+"},
		"the centre moves to A":            {[]Edit{{Op: "move", Facility: "b", Point: from.at('A')}}, "A村+ B村-"},
		"moved midway, both reach it":      {[]Edit{{Op: "move", Facility: "b", Point: point(5, 0)}}, "A村+"},
		"added, moved, closed: nothing":    {[]Edit{{Op: "add", Facility: "x", Point: from.at('E')}, {Op: "move", Facility: "x", Point: from.at('C')}, {Op: "close", Facility: "x"}}, ""},
		"a street closed and opened again": {[]Edit{{Op: "add", Point: from.at('E')}, {Op: "close_street", Point: point(5, 6.5)}, {Op: "open_street", Point: point(5, 6.5)}}, "C村+ E村+"},
		"a street closed":                  {[]Edit{{Op: "add", Point: from.at('E')}, {Op: "close_street", Point: point(2, 6)}}, "E村+"},
	} {
		a := try(t, d, official, c.edits...)
		if got := strings.Join(changed(a), " "); got != c.want {
			t.Errorf("%s: %s, on the map %s", name, got, c.want)
		}
		if again := try(t, d, official); again.Digest != base.Digest {
			t.Errorf("%s: after undo the digest is another", name)
		}
	}
}

// edited is the same source after edits: what a run of the edited data finds is what the desk says.
type edited struct {
	*drawn
	change func([]run.Facility) []run.Facility
}

func (e edited) Inputs(ctx context.Context, spec run.Spec) (*run.Inputs, error) {
	in, err := e.drawn.Inputs(ctx, spec)
	if err == nil {
		in.Facilities = e.change(in.Facilities)
	}
	return in, err
}

func TestDeskAgreesWithARunOfTheEditedData(t *testing.T) {
	from := newDrawn(t)
	d := NewDesk(from)
	spec, _, _ := from.Spec(t.Context(), 1)
	for name, c := range map[string]struct {
		edit   Edit
		change func([]run.Facility) []run.Facility
	}{
		"close": {Edit{Op: "close", Facility: "b"}, func(f []run.Facility) []run.Facility { return f[1:] }},
		"open":  {Edit{Op: "open", Facility: "c"}, func(f []run.Facility) []run.Facility { f[1].Status = "operating"; return f }},
		"move":  {Edit{Op: "move", Facility: "b", Point: from.at('D')}, func(f []run.Facility) []run.Facility { f[0].Point = from.at('D'); return f }},
		"add": {Edit{Op: "add", Point: from.at('E')}, func(f []run.Facility) []run.Facility {
			return append(f, run.Facility{ID: "new", Services: []string{"day_care"}, Status: "operating", Point: from.at('E')})
		}},
	} {
		a := try(t, d, official, c.edit)
		res, err := run.Recompute(t.Context(), edited{from, c.change}, spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		walk := map[planner.Code]int{}
		for _, r := range res.Coverage {
			if r.Standard == a.Standard && r.Class == "walk" && r.Group == "60+" && r.Basis == "resident" {
				walk[r.Unit] = r.People
			}
		}
		if a.Whole[0].After != walk["990000000000"] {
			t.Errorf("%s: %d people, a run of the edited data finds %d", name, a.Whole[0].After, walk["990000000000"])
		}
		for _, u := range a.Units {
			if u.Group == "60+.resident" && u.After != walk[u.Unit] {
				t.Errorf("%s, %s: %d people, a run finds %d", name, u.Unit, u.After, walk[u.Unit])
			}
		}
	}
}

// A viewer has the people of the own scope alone, touches no facility of others, and the public gets nothing.
func TestDeskForViewers(t *testing.T) {
	from := newDrawn(t)
	d := NewDesk(from)
	own := planner.Viewer{Role: "county_editor", Prefix: "990102", Class: planner.Full}
	a := try(t, d, own, Edit{Op: "add", Point: from.at('D')})
	if a.Whole[0].All != 300 || slices.ContainsFunc(a.Units, func(u Difference) bool { return !strings.HasPrefix(string(u.Unit), "990102") }) {
		t.Errorf("%+v", a)
	}
	for name, c := range map[string]struct {
		v    planner.Viewer
		ask  Ask
		want planner.Kind
	}{
		"another county's facility": {own, Ask{Edits: []Edit{{Op: "close", Facility: "b"}}}, planner.Invalid},
		"another county":            {own, Ask{Within: "990101000000"}, planner.NotFound},
		"the public":                {planner.Viewer{Role: "public", Class: planner.Suppressed}, Ask{}, planner.Forbidden},
		"no such op":                {official, Ask{Edits: []Edit{{Op: "burn"}}}, planner.Invalid},
		"no point":                  {official, Ask{Edits: []Edit{{Op: "add"}}}, planner.Invalid},
		"at sea":                    {official, Ask{Edits: []Edit{{Op: "add", Point: &orb.Point{50, 50}}}}, planner.Invalid},
		"twice the same id":         {official, Ask{Edits: []Edit{{Op: "add", Facility: "b", Point: from.at('E')}}}, planner.Invalid},
		"open what is open":         {official, Ask{Edits: []Edit{{Op: "open", Facility: "b"}}}, planner.Invalid},
		"close what is closed":      {official, Ask{Edits: []Edit{{Op: "close", Facility: "c"}}}, planner.Invalid},
		"no such standard":          {official, Ask{Question: run.Question{Standard: "XX-1"}}, planner.Invalid},
		"too many":                  {official, Ask{Edits: make([]Edit, 201)}, planner.TooLarge},
	} {
		c.ask.Snapshot = layer.Snapshot{Version: 5, Run: 1}
		if _, err := d.Try(t.Context(), c.ask, c.v); planner.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Many who try different lists at once get the answers that each gets alone: nothing of one shows in another.
func TestDeskForManyAtOnce(t *testing.T) {
	from := newDrawn(t)
	lists := make([][]Edit, 24)
	letters := []rune("ABCDEF")
	dice := rand.New(rand.NewPCG(3, 4))
	for i := range lists {
		for range dice.IntN(5) {
			lists[i] = append(lists[i], Edit{Op: "add", Point: from.at(letters[dice.IntN(len(letters))])})
		}
		if dice.IntN(2) == 0 {
			lists[i] = append(lists[i], Edit{Op: "close_street", Point: from.at('D')})
		}
	}
	want := make([]*Answer, len(lists))
	for i, l := range lists {
		want[i] = try(t, NewDesk(from), official, l...)
	}
	d := NewDesk(from)
	var all sync.WaitGroup
	for round := range 8 {
		for i := range lists {
			all.Go(func() {
				i := (i*7 + round) % len(lists)
				a, err := d.Try(context.Background(), Ask{Snapshot: layer.Snapshot{Version: 5, Run: 1}, Edits: lists[i]}, official)
				if err != nil || a.Digest != want[i].Digest || !slices.Equal(a.Units, want[i].Units) || !slices.Equal(a.Whole, want[i].Whole) {
					t.Errorf("list %d: %v, alone %v (%v)", i, a, want[i], err)
				}
			})
		}
	}
	all.Wait()
}

func (d *drawn) Timetable(context.Context, int64) (*transit.Timetable, error) { return nil, nil }
