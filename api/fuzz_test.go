package api

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// harmless fails for an answer that blames us, or that shows how we work.
func harmless(t *testing.T, h interface {
	ServeHTTP(w *httptest.ResponseRecorder, path string)
}, path string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, path)
	if w.Code >= 500 || w.Code >= 400 && (strings.Contains(w.Body.String(), "SELECT") || strings.Contains(w.Body.String(), "goroutine")) {
		t.Errorf("%q: %d %s", path, w.Code, w.Body)
	}
}

type asked struct{ m *memory }

func (a asked) ServeHTTP(w *httptest.ResponseRecorder, path string) {
	r := httptest.NewRequest("GET", "http://example.org/", nil)
	u, err := url.Parse("http://example.org" + path)
	if err != nil {
		return // no client could send it
	}
	r.URL, r.RequestURI = u, path
	server(a.m).ServeHTTP(w, r)
}

var fuzzed = asked{&memory{latest: layer.Snapshot{Version: 1, Run: 3}}}

func FuzzFilter(f *testing.F) {
	for _, s := range []string{"people > 3", `{"op":"=","args":[{"property":"people"},1]}`, "S_INTERSECTS(geometry, POINT(1 2))", "((((", "name LIKE '%\x00", "T_AFTER(opened, DATE('2020-02-30'))"} {
		f.Add(s, "cql2-text")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, filter, language string) {
		harmless(t, fuzzed, "/ogc/collections/gaps/items?filter="+url.QueryEscape(filter)+"&filter-lang="+url.QueryEscape(language))
	})
}

func FuzzBBox(f *testing.F) {
	for _, s := range []string{"1,2,3,4", "177,65,-177,70", "NaN,1,2,3", "1e400,0,0,0", ",,,", "0x1p-2,0,1,1"} {
		f.Add(s, "http://www.opengis.net/def/crs/EPSG/0/4549", "2020-01-01/..")
	}
	f.Fuzz(func(t *testing.T, box, system, when string) {
		harmless(t, fuzzed, "/ogc/collections/gaps/items?bbox="+url.QueryEscape(box)+"&bbox-crs="+url.QueryEscape(system)+"&datetime="+url.QueryEscape(when))
		harmless(t, fuzzed, "/ogc/collections/gaps/items?bbox="+url.QueryEscape(box)+"&crs="+url.QueryEscape(system))
	})
}

func FuzzCursor(f *testing.F) {
	f.Add("eyJhIjoiMDkiLCJWZXJzaW9uIjo1LCJSdW4iOjN9AAAAAA")
	f.Add("")
	f.Add("====")
	f.Fuzz(func(t *testing.T, cursor string) {
		harmless(t, fuzzed, "/ogc/collections/gaps/items?cursor="+url.QueryEscape(cursor))
	})
}

func FuzzTilePath(f *testing.F) {
	for _, s := range []string{"3/1/5", "-1/0/0", "99999999999999999999/0/0", "3/1/5.mvt", "%2e%2e/x/y", "3//5"} {
		f.Add("WebMercatorQuad", s)
		f.Add("CGCS2000Quad", s)
	}
	f.Fuzz(func(t *testing.T, set, tile string) {
		harmless(t, fuzzed, "/ogc/tiles/"+url.PathEscape(set)+"/"+tile)
		harmless(t, fuzzed, "/ogc/collections/gaps/tiles/"+url.PathEscape(set)+"/"+tile)
	})
}
