package pmtiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// Numbers of the specification (appendix: tile ids).
func TestIDs(t *testing.T) {
	for _, c := range []struct {
		z    uint8
		x, y uint32
		id   uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := ID(c.z, c.x, c.y); got != c.id {
			t.Errorf("%d/%d/%d: %d, want %d", c.z, c.x, c.y, got, c.id)
		}
	}
	for z := uint8(1); z < 6; z++ { // a curve: each tile once, each a neighbour of the one before
		at := map[uint64][2]int{}
		for x := range 1 << z {
			for y := range 1 << z {
				at[ID(z, uint32(x), uint32(y))] = [2]int{x, y}
			}
		}
		first := ID(z, 0, 0)
		for i := first + 1; i < first+1<<(2*z); i++ {
			a, ok := at[i]
			b := at[i-1]
			if d := (a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]); !ok || d != 1 {
				t.Fatalf("level %d, id %d: %v after %v", z, i, a, b)
			}
		}
	}
}

// reader is enough of a reader to find a tile through root and leaf.
func find(t *testing.T, archive []byte, id uint64) []byte {
	t.Helper()
	field := func(i int) uint64 { return binary.LittleEndian.Uint64(archive[8+8*i:]) }
	unpack := func(b []byte) []byte {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	dir := archive[field(0) : field(0)+field(1)]
	for {
		r := bytes.NewReader(unpack(dir))
		n, _ := binary.ReadUvarint(r)
		all := make([]entry, n)
		last := uint64(0)
		for i := range all {
			v, _ := binary.ReadUvarint(r)
			last += v
			all[i].id = last
		}
		for i := range all {
			v, _ := binary.ReadUvarint(r)
			all[i].run = uint32(v)
		}
		for i := range all {
			v, _ := binary.ReadUvarint(r)
			all[i].length = uint32(v)
		}
		for i := range all {
			if v, _ := binary.ReadUvarint(r); v > 0 {
				all[i].offset = v - 1
			} else {
				all[i].offset = all[i-1].offset + uint64(all[i-1].length)
			}
		}
		var hit entry
		for _, e := range all {
			if e.id <= id {
				hit = e
			}
		}
		switch {
		case hit.run == 0 && hit.length > 0:
			dir = archive[field(4)+hit.offset : field(4)+hit.offset+uint64(hit.length)]
		case hit.length == 0 || id >= hit.id+uint64(hit.run):
			return nil
		default:
			return unpack(archive[field(6)+hit.offset : field(6)+hit.offset+uint64(hit.length)])
		}
	}
}

// Every tile is found again, through leaves too; equal ones are kept once; what is not there is not found.
func TestEveryTileIsFound(t *testing.T) {
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	const z = 8
	type tile struct{ x, y uint32 }
	byID := map[uint64]tile{}
	for x := range uint32(1 << z) {
		for y := range uint32(1 << z) {
			byID[ID(z, x, y)] = tile{x, y}
		}
	}
	content := func(x, y uint32) []byte {
		if x < 30 {
			return []byte("sea")
		}
		r := rand.New(rand.NewPCG(uint64(x), uint64(y)))
		b := fmt.Appendf(nil, "tile %d %d ", x, y)
		for range r.IntN(211) {
			b = append(b, byte(r.Uint32()))
		}
		return b
	}
	first := ID(z, 0, 0)
	for id := first; id < first+1<<(2*z); id += 1 {
		if p := byID[id]; id%3 > 0 {
			if err := w.Add(z, p.x, p.y, content(p.x, p.y)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Add(z, 0, 0, nil); !errors.Is(err, ErrOrder) {
		t.Errorf("out of order: %v", err)
	}
	var b bytes.Buffer
	n, err := w.WriteTo(&b, orb.Bound{Min: orb.Point{120, 29}, Max: orb.Point{121, 30}}, Metadata{"name": "图"})
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, b.Len(), err)
	}
	if leaves := binary.LittleEndian.Uint64(b.Bytes()[8+8*5:]); leaves == 0 {
		t.Error("no leaves: the test is too small")
	}
	for id := first; id < first+1<<(2*z); id += 97 {
		p := byID[id]
		got := find(t, b.Bytes(), id)
		if want := content(p.x, p.y); id%3 > 0 && !bytes.Equal(got, want) || id%3 == 0 && got != nil {
			t.Fatalf("%d: %q, want %q", id, got, want)
		}
	}
}
