// Package geopackage reads and writes feature and attribute tables of OGC GeoPackage files
// (OGC 12-128r19) one row at a time. Coordinates are {x, y} as the file has them.
package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// ErrFormat says that a file is damaged or no GeoPackage.
var ErrFormat = errors.New("geo: bad GeoPackage")

// ErrGeometry says that the geometry of one row cannot be read.
var ErrGeometry = errors.New("geo: bad geometry")

// Record is one row. Values are parallel to Reader.Fields, numbers as text, NULL as "".
type Record struct {
	Number   int // 1 is the first
	Values   []string
	Geometry orb.Geometry // nil where absent
}

// Reader reads the rows of one table in the order of its primary key.
type Reader struct {
	Layer      string
	Fields     []string // columns without the geometry
	EPSG       int      // 0 if the table has no geometry or an organisation other than EPSG defines it
	Definition string   // WKT of the reference system
	Types      []string // declared SQL types, parallel to Fields
	Geometry   string   // name of the geometry column, "" without one
	Shape      string   // its declared type: POINT, MULTIPOLYGON, GEOMETRY, …

	db     *sql.DB
	rows   *sql.Rows
	geom   int // index of the geometry column, -1
	values []any
	count  int
}

// Layers lists the feature and attribute tables in the order of their names.
func Layers(ctx context.Context, path string) ([]string, error) {
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return layers(ctx, db, path)
}

func open(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: full, RawQuery: "mode=ro&immutable=1"}
	return sql.Open("sqlite", name.String())
}

func layers(ctx context.Context, db *sql.DB, path string) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY table_name`)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// Open opens a table of a GeoPackage. Without a layer name the file must have one table only.
func Open(ctx context.Context, path, layer string) (_ *Reader, err error) {
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{db: db, geom: -1}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	names, err := layers(ctx, db, path)
	if err != nil {
		return nil, err
	}
	switch {
	case layer == "" && len(names) == 1:
		layer = names[0]
	case layer == "" || !slices.Contains(names, layer):
		return nil, fmt.Errorf("%w: %s: name one of its layers: %s", ErrFormat, path, strings.Join(names, ", "))
	}
	r.Layer = layer
	var column, organisation string
	var number int
	err = db.QueryRowContext(ctx, `SELECT g.column_name, g.geometry_type_name, s.organization, s.organization_coordsys_id, s.definition
		FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s USING (srs_id) WHERE g.table_name = ?`, layer).
		Scan(&column, &r.Shape, &organisation, &number, &r.Definition)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	}
	if strings.EqualFold(organisation, "EPSG") && number > 0 {
		r.EPSG = number
	}
	quoted := `"` + strings.ReplaceAll(layer, `"`, `""`) + `"`
	if r.rows, err = db.QueryContext(ctx, "SELECT * FROM "+quoted+" ORDER BY 1"); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	}
	columns, err := r.rows.Columns()
	if err != nil {
		return nil, err
	}
	types, err := r.rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	for i, c := range columns {
		if column != "" && strings.EqualFold(c, column) {
			r.geom, r.Geometry = i, c
			continue
		}
		r.Fields = append(r.Fields, c)
		r.Types = append(r.Types, strings.ToUpper(types[i].DatabaseTypeName()))
	}
	r.values = make([]any, len(columns))
	return r, nil
}

// scan reads the next row into values, io.EOF after the last.
func (r *Reader) scan() error {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return fmt.Errorf("%w: after row %d: %w", ErrFormat, r.count, err)
		}
		return io.EOF
	}
	r.count++
	into := make([]any, len(r.values))
	for i := range into {
		into[i] = &r.values[i]
	}
	if err := r.rows.Scan(into...); err != nil {
		return fmt.Errorf("%w: row %d: %w", ErrFormat, r.count, err)
	}
	return nil
}

// Next gives the next row, io.EOF after the last. ErrGeometry concerns that row only: its number and values are given, and
// reading goes on.
func (r *Reader) Next() (Record, error) {
	if err := r.scan(); err != nil {
		return Record{}, err
	}
	rec := Record{Number: r.count, Values: make([]string, 0, len(r.Fields))}
	var wrong error
	for i, v := range r.values {
		if i != r.geom {
			rec.Values = append(rec.Values, text(v))
			continue
		}
		blob, ok := v.([]byte)
		if !ok {
			continue
		}
		g, err := geometry(blob)
		if err != nil {
			wrong = fmt.Errorf("%w: row %d: %w: %w", ErrFormat, r.count, ErrGeometry, err)
		}
		rec.Geometry = g
	}
	return rec, wrong
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case interface{ Format(string) string }:
		return v.Format("2006-01-02")
	}
	return fmt.Sprint(v)
}

// geometry reads a GeoPackage binary; heights and measures are dropped.
func geometry(b []byte) (orb.Geometry, error) {
	body, err := wkbOf(b)
	if body == nil || err != nil {
		return nil, err
	}
	if body, err = flatten(body); err != nil {
		return nil, err
	}
	return wkb.Unmarshal(body)
}

// Close closes the file.
func (r *Reader) Close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.db.Close())
}
