package features

import (
	"encoding/json"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// shape is a feature on the map of a page.
type shape struct {
	Title, Href string
	GeoJSON     json.RawMessage
}

const width = 1000.0 // of the drawing, in its own units

// draw makes a picture of features in longitude and latitude: a page needs no
// script and no other host to show where things are. Areas first, points on top.
func draw(shapes []shape) template.HTML {
	var all []orb.Geometry
	var bound orb.Bound
	first := true
	for _, s := range shapes {
		var g geojson.Geometry
		if len(s.GeoJSON) == 0 || json.Unmarshal(s.GeoJSON, &g) != nil || g.Geometry() == nil {
			all = append(all, nil)
			continue
		}
		all = append(all, g.Geometry())
		if b := g.Geometry().Bound(); first {
			bound, first = b, false
		} else {
			bound = bound.Union(b)
		}
	}
	if first {
		bound = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	bound = bound.Pad(max(bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1], 0.01) * 0.05)
	squeeze := max(0.1, math.Cos((bound.Min[1]+bound.Max[1])/2*math.Pi/180))
	scale := width / ((bound.Max[0] - bound.Min[0]) * squeeze)
	height := (bound.Max[1] - bound.Min[1]) * scale
	if height > width {
		scale, height = scale*width/height, width
	}
	d := &drawing{at: func(p orb.Point) (x, y float64) {
		return (p[0] - bound.Min[0]) * squeeze * scale, (bound.Max[1] - p[1]) * scale
	}}
	d.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ` + number(width) + " " + number(height) + `">`)
	for dimension := 2; dimension >= 0; dimension-- {
		for i, g := range all {
			if g != nil && g.Dimensions() == dimension {
				d.WriteString(`<a href="` + template.HTMLEscapeString(shapes[i].Href) + `"><title>` + template.HTMLEscapeString(shapes[i].Title) + `</title>`)
				d.geometry(g)
				d.WriteString("</a>")
			}
		}
	}
	d.WriteString("</svg>")
	return template.HTML(d.String()) //nolint:gosec // numbers, and text that was escaped
}

type drawing struct {
	strings.Builder
	at func(orb.Point) (x, y float64)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func (d *drawing) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		x, y := d.at(g)
		d.WriteString(`<circle class="dot" r="6" cx="` + number(x) + `" cy="` + number(y) + `"/>`)
	case orb.MultiPoint:
		for _, p := range g {
			d.geometry(p)
		}
	case orb.LineString:
		d.path("way", false, g)
	case orb.MultiLineString:
		d.path("way", false, g...)
	case orb.Polygon:
		d.rings(g)
	case orb.MultiPolygon:
		for _, p := range g {
			d.rings(p)
		}
	case orb.Collection:
		for _, one := range g {
			d.geometry(one)
		}
	}
}

func (d *drawing) rings(p orb.Polygon) {
	lines := make([]orb.LineString, len(p))
	for i, r := range p {
		lines[i] = orb.LineString(r)
	}
	d.path("area", true, lines...)
}

// path leaves out points that fall on the one before.
func (d *drawing) path(class string, closed bool, lines ...orb.LineString) {
	d.WriteString(`<path class="` + class + `" fill-rule="evenodd" d="`)
	for _, line := range lines {
		last := ""
		for i, p := range line {
			x, y := d.at(p)
			at := number(x) + " " + number(y)
			switch {
			case i == 0:
				d.WriteString("M" + at)
			case at != last:
				d.WriteString("L" + at)
			}
			last = at
		}
		if closed {
			d.WriteString("Z")
		}
	}
	d.WriteString(`"/>`)
}
