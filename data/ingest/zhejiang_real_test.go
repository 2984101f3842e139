//go:build real

package ingest

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/crs"
)

// tree loads the units of Zhejiang above the villages.
func tree(t *testing.T, pool *pgxpool.Pool, streets string) {
	t.Helper()
	province := file(t, "province.csv", "code,name\n33,浙江省\n")
	for _, path := range []string{province, shared(t, "divisions/zj_cities.csv"), shared(t, "divisions/zj_areas.csv"), shared(t, "divisions/"+streets)} {
		if r := load(t, pool, Options{Kind: "units", Files: []string{path}}); r.Rejected != 0 || r.Noted != 0 {
			t.Fatalf("%s: %+v", path, r)
		}
	}
}

func TestZhejiangInUTF8AndGBK(t *testing.T) {
	const count = `SELECT count(*) FROM unit WHERE to_version = open_version() AND level = $1`
	var sums []int
	for _, streets := range []string{"zj_streets.csv", "zj_streets_gbk_crlf.csv"} {
		pool := datatest.Open(t)
		tree(t, pool, streets)
		for level, want := range map[int]int{2: 11, 3: 90, 4: 1387} {
			if n := number(t, pool, count, level); n != want {
				t.Errorf("%s: %d units of level %d, want %d", streets, n, level, want)
			}
		}
		const similar = ` AND (substr(key, 7, 3) BETWEEN '400' AND '599' OR name LIKE '%直辖%')`
		if n := number(t, pool, count+similar, 4); n != 23 {
			t.Errorf("%s: %d similar units", streets, n)
		}
		if n := number(t, pool, `SELECT count(*) FROM unit WHERE key LIKE '330383%' AND level = 4 AND name NOT LIKE '%直辖%'`); n != 0 {
			t.Errorf("龙港 has %d townships", n)
		}
		sums = append(sums, number(t, pool, `SELECT sum(hashtext(key || name || parent_code))::bigint % 1000000007 FROM unit`))
	}
	if sums[0] != sums[1] {
		t.Error("the two files do not say the same")
	}
}

// 25,613 villages by name, without code or outline, are all taken: with our own codes first, and with the official ones where these are known.
func TestVillagesOfZhejiangByName(t *testing.T) {
	pool := datatest.Open(t)
	tree(t, pool, "zj_streets.csv")
	// the official codes of one township's villages, as a list has them
	official := file(t, "villages.csv", "统计用区划代码,名称\n330102001051,清波门社区居委会\n")
	load(t, pool, Options{Kind: "units", Files: []string{official}, Source: "nbs"})
	rejects := filepath.Join(t.TempDir(), "r.xlsx")
	o := Options{Kind: "units", Files: []string{shared(t, "divisions/zj_villages_jionlp.csv")}, Source: "jionlp", Rejects: rejects}
	r := load(t, pool, o)
	if r.Read != 25613 || r.Rejected != 0 {
		t.Errorf("%+v", r)
	}
	if n := number(t, pool, `SELECT count(*) FROM unit WHERE source = 'jionlp' AND level = 5 AND geom IS NULL AND point IS NULL`); n != 25613 {
		t.Errorf("%d villages", n)
	}
	if n := number(t, pool, `SELECT count(*) FROM unit_at((SELECT max(id) FROM data_version)) WHERE level = 5 AND substr(key, 10, 3) < '600'`); n != 1 {
		t.Errorf("%d villages have the official code that is known", n)
	}
	if n := number(t, pool, `SELECT count(*) FROM unit WHERE level = 5 AND parent_code = '330383198000'`); n != 104 {
		t.Errorf("%d villages of 龙港", n)
	}
	if n := number(t, pool, `SELECT count(*) FROM unit WHERE level = 4 AND source = 'jionlp' AND substr(key, 7, 1) <> '9'`); n != 0 {
		t.Errorf("%d townships came from the villages with codes that look official", n)
	}
	book, err := excelize.OpenFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	notes, err := book.GetRows("notes")
	if err != nil || int64(len(notes)) < r.Noted {
		t.Fatal(len(notes), err)
	}
	moved := 0
	for _, n := range notes {
		if strings.Contains(n[2], "「乔司街道」现属「临平区」") {
			moved++
		}
	}
	if moved != 16 {
		t.Errorf("%d villages of 乔司街道 are told to be in 临平区", moved)
	}
	t.Logf("%d to look at, %d own townships", r.Noted, number(t, pool, `SELECT count(*) FROM unit WHERE level = 4 AND source = 'jionlp'`))
	o.Encoding = "utf-8" // asked for otherwise: not the shortcut of the same delivery
	if again := load(t, pool, o); again.Same || again.Added+again.Changed+again.Removed != 0 {
		t.Errorf("the same villages again: %+v", again)
	}
}

