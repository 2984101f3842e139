package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// Files are resumed by Range, under a tag that is strong; streams are not.
func TestFilesAreResumed(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 1, Run: 3}}
	h := server(m)
	for _, ending := range []string{"fgb", "gpkg", "parquet", "pmtiles", "xlsx"} {
		path := "/layers/gaps." + ending
		first := ask(t, h, path)
		tag := first.Header().Get("ETag")
		if first.Code != 200 || first.Body.String() != "0123456789" || first.Header().Get("Accept-Ranges") != "bytes" || first.Header().Get("OGC-NumberMatched") != "25" || !strings.Contains(first.Header().Get("Link"), "/ogc/collections/gaps") {
			t.Errorf("%s: %d %s %v", ending, first.Code, first.Body, first.Header())
		}
		if w := ask(t, h, path, "Range", "bytes=4-6", "If-Range", tag); w.Code != http.StatusPartialContent || w.Body.String() != "456" || w.Header().Get("Content-Range") != "bytes 4-6/10" {
			t.Errorf("%s: a range: %d %s", ending, w.Code, w.Body)
		}
		if w := ask(t, h, path, "Range", "bytes=4-6", "If-Range", `"other"`); w.Code != 200 {
			t.Errorf("%s: a range of another version: %d", ending, w.Code)
		}
		if w := ask(t, h, path, "Range", "bytes=40-"); w.Code != http.StatusRequestedRangeNotSatisfiable {
			t.Errorf("%s: beyond the end: %d", ending, w.Code)
		}
		if w := ask(t, h, path, "If-None-Match", tag); w.Code != http.StatusNotModified {
			t.Errorf("%s: the same again: %d", ending, w.Code)
		}
		reads := m.reads
		if ask(t, h, path); m.reads > reads+1 { // the extent is asked for, the file is not made again
			t.Errorf("%s: made again", ending)
		}
		r := httptest.NewRequest(http.MethodHead, "http://example.org"+path, nil)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 200 || w.Header().Get("Content-Length") != "10" || w.Body.Len() > 0 {
			t.Errorf("%s: HEAD %d %s", ending, w.Code, w.Header().Get("Content-Length"))
		}
	}
	for path, want := range map[string]int{"geojsonseq": 200, "csv": 200, "csv?crs=EPSG:3857": 400, "geojson?crs=EPSG:3857": 200, "fgb?crs=EPSG:4549": 200, "fgb?crs=EPSG:1": 400, "pmtiles?crs=EPSG:3857": 400, "fgb?run=3": 200, "fgb?run=9": 404, "fgb?x=1": 400, "shp": 404} {
		if w := ask(t, h, "/layers/gaps."+path); w.Code != want {
			t.Errorf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
		}
	}
}
