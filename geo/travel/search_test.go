package travel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// plainTimes is Dijkstra as in a textbook: no queue, no limit, no ties; the
// oracle that shares nothing with the engine but the arc costs.
func plainTimes(n *Net, start map[graph.NodeID]uint64, dir Direction) []uint64 {
	const far = ^uint64(0)
	d, done := make([]uint64, n.G.NumNodes()), make([]bool, n.G.NumNodes())
	for i := range d {
		d[i] = far
	}
	for v, t := range start {
		d[v] = t
	}
	for {
		u := -1
		for v := range d {
			if !done[v] && d[v] != far && (u < 0 || d[v] < d[u]) {
				u = v
			}
		}
		if u < 0 {
			return d
		}
		done[u] = true
		for a := range graph.ArcID(n.G.NumArcs()) {
			from, to := n.G.Tail(a), n.G.Head(a)
			if dir == Inbound {
				from, to = to, from
			}
			if c := n.Cost(a); int(from) == u && c != Unreached && d[u]+uint64(c) < d[to] {
				d[to] = d[u] + uint64(c)
			}
		}
	}
}

func randomNet(t testing.TB, r *rand.Rand) *Net {
	t.Helper()
	b := graph.NewBuilder()
	nodes := 2 + r.Int64N(30)
	for i := range nodes {
		// few distinct places, so that segments of no length occur
		b.AddNode(i, orb.Point{120 + float64(r.IntN(5))/1000, 29 + float64(r.IntN(5))/1000}, 0)
	}
	access := func() graph.Access { return []graph.Access{graph.Foot, graph.Foot, 0}[r.IntN(3)] }
	for range r.IntN(80) {
		b.AddSegment(graph.Segment{From: r.Int64N(nodes), To: r.Int64N(nodes), Class: graph.Path, Forward: access(), Backward: access()})
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p, err := ProfileByID("adult")
	if err != nil {
		t.Fatal(err)
	}
	return NewNet(g, p)
}

// Zero differences on 10,000 random digraphs with loops, parallel and missing arcs, zero weights, one-ways.
func TestNearestEqualsTheTextbook(t *testing.T) {
	for seed := range uint64(10_000) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := randomNet(t, r)
		if n.G.NumArcs() == 0 {
			continue
		}
		dir := Direction(r.IntN(2))
		var sites []Site
		start := map[graph.NodeID]uint64{}
		for id := range int32(1 + r.IntN(4)) {
			a := graph.ArcID(r.IntN(n.G.NumArcs()))
			s := Site{ID: id, Snap: Snap{Position: Position{Arc: a}, Millis: Millis(r.IntN(5)) * 1000}} // at the tail of a
			sites = append(sites, s)
			tail, head := n.ends(s.Snap.Position, dir, true)
			offer := func(v graph.NodeID, c Millis) { // a loop's two ends are one node
				c = plus(c, s.Snap.Millis)
				if old, ok := start[v]; c != Unreached && (!ok || uint64(c) < old) {
					start[v] = uint64(c)
				}
			}
			offer(n.G.Tail(a), tail)
			offer(n.G.Head(a), head)
		}
		limit := Millis(r.IntN(900_000))
		f, err := n.Nearest(t.Context(), sites, limit, dir)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := slices.Clone(sites)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, err := n.Nearest(t.Context(), shuffled, limit, dir)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.labels, again.labels) {
			t.Fatalf("seed %d: the order of sites changes the field", seed)
		}
		for v, want := range plainTimes(n, start, dir) {
			got, owner := f.Node(graph.NodeID(v))
			if want > uint64(limit) {
				if got != Unreached || owner != -1 {
					t.Fatalf("seed %d node %d: %d ms although %d is over the limit", seed, v, got, want)
				}
			} else if uint64(got) != want || owner < 0 {
				t.Fatalf("seed %d node %d: %d ms, textbook %d", seed, v, got, want)
			}
		}
	}
}

