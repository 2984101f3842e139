package survey

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// village is three roads: a street, a footpath that ends 1.1 m (1e-5°) short of it, steps from the street's middle; lon, lat.
const village = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"道路名称":"溪东路","公路等级":"村道","单行":"否"},"geometry":{"type":"LineString","coordinates":[[120.000,29.0,5],[120.004,29.0,6]]}},
{"type":"Feature","properties":{"道路名称":"","公路等级":"步行道","单行":""},"geometry":{"type":"LineString","coordinates":[[120.001,29.002,5],[120.001,29.00001,5]]}},
{"type":"Feature","properties":{"道路名称":"石阶","公路等级":"台阶","单行":""},"geometry":{"type":"MultiLineString","coordinates":[[[120.002,29.0,5],[120.002,29.001,5]],[[120.002,29.001,5],[120.002,29.002,5]]]}}]}`

// written writes the village with ogr2ogr; more are its options.
func written(t *testing.T, name, content string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	src, dst := filepath.Join(dir, "src.geojson"), filepath.Join(dir, name)
	if err := os.WriteFile(src, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("ogr2ogr", append(more, dst, src)...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v: %s", err, out)
	}
	return dst
}

// The same village in every format, system and encoding is the same network, to a centimetre or two.
func TestFormatsAndSystems(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		o    Options
	}{
		"GeoPackage with heights, stated by the user": {written(t, "a.gpkg", village), Options{CRS: "EPSG:4490"}},
		"Shapefile, UTF-8":                            {written(t, "a.shp", village, "-lco", "ENCODING=UTF-8", "-dim", "XY", "-nlt", "MULTILINESTRING"), Options{CRS: "EPSG:4326"}},
		"Shapefile with Z, GBK":                       {written(t, "a.shp", village, "-lco", "ENCODING=GBK", "-nlt", "MULTILINESTRINGZ"), Options{CRS: "EPSG:4490"}},
		"Shapefile with ZM, GBK, no .cpg":             {without(t, written(t, "a.shp", village, "-lco", "ENCODING=GBK", "-dim", "XYZM"), ".cpg"), Options{CRS: "EPSG:4490", Encoding: "gb18030"}},
		"Gauss-Krüger as the file states it":          {written(t, "a.gpkg", village, "-t_srs", "EPSG:4549"), Options{}},
		"Gauss-Krüger in a .prj":                      {written(t, "a.shp", village, "-t_srs", "EPSG:4549", "-lco", "ENCODING=GBK"), Options{}},
		"GeoJSON":                                     {written(t, "a.geojson", village), Options{CRS: "EPSG:4326"}},
	} {
		c.o.Tolerance = 2
		n, r, err := Build(t.Context(), []string{c.file}, c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Lines != 3 || len(r.Repairs) != 1 || math.Abs(r.Repairs[0].Metres-1.11) > 0.03 || r.Touches < 1 || r.Components != 1 || n.Roads[0].Name != "溪东路" {
			t.Errorf("%s: %+v", name, r)
		}
		stairs := 0.0
		for a := range graph.ArcID(n.Graph.NumArcs()) {
			if n.Graph.Access(a)&graph.Steps != 0 {
				stairs += float64(n.Graph.Length(a)) / 2000
			}
		}
		if math.Abs(stairs-222.64) > 0.1 {
			t.Errorf("%s: %.2f m of steps", name, stairs)
		}
		if len(n.SourceDigest) != 64 {
			t.Errorf("%s: source digest %q", name, n.SourceDigest)
		}
	}
}

func without(t *testing.T, shp, ext string) string {
	t.Helper()
	if err := os.Remove(strings.TrimSuffix(shp, ".shp") + ext); err != nil {
		t.Fatal(err)
	}
	return shp
}

// GCJ-02 is half a kilometre off: read as such, the roads come back to where they are.
func TestGCJ02(t *testing.T) {
	file := written(t, "a.gpkg", village)
	shifted, _, err := Build(t.Context(), []string{file}, Options{CRS: "gcj02"})
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := Build(t.Context(), []string{file}, Options{CRS: "EPSG:4490"})
	if err != nil {
		t.Fatal(err)
	}
	if d := plain.Bound.Center()[0] - shifted.Bound.Center()[0]; d < 0.003 || d > 0.007 {
		t.Errorf("shifted by %v degrees", d)
	}
}

func TestRefusals(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("wurds: {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "notes.shp")
	if err := os.WriteFile(text, []byte(strings.Repeat("roads ", 40)), 0o600); err != nil {
		t.Fatal(err)
	}
	gpkg := written(t, "a.gpkg", village)
	for name, c := range map[string]struct {
		files []string
		o     Options
		say   string
	}{
		"no system stated in China": {[]string{gpkg}, Options{}, "--crs"},
		"no .prj":                   {[]string{without(t, written(t, "a.shp", village), ".prj")}, Options{}, "--crs"},
		"unknown system":            {[]string{gpkg}, Options{CRS: "EPSG:1"}, "EPSG:1"},
		"metres as degrees":         {[]string{written(t, "a.gpkg", village, "-t_srs", "EPSG:4549")}, Options{CRS: "EPSG:4490"}, "3 rejected"},
		"a mapping with a slip":     {[]string{gpkg}, Options{CRS: "EPSG:4490", Mapping: bad}, "wurds"},
		"no shapefile":              {[]string{text}, Options{CRS: "EPSG:4490"}, "notes.shp"},
		"unknown words":             {[]string{written(t, "a.gpkg", strings.ReplaceAll(village, "村道", "阳关道"))}, Options{CRS: "EPSG:4490"}, "阳关道"},
		"two OSM files":             {[]string{osmFile(t), osmFile(t)}, Options{}, "osmium"},
		"a layer that is not there": {[]string{gpkg}, Options{CRS: "EPSG:4490", Layer: "roads"}, "layers"},
	} {
		_, _, err := Build(t.Context(), c.files, c.o)
		if planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func osmFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.osm")
	xml := `<osm version="0.6"><node id="1" lon="120.004" lat="29.0"/><node id="2" lon="120.008" lat="29.0"/><way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>`
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Surveyed roads go on where OSM's end.
func TestBothSources(t *testing.T) {
	o := Options{CRS: "EPSG:4490", Tolerance: 2}
	base, err := osmroad.Build(t.Context(), osmFile(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	n, r, err := Build(t.Context(), []string{written(t, "a.gpkg", village), osmFile(t)}, o)
	if err != nil || r.Components != 1 || n.Graph.NumNodes() != 8+base.Graph.NumNodes()-1 {
		t.Errorf("%d nodes, %+v, %v", n.Graph.NumNodes(), r, err)
	}
}

func TestReport(t *testing.T) {
	_, r, err := Build(t.Context(), []string{written(t, "a.gpkg", strings.ReplaceAll(village, "29.00001", "29.00005"))}, Options{CRS: "EPSG:4490", Tolerance: 2})
	if err != nil || len(r.Suspects) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	dir := t.TempDir()
	xlsx, lines := filepath.Join(dir, "r.xlsx"), filepath.Join(dir, "r.geojson")
	for _, f := range []string{xlsx, lines} {
		if err := WriteReport(f, r); err != nil {
			t.Fatal(err)
		}
	}
	book, err := excelize.OpenFile(xlsx)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("待核实缺口 gaps")
	if err != nil || len(rows) != 2 || rows[1][0] != "a.gpkg" || rows[1][1] != "2" || fmt.Sprint(r.Suspects[0].Metres) != rows[1][4] {
		t.Errorf("%v %v", rows, err)
	}
	text, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := geojson.UnmarshalFeatureCollection(text); err != nil || len(all.Features) != 1 || all.Features[0].Properties["state"] != "open" {
		t.Errorf("%s %v", text, err)
	}
	if err := WriteReport(filepath.Join(dir, "r.txt"), r); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a report in text: %v", err)
	}
}
