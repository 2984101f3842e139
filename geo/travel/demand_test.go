package travel

import "testing"

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
