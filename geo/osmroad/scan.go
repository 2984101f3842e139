package osmroad

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"
)

// scan reads every object of an OSM file (.osm.pbf, .osm, .osm.gz, told apart by
// content). A file that is empty, cut or no OSM file gives an error that names
// it, the place and what to do.
func scan(ctx context.Context, path string, nodes, ways, relations bool, visit func(osm.Object) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("geo: %w", err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	head, err := in.Peek(512)
	if len(head) == 0 {
		return fmt.Errorf("geo: %s is empty (文件是空的); export or copy it again", path)
	} else if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("geo: %s: %w", path, err)
	}
	seen := 0
	counted := func(o osm.Object) error {
		seen++
		return visit(o)
	}
	damaged := func(err error) error {
		at, _ := f.Seek(0, io.SeekCurrent)
		return fmt.Errorf("geo: %s cannot be read past byte %d, after %d objects; it is cut or damaged (文件不完整), copy it again: %w", path, at, seen, err)
	}
	var s osm.Scanner
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("geo: %s is no whole gzip file: %w", path, err)
		}
		s = osmxml.New(ctx, z)
	case bytes.Contains(head, []byte("<osm")):
		s = osmxml.New(ctx, in)
	case len(head) > 16 && bytes.Contains(head[:32], []byte("OSMHeader")):
		var refused error // by visit, which says itself what is wrong
		err := scanPBF(ctx, in, nodes, ways, relations, func(o osm.Object) error {
			refused = counted(o)
			return refused
		})
		if err != nil && refused == nil && ctx.Err() == nil {
			err = damaged(err)
		}
		return err
	default:
		return fmt.Errorf("geo: %s is no OpenStreetMap file: it starts with % x; .osm.pbf, .osm and .osm.gz are read", path, head[:min(8, len(head))])
	}
	defer s.Close()
	for s.Scan() {
		if err := counted(s.Object()); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return damaged(err)
	}
	return nil
}
