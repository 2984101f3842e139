package travel

import (
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// town makes a grid of streets of about 40 m: some missing, some one-way, some of no length, some doubled, many with bends.
func town(t testing.TB, r *rand.Rand, wide, high int64) *Net {
	t.Helper()
	b := graph.NewBuilder()
	for y := range high {
		for x := range wide {
			b.AddNode(y*wide+x, orb.Point{120 + float64(x)*0.0004 + float64(r.IntN(8))*1e-5, 29 + float64(y)*0.00036 + float64(r.IntN(8))*1e-5}, 0)
		}
	}
	bends := wide * high
	var street func(from, to int64)
	street = func(from, to int64) {
		if r.IntN(3) == 0 { // a bend, and what is said of a street changes there
			bends++
			b.AddNode(bends, orb.Point{120 + float64(from%wide)*0.0004 + float64(r.IntN(30))*1e-5, 29 + float64(from/wide)*0.00036 + float64(r.IntN(30))*1e-5}, 0)
			bend := bends
			street(from, bend)
			street(bend, to)
			return
		}
		s := graph.Segment{From: from, To: to, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot}
		switch r.IntN(16) {
		case 0:
			return
		case 1:
			s.Forward = 0
		case 2:
			s.Backward = 0
		case 3:
			b.AddSegment(s)
		case 4:
			s.Class, s.FixedMillis = graph.FerryLine, r.Uint32N(400_000) // beyond the buckets' window, too
			s.Forward |= graph.Ferry
			s.Backward |= graph.Ferry
		}
		b.AddSegment(s)
	}
	for v := range wide * high {
		if v%wide > 0 {
			street(v, v-1)
		}
		if v >= wide {
			street(v, v-wide)
		}
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

// townWorld is a town with sites and points on its streets, without an oracle's times.
func townWorld(t testing.TB, seed uint64, size int64, sites, points int) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 19))
	w := &world{net: town(t, r, size, size), dir: Direction(seed % 2), limit: 900_000}
	for i := range sites {
		w.sites = append(w.sites, Site{int32(i), w.placeOnStreet(r)})
	}
	for range points {
		w.points = append(w.points, w.placeOnStreet(r))
	}
	return w
}

func (w *world) placeOnStreet(r *rand.Rand) Snap {
	a := graph.ArcID(r.IntN(w.net.G.NumArcs()))
	return Snap{Position: Position{a, r.Uint32N(w.net.G.Length(a) + 1)}, Millis: r.Uint32N(60_000)}
}

func (w *world) whatIf(t testing.TB, sites []Site) *WhatIf {
	t.Helper()
	f, err := w.net.Nearest(t.Context(), sites, w.limit, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	what, err := NewWhatIf(f, NewDemand(w.net, w.points, w.dir))
	if err != nil {
		t.Fatal(err)
	}
	return what
}

// 200 random sequences of edits: after each, the whole state is that of a search
// from scratch, the changes are what differs from before, and undoing all leads
// back through the same digests.
func TestEditsEqualASearchFromScratch(t *testing.T) {
	edits, changed := 0, 0
	for seed := range uint64(200) {
		var w *world
		if seed%2 == 0 {
			w = townWorld(t, seed, 8+int64(seed%9), int(seed%20), 60)
		} else if w = randomWorld(t, seed, int(seed%6), 12); w == nil {
			continue
		}
		r := rand.New(rand.NewPCG(seed, 23))
		what := w.whatIf(t, w.sites)
		digests := [][sha256.Size]byte{what.Digest()}
		check := func(name string, before []Nearest, changes []Change) {
			t.Helper()
			edits, changed = edits+1, changed+len(changes)
			fresh := w.whatIf(t, what.Sites())
			if what.Digest() != fresh.Digest() {
				t.Fatalf("seed %d, %s: another state than from scratch", seed, name)
			}
			next := 0
			for p := range before {
				if now := fresh.Nearest(p); now != before[p] {
					if next == len(changes) || changes[next] != (Change{int32(p), before[p], now}) {
						t.Fatalf("seed %d, %s: point %d changed from %v to %v, said %v", seed, name, p, before[p], now, changes)
					}
					next++
				}
			}
			if next != len(changes) {
				t.Fatalf("seed %d, %s: %d points changed, said %v", seed, name, next, changes)
			}
		}
		next := int32(100)
		for range 25 {
			before := append([]Nearest(nil), what.nearest...)
			sites := what.Sites()
			var changes []Change
			var err error
			var name string
			switch kind := r.IntN(8); {
			case kind == 0 && len(digests) > 1:
				name = "undo"
				changes, _ = what.Undo()
				digests = digests[:len(digests)-1]
				if what.Digest() != digests[len(digests)-1] {
					t.Fatalf("seed %d: undoing leads elsewhere", seed)
				}
			case kind <= 3 && len(sites) > 0:
				name = "remove"
				changes, err = what.Remove(sites[r.IntN(len(sites))].ID)
			case kind == 4 && len(sites) > 0:
				name = "move"
				changes, err = what.Move(sites[r.IntN(len(sites))].ID, w.randomSnap(r))
			default:
				name = "add"
				next += int32(r.IntN(3)) + 1
				changes, err = what.Add(Site{next - 100*int32(r.IntN(2)), w.randomSnap(r)})
				if err != nil { // the id is taken
					next++
					continue
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			check(name, before, changes)
			if name != "undo" {
				digests = append(digests, what.Digest())
			}
		}
		for i := len(digests) - 2; i >= 0; i-- {
			if _, ok := what.Undo(); !ok || what.Digest() != digests[i] {
				t.Fatalf("seed %d: undoing to edit %d leads elsewhere", seed, i)
			}
		}
		if _, ok := what.Undo(); ok {
			t.Fatalf("seed %d: more was undone than done", seed)
		}
	}
	if edits < 3000 || changed < 20_000 {
		t.Errorf("%d edits, %d changes: the worlds are too easy", edits, changed)
	}
}

func TestWhatIfRefusesWhatItCannotDo(t *testing.T) {
	w := townWorld(t, 2, 5, 2, 3)
	what := w.whatIf(t, w.sites)
	digest := what.Digest()
	beyond := Snap{Position: Position{Arc: 0, Along: w.net.G.Length(0) + 1}}
	for name, try := range map[string]func() error{
		"taken id":          func() error { _, err := what.Add(w.sites[1]); return err },
		"negative id":       func() error { _, err := what.Add(Site{ID: -1}); return err },
		"arc without limit": func() error { _, err := what.Add(Site{7, Snap{Position: Position{Arc: 1 << 30}}}); return err },
		"beyond the arc":    func() error { _, err := what.Add(Site{7, beyond}); return err },
		"move of nothing":   func() error { _, err := what.Move(9, w.sites[0].Snap); return err },
		"move to nowhere":   func() error { _, err := what.Move(0, beyond); return err },
		"removal twice":     func() error { _, err := what.Remove(9); return err },
	} {
		if try() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if what.Digest() != digest {
		t.Error("a refused edit changes the state")
	}
	f, err := w.net.Nearest(t.Context(), w.sites, w.limit, 1-w.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewWhatIf(f, what.demand); err == nil {
		t.Error("points of the other direction are accepted")
	}
}
