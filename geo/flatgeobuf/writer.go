// Package flatgeobuf writes FlatGeobuf files (version 3) with their packed
// R-tree, in constant memory: features and index wait in temporary files until
// their number is known. Coordinates are x, y.
package flatgeobuf

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Type is the type of a column.
type Type byte

// The column types of the format that are written.
const (
	Bool     Type = 2
	Long     Type = 7
	Double   Type = 10
	String   Type = 11
	DateTime Type = 13 // ISO 8601
)

// Column describes a property.
type Column struct {
	Name, Title, Description string
	Type                     Type
}

// Layer describes the file.
type Layer struct {
	Name, Title, Description string
	Shape                    string // GeoJSON name of every geometry's type; anything else is mixed
	EPSG                     int
	CRSName                  string
	Columns                  []Column
}

var shapes = map[string]byte{"Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6, "GeometryCollection": 7}

const (
	nodeItems = 16 // children of a node
	nodeBytes = 40 // four numbers and an offset
)

var magic = []byte{'f', 'g', 'b', 3, 'f', 'g', 'b', 0}

// Writer takes features one by one. Feed them in an order of space (Hilbert's
// curve is best): the index is as good as the order.
type Writer struct {
	layer    Layer
	features *spool
	leaves   *spool
	count    uint64
	bound    [4]float64
	b        *flatbuffers.Builder
}

// spool is a temporary file that is written once and read once.
type spool struct {
	file *os.File
	*bufio.Writer
	size uint64
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "lifecircle-fgb-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil { // gone with its last descriptor, whatever happens
		return nil, errors.Join(err, f.Close())
	}
	return &spool{file: f, Writer: bufio.NewWriterSize(f, 1<<16)}, nil
}

func (s *spool) put(b []byte) error {
	n, err := s.Write(b)
	s.size += uint64(n)
	return err
}

// reader goes back to the begin.
func (s *spool) reader() (io.Reader, error) {
	if err := s.Flush(); err != nil {
		return nil, err
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return bufio.NewReaderSize(s.file, 1<<16), err
}

// NewWriter begins a file. Close it.
func NewWriter(l Layer) (*Writer, error) {
	features, err := newSpool()
	if err != nil {
		return nil, err
	}
	leaves, err := newSpool()
	if err != nil {
		return nil, errors.Join(err, features.file.Close())
	}
	return &Writer{layer: l, features: features, leaves: leaves, bound: empty, b: flatbuffers.NewBuilder(4096)}, nil
}

var empty = [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// Add takes a feature: WKB or nil, and values parallel to the columns (nil, bool, int64, float64, string, time.Time).
func (w *Writer) Add(shape []byte, values []any) error {
	w.b.Reset()
	box := empty
	var geometry flatbuffers.UOffsetT
	if shape != nil {
		g, err := wkb.Unmarshal(shape)
		if err != nil {
			return err
		}
		if b := g.Bound(); !b.IsEmpty() {
			box = [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
			geometry = w.geometry(g)
		}
	}
	props, err := w.properties(values)
	if err != nil {
		return err
	}
	vector := w.b.CreateByteVector(props)
	w.b.StartObject(3)
	if geometry != 0 {
		w.b.PrependUOffsetTSlot(0, geometry, 0)
	}
	w.b.PrependUOffsetTSlot(1, vector, 0)
	w.b.FinishSizePrefixed(w.b.EndObject())
	if err := w.leaves.put(node(box, w.features.size)); err != nil {
		return err
	}
	for i := range 2 {
		w.bound[i], w.bound[i+2] = min(w.bound[i], box[i]), max(w.bound[i+2], box[i+2])
	}
	w.count++
	return w.features.put(w.b.FinishedBytes())
}

func (w *Writer) properties(values []any) ([]byte, error) {
	var b []byte
	for i, v := range values {
		if v == nil {
			continue
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(i))
		switch v := v.(type) {
		case bool:
			b = append(b, map[bool]byte{true: 1}[v])
		case int64:
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		case time.Time:
			form := time.RFC3339Nano
			if v.Equal(v.Truncate(24 * time.Hour)) {
				form = time.DateOnly
			}
			text := v.UTC().Format(form)
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(text))), text...)
		case string:
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...)
		default:
			return nil, fmt.Errorf("flatgeobuf: a value of type %T", v)
		}
	}
	return b, nil
}

// geometry builds a Geometry table: all coordinates in one vector, and where each ring or line ends.
func (w *Writer) geometry(g orb.Geometry) flatbuffers.UOffsetT {
	var xy []orb.Point
	var ends []uint32
	var parts []flatbuffers.UOffsetT
	line := func(ps []orb.Point) {
		xy = append(xy, ps...)
		ends = append(ends, uint32(len(xy)))
	}
	switch g := g.(type) {
	case orb.Point:
		xy = []orb.Point{g}
	case orb.MultiPoint:
		xy = g
	case orb.LineString:
		xy = g
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	case orb.Polygon:
		for _, r := range g {
			line(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			parts = append(parts, w.geometry(p))
		}
	case orb.Collection:
		for _, one := range g {
			parts = append(parts, w.geometry(one))
		}
	}
	b := w.b
	var coordinates, endings, pieces flatbuffers.UOffsetT
	if len(xy) > 0 {
		b.StartVector(8, 2*len(xy), 8)
		for i := len(xy) - 1; i >= 0; i-- {
			b.PrependFloat64(xy[i][1])
			b.PrependFloat64(xy[i][0])
		}
		coordinates = b.EndVector(2 * len(xy))
	}
	if len(ends) > 1 {
		b.StartVector(4, len(ends), 4)
		for i := len(ends) - 1; i >= 0; i-- {
			b.PrependUint32(ends[i])
		}
		endings = b.EndVector(len(ends))
	}
	if len(parts) > 0 {
		b.StartVector(4, len(parts), 4)
		for i := len(parts) - 1; i >= 0; i-- {
			b.PrependUOffsetT(parts[i])
		}
		pieces = b.EndVector(len(parts))
	}
	b.StartObject(8)
	for slot, offset := range map[int]flatbuffers.UOffsetT{0: endings, 1: coordinates, 7: pieces} {
		if offset != 0 {
			b.PrependUOffsetTSlot(slot, offset, 0)
		}
	}
	b.PrependByteSlot(6, shapes[g.GeoJSONType()], 0)
	return b.EndObject()
}

// Close drops the temporary files.
func (w *Writer) Close() error { return errors.Join(w.features.file.Close(), w.leaves.file.Close()) }
