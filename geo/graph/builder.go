package graph

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// Segment is one straight piece of a street between two OSM nodes.
type Segment struct {
	From, To          int64 // OSM node ids, both added before Build
	Class             Class
	Forward, Backward Access // modes allowed along and against the drawing
	FixedMillis       uint32 // whole crossing time of a ferry piece
	// Wait is milliseconds before the piece for those who board at From and at To: half a known headway.
	WaitForward, WaitBackward     uint32
	TraitsForward, TraitsBackward Traits
}

// Builder collects nodes and segments and makes a Graph of them.
type Builder struct {
	index    map[int64]int
	ids      []int64
	points   []orb.Point
	elev     []float32
	segments []Segment
	water    []orb.LineString
}

// NewBuilder makes an empty Builder.
func NewBuilder() *Builder { return &Builder{index: map[int64]int{}} }

// AddNode adds a node (lon, lat; metres or NaN); the same id again is ignored.
func (b *Builder) AddNode(id int64, p orb.Point, elevation float32) {
	if _, ok := b.index[id]; ok {
		return
	}
	b.index[id] = len(b.ids)
	b.ids = append(b.ids, id)
	b.points = append(b.points, p)
	b.elev = append(b.elev, elevation)
}

// AddSegment adds a street piece.
func (b *Builder) AddSegment(s Segment) { b.segments = append(b.segments, s) }

// AddWater adds a line that legs off the street must not cross.
func (b *Builder) AddWater(l orb.LineString) { b.water = append(b.water, l) }

// Build makes the graph. The same nodes and segments in any order give the same
// graph. It fails when a segment names a node that was not added.
func (b *Builder) Build() (*Graph, error) {
	n := len(b.ids)
	if uint64(len(b.segments))*2 >= math.MaxUint32 {
		return nil, fmt.Errorf("geo: graph of %d segments is too large for 32-bit arcs", len(b.segments))
	}
	order, number := b.order()
	g := &Graph{
		points: make([]orb.Point, n), osm: make([]int64, n), elev: make([]float32, n),
		first: make([]ArcID, n+1), water: b.water,
	}
	for i, old := range order {
		g.points[i], g.osm[i], g.elev[i] = b.points[old], b.ids[old], b.elev[old]
	}
	type arc struct {
		tail, head NodeID
		seg        int
		back       bool
	}
	arcs := make([]arc, 0, 2*len(b.segments))
	for i, s := range b.segments {
		from, ok := b.index[s.From]
		to, ok2 := b.index[s.To]
		if !ok || !ok2 {
			return nil, fmt.Errorf("geo: segment %d–%d names a node that the file does not have", s.From, s.To)
		}
		f, t := number[from], number[to]
		arcs = append(arcs, arc{f, t, i, false}, arc{t, f, i, true})
	}
	slices.SortFunc(arcs, func(x, y arc) int {
		return cmp.Or(cmp.Compare(x.tail, y.tail), cmp.Compare(x.head, y.head), cmp.Compare(x.seg, y.seg), boolCompare(x.back, y.back))
	})
	m := len(arcs)
	g.tail, g.head, g.twin = make([]NodeID, m), make([]NodeID, m), make([]ArcID, m)
	g.length, g.fixed, g.class, g.access = make([]uint32, m), make([]uint32, m), make([]Class, m), make([]Access, m)
	g.traits = make([]Traits, m)
	where := make([][2]ArcID, len(b.segments))
	for i, a := range arcs {
		s := b.segments[a.seg]
		g.tail[i], g.head[i], g.class[i], g.fixed[i] = a.tail, a.head, s.Class, s.FixedMillis+s.WaitForward
		g.length[i] = uint32(math.Round(geo.DistanceHaversine(g.points[min(a.tail, a.head)], g.points[max(a.tail, a.head)]) * 1000))
		g.access[i], g.traits[i] = s.Forward, s.TraitsForward
		side := 0
		if a.back {
			g.access[i], g.traits[i], side = s.Backward, s.TraitsBackward, 1
			g.fixed[i] = s.FixedMillis + s.WaitBackward
		}
		where[a.seg][side] = ArcID(i)
		g.first[a.tail+1] = ArcID(i + 1)
	}
	for _, w := range where {
		g.twin[w[0]], g.twin[w[1]] = w[1], w[0]
	}
	for i := 1; i <= n; i++ { // nodes without arcs inherit the running offset
		g.first[i] = max(g.first[i], g.first[i-1])
	}
	return g, nil
}

// order sorts the nodes along a Hilbert curve (ties by OSM id) and gives each old index its new number.
func (b *Builder) order() (order []int, number []NodeID) {
	bound := orb.MultiPoint(b.points).Bound()
	span := max(bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1], 1e-9)
	keys := make([]uint64, len(b.points))
	order = make([]int, len(b.points))
	for i, p := range b.points {
		order[i] = i
		keys[i] = hilbert(uint32((p[0]-bound.Min[0])/span*65535), uint32((p[1]-bound.Min[1])/span*65535))
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Or(cmp.Compare(keys[x], keys[y]), cmp.Compare(b.ids[x], b.ids[y])) })
	number = make([]NodeID, len(order))
	for i, old := range order {
		number[old] = NodeID(i)
	}
	return order, number
}

// hilbert gives the place of cell (x, y) on the Hilbert curve of a 65536² grid.
func hilbert(x, y uint32) uint64 {
	var d uint64
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
		x, y = x&(s-1), y&(s-1)
	}
	return d
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
