package features

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

const schemaRel = "http://www.opengis.net/def/rel/ogc/1.0/schema"

// schema answers with the JSON Schema of a feature's properties (Part 5), or with
// profile=feature that of a whole feature, which GDAL reads its field types from.
func (a *API) schema(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "f", "lang", "profile"); err != nil {
		return err
	}
	schema := a.flatSchema(c, col)
	switch p := c.QueryParam("profile"); p {
	case "":
	case "feature":
		schema = featureSchema(col)
	default:
		return planner.Errorf(planner.Invalid, "参数profile只有feature,不是「%.40s」", "parameter profile is feature or none, not %.40q", p)
	}
	b, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/schema+json", b)
}

// flatSchema has the properties in their order with their roles; all are written by the program alone.
func (a *API) flatSchema(c echo.Context, col layer.Collection) map[string]any {
	props := members{{"id", map[string]any{"type": "string", "title": "编号", "description": "id", "x-ogc-role": "id", "x-ogc-propertySeq": 1, "readOnly": true}}}
	if name := col.GeometryName(); name != "" {
		props = append(props, member{name, map[string]any{"format": "geometry-" + strings.ToLower(geometryFormat(col.Geometry)), "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 2, "readOnly": true}})
	}
	for i, p := range col.Properties {
		s := propertySchema(p)
		s["x-ogc-propertySeq"], s["readOnly"] = i+3, true
		for end, role := range []string{"primary-interval-start", "primary-interval-end"} {
			if col.Time[end] == p.Name {
				s["x-ogc-role"] = role
			}
		}
		if col.Time[0] == p.Name && col.Time[1] == p.Name {
			s["x-ogc-role"] = "primary-instant"
		}
		if p.Name == "id" { // a file of others may call a column so; the id of the feature goes before
			continue
		}
		props = append(props, member{p.Name, s})
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": base(c) + "/ogc/collections/" + url.PathEscape(col.ID) + "/schema",
		"type": "object", "title": col.Title.ZH + " " + col.Title.EN, "description": col.Description.ZH + " / " + col.Description.EN, "properties": props, "additionalProperties": false,
	}
}

// geometryFormat is the geometry's type in the words of Part 5: "any" for mixed ones.
func geometryFormat(of string) string {
	if of == "Geometry" || of == "" {
		return "any"
	}
	return of
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
