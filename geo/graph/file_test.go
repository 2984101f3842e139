package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"
)

const source = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

func sample(t testing.TB) *Graph {
	t.Helper()
	b, r := NewBuilder(), rand.New(rand.NewPCG(3, 4))
	for i := range int64(40) {
		b.AddNode(i, orb.Point{r.Float64(), r.Float64()}, []float32{float32(i), float32(math.NaN())}[i%2])
	}
	for range 50 {
		b.AddSegment(Segment{From: r.Int64N(40), To: r.Int64N(40), Class: drawClass(r), Forward: Foot | Car, Backward: Foot, FixedMillis: r.Uint32N(9), WaitBackward: r.Uint32N(9), TraitsForward: Traits(r.Uint32()), TraitsBackward: Traits(r.Uint32())})
	}
	b.AddWater(orb.LineString{{1, 2}, {3, 4}, {5, 6}})
	b.AddWater(orb.LineString{{7, 8}})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g.WithSource(source)
}

// drawClass draws one of two classes.
func drawClass(r *rand.Rand) Class { return []Class{Residential, FerryLine}[r.IntN(2)] }

func TestRoundTripAndDigest(t *testing.T) {
	g := sample(t)
	var file bytes.Buffer
	n, err := g.WriteTo(&file)
	if err != nil || n != int64(file.Len()) || n != g.Bytes() {
		t.Fatalf("%d bytes told, %d written, %d expected, %v", n, file.Len(), g.Bytes(), err)
	}
	again, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(g, again, cmp.AllowUnexported(Graph{}, chain{}), cmpopts.IgnoreTypes(&sums{}), cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if g.Digest() != again.Digest() || len(g.Digest()) != 64 || again.SourceDigest() != source {
		t.Error("the same graph has two digests, or another source")
	}
	high := again.WithElevation(func(float64, float64) (float64, bool) { return 4711, true })
	if high.Digest() == g.Digest() || again.Elevation(1) == 4711 || high.SourceDigest() != source {
		t.Error("heights do not show in the digest, or in the graph that had none")
	}
}

// places gives the places of a file that matter: each byte of the header, and the ends and some of the middle of each section.
func places(g *Graph) []int64 {
	var all []int64
	for i := range headSize(len(g.Sections())) {
		all = append(all, int64(i))
	}
	for _, s := range g.Sections() {
		for at := range s.Bytes {
			if at < 4 || at > s.Bytes-4 || at%61 == 0 {
				all = append(all, s.offset+at)
			}
		}
	}
	return all
}

// Cut anywhere, changed anywhere or made longer, the file is refused in both languages, however it is opened.
func TestCutAndChangedFilesAreRefused(t *testing.T) {
	g := sample(t)
	var file bytes.Buffer
	if _, err := g.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "graph")
	refused := func(body []byte, what string, at int64) {
		t.Helper()
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		_, read := Read(bytes.NewReader(body))
		_, opened := Open(path)
		_, proven := Prove(bytes.NewReader(body))
		for _, err := range []error{read, opened, proven} {
			var e *FileError
			if !errors.As(err, &e) || e.ZH == "" || e.EN == "" {
				t.Fatalf("%s %d: %v, %v, %v", what, at, read, opened, proven)
			}
		}
	}
	whole := file.Bytes()
	for _, at := range places(g) {
		refused(whole[:at], "cut at", at)
		if at >= int64(len(magic))+8 && at < int64(fixedHead) {
			continue // what it was made of is told, not used; the header's own checksum is tried below
		}
		bad := bytes.Clone(whole)
		bad[at] ^= 0x40
		refused(bad, "changed at", at)
	}
	for at := len(magic) + 8; at < fixedHead; at++ {
		bad := bytes.Clone(whole)
		bad[at] ^= 0x40
		refused(bad, "changed at", int64(at))
	}
	for i, s := range g.Sections()[1:] {
		if before := g.Sections()[i]; before.offset+before.Bytes < s.offset {
			bad := bytes.Clone(whole)
			bad[s.offset-1] = 1
			refused(bad, "changed before", s.offset)
		}
	}
	refused(append(bytes.Clone(whole), 0), "longer by", 1)
	newer := bytes.Clone(whole)
	newer[len(magic)] = format + 1
	if _, err := Read(bytes.NewReader(newer)); err == nil || !strings.Contains(err.Error(), fmt.Sprint("of format ", format+1)) {
		t.Errorf("a newer format: %v", err)
	}
	if _, err := Read(strings.NewReader("<osm></osm> and a good deal more text than a header's start")); err == nil || !strings.Contains(err.Error(), "no graph file") {
		t.Errorf("an OSM file: %v", err)
	}
}

