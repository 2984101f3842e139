//go:build real

package osmroad

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every extract of the shared data loads, whatever the order of its objects.
// Node counts are bounds from osmium's own count of nodes in the file.
func TestRealExtracts(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	for name, least := range map[string]int{
		"porto_alegre/poa_osm.pbf": 10_000, "heidelberg.osm.pbf": 20_000, "andorra.osm.pbf": 20_000, "liechtenstein.osm.pbf": 20_000,
		"london.osm.pbf": 5_000, "bangor.osm.pbf": 1_000, "moscow.osm.pbf": 1_000, "moscow.osm.gz": 1_000, "singapore_bayfront.osm.pbf": 300,
		"baltimore_unordered.osm.pbf": 2_000, "portland_unordered.osm.pbf": 2_000, "snake_road.osm.pbf": 10,
	} {
		net, err := Build(t.Context(), filepath.Join(shared, "osm", name), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		t.Logf("%-28s %7d nodes %7d arcs %6d roads %5d water", name, net.Graph.NumNodes(), net.Graph.NumArcs(), len(net.Roads), len(net.Water))
		if net.Graph.NumNodes() < least {
			t.Errorf("%s: %d nodes, at least %d expected", name, net.Graph.NumNodes(), least)
		}
	}
}

// A PBF that was cut in copying is refused by name, wherever the cut is.
func TestCutPBF(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	whole, err := os.ReadFile(filepath.Join(shared, "osm", "bangor.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{100, len(whole) / 3, len(whole) / 2, len(whole) - 1} {
		_, err := Build(t.Context(), write(t, "cut.osm.pbf", whole[:n]), nil)
		if err == nil || !strings.Contains(err.Error(), "cut.osm.pbf") {
			t.Errorf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
}
