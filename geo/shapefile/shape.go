package shapefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

var errShort = errors.New("shape longer than its record")

// shape reads the content of a .shp record. The Z and M variants begin exactly
// like the plain ones, so that only x and y are read. Points give orb.Point,
// the others orb.MultiPoint, orb.MultiLineString and orb.MultiPolygon.
func shape(b []byte) (orb.Geometry, error) {
	switch kind := binary.LittleEndian.Uint32(b); kind {
	case 0:
		return nil, nil
	case 1, 11, 21:
		if len(b) < 20 {
			return nil, errShort
		}
		return point(b[4:]), nil
	case 8, 18, 28:
		if len(b) < 40 {
			return nil, errShort
		}
		points, err := pointList(b[40:], binary.LittleEndian.Uint32(b[36:]))
		return orb.MultiPoint(points), err
	case 3, 13, 23:
		parts, err := partList(b)
		lines := make(orb.MultiLineString, len(parts))
		for i, p := range parts {
			lines[i] = orb.LineString(p)
		}
		return lines, err
	case 5, 15, 25:
		parts, err := partList(b)
		if err != nil {
			return nil, err
		}
		return polygons(parts), nil
	default:
		return nil, fmt.Errorf("shape type %d is not supported", kind)
	}
}

func point(b []byte) orb.Point {
	return orb.Point{
		math.Float64frombits(binary.LittleEndian.Uint64(b)),
		math.Float64frombits(binary.LittleEndian.Uint64(b[8:])),
	}
}

func pointList(b []byte, n uint32) ([]orb.Point, error) {
	if uint64(n)*16 > uint64(len(b)) {
		return nil, errShort
	}
	points := make([]orb.Point, n)
	for i := range points {
		points[i] = point(b[16*i:])
	}
	return points, nil
}

// partList reads the parts of a line or polygon: box, counts, starts, points.
func partList(b []byte) ([][]orb.Point, error) {
	if len(b) < 44 {
		return nil, errShort
	}
	parts, total := binary.LittleEndian.Uint32(b[36:]), binary.LittleEndian.Uint32(b[40:])
	starts := b[44:]
	if uint64(parts)*4 > uint64(len(starts)) {
		return nil, errShort
	}
	points, err := pointList(starts[4*parts:], total)
	if err != nil {
		return nil, err
	}
	list := make([][]orb.Point, parts)
	for i := range list {
		from, to := binary.LittleEndian.Uint32(starts[4*i:]), total
		if i+1 < len(list) {
			to = binary.LittleEndian.Uint32(starts[4*i+4:])
		}
		if from > to || to > total {
			return nil, fmt.Errorf("part %d goes from point %d to %d of %d", i, from, to, total)
		}
		list[i] = points[from:to:to]
	}
	return list, nil
}

// polygons sorts rings into polygons: clockwise rings are shells, the others are
// holes of the smallest shell around them; a hole without a shell, as careless
// writers leave, is a shell.
func polygons(rings [][]orb.Point) orb.MultiPolygon {
	var shells orb.MultiPolygon
	var holes []orb.Ring
	for _, points := range rings {
		ring := orb.Ring(points)
		if len(ring) < 4 {
			continue
		}
		if ring.Orientation() == orb.CW {
			shells = append(shells, orb.Polygon{ring})
		} else {
			holes = append(holes, ring)
		}
	}
	outer := len(shells)
	for _, hole := range holes {
		best, area := -1, math.Inf(1)
		for i, shell := range shells[:outer] {
			if !shell[0].Bound().Contains(hole[0]) || !planar.RingContains(shell[0], hole[0]) {
				continue
			}
			if a := math.Abs(planar.Area(shell[0])); a < area {
				best, area = i, a
			}
		}
		if best < 0 {
			shells = append(shells, orb.Polygon{hole})
		} else {
			shells[best] = append(shells[best], hole)
		}
	}
	return shells
}
