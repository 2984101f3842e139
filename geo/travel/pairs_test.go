package travel

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
)

// All pairs within the limit equal the textbook's, in the promised order, with one, two and three workers.
func TestPairsEqualTheTextbook(t *testing.T) {
	pairs := 0
	for seed := range uint64(1500) {
		w := randomWorld(t, seed, int(seed%9), 10)
		if w == nil {
			continue
		}
		want := slices.Concat(w.pairs...)
		slices.SortFunc(want, func(x, y Pair) int { return cmp.Or(cmp.Compare(x.Site, y.Site), cmp.Compare(x.Point, y.Point)) })
		d := NewDemand(w.net, w.points, w.dir)
		for workers := 1; workers <= 3; workers++ {
			var got []Pair
			err := d.Pairs(t.Context(), w.sites, w.limit, workers, func(block []Pair) error {
				if block[0].Site != block[len(block)-1].Site {
					t.Fatal("a block has two sites")
				}
				got = append(got, block...)
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("seed %d, %d workers: %v, textbook %v, %v", seed, workers, got, want, err)
			}
			slices.Reverse(w.sites)
		}
		pairs += len(want)
	}
	if pairs < 10_000 {
		t.Errorf("%d pairs: the worlds are too easy", pairs)
	}
}

func TestPairsStopAtTheVisitorsErrorAndTheCallersEnd(t *testing.T) {
	n := line(t, 2)
	d := NewDemand(n, []Snap{{}, {}}, Inbound)
	sites := make([]Site, 1000)
	for i := range sites {
		sites[i].ID = int32(i)
	}
	stop, visits := errors.New("enough"), 0
	err := d.Pairs(t.Context(), sites, 1000, 2, func([]Pair) error {
		if visits++; visits == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || visits != 3 {
		t.Errorf("%d visits, %v", visits, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = d.Pairs(ctx, sites, 1000, 2, func([]Pair) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
