package store

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner/completeness"
)

// Two townships of 0.01° by 0.01° side by side. A street of 0.02° crosses both, half of it in each (973.6 m at 29° N); a
// footpath of 0.001° (111.2 m) lies in the west; a home stands there, another 0.007° north of the street in the east.
func TestCompleteness(t *testing.T) {
	pool := datatest.Open(t)
	s := New(pool)
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	square := func(code, name, w string, e string) string {
		return `{"type":"Feature","properties":{"code":"` + code + `","name":"` + name + `"},"geometry":{"type":"Polygon","coordinates":[[[` + w + `,29.0],[` + e + `,29.0],[` + e + `,29.01],[` + w + `,29.01],[` + w + `,29.0]]]}}`
	}
	for kind, file := range map[string]string{"units": write("units.geojson", `{"type":"FeatureCollection","features":[`+square("990121", "县", "120.0", "120.02")+","+square("990121101", "西镇", "120.0", "120.01")+","+square("990121102", "东镇", "120.01", "120.02")+`]}`)} {
		if _, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: kind, Files: []string{file}, CRS: "EPSG:4490"}); err != nil {
			t.Fatal(err)
		}
	}
	for kind, text := range map[string]string{
		"addresses":  "地址编码,标准地址,村社区代码,经度,纬度\na,西镇1号,990121101,120.005,29.0011\nb,东镇1号,990121102,120.015,29.008\n",
		"population": "区划代码,人口口径,年龄组,人数\n990121101,常住,总人口,2000\n990121101,户籍,总人口,3000\n",
	} {
		if _, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: kind, Files: []string{write(kind+".csv", text)}, CRS: "EPSG:4490"}); err != nil {
			t.Fatal(kind, err)
		}
	}
	n, err := osmroad.Build(t.Context(), write("n.osm", `<osm version="0.6"><node id="1" lat="29.001" lon="120.000"/><node id="2" lat="29.001" lon="120.005"/><node id="3" lat="29.001" lon="120.020"/><node id="4" lat="29.002" lon="120.005"/>
		<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way><way id="2"><nd ref="2"/><nd ref="4"/><tag k="highway" v="footway"/></way></osm>`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveNetwork(t.Context(), "t", []string{"n.osm"}, n, false); err != nil {
		t.Fatal(err)
	}
	version, digest, err := s.Network(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := completeness.Measure(t.Context(), s, version, digest, n.Graph)
	if err != nil || len(r.Townships) != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	west, east := r.Townships[0], r.Townships[1]
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.005 }
	if !near(west.StreetKM, 0.974+0.111) || !near(west.FootKM, 0.111) || !near(east.StreetKM, 0.974) || !near(west.KM2, 1.08) || west.County != "县" || *west.People != 2000 || east.People != nil || !near(west.PerPeople, 0.5425) {
		t.Errorf("%+v\n%+v", west, east)
	}
	if west.Addresses != 1 || west.Reachable != 1 || east.Far500 != 1 || east.Reachable != 0 || !east.Verify || r.Whole.Addresses != 2 {
		t.Errorf("%+v\n%+v", west, east)
	}
}
