package export

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

type lines []string

func (l lines) Rows(_ context.Context, _ layer.Query, each func(layer.Row) error) error {
	point := wkb.MustMarshal(orb.Point{120.5, 29.25})
	gaps, _ := layer.ByID("gaps")
	for i := range 2 {
		r := layer.Row{ID: []string{"g1", "g2"}[i], Values: make([]any, len(gaps.Properties))}
		for j, p := range gaps.Properties {
			switch {
			case p.Name == "name":
				r.Values[j] = []string{"下坑村", "=1+1"}[i]
			case p.Name == "people":
				r.Values[j] = []any{int64(63), int64(7)}[i]
			case p.Name == "minutes" && i == 0:
				r.Values[j] = 27.1
			case p.Type == layer.Date:
				r.Values[j] = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
			}
		}
		if i == 0 {
			r.WKB = point
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (lines) Extent(context.Context, string, layer.Snapshot, planner.Viewer) (layer.Extent, error) {
	return layer.Extent{Bound: &orb.Bound{Min: orb.Point{120.5, 29.25}, Max: orb.Point{120.5, 29.25}}, Count: 2}, nil
}

func (lines) Tile(_ context.Context, _ layer.Query, t layer.Tile) ([]byte, error) {
	return []byte(t.Key()), nil
}

func (l lines) Stream(_ context.Context, _ layer.Query, each func([]byte) error) error {
	for _, f := range l {
		if err := each([]byte(f)); err != nil {
			return err
		}
	}
	return nil
}

var two = lines{
	`{"type":"Feature","id":"g1","geometry":{"type":"Point","coordinates":[120.5,29.25]},"properties":{"gap_id":"g1","name":"下坑村","people":63,"minutes":27.1,"unit_code":"990121101201"}}`,
	`{"type":"Feature","id":"g2","geometry":null,"properties":{"gap_id":"g2","name":"=1+1","people":7,"minutes":null,"unit_code":"990121101202"}}`,
}

func write(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	gaps, _ := layer.ByID("gaps")
	n, err := Write(t.Context(), two, gaps, layer.Query{}, format, &b)
	if err != nil || n != 2 {
		t.Fatalf("%s: %d features, %v", format, n, err)
	}
	return b.Bytes()
}

func TestGeoJSON(t *testing.T) {
	var c struct{ Features []json.RawMessage }
	if err := json.Unmarshal(write(t, "geojson"), &c); err != nil || len(c.Features) != 2 {
		t.Errorf("%d features, %v", len(c.Features), err)
	}
}

func TestCSVForExcel(t *testing.T) {
	s := string(write(t, "csv"))
	for _, want := range []string{"\ufeff缺口编号,", "下坑村", ",63,", "27.1", ",'=1+1,", "120.5,29.25\n"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in\n%s", want, s)
		}
	}
}

func TestXLSXHasNumbersAndCodes(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("缺口")
	if err != nil || len(rows) != 3 || rows[0][0] != "缺口编号" || rows[1][2] != "990121101201" {
		t.Fatalf("%v %v", rows, err)
	}
	if kind, err := f.GetCellType("缺口", "G2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("people are of type %v, %v", kind, err)
	}
}

func TestUnknownFormatAndSystem(t *testing.T) {
	gaps, _ := layer.ByID("gaps")
	if _, err := Write(t.Context(), two, gaps, layer.Query{}, "dwg", &bytes.Buffer{}); planner.KindOf(err) != planner.Invalid {
		t.Error(err)
	}
	mercator, _ := layer.ParseCRS("EPSG:3857")
	for format := range longitudes {
		if _, err := Write(t.Context(), two, gaps, layer.Query{CRS: mercator}, format, &bytes.Buffer{}); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// GDAL reads each file that it knows: the same features, types and Chinese.
func TestFilesInGDAL(t *testing.T) {
	for _, format := range []string{"geojson", "geojsonseq", "fgb", "gpkg", "csv"} {
		path := filepath.Join(t.TempDir(), "gaps."+format)
		if err := os.WriteFile(path, write(t, format), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", format, err, out)
		}
		want := []string{"Feature Count: 2", "下坑村", "63", "27.1"}
		if format != "csv" {
			want = append(want, "POINT (120.5 29.25)", "people (Integer", "minutes (Real) = 27.1")
		}
		if format == "fgb" || format == "gpkg" {
			want = append(want, "people (Integer64) = 63", "as_of (Date", "2025/12/31")
		}
		for _, w := range want {
			if !strings.Contains(string(out), w) {
				t.Errorf("%s: %q is not in\n%s", format, w, out)
			}
		}
	}
}

// The parquet file is read by the library that wrote it here, by DuckDB in scripts/test-files.
func TestGeoParquet(t *testing.T) {
	b := write(t, "parquet")
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil || f.NumRows() != 2 {
		t.Fatal(f.NumRows(), err)
	}
	geo, _ := f.Lookup("geo")
	for _, part := range []string{`"version":"1.1.0"`, `"encoding":"WKB"`, `"covering"`, `"geometry_types":["Point"]`} {
		if !strings.Contains(geo, part) {
			t.Errorf("no %s in %s", part, geo)
		}
	}
	for _, code := range []int{4326, 4490, 3857, 4513, 4549} {
		if v, err := projJSON(code); err != nil || v.(map[string]any)["id"].(map[string]any)["code"] != float64(code) {
			t.Errorf("%d: %v %v", code, v, err)
		}
	}
}

func TestPMTiles(t *testing.T) {
	if b := write(t, "pmtiles"); string(b[:8]) != "PMTiles\x03" || b[99] != 1 || b[101] != tilesTo {
		t.Errorf("%q", b[:127])
	}
}
