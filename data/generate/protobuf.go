package generate

import "encoding/binary"

// message is a protocol buffer under construction: just the wire types that an
// OSM PBF file uses (varint, 64-bit never, length-delimited).
type message []byte

func (m *message) varint(v uint64) { *m = binary.AppendUvarint(*m, v) }

// number writes an unsigned or non-negative field.
func (m *message) number(field int, v uint64) {
	m.varint(uint64(field) << 3)
	m.varint(v)
}

// bytes writes a string, a sub-message or a packed field.
func (m *message) bytes(field int, b []byte) {
	m.varint(uint64(field)<<3 | 2)
	m.varint(uint64(len(b)))
	*m = append(*m, b...)
}

// zigzag is the encoding of sint64.
func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }
