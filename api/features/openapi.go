package features

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/processes"
	"github.com/lifecircle/lifecircle/planner/layer"
)

type object = map[string]any

func (a *API) api(c echo.Context) error {
	if err := onlyParams(c, "f", "lang"); err != nil {
		return err
	}
	document := OpenAPI(base(c), a.catalogue())
	if wantsHTML(c.Request()) {
		return a.render(c, "api", document)
	}
	b, err := json.Marshal(document)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, openAPIType, b)
}

// OpenAPI describes the OGC API (OpenAPI 3.0). Every collection has a path of its
// own, /collections/{id}/items without a prefix, where GDAL looks for page sizes,
// queryables and the language of filters; QGIS reads the component named limit.
func OpenAPI(server string, catalogue []layer.Collection) object {
	forms := []object{ref("f"), ref("lang")}
	paths := object{
		"/": get("landing", "Landing page", forms), "/conformance": get("conformance", "Conformance classes", forms),
		"/collections": get("collections", "The layers", append([]object{ref("run")}, forms...)), "/api": get("api", "This document", forms),
	}
	for _, col := range catalogue {
		at := "/collections/" + url.PathEscape(col.ID)
		items := []object{ref("limit"), ref("bbox"), ref("datetime"), ref("cursor"), ref("run"), ref("filter"), ref("filter-lang"), ref("filter-crs"), ref("properties"), ref("sortby"), ref("crs"), ref("bbox-crs"), ref("f"), ref("lang")}
		items = append(items, byProperty(col)...)
		paths[at] = get(col.ID, col.Title.EN, append([]object{ref("run")}, forms...))
		paths[at+"/queryables"] = getAs(col.ID+"Queryables", col.Title.EN+": what filters may name", forms, "application/schema+json", object{"type": "object"})
		paths[at+"/schema"] = getAs(col.ID+"Schema", col.Title.EN+": schema", append([]object{ref("profile")}, forms...), "application/schema+json", object{"type": "object"})
		paths[at+"/items"] = getAs(col.ID+"Items", col.Title.EN+": features", items, geoJSON, object{"$ref": "#/components/schemas/featureCollection"})
		paths[at+"/items/{featureId}"] = getAs(col.ID+"Item", col.Title.EN+": one feature", []object{ref("featureId"), ref("run"), ref("crs"), ref("f"), ref("lang")}, geoJSON, object{"$ref": "#/components/schemas/feature"})
		filePaths(paths, server, col)
	}
	tilePaths(paths, catalogue)
	for path, item := range processes.Paths(get) {
		paths[path] = item
	}
	parameter := func(name, in, description string, schema object) object {
		p := object{"name": name, "in": in, "required": in == "path", "description": description, "schema": schema}
		if in == "query" {
			p["style"], p["explode"] = "form", false
		}
		return p
	}
	document := object{
		"openapi": "3.0.3",
		"info":    object{"title": "Lifecircle OGC API", "version": "1.0.0", "description": "民政服务设施覆盖与缺口图层 / Layers of civil-affairs service coverage and gaps, as OGC API – Features."},
		"servers": []object{{"url": server + "/ogc"}},
		"paths":   paths,
		"components": object{
			"parameters": object{
				"limit":       parameter("limit", "query", "features in a page", object{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": defaultLimit}),
				"crs":         parameter("crs", "query", "reference system of the answer, in the axis order of its authority", object{"type": "string", "format": "uri", "default": layer.CRS84, "enum": systems()}),
				"bbox-crs":    parameter("bbox-crs", "query", "reference system of bbox, in the axis order of its authority", object{"type": "string", "format": "uri", "default": layer.CRS84, "enum": systems()}),
				"f":           parameter("f", "query", "json for programs, html for people; Accept decides without it", object{"type": "string", "enum": []string{"json", "geojson", "html"}}),
				"lang":        parameter("lang", "query", "language of pages; Accept-Language decides without it", object{"type": "string", "enum": []string{"zh", "en"}}),
				"profile":     parameter("profile", "query", "feature: the schema of a whole GeoJSON feature", object{"type": "string", "enum": []string{"feature"}}),
				"bbox":        parameter("bbox", "query", "west, south, east, north in CRS84; features that intersect", object{"type": "array", "minItems": 4, "maxItems": 6, "items": object{"type": "number"}}),
				"datetime":    parameter("datetime", "query", "RFC 3339 instant or interval", object{"type": "string"}),
				"cursor":      parameter("cursor", "query", "where the page starts, from a next link", object{"type": "string"}),
				"run":         parameter("run", "query", "number of a published run; the latest without it", object{"type": "string"}),
				"filter":      parameter("filter", "query", "a condition in the language of filter-lang", object{"type": "string"}),
				"filter-lang": parameter("filter-lang", "query", "language of the filter; cql-text is the name that GDAL uses for cql2-text", object{"type": "string", "enum": languages, "default": "cql2-text"}),
				"filter-crs":  parameter("filter-crs", "query", "reference system of the coordinates in the filter", object{"type": "string", "format": "uri", "default": layer.CRS84, "enum": systems()}),
				"sortby":      parameter("sortby", "query", "properties to sort by, each after - for the greatest first; features without a value are last", object{"type": "array", "maxItems": maxKeys, "items": object{"type": "string"}}),
				"properties":  parameter("properties", "query", "which properties are written", object{"type": "array", "items": object{"type": "string"}}),
				"featureId":   parameter("featureId", "path", "id of a feature", object{"type": "string"}),
			},
			"schemas": object{
				"problem": object{"type": "object", "required": []string{"type", "title", "status"}, "properties": object{"type": object{"type": "string"},
					"title": object{"type": "string"}, "status": object{"type": "integer"}, "detail": object{"type": "string"}}},
				"feature": object{"type": "object", "required": []string{"type", "id", "geometry", "properties"}, "properties": object{
					"type": object{"type": "string", "enum": []string{"Feature"}}, "id": object{"type": "string"},
					"geometry": object{"type": "object", "nullable": true}, "properties": object{"type": "object"}}},
				"featureCollection": object{"type": "object", "required": []string{"type", "features", "links", "numberReturned"}, "properties": object{
					"type": object{"type": "string", "enum": []string{"FeatureCollection"}}, "numberMatched": object{"type": "integer"}, "numberReturned": object{"type": "integer"},
					"features": object{"type": "array", "items": object{"$ref": "#/components/schemas/feature"}}, "links": object{"type": "array", "items": object{"type": "object"}}}},
			},
		},
	}
	tileParameters(document["components"].(object)["parameters"].(object))
	return document
}

func ref(name string) object { return object{"$ref": "#/components/parameters/" + name} }

func get(id, summary string, parameters []object) object {
	return getAs(id, summary, parameters, "application/json", object{"type": "object"})
}

func getAs(id, summary string, parameters []object, media string, schema object) object {
	problem := func(description string) object {
		return object{"description": description, "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/problem"}}}}
	}
	content := object{media: object{"schema": schema}}
	if media == "application/json" || media == geoJSON {
		content[textHTML] = object{"schema": object{"type": "string"}}
	}
	op := object{"operationId": id, "summary": summary, "responses": object{
		"200": object{"description": summary, "content": content}, "304": object{"description": "unchanged"},
		"400": problem("the request is wrong"), "401": problem("log in first"), "403": problem("no right to read this"), "404": problem("not found"),
		"410": problem("this data version is gone: start again"), "429": problem("try again later"), "500": problem("internal error"), "503": problem("not available for the moment"),
	}}
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	return object{"get": op}
}
