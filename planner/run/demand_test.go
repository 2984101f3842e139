package run

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/lifecircle/lifecircle/planner"
)

// Village 201: 7 elders on 3 addresses → 2, 2, 3 (⌊7/3⌋=2, ⌊14/3⌋−2=2, 7−4=3).
// Village 202: no address, its own point takes all 5.
// Village 203: neither: one spot nowhere, so its 4 people can be counted as unverified.
// Village 204: two cells with 3 and 8.
func TestPeopleArePlaced(t *testing.T) {
	at := func(x float64) *orb.Point { return &orb.Point{x, 29} }
	const v1, v2, v3, v4 = "990121101201", "990121101202", "990121101203", "990121101204"
	units := map[planner.Code]Unit{v1: {Point: at(1)}, v2: {Point: at(2)}}
	d := place(units,
		[]Count{
			{Unit: v1, Group: "60+", Basis: "resident", People: 7}, {Unit: v1, Group: "80+", Basis: "resident", People: 1},
			{Unit: v2, Group: "60+", Basis: "resident", People: 5}, {Unit: v3, Group: "60+", Basis: "resident", People: 4},
			{Unit: v4, Group: "60+", Basis: "resident", People: 3, Point: at(4)}, {Unit: v4, Group: "60+", Basis: "resident", People: 8, Point: at(5)},
		},
		[]Address{{ID: "a", Unit: v1, Point: *at(1.1)}, {ID: "b", Unit: v1, Point: *at(1.2)}, {ID: "c", Unit: v1, Point: *at(1.3)}})
	want := []int32{2, 2, 3, 5, 4, 3, 8}
	got := d.people[cohort{"60+", "resident"}]
	if len(got) != len(want) {
		t.Fatalf("people %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("spot %d has %d people, want %d", i, got[i], want[i])
		}
	}
	for u, m := range map[planner.Code]string{v1: "address", v2: "village_point", v3: "none", v4: "cell"} {
		if d.method[u] != m {
			t.Errorf("%s placed by %s, want %s", u, d.method[u], m)
		}
	}
	if d.spots[4].point != nil || *d.spots[6].point != *at(5) {
		t.Error("spots are not where their people are")
	}
	if n := len(d.people[cohort{"80+", "resident"}]); n != len(d.spots) {
		t.Errorf("a cohort of one village has %d entries, want one for each of %d spots", n, len(d.spots))
	}
}

func TestApportionLosesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spots := make([]int32, rapid.IntRange(1, 500).Draw(t, "spots"))
		people := rapid.IntRange(0, 100000).Draw(t, "people")
		d, all := demand{spots: make([]spot, len(spots))}, make([]int, len(spots))
		for i := range all {
			all[i], d.spots[i].lived = i, 1000
		}
		d.apportion(spots, all, people)
		sum, least, most := 0, spots[0], spots[0]
		for _, p := range spots {
			sum += int(p)
			least, most = min(least, p), max(most, p)
		}
		if sum != people || most-least > 1 {
			t.Fatalf("%d people became %d, %d to %d a spot", people, sum, least, most)
		}
	})
}
