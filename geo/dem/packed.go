package dem

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// packed is a compressed tile, read at any place. Deflate cannot be entered in the
// middle, and streets ask for tiles in no order, so at the first read the tile goes
// to a temporary file, which has no name and is gone with the process.
type packed struct {
	path string
	size int64
	open func() (io.ReadCloser, error)

	once sync.Once
	file *os.File
	err  error
}

// ReadAt is io.ReaderAt on the tile unpacked.
func (p *packed) ReadAt(b []byte, at int64) (int, error) {
	p.once.Do(func() {
		if p.err = p.unpack(); p.err != nil {
			p.err = fmt.Errorf("unpacking: %w", p.err)
		}
	})
	if p.err != nil {
		return 0, p.err
	}
	return p.file.ReadAt(b, at)
}

func (p *packed) unpack() error {
	r, err := p.open()
	if err != nil {
		return err
	}
	defer r.Close()
	if p.file, err = os.CreateTemp("", "lifecircle-*.hgt"); err != nil {
		return err
	}
	if err := os.Remove(p.file.Name()); err != nil {
		return err
	}
	n, err := io.Copy(p.file, io.LimitReader(r, p.size+1)) // one more: the checksum is looked at on the end
	if err == nil && n != p.size {
		err = fmt.Errorf("%w: %d bytes instead of %d", ErrFormat, n, p.size)
	}
	return err
}

// Close frees the temporary file.
func (p *packed) Close() error {
	p.once.Do(func() { p.err = os.ErrClosed })
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

// add takes the tile up into the model.
func (o *opener) add(p *packed, name string) error {
	g, err := newHGT(p.path, name, p, p.size)
	if err != nil {
		return err
	}
	g.content = p.open
	o.grids, o.files = append(o.grids, g), append(o.files, p)
	return nil
}

// zipped takes every .hgt of a zip archive.
func (o *opener) zipped(path string) error {
	f, size, err := o.open(path)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fmt.Errorf("%w: %s: %w; copy or download it again", ErrFormat, path, err)
	}
	before := len(o.grids)
	for _, member := range z.File {
		if !strings.HasSuffix(strings.ToLower(member.Name), ".hgt") {
			continue
		}
		if member.UncompressedSize64 > 1<<40 {
			return fmt.Errorf("%w: %s: %s claims %d bytes", ErrFormat, path, member.Name, member.UncompressedSize64)
		}
		p := &packed{path: path + "/" + member.Name, size: int64(member.UncompressedSize64), open: member.Open}
		if err := o.add(p, member.Name); err != nil {
			return err
		}
	}
	if len(o.grids) == before {
		return fmt.Errorf("%w: %s holds no .hgt; unpack it and name the file", ErrFormat, path)
	}
	return nil
}

// gzipped takes one gzipped tile. Its size unpacked stands in the last four bytes (RFC 1952).
func (o *opener) gzipped(path string) error {
	if !strings.HasSuffix(strings.ToLower(path), ".hgt.gz") {
		return fmt.Errorf("%w: %s: only HGT is read gzipped; run gunzip '%s'", ErrUnsupported, path, path)
	}
	f, size, err := o.open(path)
	if err != nil {
		return err
	}
	var tail [4]byte
	if _, err := f.ReadAt(tail[:], max(0, size-4)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	p := &packed{path: path, size: int64(binary.LittleEndian.Uint32(tail[:]))}
	p.open = func() (io.ReadCloser, error) { return gzip.NewReader(io.NewSectionReader(f, 0, size)) }
	if _, ok := sideOf(p.size); !ok {
		return fmt.Errorf("%w: %s: the size in its last four bytes is %d, that of no HGT tile; copy or download it again", ErrFormat, path, p.size)
	}
	return o.add(p, path)
}
