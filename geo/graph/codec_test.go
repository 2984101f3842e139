package graph

import (
	"bytes"
	"crypto/sha256"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
)

func sample(t testing.TB) *Graph {
	t.Helper()
	b, r := NewBuilder(), rand.New(rand.NewPCG(3, 4))
	for i := range int64(40) {
		b.AddNode(i, orb.Point{r.Float64(), r.Float64()}, []float32{float32(i), float32(math.NaN())}[i%2])
	}
	for range 70 {
		b.AddSegment(Segment{From: r.Int64N(40), To: r.Int64N(40), Class: drawClass(r), Forward: Foot | Car, Backward: Foot, FixedMillis: r.Uint32N(9), WaitBackward: r.Uint32N(9), TraitsForward: Traits(r.Uint32()), TraitsBackward: Traits(r.Uint32())})
	}
	b.AddWater(orb.LineString{{1, 2}, {3, 4}, {5, 6}})
	b.AddWater(orb.LineString{{7, 8}})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// drawClass draws one of two classes.
func drawClass(r *rand.Rand) Class { return []Class{Residential, FerryLine}[r.IntN(2)] }

func TestRoundTripAndDigest(t *testing.T) {
	g := sample(t)
	var file bytes.Buffer
	n, err := g.WriteTo(&file)
	if err != nil || n != int64(file.Len()) {
		t.Fatalf("%d bytes told, %d written, %v", n, file.Len(), err)
	}
	again, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(g, again, cmp.AllowUnexported(Graph{}), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if g.Digest() != again.Digest() || len(g.Digest()) != 64 {
		t.Error("the same graph has two digests")
	}
}

// Cut anywhere or changed anywhere, the file is refused with the remedy.
func TestCutAndChangedFilesAreRefused(t *testing.T) {
	var file bytes.Buffer
	if _, err := sample(t).WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	for n := 0; n < len(whole); n += 1 + n/50 {
		if _, err := Read(bytes.NewReader(whole[:n])); err == nil || !strings.Contains(err.Error(), "import the network again") {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	for i := 0; i < len(whole); i += 1 + i/100 {
		bad := bytes.Clone(whole)
		bad[i] ^= 0x40
		if _, err := Read(bytes.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "import the network again") {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
}

// FuzzRead gives files a right checksum, so that the fuzzer gets behind it.
func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if _, err := sample(f).WriteTo(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes()[:file.Len()-32])
	f.Fuzz(func(t *testing.T, body []byte) {
		sum := sha256.Sum256(body)
		g, err := Read(bytes.NewReader(append(bytes.Clone(body), sum[:]...)))
		if err != nil {
			return
		}
		for n := range NodeID(g.NumNodes()) {
			first, last := g.Arcs(n)
			for a := first; a < last; a++ {
				_ = g.Point(g.Head(a))
			}
		}
	})
}
