package store

import (
	"cmp"
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
		if g = t.ordered(e.Orb()); !t.possible(g.Bound()) {
			return term{}, cql2.Errorf(e.At(), "坐标超出范围", "coordinates are out of range")
		}
	}
	b, err := encoding.Marshal(g)
	if err != nil {
		return term{}, cql2.Errorf(e.At(), "几何无法表示", "the geometry cannot be written")
	}
	sql := fmt.Sprintf("ST_GeomFromWKB(%s, %d)", t.bind(b, "bytea"), cmp.Or(t.crs.EPSG, 4326))
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
	return term{sql: sql, kind: kShape}, nil
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
