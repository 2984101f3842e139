//go:build real

package ingest

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
)

func shared(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if root == "" {
		root = "../../../shared/data"
	}
	found, err := filepath.Glob(filepath.Join(root, path))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s is needed under %s (LIFECIRCLE_SHARED_DATA): %v %v", path, root, found, err)
	}
	return found[0]
}

func TestHexagonsOfPortoAlegre(t *testing.T) {
	pool := datatest.Open(t)
	o := Options{Kind: "population", Files: []string{shared(t, "osm/porto_alegre/poa_hexgrid.csv")}, Mapping: Mapping{"basis": "=resident", "group": "=total"}}
	r := load(t, pool, o)
	if r.Added != 1227 || r.Rejected != 0 || r.CRS != "EPSG:4326" {
		t.Errorf("%+v", r)
	}
}

func TestShapefilesInGBKAndUTF8SayTheSame(t *testing.T) {
	gbk, _, err := all(t, shared(t, "boundaries/gbk_shapefile/hangzhou_counties_CP936.shp"))
	if err != nil {
		t.Fatal(err)
	}
	utf, _, err := all(t, shared(t, "boundaries/gbk_shapefile/hangzhou_counties_UTF-8.shp"))
	if err != nil {
		t.Fatal(err)
	}
	if len(gbk) < 10 || !reflect.DeepEqual(gbk, utf) {
		t.Errorf("%d rows in GBK, %d in UTF-8, or they differ", len(gbk), len(utf))
	}
}

func TestTablesInGB18030AndUTF8SayTheSame(t *testing.T) {
	gb, bad, err := all(t, shared(t, "facilities/poi_gb18030.csv"))
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	utf, bad, err := all(t, shared(t, "facilities/poi_utf8.csv"))
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	if len(gb) != 566 || !reflect.DeepEqual(gb, utf) {
		t.Errorf("%d rows in GB18030, %d in UTF-8, or they differ", len(gb), len(utf))
	}
}

func TestOddFilesAreReadOrRefusedInWords(t *testing.T) {
	for _, pattern := range []string{"oddfiles/geojson_good/*.geojson", "oddfiles/vector/*.geojson", "oddfiles/vector/*.shp"} {
		files, err := filepath.Glob(filepath.Join(filepath.Dir(shared(t, "oddfiles")), pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, f := range files {
			rows, bad, err := all(t, f)
			if err != nil && planner.KindOf(err) != planner.Invalid {
				t.Errorf("%s: %v", f, err)
			}
			t.Logf("%s: %d rows, %d bad, %v", filepath.Base(f), len(rows), len(bad), err)
		}
	}
}
