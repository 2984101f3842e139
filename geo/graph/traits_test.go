package graph

import (
	"testing"

	"github.com/paulmach/orb"
)

// Each trait keeps to its own bits: whatever is set, the others read as before.
func TestTraitsDoNotOverlap(t *testing.T) {
	for s := range NumSurfaces {
		for c := range NumCrossings {
			for b := range NumBarriers {
				for _, incline := range []int8{-128, -12, 0, 7, 127} {
					for _, flags := range []Traits{0, Kerb, Conveying, Boarding, Kerb | Conveying | Boarding} {
						for _, opened := range []Access{0, Foot, Bicycle | Car, Foot | Bicycle | Car} {
							got := flags.WithPrivate(opened^Foot).WithIncline(incline).WithBarrier(b, opened|Ferry).WithCrossing(c).WithSurface(s)
							if got.Surface() != s || got.Crossing() != c || got.Barrier() != b || got.Opened() != opened || got.Incline() != incline ||
								got.Private() != opened^Foot || got&(Kerb|Conveying|Boarding) != flags {
								t.Fatalf("surface %d crossing %d barrier %d opened %b incline %d flags %b read as %b", s, c, b, opened, incline, flags, got)
							}
							if again := got.WithSurface(0).WithCrossing(0).WithBarrier(0, 0).WithIncline(0).WithPrivate(0); again != flags {
								t.Fatalf("cleared, %b is left of the flags %b", again, flags)
							}
						}
					}
				}
			}
		}
	}
}

// What differs by direction is kept by direction.
func TestWaitsAndTraitsByDirection(t *testing.T) {
	b := NewBuilder()
	b.AddNode(1, orb.Point{120, 29}, 0)
	b.AddNode(2, orb.Point{120, 29.001}, 0)
	b.AddSegment(Segment{From: 1, To: 2, Class: FerryLine, Forward: Foot | Ferry, Backward: Foot | Ferry, FixedMillis: 1000,
		WaitForward: 30, WaitBackward: 7, TraitsForward: Kerb, TraitsBackward: Boarding})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for a := range ArcID(2) {
		fixed, traits := uint32(1030), Kerb
		if g.OSMID(g.Tail(a)) == 2 {
			fixed, traits = 1007, Boarding
		}
		if g.FixedMillis(a) != fixed || g.Traits(a) != traits {
			t.Errorf("from node %d: %d ms, traits %b; want %d, %b", g.OSMID(g.Tail(a)), g.FixedMillis(a), g.Traits(a), fixed, traits)
		}
	}
}
