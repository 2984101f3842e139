package generate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
	"sort"
)

// tag is one key and value of an OSM object.
type tag struct{ k, v string }

// osmNode has degrees; osmWay lists node ids; osmRelation is a multipolygon of ways.
type osmNode struct {
	id       int64
	lon, lat float64
	tags     []tag
}
type osmWay struct {
	id    int64
	nodes []int64
	tags  []tag
}
type osmRelation struct {
	id    int64
	outer []int64
	inner []int64
	tags  []tag
}

const entitiesPerBlock = 8000 // the limit that the format recommends

// writePBF writes an OSM PBF file (wiki.openstreetmap.org/wiki/PBF_Format),
// dense nodes, zlib, objects sorted by type and id. All ids must be positive.
// Objects carry version 1 and no dates, so equal input gives equal bytes.
func writePBF(w io.Writer, nodes []osmNode, ways []osmWay, relations []osmRelation) error {
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].id < nodes[j].id })
	sort.Slice(ways, func(i, j int) bool { return ways[i].id < ways[j].id })
	sort.Slice(relations, func(i, j int) bool { return relations[i].id < relations[j].id })
	var head, box message
	minLon, minLat, maxLon, maxLat := 180.0, 90.0, -180.0, -90.0
	for _, n := range nodes {
		minLon, maxLon = math.Min(minLon, n.lon), math.Max(maxLon, n.lon)
		minLat, maxLat = math.Min(minLat, n.lat), math.Max(maxLat, n.lat)
	}
	if len(nodes) > 0 {
		for i, v := range []float64{minLon, maxLon, maxLat, minLat} { // left, right, top, bottom in nanodegrees
			box.number(i+1, zigzag(int64(math.Round(v*1e7))*100))
		}
		head.bytes(1, box)
	}
	head.bytes(4, []byte("OsmSchema-V0.6"))
	head.bytes(4, []byte("DenseNodes"))
	head.bytes(5, []byte("Sort.Type_then_ID"))
	head.bytes(16, []byte("lifecircle"))
	if err := writeBlob(w, "OSMHeader", head); err != nil {
		return err
	}
	for part := range chunks(len(nodes)) {
		if err := writeBlock(w, func(s *stringTable) message { return denseGroup(nodes[part[0]:part[1]], s) }); err != nil {
			return err
		}
	}
	for part := range chunks(len(ways)) {
		if err := writeBlock(w, func(s *stringTable) message { return wayGroup(ways[part[0]:part[1]], s) }); err != nil {
			return err
		}
	}
	for part := range chunks(len(relations)) {
		if err := writeBlock(w, func(s *stringTable) message { return relationGroup(relations[part[0]:part[1]], s) }); err != nil {
			return err
		}
	}
	return nil
}

// chunks yields [from, to) of one block after the other.
func chunks(n int) func(func([2]int) bool) {
	return func(yield func([2]int) bool) {
		for i := 0; i < n; i += entitiesPerBlock {
			if !yield([2]int{i, min(n, i+entitiesPerBlock)}) {
				return
			}
		}
	}
}

// stringTable numbers the strings of a block in order of first use; 0 is empty.
type stringTable struct {
	index map[string]uint64
	list  []string
}

func (s *stringTable) of(v string) uint64 {
	i, ok := s.index[v]
	if !ok {
		i = uint64(len(s.list))
		s.index[v] = i
		s.list = append(s.list, v)
	}
	return i
}

func writeBlock(w io.Writer, group func(*stringTable) message) error {
	s := &stringTable{index: map[string]uint64{"": 0}, list: []string{""}}
	g := group(s)
	var table, block message
	for _, v := range s.list {
		table.bytes(1, []byte(v))
	}
	block.bytes(1, table)
	block.bytes(2, g)
	return writeBlob(w, "OSMData", block)
}

func writeBlob(w io.Writer, kind string, data []byte) error {
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	if _, err := zw.Write(data); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	var blob, head message
	blob.number(2, uint64(len(data)))
	blob.bytes(3, z.Bytes())
	head.bytes(1, []byte(kind))
	head.number(3, uint64(len(blob)))
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	out = append(append(out, head...), blob...)
	_, err := w.Write(out)
	return err
}

// denseGroup codes positions as differences in units of 1e-7 degrees.
func denseGroup(nodes []osmNode, s *stringTable) message {
	var ids, lats, lons, kv, versions, info message
	var id, lat, lon int64
	tagged := false
	for _, n := range nodes {
		tagged = tagged || len(n.tags) > 0
	}
	for _, n := range nodes {
		la, lo := int64(math.Round(n.lat*1e7)), int64(math.Round(n.lon*1e7))
		ids.varint(zigzag(n.id - id))
		lats.varint(zigzag(la - lat))
		lons.varint(zigzag(lo - lon))
		id, lat, lon = n.id, la, lo
		versions.varint(1)
		for _, t := range n.tags {
			kv.varint(s.of(t.k))
			kv.varint(s.of(t.v))
		}
		if tagged {
			kv.varint(0)
		}
	}
	info.bytes(1, versions)
	var dense, group message
	dense.bytes(1, ids)
	dense.bytes(5, info)
	dense.bytes(8, lats)
	dense.bytes(9, lons)
	if tagged {
		dense.bytes(10, kv)
	}
	group.bytes(2, dense)
	return group
}

func tagFields(m *message, tags []tag, s *stringTable) {
	var keys, vals, info message
	for _, t := range tags {
		keys.varint(s.of(t.k))
		vals.varint(s.of(t.v))
	}
	if len(tags) > 0 {
		m.bytes(2, keys)
		m.bytes(3, vals)
	}
	info.number(1, 1)
	m.bytes(4, info)
}

func wayGroup(ways []osmWay, s *stringTable) message {
	var group message
	for _, w := range ways {
		var m, refs message
		m.number(1, uint64(w.id))
		tagFields(&m, w.tags, s)
		var last int64
		for _, id := range w.nodes {
			refs.varint(zigzag(id - last))
			last = id
		}
		m.bytes(8, refs)
		group.bytes(3, m)
	}
	return group
}

func relationGroup(relations []osmRelation, s *stringTable) message {
	var group message
	for _, r := range relations {
		var m, roles, ids, kinds message
		m.number(1, uint64(r.id))
		tagFields(&m, r.tags, s)
		var last int64
		for role, members := range [][]int64{r.outer, r.inner} {
			for _, id := range members {
				roles.varint(s.of([]string{"outer", "inner"}[role]))
				ids.varint(zigzag(id - last))
				kinds.varint(1) // a way
				last = id
			}
		}
		m.bytes(8, roles)
		m.bytes(9, ids)
		m.bytes(10, kinds)
		group.bytes(4, m)
	}
	return group
}
