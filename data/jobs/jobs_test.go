package jobs

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// twoCounties: one street over the border of two counties, a village with elders and a centre in each.
func twoCounties(t *testing.T) (*pgxpool.Pool, *store.Store) {
	t.Helper()
	pool := datatest.Open(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO data_version (kind, source) VALUES ('units', 't');
		INSERT INTO unit (source, key, from_version, name, level, point, digest) SELECT 't', key, 1, name, level, ST_SetSRID(ST_MakePoint(x, 29), 4326), '' FROM (VALUES
		 ('990121000000', '甲县', 3, 120), ('990122000000', '乙县', 3, 120.02), ('990121101201', '东村', 5, 120.003), ('990122101201', '西村', 5, 120.021)) u (key, name, level, x);
		INSERT INTO population (source, key, from_version, unit_code, basis, age_group, people, digest) VALUES
		 ('t', 'a', 1, '990121101201', 'resident', '60+', 40, ''), ('t', 'b', 1, '990122101201', 'resident', '60+', 30, '');
		INSERT INTO facility (source, key, from_version, name, services, unit_code, geom, digest) VALUES
		 ('t', 'A', 1, '东村照料中心', '{day_care}', '990121101201', ST_SetSRID(ST_MakePoint(120.012, 29), 4326), ''),
		 ('t', 'B', 1, '无村照料中心', '{day_care}', NULL, ST_SetSRID(ST_MakePoint(120, 29), 4326), '')`)
	if err != nil {
		t.Fatal(err)
	}
	osm := filepath.Join(t.TempDir(), "n.osm")
	if err := os.WriteFile(osm, []byte(`<osm><node id="1" lat="29" lon="120"/><node id="2" lat="29" lon="120.03"/>
		<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>`), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := osmroad.Build(t.Context(), osm, nil)
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(pool)
	if _, err := st.SaveNetwork(t.Context(), "t", []string{osm}, n, false); err != nil {
		t.Fatal(err)
	}
	return pool, st
}

// A run on two workers, its counties divided, is that of one process: same digest. Each row is written once.
func TestQueuedRunEqualsPlan(t *testing.T) {
	pool, st := twoCounties(t)
	spec := run.Spec{Name: "一", AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	var queues []*Queue
	for range 2 {
		q, err := New(pool, st, quiet)
		if err != nil {
			t.Fatal(err)
		}
		queues = append(queues, q)
	}
	id, err := queues[0].Start(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queues { // the job waited for its workers
		stop, err := q.Work(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer stop(t.Context())
	}
	r := ended(t, st, id)
	if walk := func(f run.StandardFigure) bool { return f.People["walk"] == 70 }; r.State != "published" || r.Progress != 1 || !slices.ContainsFunc(r.Summary.Standards, walk) {
		t.Fatalf("%+v", r)
	}
	spec.DataVersion = r.DataVersion
	alone, err := run.Recompute(t.Context(), st, spec, nil)
	if err != nil || alone.Digest != r.Digest {
		t.Errorf("one process gives digest %s, the queue %s: %v", alone.Digest, r.Digest, err)
	}
	var people, left int
	if err := pool.QueryRow(t.Context(), `SELECT (SELECT people FROM circle WHERE facility_id = 'A' AND minutes = 15), (SELECT count(*) FROM run_part)`).Scan(&people, &left); err != nil || people != 70 || left != 0 {
		t.Errorf("the circle over the border holds %d people, want 40 and 30; %d parts left; %v", people, left, err)
	}
}

// A run that cannot be computed fails with the reason; one that was canceled stays so.
func TestFailedAndCanceled(t *testing.T) {
	pool, st := twoCounties(t)
	q, err := New(pool, st, quiet)
	if err != nil {
		t.Fatal(err)
	}
	spec := run.Spec{AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	if _, err := q.Start(t.Context(), run.Spec{}); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a spec without a day: %v", err)
	}
	canceled, err := q.Start(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Cancel(t.Context(), canceled); err != nil {
		t.Fatal(err)
	}
	failing, err := q.Start(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `UPDATE network_version SET digest = digest; DELETE FROM network_chunk`); err != nil {
		t.Fatal(err)
	}
	stop, err := q.Work(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t.Context())
	if r := ended(t, st, failing); r.State != "failed" || r.Error == "" {
		t.Errorf("%+v", r)
	}
	if r := ended(t, st, canceled); r.State != "canceled" {
		t.Errorf("%+v", r)
	}
	if err := q.Cancel(t.Context(), canceled); planner.KindOf(err) != planner.Conflict {
		t.Errorf("canceled twice: %v", err)
	}
}

// ended waits until a run is no longer under way.
func ended(t *testing.T, st *store.Store, id int64) run.Record {
	t.Helper()
	for range 300 {
		r, err := st.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if r.State != "queued" && r.State != "running" {
			return r
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("run %d did not end in 30 s", id)
	return run.Record{}
}
