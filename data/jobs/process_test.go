package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/process"
)

// Executions outlive who asked for them; an owner sees the own ones alone; what fails says why in words.
func TestProcessJobs(t *testing.T) {
	pool := datatest.Open(t)
	q, err := New(pool, store.New(pool), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := q.Execute(t.Context(), "li", "echo", map[string]json.RawMessage{"value": []byte(`"慈溪"`)})
	if err != nil || waiting.Status != "accepted" {
		t.Fatal(waiting, err)
	}
	dropped, err := q.Execute(t.Context(), "li", "echo", map[string]json.RawMessage{"value": []byte(`1`)})
	if err != nil {
		t.Fatal(err)
	}
	if j, err := q.Dismiss(t.Context(), "li", dropped.ID); err != nil || j.Status != "dismissed" {
		t.Error(j, err)
	}
	if _, err := q.Job(t.Context(), "wang", waiting.ID); planner.KindOf(err) != planner.NotFound {
		t.Errorf("another's job: %v", err)
	}
	nowhere, err := q.Execute(t.Context(), "li", "isochrone", map[string]json.RawMessage{"points": []byte(`[[120,29]]`)})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := q.Work(t.Context(), true) // a worker comes later, as after a stop
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stop(context.Background()) }()
	ended := func(id string) process.Job {
		for begin := time.Now(); time.Since(begin) < 30*time.Second; time.Sleep(20 * time.Millisecond) {
			if j, err := q.Job(t.Context(), "li", id); err != nil || j.Ended() {
				return j
			}
		}
		t.Fatal("the job does not end")
		return process.Job{}
	}
	if j := ended(waiting.ID); j.Status != "successful" || string(j.Outputs) != `{"value": "慈溪"}` || j.Progress != 100 || j.Finished == nil {
		t.Errorf("%+v %s", j, j.Outputs)
	}
	if j := ended(nowhere.ID); j.Status != "failed" || j.Message == "" {
		t.Errorf("%+v", j)
	}
	if j := ended(dropped.ID); j.Status != "dismissed" || j.Outputs != nil {
		t.Errorf("%+v", j)
	}
	if all, err := q.Jobs(t.Context(), "li", 10); err != nil || len(all) != 3 {
		t.Errorf("%d jobs, %v", len(all), err)
	}
}
