package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Field is a column of a table to write. Type is one of GeoPackage's (§1.1.1.1.3): TEXT, INTEGER, REAL, BOOLEAN, DATE, DATETIME, BLOB.
type Field struct {
	Name, Type string
	Title      string // for people: the title in the schema extension's gpkg_data_columns; "" for none
}

// Table describes a table to write: features with Shape, attributes without.
type Table struct {
	Name, Title, Description string
	Shape                    string // POINT, MULTIPOLYGON, …, GEOMETRY; "" for a table without geometry
	CRS                      CRS
	Fields                   []Field
}

// CRS is a reference system; coordinates in the file are always x (or longitude) first.
type CRS struct {
	EPSG             int
	Name, Definition string // WKT 1
}

// WGS84 is what coordinates in degrees are in unless a table says otherwise.
var WGS84 = CRS{4326, "WGS 84", `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`}

// Writer writes a new GeoPackage, table after table, in constant memory.
type Writer struct {
	db    *sql.DB
	tx    *sql.Tx
	stamp time.Time
}

// Create makes the file path, which must not exist. stamp is the last change
// that the file tells of itself: the same content and stamp give the same rows.
func Create(ctx context.Context, path string, stamp time.Time) (*Writer, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: full, RawQuery: "_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-8192)&_pragma=application_id(1196444487)&_pragma=user_version(10300)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // pragmas belong to a connection
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Writer{db: db, stamp: stamp.UTC()}, nil
}

// Write adds a table with the rows that next gives, until ok is false: values parallel to t.Fields (nil, int64, float64, bool, string,
// []byte, time.Time) and the geometry as WKB in two dimensions, nil where
// absent. It gives the number of rows. After an error the file is of no use.
func (w *Writer) Write(ctx context.Context, t Table, next func() (values []any, wkb []byte, ok bool, err error)) (rows int, err error) {
	if w.tx, err = w.db.BeginTx(ctx, nil); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = w.tx.Rollback() // the first error is the one to tell
		}
	}()
	key := t.key()
	if err := w.declare(ctx, t, key); err != nil {
		return 0, err
	}
	columns, marks := []string{quote(key)}, []string{"?"}
	if t.Shape != "" {
		columns, marks = append(columns, "geom"), append(marks, "?")
	}
	for _, f := range t.Fields {
		columns, marks = append(columns, quote(f.Name)), append(marks, "?")
	}
	insert := "INSERT INTO " + quote(t.Name) + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	index := "INSERT INTO " + quote("rtree_"+t.Name+"_geom") + " VALUES (?, ?, ?, ?, ?)"
	all := emptyBox()
	row, err := w.tx.PrepareContext(ctx, insert)
	if err != nil {
		return 0, err
	}
	var nodes *sql.Stmt
	if t.Shape != "" {
		if nodes, err = w.tx.PrepareContext(ctx, index); err != nil {
			return 0, err
		}
	}
	for {
		values, wkb, ok, err := next()
		if err != nil {
			return rows, err
		}
		if !ok {
			break
		}
		rows++
		args := []any{rows}
		if t.Shape != "" {
			blob, b, err := binaryOf(wkb, t.CRS.EPSG)
			if err != nil {
				return rows, fmt.Errorf("row %d: %w", rows, err)
			}
			args = append(args, blob)
			if !b.empty() {
				if _, err := nodes.ExecContext(ctx, rows, b.x1, b.x2, b.y1, b.y2); err != nil {
					return rows, err
				}
				all.add(b)
			}
		}
		for i, f := range t.Fields {
			args = append(args, cell(values[i], f.Type))
		}
		if _, err := row.ExecContext(ctx, args...); err != nil {
			return rows, err
		}
	}
	if _, err = w.tx.ExecContext(ctx, `INSERT INTO gpkg_ogr_contents VALUES (?, ?)`, t.Name, rows); err != nil {
		return rows, err
	}
	if !all.empty() {
		if _, err = w.tx.ExecContext(ctx, `UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?`, all.x1, all.y1, all.x2, all.y2, t.Name); err != nil {
			return rows, err
		}
	}
	return rows, w.tx.Commit()
}

// Close finishes the file.
func (w *Writer) Close() error { return w.db.Close() }

// key is the name of the primary key: fid, unless a field has it.
func (t Table) key() string {
	name := "fid"
	for i := 0; i < len(t.Fields); i++ {
		if strings.EqualFold(t.Fields[i].Name, name) {
			name, i = name+"_", -1
		}
	}
	return name
}

func cell(v any, kind string) any {
	at, ok := v.(time.Time)
	switch {
	case !ok:
		return v
	case kind == "DATE":
		return at.Format(time.DateOnly)
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

type box struct{ x1, y1, x2, y2 float64 }

func emptyBox() box       { return box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }
func (b box) empty() bool { return b.x1 > b.x2 }
func (b *box) add(o box) {
	b.x1, b.y1, b.x2, b.y2 = min(b.x1, o.x1), min(b.y1, o.y1), max(b.x2, o.x2), max(b.y2, o.y2)
}
