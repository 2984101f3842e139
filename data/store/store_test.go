package store

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

// twoVersions: version 1 has facilities A (west), B (east); version 2 moves B and adds C without a point.
func twoVersions(t *testing.T) (*Store, *pgxpool.Pool) {
	t.Helper()
	pool := datatest.Open(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO data_version (kind, source) VALUES ('facilities', 't'), ('facilities', 't');
		INSERT INTO facility (source, key, from_version, to_version, name, services, unit_code, geom, digest) VALUES
		 ('t', 'A', 1, open_version(), '甲「照料」"中心"', '{day_care,meal_point}', '990121101201', ST_SetSRID(ST_MakePoint(120.1, 29.1), 4326), ''),
		 ('t', 'B', 1, 2,              '乙', '{day_care}', '990121102201', ST_SetSRID(ST_MakePoint(120.9, 29.1), 4326), ''),
		 ('t', 'B', 2, open_version(), '乙', '{day_care}', '990121102201', ST_SetSRID(ST_MakePoint(120.95, 29.1), 4326), ''),
		 ('t', 'C', 2, open_version(), '丙', '{child_home}', '990122101201', NULL, '');
		INSERT INTO unit (source, key, from_version, name, level, geom, point, digest) VALUES
		 ('t', '990121101201', 1, '上坞村', 5, ST_Multi(ST_MakeEnvelope(120, 29, 120.2, 29.2, 4326)), ST_SetSRID(ST_MakePoint(120.1, 29.1), 4326), '')`)
	if err != nil {
		t.Fatal(err)
	}
	return New(pool), pool
}

func ids(p layer.Page) string {
	var s []string
	for _, f := range p.Features {
		s = append(s, f.ID)
	}
	return strings.Join(s, " ")
}

func TestPagesOfAVersion(t *testing.T) {
	s, _ := twoVersions(t)
	for _, c := range []struct {
		name    string
		q       layer.Query
		ids     string
		matched int64
		more    bool
	}{
		{"version 1", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 1}, Limit: 10}, "A B", 2, false},
		{"version 2", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10}, "A B C", 3, false},
		{"first page", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 2}, "A B", 3, true},
		{"second page", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 2, AfterID: "B"}, "C", 3, false},
		{"by service, the second of a site too", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 9, Equals: map[string]string{"service": "meal_point"}}, "A", 1, false},
		{"box", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 9, BBox: []orb.Bound{{Min: orb.Point{120.94, 29}, Max: orb.Point{121, 30}}}}, "B", 1, false},
		{"where B was", layer.Query{Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 9, BBox: []orb.Bound{{Min: orb.Point{120.89, 29}, Max: orb.Point{120.91, 30}}}}, "", 0, false},
		{"another county's viewer", layer.Query{Snapshot: layer.Snapshot{Version: 2}, Limit: 9, Viewer: planner.Viewer{Role: "viewer", Prefix: "990122", Class: planner.Full}}, "C", 1, false},
	} {
		c.q.Collection = "facilities"
		p, err := s.Page(t.Context(), c.q)
		if err != nil || ids(p) != c.ids || p.NumberMatched != c.matched || p.More != c.more {
			t.Errorf("%s: %q of %d, more %v, %v; want %q of %d, %v", c.name, ids(p), p.NumberMatched, p.More, err, c.ids, c.matched, c.more)
		}
	}
}

func TestFeatureIsGeoJSON(t *testing.T) {
	s, _ := twoVersions(t)
	q := layer.Query{Viewer: planner.DemoViewer, Collection: "facilities", Snapshot: layer.Snapshot{Version: 2}}
	f, err := s.Feature(t.Context(), q, "A")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type, ID   string
		Geometry   struct{ Coordinates []float64 }
		Properties map[string]any
	}
	if err := json.Unmarshal(f.JSON, &got); err != nil {
		t.Fatalf("%v in %s", err, f.JSON)
	}
	if got.ID != "A" || got.Properties["name"] != `甲「照料」"中心"` || !slices.Equal(got.Geometry.Coordinates, []float64{120.1, 29.1}) || got.Properties["services"] != "day_care,meal_point" {
		t.Errorf("%s", f.JSON)
	}
	for _, id := range []string{"Z", "A' OR '1'='1", ""} {
		if _, err := s.Feature(t.Context(), q, id); planner.KindOf(err) != planner.NotFound {
			t.Errorf("feature %q: %v", id, err)
		}
	}
	if _, err := s.Page(t.Context(), layer.Query{Viewer: planner.DemoViewer, Collection: "facilities", Limit: 1, Equals: map[string]string{"name; DROP TABLE unit": "x"}}); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a property that is not there: %v", err)
	}
}

// A decimal property has a decimal point whatever its value, and null stays null.
func TestDecimalsLookLikeDecimals(t *testing.T) {
	s, pool := twoVersions(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO run (name, data_version, as_of, spec, state, digest, published_at) VALUES ('t', 2, '2025-12-31', '{}', 'published', 'd', now());
		INSERT INTO gap (run_id, id, standard, unit_code, name, kind, age_group, people, minutes, ride_minutes, rank, reason, reason_en, measure)
		SELECT id, 'g', 'EL-07', '990121101201', 'n', 'walk_time', '60+', 7, 20, NULL, 1, '', '', '' FROM run;
		INSERT INTO gap (run_id, id, standard, unit_code, name, kind, age_group, people, minutes, ride_minutes, rank, reason, reason_en, measure)
		SELECT id, 'h', 'EL-07', '990121101201', 'n', 'walk_time', '60+', 7, 20.3, 0, 1, '', '', '' FROM run`)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"g": `"minutes" : 20.0, "ride_minutes" : null, "rank" : 1,`, "h": `"minutes" : 20.3, "ride_minutes" : 0.0, "rank" : 1,`} {
		f, err := s.Feature(t.Context(), layer.Query{Viewer: planner.DemoViewer, Collection: "gaps", Snapshot: layer.Snapshot{Version: 2, Run: 1}}, id)
		if err != nil || !strings.Contains(string(f.JSON), want) {
			t.Errorf("%s, %v; want %s", f.JSON, err, want)
		}
	}
}

