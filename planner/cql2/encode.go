package cql2

import (
	"bytes"
	"encoding/json"
)

// JSON writes a filter as CQL2-JSON that ParseJSON reads as the same tree.
func JSON(e Expr) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(encoded(e)) // of strings, numbers and lists only
	return bytes.TrimSpace(out.Bytes())
}

type object = map[string]any

func encoded(e Expr) any {
	switch e := e.(type) {
	case *Bool:
		return e.Value
	case *Number:
		return json.Number(e.Text)
	case *String:
		return e.Value
	case *Date:
		return object{"date": e.Text}
	case *Timestamp:
		return object{"timestamp": e.Text}
	case *Interval:
		return object{"interval": []any{encodedEnd(e.Start), encodedEnd(e.End)}}
	case *BBox:
		return object{"bbox": e.Bounds}
	case *Geometry:
		return encodedGeometry(e)
	case *Property:
		return object{"property": e.Name}
	case *Array:
		return encodedList(e.Items)
	case *Call:
		return struct {
			Op   string `json:"op"`
			Args []any  `json:"args"`
		}{e.Op, encodedList(e.Args)}
	}
	return ".."
}

func encodedList(list []Expr) []any {
	all := make([]any, len(list))
	for i, one := range list {
		all[i] = encoded(one)
	}
	return all
}

func encodedEnd(e Expr) any {
	switch e := e.(type) {
	case *Date:
		return e.Text
	case *Timestamp:
		return e.Text
	}
	return encoded(e)
}

func encodedGeometry(g *Geometry) any {
	if g.Geometries == nil {
		return object{"type": g.Type, "coordinates": g.Coordinates.encoded()}
	}
	all := make([]any, len(g.Geometries))
	for i := range g.Geometries {
		all[i] = encodedGeometry(&g.Geometries[i])
	}
	return object{"type": g.Type, "geometries": all}
}

func (c Coordinates) encoded() any {
	if c.Items == nil {
		return c.Position
	}
	all := make([]any, len(c.Items))
	for i, one := range c.Items {
		all[i] = one.encoded()
	}
	return all
}
