package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/ledger"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/whatif"
)

// Run 3 is published, run 4 is queued; there is one unit.

func (m *memory) Record(_ context.Context, id int64) (run.Record, error) {
	r := run.Record{ID: id, Name: "试算", State: "published", Progress: 1, DataVersion: 1, Digest: "d", PublishedAt: &time.Time{}, Summary: &run.Summary{}}
	if id == 4 {
		r = run.Record{ID: 4, State: "queued"}
	} else if id != 3 {
		return r, planner.Errorf(planner.NotFound, "没有测算%d", "there is no run %d", id)
	}
	return r, m.broken
}

func (m *memory) Recent(ctx context.Context, limit int) ([]run.Record, error) {
	r, err := m.Record(ctx, 3)
	return []run.Record{r}[:min(limit, 1)], err
}

func (m *memory) Report(_ context.Context, code planner.Code, snap layer.Snapshot, _ planner.Viewer) (run.Report, error) {
	if code != "990121000000" {
		return run.Report{}, planner.Errorf(planner.NotFound, "没有", "there is no unit %s", code)
	}
	return run.Report{Code: code, Name: "澄浦县", Level: "county", RunID: snap.Run, Path: []run.Step{{Code: "990000000000", Name: "省"}}, People: []run.GroupCount{{Basis: "resident", Group: "60+", People: 9}},
		Classes: []run.ClassShare{{Standard: "EL-07"}}, Verdicts: []run.UnitVerdict{{Standard: "EL-07"}}}, m.broken
}

func (m *memory) Start(_ context.Context, spec run.Spec) (int64, error) { return 4, spec.Check() }

func (m *memory) Cancel(_ context.Context, id int64) error {
	if id == 3 {
		return planner.Errorf(planner.Conflict, "已结束", "it has ended")
	}
	return nil
}

func (m *memory) Network(context.Context) (int64, string, error) { return 1, "street", m.broken }

func (m *memory) Graph(context.Context, string) (*graph.Graph, error) {
	b := graph.NewBuilder()
	b.AddNode(1, orb.Point{120.5, 29.1}, 0)
	b.AddNode(2, orb.Point{120.52, 29.1}, 0)
	all := graph.Foot | graph.Bicycle | graph.Car
	b.AddSegment(graph.Segment{From: 1, To: 2, Class: graph.Residential, Forward: all, Backward: all})
	return b.Build()
}

func (m *memory) Timetable(context.Context, int64) (*transit.Timetable, error) { return nil, m.broken }

// The list of gaps has one row, g.
func (m *memory) Rows(_ context.Context, _ planner.Viewer, f ledger.Filter, each func(ledger.Row) error) (int, error) {
	return 1, errors.Join(m.broken, each(ledger.Row{ID: "g", Unit: "990121101201", Kind: "river", Said: ledger.Said{State: "to_verify"}, Stage: "open", Trend: "new", Revision: 1}))
}

func (m *memory) History(_ context.Context, _ planner.Viewer, id string) (ledger.Row, []ledger.Event, error) {
	if id != "g" {
		return ledger.Row{}, nil, planner.Errorf(planner.NotFound, "没有", "none")
	}
	return ledger.Row{ID: "g"}, []ledger.Event{{Revision: 2, Action: "fill"}}, nil
}

func (m *memory) Change(_ context.Context, _ access.User, orders []ledger.Order, _ access.Entry) (int, []ledger.Refusal, error) {
	return len(orders), nil, m.broken
}

func (m *memory) Open(_ context.Context, run int64, _ access.Entry) (ledger.Opening, error) {
	if run != 3 {
		return ledger.Opening{}, planner.Errorf(planner.NotFound, "没有", "none")
	}
	return ledger.Opening{Run: run, New: 1}, m.broken
}

func (m *memory) Write(_ context.Context, _ planner.Viewer, _ ledger.Filter, w io.Writer) error {
	_, err := w.Write([]byte("PK"))
	return errors.Join(err, m.broken)
}

func (m *memory) Workbook(_ context.Context, _ planner.Viewer, _ int64, template io.Reader, w io.Writer) error {
	if template != nil {
		if b, err := io.ReadAll(template); err != nil || string(b) != "PK" {
			return planner.Errorf(planner.Invalid, "模板有误", "no template: %v", err)
		}
	}
	_, err := w.Write([]byte("PK"))
	return errors.Join(err, m.broken)
}

