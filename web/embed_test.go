package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPageAssetsAndUnbuilt(t *testing.T) {
	built := fstest.MapFS{"index.html": {Data: []byte("<title>map</title>")}, "assets/a-1.js": {Data: []byte("x")}}
	for _, c := range []struct {
		fs         fstest.MapFS
		url, body  string
		status     int
		cacheStart string
	}{
		{built, "/", "map", 200, "no-cache"},
		{built, "/gaps?unit=990121", "map", 200, "no-cache"},
		{built, "/assets/a-1.js", "x", 200, "public, max-age=31536000"},
		{built, "/assets/gone.js", "404", 404, ""},
		{built, "/../../etc/passwd", "map", 200, "no-cache"},
		{fstest.MapFS{}, "/", "make build", 503, ""},
	} {
		rec := httptest.NewRecorder()
		handler(c.fs).ServeHTTP(rec, httptest.NewRequest("GET", c.url, nil))
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.body) || !strings.HasPrefix(rec.Header().Get("Cache-Control"), c.cacheStart) {
			t.Errorf("%s: %d %q %q", c.url, rec.Code, rec.Header().Get("Cache-Control"), rec.Body.String())
		}
		if !strings.HasPrefix(rec.Header().Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: no content security policy", c.url)
		}
	}
}
