package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
	"github.com/lifecircle/lifecircle/planner/layer"
)

func filter(t *testing.T, s string) cql2.Expr {
	t.Helper()
	e, err := cql2.ParseText(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestFiltersOfOurLayers: what each filter finds among the facilities A (west, day_care and meal_point), B (east) and C (no point).
func TestFiltersOfOurLayers(t *testing.T) {
	s, pool := twoVersions(t)
	if _, err := pool.Exec(t.Context(), `UPDATE facility SET opened = '2020-05-01', beds = 30 WHERE key = 'A'; UPDATE facility SET opened = '2024-01-01', beds = 0 WHERE key = 'B'`); err != nil {
		t.Fatal(err)
	}
	gauss := layer.CRS{EPSG: 4549, YX: true} // zone of 120° without its number: the easting of 120.1° is about 509,700 m
	for _, c := range []struct {
		filter string
		crs    layer.CRS
		ids    string
	}{
		{"name LIKE '甲%'", layer.CRS{}, "A"}, {"name <> '乙'", layer.CRS{}, "A C"}, {"geometry IS NULL", layer.CRS{}, "C"}, {"NOT (beds > 10)", layer.CRS{}, "B"},
		{"beds * 2 + 1 = 61 OR unit_code = '990122101201'", layer.CRS{}, "A C"}, {"10 / beds > 0", layer.CRS{}, "A"}, {"beds % 7 = 2 AND beds div 7 = 4 AND beds ^ 2 = 900", layer.CRS{}, "A"},
		{"A_CONTAINS(services, ('meal_point', 'day_care'))", layer.CRS{}, "A"}, {"A_EQUALS(services, ('meal_point', 'day_care'))", layer.CRS{}, "A"}, {"A_OVERLAPS(services, ('child_home', 'x'))", layer.CRS{}, "C"}, {"A_CONTAINEDBY(('day_care'), services)", layer.CRS{}, "A B"},
		{"T_AFTER(opened, DATE('2023-12-31'))", layer.CRS{}, "B"}, {"T_DURING(INTERVAL(opened, '..'), INTERVAL('2020-04-30', '..'))", layer.CRS{}, ""}, {"T_INTERSECTS(opened, INTERVAL('2020-05-01T10:00:00Z', '2020-05-01T11:00:00Z'))", layer.CRS{}, "A"},
		{"opened >= '2024-01-01'", layer.CRS{}, "B"}, {"opened >= '2024-01-01T'", layer.CRS{}, "B"}, {"services LIKE '%meal%' OR services = 'child_home'", layer.CRS{}, "A C"}, {"opened < TIMESTAMP('2020-05-01T00:00:01Z')", layer.CRS{}, "A"}, {"T_DISJOINT(opened, INTERVAL('..', '2021-01-01'))", layer.CRS{}, "B"},
		{"S_INTERSECTS(geometry, BBOX(120, 29, 120.5, 29.5))", layer.CRS{}, "A"}, {"S_WITHIN(geometry, BBOX(120.5, 29, -170, 30))", layer.CRS{}, "B"}, {"S_EQUALS(POINT(120.1 29.1), geometry)", layer.CRS{}, "A"},
		{"S_INTERSECTS(geometry, BBOX(29, 120, 29.5, 120.5))", layer.CRS{EPSG: 4326, YX: true, Degrees: true}, "A"}, {"S_INTERSECTS(geometry, POLYGON((29 120, 29 120.5, 30 120.5, 30 120, 29 120)))", layer.CRS{EPSG: 4490, YX: true, Degrees: true}, "A"},
		{"S_INTERSECTS(geometry, BBOX(3210000, 505000, 3230000, 515000))", gauss, "A"}, {"S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(13369470.85 3388850), POLYGON((13450000 3380000, 13480000 3380000, 13480000 3400000, 13450000 3400000, 13450000 3380000))))", layer.CRS{EPSG: 3857}, "B"},
		{"CASEI(unit_code) IN (CASEI('990121101201'), '990122101201')", layer.CRS{}, "A C"}, {"TRUE", layer.CRS{}, "A B C"}, {"FALSE", layer.CRS{}, ""}, {"opened BETWEEN DATE('2020-01-01') AND DATE('2020-12-31')", layer.CRS{}, "A"},
	} {
		page, err := s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10, Filter: filter(t, c.filter), FilterCRS: c.crs})
		if err != nil || ids(page) != c.ids || int(page.NumberMatched) != len(page.Features) {
			t.Errorf("%s: %q of %d, want %q: %v", c.filter, ids(page), page.NumberMatched, c.ids, err)
		}
	}
}

