//go:build real

package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
)

// TestExamplesOfCQL2 evaluates every example of the standard on PostGIS, with
// properties of the types that it supposes; functions are a class that is not claimed.
func TestExamplesOfCQL2(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = "/work/shared/data"
	}
	files, err := filepath.Glob(filepath.Join(shared, "cql2/examples/*/*"))
	if err != nil || len(files) < 200 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	names := map[kind]string{
		kText:    "city name cityName road_class etat_vol landsat:scene_id eo:instrument beamMode swathDirection polarization owner material geophys:SURVEY_NAME id",
		kNumber:  "windSpeed balance depth category eo:cloud_cover landsat:wrs_row landsat:wrs_path floors taxes value foo bar x vehicle_height bridge_clearance",
		kBoolean: "swimming_pool", kDay: "updated built", kInstant: "event_time touchdown liftOff starts_at ends_at updated_at",
		kShape: "geometry footprint location road", kList: "layer:ids values",
	}
	values := map[kind]string{kText: "'x'::text", kNumber: "3::float8", kBoolean: "true", kDay: "'2020-02-29'::date", kInstant: "'2020-02-29T01:02:03Z'::timestamptz",
		kShape: "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), POLYGON((0 0,1 0,1 1,0 0)))', 4326)", kList: "ARRAY['a','b']"}
	others := map[string]map[string]kind{"clause7_03b": {"category": kNumber}, "example03": {"landsat:wrs_path": kText}, "example40": {"value": kText}, "example40-alt01": {"value": kText}}
	pool := datatest.Open(t)
	evaluated, functions := 0, 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parse := cql2.ParseText
		if strings.HasSuffix(file, ".json") {
			parse = cql2.ParseJSON
		}
		e, err := parse(string(source))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		tr := &translation{columns: map[string]term{}, args: pgx.StrictNamedArgs{}}
		for k, list := range names {
			for _, name := range strings.Fields(list) {
				if other, ok := others[strings.Split(filepath.Base(file), ".")[0]][name]; ok {
					tr.columns[name] = term{sql: values[other], kind: other}
					continue
				}
				tr.columns[name] = term{sql: values[k], kind: k}
			}
		}
		f, err := tr.term(e)
		switch {
		case err != nil && planner.KindOf(err) == planner.Invalid && strings.Contains(err.Error(), "there is no function"):
			functions++
			continue
		case err != nil:
			t.Errorf("%s: %s: %v", file, source, err)
			continue
		}
		if _, err := pool.Exec(t.Context(), "SELECT "+f.sql, tr.args); err != nil {
			t.Errorf("%s: %s\n%s: %v", file, source, f.sql, err)
		}
		evaluated++
	}
	t.Logf("%d evaluated, %d ask for functions", evaluated, functions)
}
