package geopackage

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

func write(t *testing.T, more ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	point := hex.EncodeToString(append([]byte{'G', 'P', 0, 1, 0x7a, 0x11, 0, 0}, wkb.MustMarshal(orb.Point{121.5, 28.5})...))
	for _, q := range append([]string{
		`CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)`,
		`CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER)`,
		`CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT)`,
		`INSERT INTO gpkg_spatial_ref_sys VALUES (4490, 'EPSG', 4490, 'GEOGCS')`,
		`INSERT INTO gpkg_contents VALUES ('设施', 'features'), ('tiles', 'tiles')`,
		`INSERT INTO gpkg_geometry_columns VALUES ('设施', 'geom', 'POINT', 4490)`,
		`CREATE TABLE "设施" (fid INTEGER PRIMARY KEY, geom BLOB, 名称 TEXT, 床位数 REAL)`,
		`INSERT INTO "设施" VALUES (2, NULL, NULL, NULL), (1, x'` + point + `', '临溪敬老院', 120)`,
	}, more...) {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	return path
}

func TestRowsInOrderOfKey(t *testing.T) {
	r, err := Open(t.Context(), write(t), "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.EPSG != 4490 || r.Layer != "设施" || len(r.Fields) != 3 || r.Fields[1] != "名称" {
		t.Errorf("%+v", r)
	}
	first, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := first.Geometry.(orb.Point); p != (orb.Point{121.5, 28.5}) || first.Values[0] != "1" || first.Values[1] != "临溪敬老院" || first.Values[2] != "120" {
		t.Errorf("%+v", first)
	}
	second, err := r.Next()
	if err != nil || second.Geometry != nil || second.Values[1] != "" {
		t.Errorf("%+v %v", second, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestSeveralLayersMustBeNamed(t *testing.T) {
	path := write(t, `CREATE TABLE b (x)`, `INSERT INTO gpkg_contents VALUES ('b', 'attributes')`)
	if _, err := Open(t.Context(), path, ""); !errors.Is(err, ErrFormat) {
		t.Errorf("opened one of two layers unasked: %v", err)
	}
	r, err := Open(t.Context(), path, "b")
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}

func TestDamagedFilesAreRefused(t *testing.T) {
	text := filepath.Join(t.TempDir(), "x.gpkg")
	if err := os.WriteFile(text, []byte("not a database, but long enough to look at"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), text, ""); !errors.Is(err, ErrFormat) {
		t.Errorf("text as GeoPackage: %v", err)
	}
	r, err := Open(t.Context(), write(t, `UPDATE "设施" SET geom = x'475000' WHERE fid = 1`), "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Next(); !errors.Is(err, ErrFormat) {
		t.Errorf("cut geometry: %v", err)
	}
}
