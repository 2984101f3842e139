package geopackage

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// schema is the tables that every GeoPackage has (OGC 12-128r19, annex C), the
// extensions used here, and GDAL's count of features.
const schema = `
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');`

// declare makes the table, its R-tree and what the catalogue says of both.
func (w *Writer) declare(ctx context.Context, t Table, key string) error {
	do := func(sql string, args ...any) error {
		_, err := w.tx.ExecContext(ctx, sql, args...)
		return err
	}
	columns := quote(key) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
	kind, srs := "attributes", any(nil)
	if t.Shape != "" {
		columns += ", geom " + t.Shape
		kind, srs = "features", t.CRS.EPSG
		if err := do(`INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)`, WGS84.Name, WGS84.EPSG, WGS84.EPSG, WGS84.Definition); err != nil {
			return err
		}
		if err := do(`INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)`, t.CRS.Name, t.CRS.EPSG, t.CRS.EPSG, t.CRS.Definition); err != nil {
			return err
		}
	}
	for _, f := range t.Fields {
		columns += ", " + quote(f.Name) + " " + f.Type
	}
	if err := do("CREATE TABLE " + quote(t.Name) + " (" + columns + ")"); err != nil {
		return err
	}
	title := t.Title
	if title == "" {
		title = t.Name
	}
	if err := do(`INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, ?, ?, ?, ?, ?)`,
		t.Name, kind, title, t.Description, w.stamp.Format("2006-01-02T15:04:05.000Z"), srs); err != nil {
		return err
	}
	for _, f := range t.Fields {
		if f.Title != "" {
			if err := do(`INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)`, t.Name, f.Name, f.Name, f.Title); err != nil {
				return err
			}
		}
	}
	if t.Shape == "" {
		return nil
	}
	if err := do(`INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)`, t.Name, t.Shape, t.CRS.EPSG); err != nil {
		return err
	}
	if err := do("CREATE VIRTUAL TABLE " + quote("rtree_"+t.Name+"_geom") + " USING rtree(id, minx, maxx, miny, maxy)"); err != nil {
		return err
	}
	return do(`INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`, t.Name)
}

// binaryOf puts the GeoPackage header before WKB, with the box of what is no
// point (§2.1.3); nil for no geometry.
func binaryOf(b []byte, srs int) ([]byte, box, error) {
	if b == nil {
		return nil, emptyBox(), nil
	}
	g, err := wkb.Unmarshal(b)
	if err != nil {
		return nil, emptyBox(), err
	}
	bound := g.Bound()
	of := box{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]}
	out := []byte{'G', 'P', 0, 1} // little-endian header
	if of.empty() {
		out[3] |= 0x10
	}
	_, point := g.(orb.Point)
	if !point && !of.empty() {
		out[3] |= 1 << 1
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(int32(srs)))
	if !point && !of.empty() {
		for _, f := range []float64{of.x1, of.x2, of.y1, of.y2} {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(f))
		}
	}
	return append(out, b...), of, nil
}
