package travel

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// fresh is a search from scratch over the sites and streets as edits have them.
func (w *world) fresh(t testing.TB, what *WhatIf) *WhatIf {
	t.Helper()
	n := what.base.withTimes(slices.Clone(what.field.net.cost))
	f, err := n.Nearest(t.Context(), what.Sites(), w.limit, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := NewWhatIf(f, NewDemand(n, w.points, w.dir))
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func (w *WhatIf) differs(o *WhatIf) bool {
	return !slices.Equal(w.field.labels, o.field.labels) || !slices.Equal(w.nearest, o.nearest)
}

// 1,000 random edits of sites and streets on each of 12 small worlds: after each
// the whole state is that of a search from scratch and the changes are what
// differs from before; undoing all leads back to the first digest.
func TestAThousandEditsAndBack(t *testing.T) {
	closed, opened, changed := 0, 0, 0
	for seed := range uint64(12) {
		var w *world
		if seed%2 == 0 {
			w = townWorld(t, seed, 5+int64(seed%9), 2+int(seed%12), 40)
		} else {
			for s := seed; w == nil || w.net.G.NumArcs() < 20; s += 100 {
				w = randomWorld(t, s, 3, 12)
			}
		}
		r := rand.New(rand.NewPCG(seed, 31))
		what := w.whatIf(t, w.sites)
		first := what.Digest()
		digests := [][sha256.Size]byte{first}
		for step := range 1000 {
			before := slices.Clone(what.nearest)
			name, changes := w.randomEdit(t, r, what)
			switch name {
			case "undo":
				if len(digests) > 1 {
					digests = digests[:len(digests)-1]
				}
				if what.Digest() != digests[len(digests)-1] {
					t.Fatalf("seed %d step %d: undo leads elsewhere", seed, step)
				}
			case "close":
				closed += len(changes)
				digests = append(digests, what.Digest())
			case "open":
				opened += len(changes)
				digests = append(digests, what.Digest())
			default:
				digests = append(digests, what.Digest())
			}
			fresh := w.fresh(t, what)
			if what.differs(fresh) {
				t.Fatalf("seed %d step %d, %s: another state than from scratch", seed, step, name)
			}
			for _, c := range changes {
				if before[c.Point] != c.Before || what.nearest[c.Point] != c.After || c.Before == c.After {
					t.Fatalf("seed %d step %d, %s: change %v of point that was %v", seed, step, name, c, before[c.Point])
				}
				before[c.Point] = c.After
			}
			if !slices.Equal(before, what.nearest) {
				t.Fatalf("seed %d step %d, %s: a change is not told", seed, step, name)
			}
			changed += len(changes)
		}
		for i := len(digests) - 2; i >= 0; i-- {
			if _, ok := what.Undo(); !ok || what.Digest() != digests[i] {
				t.Fatalf("seed %d: undoing to edit %d leads elsewhere", seed, i)
			}
		}
		if what.Digest() != first {
			t.Fatalf("seed %d: all undone, but not the first digest", seed)
		}
	}
	if closed < 1000 || opened < 1000 || changed < 10_000 {
		t.Errorf("%d changes by closing, %d by opening, %d in all: the worlds are too easy", closed, opened, changed)
	}
}

func (w *world) randomEdit(t *testing.T, r *rand.Rand, what *WhatIf) (name string, changes []Change) {
	sites := what.Sites()
	arcs := []graph.ArcID{graph.ArcID(r.IntN(w.net.G.NumArcs()))}
	if r.IntN(4) == 0 { // several streets as one edit, also one after another
		a := arcs[0]
		for range r.IntN(4) {
			v := w.net.G.Head(a)
			a = w.net.G.Out(v, r.IntN(w.net.G.Degree(v)))
			arcs = append(arcs, a)
		}
	}
	if r.IntN(2) == 0 {
		arcs = w.net.BothWays(arcs...)
	}
	var err error
	switch kind := r.IntN(12); {
	case kind == 0:
		name = "undo"
		changes, _ = what.Undo()
	case kind <= 2 && len(sites) > 2:
		name = "remove"
		changes, err = what.Remove(sites[r.IntN(len(sites))].ID)
	case kind == 3 && len(sites) > 0:
		name = "move"
		changes, err = what.Move(sites[r.IntN(len(sites))].ID, w.randomSnap(r))
	case kind <= 5:
		name = "add"
		id := int32(r.IntN(40))
		for slices.ContainsFunc(sites, func(s Site) bool { return s.ID == id }) {
			id++
		}
		changes, err = what.Add(Site{id, w.randomSnap(r)})
	case kind <= 8:
		name = "close"
		changes, err = what.Close(arcs...)
	default:
		name = "open"
		for _, street := range what.Closed() { // mostly what was closed before
			if r.IntN(3) > 0 {
				arcs = append(arcs, street)
				break
			}
		}
		changes, err = what.Open(arcs...)
	}
	if err != nil {
		t.Fatal(name, err)
	}
	return name, changes
}

func TestAClosedStreetMustBeOfTheNet(t *testing.T) {
	w := townWorld(t, 4, 5, 2, 3)
	what := w.whatIf(t, w.sites)
	digest := what.Digest()
	if _, err := what.Close(0, graph.ArcID(w.net.G.NumArcs())); err == nil {
		t.Error("an arc beyond the net is closed")
	}
	if _, err := what.Open(1 << 31); err == nil {
		t.Error("an arc beyond the net is opened")
	}
	if what.Digest() != digest {
		t.Error("a refused edit changes the state")
	}
	if _, ok := what.Undo(); ok {
		t.Error("a refused edit can be undone")
	}
}
