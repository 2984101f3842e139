package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/api/artefact"
	"github.com/lifecircle/lifecircle/api/login"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/whatif"
)

// office knows everybody by a session or token "ROLE@PREFIX": a fake of accounts
// for HTTP alone; the real ones are tested on PostGIS in data/access.
type office struct {
	recorded []access.Entry
}

func (*office) Session(_ context.Context, s string) (access.User, error) {
	role, prefix, ok := strings.Cut(s, "@")
	if !ok {
		return access.User{}, planner.Errorf(planner.Unauthenticated, "无", "no session")
	}
	return access.User{ID: 9, Name: s, Roles: []access.Role{access.Role(role)}, Prefix: prefix}, nil
}

func (o *office) Token(ctx context.Context, s string) (access.User, error) { return o.Session(ctx, s) }
func (*office) Login(_ context.Context, t access.Attempt) (string, error) {
	if t.Password != "right" {
		return "", planner.Errorf(planner.Unauthenticated, "错", "wrong")
	}
	return "new@", nil
}
func (*office) LoginBySubject(_ context.Context, _, _, name string, _ access.Attempt) (string, error) {
	return name + "@", nil
}
func (*office) Logout(context.Context, string, access.Entry) error            { return nil }
func (*office) Tokens(context.Context, int64) ([]access.Token, error)         { return nil, nil }
func (*office) RevokeToken(context.Context, int64, int64, access.Entry) error { return nil }
func (*office) CreateToken(context.Context, access.User, string, []access.Action, time.Time, access.Entry) (string, access.Token, error) {
	return "s", access.Token{}, nil
}
func (*office) UseLink(context.Context, string, string, string, string, string) (string, error) {
	return "x", nil
}
func (*office) ChangePassword(context.Context, access.User, string, string, string, access.Entry) error {
	return nil
}
func (*office) BeginTOTP(context.Context, access.User) (string, string, error) { return "", "", nil }
func (*office) ConfirmTOTP(context.Context, access.User, string, access.Entry) ([]string, error) {
	return nil, nil
}
func (*office) Users(context.Context) ([]access.Account, error)                      { return nil, nil }
func (*office) Create(context.Context, string, string, access.Entry) (string, error) { return "l", nil }
func (*office) Alter(context.Context, string, access.UserChange, access.Entry) (string, error) {
	return "", nil
}
func (o *office) SetSettings(context.Context, access.Settings, access.Entry) error { return nil }
func (*office) Page(context.Context, access.AuditFilter) ([]access.Entry, error)   { return nil, nil }
func (*office) Export(context.Context, io.Writer, string, access.AuditFilter) (int64, error) {
	return 0, nil
}
func (*office) Check(context.Context) (access.Verification, error) { return access.Verification{}, nil }

func (*office) Settings(context.Context) (access.Settings, error) { return access.Defaults, nil }

// guarded is the whole server with a login; open makes it a demo, public opens layers.
func guarded(t *testing.T, open bool, public ...string) (http.Handler, *office) {
	t.Helper()
	m, o := &memory{latest: layer.Snapshot{Version: 2, Run: 3}}, &office{}
	guard := &login.Guard{Sessions: o, Tokens: o, Open: func(context.Context) (bool, error) { return open, nil },
		Public: func(context.Context) (planner.Viewer, error) { return access.Public(public, "0"), nil },
		Record: func(_ context.Context, e access.Entry) error { o.recorded = append(o.recorded, e); return nil }}
	guard.Mask = func(context.Context) error { return nil }
	return New(Deps{Snapshots: m, Reader: m, Tiles: m, Exporter: m, Jobs: bench{}, Files: &artefact.Cache{Bytes: 1 << 20}, Runs: m, Queue: m, Addresses: m, Links: m, Histories: past{m}, Ledger: m, Lists: m, Edits: clerk{}, Workbooks: m, Isochrones: isochrone.New(m), WhatIf: whatif.NewDesk(m), Map: http.NotFoundHandler(), Ready: func(context.Context) error { return nil },
		Log: slog.New(slog.DiscardHandler), Login: &login.API{Guard: guard, Secrets: o, Users: o, Settings: o, Audit: o}}), o
}

