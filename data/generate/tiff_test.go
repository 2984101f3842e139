package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"testing"
)

// readTIFF reads a strip-wise int16 TIFF with deflate, as little as the test needs.
func readTIFF(t *testing.T, b []byte) (w, h int, values []int16) {
	t.Helper()
	le := binary.LittleEndian
	if string(b[:4]) != "II*\x00" {
		t.Fatal("not a little-endian TIFF")
	}
	at := int(le.Uint32(b[4:]))
	n := int(le.Uint16(b[at:]))
	field := map[uint16][]uint32{}
	last := uint16(0)
	for i := range n {
		e := b[at+2+12*i:]
		tag, kind, count := le.Uint16(e), le.Uint16(e[2:]), int(le.Uint32(e[4:]))
		if tag <= last {
			t.Fatalf("tag %d out of order", tag)
		}
		last = tag
		size := map[uint16]int{2: 1, 3: 2, 4: 4, 12: 8}[kind]
		v := e[8:12]
		if size*count > 4 {
			v = b[le.Uint32(e[8:]):]
		}
		for k := range count {
			switch kind {
			case 3:
				field[tag] = append(field[tag], uint32(le.Uint16(v[2*k:])))
			case 4:
				field[tag] = append(field[tag], le.Uint32(v[4*k:]))
			}
		}
	}
	for i, off := range field[273] {
		zr, err := zlib.NewReader(bytes.NewReader(b[off : off+field[279][i]]))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(zr)
		if err != nil {
			t.Fatal(err)
		}
		for k := 0; k < len(raw); k += 2 {
			values = append(values, int16(le.Uint16(raw[k:])))
		}
	}
	return int(field[256][0]), int(field[257][0]), values
}
