package graph

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// A unit step of 0.001° of latitude is R·π/180/1000 = 111.195 m on the sphere that orb uses (R = 6,371,009 m gives 111.195).
func TestLengthOfOneStepNorth(t *testing.T) {
	b := NewBuilder()
	b.AddNode(1, orb.Point{120, 29}, 0)
	b.AddNode(2, orb.Point{120, 29.001}, 0)
	b.AddSegment(Segment{From: 1, To: 2, Class: Path, Forward: Foot, Backward: Foot})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if g.NumNodes() != 2 || g.NumArcs() != 2 {
		t.Fatalf("%d nodes, %d arcs", g.NumNodes(), g.NumArcs())
	}
	if mm := float64(g.Length(0)); math.Abs(mm-111195) > 150 || g.Length(0) != g.Length(1) {
		t.Errorf("length %v and %v mm, want about 111195 both ways", g.Length(0), g.Length(1))
	}
}

func TestTwinsAndRanges(t *testing.T) {
	b, r := NewBuilder(), rand.New(rand.NewPCG(1, 2))
	for i := range int64(200) {
		b.AddNode(i, orb.Point{r.Float64(), r.Float64()}, 0)
	}
	for range 500 {
		b.AddSegment(Segment{From: r.Int64N(180), To: r.Int64N(180), Class: Residential, Forward: Foot | Car, Backward: Foot})
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for n := range NodeID(g.NumNodes()) {
		for a := range g.Leaving(n) {
			seen++
			w := g.Twin(a)
			if g.Tail(a) != n || g.Twin(w) != a || g.Tail(w) != g.Head(a) || g.Head(w) != n || g.Length(w) != g.Length(a) || w == a {
				t.Fatalf("arc %d and its twin %d do not agree", a, w)
			}
			if (g.Access(a)|g.Access(w))&Car == 0 || g.Access(a)&g.Access(w)&Car != 0 {
				t.Fatalf("arc %d: a one-way street must admit cars in exactly one direction", a)
			}
		}
	}
	if seen != 1000 {
		t.Errorf("%d arcs in the ranges, want 1000", seen)
	}
}

func TestHilbertIsABijectionWithUnitSteps(t *testing.T) {
	const side = 16 // the first 16×16 cells are the first 256 places of the curve
	at := map[uint32][2]int{}
	for x := range side {
		for y := range side {
			at[hilbert(uint32(x), uint32(y))] = [2]int{x, y}
		}
	}
	for d := range uint32(side * side) {
		p, ok := at[d]
		if !ok {
			t.Fatalf("no cell at place %d", d)
		}
		if q, ok := at[d+1]; ok && (p[0]-q[0])*(p[0]-q[0])+(p[1]-q[1])*(p[1]-q[1]) != 1 {
			t.Fatalf("places %d and %d are %v and %v: no neighbours", d, d+1, p, q)
		}
	}
}

func TestUnknownNodeIsNamed(t *testing.T) {
	b := NewBuilder()
	b.AddNode(1, orb.Point{}, 0)
	b.AddSegment(Segment{From: 1, To: 77})
	_, err := b.Build()
	if want := "geo: segment 1–77 names a node that the file does not have"; err == nil || !cmp.Equal(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
