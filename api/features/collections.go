package features

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// openAPIType is the exact type that clients and conformance suites look for.
const openAPIType = "application/vnd.oai.openapi+json;version=3.0"

// conformance lists the classes that are claimed, and only those.
var conformance = []string{
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators", // the name before 1.0, which QGIS looks for
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
	"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	"http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
}

type link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

// Routes adds every route; the list is the whole of it.
func (a *API) Routes(e *echo.Echo) {
	for path, handler := range map[string]echo.HandlerFunc{
		"/ogc": a.landing, "/ogc/": a.landing, "/ogc/conformance": a.conformance, "/ogc/api": a.api,
		"/ogc/collections": a.collections, "/ogc/collections/:collectionId": a.describe, "/ogc/collections/:collectionId/schema": a.schema,
		"/ogc/collections/:collectionId/queryables": a.queryables,
		"/ogc/collections/:collectionId/items":      a.items, "/ogc/collections/:collectionId/items/:featureId": a.item,
		"/layers/:file": a.whole,
	} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, handler)
	}
}

func (a *API) landing(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	at := base(c) + "/ogc"
	return c.JSON(http.StatusOK, map[string]any{
		"title": "生活圈 Lifecircle", "description": "民政服务设施覆盖与缺口图层 / layers of civil-affairs service coverage and gaps",
		"links": []link{{at, "self", "application/json", "this page"}, {at + "/api", "service-desc", openAPIType, "the API described"},
			{at + "/conformance", "conformance", "application/json", "conformance classes"}, {at + "/collections", "data", "application/json", "the layers"}},
	})
}

func (a *API) conformance(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"conformsTo": conformance})
}

func (a *API) collections(c echo.Context) error {
	if err := onlyParams(c, "f", "run"); err != nil {
		return err
	}
	snap, err := a.snapshot(c, c.QueryParam("run"), layer.Snapshot{})
	if err != nil {
		return err
	}
	var all []map[string]any
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
	return c.JSON(http.StatusOK, map[string]any{"links": []link{{base(c) + "/ogc/collections", "self", "application/json", "the layers"}}, "collections": all})
}

func (a *API) describe(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "f", "run"); err != nil {
		return err
	}
	snap, err := a.snapshot(c, c.QueryParam("run"), layer.Snapshot{})
	if err != nil {
		return err
	}
	one, err := a.description(c, col, snap)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, one)
}

func (a *API) description(c echo.Context, col layer.Collection, snap layer.Snapshot) (map[string]any, error) {
	extent, err := a.Reader.Extent(c.Request().Context(), col.ID, snap, a.Viewer(c.Request()))
	if err != nil {
		return nil, err
	}
	at := base(c) + "/ogc/collections/" + url.PathEscape(col.ID)
	one := map[string]any{
		"id": col.ID, "title": col.Title.ZH + " " + col.Title.EN, "description": col.Description.ZH + " / " + col.Description.EN,
		"itemType": "feature", "itemCount": extent.Count, "crs": []string{crs84}, "storageCrs": crs84,
		"links": []link{{at, "self", "application/json", col.Title.EN}, {at + "/items", "items", geoJSON, col.Title.EN},
			{at + "/queryables", queryablesRel, "application/schema+json", "what filters may name"},
			{at + "/queryables?f=json", "queryables", "application/json", "the same under the relation that GDAL up to 3.6 knows"},
			{at + "/schema", "describedby", "application/schema+json", "schema"},
			{at + "/schema", "describedBy", "application/schema+json", "schema, under the spelling that GDAL up to 3.6 compares letter by letter"},
			{base(c) + "/layers/" + url.PathEscape(col.ID) + ".geojson", "enclosure", geoJSON, "the whole layer"}},
	}
	if b := extent.Bound; b != nil {
		one["extent"] = map[string]any{"spatial": map[string]any{"bbox": [][]float64{{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}}, "crs": crs84}}
	}
	return one, nil
}

// schema answers with the JSON Schema of a whole feature, which GDAL reads its field types from.
func (a *API) schema(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	b, err := json.Marshal(featureSchema(col))
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/schema+json", b)
}

func featureSchema(col layer.Collection) map[string]any {
	var props members
	for _, p := range col.Properties {
		props = append(props, member{p.Name, propertySchema(p)})
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "title": col.Title.ZH,
		"required": []string{"type", "geometry", "properties"},
		"properties": map[string]any{
			"type": map[string]any{"type": "string", "enum": []string{"Feature"}}, "id": map[string]any{"type": "string"},
			"geometry":   map[string]any{"$ref": geometrySchema(col)},
			"properties": map[string]any{"type": "object", "properties": props},
		},
	}
}

// members is a JSON object in a stated order: clients show fields as the schema lists them.
type members []member

type member struct {
	name  string
	value any
}

// MarshalJSON keeps the order that a map would lose.
func (m members) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, one := range m {
		name, err := json.Marshal(one.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(one.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

func propertySchema(p layer.Property) map[string]any {
	s := map[string]any{"type": string(p.Type), "title": p.Title.ZH, "description": p.Title.EN}
	if p.Type == layer.Date || p.Type == layer.Instant {
		s["type"], s["format"] = "string", string(p.Type)
	}
	return s
}

// onlyParams refuses query parameters that are not named.
func onlyParams(c echo.Context, names ...string) error {
	for name := range c.QueryParams() {
		if !slices.Contains(names, name) {
			return planner.Errorf(planner.Invalid, "未知参数「%s」,可用参数:%s", "unknown parameter %q; there are: %s", name, strings.Join(names, ", "))
		}
	}
	if c.QueryParams().Has("f") {
		return checkFormat(c.QueryParam("f"))
	}
	return nil
}

// base is the address that the client used, behind a proxy too.
func base(c echo.Context) string { return c.Scheme() + "://" + c.Request().Host }

func marshal(v any) []byte {
	b, _ := json.Marshal(v) // links are strings only
	return b
}
