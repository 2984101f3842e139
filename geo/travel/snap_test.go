package travel

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// A street of 30 km runs along the equator; a loop of 100 m lies 50 m north of it, joined to nothing. Who stands on
// the loop takes the street, unless a river lies between: then the loop is all there is.
// Streets on both sides of the antimeridian are one network; nobody at Greenwich stands on the piece that joins them.
func TestTheAntimeridian(t *testing.T) {
	b := graph.NewBuilder()
	for i, lon := range []float64{179.998, 179.999, -179.999, -179.998} {
		b.AddNode(int64(i), orb.Point{lon, -16.5}, 0)
		if i > 0 {
			b.AddSegment(graph.Segment{From: int64(i - 1), To: int64(i), Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := ProfileByID("adult")
	n := NewNet(g, p)
	s := NewSnapper(n)
	east, err := s.Snap(orb.Point{179.998, -16.5}, 50)
	if err != nil {
		t.Fatal(err)
	}
	west, err := s.Snap(orb.Point{-179.998, -16.5}, 50)
	if err != nil {
		t.Fatal(err)
	}
	// 0.004° at 16.5° S are 426.9 m: 355.7 s at 1.2 m/s
	if ms, ok := n.At(n.Reach(Site{Snap: east}, 900_000, Inbound), west); !ok || ms < 355_000 || ms > 357_000 {
		t.Errorf("over the antimeridian %d ms, %v", ms, ok)
	}
	if at, err := s.Snap(orb.Point{0, -16.5}, 500); err == nil {
		t.Errorf("a place at Greenwich stands on %+v", at)
	}
}

func TestStrayPiecesAreNobodysStreet(t *testing.T) {
	for _, river := range []bool{false, true} {
		b := graph.NewBuilder()
		for i := range int64(31) {
			b.AddNode(i, orb.Point{float64(i) / 111, 0}, 0)
			if i > 0 {
				b.AddSegment(graph.Segment{From: i - 1, To: i, Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
			}
		}
		b.AddNode(100, orb.Point{0.1, 0.00045}, 0)
		b.AddNode(101, orb.Point{0.1005, 0.00045}, 0)
		b.AddSegment(graph.Segment{From: 100, To: 101, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		if river {
			b.AddWater(orb.LineString{{0, 0.0002}, {0.3, 0.0002}})
		}
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p, _ := ProfileByID("adult")
		s, err := NewSnapper(NewNet(g, p)).Snap(orb.Point{0.1002, 0.00046}, 500)
		if err != nil {
			t.Fatal(err)
		}
		if onLoop := s.Metres < 10; onLoop != river {
			t.Errorf("river %v: the point is brought %.0f m", river, s.Metres)
		}
	}
}

// Two nodes are in one component exactly when each reaches the other.
func TestStrongComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "nodes")
		b := graph.NewBuilder()
		for i := range n {
			b.AddNode(int64(i), orb.Point{float64(i) / 1000, 0}, 0)
		}
		b.AddNode(99, orb.Point{1, 1}, 0)
		b.AddSegment(graph.Segment{From: 0, To: 99, Class: graph.Path}) // closed
		for range rapid.IntRange(0, 20).Draw(t, "arcs") {
			from, to := rapid.Int64Range(0, int64(n-1)).Draw(t, "from"), rapid.Int64Range(0, int64(n-1)).Draw(t, "to")
			b.AddSegment(graph.Segment{From: from, To: to, Class: graph.Path, Forward: graph.Foot})
		}
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p, _ := ProfileByID("adult")
		net := NewNet(g, p)
		reach := make([][]bool, g.NumNodes())
		for v := range reach {
			reach[v] = make([]bool, g.NumNodes())
			for todo := []graph.NodeID{graph.NodeID(v)}; len(todo) > 0; {
				u := todo[0]
				todo = todo[1:]
				if reach[v][u] {
					continue
				}
				reach[v][u] = true
				for a := range g.Leaving(u) {
					if net.Cost(a) != Unreached {
						todo = append(todo, g.Head(a))
					}
				}
			}
		}
		c := net.strongComponents()
		for v := range c {
			for w := range c {
				if (c[v] == c[w]) != (reach[v][w] && reach[w][v]) {
					t.Fatalf("nodes %d and %d: components %d and %d, reach %v and %v", v, w, c[v], c[w], reach[v][w], reach[w][v])
				}
			}
		}
	})
}
