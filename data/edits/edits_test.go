package edits

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/edit"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

const list = "地址编码,标准地址,村社区代码,街路巷,门牌号,经度,纬度\nA1,澄浦县石岙镇上坞村村前路1号,990121101201,村前路,1号,121.41,28.61\nA2,澄浦县石岙镇上坞村村前路2号,990121101201,村前路,2号,121.42,28.62\n"

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, pool *pgxpool.Pool, kind, text string, rejects string) ingest.Result {
	t.Helper()
	r, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: kind, Files: []string{write(t, kind+".csv", text)}, CRS: "4490", Rejects: rejects})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func desk(t *testing.T) (*Desk, *pgxpool.Pool) {
	t.Helper()
	pool := datatest.Open(t)
	load(t, pool, "units", "代码,名称\n990121,澄浦县\n990121101,石岙镇\n990121102,后垟镇\n990121101201,上坞村\n990121102201,对岙村\n", "")
	load(t, pool, "addresses", list, "")
	key, err := access.LoadKey(filepath.Join(t.TempDir(), "access.key"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := access.NewLog(t.Context(), pool, key)
	if err != nil {
		t.Fatal(err)
	}
	return &Desk{Store: store.New(pool), Log: log}, pool
}

func user(role rights.Role, prefix string) rights.User {
	return rights.User{ID: 1, Name: string(role) + prefix, Roles: []rights.Role{role}, Prefix: prefix}
}

func set(text string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		panic(err)
	}
	return m
}

func text(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) (s string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&s); err != nil {
		t.Fatal(sql, err)
	}
	return s
}

const living = `SELECT full_text || '|' || plate || '|' || round(ST_X(geom)::numeric, 6) || '|' || serial FROM address WHERE key = $1 AND to_version = open_version()`

// A correction is a version of one row, survives the next delivery of the same row, gives way to another row of the source, and can be undone.
func TestCorrectionLivesUntilTheSourceSaysOtherwise(t *testing.T) {
	d, pool := desk(t)
	editor, e := user(rights.TownEditor, "990121101"), rights.Entry{Actor: "zhang"}
	before := text(t, pool, `SELECT max(id)::text FROM data_version`)
	made, err := d.Correct(t.Context(), editor, edit.Change{Layer: "addresses", ID: "A1", Set: set(`{"plate":"1-1号","full_text":"澄浦县石岙镇上坞村村前路1-1号","point":[121.415,28.615]}`), Reason: "现场核实"}, e)
	if err != nil {
		t.Fatal(err)
	}
	const corrected = "澄浦县石岙镇上坞村村前路1-1号|1-1号|121.415000|1"
	if got := text(t, pool, living, "A1"); got != corrected || made.Actor != "zhang" {
		t.Errorf("%s, %+v", got, made)
	}
	if got := text(t, pool, `SELECT full_text FROM address WHERE key = 'A1' AND from_version <= $1 AND to_version > $1`, before); got != "澄浦县石岙镇上坞村村前路1号" {
		t.Errorf("the version before says %s now", got)
	}
	if n := text(t, pool, `SELECT count(*)::text FROM address WHERE from_version = $1`, made.Version); n != "1" {
		t.Errorf("%s rows in the correction's version", n)
	}
	if got := text(t, pool, `SELECT action || ' ' || object || ' ' || reason FROM audit_log ORDER BY seq DESC LIMIT 1`); got != "base.edit addresses:A1 现场核实" {
		t.Errorf("audit: %s", got)
	}
	// the same list with a row more: the correction stays
	if r := load(t, pool, "addresses", list+"A3,澄浦县石岙镇上坞村村前路3号,990121101201,村前路,3号,121.41,28.61\n", ""); r.Added != 1 || r.Changed != 0 || r.Noted != 0 {
		t.Errorf("%+v", r)
	}
	if got := text(t, pool, living, "A1"); got != corrected {
		t.Errorf("after the next delivery: %s", got)
	}
	// undone, and made again
	if _, err := d.Undo(t.Context(), editor, made.ID, "复核有误", e); err != nil {
		t.Fatal(err)
	}
	if got := text(t, pool, living, "A1"); got != "澄浦县石岙镇上坞村村前路1号|1号|121.410000|1" {
		t.Errorf("undone: %s", got)
	}
	if _, err := d.Undo(t.Context(), editor, made.ID, "再撤一次", e); planner.KindOf(err) != planner.Conflict {
		t.Errorf("undone twice: %v", err)
	}
	again, err := d.Correct(t.Context(), editor, edit.Change{Layer: "addresses", ID: "A1", Set: set(`{"plate":"9号"}`), Reason: "现场核实"}, e)
	if err != nil {
		t.Fatal(err)
	}
	// the source's own row changes: it is taken, and the conflict is said
	rejects := filepath.Join(t.TempDir(), "r.xlsx")
	r := load(t, pool, "addresses", "地址编码,标准地址,村社区代码,街路巷,门牌号,经度,纬度\nA1,澄浦县石岙镇上坞村村前路7号,990121101201,村前路,7号,121.41,28.61\n", rejects)
	if r.Changed != 1 || r.Noted != 1 || r.Rejected != 0 {
		t.Errorf("%+v", r)
	}
	if got := text(t, pool, living, "A1"); got != "澄浦县石岙镇上坞村村前路7号|7号|121.410000|1" {
		t.Errorf("the source's new row: %s", got)
	}
	book, err := excelize.OpenFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if cell, err := book.GetCellValue("notes", "C2"); err != nil || cell == "" {
		t.Errorf("the conflict is not listed: %v", err)
	}
	conflicts, err := d.List(t.Context(), planner.DemoViewer, "addresses", "A1", "conflict", 0, 10)
	if err != nil || len(conflicts) != 1 || conflicts[0].ID != again.ID {
		t.Errorf("%+v, %v", conflicts, err)
	}
}

