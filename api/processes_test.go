package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/process"
)

// bench has the jobs J1 (done), J2 (under way) and J3 (failed): a fake for HTTP alone; the queue is tested on PostGIS in data/jobs.
type bench struct{}

func (bench) Execute(_ context.Context, _, id string, _ map[string]json.RawMessage) (process.Job, error) {
	return process.Job{ID: "J9", Process: id, Status: "accepted", Created: time.Unix(0, 0)}, nil
}

func (bench) Job(_ context.Context, _, id string) (process.Job, error) {
	states := map[string]string{"J1": "successful", "J2": "running", "J3": "failed"}
	if states[id] == "" {
		return process.Job{}, planner.Errorf(planner.NotFound, "没有", "none")
	}
	return process.Job{ID: id, Process: "echo", Status: states[id], Outputs: []byte(`{"value":1}`)}, nil
}

func (b bench) Jobs(ctx context.Context, owner string, _ int) ([]process.Job, error) {
	j, err := b.Job(ctx, owner, "J1")
	return []process.Job{j}, err
}

func (b bench) Dismiss(ctx context.Context, owner, id string) (process.Job, error) {
	return b.Job(ctx, owner, id)
}

func TestProcesses(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1}})
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/ogc/processes", "", 200, `"id":"isochrone"`}, {"GET", "/ogc/processes?limit=1", "", 200, `"processes":[{`}, {"GET", "/ogc/processes?limit=x", "", 400, "limit"}, {"GET", "/ogc/processes/coverage", "", 200, `"sites"`},
		{"GET", "/ogc/processes/none", "", 404, "/no-such-process"}, {"POST", "/ogc/processes/none/execution", "{}", 404, "/no-such-process"}, {"POST", "/ogc/processes/echo/execution", "{", 400, "JSON"},
		{"POST", "/ogc/processes/echo/execution", `{"inputs":{"value":"慈溪"}}`, 200, "慈溪"}, {"POST", "/ogc/processes/echo/execution", `{"inputs":{"value":{"value":[1,2]}},"response":"document"}`, 200, `{"value":[1,2]}`},
		{"POST", "/ogc/processes/echo/execution", `{"inputs":{}}`, 400, "value"}, {"POST", "/ogc/processes/echo/execution", `{"inputs":{"value":1,"x":2}}`, 400, "x"}, {"POST", "/ogc/processes/echo/execution", `{"inputs":{"value":1},"outputs":{"y":{}}}`, 400, "y"},
		{"POST", "/ogc/processes/plan/execution", `{"inputs":{"as_of":"2025-12-31"}}`, 201, `"jobID":"J9"`},
		{"GET", "/ogc/jobs", "", 200, `"jobID":"J1"`}, {"GET", "/ogc/jobs/J1", "", 200, "/jobs/J1/results"}, {"GET", "/ogc/jobs/J7", "", 404, "/no-such-job"}, {"GET", "/ogc/jobs/J1/results", "", 200, `{"value":1}`},
		{"GET", "/ogc/jobs/J2/results", "", 404, "/result-not-ready"}, {"GET", "/ogc/jobs/J3/results", "", 400, "/failed"}, {"GET", "/ogc/jobs/J7/results", "", 404, "/no-such-job"}, {"DELETE", "/ogc/jobs/J2", "", 200, "J2"}, {"DELETE", "/ogc/jobs/J7", "", 404, "/no-such-job"},
	} {
		r := httptest.NewRequest(c.method, "http://example.org"+c.path, strings.NewReader(c.body))
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest("POST", "http://example.org/ogc/processes/echo/execution", strings.NewReader(`{"inputs":{"value":1}}`))
	r.Header.Set("Prefer", "respond-async")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusCreated || w.Header().Get("Location") != "http://example.org/ogc/jobs/J9" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

// A run takes the right to start runs, also as a process.
func TestPlanTakesItsRight(t *testing.T) {
	h, _ := guarded(t, false)
	for role, want := range map[string]int{"viewer@99": 403, "planner@": 201} {
		if w := visit(h, "POST", "/ogc/processes/plan/execution", role, `{"inputs":{"as_of":"2025-12-31"}}`); w.Code != want {
			t.Errorf("%s: %d, want %d: %s", role, w.Code, want, w.Body)
		}
	}
}
