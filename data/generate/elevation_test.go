package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

// tiff is what the test reads of a tiled little-endian int16 TIFF with deflate.
type tiff struct {
	width, height int
	west, north   float64
	step          float64
	at            func(x, y int) int16
}

func readTIFF(t *testing.T, path string) tiff {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	if string(b[:4]) != "II*\x00" {
		t.Fatal("not a little-endian TIFF")
	}
	dir := b[le.Uint32(b[4:]):]
	ints, reals, last := map[uint16][]uint32{}, map[uint16][]float64{}, uint16(0)
	for i := range int(le.Uint16(dir)) {
		e := dir[2+12*i:]
		tag, kind, n := le.Uint16(e), le.Uint16(e[2:]), int(le.Uint32(e[4:]))
		if tag <= last {
			t.Fatalf("tag %d after tag %d; TIFF 6.0 wants ascending order", tag, last)
		}
		last = tag
		v := e[8:12]
		if n*map[uint16]int{3: 2, 4: 4, 12: 8}[kind] > 4 {
			v = b[le.Uint32(e[8:]):]
		}
		for k := range n {
			switch kind {
			case 3:
				ints[tag] = append(ints[tag], uint32(le.Uint16(v[2*k:])))
			case 4:
				ints[tag] = append(ints[tag], le.Uint32(v[4*k:]))
			case 12:
				reals[tag] = append(reals[tag], math.Float64frombits(le.Uint64(v[8*k:])))
			}
		}
	}
	if ints[258][0] != 16 || ints[339][0] != 2 || ints[259][0] != 8 {
		t.Fatalf("bits %v, format %v, compression %v", ints[258], ints[339], ints[259])
	}
	side := int(ints[322][0])
	f := tiff{width: int(ints[256][0]), height: int(ints[257][0]), west: reals[33922][3], north: reals[33922][4], step: reals[33550][0]}
	var tiles [][]byte
	for i, off := range ints[324] {
		zr, err := zlib.NewReader(bytes.NewReader(b[off : off+ints[325][i]]))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(zr)
		if err != nil || len(raw) != 2*side*side {
			t.Fatalf("tile %d: %d bytes, %v", i, len(raw), err)
		}
		tiles = append(tiles, raw)
	}
	across := (f.width + side - 1) / side
	f.at = func(x, y int) int16 {
		return int16(le.Uint16(tiles[y/side*across+x/side][2*(y%side*side+x%side):]))
	}
	return f
}

// Ridges stand in the west, a plain lies in the east, the sea is at zero, and
// the raster says the same as the units about where the land ends.
func TestElevation(t *testing.T) {
	r := demo(t)
	f := readTIFF(t, filepath.Join(r.dir, "elevation.tif"))
	if math.Abs(f.step-1.0/3600) > 1e-12 || f.west != originLon || f.width != pixels || f.height != pixels {
		t.Fatalf("%d × %d pixels of %g° from %g", f.width, f.height, f.step, f.west)
	}
	top := func(x0, x1 int) (high int16, mean float64) {
		n := 0
		for y := range f.height {
			for x := x0; x < x1; x++ {
				high = max(high, f.at(x, y))
				mean += float64(f.at(x, y))
				n++
			}
		}
		return high, mean / float64(n)
	}
	west, westMean := top(0, f.width/3)
	_, eastMean := top(f.width*3/4, f.width)
	if west < 700 || west > 1700 || westMean < 8*eastMean {
		t.Errorf("the west rises to %d m, mean %.0f m; mean of the east %.0f m", west, westMean, eastMean)
	}
	land := r.units(t)["990121000000"].shape
	wrong, n := 0, 0
	for y := 5; y < f.height; y += 17 {
		for x := f.width / 2; x < f.width; x += 17 {
			p := orb.Point{f.west + (float64(x)+0.5)*f.step, f.north - (float64(y)+0.5)*f.step}
			n++
			if inside(land, p) != (f.at(x, y) > 0) {
				wrong++
			}
		}
	}
	if wrong > n/50 {
		t.Errorf("land and height disagree at %d of %d places", wrong, n)
	}
}