func (m *memory) Take(_ context.Context, _ access.User, _ planner.Viewer, file io.Reader, _ access.Entry) (ledger.Receipt, error) {
	b, err := io.ReadAll(file)
	return ledger.Receipt{Read: len(b), Conflicts: []ledger.Conflict{}, Refused: []ledger.Refusal{}}, err
}

func (m *memory) Inputs(context.Context, run.Spec) (*run.Inputs, error) {
	p := orb.Point{120.501, 29.1}
	return &run.Inputs{NetworkDigest: "street", Units: []run.Unit{{Code: "990121001001", Name: "村", Level: planner.Village, Point: &p}},
		Population: []run.Count{{Unit: "990121001001", Basis: "resident", Group: "60+", People: 30}},
		Facilities: []run.Facility{{ID: "07", Services: []string{"day_care"}, Unit: "990121001001", Status: "operating", Point: &p}}}, m.broken
}

func (m *memory) Addresses(context.Context, run.Spec, planner.Code) ([]run.Address, error) {
	return nil, nil
}

func (m *memory) Spec(context.Context, int64) (run.Spec, string, error) {
	return run.Spec{AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}, "d", nil
}

func appServer(m *memory) http.Handler { return New(appDeps(m)) }

func appDeps(m *memory) Deps {
	return Deps{Snapshots: m, Reader: m, Tiles: m, Runs: m, Queue: m, Addresses: m, Links: m, Histories: past{m}, Ledger: m, Lists: m, Edits: clerk{}, Workbooks: m, Isochrones: isochrone.New(m), WhatIf: whatif.NewDesk(m),
		Ready: func(context.Context) error { return m.broken }, Map: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// Every answer of the app's API is one that its OpenAPI describes, and so is every question unless it is meant to be wrong.
func TestAppAPI(t *testing.T) {
	h, _ := guarded(t, false)
	doc, err := openapi3.NewLoader().LoadFromData(visit(h, "GET", "/api/v1/openapi.json", "", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/geo+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.oai.openapi+json;version=3.0", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	asked := map[string]bool{}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/openapi.json", "", 200}, {"GET", "/words", "", 200}, {"GET", "/words?x=1", "", 400},
		{"GET", "/runs", "", 200}, {"GET", "/runs?limit=0", "", 400}, {"GET", "/runs/3", "", 200}, {"GET", "/runs/latest", "", 200}, {"GET", "/runs/4", "", 200}, {"GET", "/runs/9", "", 404}, {"GET", "/runs/x", "", 400},
		{"POST", "/runs", `{"as_of":"2025-12-31","units":["990121"],"set":{"suspected_children":"20"}}`, 202}, {"POST", "/runs", `{"as_of":"31.12.2025"}`, 400}, {"POST", "/runs", `{"as_of":"2025-12-31","unit":1}`, 400},
		{"POST", "/runs", `{"as_of":"2025-12-31","set":{"nonsense":"1"}}`, 400}, {"POST", "/runs", `{`, 400}, {"DELETE", "/runs/4", "", 204}, {"DELETE", "/runs/3", "", 409},
		{"GET", "/ledger", "", 200}, {"GET", "/ledger?unit=990121&standard=EL-07&kind=river&state=to_verify&stage=open&trend=new&q=%E6%9D%91&sort=-people&limit=5&offset=0", "", 200}, {"GET", "/ledger?sort=name", "", 400}, {"GET", "/ledger?kind=x", "", 400}, {"GET", "/ledger?limit=0", "", 400},
		{"GET", "/runs/3/workbook", "", 200}, {"GET", "/runs/4/workbook", "", 404}, {"POST", "/runs/latest/workbook", "PK", 200}, {"POST", "/runs/latest/workbook", "nothing", 400}, {"GET", "/runs/3/workbook?x=1", "", 400},
		{"GET", "/ledger/history?id=g", "", 200}, {"GET", "/ledger/history?id=x", "", 404}, {"GET", "/ledger/workbook?unit=990121", "", 200}, {"GET", "/ledger/workbook?limit=3", "", 400}, {"PUT", "/ledger/workbook", "PK", 200},
		{"POST", "/ledger/changes", `{"rows":[{"id":"g","revision":1}],"step":"fill","state":"confirmed"}`, 200}, {"POST", "/ledger/changes", `{"rows":[],"step":"submit"}`, 400}, {"POST", "/ledger/changes", `{"rows":[{"id":"g"}],"step":"fill","state":"x"}`, 400},
		{"PATCH", "/units/990121101201", `{"set":{"name":"上坞村"},"reason":"有误"}`, 200}, {"PATCH", "/places/1", `{"set":{"point":[121.4,28.6]},"reason":"有误","version":2}`, 200}, {"PATCH", "/addresses/A1", `{"set":{"plate":null},"reason":"有误"}`, 200},
		{"PATCH", "/facilities/F1", `{"set":{"beds":3},"reason":"有误"}`, 200}, {"PATCH", "/facilities/F1", `{"set":{"beds":-3},"reason":"有误"}`, 400}, {"PATCH", "/facilities/F1", `{"set":{"colour":1},"reason":"有误"}`, 400}, {"PATCH", "/facilities/F1", `{"set":{"beds":3}}`, 400}, {"PATCH", "/places/1", `{"set":{"point":[321,28]},"reason":"有误"}`, 400},
		{"GET", "/edits?layer=units&state=holds&limit=3", "", 200}, {"GET", "/edits?state=x", "", 400}, {"POST", "/edits/1/undo", `{"reason":"复核"}`, 200}, {"POST", "/edits/9/undo", `{"reason":"复核"}`, 404},
		{"POST", "/ledger/runs", `{"run":3}`, 200}, {"POST", "/ledger/runs", `{"run":9}`, 404},
		{"GET", "/units/990121", "", 200}, {"GET", "/units/990121000000?run=3", "", 200}, {"GET", "/units/990122", "", 404}, {"GET", "/units/99012x", "", 400}, {"GET", "/units/990121?run=7", "", 404},
		{"GET", "/isochrones?lon=120.51&lat=29.1&minutes=5,10&profile=adult&speed=1.1&direction=outbound", "", 200}, {"GET", "/isochrones?lon=120.51&lat=29.1", "", 200},
		{"GET", "/isochrones", "", 400}, {"GET", "/isochrones?lon=120.51&lat=x", "", 400}, {"GET", "/isochrones?lon=120.51&lat=29.1&minutes=5;10", "", 400}, {"GET", "/isochrones?lon=1&lat=2", "", 404},
		{"GET", "/isochrones?lon=120.51&lat=29.1&direction=up", "", 400}, {"GET", "/isochrones?facility=99", "", 404},
		{"POST", "/isochrones", `{"points":[[120.51,29.1],[120.5,29.1]],"minutes":[15]}`, 200}, {"POST", "/isochrones", `{"minutes":[15]}`, 400},
		{"GET", "/isochrones?facility=07&minutes=5", "", 200}, {"GET", "/isochrones?service=day_care&minutes=5,15&union=true", "", 200}, {"GET", "/isochrones?service=day_care&minutes=5", "", 200}, {"GET", "/isochrones?service=pub", "", 400},
		{"GET", "/isochrones?lon=120.51&lat=29.1&profile=ebike&speed=15km/h", "", 200}, {"GET", "/isochrones?lon=120.51&lat=29.1&profile=ebike&speed=4", "", 400}, {"GET", "/isochrones?lon=120.51&lat=29.1&speed=x", "", 400}, {"GET", "/isochrones?lon=120.51&lat=29.1&union=x", "", 400},
		{"POST", "/isochrones", `{"points":["07",[120.51,29.1],[1,1]],"facilities":["03","04"],"speed":"1.1 m/s","minutes":[5]}`, 200}, {"POST", "/isochrones", `{"points":[[120.51,29.1]],"speed":1.1,"union":true}`, 200}, {"POST", "/isochrones", `{"points":[[1,1],[2,2]]}`, 404},
		{"POST", "/isochrones", `{"points":[[1,1,1]]}`, 400}, {"POST", "/isochrones", `{"points":[""]}`, 400}, {"POST", "/isochrones", `{"points":["nobody"]}`, 404},
		{"POST", "/travel-times", `{"sources":["07",[120.51,29.1],[1,1]],"targets":[[120.5,29.1]],"service":"day_care","nearest":3,"minutes":15}`, 200}, {"POST", "/travel-times", `{"sources":[[120.51,29.1]],"targets":[[120.5,29.1]],"nearest":0}`, 400},
		{"POST", "/travel-times", `{"sources":[[120.51,29.1]],"targets":[[120.5,29.1],[1,1]]}`, 200}, {"POST", "/travel-times", `{"sources":[],"targets":[[1,1]]}`, 400}, {"POST", "/travel-times", `{"sources":[[1,1]],"targets":[[1,1]],"profile":"rocket"}`, 400},
		{"GET", "/why?lon=120.519&lat=29.1&to=120.5,29.1&minutes=5&ride=true", "", 200}, {"GET", "/why?lon=120.519&lat=29.1&facility=07", "", 200}, {"GET", "/why?lon=120.519&lat=29.1&service=day_care&direction=outbound", "", 200}, {"GET", "/why?lon=1&lat=1&to=120.5,29.1", "", 200},
		{"GET", "/why?unit=990121001001&service=day_care", "", 200}, {"GET", "/why?unit=990121001002&service=day_care", "", 404}, {"GET", "/why?unit=99x&service=day_care", "", 400}, {"GET", "/why?unit=990121001001&lon=1", "", 400}, {"GET", "/why?gap=07&unit=990121001001", "", 400},
		{"GET", "/why?gap=08", "", 404}, {"GET", "/why?gap=07", "", 200}, {"GET", "/why?gap=07&run=3&minutes=5", "", 200}, {"GET", "/why?gap=07&lon=1", "", 400}, {"GET", "/why?lon=1&lat=1", "", 400}, {"GET", "/why?lon=1&lat=1&to=1", "", 400}, {"GET", "/why?lon=1&lat=1&to=1,2&ride=x", "", 400}, {"GET", "/why?lon=1&lat=1&to=1,2&minutes=x", "", 400}, {"GET", "/why?gap=07&run=8", "", 404},
		{"POST", "/whatif", `{}`, 200}, {"POST", "/whatif", `{"run":3,"standard":"EL-07","within":"990121","levels":["village"],"edits":[{"op":"close","facility":"07"},{"op":"add","point":[120.51,29.1]},{"op":"close_street","point":[120.51,29.1]}]}`, 200},
		{"POST", "/whatif", `{"edits":[{"op":"close","facility":"08"}]}`, 400}, {"POST", "/whatif", `{"edits":[{"op":"add","point":[1,1]}]}`, 400}, {"POST", "/whatif", `{"run":9}`, 404}, {"POST", "/whatif", `{"minutes":0}`, 400}, {"POST", "/whatif", `{"levels":["star"]}`, 400}, {"POST", "/whatif", `{"edits":[{"op":"add","point":[1]}]}`, 400},
		{"GET", "/geocode?q=%E6%BE%84%E6%B5%A6%E5%8E%BF", "", 200}, {"GET", "/geocode?q=x&within=990121", "", 200}, {"GET", "/geocode", "", 400}, {"GET", "/geocode?q=x&within=99x", "", 400}, {"GET", "/geocode?q=x&within=11", "", 404},
		{"POST", "/geocode", `{"texts":["澄浦县","?",""]}`, 200}, {"POST", "/geocode", `{"texts":[]}`, 400},
		{"GET", "/suggest?q=cpx&limit=3", "", 200}, {"GET", "/suggest?q=c&limit=0", "", 400}, {"GET", "/suggest", "", 400},
		{"GET", "/reverse?lon=120.5&lat=29.1", "", 200}, {"GET", "/reverse?lon=120.5", "", 400}, {"GET", "/reverse?lon=120.5&lat=291", "", 400}, {"GET", "/reverse?lon=1&lat=2&metres=0", "", 400}, {"GET", "/reverse?lon=1&lat=2&metres=NaN", "", 400},
		{"POST", "/reverse", `{"points":[[120.5,29.1],[1,1]],"metres":100}`, 200}, {"POST", "/reverse", `{"points":[]}`, 400}, {"POST", "/reverse", `{"points":[[1,1]],"metres":-1}`, 400},
		{"GET", "/facility-links", "", 200}, {"GET", "/facility-links?state=linked,chosen&limit=2&after=A", "", 200}, {"GET", "/facility-links?state=sure", "", 400}, {"GET", "/facility-links?limit=0", "", 400},
		{"POST", "/facility-links", `{}`, 200}, {"PUT", "/facility-links/A", `{"decision":"chosen","candidate":1}`, 204}, {"PUT", "/facility-links/B", `{"decision":"accepted"}`, 404}, {"PUT", "/facility-links/A", `{"decide":1}`, 400},
		{"GET", "/history/units/990121000000", "", 200}, {"GET", "/history/units/1", "", 404},
		{"POST", "/changes/preview", `{"kind":"rename","unit":"990121","name":"澄县"}`, 200}, {"POST", "/changes/preview", `{"kind":"turn","unit":"990121"}`, 400},
		{"POST", "/geocode/csv", "id,地址\n1,澄浦县\n2,\"?,\"\n3,\n", 200}, {"POST", "/geocode/csv", "id,name\n1,x\n", 400}, {"POST", "/geocode/csv?column=name", "id,name\n1,x\n", 200},
		{"GET", "/session", "", 200}, {"POST", "/session", `{"name":"a","password":"right"}`, 204}, {"POST", "/session", `{"name":"a","password":"wrong"}`, 401}, {"POST", "/session", `{"user":"a"}`, 400}, {"DELETE", "/session", "", 204},
		{"POST", "/link", `{"link":"l","password":"p"}`, 200}, {"GET", "/sso", "", 404}, {"GET", "/sso/callback", "", 401}, {"POST", "/account/password", `{"old":"o","password":"p"}`, 204},
		{"POST", "/account/totp", "", 200}, {"PUT", "/account/totp", `{"code":"123456"}`, 200}, {"GET", "/account/tokens", "", 200}, {"POST", "/account/tokens", `{"name":"n","scopes":["layers.read"],"days":9}`, 201}, {"DELETE", "/account/tokens/4", "", 204}, {"DELETE", "/account/tokens/x", "", 400},
		{"GET", "/users", "", 200}, {"POST", "/users", `{"name":"li.si"}`, 201}, {"PATCH", "/users/li.si", `{"disabled":true}`, 200}, {"PUT", "/users/li.si/roles", `{"roles":["viewer"],"prefix":"33"}`, 200}, {"GET", "/tokens", "", 200}, {"DELETE", "/tokens/4", "", 204},
		{"GET", "/settings", "", 200}, {"PUT", "/settings", `{"small_number":12}`, 200}, {"GET", "/audit?limit=5&since=2026-01-01", "", 200}, {"GET", "/audit?since=x", "", 400}, {"GET", "/audit?limit=-1", "", 400},
		{"GET", "/audit/export?format=csv", "", 200}, {"GET", "/audit/export?format=json", "", 200}, {"GET", "/audit/export?format=pdf", "", 400}, {"GET", "/audit/verification", "", 200},
	} {
		w := visit(h, c.method, "/api/v1"+c.path, worksOn(c.path)+"@", c.body)
		if w.Code != c.status {
			t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, w.Code, c.status, w.Body)
		}
		r := httptest.NewRequest(c.method, "http://localhost:8080/api/v1"+c.path, strings.NewReader(c.body))
		if c.body != "" {
			r.Header.Set("Content-Type", media(c.path))
		}
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
			continue
		}
		asked[c.method+" "+route.Path] = true
		in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
		if c.status < 300 && c.method != "GET" {
			if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
				t.Errorf("%s %s: the question is not described: %v", c.method, c.path, err)
			}
		}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header()}
		out.SetBodyBytes(w.Body.Bytes())
		if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
			t.Errorf("%s %s: the answer is not described: %v\n%s", c.method, c.path, err, w.Body)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !asked[method+" "+path] {
				t.Errorf("%s %s is described but not tried", method, path)
			}
		}
	}
}

