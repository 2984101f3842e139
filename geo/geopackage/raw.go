package geopackage

import (
	"context"
	"errors"
	"fmt"
)

// Raw gives the next row as the file has it, io.EOF after the last: values
// parallel to Fields (nil, int64, float64, bool, string, []byte, time.Time in
// UTC) and the geometry as ISO WKB of any dimension, nil where absent.
func (r *Reader) Raw() (values []any, wkb []byte, err error) {
	if err := r.scan(); err != nil {
		return nil, nil, err
	}
	for i, v := range r.values {
		if i != r.geom {
			values = append(values, v)
			continue
		}
		if blob, ok := v.([]byte); ok {
			if wkb, err = wkbOf(blob); err != nil {
				return nil, nil, fmt.Errorf("%w: row %d: %w", ErrFormat, r.count, err)
			}
		}
	}
	return values, wkb, nil
}

// Key is the index in Fields of the table's integer primary key, -1 when it has none.
func (r *Reader) Key(ctx context.Context) (int, error) {
	for i, name := range r.Fields {
		var key bool
		if err := r.db.QueryRowContext(ctx, `SELECT count(*) = 1 FROM pragma_table_info(?) WHERE name = ? AND pk = 1 AND upper(type) LIKE '%INT%'`, r.Layer, name).Scan(&key); err != nil {
			return -1, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		if key {
			return i, nil
		}
	}
	return -1, nil
}

// wkbOf takes the WKB out of a GeoPackage binary: magic, flags, srs id, envelope,
// WKB (§2.1.3); nil when the geometry is declared empty.
func wkbOf(b []byte) ([]byte, error) {
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' {
		return nil, errors.New("geometry has no GP header")
	}
	flags := b[3]
	size := []int{0, 32, 48, 48, 64}
	envelope := int(flags >> 1 & 7)
	if envelope >= len(size) || len(b) < 8+size[envelope] {
		return nil, errors.New("geometry is cut short")
	}
	if flags&0x10 != 0 {
		return nil, nil
	}
	return b[8+size[envelope]:], nil
}
