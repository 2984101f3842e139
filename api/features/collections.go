package features

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/processes"
	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Routes adds every route; the list is the whole of it.
func (a *API) Routes(e *echo.Echo) {
	for path, handler := range map[string]echo.HandlerFunc{
		"/ogc": a.landing, "/ogc/": a.landing, "/ogc/conformance": a.conformance, "/ogc/api": a.api,
		"/ogc/collections": a.collections, "/ogc/collections/:collectionId": a.describe, "/ogc/collections/:collectionId/schema": a.schema,
		"/ogc/collections/:collectionId/queryables": a.queryables,
		"/ogc/collections/:collectionId/items":      a.items, "/ogc/collections/:collectionId/items/:featureId": a.item,
		"/layers/:file":       a.whole,
		"/ogc/tileMatrixSets": a.matrixSets, "/ogc/tileMatrixSets/:tileMatrixSetId": a.matrixSet,
		"/ogc/tiles": a.tilesets, "/ogc/tiles/:tileMatrixSetId": a.tileset, "/ogc/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol": a.tile,
		"/ogc/collections/:collectionId/tiles": a.tilesets, "/ogc/collections/:collectionId/tiles/:tileMatrixSetId": a.tileset,
		"/ogc/collections/:collectionId/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol": a.tile,
		"/ogc/styles": a.styles, "/ogc/styles/:styleId": a.style, "/ogc/styles/:styleId/metadata": a.styleMetadata,
	} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, handler)
	}
}

func (a *API) landing(c echo.Context) error {
	if err := onlyParams(c, "f", "lang"); err != nil {
		return err
	}
	at := base(c) + "/ogc"
	return a.answer(c, "landing", map[string]any{
		"title": "生活圈 Lifecircle", "description": "民政服务设施覆盖与缺口图层 / layers of civil-affairs service coverage and gaps", "attribution": a.About.attribution(),
		"links": append(both(c, "this page", "application/json"), link{at + "/api", "service-desc", openAPIType, "the API described"}, link{at + "/api?f=html", "service-doc", textHTML, "the API described for people"},
			link{at + "/conformance", "conformance", "application/json", "conformance classes"}, link{at + "/collections", "data", "application/json", "the layers"}, link{at + "/tiles", tilesetsRel, "application/json", "tile sets of the base map"},
			link{at + "/tileMatrixSets", schemesRel, "application/json", "tile matrix sets"}, link{at + "/styles", stylesRel, "application/json", "styles of the map"},
			link{at + "/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes", "application/json", "processes"}, link{at + "/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list", "application/json", "jobs"}),
	})
}

func (a *API) conformance(c echo.Context) error {
	if err := onlyParams(c, "f", "lang"); err != nil {
		return err
	}
	return a.answer(c, "conformance", map[string]any{"conformsTo": slices.Concat(conformance, processes.Classes), "links": both(c, "conformance classes", "application/json")})
}

func (a *API) collections(c echo.Context) error {
	if err := onlyParams(c, "f", "lang", "run"); err != nil {
		return err
	}
	snap, err := a.snapshot(c, c.QueryParam("run"), layer.Snapshot{})
	if err != nil {
		return err
	}
	if a.unchanged(c, layer.Collection{Extra: &layer.Source{Digest: a.digests()}}, snap) {
		return respond.NotModified(c)
	}
	all := []map[string]any{}
	for _, col := range a.catalogue() {
		if !a.Viewer(c.Request()).Reads(col.ID) {
			continue
		}
		one, err := a.description(c, col, snap)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	return a.answer(c, "collections", map[string]any{"links": both(c, "the layers", "application/json"), "crs": systems(), "collections": all})
}

func (a *API) describe(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "f", "lang", "run"); err != nil {
		return err
	}
	snap, err := a.snapshot(c, c.QueryParam("run"), layer.Snapshot{})
	if err != nil {
		return err
	}
	if a.unchanged(c, col, snap) {
		return respond.NotModified(c)
	}
	one, err := a.description(c, col, snap)
	if err != nil {
		return err
	}
	return a.answer(c, "collection", one)
}

func systems() []string {
	var all []string
	for _, c := range layer.CRSs() {
		all = append(all, c.URI())
	}
	return all
}

// description is a collection as the catalogue tells of it, the same in the list and alone.
func (a *API) description(c echo.Context, col layer.Collection, snap layer.Snapshot) (map[string]any, error) {
	extent, err := a.Reader.Extent(c.Request().Context(), col.ID, snap, a.Viewer(c.Request()))
	if err != nil {
		return nil, err
	}
	at := base(c) + "/ogc/collections/" + url.PathEscape(col.ID)
	run := ""
	if r := c.QueryParam("run"); r != "" {
		run = "?run=" + url.QueryEscape(r)
	}
	and := map[bool]string{true: "?", false: run + "&"}[run == ""]
	links := []link{{at + run, "self", "application/json", col.Title.EN}, {at + and + "f=html", "alternate", textHTML, col.Title.EN},
		{at + "/items" + run, "items", geoJSON, col.Title.EN}, {at + "/items" + and + "f=html", "items", textHTML, col.Title.EN},
		{at + "/schema", schemaRel, "application/schema+json", "schema of a feature's properties"},
		{at + "/queryables", queryablesRel, "application/schema+json", "what filters may name"},
		{at + "/queryables?f=json", "queryables", "application/json", "the same under the relation that GDAL up to 3.6 knows"},
		{at + "/schema?profile=feature", "describedby", "application/schema+json", "schema of a feature"},
		{at + "/schema?profile=feature", "describedBy", "application/schema+json", "schema, under the spelling that GDAL up to 3.6 compares letter by letter"},
		{at + "/tiles" + run, tilesetsRel, "application/json", "vector tiles"}}
	links = append(links, enclosures(c, col, run)...)
	one := map[string]any{
		"id": col.ID, "title": col.Title.ZH + " " + col.Title.EN, "description": col.Description.ZH + " / " + col.Description.EN,
		"itemType": "feature", "itemCount": extent.Count, "crs": systems(), "storageCrs": layer.CRS84, "links": a.About.links(links),
	}
	a.About.describe(one, extent)
	spread := map[string]any{}
	if b := extent.Bound; b != nil {
		spread["spatial"] = map[string]any{"bbox": [][]float64{{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}}, "crs": layer.CRS84}
	}
	if extent.From != nil || extent.To != nil {
		spread["temporal"] = map[string]any{"interval": [][]*time.Time{{extent.From, extent.To}}, "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	if len(spread) > 0 {
		one["extent"] = spread
	}
	return one, nil
}

// onlyParams refuses query parameters that are not named.
func onlyParams(c echo.Context, names ...string) error {
	for name := range c.QueryParams() {
		if !slices.Contains(names, name) {
			return planner.Errorf(planner.Invalid, "未知参数「%s」,可用参数:%s", "unknown parameter %q; there are: %s", name, strings.Join(names, ", "))
		}
	}
	if lang := c.QueryParam("lang"); c.QueryParams().Has("lang") {
		if err := checkLang(lang); err != nil {
			return err
		}
	}
	return checkFormat(c.QueryParam("f"))
}

// base is the address that the client used, behind a proxy too.
func base(c echo.Context) string { return c.Scheme() + "://" + c.Request().Host }

func marshal(v any) []byte {
	b, _ := json.Marshal(v) // links are strings only
	return b
}
