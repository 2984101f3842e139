package travel

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// A street of 30 km runs along the equator; a loop of 100 m lies 50 m north of it, joined to nothing. Who stands on
// the loop takes the street, unless a river lies between: then the loop is all there is.
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