// TestSortedPages follow each other in the order asked for, with each feature once.
func TestSortedPages(t *testing.T) {
	s, pool := twoVersions(t)
	if _, err := pool.Exec(t.Context(), `INSERT INTO facility (source, key, from_version, to_version, name, services, unit_code, beds, digest) SELECT 't', 'K' || i, 1, open_version(), 'n' || i % 3, '{day_care}', '990121101201', nullif(i % 4, 0), '' FROM generate_series(1, 12) i`); err != nil {
		t.Fatal(err)
	}
	for want, keys := range map[string][]layer.Order{
		"K11 K7 K3 K2 K10 K6 K5 K1 K9 A B C K8 K4 K12": {{Property: "beds", Descending: true}, {Property: "name", Descending: true}},
		"K9 K1 K5 K6 K10 K2 K3 K7 K11 K12 K4 K8 C B A": {{Property: "beds"}, {Property: "name"}},
	} {
		for _, limit := range []int{1, 4, 100} {
			var all []string
			q := layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: limit, Sort: keys}
			for more := true; more; {
				page, err := s.Page(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				all, more = append(all, strings.Fields(ids(page))...), page.More
				q.AfterID = all[len(all)-1]
			}
			if got := strings.Join(all, " "); got != want {
				t.Errorf("%v by %d: %s, want %s", keys, limit, got, want)
			}
		}
	}
}

// TestFoldedTexts compares literals with literals: letters that fold in more than one way.
func TestFoldedTexts(t *testing.T) {
	s, _ := twoVersions(t)
	for _, f := range []string{
		"CASEI('Straße') = CASEI('STRASSE')", "CASEI('ΟΔΟΣ') = CASEI('οδος')", "CASEI('ΟΔΟΣΑ') LIKE CASEI('οδοΣ%')", "ACCENTI('débárquér') = ACCENTI('debarquer')", "ACCENTI('København, Łódź') = 'Kobenhavn, Lodz'",
		"ACCENTI('Chișinău') LIKE ACCENTI('CHI%') OR ACCENTI(CASEI('Chișinău')) LIKE ACCENTI(CASEI('CHIȘ_N%'))", "'50%' LIKE '50\\%'", "NOT 'a' LIKE '_a'", "'养老院' LIKE '养__'", "ACCENTI('が') = 'が'", "'B' < 'a'", "'it''s \\t' LIKE 'it''s \\t'",
		"5 % 3 = 2 AND 7 div 2 = 3 AND 7 / 2 = 3.5 AND 2 ^ -1 = 0.5", "NOT (A_EQUALS((1, 2), (1)))", "A_EQUALS((1, 2), (2, 1, 1))", "T_METBY(INTERVAL('2020-01-02','2020-01-03'), INTERVAL('..','2020-01-02'))", "(1 / 0) IS NULL",
	} {
		page, err := s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10, Filter: filter(t, f)})
		if err != nil || len(page.Features) != 3 {
			t.Errorf("%s is not true: %v", f, err)
		}
	}
}

// TestFiltersThatCannotBe are the asker's mistakes, never ours.
func TestFiltersThatCannotBe(t *testing.T) {
	s, _ := twoVersions(t)
	for f, where := range map[string]string{
		"nothing = 1": "character 1:", "name = 5": "character 8:", "beds = 'x'": "character 8:", "name + 1 = 2": "character 1:", "opened = 'yesterday'": "character 10:", "beds LIKE 'x'": "character 1:",
		"geometry = name": "character 1:", "S_WITHIN(name, POINT(1 2))": "character 10:", "S_WITHIN(geometry, POINT(190 2))": "character 20:", "S_WITHIN(geometry, BBOX(1, 3, 2, 2))": "character 20:", "T_DURING(opened, INTERVAL('..','2020-01-01'))": "character 10:",
		"T_AFTER(name, DATE('2020-01-01'))": "character 9:", "avg(beds) > 1": "character 1:", "A_CONTAINS(services, (('x')))": "character 24:", "beds = 1e300 * 1e300": "cannot be evaluated", "name = 'x'; DROP TABLE facility": "",
	} {
		e, err := cql2.ParseText(f)
		if err == nil {
			_, err = s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10, Filter: e})
		}
		if err == nil || planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), where) {
			t.Errorf("%s: not Invalid at %q: %v", f, where, err)
		}
	}
}

