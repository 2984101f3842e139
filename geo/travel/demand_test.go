package travel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Each point's nearest site and time, among sites and points anywhere on the
// streets, equal a textbook search over streets cut at all of them.
func TestNearestOfPointsEqualsTheTextbookOnCutStreets(t *testing.T) {
	reached, none := 0, 0
	for seed := range uint64(2000) {
		w := randomWorld(t, seed, 1+int(seed%6), 12)
		if w == nil {
			continue
		}
		f, err := w.net.Nearest(t.Context(), w.sites, w.limit, w.dir)
		if err != nil {
			t.Fatal(err)
		}
		for batch := range 3 {
			g, err := w.net.nearest(t.Context(), w.sites, w.limit, w.dir, 1+batch)
			if err != nil || !slices.Equal(f.labels, g.labels) {
				t.Fatalf("seed %d: batches of %d show (%v)", seed, 1+batch, err)
			}
		}
		all := NewDemand(w.net, w.points, w.dir).Nearest(f)
		for p, s := range w.points {
			want := w.nearest(p)
			if all[p] != want {
				t.Fatalf("seed %d point %d: %v, textbook %v", seed, p, all[p], want)
			}
			if ms, owner := f.At(s); ms != want.Millis || owner != want.Site {
				t.Fatalf("seed %d point %d: At gives %d ms to %d, textbook %v", seed, p, ms, owner, want)
			}
			if want.Site < 0 {
				none++
			} else {
				reached++
			}
		}
	}
	if reached < 5000 || none < 2000 {
		t.Errorf("%d points reached, %d not: the worlds are too easy", reached, none)
	}
}

// The stretches of every street agree with a point at every cut, on both sides of
// it, and anywhere else; they cover the street.
func TestStretchesAgreeWithEveryPlace(t *testing.T) {
	watersheds := 0
	for seed := range uint64(400) {
		w := randomWorld(t, seed, 1+int(seed%6), 1)
		if w == nil {
			continue
		}
		f, err := w.net.Nearest(t.Context(), w.sites, w.limit, w.dir)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 17))
		for a := range graph.ArcID(w.net.G.NumArcs()) {
			length, next := w.net.G.Length(a), uint32(0)
			var places []uint32
			all := f.Stretches(a)
			for i, s := range all {
				if s.From != next || s.To < s.From || i > 0 && all[i-1].Site == s.Site {
					t.Fatalf("seed %d arc %d: stretches %v do not follow one another", seed, a, all)
				}
				next = s.To + 1
				places = append(places, s.From, s.To, s.From+r.Uint32N(s.To-s.From+1), s.From+r.Uint32N(s.To-s.From+1))
				if i > 0 && s.Site >= 0 && all[i-1].Site >= 0 {
					watersheds++
				}
			}
			if next != length+1 {
				t.Fatalf("seed %d arc %d of %d mm: stretches %v", seed, a, length, all)
			}
			for i, x := range places {
				if _, owner := f.At(Snap{Position: Position{a, x}}); owner != all[i/4].Site {
					t.Fatalf("seed %d arc %d at %d mm: site %d, stretches %v", seed, a, x, owner, all)
				}
			}
		}
	}
	if watersheds < 1000 {
		t.Errorf("%d watersheds only", watersheds)
	}
}

// Many batches, some of which leave work to the last wave, give the textbook's labels; so does each of the k.
func TestBatchesDoNotShow(t *testing.T) {
	for seed := range uint64(6) {
		w := townWorld(t, seed, 40, []int{3, 40, 1500}[seed%3], 0)
		w.limit *= 4
		times, owners := textbookNearest(w)
		one, err := w.net.kLabels(t.Context(), w.sites, 3, w.limit, w.dir, len(w.sites))
		if err != nil {
			t.Fatal(err)
		}
		for _, batch := range []int{1, 7, batchSize} {
			f, err := w.net.nearest(t.Context(), w.sites, w.limit, w.dir, batch)
			if err != nil || !f.equals(times, owners) {
				t.Fatalf("seed %d: batches of %d have other labels than the textbook (%v)", seed, batch, err)
			}
			l, err := w.net.kLabels(t.Context(), w.sites, 3, w.limit, w.dir, batch)
			if err != nil || !slices.Equal(l.count, one.count) {
				t.Fatalf("seed %d: batches of %d have another number of labels (%v)", seed, batch, err)
			}
			for v := range graph.NodeID(w.net.G.Junctions()) {
				if !slices.Equal(l.of(v), one.of(v)) {
					t.Fatalf("seed %d: batches of %d show at node %d: %v, %v", seed, batch, v, l.of(v), one.of(v))
				}
				if n := (Nearest{owners[v], times[v]}); owners[v] >= 0 && l.of(v)[0] != n {
					t.Fatalf("seed %d node %d: %v is the first of k, textbook %v", seed, v, l.of(v)[0], n)
				}
			}
		}
	}
}
