package travel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Laws that hold on any network, whatever the right times are.
func TestLaws(t *testing.T) {
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 33))
		n := randomNet(t, r)
		if n.G.NumArcs() == 0 {
			continue
		}
		dir, limit := Direction(r.IntN(2)), Millis(r.IntN(600_000))
		var sites []Site
		for id := range int32(1 + r.IntN(5)) {
			sites = append(sites, Site{id, anywhere(n, r)})
		}
		field := func(n *Net, sites []Site, limit Millis, dir Direction) *Field {
			f, err := n.Nearest(t.Context(), sites, limit, dir)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		base := field(n, sites, limit, dir)
		longer, fewer := field(n, sites, limit*2, dir), field(n, sites[1:], limit, dir)
		// the reversed graph: each arc costs what its twin does, so that travel goes the other way
		reversed := make([]Millis, len(n.cost))
		for a := range n.cost {
			reversed[a] = n.cost[n.G.Twin(graph.ArcID(a))]
		}
		other := field(n.withTimes(reversed), sites, limit, 1-dir)
		for range 20 {
			at := anywhere(n, r)
			time, owner := base.At(at)
			if more, o := longer.At(at); time != Unreached && (more != time || o != owner) {
				t.Fatalf("seed %d: more time gives %d ms to %d instead of %d to %d", seed, more, o, time, owner)
			}
			if less, _ := fewer.At(at); time > less {
				t.Fatalf("seed %d: one more site slows a person from %d to %d ms", seed, less, time)
			}
			if back, o := other.At(at); back != time && !oneWayRounding(n, at, sites) || o != owner && back == time {
				t.Fatalf("seed %d: reversed %d ms to %d, %d to %d", seed, back, o, time, owner)
			}
		}
	}
}

// oneWayRounding: a place within a piece rounds its share down from the piece's tail, so that a reversed piece may
// differ by a millisecond there; nodes never do.
func oneWayRounding(n *Net, at Snap, sites []Site) bool {
	inside := func(p Position) bool { return p.Along != 0 && p.Along != n.G.Length(p.Arc) }
	for _, s := range sites {
		if inside(s.Snap.Position) {
			return true
		}
	}
	return inside(at.Position)
}

// Half the pace and twice the time reach the same: times scale by a whole factor when each arc's does.
func TestTwiceTheSpeedHalfTheTime(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 35))
		n := randomNet(t, r)
		if n.G.NumArcs() == 0 {
			continue
		}
		times := make([]Millis, len(n.cost))
		for a, c := range n.cost {
			if times[a] = Unreached; c != Unreached {
				times[a] = 3 * c
			}
		}
		slow := n.withTimes(times)
		a := graph.ArcID(r.IntN(n.G.NumArcs()))
		site, limit := Site{1, Snap{Position: Position{Arc: a}, Millis: 600}}, Millis(r.IntN(300_000))
		later := site
		later.Snap.Millis *= 3
		fast, three := n.Reach(site, limit, Inbound), slow.Reach(later, 3*limit, Inbound)
		if len(fast.Nodes) != len(three.Nodes) {
			t.Fatalf("seed %d: %d nodes, at a third of the speed %d", seed, len(fast.Nodes), len(three.Nodes))
		}
		for i, v := range fast.Nodes {
			if slow, ok := three.Time(v); !ok || slow != 3*fast.Times[i] {
				t.Fatalf("seed %d node %d: %d and %d", seed, v, fast.Times[i], slow)
			}
		}
	}
}

// On a perfect grid (R5's desert) every time is |x|+|y|, and the nodes within r are those of the diamond: 2k²+2k+1.
func TestDesert(t *testing.T) {
	const half, step = 25, 100
	b := graph.NewBuilder()
	metre := 1 / (orb.EarthRadius * math.Pi / 180)
	id := func(x, y int) int64 { return int64(y+half)*1000 + int64(x+half) }
	for x := -half; x <= half; x++ {
		for y := -half; y <= half; y++ {
			b.AddNode(id(x, y), orb.Point{float64(x) * step * metre, float64(y) * step * metre}, 0)
		}
	}
	foot := func(from, to int64) {
		b.AddSegment(graph.Segment{From: from, To: to, Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
	}
	for x := -half; x <= half; x++ {
		for y := -half; y < half; y++ {
			foot(id(x, y), id(x, y+1))
			foot(id(y, x), id(y+1, x))
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n := NewNet(g, Profile{ID: "stroll", Mode: graph.Foot, Pace: 1})
	at, err := NewSnapper(n).Snap(orb.Point{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	const k = 9 // 900 m are 15 minutes
	reach := n.Reach(Site{1, at}, 15*60_000, Inbound)
	if len(reach.Nodes) != 2*k*k+2*k+1 {
		t.Errorf("%d crossings within 900 m, on paper %d", len(reach.Nodes), 2*k*k+2*k+1)
	}
	for i, v := range reach.Nodes {
		p := g.Point(v)
		want := (math.Abs(p[0]) + math.Abs(p[1])) / metre * 1000
		if math.Abs(float64(reach.Times[i])-want) > 20 { // a millimetre for each of 18 streets
			t.Errorf("%v: %d ms, on paper %.0f", p, reach.Times[i], want)
		}
	}
}
