// Package pmtiles writes PMTiles archives, version 3: vector tiles in one file
// that browsers read in ranges from any web server.
package pmtiles

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/maphash"
	"io"
	"math"
	"os"

	"github.com/paulmach/orb"
)

// Metadata is what the archive says of itself: name, attribution, vector_layers and more, as TileJSON has them.
type Metadata map[string]any

// Writer takes tiles in the order of their ids. What it keeps in memory is an
// entry of 24 bytes for each tile; the tiles wait in a temporary file.
type Writer struct {
	data     *os.File
	buffered *bufio.Writer
	size     uint64
	entries  []entry
	tiles    uint64 // addressed
	contents uint64
	seen     map[uint64]entry // hash of small tiles → where they are
	seed     maphash.Seed
	min, max uint8
	zip      *gzip.Writer
}

type entry struct {
	id, offset  uint64
	length, run uint32
}

// ErrOrder says that tiles came out of order.
var ErrOrder = errors.New("pmtiles: tiles must come in the order of their ids")

// NewWriter begins an archive. Close it.
func NewWriter() (*Writer, error) {
	f, err := os.CreateTemp("", "lifecircle-pmtiles-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil { // gone with its last descriptor
		return nil, errors.Join(err, f.Close())
	}
	return &Writer{data: f, buffered: bufio.NewWriterSize(f, 1<<16), seen: map[uint64]entry{}, seed: maphash.MakeSeed(), min: math.MaxUint8, zip: gzip.NewWriter(nil)}, nil
}

// Close drops the temporary file.
func (w *Writer) Close() error { return w.data.Close() }

// ID is the number of a tile: all levels above it, then its place on Hilbert's curve.
func ID(z uint8, x, y uint32) uint64 {
	id := (uint64(1)<<(2*z) - 1) / 3
	for s := uint32(1) << z >> 1; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		if ry == 0 { // turn the quadrant
			if rx == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return id
}

// Add takes a tile, uncompressed, row 0 in the north.
func (w *Writer) Add(z uint8, x, y uint32, tile []byte) error {
	id := ID(z, x, y)
	if n := len(w.entries); n > 0 && id < w.entries[n-1].id+uint64(w.entries[n-1].run) {
		return ErrOrder
	}
	w.min, w.max = min(w.min, z), max(w.max, z)
	w.tiles++
	packed, err := w.squeeze(tile)
	if err != nil {
		return err
	}
	hash := maphash.Bytes(w.seed, packed)
	if old, ok := w.seen[hash]; ok && int(old.length) == len(packed) {
		if last := &w.entries[len(w.entries)-1]; last.offset == old.offset && last.id+uint64(last.run) == id {
			last.run++
			return nil
		}
		w.entries = append(w.entries, entry{id, old.offset, old.length, 1})
		return nil
	}
	e := entry{id, w.size, uint32(len(packed)), 1}
	if len(w.seen) < 1<<20 {
		w.seen[hash] = e
	}
	w.entries = append(w.entries, e)
	w.contents++
	w.size += uint64(len(packed))
	_, err = w.buffered.Write(packed)
	return err
}

func (w *Writer) squeeze(b []byte) ([]byte, error) { return pack(w.zip, b) }

func squeeze(b []byte) ([]byte, error) { return pack(gzip.NewWriter(nil), b) }

// pack uses a compressor again: making one takes longer than a tile.
func pack(z *gzip.Writer, b []byte) ([]byte, error) {
	var out bytes.Buffer
	z.Reset(&out)
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	err := z.Close()
	return out.Bytes(), err
}

// rootBytes is what the header and the root directory must fit into together.
const (
	headerBytes = 127
	rootBytes   = 16384
)

// WriteTo writes the archive of tiles within a bound in longitude and latitude.
func (w *Writer) WriteTo(to io.Writer, bound orb.Bound, about Metadata) (int64, error) {
	if err := w.buffered.Flush(); err != nil {
		return 0, err
	}
	text, err := json.Marshal(about)
	if err != nil {
		return 0, err
	}
	metadata, err := squeeze(text)
	if err != nil {
		return 0, err
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return 0, err
	}
	le := binary.LittleEndian
	h := append([]byte("PMTiles"), 3)
	at := uint64(headerBytes)
	for _, n := range []int{len(root), len(metadata), len(leaves)} {
		h = le.AppendUint64(le.AppendUint64(h, at), uint64(n))
		at += uint64(n)
	}
	h = le.AppendUint64(le.AppendUint64(h, at), w.size)
	h = le.AppendUint64(le.AppendUint64(le.AppendUint64(h, w.tiles), uint64(len(w.entries))), w.contents)
	if w.tiles == 0 {
		w.min = 0
	}
	h = append(h, 1, 2, 2, 1, w.min, w.max) // clustered; gzip inside and outside; MVT
	e7 := func(p orb.Point) {
		h = le.AppendUint32(le.AppendUint32(h, uint32(int32(math.Round(p[0]*1e7)))), uint32(int32(math.Round(p[1]*1e7))))
	}
	e7(bound.Min)
	e7(bound.Max)
	h = append(h, min(w.max, w.min+(w.max-w.min)/2))
	e7(bound.Center())
	var written int64
	for _, part := range [][]byte{h, root, metadata, leaves} {
		n, err := to.Write(part)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	if _, err := w.data.Seek(0, io.SeekStart); err != nil {
		return written, err
	}
	n, err := io.Copy(to, w.data)
	return written + n, err
}

// directories packs the entries, in leaves that a root names when they do not fit into the root.
func directories(all []entry) (root, leaves []byte, err error) {
	if root, err = directory(all); err != nil || len(root) <= rootBytes-headerBytes {
		return root, nil, err
	}
	for size := 4096; ; size *= 2 {
		var top []entry
		leaves = nil
		for i := 0; i < len(all); i += size {
			leaf, err := directory(all[i:min(len(all), i+size)])
			if err != nil {
				return nil, nil, err
			}
			top = append(top, entry{id: all[i].id, offset: uint64(len(leaves)), length: uint32(len(leaf))}) // run 0: a leaf
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(top); err != nil || len(root) <= rootBytes-headerBytes {
			return root, leaves, err
		}
	}
}

// directory is columns of varints: ids as differences, runs, lengths, offsets (0 follows the one before).
func directory(all []entry) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(all)))
	last := uint64(0)
	for _, e := range all {
		b, last = binary.AppendUvarint(b, e.id-last), e.id
	}
	for _, e := range all {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range all {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range all {
		if i > 0 && e.offset == all[i-1].offset+uint64(all[i-1].length) {
			b = append(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.offset+1)
		}
	}
	return squeeze(b)
}
