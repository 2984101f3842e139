package roadsurvey

import (
	"context"
	"math"
	"slices"

	"github.com/tidwall/rtree"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// touchMetres is how near a vertex lies to a line that it is on: what rounding to the lattice leaves of a snapped point.
const touchMetres = 0.02

const metresPerUnit = 6_378_137 * math.Pi / 180 / perDegree // of latitude

// net is the lines as pieces between vertices. The vertices of an OSM network come first, each by its node's number.
type net struct {
	s      *Survey
	points []point
	parent []int32 // of the union-find: vertices that are one junction; the root is the least
	at     map[place]int32
	ends   map[place]int32 // lines of a level, not the ground's, that end at a place
	pieces []piece
	cuts   [][]cut // by piece, nil for most
	tree   rtree.RTreeGN[int32, int32]
	ofOSM  int // vertices of the OSM network
	joints []joint
}

// place is a vertex by where it is: lines of different levels over one place do not meet there.
type place struct {
	p     point
	level int8
}

// piece is a straight part of a line from vertex a to b.
type piece struct {
	a, b  int32
	line  int32 // of the survey, −1 − lesser arc for an OSM street
	level int8
	free  bool // meets others by its ends alone: motorways, ferries
	first bool // a is the line's end
	last  bool // b is
	whole bool // may not be cut: a ferry of OSM, whose time is that of the whole
}

// cut is a vertex within a piece, at share f of it.
type cut struct {
	f float64
	v int32
}

// joint is a piece that a repair adds.
type joint struct{ line, from, to int32 }

func (n *net) find(v int32) int32 {
	for n.parent[v] != v {
		n.parent[v] = n.parent[n.parent[v]]
		v = n.parent[v]
	}
	return v
}

// unite makes two vertices one junction, but never two nodes of the OSM network.
func (n *net) unite(v, w int32) {
	v, w = n.find(v), n.find(w)
	if v > w {
		v, w = w, v
	}
	if v != w && int(w) >= n.ofOSM {
		n.parent[w] = v
	}
}

func (n *net) newVertex(p point) int32 {
	n.points, n.parent = append(n.points, p), append(n.parent, int32(len(n.parent)))
	return int32(len(n.points) - 1)
}

func (n *net) vertex(p point, level int8) int32 {
	at := place{p, level}
	v, ok := n.at[at]
	if !ok {
		v = n.newVertex(p)
		n.at[at] = v
	}
	return v
}

// newNet cuts the lines into pieces, and joins the ends of those of different levels that meet.
func newNet(s *Survey) *net {
	n := &net{s: s, at: map[place]int32{}, ends: map[place]int32{}}
	if s.osm != nil {
		g := s.osm.Graph
		for v := range g.NumNodes() {
			p, _ := toPoint(g.Point(graph.NodeID(v)))
			n.newVertex(p)
		}
		n.ofOSM = len(n.points)
	}
	type meeting struct{ ends, through map[int8]bool }
	meetings := map[point]*meeting{} // where lines end that are not on the ground
	for _, l := range s.lines {
		if l.level != 0 {
			for _, p := range [2]point{s.points[l.first], s.points[l.end-1]} {
				n.ends[place{p, l.level}]++
				if l.shares {
					continue
				}
				meetings[p] = &meeting{map[int8]bool{}, map[int8]bool{}}
			}
		}
	}
	for i, l := range s.lines {
		free := l.street.Class() == graph.Motorway || l.street.Ferry()
		for k := l.first; k < l.end; k++ {
			p, isEnd := s.points[k], k == l.first || k == l.end-1
			if m := meetings[p]; m != nil {
				if isEnd {
					m.ends[l.storey()] = true
				} else {
					m.through[l.storey()] = true
				}
			}
			v := n.vertex(p, l.storey())
			if k > l.first {
				n.pieces = append(n.pieces, piece{a: n.vertex(s.points[k-1], l.storey()), b: v, line: int32(i), level: l.level, free: free, first: k-1 == l.first, last: k == l.end-1})
			}
		}
	}
	for p, m := range meetings {
		alone := true // nothing goes on at the level of a line that ends here
		first := int32(-1)
		for level := range m.ends {
			if level != 0 && (n.ends[place{p, level}] > 1 || m.through[level]) {
				alone = false
			}
			if v := n.at[place{p, level}]; first < 0 {
				first = v
			} else {
				n.unite(first, v)
			}
		}
		if ground, ok := n.at[place{p, 0}]; ok && alone {
			n.unite(first, ground)
		}
	}
	return n
}

// metric gives metres east and north per unit of the lattice at p.
func metric(p point) (kx, ky float64) {
	return metresPerUnit * max(0.01, math.Cos(float64(p.y)/perDegree*math.Pi/180)), metresPerUnit
}

// bounds gives the box of a piece, metres wider on each side.
func (n *net) bounds(p piece, metres float64) (lo, hi [2]int32) {
	a, b := n.points[p.a], n.points[p.b]
	kx, ky := metric(a)
	dx, dy := int64(metres/kx)+1, int64(metres/ky)+1
	clip := func(v int64) int32 { return int32(max(math.MinInt32, min(math.MaxInt32, v))) }
	return [2]int32{clip(int64(min(a.x, b.x)) - dx), clip(int64(min(a.y, b.y)) - dy)}, [2]int32{clip(int64(max(a.x, b.x)) + dx), clip(int64(max(a.y, b.y)) + dy)}
}

// join makes the junctions. Streets of OSM are not joined to one another: OSM says where they meet.
func (n *net) join(ctx context.Context) error {
	own := len(n.pieces)
	if n.s.osm != nil {
		n.addOSM()
	}
	n.cuts = make([][]cut, len(n.pieces))
	for i := own; i < len(n.pieces); i++ {
		lo, hi := n.bounds(n.pieces[i], 0)
		n.tree.Insert(lo, hi, int32(i))
	}
	for i := range int32(own) {
		if i&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		lo, hi := n.bounds(n.pieces[i], touchMetres)
		n.tree.Search(lo, hi, func(_, _ [2]int32, j int32) bool {
			n.meet(i, j)
			return true
		})
		lo, hi = n.bounds(n.pieces[i], 0)
		n.tree.Insert(lo, hi, i)
	}
	return nil
}

// addOSM adds the streets of the network.
func (n *net) addOSM() {
	g := n.s.osm.Graph
	for a := range graph.ArcID(g.NumArcs()) {
		access := g.Access(a) | g.Access(g.Twin(a))
		if a > g.Twin(a) || access&graph.Transit != 0 {
			continue
		}
		level := int8(0)
		if access&graph.Bridge != 0 {
			level = 1
		} else if access&graph.Tunnel != 0 {
			level = -1
		}
		n.pieces = append(n.pieces, piece{a: int32(g.Tail(a)), b: int32(g.Head(a)), line: -1 - int32(a), level: level,
			free: g.Class(a) == graph.Motorway || access&graph.Ferry != 0, whole: access&graph.Ferry != 0})
	}
}

// meet joins two pieces where a vertex of one lies on the other, else where they cross.
func (n *net) meet(i, j int32) {
	p, q := &n.pieces[i], &n.pieces[j]
	touched := n.touch(i, j, p.a, p.first)
	touched = n.touch(i, j, p.b, p.last) || touched
	touched = n.touch(j, i, q.a, q.first) || touched
	touched = n.touch(j, i, q.b, q.last) || touched
	if touched {
		return
	}
	at, f, g, ok := cross(n.points[p.a], n.points[p.b], n.points[q.a], n.points[q.b])
	if !ok {
		return
	}
	if p.level != q.level || p.free || q.free {
		n.s.report.PassedOver++
		return
	}
	v := n.vertex(at, p.level)
	n.cuts[i], n.cuts[j] = append(n.cuts[i], cut{f, v}), append(n.cuts[j], cut{g, v})
	n.s.report.Crossings++
}

// touch joins vertex v of piece i to piece j if it lies on it; true where they meet, joined or not.
func (n *net) touch(i, j, v int32, isEnd bool) bool {
	p, q := n.pieces[i], n.pieces[j]
	if r := n.find(v); r == n.find(q.a) || r == n.find(q.b) {
		return true
	}
	f, metres := n.nearest(n.points[v], q)
	if metres > touchMetres {
		return false
	}
	if p.level != q.level || p.free || q.free {
		goesOn := p.level != 0 && n.ends[place{n.points[v], p.level}] > 1
		if !isEnd || p.level != q.level && goesOn {
			n.s.report.PassedOver++
			return true
		}
	}
	for _, w := range [2]int32{q.a, q.b} {
		if n.metres(v, w) <= touchMetres {
			n.unite(v, w)
			return true
		}
	}
	if q.whole || slices.ContainsFunc(n.cuts[j], func(c cut) bool { return n.find(c.v) == n.find(v) }) {
		return true
	}
	n.cuts[j] = append(n.cuts[j], cut{f, v})
	n.s.report.Touches++
	return true
}

// metres is the distance of two vertices.
func (n *net) metres(v, w int32) float64 {
	a, b := n.points[v], n.points[w]
	kx, ky := metric(a)
	return math.Hypot(float64(a.x-b.x)*kx, float64(a.y-b.y)*ky)
}

// nearest gives the place of q that is nearest to p, as a share of q, and its distance.
func (n *net) nearest(p point, q piece) (share, metres float64) {
	kx, ky := metric(p)
	a, b := n.points[q.a], n.points[q.b]
	ax, ay := float64(int64(a.x)-int64(p.x))*kx, float64(int64(a.y)-int64(p.y))*ky
	dx, dy := float64(int64(b.x)-int64(a.x))*kx, float64(int64(b.y)-int64(a.y))*ky
	if d := dx*dx + dy*dy; d > 0 {
		share = max(0, min(1, -(ax*dx+ay*dy)/d))
	}
	return share, math.Hypot(ax+share*dx, ay+share*dy)
}

// cross gives where a–b and c–d cross within both, on the lattice, with the share of each; exact as to whether they do.
func cross(a, b, c, d point) (at point, f, g float64, ok bool) {
	turn := func(p, q, r point) int64 {
		return (int64(q.x)-int64(p.x))*(int64(r.y)-int64(p.y)) - (int64(q.y)-int64(p.y))*(int64(r.x)-int64(p.x))
	}
	c1, d1, a1, b1 := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if c1 == 0 || d1 == 0 || a1 == 0 || b1 == 0 || (c1 > 0) == (d1 > 0) || (a1 > 0) == (b1 > 0) {
		return at, 0, 0, false
	}
	f, g = float64(a1)/(float64(a1)-float64(b1)), float64(c1)/(float64(c1)-float64(d1))
	at = point{a.x + int32(math.Round(f*float64(int64(b.x)-int64(a.x)))), a.y + int32(math.Round(f*float64(int64(b.y)-int64(a.y))))}
	return at, f, g, true
}
