package generate

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// region is one generated county that all tests of the files share.
type region struct {
	dir string
	m   *Manifest
	err error
}

var (
	scratch string
	first   = sync.OnceValue(func() region { return generated("first", 1) })
)

// demoCounty is the county of demo in memory, for tests that look at its land.
func demoCounty(t *testing.T) *county {
	t.Helper()
	c, err := inMemory()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var inMemory = sync.OnceValues(func() (*county, error) { return quietly(newPlan(County), 0, 1) })

// quietly builds one county of a plan without progress.
func quietly(div *divisionPlan, k int, seed int64) (*county, error) {
	return buildCounty(div, &div.counties[k], seed, func(string) error { return nil })
}

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "generate"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

func generated(name string, seed int64) region {
	dir := filepath.Join(scratch, name)
	m, err := Generate(context.Background(), dir, Options{Seed: seed}, nil)
	return region{dir, m, err}
}

func demo(t *testing.T) region {
	t.Helper()
	r := first()
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r
}

// table reads a CSV file as maps from header to value.
func (r region) table(t *testing.T, name string) []map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	if strings.Contains(name, "gb18030") {
		if s, err = simplifiedchinese.GB18030.NewDecoder().String(s); err != nil {
			t.Fatal(err)
		}
	} else if !strings.HasPrefix(s, "\ufeff") {
		t.Errorf("%s has no byte order mark", name)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string, len(row))
		for i, h := range rows[0] {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func (r region) files() []string {
	return []string{"units.geojson", "places.csv", "addresses_1.csv", "addresses_2_gb18030.csv", "facilities.xlsx",
		"population.csv", "flags.csv", "network.osm.pbf", "elevation.tif", "exclusions.geojson"}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func digest(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// The bytes depend on the seed alone, not on the cores that share the work.
func TestSameSeedSameBytes(t *testing.T) {
	a := demo(t)
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	runtime.GOMAXPROCS(cores + 3)
	b := generated("again", 1)
	if b.err != nil {
		t.Fatal(b.err)
	}
	for _, name := range a.files() {
		x, y := digest(t, filepath.Join(a.dir, name)), digest(t, filepath.Join(b.dir, name))
		if x != y {
			t.Errorf("%s differs between two runs with one seed", name)
		}
		if a.m.Files[name].SHA256 != x {
			t.Errorf("%s: the manifest has another digest", name)
		}
	}
}

// Counties that are generated at the same time come out as one after the other.
func TestCountiesSideBySide(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	div := newPlan(Province)
	div.counties = div.counties[1:3]
	var sums [2]string
	for i, cores := range []int{1, 4} {
		runtime.GOMAXPROCS(cores)
		h := sha256.New()
		err := renderAll(div, Options{Seed: 5}, func(*countyPlan, string) error { return nil }, func(r *chunk) error {
			names := slices.Sorted(maps.Keys(r.files))
			for _, n := range names {
				fmt.Fprintln(h, r.plan.code, n, r.file(n).Len())
				h.Write(r.file(n).Bytes())
			}
			for _, t := range r.tiles {
				h.Write(t.data)
			}
			fmt.Fprintln(h, r.counts, r.rows)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = hex.EncodeToString(h.Sum(nil))
	}
	if sums[0] != sums[1] {
		t.Error("the files depend on the number of cores")
	}
}

// An error while one county is taken over ends the others too.
func TestRenderStops(t *testing.T) {
	div := newPlan(Prefecture)
	broken := errors.New("disk full")
	steps := 0
	var mu sync.Mutex
	err := renderAll(div, Options{Seed: 5}, func(p *countyPlan, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		steps++
		if p.serial > 1 {
			return broken
		}
		return nil
	}, func(*chunk) error { return nil })
	if !errors.Is(err, broken) || steps > 20 {
		t.Errorf("after %d steps: %v", steps, err)
	}
}

// The division table is made before the seed is looked at; its codes keep the
// rules of the brief at every scale.
func TestDivisionCodes(t *testing.T) {
	for _, scale := range []Scale{County, Prefecture, Province} {
		d := newPlan(scale)
		seen := map[string]bool{}
		for _, c := range d.counties {
			if want := d.prefectures[c.prefecture].code[:4]; c.code[:4] != want || len(c.code) != 12 {
				t.Errorf("county %s under prefecture %s", c.code, want)
			}
			for _, p := range c.townships {
				if seen[p.code] || p.code[:6] != c.code[:6] || p.code[9:] != "000" {
					t.Errorf("township code %s", p.code)
				}
				seen[p.code] = true
				for _, v := range p.villages {
					k := v.code[9:]
					if seen[v.code] || v.code[:9] != p.code[:9] || v.community != (k < "200") || k == "000" || k > "399" {
						t.Errorf("village code %s %s", v.code, v.name)
					}
					seen[v.code] = true
				}
			}
		}
	}
	d := newPlan(Province)
	towns, villages := 0, 0
	for _, c := range d.counties {
		towns += len(c.townships)
		villages += c.villageTotal
	}
	if len(d.prefectures) != 11 || len(d.counties) != 90 || towns != 1364 || villages < 25_300 || villages > 25_700 {
		t.Errorf("the province has %d prefectures, %d counties, %d townships, %d villages", len(d.prefectures), len(d.counties), towns, villages)
	}
	d = newPlan(County)
	if n := len(d.counties[0].townships); n != 15 || d.counties[0].code != "990121000000" {
		t.Errorf("%s has %d townships", d.counties[0].code, n)
	}
}

func TestStopsAndRefuses(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, filepath.Join(t.TempDir(), "x"), Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := Generate(context.Background(), t.TempDir(), Options{Scale: "continent"}, nil); err == nil {
		t.Error("an unknown scale was taken")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Generate(context.Background(), dir, Options{}, nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a directory with someone's files: %v", err)
	}
}
