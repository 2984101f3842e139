package circle

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

const (
	densifyMetres  = 30   // longer streets get vertices in the mesh (not in the graph): better triangles between them
	shoreMetres    = 60   // the same for water lines
	frameMetres    = 3000 // free land round the network
	greatestExtent = 60   // degrees: the predicates stay within 64 bits
)

// kind says how the contour may cross an edge.
type kind uint8

const (
	short  kind = iota // free, joins two reached vertices
	long               // free, longer than twice the off-street radius: reached ends do not join
	wet                // over or along water: reached ends never join
	street             // crossed only where the time is used up
)

// Mesh is the triangulated street net of one profile. It is immutable; Polygon may be called by many goroutines.
type Mesh struct {
	net    *travel.Net
	frame  frame
	points []point
	out    []int32 // per vertex: a half-edge that leaves it
	halves []half  // 3t+i runs from vertex i of triangle t to vertex i+1, counter-clockwise
	first  []int32 // per arc (of a pair, the lesser): its first piece; len arcs+1
	pieces []piece

	interior
	nearAt []uint32 // per vertex: where its neighbours begin in near; len points+1
	near   []int32

	pool sync.Pool // *march
}

// half is a half-edge: its origin and kind (vertex·4 + kind), and the other side, none at the frame.
type half struct {
	from uint32
	twin int32
}

func (m *Mesh) org(h int32) int32  { return int32(m.halves[h].from >> 2) }
func (m *Mesh) kind(h int32) kind  { return kind(m.halves[h].from & 3) }
func (m *Mesh) twin(h int32) int32 { return m.halves[h].twin }

// piece is a part of a street that is one mesh edge, from vertex u to v; from and to are the shares of the arc's length
// there, from > to where the edge runs against the arc.
type piece struct {
	edge     int32 // the lesser of its half-edges, which leaves u
	u, v     int32
	from, to float32
}

// NewMesh triangulates the streets that the net's profile may use (ferries are no streets) and the
// graph's water lines. It costs about 2 µs a vertex. An empty net gives a mesh whose polygons are empty;
// a net wider than 60° is an error.
func NewMesh(n *travel.Net) (*Mesh, error) {
	m := &Mesh{net: n, first: make([]int32, n.G.NumArcs()+1)}
	m.pool.New = func() any { return &march{} }
	arcs, bound := streets(n)
	if len(arcs) == 0 {
		return m, nil
	}
	if w, h := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]; !(w <= greatestExtent && h <= greatestExtent) {
		return nil, fmt.Errorf("geo: circle: the network spans %.1f by %.1f degrees, more than %d: cut it to one region (路网跨度过大,也许跨过180°经线,请裁剪到一个地区)", w, h, greatestExtent)
	}
	m.frame = newFrame(bound)
	margin := int32(frameMetres / metresPerUnit / m.frame.cos)
	low, high := m.frame.to(bound.Min), m.frame.to(bound.Max)
	t := newTriangulation(point{low.x - margin, low.y - margin}, point{high.x + margin, high.y + margin}, m.frame.cos)
	lines := m.insertLines(t, n, arcs, bound.Pad(float64(margin)/2/unitsPerDegree))
	for _, l := range lines {
		for i := 1; i < len(l.vertices); i++ {
			if err := t.constrain(l.vertices[i-1], l.vertices[i], l.id); err != nil {
				return nil, err
			}
		}
	}
	m.adopt(t, n, arcs)
	return m, nil
}

// For is the mesh of another net of the same graph with the same streets, as at another speed; it shares all memory but four
// bytes a node. It is nil where the streets are others.
func (m *Mesh) For(n *travel.Net) *Mesh {
	if n.G != m.net.G {
		return nil
	}
	for a := range graph.ArcID(n.G.NumArcs()) {
		if isStreet(n, a) != isStreet(m.net, a) {
			return nil
		}
	}
	o := &Mesh{net: n, frame: m.frame, points: m.points, out: m.out, halves: m.halves, first: m.first, pieces: m.pieces, interior: m.interior, nearAt: m.nearAt, near: m.near}
	o.pool.New = m.pool.New
	arcs, _ := streets(n)
	o.learnTimes(arcs)
	return o
}

