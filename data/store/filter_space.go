package store

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
	encoding "github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/planner/cql2"
)

// spatial is the SQL of a comparison of geometries, in the plane of longitude and latitude.
func (t *translation) spatial(op string, args []cql2.Expr) (string, error) {
	both, err := t.terms(args, kShape)
	if err != nil {
		return "", err
	}
	name := strings.TrimPrefix(op, "s_")
	for _, e := range args {
		g, ok := e.(*cql2.Geometry)
		if !ok || g.Type != "GeometryCollection" || name == "intersects" {
			continue
		}
		if name == "disjoint" { // PostGIS compares collections in ST_Intersects alone
			return "(NOT ST_Intersects(" + both[0].sql + ", " + both[1].sql + "))", nil
		}
		if _, mixed := homogeneous(g); mixed && name != "equals" {
			return "", cql2.Errorf(e.At(), "%s不支持点、线、面混合的几何集合", "%s takes no collection of points, lines and areas together", strings.ToUpper(op))
		}
	}
	return fmt.Sprintf("ST_%s(%s, %s)", strings.ToUpper(name[:1])+name[1:], both[0].sql, both[1].sql), nil
}

// shape binds a geometry as WKB in longitude and latitude.
func (t *translation) shape(e cql2.Expr) (term, error) {
	var g orb.Geometry
	switch e := e.(type) {
	case *cql2.BBox:
		box, err := t.box(e)
		if err != nil {
			return term{}, err
		}
		g = box
	case *cql2.Geometry:
		if e.Type == "GeometryCollection" {
			g, _ = homogeneous(e)
		} else {
			g = e.Orb()
		}
		if g = t.ordered(g); !t.possible(g.Bound()) {
			return term{}, cql2.Errorf(e.At(), "坐标超出范围", "coordinates are out of range")
		}
	}
	b, err := encoding.Marshal(g)
	if err != nil {
		return term{}, cql2.Errorf(e.At(), "几何无法表示", "the geometry cannot be written")
	}
	sql := fmt.Sprintf("ST_GeomFromWKB(%s, %d)", t.bind(b, "bytea"), max(t.crs.EPSG, 4326))
	switch {
	case t.crs.EPSG != 0 && !t.crs.Degrees:
		sql = "ST_Transform(" + sql + ", 4326)"
	case t.crs.EPSG != 0 && t.crs.EPSG != 4326: // CGCS2000 in degrees is served as WGS 84
		sql = "ST_SetSRID(" + sql + ", 4326)"
	}
	switch g.(type) {
	case orb.Polygon, orb.MultiPolygon: // a ring that crosses itself is an error of GEOS in some comparisons
		sql = "ST_CollectionExtract(ST_MakeValid(" + sql + "), 3)"
	}
	return term{sql, kShape, e.At()}, nil
}

// homogeneous makes a collection of one kind of geometry the multi-geometry of it.
func homogeneous(g *cql2.Geometry) (all orb.Geometry, mixed bool) {
	var points orb.MultiPoint
	var lines orb.MultiLineString
	var areas orb.MultiPolygon
	for _, one := range g.Orb().(orb.Collection) {
		switch one := one.(type) {
		case orb.Point:
			points = append(points, one)
		case orb.MultiPoint:
			points = append(points, one...)
		case orb.LineString:
			lines = append(lines, one)
		case orb.MultiLineString:
			lines = append(lines, one...)
		case orb.Polygon:
			areas = append(areas, one)
		case orb.MultiPolygon:
			areas = append(areas, one...)
		}
	}
	switch {
	case lines == nil && areas == nil:
		return points, false
	case points == nil && areas == nil:
		return lines, false
	case points == nil && lines == nil:
		return areas, false
	}
	return g.Orb(), true
}

// box makes a box a polygon, two when it crosses the antimeridian, a line or point when it has no area.
func (t *translation) box(e *cql2.BBox) (orb.Geometry, error) {
	n := e.Bounds
	if len(n) == 6 {
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	west, south, east, north := n[0], n[1], n[2], n[3]
	if t.crs.YX {
		south, west, north, east = n[0], n[1], n[2], n[3]
	}
	if south > north || west > east && t.crs.EPSG != 0 && !t.crs.Degrees || !t.possible(orb.Bound{Min: orb.Point{min(west, east), south}, Max: orb.Point{max(west, east), north}}) {
		return nil, cql2.Errorf(e.At(), "BBOX的坐标超出范围", "the BBOX is out of range")
	}
	if west > east {
		return orb.MultiPolygon{orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{180, north}}.ToPolygon(), orb.Bound{Min: orb.Point{-180, south}, Max: orb.Point{east, north}}.ToPolygon()}, nil
	}
	b := orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
	switch {
	case b.Min == b.Max:
		return b.Min, nil
	case west == east || south == north:
		return orb.LineString{b.Min, b.Max}, nil
	}
	return b.ToPolygon(), nil
}

// possible tells whether coordinates lie in the CRS at all.
func (t *translation) possible(b orb.Bound) bool {
	if t.crs.EPSG == 0 || t.crs.Degrees {
		return b.Min[0] >= -180 && b.Max[0] <= 180 && b.Min[1] >= -90 && b.Max[1] <= 90
	}
	for _, f := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		if math.Abs(f) > 1e8 {
			return false
		}
	}
	return true
}

// ordered puts the easting first.
func (t *translation) ordered(g orb.Geometry) orb.Geometry {
	if !t.crs.YX {
		return g
	}
	swap := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	line := func(ps []orb.Point) {
		for i := range ps {
			ps[i] = swap(ps[i])
		}
	}
	switch g := g.(type) {
	case orb.Point:
		return swap(g)
	case orb.MultiPoint:
		line(g)
	case orb.LineString:
		line(g)
	case orb.MultiLineString:
		for _, one := range g {
			line(one)
		}
	case orb.Polygon:
		for _, ring := range g {
			line(ring)
		}
	case orb.MultiPolygon:
		for _, one := range g {
			t.ordered(one)
		}
	case orb.Collection:
		for i := range g {
			g[i] = t.ordered(g[i])
		}
	}
	return g
}
