package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// pbfWriter writes OpenStreetMap PBF: https://wiki.openstreetmap.org/wiki/PBF_Format.
// Nodes must come before ways, both in ascending order of id.
type pbfWriter struct {
	w     io.Writer
	nodes []pbfNode
	ways  []pbfWay
}

type pbfTag struct{ k, v string }

type pbfNode struct {
	id   int64
	at   orb.Point
	tags []pbfTag
}

type pbfWay struct {
	id   int64
	refs []int64
	tags []pbfTag
}

const pbfBlock = 8000

// protobuf fields: varint, zigzag varint, length-delimited.
type message struct{ bytes.Buffer }

func (m *message) varint(v uint64) { m.Write(binary.AppendUvarint(nil, v)) }
func (m *message) field(n int, v uint64) {
	m.varint(uint64(n) << 3)
	m.varint(v)
}
func (m *message) bytesField(n int, b []byte) {
	m.varint(uint64(n)<<3 | 2)
	m.varint(uint64(len(b)))
	m.Write(b)
}
func zigzag(v int64) uint64     { return uint64(v<<1) ^ uint64(v>>63) }
func (m *message) sint(v int64) { m.varint(zigzag(v)) }

func (p *pbfWriter) blob(kind string, raw []byte) error {
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	if _, err := zw.Write(raw); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	var b message
	b.field(2, uint64(len(raw)))
	b.bytesField(3, z.Bytes())
	var h message
	h.bytesField(1, []byte(kind))
	h.field(3, uint64(b.Len()))
	out := binary.BigEndian.AppendUint32(nil, uint32(h.Len()))
	out = append(append(out, h.Bytes()...), b.Bytes()...)
	_, err := p.w.Write(out)
	return err
}

// header opens the file; the bound is lon/lat.
func (p *pbfWriter) header(b orb.Bound) error {
	var box message
	for i, v := range []float64{b.Min[0], b.Max[0], b.Max[1], b.Min[1]} {
		box.field(i+1, zigzag(int64(math.Round(v*1e9))))
	}
	var h message
	h.bytesField(1, box.Bytes())
	h.bytesField(4, []byte("OsmSchema-V0.6"))
	h.bytesField(4, []byte("DenseNodes"))
	h.bytesField(5, []byte("Sort.Type_then_ID"))
	h.bytesField(16, []byte("lifecircle"))
	return p.blob("OSMHeader", h.Bytes())
}

func (p *pbfWriter) node(n pbfNode) error {
	p.nodes = append(p.nodes, n)
	if len(p.nodes) < pbfBlock {
		return nil
	}
	return p.flush()
}

func (p *pbfWriter) way(w pbfWay) error {
	p.ways = append(p.ways, w)
	if len(p.ways) < pbfBlock {
		return nil
	}
	return p.flush()
}

// strings of one block, numbered by first use; number 0 is empty.
type stringTable struct {
	list []string
	at   map[string]int
}

func (s *stringTable) id(v string) uint64 {
	if k, ok := s.at[v]; ok {
		return uint64(k)
	}
	s.at[v] = len(s.list)
	s.list = append(s.list, v)
	return uint64(len(s.list) - 1)
}

func (p *pbfWriter) flush() error {
	if len(p.nodes)+len(p.ways) == 0 {
		return nil
	}
	st := &stringTable{list: []string{""}, at: map[string]int{"": 0}}
	var group message
	if len(p.nodes) > 0 {
		var ids, lats, lons, kv message
		var id, lat, lon int64
		tagged := false
		for _, n := range p.nodes {
			y, x := int64(math.Round(n.at[1]*1e7)), int64(math.Round(n.at[0]*1e7))
			ids.sint(n.id - id)
			lats.sint(y - lat)
			lons.sint(x - lon)
			id, lat, lon = n.id, y, x
			for _, t := range n.tags {
				tagged = true
				kv.varint(st.id(t.k))
				kv.varint(st.id(t.v))
			}
			kv.varint(0)
		}
		var dense message
		dense.bytesField(1, ids.Bytes())
		dense.bytesField(8, lats.Bytes())
		dense.bytesField(9, lons.Bytes())
		if tagged {
			dense.bytesField(10, kv.Bytes())
		}
		group.bytesField(2, dense.Bytes())
	}
	for _, w := range p.ways {
		var m, keys, vals, refs message
		m.field(1, uint64(w.id))
		for _, t := range w.tags {
			keys.varint(st.id(t.k))
			vals.varint(st.id(t.v))
		}
		m.bytesField(2, keys.Bytes())
		m.bytesField(3, vals.Bytes())
		var last int64
		for _, r := range w.refs {
			refs.sint(r - last)
			last = r
		}
		m.bytesField(8, refs.Bytes())
		group.bytesField(3, m.Bytes())
	}
	var table, block message
	for _, s := range st.list {
		table.bytesField(1, []byte(s))
	}
	block.bytesField(1, table.Bytes())
	block.bytesField(2, group.Bytes())
	p.nodes, p.ways = p.nodes[:0], p.ways[:0]
	return p.blob("OSMData", block.Bytes())
}
