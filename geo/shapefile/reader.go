package shapefile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"
)

// ErrFormat says that a file is damaged or no shapefile at all.
var ErrFormat = errors.New("geo: bad shapefile")

// maxRecord bounds the memory that one damaged length can ask for, in bytes.
const maxRecord = 256 << 20

// Record is one feature. Values are parallel to Reader.Fields; Geometry is nil
// for a null shape.
type Record struct {
	Number   int // 1 is the first
	Values   []string
	Geometry orb.Geometry
}

// Reader reads the records of a shapefile in order.
type Reader struct {
	Fields     []string // attribute names, at most 10 bytes each by the format
	Projection string   // text of the .prj; "" without one

	shp   *bufio.Reader
	table *dbf
	files []io.Closer
	count int
}

// Open opens a shapefile by the path of its .shp; the .dbf beside it is needed,
// .prj and .cpg are read when there. encoding overrides .cpg ("" does not).
func Open(path, encoding string) (_ *Reader, err error) {
	r := &Reader{}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	shp, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r.files = append(r.files, shp)
	r.shp = bufio.NewReaderSize(shp, 1<<20)
	var header [100]byte
	if _, err := io.ReadFull(r.shp, header[:]); err != nil {
		return nil, fmt.Errorf("%w: %s: header cut short", ErrFormat, path)
	}
	if binary.BigEndian.Uint32(header[:]) != 9994 || binary.LittleEndian.Uint32(header[28:]) != 1000 {
		return nil, fmt.Errorf("%w: %s does not begin like a .shp", ErrFormat, path)
	}
	table, err := os.Open(beside(path, ".dbf"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s needs its .dbf beside it: %w", ErrFormat, path, err)
	}
	r.files = append(r.files, table)
	if encoding == "" {
		if cpg, err := os.ReadFile(beside(path, ".cpg")); err == nil {
			encoding = strings.TrimSpace(string(cpg))
		}
	}
	if r.table, err = openDBF(table, encoding); err != nil {
		return nil, err
	}
	r.Fields = r.table.names()
	if prj, err := os.ReadFile(beside(path, ".prj")); err == nil {
		r.Projection = string(prj)
	}
	return r, nil
}

// beside finds the companion of a .shp, in lower or upper case.
func beside(path, ext string) string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	if _, err := os.Stat(stem + strings.ToUpper(ext)); err == nil {
		return stem + strings.ToUpper(ext)
	}
	return stem + ext
}

// Next gives the next record, io.EOF after the last. Rows deleted in the .dbf are
// passed over. A file that ends inside a record is ErrFormat.
func (r *Reader) Next() (Record, error) {
	for {
		var head [8]byte
		if _, err := io.ReadFull(r.shp, head[:]); errors.Is(err, io.EOF) {
			if r.count < r.table.rows {
				return Record{}, fmt.Errorf("%w: .shp ends after %d of %d records", ErrFormat, r.count, r.table.rows)
			}
			return Record{}, io.EOF
		} else if err != nil {
			return Record{}, fmt.Errorf("%w: .shp cut short after record %d", ErrFormat, r.count)
		}
		r.count++
		size := int64(binary.BigEndian.Uint32(head[4:])) * 2
		if size < 4 || size > maxRecord {
			return Record{}, fmt.Errorf("%w: record %d claims %d bytes", ErrFormat, r.count, size)
		}
		body, err := io.ReadAll(io.LimitReader(r.shp, size))
		if err != nil {
			return Record{}, err
		}
		if int64(len(body)) < size {
			return Record{}, fmt.Errorf("%w: .shp cut short inside record %d", ErrFormat, r.count)
		}
		values, deleted, err := r.table.next()
		if err != nil {
			return Record{}, fmt.Errorf("%w: .dbf row %d: %w", ErrFormat, r.count, err)
		}
		if deleted {
			continue
		}
		g, err := shape(body)
		if err != nil {
			return Record{}, fmt.Errorf("%w: record %d: %w", ErrFormat, r.count, err)
		}
		return Record{Number: r.count, Values: values, Geometry: g}, nil
	}
}

// Close closes the files.
func (r *Reader) Close() error {
	var all error
	for _, f := range r.files {
		all = errors.Join(all, f.Close())
	}
	return all
}
