package cql2

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// nesting is how deep the lists of a geometry type are, and its name in text.
var nesting = map[string]struct {
	name  string
	lists int
}{
	"point": {"Point", 0}, "multipoint": {"MultiPoint", 1}, "linestring": {"LineString", 1}, "multilinestring": {"MultiLineString", 2},
	"polygon": {"Polygon", 2}, "multipolygon": {"MultiPolygon", 3}, "geometrycollection": {"GeometryCollection", -1},
}

// check counts the positions of a geometry and refuses what no database would take.
func (g *Geometry) check(count *int) error {
	if g.Type == "GeometryCollection" {
		if len(g.Geometries) == 0 {
			return Errorf(g.At(), "几何集合为空", "the collection of geometries is empty")
		}
		for i := range g.Geometries {
			if g.Geometries[i].Type == "GeometryCollection" {
				return Errorf(g.Geometries[i].At(), "几何集合不能嵌套", "a collection of geometries holds no other one")
			}
			if err := g.Geometries[i].check(count); err != nil {
				return err
			}
		}
		return nil
	}
	size := 0
	lists := nesting[strings.ToLower(g.Type)].lists
	line, ring := strings.HasSuffix(g.Type, "LineString"), strings.HasSuffix(g.Type, "Polygon")
	var walk func(c Coordinates, lists int) error
	walk = func(c Coordinates, lists int) error {
		if lists == 0 {
			if *count++; *count > MaxCoordinates {
				return Errorf(g.At(), "坐标过多(最多%d个)", "too many positions (at most %d)", MaxCoordinates)
			}
			if n := len(c.Position); n < 2 || n > 3 || size != 0 && size != n {
				return Errorf(g.At(), "每个坐标应有2个(或都有3个)数字", "every position has 2 numbers, or every one has 3")
			}
			size = len(c.Position)
			return nil
		}
		least := 1
		if lists == 1 && line {
			least = 2
		}
		if lists == 1 && ring {
			least = 4
		}
		if c.Position != nil || len(c.Items) < least {
			return Errorf(g.At(), "%[1]s至少应有%[2]d个坐标", "a part of the %[1]s has fewer than %[2]d positions", g.Type, least)
		}
		for _, one := range c.Items {
			if err := walk(one, lists-1); err != nil {
				return err
			}
		}
		if lists == 1 && ring && !slices.Equal(c.Items[0].Position, c.Items[len(c.Items)-1].Position) {
			return Errorf(g.At(), "多边形的环未闭合", "a ring of the polygon is not closed")
		}
		return nil
	}
	return walk(g.Coordinates, lists)
}

// Orb gives the geometry in two dimensions, first axis first: the functions of CQL2 compare planes.
func (g *Geometry) Orb() orb.Geometry {
	c := g.Coordinates
	switch g.Type {
	case "Point":
		return point(c)
	case "MultiPoint":
		return orb.MultiPoint(points(c))
	case "LineString":
		return orb.LineString(points(c))
	case "MultiLineString":
		var m orb.MultiLineString
		for _, line := range c.Items {
			m = append(m, points(line))
		}
		return m
	case "Polygon":
		return polygon(c)
	case "MultiPolygon":
		var m orb.MultiPolygon
		for _, p := range c.Items {
			m = append(m, polygon(p))
		}
		return m
	}
	var all orb.Collection
	for i := range g.Geometries {
		all = append(all, g.Geometries[i].Orb())
	}
	return all
}

func point(c Coordinates) orb.Point { return orb.Point{c.Position[0], c.Position[1]} }

func points(c Coordinates) []orb.Point {
	var all []orb.Point
	for _, one := range c.Items {
		all = append(all, point(one))
	}
	return all
}

func polygon(c Coordinates) orb.Polygon {
	var all orb.Polygon
	for _, ring := range c.Items {
		all = append(all, points(ring))
	}
	return all
}
