package osmroad

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// lake is a body of water made of several ways.
type lake struct {
	kind, name string
	members    osm.Members
	shores     [][]osm.NodeID
}

// waterKind tells what water a way or relation draws, "" for none. Small
// ditches and drains are stepped over, culverts run beneath: neither bars a leg.
func waterKind(tags osm.Tags) string {
	if v := tags.Find("tunnel"); v != "" && v != "no" {
		return ""
	}
	switch tags.Find("waterway") {
	case "river", "canal":
		return tags.Find("waterway")
	case "riverbank", "dock":
		return "lake"
	}
	switch tags.Find("natural") {
	case "water":
		return "lake"
	case "coastline":
		return "coastline"
	}
	if tags.Find("landuse") == "reservoir" {
		return "lake"
	}
	return ""
}

// addWater keeps a river or shore as a bar for legs off the street and for the map.
func (net *Network) addWater(b *graph.Builder, w way, line orb.LineString, closed bool) {
	b.AddWater(line)
	var g orb.Geometry = line
	if closed && w.water == "lake" && len(line) >= 4 {
		g = orb.Polygon{orb.Ring(line)}
	}
	net.Water = append(net.Water, Water{w.water, w.name, g})
}

// readShores fetches the nodes of the lakes' member ways.
func readShores(ctx context.Context, path string, lakes []lake) error {
	where := map[osm.WayID][]int{}
	for i, l := range lakes {
		for _, m := range l.members {
			if m.Type == osm.TypeWay {
				where[osm.WayID(m.Ref)] = append(where[osm.WayID(m.Ref)], i)
			}
		}
	}
	return scan(ctx, path, false, true, false, func(o osm.Object) error {
		if w, ok := o.(*osm.Way); ok {
			for _, i := range where[w.ID] {
				lakes[i].shores = append(lakes[i].shores, w.Nodes.NodeIDs())
			}
		}
		return nil
	})
}

// addLake keeps a lake's shores as bars, and its closed rings as areas of the
// map. Outer and inner rings are told apart by who contains whom elsewhere:
// drawn even-odd, a polygon of all rings is right either way, so rings that do
// not close in a cut extract are only bars.
func (net *Network) addLake(b *graph.Builder, l lake, points *places) {
	for _, ids := range joined(l.shores) {
		line, _ := points.known(ids)
		if len(line) < 2 {
			continue
		}
		b.AddWater(line)
		var g orb.Geometry = line
		if len(line) >= 4 && line[0] == line[len(line)-1] {
			g = orb.Polygon{orb.Ring(line)}
		}
		net.Water = append(net.Water, Water{l.kind, l.name, g})
	}
}

// joined puts pieces together end to end, in the order of the relation.
func joined(pieces [][]osm.NodeID) [][]osm.NodeID {
	var out [][]osm.NodeID
	left := append([][]osm.NodeID(nil), pieces...)
	for len(left) > 0 {
		line := append([]osm.NodeID(nil), left[0]...)
		left = left[1:]
		for i := 0; i < len(left) && len(line) > 0 && line[0] != line[len(line)-1]; i++ {
			p := left[i]
			if len(p) == 0 {
				continue
			}
			end := line[len(line)-1]
			if p[0] != end && p[len(p)-1] != end {
				continue
			}
			if p[0] != end {
				p = append([]osm.NodeID(nil), p...)
				for a, z := 0, len(p)-1; a < z; a, z = a+1, z-1 {
					p[a], p[z] = p[z], p[a]
				}
			}
			line = append(line, p[1:]...)
			left = append(left[:i], left[i+1:]...)
			i = -1
		}
		if len(line) > 0 {
			out = append(out, line)
		}
	}
	return out
}

// WaterBetween names a river or lake that the straight line between two points (lon, lat) meets, the first by name; "" when it
// has no name. A network is one: its digest is not looked at.
func (net *Network) WaterBetween(_ context.Context, _ string, from, to orb.Point) (name string, err error) {
	across := orb.MultiPoint{from, to}.Bound()
	for _, w := range net.Water {
		if w.Name == "" || name != "" && w.Name >= name || !w.Geometry.Bound().Intersects(across) {
			continue
		}
		for _, line := range outlines(w.Geometry) {
			for i := 1; i < len(line); i++ {
				if graph.Meet(from, to, line[i-1], line[i]) {
					name = w.Name
				}
			}
		}
	}
	return name, nil
}

// outlines are the lines of a geometry.
func outlines(g orb.Geometry) (lines []orb.LineString) {
	switch g := g.(type) {
	case orb.LineString:
		lines = append(lines, g)
	case orb.MultiLineString:
		lines = append(lines, g...)
	case orb.Polygon:
		for _, r := range g {
			lines = append(lines, orb.LineString(r))
		}
	case orb.MultiPolygon:
		for _, p := range g {
			lines = append(lines, outlines(p)...)
		}
	}
	return lines
}
