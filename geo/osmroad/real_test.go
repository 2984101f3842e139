//go:build real

package osmroad

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
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

// Our reader sees in every extract what the library sees: the same objects in the same order, to the last bit of a coordinate.
func TestObjectsAreThoseOfTheLibrary(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	files, err := filepath.Glob(filepath.Join(shared, "osm", "*.pbf"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range append(files, filepath.Join(shared, "osm", "porto_alegre", "poa_osm.pbf")) {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		library := osmpbf.New(t.Context(), f, 1)
		defer library.Close()
		nodes, ways := 0, 0
		err = scan(t.Context(), file, true, true, true, func(o osm.Object) error {
			if !library.Scan() {
				return fmt.Errorf("the library has no more objects, ours goes on with %+v", o)
			}
			same := false
			switch want := library.Object().(type) {
			case *osm.Node:
				nodes++
				got, ok := o.(*osm.Node)
				same = ok && got.ID == want.ID && got.Lat == want.Lat && got.Lon == want.Lon && slices.Equal(got.Tags, want.Tags)
			case *osm.Way:
				ways++
				got, ok := o.(*osm.Way)
				same = ok && got.ID == want.ID && slices.Equal(got.Nodes.NodeIDs(), want.Nodes.NodeIDs()) && slices.Equal(got.Tags, want.Tags)
			case *osm.Relation:
				got, ok := o.(*osm.Relation)
				same = ok && got.ID == want.ID && slices.EqualFunc(got.Members, want.Members, func(a, b osm.Member) bool { return a.Type == b.Type && a.Ref == b.Ref && a.Role == b.Role }) && slices.Equal(got.Tags, want.Tags)
			}
			if !same {
				return fmt.Errorf("%+v, the library has %+v", o, library.Object())
			}
			return nil
		})
		if err != nil || library.Scan() || nodes == 0 || ways == 0 {
			t.Errorf("%s: %v after %d nodes, %d ways", file, err, nodes, ways)
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
