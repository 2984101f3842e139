package store

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// A street of 0.002° that rises eastward by 20 m: imported after its elevation or before, it has the same heights, and
// climbing costs more than the flat. The same file again makes no version.
func TestElevationReachesTheNetwork(t *testing.T) {
	dir := t.TempDir()
	grid := "ncols 5\nnrows 3\nxllcorner 119.9985\nyllcorner 28.9985\ncellsize 0.001\n"
	for range 3 {
		grid += "90 100 110 120 130\n"
	}
	tif, osm := filepath.Join(dir, "e.tif"), filepath.Join(dir, "n.osm")
	write(t, filepath.Join(dir, "e.asc"), grid)
	if out, err := exec.Command("gdal_translate", "-q", "-a_srs", "EPSG:4326", filepath.Join(dir, "e.asc"), tif).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	write(t, osm, `<osm><node id="1" lat="29" lon="120"/><node id="2" lat="29" lon="120.002"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>`)

	digests := map[string]string{}
	for _, first := range []string{"elevation", "network"} {
		s := New(datatest.Open(t))
		save := map[string]func(){
			"elevation": func() {
				if v, err := s.SaveElevation(t.Context(), "t", []string{tif}, false); err != nil || v == 0 {
					t.Fatal(v, err)
				}
			},
			"network": func() {
				tmp := t.TempDir()
				model, err := s.Elevation(t.Context(), tmp)
				if err != nil || (model != nil) != (first == "elevation") {
					t.Fatal(model, err)
				}
				var sampler osmroad.Sampler
				if model != nil {
					sampler = model
				}
				n, err := osmroad.Build(t.Context(), osm, sampler)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.SaveNetwork(t.Context(), "t", []string{osm}, n, false); err != nil {
					t.Fatal(err)
				}
			},
		}
		save[first]()
		delete(save, first)
		for _, then := range save {
			then()
		}
		_, digest, err := s.Network(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		digests[digest] = first
		g, err := s.Graph(t.Context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := travel.ProfileByID("elder_60_69")
		if _, steepest := travel.NewNet(g, p).SlopeFactors(); fmt.Sprintf("%.0f %.0f %.2f", g.Elevation(0), g.Elevation(1), steepest) != "100 120 1.43" && // e^(3.5·20/194.7)
			fmt.Sprintf("%.0f %.0f %.2f", g.Elevation(1), g.Elevation(0), steepest) != "100 120 1.43" {
			t.Errorf("%s first: heights %v, %v, slope factor %.2f", first, g.Elevation(0), g.Elevation(1), steepest)
		}
		if v, err := s.SaveElevation(t.Context(), "t", []string{tif}, false); err != nil || v != 0 {
			t.Errorf("the same file again: version %d, %v", v, err)
		}
	}
	if len(digests) != 1 {
		t.Errorf("the order of imports matters: %v", digests)
	}
	if _, err := New(datatest.Open(t)).SaveElevation(t.Context(), "t", []string{osm}, false); planner.KindOf(err) != planner.Invalid {
		t.Errorf("an OSM file as elevation: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
