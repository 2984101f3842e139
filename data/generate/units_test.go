package generate

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

type unitRow struct {
	code, name, level, parent, class string
	island                           bool
	shape                            orb.MultiPolygon
}

func (r region) units(t *testing.T) map[string]unitRow {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, "units.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(b, &fc); err != nil {
		t.Fatal(err)
	}
	out := map[string]unitRow{}
	for _, f := range fc.Features {
		mp, ok := f.Geometry.(orb.MultiPolygon)
		if !ok {
			t.Fatalf("a unit is a %T", f.Geometry)
		}
		p := f.Properties
		u := unitRow{p.MustString("code"), p.MustString("name"), p.MustString("level"), p.MustString("parent_code", ""), p.MustString("class", ""), p.MustBool("is_island"), mp}
		if _, twice := out[u.code]; twice {
			t.Errorf("unit %s twice", u.code)
		}
		out[u.code] = u
	}
	return out
}

func TestUnitsHangTogether(t *testing.T) {
	r := demo(t)
	units := r.units(t)
	above := map[string]string{"prefecture": "province", "county": "prefecture", "township": "county", "village": "township"}
	count := map[string]int{}
	for _, u := range units {
		count[u.level]++
		if want := above[u.level]; want != "" && units[u.parent].level != want {
			t.Errorf("%s %s lies under %q", u.level, u.code, u.parent)
		}
		if u.level == "village" && (len(u.class) != 3 || u.class < "111" || u.class > "220") {
			t.Errorf("village %s has class %q", u.code, u.class)
		}
		if len(u.shape) == 0 {
			t.Errorf("%s %s has no land", u.code, u.name)
		}
		for _, poly := range u.shape {
			for k, ring := range poly {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] || (ringArea(ring) > 0) != (k == 0) {
					t.Errorf("%s: ring %d of %d points is not sound", u.code, k, len(ring))
				}
				if b := ring.Bound(); b.Min[0] < 122.7 || b.Max[0] > 123.25 || b.Min[1] < 28.95 || b.Max[1] > 29.5 {
					t.Errorf("%s reaches %v", u.code, b)
				}
			}
		}
	}
	if count["province"] != 1 || count["prefecture"] != 1 || count["county"] != 1 || count["township"] != 15 || count["village"] < 270 || count["village"] > 290 {
		t.Errorf("units per level: %v", count)
	}
}

// Walking round all villages of a township and striking out every border that
// is walked in both directions leaves the township's border, to the last digit;
// so too for townships and counties. Hence nothing overlaps and nothing is left out.
func TestUnitsTile(t *testing.T) {
	units := demo(t).units(t)
	type side struct{ a, b orb.Point }
	walks := func(mp orb.MultiPolygon, m map[side]int) {
		for _, poly := range mp {
			for _, ring := range poly {
				for i := 1; i < len(ring); i++ {
					s, n := side{ring[i-1], ring[i]}, 1
					if s.b[0] < s.a[0] || s.b[0] == s.a[0] && s.b[1] < s.a[1] {
						s, n = side{s.b, s.a}, -1
					}
					m[s] += n
				}
			}
		}
	}
	sums := map[string]map[side]int{}
	areas := map[string]float64{}
	area := func(mp orb.MultiPolygon) (a float64) {
		for _, poly := range mp {
			for _, ring := range poly {
				a += ringArea(ring)
			}
		}
		return a
	}
	for _, u := range units {
		if u.parent == "" {
			continue
		}
		if sums[u.parent] == nil {
			sums[u.parent] = map[side]int{}
		}
		walks(u.shape, sums[u.parent])
		areas[u.parent] += area(u.shape)
	}
	for code, m := range sums {
		u := units[code]
		walks(u.shape, m) // added once more, a border counts exactly twice or not at all
		for s, n := range m {
			if n != 0 && n != 2 && n != -2 {
				t.Fatalf("%s %s: the border %v–%v is not shared", code, u.name, s.a, s.b)
			}
		}
		if a := area(u.shape); math.Abs(a-areas[code]) > 1e-12 {
			t.Errorf("%s: area %g, its parts %g", code, a, areas[code])
		}
	}
}

// No border of a village crosses another one: segments of all villages are
// compared in cells; they may only meet at corners.
func TestVillageBordersDoNotCross(t *testing.T) {
	type seg struct{ a, b orb.Point }
	grid := map[[2]int][]seg{}
	seen := map[seg]bool{}
	const cell = 0.002
	for _, u := range demo(t).units(t) {
		if u.level != "village" {
			continue
		}
		for _, poly := range u.shape {
			for _, ring := range poly {
				for i := 1; i < len(ring); i++ {
					s := seg{ring[i-1], ring[i]}
					if seen[s] || seen[seg{s.b, s.a}] {
						continue
					}
					seen[s] = true
					for x := int(math.Min(s.a[0], s.b[0]) / cell); x <= int(math.Max(s.a[0], s.b[0])/cell); x++ {
						for y := int(math.Min(s.a[1], s.b[1]) / cell); y <= int(math.Max(s.a[1], s.b[1])/cell); y++ {
							grid[[2]int{x, y}] = append(grid[[2]int{x, y}], s)
						}
					}
				}
			}
		}
	}
	for _, list := range grid {
		for i, s := range list {
			for _, o := range list[:i] {
				if s.a == o.a || s.a == o.b || s.b == o.a || s.b == o.b {
					continue
				}
				if _, _, ok := crossing(pt{s.a[0] * 1e5, s.a[1] * 1e5}, pt{s.b[0] * 1e5, s.b[1] * 1e5}, pt{o.a[0] * 1e5, o.a[1] * 1e5}, pt{o.b[0] * 1e5, o.b[1] * 1e5}); ok {
					t.Fatalf("borders cross near %v", s.a)
				}
			}
		}
	}
}

// Two counties that are generated apart draw their common border alike: what one
// walks, the other walks back.
func TestNeighboursShareABorder(t *testing.T) {
	type side struct{ a, b orb.Point }
	d := newPlan(Province)
	outline := func(serial int) map[side]bool {
		c := newCounty(d, &d.counties[serial-1], 1)
		c.divide()
		c.outlineVillages()
		m := map[side]bool{}
		for _, mp := range c.outline {
			for _, poly := range mp {
				for _, ring := range poly {
					for i := 1; i < len(ring); i++ {
						if back := (side{ring[i], ring[i-1]}); m[back] {
							delete(m, back)
						} else {
							m[side{ring[i-1], ring[i]}] = true
						}
					}
				}
			}
		}
		return m
	}
	for _, pair := range [][2]int{{1, 2}, {80, 81}} { // the second pair disagreed about a speck of land at the shore
		a, b := outline(pair[0]), outline(pair[1])
		own := map[orb.Point]bool{}
		shared, ends := 0, 0
		for s := range a {
			if b[side{s.b, s.a}] {
				shared++
			} else {
				own[s.a] = true
			}
		}
		for s := range b {
			if !a[side{s.b, s.a}] && own[s.b] {
				ends++
			}
		}
		if shared < 300 || ends != 1 { // a sliver between the two would have an end of its own
			t.Errorf("counties %v share %d sides of their border, which has %d ends", pair, shared, ends)
		}
	}
}
