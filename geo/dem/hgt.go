package dem

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/lifecircle/lifecircle/geo/crs"
)

// An HGT tile (SRTM User's Guide, NASA JPL) is nothing but big-endian int16 metres,
// rows from north to south. Its cells are points on the degree lines and between,
// so that neighbours share a row or column; its place is its name, that of the
// south-western corner.
var tileName = regexp.MustCompile(`(?i)^([NS])(\d\d)([EW])(\d\d\d)`)

// hgtVoid marks cells that the radar did not see.
const hgtVoid = -32768

// sideOf gives the cells on a side of a tile of so many bytes: 1 or 3 arc seconds.
func sideOf(size int64) (int, bool) {
	for _, side := range []int{3601, 1201} {
		if size == int64(side)*int64(side)*2 {
			return side, true
		}
	}
	return 0, false
}

// newHGT describes the tile called name, in r. path is for messages.
func newHGT(path, name string, r io.ReaderAt, size int64) (*grid, error) {
	part := tileName.FindStringSubmatch(filepath.Base(name))
	if part == nil {
		return nil, fmt.Errorf("%w: %s: an HGT tile has its place in its name, like N30E120.hgt; give it its name again", ErrFormat, path)
	}
	lat, _ := strconv.ParseFloat(part[2], 64) // digits by the pattern
	lon, _ := strconv.ParseFloat(part[4], 64)
	if part[1] == "S" || part[1] == "s" {
		lat = -lat
	}
	if part[3] == "W" || part[3] == "w" {
		lon = -lon
	}
	side, ok := sideOf(size)
	if !ok {
		return nil, fmt.Errorf("%w: %s: %d bytes; an HGT tile of 1 arc second has 25934402, one of 3 arc seconds 2884802; copy or download it again", ErrFormat, path, size)
	}
	step := 1 / float64(side-1)
	g := &grid{
		path: path, key: fmt.Sprintf("%+03.0f%+04.0f", lat, lon), width: side, height: side,
		system: crs.WGS84, transform: affine{lon, step, 0, lat + 1, 0, -step},
		sample: int16Sample, order: binary.BigEndian, void: hgtVoid, scale: 1,
	}
	g.content = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil }
	g.layOut(side, side, true)
	g.read = func(block int64) ([]byte, error) {
		b := make([]byte, min(g.chunkRows, side-int(block)*g.chunkRows)*side*2)
		if _, err := r.ReadAt(b, block*int64(g.chunkRows)*int64(side)*2); err != nil {
			return nil, fmt.Errorf("geo: %s: %w", path, err)
		}
		return b, nil
	}
	if at, ok := g.measure(); !ok || math.Abs(lat) > 90 {
		return nil, fmt.Errorf("%w: %s: the name says %v, which is not on Earth", ErrFormat, path, at)
	}
	return g, nil
}
