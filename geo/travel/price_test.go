package travel

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// street makes a net of one segment 1 → 2, 100 m due north, with heights in metres.
func street(t *testing.T, p Profile, s graph.Segment, from, to float32) (n *Net, forth, back graph.ArcID) {
	t.Helper()
	b := graph.NewBuilder()
	b.AddNode(1, orb.Point{120, 29}, from)
	b.AddNode(2, orb.Point{120, 29 + 0.1/111.31949}, to)
	s.From, s.To = 1, 2
	b.AddSegment(s)
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n = NewNet(g, p)
	if g.OSMID(g.Tail(0)) == 2 {
		return n, 1, 0
	}
	return n, 0, 1
}

// What each trait costs each profile, along and against the arc, in seconds on 100 m.
func TestPrices(t *testing.T) {
	const closed = -1
	nan := float32(math.NaN())
	foot := graph.Foot | graph.Bicycle | graph.Car
	both := func(t graph.Traits) graph.Segment {
		return graph.Segment{Class: graph.Residential, Forward: foot, Backward: foot, TraitsForward: t, TraitsBackward: t}
	}
	atHead := func(t graph.Traits) graph.Segment {
		return graph.Segment{Class: graph.Residential, Forward: foot, Backward: foot, TraitsForward: t}
	}
	with := func(s graph.Segment, a graph.Access) graph.Segment {
		s.Forward, s.Backward = s.Forward|a, s.Backward|a
		return s
	}
	up, down := math.Exp(0.35), math.Exp(3.5*(0.05-0.05)) // ±10 %: |0.1+0.05|−0.05 = 0.1; |−0.1+0.05|−0.05 = 0
	for i, c := range []struct {
		profile     string
		segment     graph.Segment
		rise        float32
		forth, back float64
	}{
		{"adult", both(0), 0, 100 / 1.2, 100 / 1.2},
		{"norm_1000m", both(0), 10, 90, 90},
		{"norm_800m", both(0), 10, 112.5, 112.5},
		{"ebike", both(0), 10, 24, 24},
		{"drive", both(0), 10, 14.4, 14.4},                                                                  // 25 km/h
		{"elder_60_69", both(0), nan, 100, 100},                                                             // no elevation, no slope
		{"elder_60_69", both(0), 10, 100 * up, 100 * down},                                                  // Tobler's own downhill
		{"elder_60_69", both(0), 2, 100 * math.Exp(0.07), 100 * math.Exp(-0.07)},                            // a gentle slope is quicker down
		{"elder_70_79", both(0), 2, 100 / 0.85 * math.Exp(0.07), 100 / 0.85},                                // but not for 70+
		{"elder_60_69", both(0), 1000, 100 * math.Exp(1.4), 100 * math.Exp(3.5*0.30)},                       // beyond ±40 % is 40 %
		{"elder_60_69", with(both(0), graph.Bridge), 10, 100, 100},                                          // bridges and tunnels are flat
		{"elder_60_69", with(both(0), graph.Tunnel), 10, 100, 100},                                          //
		{"elder_60_69", with(both(0), graph.Steps), 10, 150, 150},                                           // steps have their factor alone
		{"elder_80_plus", with(both(0), graph.Steps), 10, 200 / 0.7, 200 / 0.7},                             //
		{"elder_60_69", with(both(graph.Conveying), graph.Steps), 10, 100, 100},                             // an escalator is flat street
		{"elder_60_69", atHead(graph.Traits(0).WithIncline(10)), nan, 100 * up, 100},                        // the mapper's slope without elevation
		{"elder_60_69", atHead(graph.Traits(0).WithIncline(10)), 0, 100, 100},                               // elevation goes before it
		{"adult", both(graph.Traits(0).WithSurface(graph.Mud)), 0, 100 / 1.2, 100 / 1.2},                    // adult is plain
		{"elder_60_69", both(graph.Traits(0).WithSurface(graph.Mud)), 0, 150, 150},                          //
		{"elder_80_plus", both(graph.Traits(0).WithSurface(graph.Gravel)), 0, 130 / 0.7, 130 / 0.7},         //
		{"adult", atHead(graph.Traits(0).WithCrossing(graph.Signals)), 0, 100 / 1.2, 100 / 1.2},             //
		{"elder_60_69", atHead(graph.Traits(0).WithCrossing(graph.Signals)), 0, 130, 100},                   // paid on entering
		{"elder_60_69", atHead(graph.Traits(0).WithCrossing(graph.Zebra)), 0, 105, 100},                     //
		{"elder_60_69", atHead(graph.Traits(0).WithCrossing(graph.Unmarked)), 0, 110, 100},                  //
		{"frail", atHead(graph.Traits(graph.Kerb).WithCrossing(graph.Signals)), 0, 100/0.6 + 48, 100 / 0.6}, //
		{"adult", atHead(graph.Traits(0).WithBarrier(graph.Wall, 0)), 0, closed, closed},                    // shut at one end is shut
		{"adult", atHead(graph.Traits(0).WithBarrier(graph.Wall, graph.Foot)), 0, 100 / 1.2, 100 / 1.2},     // unless its tags open it
		{"drive", atHead(graph.Traits(0).WithBarrier(graph.Wall, graph.Foot)), 0, closed, closed},           // to feet only
		{"adult", atHead(graph.Traits(0).WithBarrier(graph.Stile, 0)), 0, 100 / 1.2, 100 / 1.2},             //
		{"elder_70_79", atHead(graph.Traits(0).WithBarrier(graph.Stile, 0)), 0, 100/0.85 + 20, 100 / 0.85},  //
		{"frail", atHead(graph.Traits(0).WithBarrier(graph.Stile, 0)), 0, closed, closed},                   //
		{"ebike", atHead(graph.Traits(0).WithBarrier(graph.CycleBarrier, 0)), 0, 34, 24},                    //
		{"drive", atHead(graph.Traits(0).WithBarrier(graph.Bollard, 0)), 0, closed, closed},                 //
		{"drive", atHead(graph.Traits(0).WithBarrier(graph.Gate, 0)), 0, 14.4, 14.4},                        //
		{"adult", both(graph.Traits(0).WithPrivate(graph.Foot | graph.Car)), 0, 100 / 1.2, 100 / 1.2},       // residents count
		{"adult, private: deny", both(graph.Traits(0).WithPrivate(graph.Foot)), 0, closed, closed},          //
		{"adult, private: deny", both(graph.Traits(0).WithPrivate(graph.Car)), 0, 100 / 1.2, 100 / 1.2},     //
		{"adult", graph.Segment{Class: graph.FerryLine, Forward: foot | graph.Ferry, FixedMillis: 60_000, WaitForward: 300_000}, 0, 360, closed},
		{"adult", graph.Segment{Class: graph.FerryLine, Forward: foot | graph.Ferry, FixedMillis: 60_000, TraitsForward: graph.Boarding}, 0, 960, closed},
		{"norm_1000m", graph.Segment{Class: graph.FerryLine, Forward: foot | graph.Ferry, FixedMillis: 60_000}, 0, closed, closed},
	} {
		t.Run(fmt.Sprint(i, c.profile), func(t *testing.T) {
			p, err := ProfileByID(c.profile)
			if c.profile == "adult, private: deny" {
				p, err = ProfileByID("adult")
				p.NoPrivate = true
			}
			if err != nil {
				t.Fatal(err)
			}
			n, forth, back := street(t, p, c.segment, 0, c.rise)
			for arc, want := range map[graph.ArcID]float64{forth: c.forth, back: c.back} {
				got := n.Cost(arc)
				if want == closed && got != Unreached || want != closed && math.Abs(float64(got)-want*1000) > 2 {
					t.Errorf("arc from %d: %d ms, want %v s", n.G.OSMID(n.G.Tail(arc)), got, want)
				}
			}
		})
	}
}

// A run reports the factors that it used.
func TestSlopeFactorsAreReported(t *testing.T) {
	p, _ := ProfileByID("elder_60_69")
	all := graph.Segment{Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot}
	n, _, _ := street(t, p, all, 0, 2)
	if least, greatest := n.SlopeFactors(); math.Abs(least-math.Exp(-0.07)) > 1e-4 || math.Abs(greatest-math.Exp(0.07)) > 1e-4 {
		t.Errorf("factors %v to %v", least, greatest)
	}
	p, _ = ProfileByID("elder_70_79")
	n, _, _ = street(t, p, all, 0, 2)
	if least, _ := n.SlopeFactors(); least != 1 {
		t.Errorf("70+ gain downhill: %v", least)
	}
}
