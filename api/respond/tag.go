package respond

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// program changes with the program, whose answers to the same data may differ.
var program = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	of := info.Main.Version + info.Main.Sum
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			of += s.Value
		}
	}
	return of
})

// Codings end the entity tag of a compressed answer, as the compressor writes them.
var codings = []string{"-gzip", "-zstd"}

// Unchanged sets a strong entity tag that is made of the version, the viewer and
// parts (what else the answer depends on beside its address), and who may keep
// it; it tells whether the client has this answer already.
func Unchanged(c echo.Context, snap layer.Snapshot, v planner.Viewer, pinned bool, parts ...string) bool {
	h := fnv.New64a()
	fmt.Fprint(h, program(), "\x00", v.Key(), "\x00", strings.Join(parts, "\x00"))
	tag := fmt.Sprintf(`v%d-r%d-%x`, snap.Version, snap.Run, h.Sum64())
	header := c.Response().Header()
	header.Set("ETag", `"`+tag+`"`)
	header.Set("Cache-Control", keeping(v, pinned))
	header.Add("Vary", "Accept, Accept-Language, Authorization, Cookie")
	for _, theirs := range strings.Split(c.Request().Header.Get("If-None-Match"), ",") {
		theirs = strings.TrimPrefix(strings.TrimSpace(theirs), "W/")
		if theirs == "*" {
			return true
		}
		bare := strings.Trim(theirs, `"`)
		for _, coding := range codings {
			bare = strings.TrimSuffix(bare, coding)
		}
		if bare == tag {
			header.Set("ETag", theirs)
			return true
		}
	}
	return false
}

// keeping says who may keep an answer: anybody's caches what everybody sees, an
// official's own browser alone what that official sees. A version that the
// address names does not change, the latest may at any moment.
func keeping(v planner.Viewer, pinned bool) string {
	switch {
	case v.Class == planner.Suppressed && pinned:
		return "public, max-age=3600"
	case v.Class == planner.Suppressed:
		return "public, max-age=60"
	case pinned:
		return "private, max-age=300"
	}
	return "private, no-cache"
}

// NotModified answers 304.
func NotModified(c echo.Context) error { return c.NoContent(http.StatusNotModified) }