// streets lists the lesser arc of each pair that is a street to the profile, and their bound.
func streets(n *travel.Net) ([]graph.ArcID, orb.Bound) {
	var arcs []graph.ArcID
	bound := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for v := range n.G.NumNodes() {
		for a := range n.G.Leaving(graph.NodeID(v)) {
			if a < n.G.Twin(a) && isStreet(n, a) {
				arcs = append(arcs, a)
				bound = bound.Extend(n.G.Point(graph.NodeID(v))).Extend(n.G.Point(n.G.Head(a)))
			}
		}
	}
	return arcs, bound
}

// isStreet says whether the profile may use the street of a in some direction, and it is no ferry.
func isStreet(n *travel.Net, a graph.ArcID) bool {
	return n.G.Access(a)&graph.Ferry == 0 && n.G.Class(a) != graph.FerryLine &&
		(n.Cost(a) != travel.Unreached || n.Cost(n.G.Twin(a)) != travel.Unreached)
}

// line is a street (id = lesser arc) or a water line (id = −2 − its number) as vertices of the mesh.
type line struct {
	id       int32
	vertices []int32
}

// insertLines makes vertices of the streets' nodes first, then of long streets' inner points and of water.
func (m *Mesh) insertLines(t *triangulation, n *travel.Net, arcs []graph.ArcID, bound orb.Bound) []line {
	t.left = 100000
	var lines []line
	for _, a := range arcs {
		l := line{id: int32(a)}
		m.insertLine(t, &l, n.G.Point(n.G.Tail(a)), n.G.Point(n.G.Head(a)), densifyMetres)
		lines = append(lines, l)
		t.left += 1000 * len(l.vertices)
	}
	for i, w := range n.G.Water() {
		l := line{id: int32(-2 - i)}
		for j := 1; j < len(w); j++ {
			if !bound.Contains(w[j-1]) || !bound.Contains(w[j]) { // beyond the last street nothing is drawn
				lines, l.vertices = append(lines, l), nil
				continue
			}
			m.insertLine(t, &l, w[j-1], w[j], shoreMetres)
		}
		lines = append(lines, l)
		t.left += 8000 * len(w)
	}
	return lines
}

func (m *Mesh) insertLine(t *triangulation, l *line, p, q orb.Point, step float64) {
	a, b := m.frame.to(p), m.frame.to(q)
	parts := math.Ceil(m.frame.metres(a, b) / step)
	if len(l.vertices) == 0 {
		l.vertices = append(l.vertices, t.insert(a))
	}
	for i := 1.0; i < parts; i++ {
		l.vertices = append(l.vertices, t.insert(between(a, b, i/parts)))
	}
	l.vertices = append(l.vertices, t.insert(b))
}

// between is the lattice place at share f of a→b.
func between(a, b point, f float64) point {
	return point{a.x + int32(math.Round(f*float64(b.x-a.x))), a.y + int32(math.Round(f*float64(b.y-a.y)))}
}

// edge names the edge of h by the lesser of its half-edges.
func (m *Mesh) edge(h int32) int32 {
	if g := m.twin(h); g != none && g < h {
		return g
	}
	return h
}

// neighbours lists for every vertex who is joined to it, so that a search for the border reads no triangles.
func (m *Mesh) neighbours() {
	m.nearAt, m.near = make([]uint32, len(m.points)+1), make([]int32, 0, len(m.halves)+4)
	for v := range m.points {
		for h := m.out[v]; ; {
			m.near = append(m.near, m.org(next(h)))
			if h = m.twin(prev(h)); h == m.out[v] || h == none {
				break
			}
		}
		m.nearAt[v+1] = uint32(len(m.near))
	}
}

