package osmroad

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
)

// places holds where the nodes of ways lie; a node that a cut extract lacks lies nowhere.
type places struct {
	number map[osm.NodeID]uint32
	points []orb.Point // NaN until it is known
}

// want asks for the places of nodes.
func (p *places) want(ids []osm.NodeID) {
	for _, id := range ids {
		if _, ok := p.number[id]; !ok {
			p.number[id] = uint32(len(p.points))
			p.points = append(p.points, orb.Point{math.NaN(), math.NaN()})
		}
	}
}

// set tells a node's place when somebody wants it.
func (p *places) set(id osm.NodeID, at orb.Point) bool {
	n, wanted := p.number[id]
	if wanted {
		p.points[n] = at
	}
	return wanted
}

// known gives the places of those nodes that the file has, and these nodes.
func (p *places) known(nodes []osm.NodeID) (line orb.LineString, ids []osm.NodeID) {
	line, ids = make(orb.LineString, 0, len(nodes)), make([]osm.NodeID, 0, len(nodes))
	for _, id := range nodes {
		if n, ok := p.number[id]; ok && !math.IsNaN(p.points[n][0]) {
			line, ids = append(line, p.points[n]), append(ids, id)
		}
	}
	return line, ids
}
