package ingest

import (
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/generate"
)

// TestTheGeneratedCountyIsTakenWhole holds generate and import to one another:
// every row of every file is taken, and each file is one version.
func TestTheGeneratedCountyIsTakenWhole(t *testing.T) {
	dir := t.TempDir()
	if _, err := generate.Generate(t.Context(), dir, generate.Options{Scale: generate.County, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	pool := datatest.Open(t)
	for i, c := range []struct {
		kind, files string
		least       int64
	}{
		{"units", "units.geojson", 290}, {"places", "places.csv", 500}, {"addresses", "addresses*.csv", 90000}, {"facilities", "facilities.xlsx", 500},
		{"population", "population.csv", 3000}, {"flags", "flags.csv", 280}, {"exclusions", "exclusions.geojson", 10},
	} {
		files, err := filepath.Glob(filepath.Join(dir, c.files))
		if err != nil || len(files) == 0 {
			t.Fatal(c.files, err)
		}
		o := Options{Kind: c.kind, Files: files, CRS: "EPSG:4490", Demo: true, Replace: true}
		r := load(t, pool, o)
		if r.Version != int64(i+1) || r.Added < c.least || r.Rejected != 0 || r.Changed+r.Removed != 0 {
			t.Errorf("%s: %+v", c.kind, r)
		}
		if c.kind != "addresses" {
			if again := load(t, pool, o); again.Version != r.Version || again.Added+again.Changed+again.Removed != 0 {
				t.Errorf("%s again: %+v", c.kind, again)
			}
		}
	}
	if n := number(t, pool, `SELECT count(*) FROM unit WHERE geom IS NULL OR NOT ST_IsValid(geom)`); n != 0 {
		t.Errorf("%d units without a valid polygon", n)
	}
}
