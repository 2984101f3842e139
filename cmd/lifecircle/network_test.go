package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
)

// roads is a street with a footpath that ends 1.1 m short of it, and a row without a line.
const roads = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"道路等级":"村道","名称":"溪东路"},"geometry":{"type":"LineString","coordinates":[[120.000,29.0],[120.004,29.0]]}},
{"type":"Feature","properties":{"道路等级":"步行道"},"geometry":{"type":"LineString","coordinates":[[120.001,29.002],[120.001,29.00001]]}},
{"type":"Feature","properties":{"道路等级":"步行道"},"geometry":null}]}`

func roadsFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roads.geojson")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestVerifyCirclesOfSurveyedRoads(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"verify-circles", "--network", roadsFile(t, roads), "--crs", "EPSG:4490", "--sources", "20", "--minutes", "2", "--json"}, &out, &errs)
	var report struct {
		Circles int     `json:"circles"`
		Inside  float64 `json:"reachable_inside"`
		Differ  int     `json:"node_time_differences"`
	}
	if err := json.Unmarshal(out.Bytes(), &report); code != exitOK || err != nil || report.Circles != 20 || report.Inside < 0.9999 || report.Differ != 0 || !strings.Contains(errs.String(), "1 ends repaired") {
		t.Errorf("exit %d: %s%s %v", code, out.String(), errs.String(), err)
	}
}

func TestImportSurveyedRoads(t *testing.T) {
	url, file := datatest.URL(t), roadsFile(t, roads)
	program := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"--database", url}, args...), &out, &errs); code != want {
			t.Fatalf("%v: exit %d, want %d: %s%s", args, code, want, out.String(), errs.String())
		}
		return out.String() + errs.String()
	}
	program(exitRejected, "import", "network", file, "--crs", "EPSG:4490", "--dry-run")
	if text := program(exitRejected, "import", "network", file, "--crs", "EPSG:4490"); !strings.Contains(text, "data version 1;") || !strings.Contains(text, "footway 0.2") {
		t.Error(text)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "network-report.xlsx")); err != nil {
		t.Error(err)
	}
	if text := program(exitFailed, "import", "network", roadsFile(t, strings.ReplaceAll(roads, "村道", "阳关道")), "--crs", "EPSG:4490"); !strings.Contains(text, "阳关道") {
		t.Error(text)
	}
	table := filepath.Join(t.TempDir(), "q.csv")
	if text := program(exitOK, "quality", "network", "-o", table, "--json"); !strings.Contains(text, `"whole":{`) {
		t.Error(text)
	}
	if text, err := os.ReadFile(table); err != nil || !strings.HasPrefix(string(text), "\ufeff乡镇代码,") {
		t.Errorf("%q %v", text, err)
	}
	pool, err := data.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	st := store.New(pool)
	_, digest, err := st.Network(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if g, err := st.Graph(t.Context(), digest); err != nil || g.NumNodes() != 5 {
		t.Errorf("%v", err)
	}
}
