package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

func TestMain(m *testing.M) {
	if os.Getenv("LIFECIRCLE_TEST_KILL") != "" { // works in its parent's database
		os.Exit(m.Run())
	}
	os.Exit(datatest.Main(m))
}

// villages is a county of 2 × 5 villages, each a square of 0.02°, under two towns.
func villages(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	add := func(code, name string, w, s, e, n float64) {
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"code":%q,"name":%q},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}},`, code, name, w, s, e, s, e, n, w, n, w, s)
	}
	for town := range 2 {
		w := 121.4 + 0.02*float64(town)
		add(fmt.Sprintf("99012110%d", town+1), "镇", w, 28.6, w+0.02, 28.7)
		for v := range 5 {
			s := 28.6 + 0.02*float64(v)
			add(fmt.Sprintf("99012110%d20%d", town+1, v+1), "村", w, s, w+0.02, s+0.02)
		}
	}
	add("990121", "县", 121.4, 28.6, 121.44, 28.7)
	return file(t, "units.geojson", strings.TrimSuffix(b.String(), ",")+"]}")
}

func load(t *testing.T, pool *pgxpool.Pool, o Options) Result {
	t.Helper()
	r, err := Import(t.Context(), pool, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func number(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(sql, err)
	}
	return n
}

// refused checks that an import fails as invalid, with text in it, and leaves nothing behind.
func refused(t *testing.T, pool *pgxpool.Pool, o Options, text string) {
	t.Helper()
	before := number(t, pool, `SELECT count(*) FROM data_version`)
	_, err := Import(t.Context(), pool, o)
	if planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), text) {
		t.Errorf("want a refusal with %q, got %v", text, err)
	}
	if n := number(t, pool, `SELECT count(*) FROM data_version`); n != before {
		t.Errorf("a refused import made a version")
	}
	if n := number(t, pool, `SELECT (SELECT count(*) FROM import_job) + (SELECT count(*) FROM pg_tables WHERE schemaname = 'staging')`); n != 0 {
		t.Errorf("a refused import left its staging")
	}
}

const facilityHeader = "设施编号,设施名称,场所编号,服务类型,所在行政区代码,运营状态,每周开放天数,启用日期,停用日期,床位数(张),护理型床位数(张),经度,纬度\n"

func TestUnitsMergeByKeyAndTheSameFileTwiceChangesNothing(t *testing.T) {
	pool := datatest.Open(t)
	path := villages(t)
	refused(t, pool, Options{Kind: "units", Files: []string{path}}, "--crs")
	o := Options{Kind: "units", Files: []string{path}, CRS: "EPSG:4490", Replace: true, ChunkRows: 3}
	first := load(t, pool, o)
	if first.Added != 13 || first.Read != 13 || first.Rejected != 0 || first.CRS != "EPSG:4490" {
		t.Fatalf("%+v", first)
	}
	if again := load(t, pool, o); again.Version != first.Version || again.Added+again.Changed+again.Removed != 0 {
		t.Errorf("the same file again: %+v", again)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), `"990121101201","name":"村"`, `"990121101201","name":"临溪村"`, 1)
	from := strings.Index(changed, `{"type":"Feature","properties":{"code":"990121102205"`)
	to := strings.Index(changed, `{"type":"Feature","properties":{"code":"990121","name"`)
	o.Files = []string{file(t, "units.geojson", changed[:from]+changed[to:])}
	second := load(t, pool, o)
	if second.Changed != 1 || second.Removed != 1 || second.Added != 0 || second.Version <= first.Version {
		t.Errorf("one renamed, one absent: %+v", second)
	}
	const at = `SELECT count(*) FROM unit WHERE from_version <= $1 AND to_version > $1`
	if a, b := number(t, pool, at, first.Version), number(t, pool, at, second.Version); a != 13 || b != 12 {
		t.Errorf("%d units at the first version, %d at the second", a, b)
	}
	if n := number(t, pool, `SELECT count(*) FROM unit WHERE to_version = open_version() AND ST_Covers(geom, point) AND level = 5 AND parent_code LIKE '99012110_000'`); n != 9 {
		t.Errorf("%d villages have their point inside and their town", n)
	}
}

func TestFacilityRowsOneByOne(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	rejects := filepath.Join(t.TempDir(), "rejects.xlsx")
	path := file(t, "facilities.csv", facilityHeader+
		"F1,临溪照料中心,S1,居家养老服务照料中心、助餐点,990121101201,运营中,5,2019年3月,,12,4,121.41,28.61\n"+
		"F2,甲,,照料中心,990121101202,停用,0,43525,2024/5/1,,,121.41,28.63\n"+
		"F3,海上,,敬老院,990121101201,运营,,,,,,121.60,28.61\n"+ // in the sea
		"F4,海葬,,海葬点,990121101201,运营,,,,,,121.60,28.61\n"+
		"F1,重复,,敬老院,990121101201,运营,,,,,,121.41,28.61\n"+ // duplicate
		"F5,写反,,敬老院,990121101201,运营,,,,,,28.61,121.41\n"+
		"F6,未知,,飞机场,990121101201,运营,,,,,,121.41,28.61\n"+
		"F7,未知,,敬老院,990121101201,半开,,,,,,121.41,28.61\n"+
		"F8,未知,,敬老院,990199101201,运营,,,,,,121.41,28.61\n"+ // no such unit
		"F9,未知,,敬老院,990121101201,运营,9,,,,,121.41,28.61\n"+
		"F10,未知,,敬老院,990121101201,运营,,昨天,,,,121.41,28.61\n"+
		"F11,未知,,敬老院,990121101201,运营,,,,3,4,121.41,28.61\n"+
		"F12,无坐标,,敬老院,990121101201,运营,,,,,,,\n")
	r := load(t, pool, Options{Kind: "facilities", Files: []string{path}, CRS: "4326", Rejects: rejects})
	if r.Added != 4 || r.Rejected != 9 || r.Rejects != rejects {
		t.Fatalf("%+v", r)
	}
	if n := number(t, pool, `SELECT count(*) FROM facility WHERE key = 'F1' AND services = '{day_care,meal_point}' AND status = 'operating' AND opened = '2019-03-01' AND beds = 12 AND ST_X(geom) = 121.41`); n != 1 {
		t.Error("F1 is not as delivered")
	}
	if n := number(t, pool, `SELECT count(*) FROM facility WHERE key = 'F2' AND status = 'suspended' AND weekly_open_days = 0 AND opened = '2019-03-01' AND closed = '2024-05-01'`); n != 1 {
		t.Error("F2 is not as delivered")
	}
	book, err := excelize.OpenFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("rejects")
	if err != nil || len(rows) != 10 {
		t.Fatal(rows, err)
	}
	for i, want := range []string{"海里", "重复", "写反", "飞机场", "半开", "990199101201", "0到7", "昨天", "多于"} {
		if row := rows[i+1]; !strings.Contains(row[2], want) || row[4] == "" || row[5] == "" {
			t.Errorf("reject %d: %q, want %q in its reason", i+1, row, want)
		}
	}
}

// A list without numbers and codes: the name in its village is the key, the village is where the point lies; the same
// list again changes nothing. Degrees that say nothing of their system are still refused.
func TestFacilitiesWithoutNumbersAndCodes(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	list := file(t, "f.csv", "设施名称,服务类型,所在行政区代码,经度,纬度\n老年食堂,助餐点,,121.41,28.61\n老年食堂,助餐点,990121102201,121.43,28.61\n食堂,助餐点,,121.41,28.63\n")
	if _, err := Import(t.Context(), pool, Options{Kind: "facilities", Files: []string{file(t, "g.csv", "设施名称,服务类型,经度,纬度\n食堂,助餐点,121.41,28.63\n")}}); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a system that nobody stated nor anything confirms: %v", err)
	}
	for i, want := range []int64{3, 0} {
		if r := load(t, pool, Options{Kind: "facilities", Files: []string{list}, CRS: "EPSG:4490"}); r.Added != want || r.Rejected != 0 {
			t.Errorf("delivery %d: %+v", i, r)
		}
	}
	if n := number(t, pool, `SELECT count(*) FROM facility WHERE (key, unit_code) IN (('老年食堂', '990121101201'), ('老年食堂@990121102201', '990121102201'), ('食堂', '990121101202'))`); n != 3 {
		t.Errorf("%d of 3 facilities have the key and the village that they should", n)
	}
}

func TestShiftedPointsCalledWGS84AreRefused(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	for _, c := range []crs.CRS{crs.GCJ02, crs.BD09} {
		var b strings.Builder
		b.WriteString(facilityHeader)
		for i := range 40 {
			v := i % 5
			p := c.FromLonLat(orb.Point{121.4005 + 0.019*float64(i)/40, 28.6005 + 0.02*float64(v) + 0.019*float64(i)/40})
			fmt.Fprintf(&b, "F%d,照料中心,,照料中心,99012110120%d,运营,,,,,,%.7f,%.7f\n", i, v+1, p[0], p[1])
		}
		path := file(t, "facilities.csv", b.String())
		for _, stated := range []string{"EPSG:4326", ""} {
			refused(t, pool, Options{Kind: "facilities", Files: []string{path}, CRS: stated}, "--crs "+c.String())
		}
		if r := load(t, pool, Options{Kind: "facilities", Files: []string{path}, CRS: c.String()}); r.Rejected != 0 {
			t.Errorf("%v stated: %+v", c, r)
		}
	}
}

func TestGaussKruegerInTheOrderOfSurveyors(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	zone, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	p := zone.FromLonLat(orb.Point{121.41, 28.61})
	path := file(t, "places.csv", fmt.Sprintf("地名编码,标准名称,地名类别,所在行政区代码,X坐标,Y坐标\nP1,临溪,居民点,990121101201,%.4f,%.4f\n", p[1], p[0]))
	refused(t, pool, Options{Kind: "places", Files: []string{path}}, "EPSG:45xx")
	load(t, pool, Options{Kind: "places", Files: []string{path}, CRS: "EPSG:4549"})
	if n := number(t, pool, `SELECT count(*) FROM place WHERE ST_DWithin(geom, ST_SetSRID(ST_MakePoint(121.41, 28.61), 4326), 1e-8)`); n != 1 {
		t.Error("the place is elsewhere")
	}
}

func TestVillageUnderNoTownship(t *testing.T) {
	pool := datatest.Open(t)
	path := file(t, "units.csv", "代码,名称,级别,经度,纬度\n990121,县,县,121.4,28.6\n990121101,镇,镇,121.4,28.6\n990121101201,甲村,村,121.4,28.6\n990121102201,乙村,村,121.4,28.6\n990121103,丙,村,121.4,28.6\n")
	r := load(t, pool, Options{Kind: "units", Files: []string{path}, CRS: "4490", Rejects: filepath.Join(t.TempDir(), "r.xlsx")})
	if r.Added != 3 || r.Rejected != 2 || number(t, pool, `SELECT count(*) FROM unit WHERE key = '990121102201'`) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestTablesWithoutMapAndMapping(t *testing.T) {
	pool := datatest.Open(t)
	people := file(t, "population.csv", gb(t, "行政区代码,名称,人口口径,年龄组,人数,截至日期\n990121101201,甲,常住,60岁以上,120,2024-12-31\n990121101201,甲,户籍人口,60岁及以上,150,2024年12月\n990121101201,甲,常住,合计,-1,\n"))
	if r := load(t, pool, Options{Kind: "population", Files: []string{people}}); r.Added != 2 || r.Rejected != 1 || r.CRS != "" {
		t.Errorf("%+v", r)
	}
	if n := number(t, pool, `SELECT people FROM population WHERE key = '990121101201|registered|60+'`); n != 150 {
		t.Errorf("%d people", n)
	}
	flagged := file(t, "flags.csv", "行政区代码,名称,标识,是否,依据文号\n990121101201,甲,应建儿童之家,是,民发1号\n990121101201,甲,助餐需求,否,\n")
	if r := load(t, pool, Options{Kind: "flags", Files: []string{flagged}}); r.Added != 2 {
		t.Errorf("%+v", r)
	}
	// Cells of a grid far from China: no statement of the system needed, columns by mapping.
	grid := file(t, "grid.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"h":"88a9","n":31},"geometry":{"type":"Polygon","coordinates":[[[-51.2,-30],[-51.1,-30],[-51.1,-29.9],[-51.2,-29.9],[-51.2,-30]]]}}]}`)
	o := Options{Kind: "population", Source: "grid", Files: []string{grid}, Mapping: Mapping{"unit_code": "h", "people": "n", "basis": "=resident", "group": "=total"}}
	if r := load(t, pool, o); r.Added != 1 || r.CRS != "EPSG:4326" {
		t.Errorf("%+v", r)
	}
	o.Mapping["nonsense"] = "h"
	refused(t, pool, o, "nonsense")
}

func TestFilesThatCannotBeTaken(t *testing.T) {
	pool := datatest.Open(t)
	refused(t, pool, Options{Kind: "flags", Files: []string{file(t, "a.csv", "行政区代码,标识\n")}}, "没有数据行")
	refused(t, pool, Options{Kind: "flags", Files: []string{file(t, "a.csv", "代号,标识\n1,2\n")}}, "--mapping")
	refused(t, pool, Options{Kind: "flags", Files: []string{file(t, "a.csv", "行政区代码,标识\n1,2\n")}}, "首个原因(第2行)")
	refused(t, pool, Options{Kind: "cats", Files: []string{"a.csv"}}, "units, changes")
	refused(t, pool, Options{Kind: "flags", Files: []string{"/nowhere/a.csv"}}, "a.csv")
	refused(t, pool, Options{Kind: "places", CRS: "EPSG:2437", Files: []string{file(t, "a.csv", "x\n")}}, "2437")
}

func TestDemoNeverJoinsRealData(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490", Demo: true})
	flagged := file(t, "flags.csv", "行政区代码,标识\n990121101201,助餐需求\n")
	if _, err := Import(t.Context(), pool, Options{Kind: "flags", Files: []string{flagged}}); planner.KindOf(err) != planner.Conflict {
		t.Errorf("real flags among demo units: %v", err)
	}
}

func TestAnInterruptedImportGoesOn(t *testing.T) {
	pool := datatest.Open(t)
	var b strings.Builder
	b.WriteString("地名编码,标准名称,经度,纬度\n")
	for i := range 100 {
		fmt.Fprintf(&b, "P%d,村,121.4,28.6\n", i)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o := Options{Kind: "places", Files: []string{file(t, "places.csv", b.String())}, CRS: "4490", ChunkRows: 10}
	o.Progress = func(p Progress) {
		if p.Rows >= 40 {
			cancel()
		}
	}
	if _, err := Import(ctx, pool, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if done, version := number(t, pool, `SELECT rows_done FROM import_job`), number(t, pool, `SELECT count(*) FROM place`); done != 40 || version != 0 {
		t.Errorf("%d rows staged, %d published", done, version)
	}
	var chunks int
	o.Progress = func(p Progress) {
		if chunks++; p.Share <= 0.4 || p.Share > 1 {
			t.Errorf("chunk %d: %+v", chunks, p)
		}
	}
	if r := load(t, pool, o); r.Added != 100 || r.Read != 100 || chunks != 6 {
		t.Errorf("%+v after %d more chunks", r, chunks)
	}
}
