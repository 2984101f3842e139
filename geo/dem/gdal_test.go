package dem

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/osmroad"
)

var _ osmroad.Sampler = (*Model)(nil)

// gdal runs one of GDAL's programs, the oracle of these tests.
func gdal(t testing.TB, input string, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	c.Stdin = strings.NewReader(input)
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	if err := c.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, problems.String())
	}
	return out.String()
}

const (
	testWidth, testHeight = 70, 45
	testVoid              = 7777
)

// hills are the heights that tests write: slopes, steps, digits behind the point,
// heights below the sea, and voids.
func hills(col, row int) float64 {
	if (col*7+row*13)%41 == 0 {
		return testVoid
	}
	return math.Round(1e6*(900*math.Sin(float64(col)/9)*math.Cos(float64(row)/7)+850+float64((col*row)%17)/3))/1e6 - 60
}

// source writes heights for gdal_translate: raw float64 in the ENVI format.
func source(t testing.TB, width, height int, f func(col, row int) float64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source.bin")
	var b []byte
	for row := range height {
		for col := range width {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f(col, row)))
		}
	}
	head := fmt.Sprintf("ENVI\nsamples = %d\nlines = %d\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 5\ninterleave = bsq\nbyte order = 0\n", width, height)
	save(t, path, b)
	save(t, strings.TrimSuffix(path, ".bin")+".hdr", []byte(head))
	return path
}

func save(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// decode reads every cell of files of one size with GDAL, in one run.
func decode(t testing.TB, width, height int, paths ...string) [][]float64 {
	t.Helper()
	dir := t.TempDir()
	vrt, raw := filepath.Join(dir, "all.vrt"), filepath.Join(dir, "all.bin")
	gdal(t, "", "gdalbuildvrt", append([]string{"-q", "-separate", vrt}, paths...)...)
	gdal(t, "", "gdal_translate", "-q", "-of", "ENVI", "-ot", "Float64", vrt, raw)
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 8*width*height*len(paths) {
		t.Fatalf("GDAL gave %d bytes for %d files", len(b), len(paths))
	}
	all := make([][]float64, len(paths))
	for i := range all {
		for range width * height {
			all[i] = append(all[i], math.Float64frombits(binary.LittleEndian.Uint64(b)))
			b = b[8:]
		}
	}
	return all
}

func open(t testing.TB, paths ...string) *Model {
	t.Helper()
	m, err := Open(paths...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if err := m.Err(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// Every compression × predictor × type × order of bytes × tiles or strips × BigTIFF,
// every cell as GDAL reads it.
func TestEveryKindOfGeoTIFF(t *testing.T) {
	from := source(t, testWidth, testHeight, hills)
	dir := t.TempDir()
	type job struct {
		path string
		args []string
	}
	var jobs []job
	for _, kind := range []string{"Int16", "UInt16", "Int32", "UInt32", "Float32", "Float64"} {
		packings := []string{"NONE 1", "PACKBITS 1", "LZW 1", "LZW 2", "DEFLATE 1", "DEFLATE 2"}
		if strings.HasPrefix(kind, "Float") {
			packings = append(packings, "LZW 3", "DEFLATE 3")
		}
		for _, packing := range packings {
			compression, predictor, _ := strings.Cut(packing, " ")
			for _, endianness := range []string{"LITTLE", "BIG"} {
				if predictor == "3" && endianness == "BIG" {
					continue // GDAL 3.6 reads nonsense from what it wrote so itself
				}
				for _, layout := range []string{"tiles", "strips"} {
					// BigTIFF changes nothing but the directory: every second file will do.
					big := []string{"NO", "YES"}[len(jobs)/2%2]
					j := job{path: filepath.Join(dir, strings.Join([]string{kind, compression, predictor, endianness, layout, big}, "-")+".tif")}
					j.args = []string{"-q", "-ot", kind, "-a_srs", "EPSG:4490", "-a_ullr", "120", "30.45", "120.7", "30", "-a_nodata", fmt.Sprint(testVoid),
						"-co", "COMPRESS=" + compression, "-co", "ENDIANNESS=" + endianness, "-co", "BIGTIFF=" + big}
					if predictor != "1" {
						j.args = append(j.args, "-co", "PREDICTOR="+predictor)
					}
					if layout == "tiles" {
						j.args = append(j.args, "-co", "TILED=YES", "-co", "BLOCKXSIZE=32", "-co", "BLOCKYSIZE=16")
					} else {
						j.args = append(j.args, "-co", "BLOCKYSIZE=7") // the last strip is shorter
					}
					j.args = append(j.args, from, j.path)
					jobs = append(jobs, j)
				}
			}
		}
	}
	var group sync.WaitGroup
	todo := make(chan job)
	for range 2 {
		group.Go(func() {
			for j := range todo {
				if out, err := exec.Command("gdal_translate", j.args...).CombinedOutput(); err != nil {
					t.Errorf("gdal_translate %q: %v\n%s", j.args, err, out)
				}
			}
		})
	}
	var paths []string
	for _, j := range jobs {
		todo <- j
		paths = append(paths, j.path)
	}
	close(todo)
	group.Wait()
	if t.Failed() {
		return
	}
	for i, want := range decode(t, testWidth, testHeight, paths...) {
		compare(t, paths[i], want, func(col, row int) orb.Point {
			return orb.Point{120 + (float64(col)+0.5)/100, 30.45 - (float64(row)+0.5)/100}
		})
	}
	t.Logf("%d files of %d cells", len(paths), testWidth*testHeight)
}

// compare holds a file's cells, asked at their centres, to GDAL's.
func compare(t *testing.T, path string, want []float64, centre func(col, row int) orb.Point) {
	t.Helper()
	m := open(t, path)
	voids := 0
	for i, w := range want {
		p := centre(i%testWidth, i/testWidth)
		v, ok := m.At(p[0], p[1])
		if ok != (w != testVoid) || ok && v != w {
			t.Errorf("%s: cell %d, %d is %v, %v; GDAL reads %v", filepath.Base(path), i%testWidth, i/testWidth, v, ok, w)
			return
		}
		if !ok {
			voids++
		}
	}
	if voids == 0 || voids > len(want)/10 {
		t.Errorf("%s: %d voids of %d cells", path, voids, len(want))
	}
}

// Whole metres of a coastal city in one byte, as Porto Alegre's file has them.
func TestBytes(t *testing.T) {
	dir := t.TempDir()
	from := source(t, testWidth, testHeight, func(col, row int) float64 { return float64((col*7 + row*3) % 250) })
	for _, args := range []string{"-ot Byte -co COMPRESS=NONE", "-ot Byte -co COMPRESS=LZW -co PREDICTOR=2", "-ot Byte -co COMPRESS=DEFLATE -co PREDICTOR=2 -co TILED=YES"} {
		path := filepath.Join(dir, "bytes.tif")
		all := append(strings.Fields("-q -a_srs EPSG:4326 -a_ullr 120 30.45 120.7 30 "+args), from, path)
		if out, err := exec.Command("gdal_translate", all...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		m := open(t, path)
		for i := range testWidth * testHeight {
			col, row := i%testWidth, i/testWidth
			if v, ok := m.At(120+(float64(col)+0.5)/100, 30.45-(float64(row)+0.5)/100); !ok || v != float64((col*7+row*3)%250) {
				t.Fatalf("%s: cell %d, %d is %v, %v", args, col, row, v, ok)
			}
		}
	}
}
