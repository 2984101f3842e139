package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/geopackage"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Extra loads every table of a GeoPackage into the schema extra, each as one
// collection under its own name, and serves it from then on. It replaces what an
// earlier file gave the same name. Call it before serving. Errors: Invalid for a
// file that cannot be read or a name that is taken, Unavailable.
func (s *Store) Extra(ctx context.Context, path string) error {
	digest, err := fileDigest(path)
	if err != nil {
		return planner.Wrap(err, planner.Invalid, "无法读取「%s」", "cannot read %s", path)
	}
	tables, err := geopackage.Layers(ctx, path)
	if err != nil {
		return planner.Wrap(err, planner.Invalid, "「%s」不是GeoPackage", "%s is no GeoPackage", path)
	}
	for _, name := range tables {
		if _, taken := s.collection(name); taken || len(name) > 63 {
			return planner.Errorf(planner.Invalid, "图层名「%[1]s」已被占用或过长(%[2]s)", "the name %[1]q is taken, or too long for a table (%[2]s)", name, path)
		}
		c := layer.Collection{ID: name, Title: planner.Text{ZH: name, EN: name}, Description: planner.Text{ZH: "附加图层", EN: "extra collection"}, Extra: &layer.Source{Digest: digest}}
		if err := s.load(ctx, path, &c); err != nil {
			return err
		}
		s.extra = append(s.extra, c)
	}
	return nil
}

// Extras are the extra collections in the order of loading.
func (s *Store) Extras() []layer.Collection { return s.extra }

// collection finds a layer of the product or an extra one.
func (s *Store) collection(id string) (layer.Collection, bool) {
	if c, ok := layer.ByID(id); ok {
		return c, true
	}
	for _, c := range s.extra {
		if c.ID == id {
			return c, true
		}
	}
	return layer.Collection{}, false
}

// source is the statement that gives a collection's id, geom and properties.
func (s *Store) source(id string) string {
	if _, ours := layer.ByID(id); ours {
		return data.SQL("layer_" + id)
	}
	return "SELECT * FROM " + pgx.Identifier{"extra", id}.Sanitize()
}

func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), nil
}

// load copies one table, and fills in the collection's properties and geometry.
func (s *Store) load(ctx context.Context, path string, c *layer.Collection) error {
	bad := func(err error) error {
		return planner.Wrap(err, planner.Invalid, "无法读取「%[1]s」的表「%[2]s」:%[3]v", "cannot read table %[2]q of %[1]s: %[3]v", path, c.ID, err)
	}
	r, err := geopackage.Open(ctx, path, c.ID)
	if err != nil {
		return bad(err)
	}
	defer r.Close()
	key, err := r.Key(ctx)
	if err != nil {
		return bad(err)
	}
	var kept []int // fields that become properties
	columns, names := []string{`id text COLLATE "C" PRIMARY KEY`, "shape bytea"}, []string{"id", "shape"}
	for i, field := range r.Fields {
		kind, sql := propertyType(r.Types[i])
		if i == key || kind == "" {
			continue
		}
		name := fmt.Sprintf("p%d", len(kept))
		columns, names = append(columns, name+" "+sql), append(names, name)
		c.Properties = append(c.Properties, layer.Property{Name: field, Type: kind, Title: planner.Text{ZH: field, EN: field}, Queryable: !reservedNames[field]})
		kept = append(kept, i)
	}
	c.Geometry, c.Extra.Geometry = shapeOf(r.Shape), r.Geometry
	if i := slices.IndexFunc(c.Properties, func(p layer.Property) bool { return p.Type == layer.Instant || p.Type == layer.Date }); i >= 0 {
		c.Time = [2]string{c.Properties[i].Name, c.Properties[i].Name}
	}
	table := pgx.Identifier{"extra", c.ID}
	count := 0
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		values, wkb, err := r.Raw()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, bad(err)
		}
		count++
		row := []any{strconv.Itoa(count), wkb}
		if key >= 0 {
			row[0] = fmt.Sprint(values[key])
		}
		for j, i := range kept {
			v, err := valueOf(values[i], c.Properties[j].Type)
			if err != nil {
				return nil, bad(fmt.Errorf("row %d, %s: %w", count, r.Fields[i], err))
			}
			row = append(row, v)
		}
		return row, nil
	})
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, data.SQL("extra_prepare")); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DROP TABLE IF EXISTS "+table.Sanitize()+"; CREATE TABLE "+table.Sanitize()+" ("+strings.Join(columns, ", ")+")"); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, table, names, rows); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "ALTER TABLE "+table.Sanitize()+" ADD geom geometry(Geometry, 4326); UPDATE "+table.Sanitize()+" SET geom = "+degrees(r)+" WHERE shape IS NOT NULL; "+
			"ALTER TABLE "+table.Sanitize()+" DROP shape; CREATE INDEX ON "+table.Sanitize()+" USING gist (geom); GRANT SELECT ON "+table.Sanitize()+" TO lifecircle_viewer, lifecircle_planner, lifecircle_county_editor, lifecircle_town_editor, lifecircle_public; ANALYZE "+table.Sanitize())
		return err
	})
	return unavailable(err)
}

