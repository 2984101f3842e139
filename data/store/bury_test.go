package store

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// A run is alive as long as its process holds its lock: another process leaves it alone, and fails it when the first has died.
func TestRunsOfTheDeadAreFailed(t *testing.T) {
	s, pool := twoVersions(t)
	second, err := pgxpool.NewWithConfig(t.Context(), pool.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	other := New(second)
	state := func(id int64) string {
		t.Helper()
		if err := other.Bury(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := other.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return r.State
	}
	spec := run.Spec{DataVersion: 2, AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	dying, err := s.Begin(t.Context(), spec, "", false)
	if err != nil {
		t.Fatal(err)
	}
	done, err := s.Begin(t.Context(), spec, "", false)
	if err != nil || s.Publish(t.Context(), done, &run.Result{Digest: "d"}) != nil {
		t.Fatal(err)
	}
	if got := state(dying); got != "running" {
		t.Errorf("a run of a living process is %s", got)
	}
	conn, _ := s.alive.LoadAndDelete(dying)
	_ = conn.(*pgxpool.Conn).Conn().Close(t.Context())
	conn.(*pgxpool.Conn).Release()
	for range 50 { // the server notices
		if state(dying) == "failed" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got, ok := state(dying), state(done); got != "failed" || ok != "published" {
		t.Errorf("the dead one is %s, the published one %s", got, ok)
	}
	if err := s.Publish(t.Context(), dying, &run.Result{Digest: "e"}); planner.KindOf(err) != planner.Conflict {
		t.Errorf("a failed run is published: %v", err)
	}
}