// A form of another site can send no JSON, so that it cannot start a run. A server of a network alone has no runs.
func TestAppBounds(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 2, Run: 3}}
	r := httptest.NewRequest(http.MethodPost, "http://example.org/api/v1/runs", strings.NewReader(`{"as_of":"2025-12-31"}`))
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	appServer(m).ServeHTTP(w, r)
	if w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d", w.Code)
	}
	alone := New(Deps{Isochrones: isochrone.New(m), Ready: func(context.Context) error { return nil },
		Map: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	for url, want := range map[string]int{"/api/v1/runs": 404, "/ogc/collections": 404, "/api/v1/isochrones?lon=120.51&lat=29.1": 200, "/api/v1/isochrones?facility=A": 400, "/readyz": 200} {
		if w := ask(t, alone, url); w.Code != want {
			t.Errorf("network alone, %s: %d, want %d: %s", url, w.Code, want, w.Body)
		}
	}
	if doc := ask(t, alone, "/api/v1/openapi.json").Body.String(); strings.Contains(doc, "/api/v1/runs") || !strings.Contains(doc, "/api/v1/travel-times") {
		t.Error("a server of a network alone describes what it does not serve")
	}
}

// worksOn is the role whose work a route is.
func worksOn(path string) string {
	switch {
	case strings.HasSuffix(path, "/roles") || strings.HasPrefix(path, "/tokens") || strings.HasPrefix(path, "/settings"):
		return "security_admin"
	case strings.HasPrefix(path, "/facility-links/"):
		return "county_editor"
	case strings.HasPrefix(path, "/users"):
		return "system_admin"
	case strings.HasPrefix(path, "/audit"):
		return "auditor"
	case strings.HasPrefix(path, "/ledger/workbook"):
		return "county_editor"
	}
	return "planner"
}
