package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// The county is the only place that is known; every name of two letters is ambiguous.

var countyPlace = geocode.Place{Level: "county", Code: "990121000000", Text: "澄浦县", Point: &orb.Point{120.5, 29.1}, Score: 1}

func (m *memory) Geocode(_ context.Context, texts []string, within planner.Code) ([]geocode.Answer, error) {
	if within == "110000000000" {
		return nil, planner.Errorf(planner.NotFound, "没有", "there is no unit %s", within)
	}
	out := make([]geocode.Answer, len(texts))
	for i, text := range texts {
		out[i] = geocode.Answer{Text: text, Status: geocode.Unmatched, Reasons: []geocode.Reason{{ID: "x", Text: planner.Text{ZH: "无", EN: "none"}}}}
		if text == "澄浦县" {
			out[i] = geocode.Answer{Text: text, Status: geocode.Matched, Place: &countyPlace, Candidates: []geocode.Place{countyPlace}, Reasons: []geocode.Reason{}}
		}
	}
	return out, m.broken
}

func (m *memory) Suggest(_ context.Context, _ string, _ planner.Code, limit int) ([]geocode.Place, error) {
	return []geocode.Place{countyPlace}[:min(limit, 1)], m.broken
}

func (m *memory) Reverse(_ context.Context, points []orb.Point, _ float64) ([]geocode.Here, error) {
	out := make([]geocode.Here, len(points))
	for i, p := range points {
		out[i] = geocode.Here{Point: p, Divisions: []geocode.Division{}}
	}
	out[0].Nearest, out[0].Divisions = &countyPlace, []geocode.Division{{Code: "990121000000", Level: "county", Name: "澄浦县"}}
	return out, m.broken
}

// media is the type of the body that a path takes.
func media(path string) string {
	if strings.HasPrefix(path, "/geocode/csv") {
		return "text/csv"
	}
	if strings.HasSuffix(strings.SplitN(path, "?", 2)[0], "/workbook") {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/json"
}

// Every row of a list comes back in its order, whatever its width.
func TestEveryRowOfAListIsKept(t *testing.T) {
	h := appServer(&memory{})
	in := "\uFEFF编号,地址\n1,澄浦县\n2\n3,\"a\nb\",too,many\n,\n5,澄浦县\n"
	r := httptest.NewRequest("POST", "/api/v1/geocode/csv", strings.NewReader(in))
	r.Header.Set("Content-Type", "text/csv; charset=utf-8")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	rows, err := csv.NewReader(w.Body).ReadAll()
	if w.Code != http.StatusOK || err != nil || len(rows) != 6 {
		t.Fatalf("%d, %d rows, %v", w.Code, len(rows), err)
	}
	for i, want := range []string{"编号", "1", "2", "3", "", "5"} {
		if rows[i][0] != want || len(rows[i]) != 2+len(geocode.Columns) {
			t.Errorf("row %d: %q", i, rows[i])
		}
	}
	if rows[1][2] != "已匹配" || rows[2][2] != "未匹配" || rows[3][1] != "a\nb" {
		t.Errorf("%q", rows)
	}
	r = httptest.NewRequest("POST", "/api/v1/geocode/csv", strings.NewReader(in))
	r.Header.Set("Content-Type", "text/plain")
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("text that a form of another site can send: %d", w.Code)
	}
}

// A viewer of one county is answered inside it alone.
func TestAddressesOfAViewer(t *testing.T) {
	h, _ := guarded(t, false)
	ask := func(path string) *httptest.ResponseRecorder { return visit(h, "GET", path, "county_editor@990122", "") }
	if w := ask("/api/v1/geocode?q=x&within=990121"); w.Code != http.StatusForbidden {
		t.Errorf("another county: %d %s", w.Code, w.Body)
	}
	if w := ask("/api/v1/geocode?q=x"); w.Code != http.StatusOK {
		t.Errorf("the own county: %d %s", w.Code, w.Body)
	}
	if w := ask("/api/v1/reverse?lon=120&lat=29"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"nearest":{`) {
		t.Errorf("an address of another county: %s", w.Body)
	}
}