// TestLargeFilters are answered in bounded time, and counted up to the bound.
func TestLargeFilters(t *testing.T) {
	s, pool := twoVersions(t)
	if _, err := pool.Exec(t.Context(), `INSERT INTO facility (source, key, from_version, to_version, name, services, unit_code, beds, digest) SELECT 't', 'K' || i, 1, open_version(), 'n' || i, '{day_care}', '990121101201', i, '' FROM generate_series(1, 12000) i; ANALYZE facility`); err != nil {
		t.Fatal(err)
	}
	var equal, ranges []string
	for i := range 10_000 {
		equal, ranges = append(equal, fmt.Sprintf("name = 'n%d'", i*2)), append(ranges, fmt.Sprintf("beds <= %d", -i))
	}
	for name, c := range map[string]struct {
		filter  string
		matched int64
	}{
		"10,000 texts": {strings.Join(equal, " OR "), 6_000}, "10,000 ranges": {strings.Join(ranges, " OR ") + " OR beds = 5", 1}, "more than are counted": {"name LIKE 'n%'", layer.Uncounted},
		"deep": {strings.Repeat("NOT (", 90) + "name = 'n1'" + strings.Repeat(")", 90), 1},
	} {
		start := time.Now()
		page, err := s.Page(t.Context(), layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 10, Filter: filter(t, c.filter)})
		took := time.Since(start)
		t.Logf("%s: %v", name, took.Round(time.Millisecond))
		if name == "10,000 ranges" && planner.KindOf(err) == planner.Invalid { // a machine under load may need more than a filter gets
			continue
		}
		if err != nil || page.NumberMatched != c.matched || took > 2*filterTime {
			t.Errorf("%s: %d in %v, want %d: %v", name, page.NumberMatched, took, c.matched, err)
		}
	}
}

