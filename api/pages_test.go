package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// A browser gets pages, a program JSON, whatever else it takes.
func TestPeopleGetPages(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 2, Run: 3}})
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, path := range []string{"/ogc", "/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/gaps", "/ogc/collections/gaps/items", "/ogc/collections/gaps/items/07", "/ogc/api"} {
		for accept, want := range map[string]string{browser: "text/html", "*/*": "json", "": "json", "application/geo+json": "json", "application/json;q=0.9, text/html;q=0.1": "json"} {
			if got := ask(t, h, path, "Accept", accept).Header().Get("Content-Type"); !strings.Contains(got, want) {
				t.Errorf("%s for %q: %s", path, accept, got)
			}
		}
		zh, en := ask(t, h, path+"?f=html&lang=zh").Body.String(), ask(t, h, path+"?f=html", "Accept-Language", "en").Body.String()
		if !strings.Contains(zh, `<html lang="zh">`) || !strings.Contains(en, `<html lang="en">`) || strings.Contains(zh, "<script") {
			t.Errorf("%s: languages or a script:\n%s", path, zh[:300])
		}
		if policy := ask(t, h, path+"?f=html").Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: %q", path, policy)
		}
	}
	items := ask(t, h, "/ogc/collections/gaps/items?f=html&limit=3").Body.String()
	for _, part := range []string{`<svg`, `rel="next"`, "25", "审图号", "内部使用", `href="/ogc/collections/gaps/items/02?`} {
		if !strings.Contains(items, part) {
			t.Errorf("no %s in the page of items", part)
		}
	}
}

// What people wrote into data is text on a page, never markup.
func TestPagesEscape(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1}, evil: true})
	body := ask(t, h, "/ogc/collections/gaps/items?f=html").Body.String()
	if strings.Contains(body, "<img") || strings.Contains(body, `"><b`) || !strings.Contains(body, "&lt;img") {
		t.Errorf("%s", body)
	}
}

// The tag is strong: it is that of the version, the form, the coding and the
// viewer; the same again is answered without reading anything.
func TestTags(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 1, Run: 3}}
	h := server(m)
	for _, path := range []string{"/ogc/collections", "/ogc/collections/gaps", "/ogc/collections/gaps/items?limit=5", "/ogc/collections/gaps/items/07", "/layers/gaps.geojson"} {
		first := ask(t, h, path)
		tag, pages := first.Header().Get("ETag"), ask(t, h, path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"f=html")
		if !strings.HasPrefix(tag, `"`) || pages.Code == 200 && pages.Header().Get("ETag") == tag {
			t.Errorf("%s: tag %s", path, tag)
		}
		reads := m.reads
		for _, match := range []string{tag, `"x", ` + tag, "W/" + tag, "*", strings.TrimSuffix(tag, `"`) + `-gzip"`} {
			w := ask(t, h, path, "If-None-Match", match)
			if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
				t.Errorf("%s, If-None-Match %s: %d", path, match, w.Code)
			}
		}
		if m.reads != reads {
			t.Errorf("%s: a 304 read data", path)
		}
		if w := ask(t, h, path, "If-None-Match", `"other"`); w.Code != 200 {
			t.Errorf("%s: %d for another tag", path, w.Code)
		}
	}
	for coding, suffix := range map[string]string{"gzip": `-gzip"`, "zstd": `-zstd"`, "": `"`} {
		w := ask(t, h, "/ogc/collections", "Accept-Encoding", coding)
		if tag := w.Header().Get("ETag"); w.Header().Get("Content-Encoding") != coding || !strings.HasSuffix(tag, suffix) {
			t.Errorf("%q: coding %q, tag %s", coding, w.Header().Get("Content-Encoding"), tag)
		}
	}
}

func TestHeadAndCORS(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1, Run: 3}})
	for _, path := range []string{"/ogc", "/ogc/collections", "/ogc/collections/gaps/items", "/ogc/collections/gaps/items/07", "/layers/gaps.geojson"} {
		r := httptest.NewRequest(http.MethodHead, "http://example.org"+path, nil)
		r.Header.Set("Origin", "https://gis.example")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Access-Control-Expose-Headers"), "OGC-NumberMatched") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

// A cursor outlives what is published meanwhile and not what is pruned; changed in any byte it is refused.
func TestCursors(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 5, Run: 3}}
	h := server(m)
	next := func(path string) string {
		var page struct{ Links []struct{ Rel, Href string } }
		if err := json.Unmarshal(ask(t, h, path).Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Links {
			if l.Rel == "next" {
				return strings.TrimPrefix(l.Href, "http://example.org")
			}
		}
		t.Fatal("no next page")
		return ""
	}
	good := next("/ogc/collections/gaps/items?limit=10")
	u, _ := url.Parse(good)
	text := u.Query().Get("cursor")
	for i := range text {
		changed := []byte(text)
		changed[i] = map[bool]byte{true: 'B', false: 'A'}[changed[i] == 'A']
		if w := ask(t, h, "/ogc/collections/gaps/items?cursor="+string(changed)); w.Code != 400 {
			t.Errorf("byte %d changed: %d", i, w.Code)
		}
	}
	if w := ask(t, h, "/ogc/collections/units/items?cursor="+text); w.Code != 400 {
		t.Errorf("the cursor of another collection: %d", w.Code)
	}
	if w := ask(t, h, good+"&limit=7"); w.Code != 200 {
		t.Errorf("parameters twice: %d", w.Code)
	}
	m.pruned = 5
	w := ask(t, h, good)
	if w.Code != http.StatusGone || !strings.Contains(w.Header().Get("Link"), `<http://example.org/ogc/collections/gaps/items>; rel="latest-version"`) || !strings.Contains(w.Body.String(), "410") {
		t.Errorf("a version that is gone: %d %s %s", w.Code, w.Header().Get("Link"), w.Body)
	}
}

