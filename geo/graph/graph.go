package graph

import (
	"iter"
	"slices"

	"github.com/paulmach/orb"
)

// NodeID numbers a node; ArcID a directed arc; ChainID a chain.
type (
	NodeID  = uint32
	ArcID   = uint32
	ChainID = uint32
)

// Access is the set of modes that may use an arc in its direction, and its structure.
type Access uint8

// The bits of Access.
const (
	Foot Access = 1 << iota
	Bicycle
	Car
	Bridge
	Tunnel
	Ferry
	Steps
	Transit // a piece of a shuttle's ride, of its boarding or of the way to its stop: never a street
)

// Class ranks a street for speed and for drawing.
type Class uint8

// The classes, from OSM's highway values.
const (
	Other Class = iota
	Motorway
	Trunk
	Primary
	Secondary
	Tertiary
	Residential
	Service
	Track
	Path
	Stairs
	FerryLine
)

// Graph is a street graph. All slices are private and may lie in a mapped file; accessors are O(1).
type Graph struct {
	points []orb.Point // by node: junctions, then inner nodes
	osm    []int64     // by node
	elev   []float32   // by node, metres, NaN unknown

	chains []chain  // one more than there are
	links  []uint32 // by junction, into leave; one more than junctions
	leave  []uint32 // the chains that leave a junction: 2c along, 2c+1 against
	within []uint32 // by piece: its chain
	enters []uint32 // by inner node: the piece that ends there
	length []uint32 // by piece, mm
	kindOf []uint32 // by piece, into kinds
	kinds  []kind   // two of each number: along, against

	fixedArc []ArcID  // ferries and shuttles, ascending
	fixed    []uint32 // their ms

	waterEnd []uint32 // by line, into shores
	shores   []orb.Point

	sums *sums // of the file, computed once
}

// chain is a row of pieces between two junctions.
type chain struct {
	first    uint32 // piece
	from, to NodeID
}

// kind is what pieces have in common.
type kind struct {
	Traits Traits
	Class  Class
	Access Access
	Spare  uint16 // 0, so that a file has no byte by chance
}

// NumNodes gives the number of nodes.
func (g *Graph) NumNodes() int { return len(g.points) }

// NumArcs gives the number of directed arcs, two for each street piece.
func (g *Graph) NumArcs() int { return 2 * len(g.length) }

// Point gives a node's lon, lat.
func (g *Graph) Point(n NodeID) orb.Point { return g.points[n] }

// OSMID gives the OSM id of a node.
func (g *Graph) OSMID(n NodeID) int64 { return g.osm[n] }

// Elevation gives metres above sea, NaN when unknown.
func (g *Graph) Elevation(n NodeID) float32 { return g.elev[n] }

// WithElevation is the same graph with the heights that at gives (metres, at lon,
// lat; ok is false where nothing is known, which keeps the node's own).
func (g *Graph) WithElevation(at func(lon, lat float64) (metres float64, ok bool)) *Graph {
	high := *g
	high.elev, high.sums = slices.Clone(g.elev), &sums{source: g.sums.source}
	for i, p := range g.points {
		if m, ok := at(p[0], p[1]); ok {
			high.elev[i] = float32(m)
		}
	}
	return &high
}

// Leaving gives the arcs that leave n.
func (g *Graph) Leaving(n NodeID) iter.Seq[ArcID] {
	return func(yield func(ArcID) bool) {
		for i := range g.Degree(n) {
			if !yield(g.Out(n, i)) {
				return
			}
		}
	}
}

// Degree gives the number of arcs that leave n.
func (g *Graph) Degree(n NodeID) int {
	if int(n) >= g.Junctions() {
		return 2
	}
	return int(g.links[n+1] - g.links[n])
}

// Out gives the i-th arc that leaves n, i less than Degree.
func (g *Graph) Out(n NodeID, i int) ArcID {
	if j := int(n) - g.Junctions(); j >= 0 {
		if i == 0 {
			return 2 * (g.enters[j] + 1)
		}
		return 2*g.enters[j] + 1
	}
	c := g.leave[g.links[n]+uint32(i)]
	if c&1 == 0 {
		return 2 * g.chains[c>>1].first
	}
	return 2*g.chains[c>>1+1].first - 1
}

// Tail gives the node an arc leaves.
func (g *Graph) Tail(a ArcID) NodeID { return g.Head(a ^ 1) }

// Head gives the node an arc enters.
func (g *Graph) Head(a ArcID) NodeID {
	p := a >> 1
	id := g.within[p]
	c := &g.chains[id]
	inner := NodeID(g.Junctions()) + p - id // the node at the end of p, when that is within the chain
	switch {
	case a&1 == 0:
		if p+1 == g.chains[id+1].first {
			return c.to
		}
		return inner
	case p == c.first:
		return c.from
	}
	return inner - 1
}

// Twin gives the arc of the same piece in the other direction.
func (g *Graph) Twin(a ArcID) ArcID { return a ^ 1 }

// Length gives millimetres on the ground.
func (g *Graph) Length(a ArcID) uint32 { return g.length[a>>1] }

// FixedMillis gives the time of a piece of a ferry or shuttle with the known wait for it, 0 for streets.
func (g *Graph) FixedMillis(a ArcID) uint32 {
	if i, ok := slices.BinarySearch(g.fixedArc, a); ok {
		return g.fixed[i]
	}
	return 0
}

func (g *Graph) kind(a ArcID) *kind { return &g.kinds[2*g.kindOf[a>>1]+a&1] }

// Class gives the class of the arc's street.
func (g *Graph) Class(a ArcID) Class { return g.kind(a).Class }

// Access gives the modes allowed along the arc's direction.
func (g *Graph) Access(a ArcID) Access { return g.kind(a).Access }

// Traits gives what makes the arc slow or closed to some.
func (g *Graph) Traits(a ArcID) Traits { return g.kind(a).Traits }

// Water gives the lines (rivers, shores) that a straight leg off the street must not cross.
func (g *Graph) Water() []orb.LineString {
	lines := make([]orb.LineString, len(g.waterEnd))
	begin := uint32(0)
	for i, end := range g.waterEnd {
		lines[i] = orb.LineString(g.shores[begin:end:end])
		begin = end
	}
	return lines
}
