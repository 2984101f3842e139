package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// twoCounties is a prefecture with counties 990101 and 990102 and the zone 990191, to
// which town 990101002 reports; village and facility in every town, and one run.
const twoCounties = `
INSERT INTO data_version (kind, source) VALUES ('units', 't');
INSERT INTO unit (source, key, from_version, name, level, parent_code, reporting_parent, digest) SELECT 't', rpad(c, 12, '0'), 1, c, l, rpad(p, 12, '0'), rpad(z, 12, '0'), ''
FROM (VALUES ('9901', 2, '99', NULL), ('990101', 3, '9901', NULL), ('990102', 3, '9901', NULL), ('990191', 3, '9901', NULL), ('990101001', 4, '990101', NULL), ('990101002', 4, '990101', '990191'), ('990102001', 4, '990102', NULL)) t(c, l, p, z);
INSERT INTO run (name, state, data_version, as_of, spec, digest, published_at) VALUES ('r', 'published', 1, '2026-01-01', '{}', 'd', now());
INSERT INTO facility (source, key, from_version, name, services, unit_code, digest) SELECT 't', 'f' || key, 1, 'f', '{eldercare_centre}', key, '' FROM unit WHERE level = 4;
INSERT INTO place (source, key, from_version, name, unit_code, digest) SELECT 't', 'p' || key, 1, 'p', key, '' FROM unit WHERE level = 4;
INSERT INTO address (source, key, from_version, full_text, unit_code, digest) SELECT 't', 'a' || key, 1, 'a', key, '' FROM unit WHERE level = 4;
INSERT INTO candidate (source, key, from_version, name, unit_code, geom, digest) SELECT 't', 'c' || key, 1, 'c', key, 'SRID=4326;POINT(120 30)', '' FROM unit WHERE level = 4;
INSERT INTO population (source, key, from_version, unit_code, basis, age_group, people, digest) SELECT 't', key, 1, key, 'resident', '60+', 20, '' FROM unit WHERE level = 4;
INSERT INTO coverage SELECT 1, key, key, name, level, 'EL-07', '60+', 'resident', 'adult', 15, 'walk', 20, 20, 1, 'met' FROM unit;
INSERT INTO gap SELECT 1, key, 'EL-07', key, name, 'walk_time', '60+', 12, NULL, NULL, NULL, NULL, 1, 'r', 'r', 'm', NULL FROM unit WHERE level = 4;
INSERT INTO demand SELECT 1, key, key, name, '60+', 'resident', 20, 3, 'address', NULL FROM unit WHERE level = 4;
INSERT INTO circle SELECT 1, key, key, name, 's', 'adult', 15, key, '60+', 20, 'SRID=4326;MULTIPOLYGON EMPTY' FROM unit WHERE level = 4;
INSERT INTO verdict SELECT 1, 'EL-07', key, level, 'met', 1, 1, 20, 20, '20人', '20 people' FROM unit;
INSERT INTO access_setting VALUES ('public_layers', '["coverage", "gaps"]');
INSERT INTO withheld VALUES ('990101001000');
UPDATE run SET small_number = 10;`

// try runs a statement as a role with a scope, as a request would, and tells which towns it touched.
func try(t *testing.T, pool *pgxpool.Pool, role, scope, charge, sql string) string {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context())
	if _, err := tx.Exec(t.Context(), "SELECT set_config('lifecircle.scope', $1, true), set_config('lifecircle.charge', $2, true), set_config('role', $3, true)", scope, charge, "lifecircle_"+role); err != nil {
		t.Fatal(err)
	}
	return touched(t, tx, sql)
}

func touched(t *testing.T, tx pgx.Tx, sql string) string {
	rows, err := tx.Query(t.Context(), sql)
	if err == nil {
		var got []string
		if got, err = pgx.CollectRows(rows, pgx.RowTo[string]); err == nil {
			return strings.Join(got, " ")
		}
	}
	if denied := (*pgconn.PgError)(nil); errors.As(err, &denied) && denied.Code == "42501" {
		return "denied"
	}
	t.Fatalf("%s: %v", sql, err)
	return ""
}

