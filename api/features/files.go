package features

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// fileFormat is a form in which a whole layer is given away.
type fileFormat struct {
	ending, media string
	ranged        bool // a file that is made, kept and read in ranges; the others are streams
	projected     bool // takes crs
	title         string
}

var fileFormats = []fileFormat{
	{"geojson", geoJSON, false, true, "GeoJSON"},
	{"geojsonseq", "application/geo+json-seq", false, false, "GeoJSON text sequence"},
	{"csv", "text/csv; charset=utf-8", false, false, "CSV"},
	{"fgb", "application/flatgeobuf", true, true, "FlatGeobuf"},
	{"gpkg", "application/geopackage+sqlite3", true, true, "GeoPackage"},
	{"parquet", "application/vnd.apache.parquet", true, true, "GeoParquet"},
	{"pmtiles", "application/vnd.pmtiles", true, false, "PMTiles"},
	{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true, false, "XLSX"},
}

// started marks files of this process: another might write other bytes.
var started = strconv.FormatInt(time.Now().UnixNano(), 36)

// whole answers /layers/{collection}.{ending}: the layer in one file.
func (a *API) whole(c echo.Context) error {
	file, err := url.PathUnescape(c.Param("file"))
	dot := strings.LastIndexByte(file, '.')
	none := planner.Errorf(planner.NotFound, "没有图层文件「%.80s」", "there is no layer file %.80q", c.Param("file"))
	if err != nil || dot < 0 {
		return none
	}
	var f *fileFormat
	for i := range fileFormats {
		if fileFormats[i].ending == file[dot+1:] {
			f = &fileFormats[i]
		}
	}
	col, known := a.find(file[:dot])
	v := a.Viewer(c.Request())
	if f == nil || !known || !v.Reads(col.ID) {
		return none
	}
	for name := range c.QueryParams() {
		if name != "run" && (name != "crs" || !f.projected) {
			return planner.Errorf(planner.Invalid, "未知参数「%.60s」,可用参数:run%s", "unknown parameter %.60q; there are: run%s", name, map[bool]string{true: ", crs"}[f.projected])
		}
	}
	q := layer.Query{Collection: col.ID, Viewer: v}
	if name := c.QueryParam("crs"); name != "" {
		if q.CRS, err = parseCRS("crs", name); err != nil {
			return err
		}
	}
	if q.Snapshot, err = a.snapshot(c, c.QueryParam("run"), q.Snapshot); err != nil {
		return err
	}
	digest := f.ending
	if col.Extra != nil {
		digest += col.Extra.Digest
	}
	if f.ranged {
		digest += started
	}
	pinned := c.QueryParams().Has("run")
	if respond.Unchanged(c, q.Snapshot, v, pinned, digest, col.ID, q.CRS.URI()) {
		return respond.NotModified(c)
	}
	e, err := a.Reader.Extent(c.Request().Context(), col.ID, q.Snapshot, v)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", f.media)
	h.Set("OGC-NumberMatched", strconv.FormatInt(e.Count, 10))
	h.Set("OGC-NumberReturned", strconv.FormatInt(e.Count, 10))
	h.Set("Content-Crs", "<"+q.CRS.URI()+">")
	h.Add("Link", "<"+base(c)+"/ogc/collections/"+url.PathEscape(col.ID)+`>; rel="collection"; type="application/json"`)
	if f.ending != "geojson" {
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(file))
	}
	if !f.ranged {
		if c.Request().Method == http.MethodHead {
			return c.NoContent(http.StatusOK)
		}
		return a.Exporter.Export(c.Request().Context(), col, q, f.ending, c.Response())
	}
	key := fmt.Sprint(col.ID, digest, q.Snapshot, v.Key(), q.CRS)
	made, err := a.Files.Open(c.Request().Context(), key, func(ctx context.Context, w io.Writer) error { return a.Exporter.Export(ctx, col, q, f.ending, w) })
	if err != nil {
		h.Del("Content-Disposition")
		return err
	}
	defer made.Close()
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, made)
	return nil
}

// enclosures are the links to the files of a layer.
func enclosures(c echo.Context, col layer.Collection, run string) []link {
	var all []link
	for _, f := range fileFormats {
		all = append(all, link{base(c) + "/layers/" + url.PathEscape(col.ID) + "." + f.ending + run, "enclosure", f.media, "the whole layer: " + f.title})
	}
	return all
}

// filePaths describes the files, which stand beside the OGC API.
func filePaths(paths object, server string, col layer.Collection) {
	for _, f := range fileFormats {
		parameters := []object{ref("run")}
		if f.projected {
			parameters = append(parameters, ref("crs"))
		}
		schema := object{"type": "string", "format": "binary"}
		if f.ending == "geojson" {
			schema = object{"type": "object"}
		}
		media, _, _ := strings.Cut(f.media, ";")
		op := getAs(col.ID+"Layer"+strings.ToUpper(f.ending[:1])+f.ending[1:], col.Title.EN+": the whole layer as "+f.title, parameters, media, schema)
		if f.ranged {
			answers := op["get"].(object)["responses"].(object)
			answers["206"] = object{"description": "the range asked for", "content": object{media: object{"schema": schema}}}
			answers["412"], answers["416"] = object{"description": "another version"}, object{"description": "the range is not in the file"}
		}
		op["servers"] = []object{{"url": server}}
		paths["/layers/"+url.PathEscape(col.ID)+"."+f.ending] = op
	}
}
