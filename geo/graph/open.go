package graph

import (
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sync/errgroup"
)

// Read reads a graph's file and proves all of it: length, checksums, and that every number points at
// something. A file that is cut, changed or of another format is refused with a *FileError.
func Read(r io.Reader) (*Graph, error) {
	file, err := readAligned(r)
	if err != nil {
		return nil, fmt.Errorf("geo: graph file: %w", err)
	}
	g, err := parse(file)
	if err == nil {
		err = g.prove()
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

// Prove checks every byte of a graph's file, as Read does, and gives its sections, those that are damaged
// marked. There are none when not even the header can be read.
func Prove(r io.Reader) ([]Section, error) {
	file, err := readAligned(r)
	if err != nil {
		return nil, fmt.Errorf("geo: graph file: %w", err)
	}
	g, err := parse(file)
	if err != nil {
		return nil, err
	}
	return g.sums.sections, g.prove()
}

// Open maps a graph's file into memory: nothing is copied, and processes share it. Header, lengths
// and the CRC of every section are checked; Prove checks more. The error is a *FileError for a file that is
// cut, changed or of another format. The file stays mapped as long as the process lives, since slices of it may
// be in use anywhere; it must be replaced by renaming, never written into.
func Open(path string) (*Graph, error) {
	file, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	g, err := parse(file)
	if err != nil {
		return nil, err
	}
	return g, g.checkSums()
}

// checkSums checks the CRC of every section, in pieces that all processors share.
func (g *Graph) checkSums() error {
	arrays := g.arrays()
	var wrong atomic.Int32
	wrong.Store(-1)
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, a := range arrays {
		work.Go(func() error {
			if crc32.Checksum(a.bytes, castagnoli) != g.sums.sections[i].crc {
				wrong.Store(int32(i))
			}
			return nil
		})
	}
	_ = work.Wait() // none fails
	if i := wrong.Load(); i >= 0 {
		return damaged("路网图文件的「%s」部分已损坏,校验和不符", "section %s of the graph file is damaged: its checksum is wrong", arrays[i].name)
	}
	return nil
}

// Save writes the graph's file at path, whole or not at all: into a file beside it, which is forced to the disk and then
// takes its place. Any number of processes may do so at once.
func (g *Graph) Save(path string) error {
	return replace(path, func(f *os.File) error {
		_, err := g.WriteTo(f)
		return err
	})
}

// Keep copies a graph's file to path, as Save does, proves all of it as Read does, and maps it as Open does. Of
// a file that is refused nothing is left.
func Keep(path string, r io.Reader) (g *Graph, err error) {
	err = replace(path, func(f *os.File) error {
		if _, err := io.Copy(f, r); err != nil {
			return err
		}
		file, err := mapFile(f.Name())
		if err != nil {
			return err
		}
		if g, err = parse(file); err != nil {
			return err
		}
		return g.prove()
	})
	if err != nil {
		return nil, err
	}
	return g, nil
}

// replace writes a file and gives it its name when it is whole and on the disk.
func replace(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // when it is still there
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	return err
}

// syncDir makes a new name in a directory last, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && runtime.GOOS != "windows" {
		return err
	}
	return nil
}

// readAligned reads all of r into memory that begins at a multiple of 8.
func readAligned(r io.Reader) ([]byte, error) {
	words, n := make([]uint64, 8<<10), 0
	for {
		room := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))
		k, err := io.ReadFull(r, room[n:])
		n += k
		switch err {
		case nil:
			words = append(words, make([]uint64, len(words))...)
		case io.EOF, io.ErrUnexpectedEOF:
			return room[:n:n], nil
		default:
			return nil, err
		}
	}
}