// TestMatrixInSQL is the access matrix as each database role meets it: own county
// with the zone's town in it, the zone, everything, nothing.
func TestMatrixInSQL(t *testing.T) {
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), twoCounties); err != nil {
		t.Fatal(err)
	}
	county := access.User{Prefix: "990101", Ceded: []string{"990101002"}}
	zone := access.User{Prefix: "990191", Towns: []string{"990101002"}}
	const own, all = "990101001 990101002", "990101001 990101002 990102001"
	towns := map[string]string{"county": own, "zone": "990101002", "all": all}
	charge := map[string]string{"county": "990101001", "zone": "990101002", "all": all}
	readers, planners := "viewer town_editor county_editor planner", "town_editor county_editor planner"
	for _, m := range []struct{ table, column, readers string }{
		{"facility", "unit_code", readers}, {"place", "unit_code", readers}, {"address", "unit_code", readers}, {"population", "unit_code", readers},
		{"candidate", "unit_code", planners}, {"seen_gap", "unit_code", readers}, {"seen_demand", "unit_code", readers}, {"seen_circle", "unit_code", readers},
		{"coverage", "unit_code", ""}, {"gap", "unit_code", ""}, {"demand", "unit_code", ""}, {"circle", "unit_code", ""}, {"verdict", "unit_code", ""},
		{"run", "name", ""}, {"app_user", "name", ""}, {"app_session", "source", ""}, {"api_token", "name", ""}, {"access_setting", "key", ""}, {"withheld", "unit_code", ""}, {"audit_head", "seq::text", ""},
	} {
		for _, role := range []string{"public", "viewer", "town_editor", "county_editor", "planner", "auditor", "system_admin", "security_admin"} {
			for who, u := range map[string]access.User{"county": county, "zone": zone, "all": {}} {
				scope := planner.Viewer{Prefix: u.Prefix, Towns: strings.Join(u.Towns, ",")}.Pattern()
				want := "denied"
				if strings.Contains(m.readers, role) {
					want = towns[who]
				} else if role == "public" && slices.Contains([]string{"facility", "place", "address", "seen_demand", "seen_circle"}, m.table) {
					want = "" // rights to the table, no open layer
				} else if role == "public" && m.table == "seen_gap" {
					want = towns[who]
				}
				got := try(t, pool, role, scope, u.Charge(), fmt.Sprintf("SELECT left(%s, 9) FROM %s ORDER BY 1", m.column, m.table))
				if got != want {
					t.Errorf("%s of %s reads %q of %s, want %q", role, who, got, m.table, want)
				}
				if role != "public" && m.table == "facility" {
					want, edit := "denied", "UPDATE facility SET beds = 5 RETURNING left(unit_code, 9)"
					if strings.HasSuffix(role, "_editor") {
						want = charge[who]
					}
					if got := try(t, pool, role, scope, u.Charge(), "WITH e AS ("+edit+") SELECT * FROM e ORDER BY 1"); got != want {
						t.Errorf("%s of %s changes %q, want %q", role, who, got, want)
					}
				}
			}
		}
	}
	for _, role := range []string{"auditor", "planner", "system_admin", "security_admin"} {
		want := map[bool]string{true: "", false: "denied"}[role == "auditor"]
		if got := try(t, pool, role, "", "", "SELECT actor FROM audit_log"); got != want {
			t.Errorf("%s reads the audit log: %q", role, got)
		}
		for _, change := range []string{"DELETE FROM audit_log RETURNING actor", "UPDATE audit_log SET actor = 'x' RETURNING actor", "INSERT INTO audit_log SELECT * FROM audit_log RETURNING actor"} {
			if got := try(t, pool, role, "", "", change); got != "denied" {
				t.Errorf("%s: %s: %q", role, change, got)
			}
		}
	}
	if got := try(t, pool, "planner", "", "", "SELECT left(unit_code, 9) FROM facility"); got != "" {
		t.Errorf("without a scope: %q", got)
	}
}