// Every collection of the catalogue can be read, empty or not.
func TestEveryCollection(t *testing.T) {
	s, _ := twoVersions(t)
	for _, c := range layer.Collections {
		q := layer.Query{Collection: c.ID, Snapshot: layer.Snapshot{Version: 2, Run: 1}, Limit: 5, Viewer: planner.Viewer{Role: "planner", Prefix: "99", Class: planner.Full}, Equals: map[string]string{}}
		for _, p := range c.Properties {
			if p.Queryable {
				q.Equals[p.Name] = "1"
			}
		}
		if _, err := s.Page(t.Context(), q); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if _, err := s.Extent(t.Context(), c.ID, q.Snapshot, planner.DemoViewer); err != nil {
			t.Errorf("%s extent: %v", c.ID, err)
		}
	}
}

func TestPublishIsWholeAndOnce(t *testing.T) {
	s, pool := twoVersions(t)
	spec := run.Spec{Name: "试算", DataVersion: 2, AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	in, err := s.Inputs(t.Context(), spec)
	if err != nil || len(in.Facilities) != 3 || len(in.Units) != 1 || in.Facilities[2].Point != nil || in.Facilities[0].Unit != "990121101201" {
		t.Fatalf("inputs %+v, %v", in, err)
	}
	id, err := s.Begin(t.Context(), spec, "", false)
	if err != nil {
		t.Fatal(err)
	}
	res := &run.Result{Digest: "d", Engine: run.Engine,
		Circles:  []run.Circle{{FacilityID: "A", Name: "甲", Service: "day_care", Profile: "elder_60_69", Minutes: 15, Group: "60+", People: 12, Polygon: orb.MultiPolygon{{{{120, 29}, {120.1, 29}, {120.1, 29.1}, {120, 29}}}}}},
		Coverage: []run.Coverage{{Unit: "990121101201", Name: "上坞村", Level: planner.Village, Standard: "EL-07", Group: "60+", Basis: "resident", Profile: "elder_60_69", Minutes: 15, Class: "walk", Total: 4, People: 3, Verdict: "tracked"}},
		Gaps:     []run.Gap{{ID: "g", Standard: "EL-07", Kind: "river", Point: &orb.Point{120.1, 29.1}}},
	}
	broken := *res
	broken.Gaps = append(slices.Clone(res.Gaps), res.Gaps[0]) // the same gap twice breaks the last table but one
	if err := s.Publish(t.Context(), id, &broken); err == nil {
		t.Fatal("a broken result was published")
	}
	var n int
	if err := pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM circle) + (SELECT count(*) FROM run WHERE state = 'published')`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of a broken result stayed, %v", n, err)
	}
	if err := s.Publish(t.Context(), id, res); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), id, res); planner.KindOf(err) != planner.Conflict {
		t.Errorf("published twice: %v", err)
	}
	snap, err := s.Latest(t.Context())
	if err != nil || snap != (layer.Snapshot{Version: 2, Run: id}) {
		t.Errorf("latest %+v, %v", snap, err)
	}
	p, err := s.Page(t.Context(), layer.Query{Viewer: planner.DemoViewer, Collection: "coverage", Snapshot: snap, Limit: 5})
	if err != nil || len(p.Features) != 1 || !strings.Contains(string(p.Features[0].JSON), `"MultiPolygon"`) || !strings.Contains(string(p.Features[0].JSON), `"share" : 0.75`) {
		t.Errorf("coverage %s, %v", p.Features, err)
	}
}