func TestWhoMayCorrectWhat(t *testing.T) {
	d, pool := desk(t)
	plate := set(`{"plate":"8号"}`)
	for name, c := range map[string]struct {
		user   rights.User
		change edit.Change
		want   planner.Kind
	}{
		"the town's own":       {user(rights.TownEditor, "990121101"), edit.Change{Layer: "addresses", ID: "A1", Set: plate, Reason: "核实"}, ""},
		"another town":         {user(rights.TownEditor, "990121102"), edit.Change{Layer: "addresses", ID: "A2", Set: plate, Reason: "核实"}, planner.NotFound},
		"a viewer":             {user(rights.Viewer, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: plate, Reason: "核实"}, planner.Forbidden},
		"into another town":    {user(rights.TownEditor, "990121101"), edit.Change{Layer: "addresses", ID: "A2", Set: set(`{"unit_code":"990121102201"}`), Reason: "核实"}, planner.NotFound},
		"to nowhere":           {user(rights.CountyEditor, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: set(`{"unit_code":"990121102299"}`), Reason: "核实"}, planner.Invalid},
		"no reason":            {user(rights.CountyEditor, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: plate, Reason: " "}, planner.Invalid},
		"its own township":     {user(rights.TownEditor, "990121101"), edit.Change{Layer: "units", ID: "990121101000", Set: set(`{"name":"石奥镇"}`), Reason: "核实"}, planner.Forbidden},
		"a village of it":      {user(rights.TownEditor, "990121101"), edit.Change{Layer: "units", ID: "990121101201", Set: set(`{"name":"上坞底村","point":[121.41,28.62]}`), Reason: "核实"}, ""},
		"no such row":          {user(rights.CountyEditor, "990121"), edit.Change{Layer: "places", ID: "P1", Set: set(`{"name":"x"}`), Reason: "核实"}, planner.NotFound},
		"no such layer":        {user(rights.CountyEditor, "990121"), edit.Change{Layer: "people", ID: "P1", Set: set(`{"name":"x"}`), Reason: "核实"}, planner.NotFound},
		"what it says already": {user(rights.CountyEditor, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: set(`{"plate":"2号"}`), Reason: "核实"}, planner.Conflict},
		"seen too long ago":    {user(rights.CountyEditor, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: plate, Reason: "核实", Version: 1}, planner.Conflict},
	} {
		_, err := d.Correct(t.Context(), c.user, c.change, rights.Entry{Actor: c.user.Name})
		if c.want == "" && err != nil || c.want != "" && planner.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if got := text(t, pool, `SELECT name || ' ' || ST_AsText(point) FROM unit WHERE key = '990121101201' AND to_version = open_version()`); got != "上坞底村 POINT(121.41 28.62)" {
		t.Error(got)
	}
	// while an import runs nothing is corrected
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), `SELECT pg_advisory_lock($1)`, data.ImportLock); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Correct(t.Context(), user(rights.CountyEditor, "990121"), edit.Change{Layer: "addresses", ID: "A2", Set: plate, Reason: "核实"}, rights.Entry{}); planner.KindOf(err) != planner.Unavailable {
		t.Errorf("during an import: %v", err)
	}
	if _, err := conn.Exec(t.Context(), `SELECT pg_advisory_unlock($1)`, data.ImportLock); err != nil {
		t.Fatal(err)
	}
}
