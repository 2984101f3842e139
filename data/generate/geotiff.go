package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
)

// raster is a grid of whole metres, first row north. West and north are the
// outer edges of the first pixel, degrees; step is the pixel's size.
type raster struct {
	width, height     int
	west, north, step float64
	rows              func(row int, into []int16)
}

// noData marks pixels without a height.
const noData = -32768

const rowsPerStrip = 64

// writeGeoTIFF writes a classic little-endian GeoTIFF: EPSG:4326, int16, deflate
// strips, pixel is area (OGC 19-008r4). The whole file stays below 4 GiB.
func writeGeoTIFF(w io.Writer, r raster) error {
	le := binary.LittleEndian
	var data bytes.Buffer
	var counts []uint32
	row := make([]int16, r.width)
	for y := 0; y < r.height; y += rowsPerStrip {
		before := data.Len()
		zw := zlib.NewWriter(&data)
		for k := y; k < min(r.height, y+rowsPerStrip); k++ {
			r.rows(k, row)
			if err := binary.Write(zw, le, row); err != nil {
				return err
			}
		}
		if err := zw.Close(); err != nil {
			return err
		}
		counts = append(counts, uint32(data.Len()-before))
		if data.Len()%2 == 1 {
			data.WriteByte(0)
		}
	}
	offsets := make([]uint32, len(counts))
	at := uint32(8)
	for i, n := range counts {
		offsets[i] = at
		at += n + n%2
	}
	type entry struct {
		tag, kind uint16
		count     uint32
		value     []byte
	}
	shorts := func(v ...uint16) []byte { b, _ := binary.Append(nil, le, v); return b }
	longs := func(v ...uint32) []byte { b, _ := binary.Append(nil, le, v); return b }
	doubles := func(v ...float64) []byte {
		var b []byte
		for _, f := range v {
			b = le.AppendUint64(b, math.Float64bits(f))
		}
		return b
	}
	text := []byte("-32768\x00")
	strips := uint32(len(counts))
	entries := []entry{
		{256, 4, 1, longs(uint32(r.width))},
		{257, 4, 1, longs(uint32(r.height))},
		{258, 3, 1, shorts(16)},
		{259, 3, 1, shorts(8)}, // deflate
		{262, 3, 1, shorts(1)},
		{273, 4, strips, longs(offsets...)},
		{277, 3, 1, shorts(1)},
		{278, 4, 1, longs(rowsPerStrip)},
		{279, 4, strips, longs(counts...)},
		{284, 3, 1, shorts(1)},
		{339, 3, 1, shorts(2)}, // signed
		{33550, 12, 3, doubles(r.step, r.step, 0)},
		{33922, 12, 6, doubles(0, 0, 0, r.west, r.north, 0)},
		// GeoKeyDirectory: model geographic, pixel is area, EPSG:4326, degrees.
		{34735, 3, 20, shorts(1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326, 2054, 0, 1, 9102)},
		{42113, 2, uint32(len(text)), text},
	}
	ifd := at
	extra := ifd + 2 + uint32(len(entries))*12 + 4
	dir := shorts(uint16(len(entries)))
	var tail []byte
	for _, e := range entries {
		dir = le.AppendUint16(dir, e.tag)
		dir = le.AppendUint16(dir, e.kind)
		dir = le.AppendUint32(dir, e.count)
		if len(e.value) <= 4 {
			dir = append(dir, append(e.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		dir = le.AppendUint32(dir, extra+uint32(len(tail)))
		tail = append(tail, e.value...)
		if len(tail)%2 == 1 {
			tail = append(tail, 0)
		}
	}
	dir = append(dir, 0, 0, 0, 0)
	head := append([]byte("II*\x00"), longs(ifd)...)
	for _, b := range [][]byte{head, data.Bytes(), dir, tail} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
