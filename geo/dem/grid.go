package dem

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/crs"
)

// Heights outside of these metres are voids whatever the file says: no street lies
// lower than the Dead Sea or higher than Everest, and -32768, -9999 or 3.4e38 are
// common in files that declare no void value.
const lowest, highest = -500, 9000

const (
	chunkBytes = 256 << 10 // of rows that are read at once where nothing is compressed
	blockLimit = 64 << 20  // the largest tile or strip that is decoded
)

// sample is the type of a cell.
type sample uint8

const (
	uint8Sample sample = iota + 1
	int8Sample
	int16Sample
	uint16Sample
	int32Sample
	uint32Sample
	float32Sample
	float64Sample
)

func (s sample) bytes() int {
	switch s {
	case uint8Sample, int8Sample:
		return 1
	case int16Sample, uint16Sample:
		return 2
	case float64Sample:
		return 8
	}
	return 4
}

// affine takes u, v to x = a[0] + a[1]u + a[2]v, y = a[3] + a[4]u + a[5]v, the
// order of GDAL's geotransform.
type affine [6]float64

func (a affine) apply(u, v float64) orb.Point {
	return orb.Point{a[0] + a[1]*u + a[2]*v, a[3] + a[4]*u + a[5]*v}
}

// invert solves apply; the origin is subtracted first to keep all digits.
func (a affine) invert(p orb.Point) (u, v float64) {
	dx, dy, det := p[0]-a[0], p[1]-a[3], a.determinant()
	return (dx*a[5] - dy*a[2]) / det, (dy*a[1] - dx*a[4]) / det
}

func (a affine) determinant() float64 { return a[1]*a[5] - a[2]*a[4] }

// grid is one raster: where its cells lie and how their blocks (a tile, a strip,
// or a chunk of rows of one) are read.
type grid struct {
	path, key     string // key: HGT tile name, "" where the file has its position in it
	width, height int
	system        crs.CRS
	transform     affine // cell (column, row) to coordinates of system
	bound         orb.Bound

	sample     sample
	order      binary.ByteOrder
	void       float64 // NaN without a declared void value
	scale, add float64 // metres = scale·value + add

	tileWidth, tileHeight int // of the file's tiles; strips are as wide as the raster
	chunkRows             int // a tile is cut into chunks of so many rows
	across                int // tiles in a row

	read    func(block int64) ([]byte, error) // nil, nil: nothing known here
	content func() (io.ReadCloser, error)     // the bytes that Digest takes
}

// layOut sets how cells are grouped. split allows a tile to be read in parts.
func (g *grid) layOut(tileWidth, tileHeight int, split bool) {
	g.tileWidth, g.tileHeight, g.chunkRows = tileWidth, tileHeight, tileHeight
	g.across = (g.width-1)/tileWidth + 1
	if split {
		g.chunkRows = min(tileHeight, max(1, chunkBytes/(tileWidth*g.sample.bytes())))
	}
}

// chunks is the number of chunks of a tile.
func (g *grid) chunks() int { return (g.tileHeight-1)/g.chunkRows + 1 }

// locate gives the block of a cell and the cell's number in it.
func (g *grid) locate(col, row int) (block int64, i int) {
	inTile := row % g.tileHeight
	tile := int64(row/g.tileHeight)*int64(g.across) + int64(col/g.tileWidth)
	block = tile*int64(g.chunks()) + int64(inTile/g.chunkRows)
	return block, inTile%g.chunkRows*g.tileWidth + col%g.tileWidth
}

// metres decodes cell i of a block; false for a void.
func (g *grid) metres(b []byte, i int) (float64, bool) {
	n := g.sample.bytes()
	if (i+1)*n > len(b) {
		return 0, false
	}
	b = b[i*n:]
	var v float64
	switch g.sample {
	case uint8Sample:
		v = float64(b[0])
	case int8Sample:
		v = float64(int8(b[0]))
	case int16Sample:
		v = float64(int16(g.order.Uint16(b)))
	case uint16Sample:
		v = float64(g.order.Uint16(b))
	case int32Sample:
		v = float64(int32(g.order.Uint32(b)))
	case uint32Sample:
		v = float64(g.order.Uint32(b))
	case float32Sample:
		v = float64(math.Float32frombits(g.order.Uint32(b)))
	case float64Sample:
		v = math.Float64frombits(g.order.Uint64(b))
	}
	if v == g.void {
		return 0, false
	}
	v = v*g.scale + g.add
	return v, v >= lowest && v <= highest
}

// cellAt gives the position of p in cells. Within a millionth of a cell of a centre
// line it is that line, so that a cell's own centre gives the cell's own height.
func (g *grid) cellAt(p orb.Point) (x, y float64) {
	x, y = g.transform.invert(g.system.FromLonLat(p))
	return snap(x), snap(y)
}

func snap(x float64) float64 {
	if r := math.Round(2*x) / 2; math.Abs(x-r) < 1e-6 {
		return r
	}
	return x
}

// centre gives lon/lat of a cell's centre, also outside of the raster.
func (g *grid) centre(col, row int) orb.Point {
	return g.system.ToLonLat(g.transform.apply(float64(col), float64(row)))
}

// measure finds the bound and tells whether all of the raster's edge is on Earth
// and within the domain of its coordinate system; if not, at is a place that is not.
func (g *grid) measure() (at orb.Point, ok bool) {
	const steps = 64
	slack := 0.0 // half a cell beyond the world's edge is usual where a point is a cell
	if g.system.IsLonLat() {
		slack = math.Hypot(g.transform[1], g.transform[4]) + math.Hypot(g.transform[2], g.transform[5])
	}
	if d := g.transform.determinant(); d == 0 || math.IsNaN(d) || math.IsInf(d, 0) || slack > 90 {
		return orb.Point{g.transform[0], g.transform[3]}, false
	}
	first := true
	for i := range steps {
		u, v := (float64(g.width))*float64(i)/steps-0.5, float64(g.height)*float64(i)/steps-0.5
		right, bottom := float64(g.width)-0.5, float64(g.height)-0.5
		for _, c := range [4]orb.Point{{u, -0.5}, {right, v}, {right - u - 0.5, bottom}, {-0.5, bottom - v - 0.5}} {
			p := g.transform.apply(c[0], c[1])
			if g.system.IsLonLat() {
				if !(math.Abs(p[0]) <= 180+slack && math.Abs(p[1]) <= 90+slack) {
					return p, false
				}
			} else if !g.system.Accepts(p) {
				return p, false
			}
			p = g.system.ToLonLat(p)
			if first {
				g.bound, first = p.Bound(), false
			}
			g.bound = g.bound.Extend(p)
		}
	}
	return orb.Point{}, true
}

// coarseness grows by one with each doubling of a cell's area.
func (g *grid) coarseness() int {
	w, h := g.bound.Max[0]-g.bound.Min[0], g.bound.Max[1]-g.bound.Min[1]
	return int(math.Round(math.Log2(w / float64(g.width) * h / float64(g.height))))
}