// Boundaries in GCJ-02 that are said to be EPSG:4326 are refused where the same units are known in a known system; named, they lie where they should.
func TestBoundariesInGCJ02(t *testing.T) {
	pool := datatest.Open(t)
	city := shared(t, "boundaries/gcj02/citys/330100.json")
	mapping := Mapping{"code": "adcode"}
	if _, err := os.Stat(city); err != nil {
		t.Fatal(err)
	}
	o := Options{Kind: "units", Files: []string{city}, CRS: "gcj02", Mapping: mapping}
	if r := load(t, pool, o); r.Rejected != 0 || r.Added < 10 || r.CRS != "gcj02" {
		t.Fatalf("%+v", r)
	}
	for _, path := range []string{city, shared(t, "boundaries/gbk_shapefile/hangzhou_counties_CP936.shp")} {
		_, err := Import(t.Context(), pool, Options{Kind: "units", Source: "county", Files: []string{path}, CRS: "EPSG:4326", Mapping: mappingOf(path)})
		if err == nil || !strings.Contains(err.Error(), "--crs gcj02") || !strings.Contains(err.Error(), "m off") {
			t.Errorf("%s as EPSG:4326: %v", filepath.Base(path), err)
			continue
		}
		t.Log(err)
		if r := load(t, pool, Options{Kind: "units", Source: "county", Files: []string{path}, CRS: "gcj02", Mapping: mappingOf(path)}); r.Rejected != 0 {
			t.Errorf("%s as gcj02: %+v", filepath.Base(path), r)
		}
	}
	// each vertex of the file, taken back to GCJ-02 from where it landed, is the vertex of the file within 2 m
	rows, _, err := all(t, city)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for _, row := range rows {
		area, ok := row.Geometry.(orb.MultiPolygon)
		if !ok {
			continue
		}
		var landed float64
		for _, p := range area[0][0] {
			if err := pool.QueryRow(context.Background(), `SELECT ST_Distance(ST_Boundary(geom)::geography, ST_SetSRID(ST_MakePoint($2, $3), 4326)::geography) FROM unit WHERE key = $1 AND to_version = open_version() AND source = 'local'`,
				pad(row.Fields["adcode"]), crs.GCJ02.ToLonLat(p)[0], crs.GCJ02.ToLonLat(p)[1]).Scan(&landed); err != nil {
				t.Fatal(err)
			}
			back := crs.GCJ02.FromLonLat(crs.GCJ02.ToLonLat(p))
			worst = math.Max(worst, landed+math.Hypot(back[0]-p[0], back[1]-p[1])*111e3)
		}
		break // one county is enough
	}
	if worst > 2 {
		t.Errorf("a vertex lies %.2f m off", worst)
	}
}

func pad(code string) string { return fmt.Sprintf("%s%012s", code, "")[:12] }

func mappingOf(path string) Mapping {
	if strings.HasSuffix(path, ".json") {
		return Mapping{"code": "adcode"}
	}
	return nil
}
