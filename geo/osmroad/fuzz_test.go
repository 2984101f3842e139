package osmroad

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"testing"
)

// pb writes a protocol buffer.
type pb []byte

func (b pb) number(field int, v uint64) pb {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3), v)
}

func (b pb) bytes(field int, v []byte) pb {
	return append(binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3|2), uint64(len(v))), v...)
}

// packed writes numbers, as differences in zigzag when signed is set.
func (b pb) packed(field int, signed bool, numbers ...int64) pb {
	var all []byte
	last := int64(0)
	for _, n := range numbers {
		if signed {
			all = binary.AppendVarint(all, n-last)
			last = n
		} else {
			all = binary.AppendUvarint(all, uint64(n))
		}
	}
	return b.bytes(field, all)
}

// blob frames a block of a PBF file, packed or as it is.
func blob(kind string, block []byte, pack bool) []byte {
	content := pb(nil).bytes(1, block)
	if pack {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(block)
		w.Close()
		content = pb(nil).number(2, uint64(len(block))).bytes(3, z.Bytes())
	}
	head := pb(nil).bytes(1, []byte(kind)).number(3, uint64(len(content)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...), content...)
}

// smallPBF is a street of three nodes, a crossing among them, and a lake's relation.
func smallPBF(pack bool) []byte {
	header := pb(nil).bytes(4, []byte("OsmSchema-V0.6")).bytes(4, []byte("DenseNodes"))
	table := pb(nil)
	for _, s := range []string{"", "highway", "path", "crossing", "type", "multipolygon", "natural", "water", "outer"} {
		table = table.bytes(1, []byte(s))
	}
	dense := pb(nil).packed(1, true, 1, 2, 3).packed(8, true, 290000000, 290010000, 290020000).packed(9, true, 1200000000, 1200000000, 1200000000).packed(10, false, 0, 1, 3, 0, 0)
	way := pb(nil).number(1, 7).packed(2, false, 1).packed(3, false, 2).packed(8, true, 1, 2, 3)
	relation := pb(nil).number(1, 9).packed(2, false, 4, 6).packed(3, false, 5, 7).packed(8, false, 8).packed(9, true, 7).packed(10, false, 1)
	block := pb(nil).bytes(1, table).bytes(2, pb(nil).bytes(2, dense)).bytes(2, pb(nil).bytes(3, way)).bytes(2, pb(nil).bytes(4, relation))
	return append(blob("OSMHeader", header, pack), blob("OSMData", block, pack)...)
}

func TestSmallPBF(t *testing.T) {
	for _, pack := range []bool{false, true} {
		n, err := Build(t.Context(), write(t, "small.osm.pbf", smallPBF(pack)), nil)
		if err != nil || n.Graph.NumNodes() != 3 || n.Graph.NumArcs() != 4 {
			t.Fatalf("packed %v: %v, %+v", pack, err, n)
		}
	}
}

// FuzzPBF: whatever the file says, Build gives a network or an error.
func FuzzPBF(f *testing.F) {
	f.Add(smallPBF(false))
	f.Add(smallPBF(true))
	f.Add(smallPBF(false)[:150])
	f.Fuzz(func(t *testing.T, file []byte) {
		n, err := Build(context.Background(), write(t, "fuzz.osm.pbf", file), nil)
		if err == nil && n.Graph.NumArcs() == 0 {
			t.Error("a network without a street")
		}
	})
}
