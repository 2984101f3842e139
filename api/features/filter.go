package features

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
	"github.com/lifecircle/lifecircle/planner/layer"
)

const queryablesRel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

// languages of filters; GDAL sends cql-text and what it sends is CQL2-Text.
var languages = []string{"cql2-text", "cql2-json", "cql-text"}

func checkLanguage(s string) error {
	if slices.Contains(languages, s) {
		return nil
	}
	return planner.Errorf(planner.Invalid, "参数filter-lang应为%[2]s之一,不是「%.40[1]s」", "parameter filter-lang is one of %[2]s, not %.40[1]q", s, strings.Join(languages, ", "))
}

// parseFilter reads a filter; without a language a brace begins JSON.
func parseFilter(s, language string) (cql2.Expr, error) {
	if language == "cql2-json" || language == "" && strings.HasPrefix(strings.TrimSpace(s), "{") {
		return cql2.ParseJSON(s)
	}
	return cql2.ParseText(s)
}

// parseCRS reads a reference system that coordinates may be in.
func parseCRS(name, s string) (layer.CRS, error) {
	c, ok := layer.ParseCRS(s)
	if !ok {
		return c, planner.Errorf(planner.Invalid, "参数%s不支持「%.80s」,可用:CRS84及EPSG的4326、4490、3857、4513至4554", "parameter %s: %.80q is not offered; there are CRS84 and, of EPSG, 4326, 4490, 3857 and 4513 to 4554", name, s)
	}
	return c, nil
}

// parseProperties reads which properties are written.
func parseProperties(s string, c layer.Collection) ([]string, error) {
	chosen := []string{}
	for _, name := range strings.Split(s, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if _, ok := c.Property(name); !ok {
			return nil, planner.Errorf(planner.Invalid, "参数properties:图层%s没有属性「%.60s」", "parameter properties: collection %s has no property %.60q", c.ID, name)
		}
		chosen = append(chosen, name)
	}
	return chosen, nil
}

const maxKeys = 5

// parseSort reads what to sort by: names with + or - before them, separated by commas.
func parseSort(s string, c layer.Collection) ([]layer.Order, error) {
	var keys []layer.Order
	for _, part := range strings.Split(s, ",") {
		part = strings.TrimSpace(part) // an unescaped + arrives as a space
		name, down := strings.CutPrefix(part, "-")
		name = strings.TrimPrefix(name, "+")
		if _, ok := c.Property(name); !ok || len(keys) == maxKeys {
			return nil, planner.Errorf(planner.Invalid, "参数sortby:最多%[2]d个属性,图层没有属性「%.60[1]s」", "parameter sortby takes up to %[2]d properties of the collection, not %.60[1]q", name, maxKeys)
		}
		keys = append(keys, layer.Order{Property: name, Descending: down})
	}
	return keys, nil
}

// queryables answers with the JSON Schema of what filters may name.
func (a *API) queryables(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "f", "lang"); err != nil {
		return err
	}
	var props members
	if name := col.GeometryName(); name != "" {
		props = append(props, member{name, map[string]any{"$ref": geometrySchema(col), "x-ogc-role": "primary-geometry"}})
	}
	ids := []map[string]string{} // where GDAL up to 3.6 looks for the names
	for _, p := range col.Properties {
		s := propertySchema(p)
		ids = append(ids, map[string]string{"id": p.Name})
		if col.Separator(p.Name) != "" {
			s["type"], s["items"] = "array", map[string]any{"type": "string"}
		}
		props = append(props, member{p.Name, s})
	}
	b, err := json.Marshal(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": base(c) + "/ogc/collections/" + url.PathEscape(col.ID) + "/queryables",
		"type": "object", "title": col.Title.ZH + " " + col.Title.EN, "properties": props, "additionalProperties": false, "queryables": ids,
	})
	if err != nil {
		return err
	}
	media := "application/schema+json"
	if c.QueryParam("f") == "json" { // GDAL up to 3.6 reads nothing else
		media = "application/json"
	}
	return c.Blob(http.StatusOK, media, b)
}

// geometrySchema is the schema of the geometry; QGIS knows the geometry by the address of it.
func geometrySchema(col layer.Collection) string {
	return "https://geojson.org/schema/" + col.Geometry + ".json"
}
