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
	index    map[int64]uint32
	missing  map[uint32]bool // nodes that segments name and nobody has added yet
	ids      []int64
	points   []orb.Point
	elev     []float32
	segments []segment
	waits    map[uint32][2]uint32 // by segment that takes a fixed time: along and against the drawing
	kinds    map[[2]kind]uint32
	water    []orb.LineString
}

// segment is a Segment with the numbers of its nodes and of its kind.
type segment struct{ from, to, kind uint32 }

// NewBuilder makes an empty Builder.
func NewBuilder() *Builder {
	return &Builder{index: map[int64]uint32{}, missing: map[uint32]bool{}, waits: map[uint32][2]uint32{}, kinds: map[[2]kind]uint32{}}
}

// AddNode adds a node (lon, lat; metres or NaN); the same id again is ignored.
func (b *Builder) AddNode(id int64, p orb.Point, elevation float32) {
	if n, isNew := b.number(id); isNew || b.missing[n] {
		b.points[n], b.elev[n] = p, elevation
		delete(b.missing, n)
	}
}

func (b *Builder) number(id int64) (n uint32, isNew bool) {
	if n, ok := b.index[id]; ok {
		return n, false
	}
	n = uint32(len(b.ids))
	b.index[id] = n
	b.ids, b.points, b.elev = append(b.ids, id), append(b.points, orb.Point{}), append(b.elev, 0)
	return n, true
}

// AddSegment adds a street piece.
func (b *Builder) AddSegment(s Segment) {
	ends := [2]uint32{}
	for i, id := range []int64{s.From, s.To} {
		n, isNew := b.number(id)
		if ends[i] = n; isNew {
			b.missing[n] = true
		}
	}
	both := [2]kind{{Traits: s.TraitsForward, Class: s.Class, Access: s.Forward}, {Traits: s.TraitsBackward, Class: s.Class, Access: s.Backward}}
	k, ok := b.kinds[both]
	if !ok {
		k = uint32(len(b.kinds))
		b.kinds[both] = k
	}
	if along, against := s.FixedMillis+s.WaitForward, s.FixedMillis+s.WaitBackward; along|against != 0 {
		b.waits[uint32(len(b.segments))] = [2]uint32{along, against}
	}
	b.segments = append(b.segments, segment{ends[0], ends[1], k})
}

// AddWater adds a line that legs off the street must not cross.
func (b *Builder) AddWater(l orb.LineString) { b.water = append(b.water, l) }

// Build makes the graph. The same nodes and segments in any order give the same
// graph. It fails when a segment names a node that was not added.
func (b *Builder) Build() (*Graph, error) {
	for _, s := range b.segments {
		if len(b.missing) > 0 && (b.missing[s.from] || b.missing[s.to]) {
			return nil, fmt.Errorf("geo: segment %d–%d names a node that the file does not have", b.ids[s.from], b.ids[s.to])
		}
	}
	if uint64(len(b.segments))*2 >= math.MaxUint32 || uint64(len(b.ids)) >= math.MaxUint32 {
		return nil, fmt.Errorf("geo: graph of %d segments is too large for 32-bit arcs", len(b.segments))
	}
	c := contract(b)
	g := &Graph{
		points: make([]orb.Point, len(b.ids)), osm: make([]int64, len(b.ids)), elev: make([]float32, len(b.ids)),
		chains: c.chains, links: c.links, leave: c.leave, within: c.within, enters: c.enters, sums: &sums{},
		length: make([]uint32, len(b.segments)),
	}
	for i, n := range c.nodes {
		g.points[i], g.osm[i], g.elev[i] = b.points[n], b.ids[n], b.elev[n]
	}
	for p, piece := range c.pieces {
		s := b.segments[piece>>1]
		u, v := s.from, s.to // by place on the curve: both directions, in any order of segments, measure alike
		if c.place[u] > c.place[v] {
			u, v = v, u
		}
		g.length[p] = uint32(math.Round(geo.DistanceHaversine(b.points[u], b.points[v]) * 1000))
		if w, ok := b.waits[piece>>1]; ok {
			g.fixedArc, g.fixed = append(g.fixedArc, ArcID(2*p), ArcID(2*p+1)), append(g.fixed, w[piece&1], w[piece&1^1])
		}
	}
	g.kindOf, g.kinds = b.numberKinds(c.pieces)
	for _, l := range b.water {
		g.shores = append(g.shores, l...)
		g.waterEnd = append(g.waterEnd, uint32(len(g.shores)))
	}
	return g, nil
}

// numberKinds gives each piece the number of its kind, seen along its chain; kinds are numbered as pieces need them.
func (b *Builder) numberKinds(pieces []uint32) (of []uint32, kinds []kind) {
	all := make([][2]kind, len(b.kinds))
	for both, k := range b.kinds {
		all[k] = both
	}
	of = make([]uint32, len(pieces))
	numbers := make([]uint32, 2*len(all)) // 1 + number, by kind of segment and whether the piece runs against it
	seen := map[[2]kind]uint32{}
	for p, piece := range pieces {
		at := 2*b.segments[piece>>1].kind + piece&1
		if numbers[at] == 0 {
			both := all[at>>1]
			if piece&1 != 0 {
				both[0], both[1] = both[1], both[0]
			}
			k, ok := seen[both]
			if !ok {
				k = uint32(len(seen))
				seen[both] = k
				kinds = append(kinds, both[0], both[1])
			}
			numbers[at] = 1 + k
		}
		of[p] = numbers[at] - 1
	}
	return of, kinds
}

// curve gives each node its place along a Hilbert curve (ties by OSM id), and the nodes in that order.
func (b *Builder) curve() (order, place []uint32) {
	bound := orb.MultiPoint(b.points).Bound()
	span := max(bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1], 1e-9)
	type key struct {
		at   uint32
		node uint32
	}
	keys := make([]key, len(b.points))
	for i, p := range b.points {
		keys[i] = key{hilbert(uint32((p[0]-bound.Min[0])/span*65535), uint32((p[1]-bound.Min[1])/span*65535)), uint32(i)}
	}
	slices.SortFunc(keys, func(x, y key) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(b.ids[x.node], b.ids[y.node]))
	})
	order, place = make([]uint32, len(keys)), make([]uint32, len(keys))
	for i, k := range keys {
		order[i], place[k.node] = k.node, uint32(i)
	}
	return order, place
}

// hilbert gives the place of cell (x, y) on the Hilbert curve of a 65536² grid.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
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
