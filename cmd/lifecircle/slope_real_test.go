//go:build real

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
)

// A run on hills reports its slope factors, from SRTM's zipped HGT and from a GeoTIFF, whether the elevation came before
// the network or after it; without elevation it says that no slope counted.
func TestRunReportsSlopes(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	for _, c := range []struct {
		network, elevation string
		lon, lat           float64 // a place in town
	}{
		{"osm/andorra.osm.pbf", "dem/N42E001.hgt.zip", 1.5215, 42.507},
		{"osm/portland_unordered.osm.pbf", "dem/portland-ned.tif", -122.68, 45.52},
	} {
		dir := t.TempDir()
		square := func(code string, half float64) string {
			w, e, s, n := c.lon-half, c.lon+half, c.lat-half, c.lat+half
			return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":"地"},"geometry":{"type":"Polygon","coordinates":[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]}}`, code, w, s, e, s, e, n, w, n, w, s)
		}
		write := func(name, text string) string {
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
		units := write("units.geojson", `{"type":"FeatureCollection","features":[`+square("990121", 0.1)+","+square("990121101", 0.1)+","+square("990121101201", 0.01)+`]}`)
		facilities := write("facilities.csv", fmt.Sprintf("设施编号,设施名称,服务类型,行政区代码,经度,纬度\nF1,中心,日间照料中心,990121101201,%v,%v\n", c.lon, c.lat))
		population := write("population.csv", "区划代码,人口口径,年龄组,人数\n990121101201,常住,60+,100\n")
		network, elevation := filepath.Join(shared, c.network), filepath.Join(shared, c.elevation)
		var factors [][2]float64
		for _, order := range [][][]string{
			{{"network", network}},
			{{"network", network}, {"elevation", elevation}},
			{{"elevation", elevation}, {"network", network}},
		} {
			url := datatest.URL(t)
			program := func(args ...string) string {
				t.Helper()
				var out, errs bytes.Buffer
				if code := run(t.Context(), append([]string{"--database", url}, args...), &out, &errs); code != exitOK {
					t.Fatalf("%v: exit %d: %s%s", args, code, out.String(), errs.String())
				}
				return out.String()
			}
			for kind, file := range map[string]string{"units": units} {
				program("import", kind, file, "--crs", "EPSG:4326")
			}
			program("import", "population", population)
			program("import", "facilities", facilities, "--crs", "EPSG:4326")
			for _, o := range order {
				program(append([]string{"import"}, o...)...)
			}
			var answer struct {
				Summary struct {
					Least    float64 `json:"slope_factor_least"`
					Greatest float64 `json:"slope_factor_greatest"`
				} `json:"summary"`
			}
			if err := json.Unmarshal([]byte(program("plan", "--json")), &answer); err != nil {
				t.Fatal(err)
			}
			factors = append(factors, [2]float64{answer.Summary.Least, answer.Summary.Greatest})
			if text := program("plan"); strings.Contains(text, "no slope counted") != (len(order) == 1 && answer.Summary.Greatest == 1) {
				t.Errorf("%s: %s", c.network, text)
			}
		}
		t.Logf("%s: without elevation %v, with %s %v", c.network, factors[0], c.elevation, factors[1])
		flat, hills, before := factors[0], factors[1], factors[2]
		if hills[0] > 0.85 || hills[1] < 1.5 || hills[0] < 0.8394 || hills[1] > 4.0552 || hills != before || hills[1] <= flat[1] {
			t.Errorf("%s: %v", c.network, factors)
		}
	}
}
