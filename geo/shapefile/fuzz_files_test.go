package shapefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

// Whatever the files hold, reading ends: with rows, or with an error that says what is wrong.
func FuzzFiles(f *testing.F) {
	dir := sample(f)
	read := func(ext string) []byte {
		b, err := os.ReadFile(dir[:len(dir)-4] + ext)
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	shp, dbf := read(".shp"), read(".dbf")
	f.Add(shp, dbf)
	f.Add(shp[:120], dbf)
	f.Add(shp, dbf[:40])
	f.Fuzz(func(t *testing.T, shp, dbf []byte) {
		path := filepath.Join(t.TempDir(), "f.shp")
		if err := errors.Join(os.WriteFile(path, shp, 0o600), os.WriteFile(path[:len(path)-4]+".dbf", dbf, 0o600)); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path, "")
		if err != nil {
			return
		}
		defer r.Close()
		for range 1000 {
			rec, err := r.Next()
			if err != nil {
				return
			}
			if len(rec.Values) != len(r.Fields) {
				t.Fatalf("%d values for %d fields", len(rec.Values), len(r.Fields))
			}
		}
	})
}

func sample(tb testing.TB) string {
	return writeTo(tb, [][]byte{[]byte("a"), []byte("b")}, [][][]orb.Point{{ring(0, 0, 1, 1, true)}, {ring(2, 2, 3, 3, true), ring(2.2, 2.2, 2.8, 2.8, false)}}, "")
}
