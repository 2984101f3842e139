package travel

import (
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// One site's reach is the field of that site alone, at every node and on every
// street; a larger limit never shrinks it (twice on the same scratch memory).
func TestReachIsTheFieldOfOneSite(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 11))
		n := randomNet(t, r)
		if n.G.NumArcs() == 0 {
			continue
		}
		dir := Direction(r.IntN(2))
		position := func() Position {
			a := graph.ArcID(r.IntN(n.G.NumArcs()))
			return Position{a, uint32(r.IntN(int(n.G.Length(a)) + 1))}
		}
		site := Site{ID: 5, Snap: Snap{Position: position(), Millis: 700}}
		limit := Millis(r.IntN(900_000))
		f, err := n.Nearest(t.Context(), []Site{site}, limit, dir)
		if err != nil {
			t.Fatal(err)
		}
		reach, wider := n.Reach(site, limit, dir), n.Reach(site, limit*2, dir)
		for v := range graph.NodeID(n.G.NumNodes()) {
			want, _ := f.Node(v)
			got, ok := reach.Time(v)
			if ok != (want != Unreached) || ok && got != want {
				t.Fatalf("seed %d node %d: reach %d %v, field %d", seed, v, got, ok, want)
			}
			if w, in := wider.Time(v); ok && (!in || w != got) {
				t.Fatalf("seed %d node %d: more time gives %d %v instead of %d", seed, v, w, in, got)
			}
		}
		for range 10 {
			s := Snap{Position: position(), Millis: 300}
			want, _ := f.At(s)
			if got, ok := n.At(reach, s); ok != (want != Unreached) || ok && got != want {
				t.Fatalf("seed %d: on the street %d %v, field %d", seed, got, ok, want)
			}
		}
	}
}
