//go:build real

package generate

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestStreetsAgainstHeidelberg measures the generated towns and a real one with
// the same code. It needs the shared test data and fails without them.
func TestStreetsAgainstHeidelberg(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	real := measureStreets(t, filepath.Join(shared, "osm", "heidelberg.osm.pbf"), townStreets, townJunctions)
	for _, f := range [][2]float64{{real.degree, heidelberg.degree}, {real.edge, heidelberg.edge}, {real.circuity, heidelberg.circuity}, {real.density, heidelberg.density}} {
		if math.Abs(f[0]/f[1]-1) > 0.005 {
			t.Errorf("the figures kept for the quick test are out of date: %+v", real)
		}
	}
	for _, seed := range []int64{1, 2, 7} {
		dir := t.TempDir()
		if _, err := Generate(t.Context(), dir, Options{Seed: seed}, nil); err != nil {
			t.Fatal(err)
		}
		measureStreets(t, filepath.Join(dir, "network.osm.pbf"), townStreets, townJunctions).within(t, real)
	}
}
