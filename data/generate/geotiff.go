package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
)

const tileSide = 256

// geotiff writes elevations as a tiled GeoTIFF, EPSG:4326, int16 metres, deflate.
// Tiles may come in any order: counties are written as they are generated.
type geotiff struct {
	w             io.WriteSeeker
	width, height int
	west, north   float64 // degrees of the upper left corner
	at            int64
	offsets       []uint32
	counts        []uint32
}

func newGeotiff(w io.WriteSeeker, width, height int, west, north float64) (*geotiff, error) {
	n := (width / tileSide) * (height / tileSide)
	g := &geotiff{w: w, width: width, height: height, west: west, north: north, at: 8, offsets: make([]uint32, n), counts: make([]uint32, n)}
	_, err := w.Write(make([]byte, 8)) // the header is written at the end
	return g, err
}

// tile is one compressed tile: column tx, row ty.
type tile struct {
	tx, ty int
	data   []byte
}

// place writes one tile behind those before it.
func (g *geotiff) place(t tile) error {
	k := t.ty*(g.width/tileSide) + t.tx
	g.offsets[k], g.counts[k] = uint32(g.at), uint32(len(t.data))
	g.at += int64(len(t.data))
	_, err := g.w.Write(t.data)
	return err
}

// finish writes the directory behind the tiles and the header before them.
func (g *geotiff) finish() error {
	le := binary.LittleEndian
	var extra []byte
	base := g.at
	place := func(b []byte) uint32 {
		if len(extra)%2 == 1 {
			extra = append(extra, 0)
		}
		o := uint32(base) + uint32(len(extra))
		extra = append(extra, b...)
		return o
	}
	longs := func(v []uint32) []byte {
		b := make([]byte, 4*len(v))
		for i, x := range v {
			le.PutUint32(b[4*i:], x)
		}
		return b
	}
	doubles := func(v ...float64) []byte {
		b := make([]byte, 8*len(v))
		for i, x := range v {
			le.PutUint64(b[8*i:], math.Float64bits(x))
		}
		return b
	}
	type entry struct {
		tag, kind uint16
		n, v      uint32
	}
	array := func(tag uint16, v []uint32) entry {
		if len(v) == 1 {
			return entry{tag, 4, 1, v[0]}
		}
		return entry{tag, 4, uint32(len(v)), place(longs(v))}
	}
	// GeoKeys: geographic model, pixel is area, EPSG:4326, degrees.
	keys := []uint16{1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326, 2054, 0, 1, 9102}
	kb := make([]byte, 2*len(keys))
	for i, k := range keys {
		le.PutUint16(kb[2*i:], k)
	}
	entries := []entry{
		{256, 4, 1, uint32(g.width)}, {257, 4, 1, uint32(g.height)}, {258, 3, 1, 16}, {259, 3, 1, 8}, {262, 3, 1, 1},
		{277, 3, 1, 1}, {284, 3, 1, 1}, {322, 3, 1, tileSide}, {323, 3, 1, tileSide},
		array(324, g.offsets), array(325, g.counts), {339, 3, 1, 2},
		{33550, 12, 3, place(doubles(1.0/3600, 1.0/3600, 0))},
		{33922, 12, 6, place(doubles(0, 0, 0, g.west, g.north, 0))},
		{34735, 3, uint32(len(keys)), place(kb)},
	}
	if len(extra)%2 == 1 {
		extra = append(extra, 0)
	}
	ifd := uint32(base) + uint32(len(extra))
	out := extra
	out = le.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = le.AppendUint16(out, e.tag)
		out = le.AppendUint16(out, e.kind)
		out = le.AppendUint32(out, e.n)
		out = le.AppendUint32(out, e.v)
	}
	out = le.AppendUint32(out, 0)
	if _, err := g.w.Write(out); err != nil {
		return err
	}
	if _, err := g.w.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := append([]byte{'I', 'I', 42, 0}, le.AppendUint32(nil, ifd)...)
	_, err := g.w.Write(head)
	return err
}

// elevation compresses the county rectangle's tiles; row 0 of the file is north,
// as are the first values of a tile.
func (r *chunk) elevation(c *county) error {
	raw := make([]byte, 2*tileSide*tileSide)
	zw := zlib.NewWriter(nil)
	const per = pixels / tileSide
	for ty := range per {
		for tx := range per {
			for y := range tileSide {
				for x := range tileSide {
					px, py := tx*tileSide+x, pixels-1-(ty*tileSide+y)
					h := c.land.height(pt{(float64(px) + 0.5) / pixels * cellW, (float64(py) + 0.5) / pixels * cellH})
					binary.LittleEndian.PutUint16(raw[2*(y*tileSide+x):], uint16(int16(math.Round(math.Max(0, h)))))
				}
			}
			var b bytes.Buffer
			zw.Reset(&b)
			if _, err := zw.Write(raw); err != nil {
				return err
			}
			if err := zw.Close(); err != nil {
				return err
			}
			if b.Len()%2 == 1 {
				b.WriteByte(0)
			}
			r.tiles = append(r.tiles, tile{c.col*per + tx, (c.div.rows-1-c.row)*per + ty, b.Bytes()})
		}
	}
	return nil
}
