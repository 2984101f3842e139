package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// piece tells a street piece apart from all others, whichever way it is seen.
func piece(from, to int64, out, back kind, fixed, fixedBack uint32) string {
	if from > to || from == to && (out.compare(back) > 0 || out == back && fixed > fixedBack) {
		from, to, out, back, fixed, fixedBack = to, from, back, out, fixedBack, fixed
	}
	return fmt.Sprint(from, to, out, back, fixed, fixedBack)
}

// Every segment is one piece of one chain, seen alike from both of its arcs; chains end where something is decided, and only
// there; the order and the drawing of segments do not show.
func TestChainsHoldEverySegment(t *testing.T) {
	inner, rings, loops := 0, 0, 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		nodes := 2 + r.Int64N(30)
		segments := make([]Segment, r.IntN(40))
		degree, want := map[int64]int{}, []string{}
		points := make([]orb.Point, nodes)
		for i := range points {
			points[i] = orb.Point{120 + float64(r.IntN(5))/1000, 29 + float64(r.IntN(5))/1000}
		}
		for i := range segments {
			s := Segment{From: r.Int64N(nodes), To: r.Int64N(nodes), Class: Class(r.IntN(2)), Forward: Access(r.IntN(3)), Backward: Access(r.IntN(3)), TraitsForward: Traits(r.IntN(2)), TraitsBackward: Traits(r.IntN(2))}
			if r.IntN(5) == 0 {
				s.FixedMillis, s.WaitBackward = r.Uint32N(3), r.Uint32N(3)
			}
			segments[i] = s
			degree[s.From]++
			degree[s.To]++
			if s.From == s.To {
				degree[s.From]++ // never within a chain
			}
			want = append(want, piece(s.From, s.To, kind{Traits: s.TraitsForward, Class: s.Class, Access: s.Forward}, kind{Traits: s.TraitsBackward, Class: s.Class, Access: s.Backward}, s.FixedMillis+s.WaitForward, s.FixedMillis+s.WaitBackward))
		}
		build := func() *Graph {
			b := NewBuilder()
			for _, s := range segments { // nodes may come after the segments that name them
				if r.IntN(2) == 0 {
					s = Segment{s.To, s.From, s.Class, s.Backward, s.Forward, s.FixedMillis, s.WaitBackward, s.WaitForward, s.TraitsBackward, s.TraitsForward}
				}
				b.AddSegment(s)
			}
			for _, i := range r.Perm(int(nodes)) {
				b.AddNode(int64(i), points[i], 0)
			}
			g, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		g := build()
		var got []string
		for a := ArcID(0); int(a) < g.NumArcs(); a += 2 {
			got = append(got, piece(g.OSMID(g.Tail(a)), g.OSMID(g.Head(a)), *g.kind(a), *g.kind(a ^ 1), g.FixedMillis(a), g.FixedMillis(a^1)))
			if g.Tail(a) != g.Head(a^1) || g.Head(a) != g.Tail(a^1) || g.Length(a) != g.Length(a^1) {
				t.Fatalf("seed %d: arc %d and its twin do not agree", seed, a)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: pieces %v, segments %v", seed, got, want)
		}
		if !g.consistent() || g.sizes() != nil {
			t.Fatalf("seed %d: the graph contradicts itself", seed)
		}
		for v := range NodeID(g.NumNodes()) {
			isJunction := int(v) < g.Junctions()
			if d := degree[g.OSMID(v)]; !isJunction && d != 2 {
				t.Fatalf("seed %d: a node of degree %d lies within a chain", seed, d)
			} else if isJunction && d == 2 { // only where a ring has no other
				l, _ := g.Links(v)
				c, _ := g.Link(l)
				if from, to, _, _ := g.Chain(c); from != v || to != v {
					t.Fatalf("seed %d: a node of degree 2 parts two chains", seed)
				}
				rings++
			}
			for a := range g.Leaving(v) {
				if g.Tail(a) != v {
					t.Fatalf("seed %d: arc %d leaves %d, its tail is %d", seed, a, v, g.Tail(a))
				}
				if g.Head(a) == v {
					loops++
				}
			}
		}
		inner += g.NumNodes() - g.Junctions()
		r.Shuffle(len(segments), func(i, j int) { segments[i], segments[j] = segments[j], segments[i] })
		if build().Digest() != g.Digest() {
			t.Fatalf("seed %d: the order or the drawing of segments shows", seed)
		}
	}
	if inner < 5000 || rings < 30 || loops < 1000 {
		t.Errorf("%d inner nodes, %d rings, %d loops: the graphs are too easy", inner, rings, loops)
	}
}