// Prove names the section that was changed and no other.
func TestProveNamesTheSection(t *testing.T) {
	g := sample(t)
	var file bytes.Buffer
	if _, err := g.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	for i, s := range g.Sections() {
		bad := bytes.Clone(file.Bytes())
		bad[s.offset+s.Bytes/2] ^= 1
		sections, err := Prove(bytes.NewReader(bad))
		if err == nil || !strings.Contains(err.Error(), s.Name) {
			t.Errorf("%s: %v", s.Name, err)
		}
		for j, o := range sections {
			if o.Damaged != (i == j) {
				t.Errorf("%s changed: %s damaged %v", s.Name, o.Name, o.Damaged)
			}
		}
	}
}

// Many processes may save at once while others open: what is there is whole, and nothing is left over.
func TestSaveIsWholeOrNothing(t *testing.T) {
	dir := t.TempDir()
	path, g := filepath.Join(dir, "graph"), sample(t)
	if err := g.Save(path); err != nil {
		t.Fatal(err)
	}
	var work errgroup.Group
	for range 4 {
		work.Go(func() error {
			for range 25 {
				if err := g.Save(path); err != nil {
					return err
				}
			}
			return nil
		})
		work.Go(func() error {
			for range 100 {
				o, err := Open(path)
				if err != nil {
					return err
				}
				if o.Digest() != g.Digest() {
					return errors.New("another graph")
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
	if err := g.Save(filepath.Join(dir, "none", "graph")); err == nil {
		t.Error("saved into a directory that is not there")
	}
}

// FuzzRead gives files right checksums, so that the fuzzer gets behind them.
func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	g := sample(f)
	if _, err := g.WriteTo(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add(file.Bytes()[:file.Len()-32])
	for _, s := range g.Sections() { // one number of each section points elsewhere
		bad := bytes.Clone(file.Bytes())
		bad[s.offset+s.Bytes/2] ^= 0x81
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		body = bytes.Clone(body)
		if n := len(g.Sections()); len(body) >= headSize(n) {
			for i := range n {
				e := body[fixedHead+i*entrySize:]
				offset, size := binary.LittleEndian.Uint64(e), binary.LittleEndian.Uint64(e[8:])
				if offset > uint64(len(body)) || size > uint64(len(body))-offset {
					continue
				}
				sha := sha256.Sum256(body[offset : offset+size])
				copy(e[24:entrySize], sha[:])
				binary.LittleEndian.PutUint32(e[20:], crc32.Checksum(body[offset:offset+size], castagnoli))
			}
			binary.LittleEndian.PutUint32(body[headSize(n)-4:], crc32.Checksum(body[:headSize(n)-4], castagnoli))
		}
		g, err := Read(bytes.NewReader(body))
		if err != nil {
			return
		}
		for n := range NodeID(g.NumNodes()) {
			_, _, _ = g.Point(n), g.OSMID(n), g.Elevation(n)
			for a := range g.Leaving(n) {
				if g.Tail(a) != n {
					t.Fatalf("arc %d leaves %d, its tail is %d", a, n, g.Tail(a))
				}
				_, _, _, _ = g.Point(g.Head(a)), g.Traits(a), g.Length(a), g.FixedMillis(a)
			}
			if int(n) >= g.Junctions() {
				c, piece := g.ChainAt(n)
				if g.InnerNode(c, piece) != n {
					t.Fatalf("node %d is not the end of piece %d", n, piece)
				}
			}
		}
		for _, l := range g.Water() {
			_ = l.Bound()
		}
	})
}
