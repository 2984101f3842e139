package geopackage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

var errCut = errors.New("geometry is cut short")

// greatestDepth of collections within collections.
const greatestDepth = 8

// flatten rewrites WKB of any dimension (ISO's Z, M and ZM, or the flags of EWKB) as plain little-endian WKB of x and y.
func flatten(b []byte) ([]byte, error) {
	out, _, err := flat(nil, b, 0)
	return out, err
}

func flat(out, b []byte, depth int) (_, rest []byte, err error) {
	if len(b) < 5 || depth > greatestDepth {
		return nil, nil, errCut
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 1 {
		order = binary.LittleEndian
	} else if b[0] != 0 {
		return nil, nil, fmt.Errorf("geometry has byte order %d", b[0])
	}
	kind := order.Uint32(b[1:])
	b = b[5:]
	numbers := 2
	for _, flag := range []uint32{0x80000000, 0x40000000} { // EWKB's Z and M
		if kind&flag != 0 {
			numbers++
		}
	}
	if kind&0x20000000 != 0 { // EWKB's SRID
		if len(b) < 4 {
			return nil, nil, errCut
		}
		b = b[4:]
	}
	kind &= 0x0fffffff
	switch kind / 1000 {
	case 1, 2:
		numbers++
	case 3:
		numbers += 2
	}
	kind %= 1000
	if kind < 1 || kind > 7 {
		return nil, nil, fmt.Errorf("geometry type %d (curves, surfaces) is not read: convert it with ogr2ogr -nlt CONVERT_TO_LINEAR", kind)
	}
	out = binary.LittleEndian.AppendUint32(append(out, 1), kind)
	count := func() (n uint32, err error) {
		if len(b) < 4 {
			return 0, errCut
		}
		n, b = order.Uint32(b), b[4:]
		out = binary.LittleEndian.AppendUint32(out, n)
		return n, nil
	}
	points := func(n uint32) error {
		if uint64(n)*uint64(8*numbers) > uint64(len(b)) {
			return errCut
		}
		for range n {
			for k := range numbers {
				if v := math.Float64frombits(order.Uint64(b)); k < 2 {
					out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
				}
				b = b[8:]
			}
		}
		return nil
	}
	if kind == 1 {
		err = points(1)
		return out, b, err
	}
	n, err := count()
	if err != nil || kind == 2 {
		if err == nil {
			err = points(n)
		}
		return out, b, err
	}
	for range n {
		if kind == 3 {
			var m uint32
			if m, err = count(); err == nil {
				err = points(m)
			}
		} else {
			out, b, err = flat(out, b, depth+1)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return out, b, nil
}
