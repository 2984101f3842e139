package ingest

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/project"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// locate takes a row's geometry from system c to lon/lat, and to the shape that
// the kind stores: orb.Point or orb.MultiPolygon. The geometry is changed in place.
func (k kind) locate(g orb.Geometry, c crs.CRS) (orb.Geometry, *planner.Text) {
	if g == nil {
		if k.located {
			return nil, &planner.Text{ZH: "缺少位置", EN: "it has no geometry"}
		}
		return nil, nil
	}
	switch s := g.(type) {
	case orb.Point:
		if k.shape == onArea && k.located {
			return nil, &planner.Text{ZH: "应为面,不是点", EN: "a polygon is needed, not a point"}
		}
		return locatePoint(s, c)
	case orb.Polygon:
		g = orb.MultiPolygon{s}
	}
	bound := g.Bound()
	if bound.IsEmpty() {
		return nil, &planner.Text{ZH: "图形是空的", EN: "the geometry is empty"}
	}
	if k.shape == onPoint {
		centre, _ := planar.CentroidArea(g)
		return locatePoint(centre, c)
	}
	area, ok := g.(orb.MultiPolygon)
	if !ok {
		return nil, &planner.Text{ZH: "应为面,不是" + g.GeoJSONType(), EN: "a polygon is needed, not a " + g.GeoJSONType()}
	}
	for _, polygon := range area {
		for _, ring := range polygon {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return nil, &planner.Text{ZH: "面的边界没有闭合", EN: "a ring of the polygon is not closed"}
			}
		}
	}
	for _, corner := range []orb.Point{bound.Min, bound.Max} {
		if _, wrong := locatePoint(corner, c); wrong != nil {
			return nil, wrong
		}
	}
	return project.MultiPolygon(area, c.ToLonLat), nil
}

// locatePoint says what is wrong with a point, or gives it in lon/lat. Metres in
// the order of Chinese surveyors (X is the northing) are turned: within China the
// two cannot be taken for one another.
func locatePoint(p orb.Point, c crs.CRS) (orb.Geometry, *planner.Text) {
	turned := orb.Point{p[1], p[0]}
	switch {
	case !c.IsLonLat() && !c.Accepts(p) && c.Accepts(turned) && c != crs.Mercator:
		p = turned
	case c.IsLonLat() && !crs.InMainland(p) && crs.InMainland(turned):
		return nil, &planner.Text{ZH: fmt.Sprintf("经度%g、纬度%g似乎写反了", p[0], p[1]), EN: fmt.Sprintf("lon %g and lat %g seem to be swapped", p[0], p[1])}
	case !c.Accepts(p):
		return nil, &planner.Text{ZH: fmt.Sprintf("坐标(%g, %g)不在 %v 的范围内", p[0], p[1], c), EN: fmt.Sprintf("the coordinates (%g, %g) are outside %v (%s)", p[0], p[1], c, c.Axes())}
	case p == orb.Point{}:
		return nil, &planner.Text{ZH: "坐标为0,0", EN: "the coordinates are 0,0"}
	}
	return c.ToLonLat(p), nil
}