// TestExtraCollections: names, types and values of any GeoPackage come as they are.
func TestExtraCollections(t *testing.T) {
	s, _ := twoVersions(t)
	file := filepath.Join(t.TempDir(), "extra.gpkg")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	many := ""
	for i := range 120 {
		many += fmt.Sprintf(`, "c%d" TEXT DEFAULT 'v%d'`, i, i)
	}
	for _, statement := range []string{
		`CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)`, `CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER)`,
		`CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT)`, `INSERT INTO gpkg_spatial_ref_sys VALUES (3857, 'EPSG', 3857, 'x')`,
		`INSERT INTO gpkg_contents VALUES ('Läden "A"', 'features'), ('plain', 'attributes')`, `INSERT INTO gpkg_geometry_columns VALUES ('Läden "A"', 'Shape', 'POINT', 3857)`,
		`CREATE TABLE "Läden ""A""" (fid INTEGER PRIMARY KEY, Shape BLOB, id TEXT, geom TEXT, Größe REAL, "it's" INTEGER, offen BOOLEAN, seit DATETIME, tag DATE, foto BLOB` + many + `)`,
		`INSERT INTO "Läden ""A""" (fid, Shape, id, geom, Größe, "it's", offen, seit, tag) VALUES (7, x'47500001000000000101000000` + `0000000000000000` + `0000000000000000', 'one', '', 1.5, 9007199254740993, 1, '2022-04-16T10:13:19.5Z', '2022-04-16'), (12, NULL, 'two', NULL, NULL, NULL, NULL, NULL, NULL)`,
		`CREATE TABLE plain (name TEXT)`, `INSERT INTO plain VALUES ('x')`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	for range 2 { // a second start replaces the tables
		s.extra = nil
		if err := s.Extra(t.Context(), file); err != nil {
			t.Fatal(err)
		}
	}
	for f, want := range map[string]string{
		`TRUE`: "12 7", `"it's" = 9007199254740993`: "7", `geom = '' AND "Größe" > 1 AND offen = TRUE`: "7", `geom IS NULL AND id = 'two'`: "12", `seit = '2022-04-16T10:13:19.5Z' AND tag = '2022-04-16'`: "7",
		`S_EQUALS(Shape, POINT(0 0))`: "7", `c119 = 'v119'`: "12 7",
	} {
		page, err := s.Page(t.Context(), layer.Query{Collection: `Läden "A"`, Viewer: planner.DemoViewer, Limit: 10, Filter: filter(t, f)})
		if err != nil || ids(page) != want {
			t.Errorf("%s: %q, want %q: %v", f, ids(page), want, err)
		}
	}
	f, err := s.Feature(t.Context(), layer.Query{Collection: `Läden "A"`, Viewer: planner.DemoViewer, Properties: []string{"id", "geom", "Größe", "it's", "seit", "tag", "offen"}}, "7")
	if want := `{"type":"Feature","id":"7","geometry":{"type":"Point","coordinates":[0,0]},"properties":{"id" : "one", "geom" : "", "Größe" : 1.5, "it's" : 9007199254740993, "offen" : true, "seit" : "2022-04-16T10:13:19.5Z", "tag" : "2022-04-16"}}`; err != nil || string(f.JSON) != want {
		t.Errorf("got  %s\nwant %s: %v", f.JSON, want, err)
	}
	if page, err := s.Page(t.Context(), layer.Query{Collection: "plain", Viewer: planner.Viewer{Role: "planner", Class: planner.Full}, Limit: 10}); err != nil || ids(page) != "1" {
		t.Errorf("a table without key or geometry: %q, %v", ids(page), err)
	}
	if err := s.Extra(t.Context(), file); planner.KindOf(err) != planner.Invalid {
		t.Errorf("a name that is taken: %v", err)
	}
}

// forms are filters by kind (b boolean, n number, s text, d time, i interval, g geometry, a array, x any), with the kinds of their parts after a $.
var forms = map[string][]string{
	"b": {"TRUE", "$n = $n", "$s <> $s", "$d < $d", "$d >= $s", "$n IN ($n, $n)", "$s IN ($s, $s)", "$n BETWEEN $n AND $n", "$s LIKE 'sentinel%'", "$s LIKE CASEI('_')", "$x IS NULL", "($b) AND ($b)", "($b) OR ($b) OR $s = $s", "NOT ($b)", "S_TOUCHES($g, $g)", "S_EQUALS($g, $g)",
		"S_CROSSES($g, $g)", "T_DISJOINT($d, $i)", "T_AFTER($i, $d)", "T_MEETS($i, $i)", "T_OVERLAPS($i, $i)", "A_EQUALS($a, $a)", "A_OVERLAPS($a, $a)", "A_CONTAINS($a, $a)", "$x = $x", "sentinel($x) = $n"},
	"n": {"beds", "nursing_beds", "5", "-0.5", "1e200", "0", "99999999999999999999", "$n + $n", "($n) / ($n)", "($n) % ($n)", "($n) ^ ($n)", "($n) div ($n)", "-($n)"},
	"s": {"name", "services", "'sentinel'", "''", "'2020-01-01'", "'2020-01-01T00:00:00Z'", "CASEI($s)", "ACCENTI($s)"}, "d": {"opened", "closed", "DATE('0000-01-01')", "DATE('2020-02-29')", "TIMESTAMP('9999-12-31T23:59:59.9999999Z')"},
	"i": {"INTERVAL('..', '2020-01-01')", "INTERVAL(opened, closed)", "INTERVAL(opened, '..')", "INTERVAL('..', '..')"}, "g": {"geometry", "POINT(120 29)", "BBOX(170,-90,-170,90)", "BBOX(1,1,1,1)", "POLYGON((0 0,1 1,1 0,0 1,0 0))", "POLYGON((0 0,1 1,0 0,1 1,0 0))", "LINESTRING(1 1,1 1)",
		"GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))"}, "a": {"services", "('a', 5)", "()", "($s)", "($n, $d, $b)"}, "x": {"$n", "$s", "$d", "$g", "$i", "$a", "sentinel"},
}

var part = regexp.MustCompile(`\$[a-z]`)

// expression draws a filter; at the bottom the first forms, which have no parts.
func expression(t *rapid.T, kind string, depth int) string {
	of := forms[kind]
	if depth == 0 && kind != "x" {
		of = of[:1]
	}
	return part.ReplaceAllStringFunc(rapid.SampledFrom(of).Draw(t, kind), func(p string) string { return expression(t, p[1:], max(0, depth-1)) })
}

// TestAnyFilter: whatever parses is evaluated or refused as Invalid, and what people write is never in the SQL.
func TestAnyFilter(t *testing.T) {
	s, _ := twoVersions(t)
	facilities, _ := layer.ByID("facilities")
	parsed, evaluated := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		text := expression(r, "b", rapid.IntRange(1, 4).Draw(r, "depth"))
		e, err := cql2.ParseText(text)
		if err != nil {
			return
		}
		parsed++
		q := layer.Query{Collection: "facilities", Viewer: planner.DemoViewer, Snapshot: layer.Snapshot{Version: 2}, Limit: 2, Filter: e}
		if where, _ := condition(facilities, q, pgx.StrictNamedArgs{}); strings.Contains(where, "sentinel") {
			r.Fatalf("%s is in %s", text, where)
		}
		switch _, err = s.Page(t.Context(), q); {
		case err == nil:
			evaluated++
		case planner.KindOf(err) != planner.Invalid:
			r.Fatalf("%s: %v", text, err)
		}
	})
	t.Logf("%d parsed, %d evaluated", parsed, evaluated)
}
