package store

import (
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/export"
	"github.com/lifecircle/lifecircle/planner"
)

// A row added, one changed twice, one removed, one that changed and changed back: as CSV, GeoJSON and GeoPackage.
func TestChangesBetweenVersions(t *testing.T) {
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), `
		INSERT INTO data_version (kind, source) SELECT 'places', 't' FROM generate_series(1, 4);
		INSERT INTO place (source, key, from_version, to_version, name, unit_code, geom, digest) VALUES
		 ('t', 'new', 3, open_version(), '新村', '990121101201', ST_Point(121, 28, 4326), ''),
		 ('t', 'moved', 1, 2, '甲', '990121101201', ST_Point(121, 28, 4326), ''), ('t', 'moved', 2, 3, '乙', '990121101201', ST_Point(121, 28, 4326), ''), ('t', 'moved', 3, open_version(), '丙,"', '990121101201', ST_Point(121.5, 28, 4326), ''),
		 ('t', 'gone', 1, 4, '旧', NULL, NULL, ''), ('t', 'back', 1, 2, '同', NULL, NULL, ''), ('t', 'back', 2, 3, '异', NULL, NULL, ''), ('t', 'back', 3, open_version(), '同', NULL, NULL, ''),
		 ('t', 'same', 1, open_version(), '常', NULL, NULL, '')`); err != nil {
		t.Fatal(err)
	}
	st := New(pool)
	var b strings.Builder
	n, err := export.Changes(t.Context(), st, []string{"units", "places"}, 1, 4, "csv", &b)
	if err != nil || n != 3 {
		t.Fatal(n, err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	for i, want := range []string{"removed gone 旧 ", "changed moved 丙,\" name,point,shape", "added new 新村 "} {
		if got := strings.Join([]string{rows[i+1][0], rows[i+1][2], rows[i+1][3], rows[i+1][5]}, " "); got != want {
			t.Errorf("row %d: %s", i+1, got)
		}
	}
	if !strings.Contains(rows[2][6], `"name": "甲"`) || rows[2][13] != "121.5" || strings.Contains(rows[2][7], "unit_code") {
		t.Errorf("%q", rows[2])
	}
	b.Reset()
	if _, err := export.Changes(t.Context(), st, []string{"places"}, 2, 3, "geojson", &b); err != nil || !json.Valid([]byte(b.String())) || strings.Count(b.String(), `"Feature"`) != 3 {
		t.Errorf("%v\n%s", err, b.String())
	}
	path := filepath.Join(t.TempDir(), "c.gpkg")
	if n, err := export.ChangesGeoPackage(t.Context(), st, []string{"places"}, 0, 4, path); err != nil || n != 4 {
		t.Errorf("%d rows, %v", n, err)
	}
	if out, err := exec.Command("ogrinfo", "-so", path, "changes").CombinedOutput(); err != nil || !strings.Contains(string(out), "Feature Count: 4") || !strings.Contains(string(out), "Point") {
		t.Errorf("ogrinfo: %v\n%s", err, out)
	}
	for _, v := range [][2]int64{{3, 3}, {4, 1}, {1, 9}, {-1, 2}} {
		if _, err := export.Changes(t.Context(), st, []string{"places"}, v[0], v[1], "csv", &b); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%v: %v", v, err)
		}
	}
	if _, err := export.ChangesGeoPackage(t.Context(), st, []string{"places"}, 9, 12, filepath.Join(t.TempDir(), "d.gpkg")); planner.KindOf(err) != planner.Invalid {
		t.Error(err)
	}
}