func TestSystemsAndBoxes(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 1, Run: 3}}
	h := server(m)
	for name, want := range map[string]int{"OGC/1.3/CRS84": 200, "EPSG/0/4326": 200, "EPSG/0/3857": 200, "EPSG/0/4490": 200, "EPSG/0/4513": 200, "EPSG/0/4554": 200, "EPSG/0/4555": 400, "0/unsupported": 400} {
		for _, path := range []string{"/ogc/collections/gaps/items", "/ogc/collections/gaps/items/07"} {
			w := ask(t, h, path+"?crs="+crsOf(name))
			if w.Code != want || want == 200 && w.Header().Get("Content-Crs") != "<http://www.opengis.net/def/crs/"+name+">" {
				t.Errorf("%s in %s: %d %s", path, name, w.Code, w.Header().Get("Content-Crs"))
			}
		}
	}
	for q, want := range map[string]string{
		"bbox=120,29,121,30": "[{[120 29] [121 30]}] 0", "bbox=120,29,-5,121,30,9": "[{[120 29] [121 30]}] 0", "bbox=177,65,-177,70": "[{[177 65] [180 70]} {[-180 65] [-177 70]}] 0",
		"bbox=29,120,30,121&bbox-crs=" + crsOf("EPSG/0/4326"): "[{[120 29] [121 30]}] 0", "bbox=29,120,30,121&bbox-crs=" + crsOf("EPSG/0/4490"): "[{[120 29] [121 30]}] 0",
		"bbox=3220000,509000,3221000,510000&bbox-crs=" + crsOf("EPSG/0/4549"): "[{[509000 3.22e+06] [510000 3.221e+06]}] 4549",
		"bbox=120,29,121,30&bbox-crs=" + crsOf("EPSG/0/4326"):                 "[{[29 120] [30 90]}] 0", // nowhere: latitude 120
		"bbox=1,2,3,4&bbox-crs=" + crsOf("EPSG/0/27700"):                      "", "bbox=2,1,1,2&bbox-crs=" + crsOf("EPSG/0/3857"): "", "bbox=181,0,182,1": "", "bbox=1e400,0,2,1": "", "bbox=": "", "bbox=1,2,3,4,5": "",
	} {
		w := ask(t, h, "/ogc/collections/gaps/items?"+q)
		if want == "" {
			if w.Code != 400 {
				t.Errorf("%s: %d", q, w.Code)
			}
		} else if w.Code != 200 || m.boxes() != want {
			t.Errorf("%s: %d, %s, want %s", q, w.Code, m.boxes(), want)
		}
	}
	for q, want := range map[string]string{"2020-01-02": "2020-01-02T00:00:00Z/2020-01-02T23:59:59.999999Z", "2020-01-02T03:04:05Z": "2020-01-02T03:04:05Z/2020-01-02T03:04:05Z", "2020-01-02T03:04:05.5%2B08:00/..": "2020-01-02T03:04:05.5+08:00/",
		"/2020-01-02": "/2020-01-02T23:59:59.999999Z", "2020-01-01/": "2020-01-01T00:00:00Z/", "../2020-01-01T00:00:00Z": "/2020-01-01T00:00:00Z", "/": "", "1/2/3": "", "2021-01-01/2020-01-01": "", "2020-13-01": ""} {
		w := ask(t, h, "/ogc/collections/gaps/items?datetime="+q)
		if want == "" && w.Code != 400 || want != "" && (w.Code != 200 || m.times() != want) {
			t.Errorf("%s: %d %s", q, w.Code, m.times())
		}
	}
}

// Schemas have the roles that clients look for; conformance claims what is tested here and against the suites of OGC.
func TestSchemaOfProperties(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1}})
	w := ask(t, h, "/ogc/collections/facilities/schema")
	for _, part := range []string{`"x-ogc-role":"id"`, `"format":"geometry-point"`, `"x-ogc-role":"primary-geometry"`, `"x-ogc-role":"primary-interval-start"`, `"x-ogc-role":"primary-interval-end"`, `"x-ogc-propertySeq":3`} {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("no %s in %s", part, w.Body)
		}
	}
	if w := ask(t, h, "/ogc/collections/facilities/schema?profile=x"); w.Code != 400 {
		t.Error(w.Code)
	}
	about := ask(t, h, "/ogc/collections/facilities").Body.String()
	for _, part := range []string{`"rel":"http://www.opengis.net/def/rel/ogc/1.0/schema"`, `"attribution":`, `"license":`, `"mapApproval":"内部使用`, `"storageCrs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"`} {
		if !strings.Contains(about, part) {
			t.Errorf("no %s in %s", part, about)
		}
	}
}

// Nobody's caches keep what an official sees; what everybody sees they may.
func TestWhoMayKeepAnAnswer(t *testing.T) {
	office, _ := guarded(t, false, "units")
	if got := visit(office, "GET", "/ogc/collections/units/items", "", "").Header().Get("Cache-Control"); got != "public, max-age=60" {
		t.Errorf("for the public: %s", got)
	}
	if got := visit(office, "GET", "/ogc/collections/units/items", "viewer@99", "").Header().Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("for an official: %s", got)
	}
	if got := visit(office, "GET", "/ogc/collections/units/items?run=3", "viewer@99", "").Header().Get("Cache-Control"); got != "private, max-age=300" {
		t.Errorf("for an official, of a run: %s", got)
	}
}