// reservedNames are parameters of items: a property of such a name is found by filter only.
var reservedNames = map[string]bool{"limit": true, "bbox": true, "datetime": true, "cursor": true, "run": true, "f": true, "filter": true, "filter-lang": true, "filter-crs": true, "properties": true, "sortby": true, "crs": true, "bbox-crs": true}

// degrees is the SQL of the geometry in longitude and latitude, in two dimensions.
// A GeoPackage has x before y whatever the reference system; without one it has degrees.
func degrees(r *geopackage.Reader) string {
	plain := "ST_Force2D(ST_GeomFromWKB(shape"
	switch {
	case r.EPSG == 0 && r.Definition != "" && r.Definition != "undefined":
		return "ST_Transform(" + plain + ")), '" + strings.ReplaceAll(r.Definition, "'", "''") + "', 4326)"
	case r.EPSG == 0 || r.EPSG == 4326 || r.EPSG == 4490: // CGCS2000 is WGS 84 to the metre
		return plain + ", 4326))"
	}
	return fmt.Sprintf("ST_Transform(%s, %d)), 4326)", plain, r.EPSG)
}

// propertyType gives the type of a property and of its column for a declared type of SQLite; none for a BLOB.
func propertyType(declared string) (layer.Type, string) {
	name, _, _ := strings.Cut(declared, "(")
	switch strings.TrimSpace(name) {
	case "BOOLEAN":
		return layer.Boolean, "boolean"
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT":
		return layer.Integer, "bigint"
	case "FLOAT", "DOUBLE", "DOUBLE PRECISION", "REAL", "NUMERIC", "DECIMAL":
		return layer.Number, "float8"
	case "DATE":
		return layer.Date, "date"
	case "DATETIME", "TIMESTAMP":
		return layer.Instant, "timestamptz"
	case "BLOB":
		return "", ""
	}
	return layer.String, "text"
}

// valueOf brings a value of SQLite, where any column holds anything, to the property's type.
func valueOf(v any, kind layer.Type) (any, error) {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	text, isText := v.(string)
	switch {
	case v == nil:
		return nil, nil
	case kind == layer.String && isText:
		return strings.ReplaceAll(text, "\x00", ""), nil
	case kind == layer.String:
		return fmt.Sprint(v), nil
	case kind == layer.Boolean:
		return strconv.ParseBool(fmt.Sprint(v))
	case kind == layer.Integer:
		return strconv.ParseInt(fmt.Sprint(v), 10, 64)
	case kind == layer.Number:
		return strconv.ParseFloat(fmt.Sprint(v), 64)
	case !isText:
		return v, nil
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), nil
		}
	}
	return nil, fmt.Errorf("%q is no time", text)
}

// shapeOf is the type of GeoJSON of a declared geometry type.
func shapeOf(declared string) string {
	for _, name := range []string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"} {
		if strings.EqualFold(name, declared) {
			return name
		}
	}
	return "Geometry"
}