// TestOwnLogin is somebody who connects to PostgreSQL with a login of their own: what they set is not believed.
func TestOwnLogin(t *testing.T) {
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), twoCounties+"DROP ROLE IF EXISTS test_gis; CREATE ROLE test_gis LOGIN IN ROLE lifecircle_planner;"); err != nil {
		t.Fatal(err)
	}
	config := pool.Config().ConnConfig.Copy()
	config.User = "test_gis"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	read := func() string {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback(t.Context())
		if _, err := tx.Exec(t.Context(), "SET LOCAL lifecircle.scope = ''; SET LOCAL ROLE lifecircle_planner"); err != nil {
			t.Fatal(err)
		}
		return touched(t, tx, "SELECT left(unit_code, 9) FROM facility ORDER BY 1")
	}
	if got := read(); got != "" {
		t.Errorf("a login without a row in database_login reads %q", got)
	}
	if _, err := pool.Exec(t.Context(), "INSERT INTO database_login VALUES ('test_gis', 'planner', '990102')"); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "990102001" {
		t.Errorf("a login of 990102 reads %q", got)
	}
}

// TestPublicSeesNoSmallCount reads every layer and the report as the public, filters included.
func TestPublicSeesNoSmallCount(t *testing.T) {
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), twoCounties+"INSERT INTO access_setting VALUES ('x', '1'); UPDATE access_setting SET value = '[\"units\",\"coverage\",\"gaps\",\"demand\",\"circles\"]' WHERE key = 'public_layers'"); err != nil {
		t.Fatal(err)
	}
	s, snap := New(pool), layer.Snapshot{Version: 1, Run: 1}
	v := access.Public([]string{"units", "coverage", "gaps", "demand", "circles"}, "1")
	shown := func(collection, id string) string {
		f, err := s.Feature(t.Context(), layer.Query{Collection: collection, Snapshot: snap, Viewer: v}, id)
		if err != nil {
			t.Fatal(err)
		}
		return string(f.JSON)
	}
	for _, c := range []struct{ collection, id, has string }{
		{"coverage", "990101001000", `"people" : null`}, {"coverage", "990101001000", `"total" : null`}, {"coverage", "990101001000", `"share" : null`}, {"coverage", "990102001000", `"people" : 20`},
		{"demand", "990101001000", `"people" : null`}, {"demand", "990102001000", `"people" : 20`},
		{"gaps", "990102001000", `"people" : null`}, {"gaps", "990102001000", `"reason" : null`}, {"gaps", "990102001000", `"rank" : null`}, {"circles", "990102001000", `"people" : null`},
	} {
		if got := shown(c.collection, c.id); !strings.Contains(got, c.has) {
			t.Errorf("%s %s: no %s in %s", c.collection, c.id, c.has, got)
		}
	}
	r, err := s.Report(t.Context(), "990101001000", snap, v)
	if err != nil || len(r.People) != 0 || r.Classes[0].People != nil || strings.Contains(r.Verdicts[0].TextZH, "20") {
		t.Errorf("report: %+v, %v", r, err)
	}
	if r, err = s.Report(t.Context(), "990102001000", snap, v); err != nil || len(r.People) != 1 || r.People[0].People != 20 {
		t.Errorf("report: %+v, %v", r, err)
	}
	// the limit is raised: nothing is shown until the run is masked for it, then what is left
	if _, err := pool.Exec(t.Context(), "INSERT INTO access_setting VALUES ('small_number', '15')"); err != nil {
		t.Fatal(err)
	}
	if got := shown("coverage", "990102001000"); !strings.Contains(got, `"people" : null`) {
		t.Errorf("a run that was masked for a lower limit shows %s", got)
	}
	if err := s.Mask(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := shown("coverage", "990102001000"); !strings.Contains(got, `"people" : 20`) {
		t.Errorf("after masking: %s", got)
	}
	for _, c := range []string{"addresses", "candidates", "facilities"} {
		if p, err := s.Page(t.Context(), layer.Query{Collection: c, Snapshot: snap, Viewer: v, Limit: 5}); err == nil && p.NumberMatched > 0 {
			t.Errorf("the public sees %d of %s", p.NumberMatched, c)
		}
	}
}
