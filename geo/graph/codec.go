package graph

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// The file of a graph: magic, format, four counts, the arrays, and the SHA-256
// of all before it. Little endian. Another format number means: build it anew.
const (
	magic  = "LCGRAPH\n"
	format = 2
)

// remedy ends every message about a file that cannot be used.
const remedy = "import the network again (请重新导入路网)"

type header struct {
	Format            uint32
	Nodes, Arcs       uint32
	Waters, WaterEnds uint32
}

// WriteTo writes the graph's file.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	sum := sha256.New()
	out := &counter{w: bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)}
	h := header{Format: format, Nodes: uint32(len(g.points)), Arcs: uint32(len(g.head)), Waters: uint32(len(g.water))}
	counts := make([]uint32, len(g.water))
	for i, l := range g.water {
		counts[i] = uint32(len(l))
		h.WaterEnds += counts[i]
	}
	parts := append([]any{[]byte(magic), h}, g.arrays()...)
	parts = append(parts, counts)
	for _, l := range g.water {
		parts = append(parts, []orb.Point(l))
	}
	for _, p := range parts {
		if err := binary.Write(out, binary.LittleEndian, p); err != nil {
			return out.n, err
		}
	}
	if err := out.w.Flush(); err != nil {
		return out.n, err
	}
	n, err := w.Write(sum.Sum(nil))
	return out.n + int64(n), err
}

func (g *Graph) arrays() []any {
	return []any{g.points, g.osm, g.elev, g.first, g.tail, g.head, g.twin, g.length, g.fixed, g.class, g.access, g.traits}
}

// Digest names the graph by its content: the hex SHA-256 of its file.
func (g *Graph) Digest() string {
	sum := sha256.New()
	if _, err := g.WriteTo(sum); err != nil {
		panic(err) // a hash does not fail
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Read reads a graph's file and checks all of it: length, checksum, and that
// every number points at something. A file that is cut, changed or of another
// format is refused with the remedy.
func Read(r io.Reader) (*Graph, error) {
	sum := sha256.New()
	in := &reader{r: bufio.NewReaderSize(r, 1<<16), sum: sum}
	start := make([]byte, len(magic))
	var h header
	in.read(start)
	if in.err == nil && string(start) != magic {
		return nil, fmt.Errorf("geo: this is no graph file: %s", remedy)
	}
	in.read(&h)
	if in.err == nil && h.Format != format {
		return nil, fmt.Errorf("geo: graph file of format %d, this program reads %d: %s", h.Format, format, remedy)
	}
	g := &Graph{}
	g.points, g.osm, g.elev = take[orb.Point](in, h.Nodes), take[int64](in, h.Nodes), take[float32](in, h.Nodes)
	g.first = take[ArcID](in, h.Nodes+1)
	g.tail, g.head, g.twin = take[NodeID](in, h.Arcs), take[NodeID](in, h.Arcs), take[ArcID](in, h.Arcs)
	g.length, g.fixed = take[uint32](in, h.Arcs), take[uint32](in, h.Arcs)
	g.class, g.access = take[Class](in, h.Arcs), take[Access](in, h.Arcs)
	g.traits = take[Traits](in, h.Arcs)
	counts := take[uint32](in, h.Waters)
	for _, n := range counts {
		g.water = append(g.water, orb.LineString(take[orb.Point](in, n)))
	}
	want := sum.Sum(nil)
	got := make([]byte, len(want))
	in.sum = nil
	in.read(got)
	switch {
	case in.err != nil:
		return nil, fmt.Errorf("geo: the graph file is cut after %d bytes: %s", in.n, remedy)
	case string(got) != string(want):
		return nil, fmt.Errorf("geo: the graph file is damaged, its checksum is wrong: %s", remedy)
	}
	return g, g.check()
}

// check makes sure that no accessor can leave the arrays.
func (g *Graph) check() error {
	n, m := NodeID(len(g.points)), ArcID(len(g.head))
	ok := g.first[0] == 0 && g.first[n] == m
	for i := range n {
		ok = ok && g.first[i] <= g.first[i+1]
	}
	for a := range m {
		ok = ok && g.tail[a] < n && g.head[a] < n && g.twin[a] < m && g.twin[g.twin[a]] == a
	}
	if !ok {
		return fmt.Errorf("geo: the graph file contradicts itself: %s", remedy)
	}
	return nil
}

type counter struct {
	w *bufio.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

type reader struct {
	r   io.Reader
	sum hash.Hash // nil once the checksum itself is read
	n   int64
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	if r.sum != nil {
		r.sum.Write(p[:n])
	}
	return n, err
}

func (r *reader) read(into any) {
	if r.err == nil {
		r.err = binary.Read(r, binary.LittleEndian, into)
	}
}

// take reads n values in pieces, so that a wrong count in a short file costs no memory.
func take[T any](r *reader, n uint32) []T {
	const piece = 1 << 16
	out := make([]T, 0, min(n, piece))
	for left := n; left > 0 && r.err == nil; {
		chunk := make([]T, min(left, piece))
		r.read(chunk)
		out = append(out, chunk...)
		left -= uint32(len(chunk))
	}
	if n == math.MaxUint32 {
		r.err = io.ErrUnexpectedEOF
	}
	return out
}
