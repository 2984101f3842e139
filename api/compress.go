package api

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
)

// handler is every route behind the compressor.
type handler struct {
	*echo.Echo
	compressed http.Handler
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.compressed.ServeHTTP(w, r) }

// compressing answers in zstd or gzip where the client takes it; the entity tag of
// such an answer ends in the coding. Files that are packed, or that are read in
// ranges, go as they are.
func compressing(e *echo.Echo) handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1), gzhttp.EnableZstd(true), gzhttp.SuffixETag("-gzip"),
		gzhttp.ContentTypeFilter(func(media string) bool {
			media, _, _ = strings.Cut(media, ";")
			return !packed[strings.TrimSpace(media)] && gzhttp.DefaultContentTypeFilter(media)
		}))
	if err != nil {
		panic(err) // options are constants
	}
	return handler{e, wrap(e)}
}

var packed = map[string]bool{"application/geopackage+sqlite3": true, "application/vnd.apache.parquet": true, "application/vnd.pmtiles": true, "application/flatgeobuf": true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": true}
