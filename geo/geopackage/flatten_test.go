package geopackage

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// head is a geometry's beginning in one byte order.
func head(order binary.ByteOrder, kind uint32, counts ...uint32) []byte {
	b := []byte{0}
	if order == binary.LittleEndian {
		b[0] = 1
	}
	for _, n := range append([]uint32{kind}, counts...) {
		b = append(b, 0, 0, 0, 0)
		order.PutUint32(b[len(b)-4:], n)
	}
	return b
}

func floats(order binary.ByteOrder, b []byte, values ...float64) []byte {
	for _, v := range values {
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
		order.PutUint64(b[len(b)-8:], math.Float64bits(v))
	}
	return b
}

// Heights and measures are dropped whatever says that they are there, and in either byte order.
func TestFlatten(t *testing.T) {
	le, be := binary.ByteOrder(binary.LittleEndian), binary.ByteOrder(binary.BigEndian)
	line := orb.LineString{{1, 2}, {3, 4}}
	for name, c := range map[string]struct {
		wkb  []byte
		want orb.Geometry
	}{
		"point Z":                  {floats(le, head(le, 1001), 1, 2, 9), orb.Point{1, 2}},
		"line":                     {floats(be, head(be, 2, 2), 1, 2, 3, 4), line},
		"line Z":                   {floats(le, head(le, 1002, 2), 1, 2, 9, 3, 4, 9), line},
		"line M, big-endian":       {floats(be, head(be, 2002, 2), 1, 2, 9, 3, 4, 9), line},
		"line ZM":                  {floats(le, head(le, 3002, 2), 1, 2, 9, 8, 3, 4, 9, 8), line},
		"EWKB's Z and SRID":        {floats(le, head(le, 0xa0000002, 4490, 2), 1, 2, 9, 3, 4, 9), line},
		"lines Z":                  {append(head(le, 1005, 1), floats(le, head(le, 1002, 2), 1, 2, 9, 3, 4, 9)...), orb.MultiLineString{line}},
		"collection of both sorts": {append(head(be, 1007, 2), append(floats(le, head(le, 1001), 1, 2, 9), floats(be, head(be, 1002, 2), 1, 2, 9, 3, 4, 9)...)...), orb.Collection{orb.Point{1, 2}, line}},
		"polygon M":                {floats(le, head(le, 2003, 1, 4), 0, 0, 9, 1, 0, 9, 1, 1, 9, 0, 0, 9), orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
	} {
		flat, err := flatten(c.wkb)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := wkb.Unmarshal(flat); err != nil || !orb.Equal(got, c.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
		for n := range c.wkb {
			if _, err := flatten(c.wkb[:n]); err == nil {
				t.Errorf("%s cut after %d bytes went unnoticed", name, n)
			}
		}
	}
	if _, err := flatten(head(le, 8, 2)); err == nil {
		t.Error("a curve was read as something else")
	}
}

// One bad geometry concerns its row: reading goes on.
func TestBadGeometryIsOfItsRow(t *testing.T) {
	curve := hex.EncodeToString(append([]byte{'G', 'P', 0, 1, 0x7a, 0x11, 0, 0}, head(binary.LittleEndian, 8, 2)...))
	r, err := Open(t.Context(), write(t, fmt.Sprintf(`INSERT INTO "设施" VALUES (0, x'%s', '弯路', 1)`, curve)), "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rec, err := r.Next()
	if !errors.Is(err, ErrGeometry) || !errors.Is(err, ErrFormat) || rec.Number != 1 || rec.Values[1] != "弯路" {
		t.Errorf("%+v %v", rec, err)
	}
	if rec, err = r.Next(); err != nil || rec.Geometry == nil || rec.Number != 2 {
		t.Errorf("the next: %+v %v", rec, err)
	}
}

func FuzzGeometry(f *testing.F) {
	f.Add([]byte{'G', 'P', 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0})
	f.Add(append([]byte{'G', 'P', 0, 1, 0, 0, 0, 0}, floats(binary.LittleEndian, head(binary.LittleEndian, 1002, 2), 1, 2, 9, 3, 4, 9)...))
	f.Add(append([]byte{'G', 'P', 0, 3, 0, 0, 0, 0}, make([]byte, 60)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = geometry(b)
	})
}
