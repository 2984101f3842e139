package flatgeobuf

import (
	"encoding/binary"
	"io"
	"math"
	"slices"

	flatbuffers "github.com/google/flatbuffers/go"
)

func node(box [4]float64, offset uint64) []byte {
	b := make([]byte, 0, nodeBytes)
	for _, f := range box {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
	}
	return binary.LittleEndian.AppendUint64(b, offset)
}

// WriteTo writes the file: header, index from the root down, features.
func (w *Writer) WriteTo(to io.Writer) (written int64, err error) {
	out := &counter{to: to}
	for _, part := range [][]byte{magic, w.header()} {
		if _, err := out.Write(part); err != nil {
			return out.n, err
		}
	}
	if w.count > 0 {
		if err := w.index(out); err != nil {
			return out.n, err
		}
	}
	features, err := w.features.reader()
	if err != nil {
		return out.n, err
	}
	_, err = io.Copy(out, features)
	return out.n, err
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// index packs each level's nodes by sixteen into the level above. Levels follow
// each other from the root down; a node above the leaves tells the number of its first child.
func (w *Writer) index(out io.Writer) error {
	sizes := []uint64{w.count} // of the levels, leaves first; a single leaf has a root above it too
	for len(sizes) == 1 || sizes[len(sizes)-1] > 1 {
		sizes = append(sizes, (sizes[len(sizes)-1]+nodeItems-1)/nodeItems)
	}
	first := make([]uint64, len(sizes)) // number of each level's first node
	for i := len(sizes) - 2; i >= 0; i-- {
		first[i] = first[i+1] + sizes[i+1]
	}
	levels := []*spool{w.leaves}
	for i := 1; i < len(sizes); i++ {
		below, err := levels[i-1].reader()
		if err != nil {
			return err
		}
		level, err := newSpool()
		if err != nil {
			return err
		}
		defer level.file.Close()
		child := make([]byte, nodeBytes)
		for n := uint64(0); n < sizes[i-1]; {
			box, begin := empty, first[i-1]+n
			for range min(nodeItems, sizes[i-1]-n) {
				if _, err := io.ReadFull(below, child); err != nil {
					return err
				}
				for k := range 2 {
					box[k] = min(box[k], math.Float64frombits(binary.LittleEndian.Uint64(child[8*k:])))
					box[k+2] = max(box[k+2], math.Float64frombits(binary.LittleEndian.Uint64(child[8*(k+2):])))
				}
				n++
			}
			if err := level.put(node(box, begin)); err != nil {
				return err
			}
		}
		levels = append(levels, level)
	}
	for _, level := range slices.Backward(levels) {
		r, err := level.reader()
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, r); err != nil {
			return err
		}
	}
	return nil
}

// header is the size-prefixed Header table.
func (w *Writer) header() []byte {
	b := flatbuffers.NewBuilder(1024)
	l := w.layer
	columns := make([]flatbuffers.UOffsetT, len(l.Columns))
	for i, c := range l.Columns {
		name, title, description := b.CreateString(c.Name), b.CreateString(c.Title), b.CreateString(c.Description)
		b.StartObject(11)
		b.PrependUOffsetTSlot(0, name, 0)
		b.PrependByteSlot(1, byte(c.Type), 0)
		b.PrependUOffsetTSlot(2, title, 0)
		b.PrependUOffsetTSlot(3, description, 0)
		columns[i] = b.EndObject()
	}
	b.StartVector(4, len(columns), 4)
	for _, c := range slices.Backward(columns) {
		b.PrependUOffsetT(c)
	}
	list := b.EndVector(len(columns))
	org, crsName := b.CreateString("EPSG"), b.CreateString(l.CRSName)
	b.StartObject(6)
	b.PrependUOffsetTSlot(0, org, 0)
	b.PrependInt32Slot(1, int32(l.EPSG), 0)
	b.PrependUOffsetTSlot(2, crsName, 0)
	system := b.EndObject()
	var envelope flatbuffers.UOffsetT
	if w.bound[0] <= w.bound[2] {
		b.StartVector(8, 4, 8)
		for _, f := range slices.Backward(w.bound[:]) {
			b.PrependFloat64(f)
		}
		envelope = b.EndVector(4)
	}
	name, title, description := b.CreateString(l.Name), b.CreateString(l.Title), b.CreateString(l.Description)
	b.StartObject(14)
	b.PrependUint64Slot(8, w.count, 0)
	b.PrependUOffsetTSlot(0, name, 0)
	if envelope != 0 {
		b.PrependUOffsetTSlot(1, envelope, 0)
	}
	b.PrependByteSlot(2, shapes[l.Shape], 0)
	b.PrependUOffsetTSlot(7, list, 0)
	size := uint16(nodeItems)
	if w.count == 0 {
		size = 0
	}
	b.PrependUint16Slot(9, size, nodeItems)
	b.PrependUOffsetTSlot(10, system, 0)
	b.PrependUOffsetTSlot(11, title, 0)
	b.PrependUOffsetTSlot(12, description, 0)
	b.FinishSizePrefixed(b.EndObject())
	return b.FinishedBytes()
}