// line makes streets of 0.001° of latitude each (about 111.2 m) northward from node 0.
func line(t *testing.T, pieces int, access ...graph.Access) *Net {
	t.Helper()
	b := graph.NewBuilder()
	for i := range int64(pieces + 1) {
		b.AddNode(i, orb.Point{120, 29 + float64(i)/1000}, 0)
	}
	for i := range int64(pieces) {
		s := graph.Segment{From: i, To: i + 1, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot}
		if len(access) > 0 {
			s.Backward = access[0]
		}
		b.AddSegment(s)
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := ProfileByID("elder_60_69")
	return NewNet(g, p)
}

// At 1.0 m/s a metre takes a second: a person 300 m up a straight street needs 300 s, and as long back.
func TestMidEdgePositionsOnALine(t *testing.T) {
	n := line(t, 8)
	s := NewSnapper(n)
	perDegree := float64(n.G.Length(0)) / 0.001 / 1000 // metres
	for _, c := range []struct{ site, person float64 }{{0.0002, 0.0007}, {0.0007, 0.0002}, {0.0003, 0.0045}, {0.0062, 0.0011}, {0.004, 0.004}} {
		site, err := s.Snap(orb.Point{120, 29 + c.site}, 50)
		if err != nil {
			t.Fatal(err)
		}
		person, err := s.Snap(orb.Point{120, 29 + c.person}, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range []Direction{Inbound, Outbound} {
			f, err := n.Nearest(t.Context(), []Site{{ID: 3, Snap: site}}, 900_000, dir)
			if err != nil {
				t.Fatal(err)
			}
			got, owner := f.At(person)
			want := (c.person - c.site) * perDegree * 1000
			if want < 0 {
				want = -want
			}
			if diff := float64(got) - want; owner != 3 || diff < -3 || diff > 3 {
				t.Errorf("site %v person %v dir %d: %d ms, on paper %.0f", c.site, c.person, dir, got, want)
			}
		}
	}
}

// A street that may be walked northward only: a site at the north end is reached by people, one at the south end by nobody.
func TestOneWayAndDirection(t *testing.T) {
	n := line(t, 3, graph.Access(0))
	s := NewSnapper(n)
	north, err := s.Snap(orb.Point{120, 29.0029}, 50)
	if err != nil {
		t.Fatal(err)
	}
	south, err := s.Snap(orb.Point{120, 29.0001}, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		site, person Snap
		dir          Direction
		reached      bool
	}{{north, south, Inbound, true}, {south, north, Inbound, false}, {south, north, Outbound, true}, {north, south, Outbound, false}} {
		f, err := n.Nearest(t.Context(), []Site{{ID: 1, Snap: c.site}}, 900_000, c.dir)
		if err != nil {
			t.Fatal(err)
		}
		if ms, _ := f.At(c.person); (ms != Unreached) != c.reached {
			t.Errorf("dir %d: %d ms, reached should be %v", c.dir, ms, c.reached)
		}
	}
}

func TestSnapNeverCrossesWater(t *testing.T) {
	b := graph.NewBuilder()
	b.AddNode(1, orb.Point{120, 29}, 0)
	b.AddNode(2, orb.Point{120.01, 29}, 0)
	b.AddSegment(graph.Segment{From: 1, To: 2, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
	b.AddWater(orb.LineString{{119.99, 29.001}, {120.02, 29.001}}) // a river 111 m north of the street
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := ProfileByID("adult")
	s := NewSnapper(NewNet(g, p))
	if snap, err := s.Snap(orb.Point{120.005, 29.0005}, 500); err != nil || snap.Metres < 55 || snap.Metres > 56 {
		t.Errorf("this side of the river: %v, %v", snap, err)
	}
	var none *NoNetworkError
	if _, err := s.Snap(orb.Point{120.005, 29.002}, 500); err == nil || !asNoNetwork(err, &none) || !none.Water {
		t.Errorf("beyond the river: %v", err)
	}
	if _, err := s.Snap(orb.Point{120.005, 29.02}, 500); err == nil || !asNoNetwork(err, &none) || none.Water {
		t.Errorf("2 km away: %v", err)
	}
}

func asNoNetwork(err error, target **NoNetworkError) bool {
	e, ok := err.(*NoNetworkError)
	*target = e
	return ok
}
