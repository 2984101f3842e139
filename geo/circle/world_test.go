package circle

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// metre is about one metre of latitude, in degrees; worlds are drawn at the equator, where it is one of longitude too.
const metre = 1 / (orb.EarthRadius * math.Pi / 180)

// world is a network drawn in metres.
type world struct {
	builder *graph.Builder
	next    int64
	at      map[[2]float64]int64
}

func newWorld() *world { return &world{builder: graph.NewBuilder(), at: map[[2]float64]int64{}} }

func lonLat(x, y float64) orb.Point { return orb.Point{x * metre, y * metre} }

// node gives the node at x, y; the same place is the same node.
func (w *world) node(x, y float64) int64 {
	if id, ok := w.at[[2]float64{x, y}]; ok {
		return id
	}
	return w.separate(x, y)
}

// separate makes a node of its own at x, y, as on another level.
func (w *world) separate(x, y float64) int64 {
	w.next++
	w.at[[2]float64{x, y}] = w.next
	w.builder.AddNode(w.next, lonLat(x, y), float32(math.NaN()))
	return w.next
}

func (w *world) join(from, to int64, forward, backward graph.Access, fixed uint32) {
	w.builder.AddSegment(graph.Segment{From: from, To: to, Class: graph.Residential, Forward: forward, Backward: backward, FixedMillis: fixed})
}

// street joins places, both ways on foot: x0, y0, x1, y1, …
func (w *world) street(xy ...float64) {
	for i := 2; i+1 < len(xy); i += 2 {
		w.join(w.node(xy[i-2], xy[i-1]), w.node(xy[i], xy[i+1]), graph.Foot, graph.Foot, 0)
	}
}

func (w *world) water(xy ...float64) {
	var line orb.LineString
	for i := 0; i+1 < len(xy); i += 2 {
		line = append(line, lonLat(xy[i], xy[i+1]))
	}
	w.builder.AddWater(line)
}

// stroll is a walk of exactly 1 m/s, so that milliseconds are millimetres.
var stroll = travel.Profile{ID: "stroll", Mode: graph.Foot, Pace: 1, StepsFactor: 1, Ferries: true}

func (w *world) net(t testing.TB) *travel.Net {
	t.Helper()
	g, err := w.builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return travel.NewNet(g, stroll)
}

// drawn is a circle and what was needed to draw it.
type drawn struct {
	t       *testing.T
	net     *travel.Net
	mesh    *Mesh
	reach   *travel.Reach
	polygon orb.MultiPolygon
}

// draw makes the circle of metres round the street nearest to x, y and runs the checks that every circle must pass.
func draw(t *testing.T, n *travel.Net, x, y, metres float64, dir travel.Direction) drawn {
	t.Helper()
	m, err := NewMesh(n)
	if err != nil {
		t.Fatal(err)
	}
	snap, err := travel.NewSnapper(n).Snap(lonLat(x, y), 50)
	if err != nil {
		t.Fatal(err)
	}
	d := drawn{t: t, net: n, mesh: m, reach: n.Reach(travel.Site{Snap: snap}, travel.Millis(metres*1000), dir)}
	d.polygon = m.Polygon(d.reach, travel.Millis(metres*1000))
	mustBeSimple(t, d.polygon)
	if !valid(d.polygon) {
		t.Errorf("valid disagrees with the test's own check: %v", d.polygon)
	}
	return d
}

func (d drawn) has(x, y float64, want bool) {
	d.t.Helper()
	if got := planar.MultiPolygonContains(d.polygon, lonLat(x, y)); got != want {
		d.t.Errorf("place %v, %v inside: %v, want %v", x, y, got, want)
	}
}

// area is in square metres.
func (d drawn) area() float64 { return planar.Area(d.polygon) / metre / metre }

func (d drawn) parts(want int) {
	d.t.Helper()
	if len(d.polygon) != want {
		d.t.Errorf("%d outer rings, want %d", len(d.polygon), want)
	}
}

// mustBeSimple compares every pair of edges in integers: none may meet but neighbours at their vertex.
func mustBeSimple(t testing.TB, mp orb.MultiPolygon) {
	t.Helper()
	type edge struct{ ax, ay, bx, by int64 }
	var edges []edge
	var ring, at, size []int
	units := func(x float64) int64 { return int64(math.Round(x * 1e7)) }
	for i, p := range mp {
		for k, r := range p {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Fatalf("ring %d of part %d is not closed: %v", k, i, r)
			}
			if o := r.Orientation(); (o == orb.CCW) != (k == 0) {
				t.Errorf("ring %d of part %d turns the wrong way", k, i)
			}
			for j := 1; j < len(r); j++ {
				edges = append(edges, edge{units(r[j-1][0]), units(r[j-1][1]), units(r[j][0]), units(r[j][1])})
				ring, at, size = append(ring, 100*i+k), append(at, j-1), append(size, len(r)-1)
			}
		}
	}
	turn := func(ax, ay, bx, by, cx, cy int64) int64 { return (bx-ax)*(cy-ay) - (by-ay)*(cx-ax) }
	sign := func(v int64) int {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	for i, e := range edges {
		for j := i + 1; j < len(edges); j++ {
			f := edges[j]
			if ring[i] == ring[j] && ((at[i]+1)%size[i] == at[j] || (at[j]+1)%size[j] == at[i]) {
				continue
			}
			if max(e.ax, e.bx) < min(f.ax, f.bx) || max(f.ax, f.bx) < min(e.ax, e.bx) || max(e.ay, e.by) < min(f.ay, f.by) || max(f.ay, f.by) < min(e.ay, e.by) {
				continue
			}
			if sign(turn(e.ax, e.ay, e.bx, e.by, f.ax, f.ay))*sign(turn(e.ax, e.ay, e.bx, e.by, f.bx, f.by)) <= 0 &&
				sign(turn(f.ax, f.ay, f.bx, f.by, e.ax, e.ay))*sign(turn(f.ax, f.ay, f.bx, f.by, e.bx, e.by)) <= 0 {
				t.Fatalf("edges %v and %v meet", e, f)
			}
		}
	}
}
