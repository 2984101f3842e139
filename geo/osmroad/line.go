package osmroad

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Line is a street from another source than an OSM file, described by OSM's tags: the same rules say who goes there and
// what slows them. It is immutable.
type Line struct{ w way }

// NewLine reads the tags of a street or ferry; ok is false for what nobody travels on.
func NewLine(tags osm.Tags) (l Line, ok bool) {
	if l.w.passage, ok = street(tags); !ok {
		return l, false
	}
	l.w.highway, l.w.name = tags.Find("highway"), tags.Find("name")
	l.w.markFerry(tags)
	return l, true
}

// WaterKind tells what water the tags draw that legs off the street must not cross, "" for none.
func WaterKind(tags osm.Tags) string { return waterKind(tags) }

// Ferry tells whether the line is a ferry's.
func (l Line) Ferry() bool { return l.w.ferry }

// Access gives the modes that may use the line in some direction, with its structure.
func (l Line) Access() graph.Access { return l.w.forward | l.w.backward }

// Class gives the class of the line's street.
func (l Line) Class() graph.Class { return l.w.class }

// Reversed is the same street drawn the other way round.
func (l Line) Reversed() Line {
	p := &l.w.passage
	p.forward, p.backward = p.backward, p.forward
	p.traitsForward, p.traitsBackward = p.traitsBackward, p.traitsForward
	return l
}

// Same tells whether two lines are travelled alike.
func (l Line) Same(o Line) bool {
	return l.w.passage == o.w.passage && l.w.minutes == o.w.minutes && l.w.interval == o.w.interval
}

// Segments cuts the line at every node; ids are parallel to points (lon, lat). ashore are the nodes that ferries share with streets.
func (l Line) Segments(ids []osm.NodeID, points orb.LineString, ashore map[osm.NodeID]bool) []graph.Segment {
	return l.w.segments(ids, points, nil, ashore)
}

// Road is the line as a map draws it.
func (l Line) Road(points orb.LineString) Road {
	return Road{l.w.highway, l.w.name, l.w.forward&graph.Bridge != 0, points}
}
