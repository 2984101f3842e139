package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

func crsOf(t *testing.T, name string) layer.CRS {
	t.Helper()
	c, ok := layer.ParseCRS(name)
	if !ok {
		t.Fatal(name)
	}
	return c
}

// Values of PROJ: cs2cs EPSG:4326 EPSG:… for 29.1 N, 120.1 E, and of the identity for degrees.
func TestCoordinatesOfEverySystem(t *testing.T) {
	s, _ := twoVersions(t)
	for name, want := range map[string]string{
		"CRS84": "[120.1,29.1]", "EPSG:4326": "[29.1,120.1]", "EPSG:4490": "[29.1,120.1]", "EPSG:3857": "[13369470.8443,3388379.9614]", "EPSG:4549": "[3220357.1142,509734.5002]", "EPSG:4528": "[3220357.1142,40509734.5002]",
	} {
		f, err := s.Feature(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 1}, CRS: crsOf(t, name)}, "A")
		if err != nil || !strings.Contains(string(f.JSON), `"coordinates":`+want) {
			t.Errorf("%s: %v in %s", name, err, f.JSON)
		}
	}
	for _, c := range layer.CRSs() { // no system is refused
		if _, err := s.Feature(t.Context(), layer.Query{Collection: "units", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 1}, CRS: c}, "990121101201"); err != nil {
			t.Errorf("%s: %v", c.URI(), err)
		}
	}
}

func TestBoxesOfEverySystem(t *testing.T) {
	s, _ := twoVersions(t)
	for name, box := range map[string]orb.Bound{
		"CRS84": {Min: orb.Point{120.05, 29.05}, Max: orb.Point{120.15, 29.15}}, "EPSG:3857": {Min: orb.Point{13369000, 3388000}, Max: orb.Point{13370000, 3389000}},
		"EPSG:4549": {Min: orb.Point{509000, 3220000}, Max: orb.Point{510000, 3221000}}, "EPSG:4528": {Min: orb.Point{40509000, 3220000}, Max: orb.Point{40510000, 3221000}},
	} {
		q := layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 1}, Limit: 10, BBox: []orb.Bound{box}, BBoxCRS: crsOf(t, name)}
		if p, err := s.Page(t.Context(), q); err != nil || ids(p) != "A" || p.NumberMatched != 1 {
			t.Errorf("%s: %q %v", name, ids(p), err)
		}
		q.BBox = []orb.Bound{{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}}
		if p, err := s.Page(t.Context(), q); err != nil || ids(p) != "" {
			t.Errorf("%s, nowhere: %q %v", name, ids(p), err)
		}
	}
}

func TestTimesOfFacilities(t *testing.T) {
	s, pool := twoVersions(t)
	if _, err := pool.Exec(t.Context(), `UPDATE facility SET opened = '2020-03-01', closed = '2022-03-31' WHERE key = 'A'; UPDATE facility SET opened = '2021-01-01' WHERE key = 'B'`); err != nil {
		t.Fatal(err)
	}
	at := func(text string) *time.Time {
		if text == "" {
			return nil
		}
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	for _, c := range [][3]string{
		{"2020-02-29T23:59:59Z", "2020-02-29T23:59:59Z", "C"}, {"2020-03-01T00:00:00Z", "2020-03-01T00:00:00Z", "A C"}, {"2022-03-31T23:00:00Z", "2022-03-31T23:00:00Z", "A B C"},
		{"2022-04-01T00:00:00Z", "", "B C"}, {"", "2020-12-31T00:00:00Z", "A C"}, {"2019-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "A B C"}, {"2022-04-01T00:00:00+08:00", "", "A B C"},
	} {
		p, err := s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10, Time: &layer.Interval{From: at(c[0]), To: at(c[1])}})
		if err != nil || ids(p) != c[2] {
			t.Errorf("%s/%s: %q %v", c[0], c[1], ids(p), err)
		}
	}
	e, err := s.Extent(t.Context(), "facilities", layer.Snapshot{Version: 2}, planner.DemoViewer)
	if err != nil || e.From == nil || !e.From.Equal(*at("2020-03-01T00:00:00Z")) || e.To != nil || e.Updated.IsZero() {
		t.Errorf("%+v %v", e, err)
	}
}

// The count of a version is found once, and another server finds it in the database.
func TestTotalsAreKept(t *testing.T) {
	s, pool := twoVersions(t)
	e, err := s.Extent(t.Context(), "facilities", layer.Snapshot{Version: 2}, planner.DemoViewer)
	if err != nil || e.Count != 3 {
		t.Fatal(e, err)
	}
	if _, err := pool.Exec(t.Context(), `UPDATE layer_total SET features = 77`); err != nil {
		t.Fatal(err)
	}
	if again, _ := s.Extent(t.Context(), "facilities", layer.Snapshot{Version: 2}, planner.DemoViewer); again.Count != 3 {
		t.Error("counted again")
	}
	p, err := New(pool).Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 1})
	if err != nil || p.NumberMatched != 77 {
		t.Errorf("%d matched, %v: not what was kept", p.NumberMatched, err)
	}
	if p, err = s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 1}, Limit: 1}); err != nil || p.NumberMatched != 2 {
		t.Errorf("%d of version 1, %v", p.NumberMatched, err)
	}
}

// A server hears of a publication and needs no statement between two; what was pruned is gone, what never was is invalid.
func TestWatch(t *testing.T) {
	s, pool := twoVersions(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.Watch(ctx); close(done) }()
	defer func() { stop(); <-done }()
	until := func(what string, ok func() bool) {
		for begin := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
			if time.Since(begin) > 10*time.Second {
				t.Fatal(what)
			}
		}
	}
	until("not listening", func() bool { return s.known.Load() != nil })
	if snap, err := s.Latest(t.Context()); err != nil || snap.Version != 2 {
		t.Fatal(snap, err)
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO data_version (kind, source) VALUES ('places', 't')`); err != nil {
		t.Fatal(err)
	}
	until("version 3 was not heard of", func() bool { snap, _ := s.Latest(t.Context()); return snap.Version == 3 })
	if err := s.Kept(t.Context(), layer.Snapshot{Version: 1}); err != nil {
		t.Error(err)
	}
	if _, err := pool.Exec(t.Context(), `DELETE FROM data_version WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	until("the pruning was not heard of", func() bool { return s.Kept(t.Context(), layer.Snapshot{Version: 1}) != nil })
	for snap, want := range map[layer.Snapshot]planner.Kind{{Version: 1}: planner.Gone, {Version: 9}: planner.Invalid, {Version: 3, Run: 5}: planner.Invalid, {Version: -1}: planner.Invalid} {
		if err := s.Kept(t.Context(), snap); planner.KindOf(err) != want {
			t.Errorf("%+v: %v", snap, err)
		}
	}
}