// adopt copies the triangulation in Hilbert order and cuts the streets into pieces.
func (m *Mesh) adopt(t *triangulation, n *travel.Net, arcs []graph.ArcID) {
	wetSide := waterTriangles(t, n, m.frame)
	order := make([]int32, len(t.points))
	keys := make([]uint64, len(t.points))
	for i, p := range t.points {
		order[i], keys[i] = int32(i), hilbert(p)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	rank := make([]int32, len(order))
	m.points = make([]point, len(order))
	for i, old := range order {
		rank[old] = int32(i)
		m.points[i] = t.points[old]
	}
	tris := make([]int32, len(t.org)/3)
	least := func(i int32) int32 { return min(rank[t.org[3*i]], rank[t.org[3*i+1]], rank[t.org[3*i+2]]) }
	for i := range tris {
		tris[i] = int32(i)
	}
	slices.SortFunc(tris, func(a, b int32) int { return cmp.Or(cmp.Compare(least(a), least(b)), cmp.Compare(a, b)) })
	place := make([]int32, len(t.org)) // half-edge to its new number
	for i, old := range tris {
		for k := range int32(3) {
			place[3*old+k] = int32(3*i) + k
		}
	}
	m.halves = make([]half, len(t.org))
	m.out = make([]int32, len(m.points))
	var cuts []cut
	for h := range int32(len(t.org)) {
		g := place[h]
		m.halves[g] = half{uint32(rank[t.org[h]])<<2 | uint32(m.judge(t, h, wetSide)), none}
		m.out[rank[t.org[h]]] = g
		if t.twin[h] != none {
			m.halves[g].twin = place[t.twin[h]]
		}
		if t.con[h] != none && h < t.twin[h] {
			cuts = m.cut(cuts, t, n, h, place)
		}
	}
	slices.SortFunc(cuts, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.arc, b.arc), cmp.Compare(min(a.from, a.to), min(b.from, b.to)), cmp.Compare(a.edge, b.edge))
	})
	m.pieces = make([]piece, len(cuts))
	for i, c := range cuts {
		p := &m.pieces[i]
		if *p = c.piece; m.edge(p.edge) != p.edge {
			p.edge, p.from, p.to = m.twin(p.edge), p.to, p.from
		}
		p.u, p.v = m.org(p.edge), m.org(next(p.edge))
		m.first[c.arc+1]++
	}
	for a := 1; a < len(m.first); a++ {
		m.first[a] += m.first[a-1]
	}
	m.neighbours()
	m.interior = newInterior(m, arcs)
	m.learnTimes(arcs)
}

// judge gives the kind of a half-edge of t.
func (m *Mesh) judge(t *triangulation, h int32, wetSide []bool) kind {
	isWater := wetSide[h/3]
	if g := t.twin[h]; g != none {
		isWater = isWater && wetSide[g/3]
	}
	for l := t.con[h]; l != none; l = t.owners[l].next {
		if t.owners[l].id >= 0 {
			return street
		}
		isWater = true
	}
	switch {
	case isWater:
		return wet
	case m.frame.metres(t.points[t.org[h]], t.points[t.dest(h)]) > 2*offStreetMetres:
		return long
	}
	return short
}

// cut is a piece of the street of arc.
type cut struct {
	arc uint32
	piece
}

// cut appends the pieces of the streets that own half-edge h.
func (m *Mesh) cut(cuts []cut, t *triangulation, n *travel.Net, h int32, place []int32) []cut {
	for l := t.con[h]; l != none; l = t.owners[l].next {
		if t.owners[l].id < 0 {
			continue
		}
		a := graph.ArcID(t.owners[l].id)
		p, q := m.frame.to(n.G.Point(n.G.Tail(a))), m.frame.to(n.G.Point(n.G.Head(a)))
		from, to := m.share(p, q, t.points[t.org[h]]), m.share(p, q, t.points[t.dest(h)])
		if from != to {
			cuts = append(cuts, cut{a, piece{edge: place[h], from: from, to: to}})
		}
	}
	return cuts
}

// share is where along p→q the place o lies, 0 to 1; a place within the merging distance of an end is that end.
func (m *Mesh) share(p, q, o point) float32 {
	if distance2(p, o) <= mergeUnits*mergeUnits {
		return 0
	}
	if distance2(q, o) <= mergeUnits*mergeUnits {
		return 1
	}
	k := m.frame.cos * m.frame.cos
	dx, dy := float64(q.x-p.x), float64(q.y-p.y)
	f := (float64(o.x-p.x)*dx*k + float64(o.y-p.y)*dy) / (dx*dx*k + dy*dy)
	return float32(max(0, min(1, f)))
}