func visit(h http.Handler, method, path, session, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:8080"+path, strings.NewReader(body))
	if session != "" {
		r.AddCookie(&http.Cookie{Name: "lifecircle", Value: session})
	}
	if body != "" {
		r.Header.Set("Content-Type", media(strings.TrimPrefix(path, "/api/v1")))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestEveryRouteHasItsRight fails for a route without a row, and for a row without a route.
func TestEveryRouteHasItsRight(t *testing.T) {
	h, _ := guarded(t, false)
	var routes []string
	for _, r := range h.(handler).Routes() {
		if r.Method != http.MethodHead && r.Method != "echo_route_not_found" {
			routes = append(routes, r.Method+" "+r.Path)
		}
	}
	for _, r := range routes {
		if _, ok := rights[r]; !ok {
			t.Errorf("%s has no right", r)
		}
	}
	for r := range rights {
		if !slices.Contains(routes, r) {
			t.Errorf("%s is no route", r)
		}
	}
}

// TestMatrix walks every route as every role, of its own county, of another and of none.
func TestMatrix(t *testing.T) {
	h, _ := guarded(t, false)
	fill := strings.NewReplacer(":collectionId", "units", ":featureId", "03", ":file", "units.geojson", ":tileMatrixSetId", "WebMercatorQuad", ":styleId", "base", ":processId", "echo", ":jobId", "J1", ":tileMatrix", "3", ":tileRow", "1", ":tileCol", "1", ":code", "990121000000", ":name", "li.si", ":id", "4", "/*", "/x.js")
	roles := []string{"", "viewer", "town_editor", "county_editor", "planner", "auditor", "system_admin", "security_admin"}
	rows := 0
	for route, need := range rights {
		method, path, _ := strings.Cut(route, " ")
		for _, role := range roles {
			for county, prefix := range map[string]string{"own": "990121", "other": "990122", "none": ""} {
				session, body := "", ""
				if role != "" {
					session = role + "@" + prefix
				}
				if method == "POST" || method == "PUT" || method == "PATCH" {
					body = "{}"
				}
				got := visit(h, method, fill.Replace(path), session, body).Code
				u := access.User{Roles: []access.Role{access.Role(role)}, Prefix: prefix}
				want := "served"
				switch {
				case need == login.Anybody:
				case role == "":
					want = "401"
				case !access.May(u, need):
					want = "403"
				case strings.HasPrefix(path, "/api/v1/units") && county == "other":
					want = "404" // as if it did not exist
				}
				rows++
				refused := got == 401 || got == 403
				if path == "/api/v1/session" && method == "POST" || strings.HasSuffix(path, "/callback") {
					refused = false // these answer 401 themselves
				}
				if want == "served" && refused || want == "404" && got != 404 || want[0] == '4' && want != "404" && fmt.Sprint(got) != want {
					t.Errorf("%s as %q of %s county: %d, want %s", route, role, county, got, want)
				}
			}
		}
	}
	if rows < 1000 {
		t.Errorf("only %d rows", rows)
	}
	for role, want := range map[string]int{"": 401, "viewer": 403, "planner": 200, "auditor": 403} {
		for _, path := range []string{"/ogc/collections/candidates/items", "/layers/candidates.geojson", "/ogc/collections/candidates"} {
			session := role + "@"
			if role == "" {
				session = ""
			}
			if got := visit(h, "GET", path, session, "").Code; got != want {
				t.Errorf("%s as %q: %d, want %d", path, role, got, want)
			}
		}
	}
}

func TestPublicLayers(t *testing.T) {
	h, _ := guarded(t, false, "units", "coverage")
	for path, want := range map[string]int{"/ogc": 200, "/ogc/collections": 200, "/ogc/collections/units/items": 200, "/layers/coverage.geojson": 200, "/ogc/collections/addresses/items": 401, "/layers/candidates.geojson": 401,
		"/ogc/collections/nothing/items": 401, "/api/v1/units/990121000000": 200, "/api/v1/isochrones?lon=1&lat=1": 401, "/api/v1/why?lon=1&lat=1&to=1,1": 401, "/api/v1/users": 401, "/api/v1/runs": 200} {
		if got := visit(h, "GET", path, "", "").Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	list := visit(h, "GET", "/ogc/collections", "", "").Body.String()
	if !strings.Contains(list, `"id":"coverage"`) || strings.Contains(list, `"id":"addresses"`) {
		t.Error("the list of layers:", list)
	}
	if run := visit(h, "GET", "/api/v1/runs/3", "", "").Body.String(); strings.Contains(run, "summary") {
		t.Error("the public sees the totals of a run:", run)
	}
	tag := func(session string) string {
		return visit(h, "GET", "/ogc/collections/units/items", session, "").Header().Get("ETag")
	}
	tags := []string{tag(""), tag("viewer@990121"), tag("viewer@990122"), tag("planner@990121"), tag("planner@")}
	slices.Sort(tags)
	if len(slices.Compact(tags)) != 5 {
		t.Error("viewers share an entity tag:", tags)
	}
}

// TestBrowserAttacks tries what other sites and neighbours do.
func TestBrowserAttacks(t *testing.T) {
	h, o := guarded(t, false)
	in := `{"name":"a","password":"right"}`
	w := visit(h, "POST", "/api/v1/session", "fixed@", in)
	k := w.Result().Cookies()
	if w.Code != 204 || len(k) != 1 || k[0].Value != "new@" || !k[0].HttpOnly || k[0].SameSite != http.SameSiteLaxMode || k[0].Path != "/" {
		t.Errorf("a fixed session, or loose flags: %d %+v", w.Code, k)
	}
	spec := `{"as_of":"2026-01-01"}`
	for name, c := range map[string]struct {
		want    int
		headers []string
	}{
		"our page":              {202, []string{"Sec-Fetch-Site", "same-origin"}},
		"another site":          {403, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}},
		"another site, old":     {403, []string{"Origin", "https://evil.example"}},
		"a form's content type": {415, []string{"Content-Type", "text/plain"}},
		"another host":          {400, []string{"Host", "evil.example"}},
		"rebinding":             {400, []string{"Host", "127.0.0.1.evil.example:8080"}},
	} {
		if got := visit(h, "POST", "/api/v1/runs", "planner@", spec, c.headers...).Code; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := visit(h, "GET", "/ogc", "", "", "Authorization", "Bearer planner@", "Sec-Fetch-Site", "cross-site").Code; got != 200 {
		t.Error("a token from anywhere:", got)
	}
	for _, bad := range []string{"Bearer x", "Basic cGxhbm5lckA6", "planner@"} {
		w := visit(h, "GET", "/ogc", "planner@", "", "Authorization", bad)
		if w.Code != 401 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %v", bad, w.Code, w.Header())
		}
	}
	if w := visit(h, "GET", "/api/v1/session", "stale", ""); w.Code != 200 || len(w.Result().Cookies()) != 1 || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Error("a stale cookie is not taken away:", w.Code, w.Result().Cookies())
	}
	if w := visit(h, "GET", "/api/v1/sso/callback?state=x&code=y&redirect=https://evil.example", "", ""); w.Code != 401 || w.Header().Get("Location") != "" {
		t.Error("the callback redirects:", w.Code, w.Header())
	}
	if len(o.recorded) != 1 || o.recorded[0].Actor != "planner@" || !strings.Contains(string(o.recorded[0].After), "/api/v1/runs/4") || o.recorded[0].Source != "192.0.2.1" {
		t.Errorf("recorded: %+v", o.recorded)
	}
	// an address that a client makes up is not believed
	visit(h, "POST", "/api/v1/runs", "planner@", spec, "X-Forwarded-For", "1.2.3.4", "X-Real-Ip", "1.2.3.4")
	if o.recorded[1].Source != "192.0.2.1" {
		t.Error("source:", o.recorded[1].Source)
	}
}

func TestOpenDemo(t *testing.T) {
	h, _ := guarded(t, true)
	for path, want := range map[string]int{"/layers/candidates.geojson": 200, "/api/v1/users": 403, "/api/v1/audit": 403} {
		if got := visit(h, "GET", path, "", "").Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if got := visit(h, "GET", "/ogc", "", "", "Host", "evil.example").Code; got != 400 {
		t.Error("a demo for every name:", got)
	}
}
