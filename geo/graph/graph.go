package graph

import (
	"slices"

	"github.com/paulmach/orb"
)

// NodeID numbers a node; ArcID a directed arc.
type (
	NodeID = uint32
	ArcID  = uint32
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

// Graph is a street graph. All slices are private; accessors are O(1).
type Graph struct {
	points []orb.Point
	osm    []int64
	elev   []float32 // metres, NaN unknown
	first  []ArcID   // len nodes+1
	tail   []NodeID
	head   []NodeID
	twin   []ArcID
	length []uint32 // mm
	fixed  []uint32 // ms, ferries and shuttles only
	class  []Class
	access []Access
	traits []Traits
	water  []orb.LineString
}

// NumNodes gives the number of nodes.
func (g *Graph) NumNodes() int { return len(g.points) }

// NumArcs gives the number of directed arcs, two for each street segment.
func (g *Graph) NumArcs() int { return len(g.head) }

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
	high.elev = slices.Clone(g.elev)
	for i, p := range g.points {
		if m, ok := at(p[0], p[1]); ok {
			high.elev[i] = float32(m)
		}
	}
	return &high
}

// Arcs gives the half-open range of arcs that leave n.
func (g *Graph) Arcs(n NodeID) (first, last ArcID) { return g.first[n], g.first[n+1] }

// Tail gives the node an arc leaves.
func (g *Graph) Tail(a ArcID) NodeID { return g.tail[a] }

// Head gives the node an arc enters.
func (g *Graph) Head(a ArcID) NodeID { return g.head[a] }

// Twin gives the arc of the same segment in the other direction.
func (g *Graph) Twin(a ArcID) ArcID { return g.twin[a] }

// Length gives millimetres on the ground.
func (g *Graph) Length(a ArcID) uint32 { return g.length[a] }

// FixedMillis gives the time of a piece of a ferry or shuttle with the known wait for it, 0 for streets.
func (g *Graph) FixedMillis(a ArcID) uint32 { return g.fixed[a] }

// Class gives the class of the arc's street.
func (g *Graph) Class(a ArcID) Class { return g.class[a] }

// Access gives the modes allowed along the arc's direction.
func (g *Graph) Access(a ArcID) Access { return g.access[a] }

// Traits gives what makes the arc slow or closed to some.
func (g *Graph) Traits(a ArcID) Traits { return g.traits[a] }

// Water gives the lines (rivers, shores) that a straight leg off the street must not cross.
func (g *Graph) Water() []orb.LineString { return slices.Clip(g.water) }
