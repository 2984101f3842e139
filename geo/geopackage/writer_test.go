package geopackage

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// three writes three rows: a point, a polygon, nothing.
func three(t *testing.T, path string) Table {
	t.Helper()
	w, err := Create(t.Context(), path, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	table := Table{Name: "设施 \"a\"", Title: "设施", Shape: "GEOMETRY", CRS: WGS84, Fields: []Field{{"fid", "TEXT", "编号"}, {"name", "TEXT", ""}, {"beds", "INTEGER", "床位"}, {"share", "REAL", ""}, {"open", "BOOLEAN", ""}, {"since", "DATE", ""}, {"at", "DATETIME", ""}}}
	shapes := []orb.Geometry{orb.Point{120.5, 29.25}, orb.Polygon{{{120, 29}, {121, 29}, {121, 30}, {120, 29}}}, nil}
	i := 0
	n, err := w.Write(t.Context(), table, func() ([]any, []byte, bool, error) {
		if i == len(shapes) {
			return nil, nil, false, nil
		}
		var b []byte
		if shapes[i] != nil {
			b = wkb.MustMarshal(shapes[i])
		}
		i++
		day := time.Date(2020, 2, 29, 1, 2, 3, 0, time.UTC)
		return []any{"a", "慈溪市", int64(1) << 40, 0.25, true, day, day}, b, true, nil
	})
	if err != nil || n != 3 {
		t.Fatal(n, err)
	}
	n, err = w.Write(t.Context(), Table{Name: "notes", Fields: []Field{{"text", "TEXT", ""}}}, func() ([]any, []byte, bool, error) { return nil, nil, false, nil })
	if err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b.gpkg")
	table := three(t, path)
	if _, err := Create(t.Context(), path, time.Now()); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file was overwritten: %v", err)
	}
	r, err := Open(t.Context(), path, table.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	first, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Record{1, []string{"1", "a", "慈溪市", "1099511627776", "0.25", "1", "2020-02-29", "2020-02-29"}, orb.Point{120.5, 29.25}}, first); diff != "" {
		t.Error(diff)
	}
	if second, err := r.Next(); err != nil || second.Geometry.GeoJSONType() != "Polygon" {
		t.Error(second, err)
	}
	if third, err := r.Next(); err != nil || third.Geometry != nil {
		t.Error(third, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
}

// GDAL reads types, index and titles, and finds nothing to complain of.
func TestGDALReadsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gpkg")
	table := three(t, path)
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-spat", "120.4", "29.2", "120.6", "29.3", path, table.Name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"Feature Count: 2", "beds: Integer64", "share: Real", "open: Integer(Boolean)", "since: Date", "at: DateTime", "慈溪市", "2020/02/29", "ID[\"EPSG\",4326]", "POINT (120.5 29.25)"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "Warning") || strings.Contains(string(out), "ERROR") {
		t.Errorf("%s", out)
	}
}

// A stop half way is an error.
func TestAStopIsAnError(t *testing.T) {
	w, err := Create(t.Context(), filepath.Join(t.TempDir(), "a.gpkg"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err = w.Write(ctx, Table{Name: "t", Fields: []Field{{"n", "INTEGER", ""}}}, func() ([]any, []byte, bool, error) {
		if n++; n == 5 {
			cancel()
		}
		return []any{int64(n)}, nil, true, nil
	})
	if err == nil {
		t.Error("a canceled write ended well")
	}
}
