package dem

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// try opens a file of any content and asks it everywhere: an error is an answer, a panic is not.
func try(t *testing.T, name string, content []byte) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Open(path)
	if err != nil {
		return
	}
	defer m.Close()
	b := m.Extent()
	for i := range 20 {
		f := float64(i) / 19
		m.At(b.Min[0]+f*(b.Max[0]-b.Min[0]), b.Max[1]-f*(b.Max[1]-b.Min[1]))
	}
}

func FuzzGeoTIFF(f *testing.F) {
	for _, seed := range small(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) { try(t, "f.tif", content) })
}

func FuzzHGT(f *testing.F) {
	f.Add([]byte("not 1201 squared"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(t *testing.T, content []byte) {
		try(t, "N30E120.hgt", content)
		try(t, "N30E120.hgt.gz", content)
		try(t, "N30E120.hgt.zip", content)
	})
}

// A file cut anywhere is an error or gives what it still holds, never a panic.
func TestCutAnywhere(t *testing.T) {
	for _, whole := range small(t) {
		for n := 0; n < len(whole); n += 16 {
			try(t, "cut.tif", whole[:n])
		}
	}
}

// small makes a few files of every packing.
func small(t testing.TB) [][]byte {
	dir := t.TempDir()
	asc := filepath.Join(dir, "s.asc")
	if err := os.WriteFile(asc, []byte("ncols 3\nnrows 2\nxllcorner 120\nyllcorner 30\ncellsize 0.01\n1 2 3\n4 5 6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	for _, options := range [][]string{{"-co", "COMPRESS=NONE"}, {"-co", "COMPRESS=LZW", "-co", "PREDICTOR=2"}, {"-co", "COMPRESS=DEFLATE", "-co", "TILED=YES"}, {"-co", "BIGTIFF=YES", "-co", "COMPRESS=PACKBITS"}} {
		tif := filepath.Join(dir, "s.tif")
		if out, err := exec.Command("gdal_translate", append(append([]string{"-q", "-ot", "Int16", "-a_srs", "EPSG:4326"}, options...), asc, tif)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		b, err := os.ReadFile(tif)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	return files
}
