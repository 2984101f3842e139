package shapefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// write makes a shapefile by hand from the technical description: polygons, and
// one text column of 20 bytes.
func write(t *testing.T, names [][]byte, shapes [][][]orb.Point, cpg string) string {
	t.Helper()
	return writeTo(t, names, shapes, cpg)
}

func writeTo(t testing.TB, names [][]byte, shapes [][][]orb.Point, cpg string) string {
	t.Helper()
	le, be := binary.LittleEndian, binary.BigEndian
	shp := make([]byte, 100)
	be.PutUint32(shp, 9994)
	le.PutUint32(shp[28:], 1000)
	le.PutUint32(shp[32:], 5)
	dbf := make([]byte, 32+32+1)
	dbf[0] = 3
	le.PutUint32(dbf[4:], uint32(len(names)))
	le.PutUint16(dbf[8:], uint16(len(dbf)))
	le.PutUint16(dbf[10:], 21)
	copy(dbf[32:], "NAME")
	dbf[43], dbf[48], dbf[64] = 'C', 20, 0x0d
	for i, rings := range shapes {
		var body []byte
		body = le.AppendUint32(body, 5)
		body = append(body, make([]byte, 32)...)
		body = le.AppendUint32(body, uint32(len(rings)))
		total := 0
		var starts, points []byte
		for _, r := range rings {
			starts = le.AppendUint32(starts, uint32(total))
			total += len(r)
			for _, p := range r {
				points = le.AppendUint64(le.AppendUint64(points, math.Float64bits(p[0])), math.Float64bits(p[1]))
			}
		}
		body = append(append(le.AppendUint32(body, uint32(total)), starts...), points...)
		shp = be.AppendUint32(be.AppendUint32(shp, uint32(i+1)), uint32(len(body)/2))
		shp = append(shp, body...)
		dbf = append(dbf, ' ')
		dbf = append(dbf, append(bytes.Clone(names[i]), bytes.Repeat([]byte(" "), 20-len(names[i]))...)...)
	}
	path := filepath.Join(t.TempDir(), "units.shp")
	for ext, b := range map[string][]byte{".shp": shp, ".dbf": append(dbf, 0x1a), ".cpg": []byte(cpg), ".prj": []byte("GEOGCS[]")} {
		if err := os.WriteFile(path[:len(path)-4]+ext, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func ring(w, s, e, n float64, clockwise bool) []orb.Point {
	r := []orb.Point{{w, s}, {w, n}, {e, n}, {e, s}, {w, s}}
	if !clockwise {
		r[1], r[3] = r[3], r[1]
	}
	return r
}

func TestPolygonsWithHolesAndChineseNames(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("临溪村"))
	if err != nil {
		t.Fatal(err)
	}
	for cpg, name := range map[string][]byte{"GBK": gbk, "": gbk, "UTF-8": []byte("临溪村"), "936": gbk} {
		// Two shells, the second with an island's lake; the hole is written before its shell.
		path := write(t, [][]byte{name}, [][][]orb.Point{{ring(0, 0, 1, 1, true), ring(6, 6, 7, 7, false), ring(5, 5, 9, 9, true)}}, cpg)
		r, err := Open(path, "")
		if err != nil {
			t.Fatal(err)
		}
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		mp, _ := rec.Geometry.(orb.MultiPolygon)
		if len(mp) != 2 || len(mp[0]) != 1 || len(mp[1]) != 2 {
			t.Errorf("cpg %q: %v", cpg, rec.Geometry)
		}
		if rec.Values[0] != "临溪村" || r.Fields[0] != "NAME" || r.Projection != "GEOGCS[]" || rec.Number != 1 {
			t.Errorf("cpg %q: %+v %v", cpg, rec, r.Fields)
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("after the last record: %v", err)
		}
		r.Close()
	}
}

func TestCutAnywhereIsAnErrorNeverAPanic(t *testing.T) {
	path := write(t, [][]byte{[]byte("a"), []byte("b")}, [][][]orb.Point{{ring(0, 0, 1, 1, true)}, {ring(2, 2, 3, 3, true)}}, "")
	for _, ext := range []string{".shp", ".dbf"} {
		file := path[:len(path)-4] + ext
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		complete := 0
		for n := range len(whole) - 1 {
			if err := os.WriteFile(file, whole[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := count(path)
			if err == nil {
				complete++
			} else if !errors.Is(err, ErrFormat) {
				t.Fatalf("%s cut at %d: %v", ext, n, err)
			}
		}
		if complete > 0 {
			t.Errorf("%s: %d cuts went unnoticed", ext, complete)
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func count(path string) (int, error) {
	r, err := Open(path, "")
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for n := 0; ; n++ {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

func FuzzShape(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0})
	f.Add(append([]byte{5, 0, 0, 0}, make([]byte, 60)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= 4 {
			_, _ = shape(b)
		}
	})
}
