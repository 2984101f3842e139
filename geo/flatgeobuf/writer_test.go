package flatgeobuf

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

func write(t *testing.T, l Layer, rows int, shape func(i int) orb.Geometry) string {
	t.Helper()
	w, err := NewWriter(l)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range rows {
		var b []byte
		if g := shape(i); g != nil {
			b = wkb.MustMarshal(g)
		}
		if err := w.Add(b, []any{fmt.Sprint("慈溪市", i), int64(i) << 33, 0.5, i%2 == 0, time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.fgb")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

var columns = []Column{{"name", "名称", "", String}, {"n", "", "", Long}, {"share", "", "", Double}, {"open", "", "", Bool}, {"since", "", "", DateTime}}

func info(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ogrinfo", append([]string{"-ro"}, args...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
	return string(out)
}

// GDAL finds by the index exactly what lies in a box, for every depth of it.
func TestIndexInGDAL(t *testing.T) {
	for _, n := range []int{0, 1, 2, 16, 17, 256, 257, 5000} {
		path := write(t, Layer{Name: "点", Shape: "Point", EPSG: 4326, CRSName: "WGS 84", Columns: columns}, n, func(i int) orb.Geometry {
			return orb.Point{120 + float64(i%100)/100, 29 + float64(i/100)/100}
		})
		all, some := info(t, "-so", path, "点"), info(t, "-so", "-spat", "120.095", "28.9", "120.205", "29.025", path, "点")
		inside := 0
		for i := range n {
			if x, y := i%100, i/100; x >= 10 && x <= 20 && y <= 2 {
				inside++
			}
		}
		if !strings.Contains(all, fmt.Sprintf("Feature Count: %d\n", n)) || !strings.Contains(some, fmt.Sprintf("Feature Count: %d\n", inside)) || !strings.Contains(all, `ID["EPSG",4326]`) {
			t.Errorf("%d points, %d in the box:\n%s%s", n, inside, all, some)
		}
	}
}

func TestShapesInGDAL(t *testing.T) {
	ring := func(x float64) orb.Ring { return orb.Ring{{x, 0}, {x + 4, 0}, {x + 4, 4}, {x, 0}} }
	hole := orb.Ring{{3, 0.5}, {3.5, 1}, {3.5, 0.5}, {3, 0.5}}
	for _, c := range []struct {
		g    orb.Geometry
		want string
	}{
		{orb.Point{1, 2}, "POINT (1 2)"}, {orb.MultiPoint{{1, 2}, {3, 4}}, "MULTIPOINT ((1 2),(3 4))"}, {orb.LineString{{1, 2}, {3, 4}}, "LINESTRING (1 2,3 4)"},
		{orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, "MULTILINESTRING ((1 2,3 4),(5 6,7 8))"}, {orb.Polygon{ring(0), hole}, "POLYGON ((0 0,4 0,4 4,0 0),(3.0 0.5,3.5 1.0,3.5 0.5,3.0 0.5))"},
		{orb.MultiPolygon{{ring(0), hole}, {ring(9)}}, "MULTIPOLYGON (((0 0,4 0,4 4,0 0),(3.0 0.5,3.5 1.0,3.5 0.5,3.0 0.5)),((9 0,13 0,13 4,9 0)))"}, {nil, ""},
	} {
		shape := "Geometry"
		if c.g != nil {
			shape = c.g.GeoJSONType()
		}
		out := info(t, write(t, Layer{Name: "a", Shape: shape, EPSG: 4490, CRSName: "CGCS2000", Columns: columns}, 1, func(int) orb.Geometry { return c.g }), "a")
		for _, want := range []string{c.want, "name (String) = 慈溪市0", "n (Integer64) = 0", "share (Real) = 0.5", "open (Integer(Boolean)) = 1", "since (DateTime) = 2020/02/29"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not in\n%s", want, out)
			}
		}
	}
}
