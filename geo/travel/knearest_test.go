package travel

import (
	"errors"
	"slices"
	"testing"
)

// Every point's k nearest sites, their order and times, equal a textbook search from each site alone.
func TestKNearestEqualsTheTextbook(t *testing.T) {
	full := 0
	for seed := range uint64(2000) {
		w := randomWorld(t, seed, 1+int(seed%9), 10)
		if w == nil {
			continue
		}
		d, k := NewDemand(w.net, w.points, w.dir), 1+int(seed%5)
		next := 0
		err := d.KNearest(t.Context(), w.sites, k, w.limit, func(p int, got []Nearest) error {
			if p != next {
				t.Fatalf("point %d comes instead of %d", p, next)
			}
			next++
			var want []Nearest
			for _, pair := range w.pairs[p][:min(k, len(w.pairs[p]))] {
				want = append(want, Nearest{pair.Site, pair.Millis})
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d point %d k %d: %v, textbook %v", seed, p, k, got, want)
			}
			if k > 1 && len(got) == k {
				full++
			}
			return nil
		})
		if err != nil || next != len(w.points) {
			t.Fatalf("seed %d: %d points, %v", seed, next, err)
		}
	}
	if full < 1000 {
		t.Errorf("%d points have k sites: the worlds are too easy", full)
	}
}

func TestKNearestStopsAtTheVisitorsError(t *testing.T) {
	n := line(t, 2)
	d := NewDemand(n, []Snap{{}, {}}, Inbound)
	stop, visits := errors.New("enough"), 0
	err := d.KNearest(t.Context(), []Site{{ID: 1}}, 1, 1000, func(int, []Nearest) error { visits++; return stop })
	if !errors.Is(err, stop) || visits != 1 {
		t.Errorf("%d visits, %v", visits, err)
	}
	err = d.KNearest(t.Context(), nil, 3, 1000, func(_ int, nearest []Nearest) error {
		if len(nearest) > 0 {
			t.Errorf("without sites: %v", nearest)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, k := range []int{-1, 0, 256} {
		if d.KNearest(t.Context(), nil, k, 1000, nil) == nil {
			t.Errorf("k = %d is accepted", k)
		}
	}
}
