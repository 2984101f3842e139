package ledger

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

// county is a county of two towns; run 1 finds gaps a and b in the first and c in the second, run 2 b, c and d.
func county(t *testing.T) (*Book, *pgxpool.Pool) {
	t.Helper()
	pool := datatest.Open(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO data_version (kind, source) VALUES ('units', 't');
		INSERT INTO unit (source, key, from_version, name, level, parent_code, digest) VALUES
		 ('t', '990121000000', 1, '澄浦县', 3, '990100000000', ''), ('t', '990121101000', 1, '石岙镇', 4, '990121000000', ''), ('t', '990121102000', 1, '后垟镇', 4, '990121000000', ''),
		 ('t', '990121101201', 1, '上坞村', 5, '990121101000', ''), ('t', '990121102201', 1, '对岙村', 5, '990121102000', '');
		INSERT INTO run (name, data_version, as_of, spec, state, digest, published_at, summary)
		 SELECT 'r', 1, '2025-12-31', '{}', 'published', 'd', now(), '{"standards": [{"id": "EL-07"}], "as_of": "2025-12-31", "plan": {"title": {"zh": "方案", "en": "plan"}, "document": "文号"}}' FROM generate_series(1, 2);
		INSERT INTO gap (run_id, id, standard, unit_code, name, kind, age_group, people, people_80, minutes, rank, reason, reason_en, measure, hamlet) VALUES
		 (1, 'a', 'EL-07', '990121101201', '上坞村', 'river', '60+', 30, 4, 27.5, 1, '甲', 'a', '班车接送', '下坑'), (1, 'b', 'EL-07', '990121101201', '上坞村', 'walk_time', '60+', 20, 3, NULL, 2, '=乙', 'b', '助餐配送', ''),
		 (1, 'c', 'EL-07', '990121102201', '对岙村', 'idle', '60+', 10, 1, 9, 3, '丙', 'c', '启用停用点', ''),
		 (2, 'b', 'EL-07', '990121101201', '上坞村', 'walk_time', '60+', 22, 3, NULL, 1, '=乙', 'b', '助餐配送', ''), (2, 'c', 'EL-07', '990121102201', '对岙村', 'idle', '60+', 11, 1, 9, 2, '丙', 'c', '启用停用点', ''),
		 (2, 'd', 'EL-07', '990121102201', '对岙村', 'island', '60+', 5, 0, NULL, 3, '丁', 'd', '流动服务', '')`)
	if err != nil {
		t.Fatal(err)
	}
	key, err := access.LoadKey(filepath.Join(t.TempDir(), "access.key"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := access.NewLog(t.Context(), pool, key)
	if err != nil {
		t.Fatal(err)
	}
	b := &Book{Store: store.New(pool), Log: log}
	if o, err := b.Open(t.Context(), 1, rights.Entry{Actor: "o"}); err != nil || o.New != 3 {
		t.Fatalf("%+v, %v", o, err)
	}
	return b, pool
}

func user(role rights.Role, prefix string) rights.User {
	return rights.User{ID: 1, Name: string(role) + prefix, Roles: []rights.Role{role}, Prefix: prefix}
}

var (
	town     = user(rights.TownEditor, "990121101")
	otherway = user(rights.TownEditor, "990121102")
	official = user(rights.CountyEditor, "990121")
	city     = user(rights.Planner, "9901")
	reader   = user(rights.Viewer, "990121")
)

func (b *Book) do(t *testing.T, u rights.User, id string, c ledger.Change) string {
	t.Helper()
	n, refused, err := b.Change(t.Context(), u, []ledger.Order{{ID: id, Change: c}}, rights.Entry{Actor: u.Name})
	switch {
	case err != nil:
		t.Fatal(err)
	case len(refused) == 1 && n == 0:
		return refused[0].Reason.EN
	case n == 1 && len(refused) == 0:
		return ""
	}
	return "nothing"
}

func (b *Book) row(t *testing.T, id string) ledger.Row {
	t.Helper()
	r, _, err := b.History(t.Context(), planner.DemoViewer, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A gap's way: the town says planned (with year and body) and submits, the county reviews, the city returns with a
// reason, then accepts; the figures lock. Nobody does another's step, and the audit log has a row for each.
func TestAGapIsWorked(t *testing.T) {
	b, pool := county(t)
	planned, confirmed, year, body := "planned", "confirmed", 2026, "石岙镇"
	for i, step := range []struct {
		who  rights.User
		c    ledger.Change
		want string
	}{
		{otherway, ledger.Change{Step: ledger.Fill, State: &confirmed}, "has no"},
		{reader, ledger.Change{Step: ledger.Fill, State: &confirmed}, "your role cannot"},
		{town, ledger.Change{Step: ledger.Review}, "your role cannot"},
		{official, ledger.Change{Step: ledger.Review}, "was not verified"},
		{town, ledger.Change{Step: ledger.Fill, State: &planned}, "needs the year"},
		{town, ledger.Change{Step: ledger.Fill, State: &planned, Year: &year, Body: &body}, ""},
		{town, ledger.Change{Step: ledger.Submit}, ""},
		{town, ledger.Change{Step: ledger.Fill, State: &confirmed}, "your role cannot"},
		{city, ledger.Change{Step: ledger.Accept}, "cannot be accepted"},
		{official, ledger.Change{Step: ledger.Review}, ""},
		{official, ledger.Change{Step: ledger.Accept}, "your role cannot"},
		{city, ledger.Change{Step: ledger.Return}, "give the reason"},
		{city, ledger.Change{Step: ledger.Return, Reason: "年度不实"}, ""},
		{town, ledger.Change{Step: ledger.Submit}, ""},
		{official, ledger.Change{Step: ledger.Review}, ""},
		{city, ledger.Change{Step: ledger.Accept}, ""},
		{official, ledger.Change{Step: ledger.Fill, State: &confirmed}, "locked"},
		{town, ledger.Change{Step: ledger.Submit}, "locked"},
	} {
		if got := b.do(t, step.who, "b", step.c); step.want == "" && got != "" || !strings.Contains(got, step.want) {
			t.Errorf("step %d, %s by %s: %q, want %q", i, step.c.Step, step.who.Name, got, step.want)
		}
	}
	r, events, err := b.History(t.Context(), planner.DemoViewer, "b")
	if err != nil || r.Stage != "accepted" || r.State != "planned" || *r.Year != 2026 || len(events) != 7 || events[3].Reason != "年度不实" || r.Returned != "" {
		t.Errorf("%+v, %+v, %v", r, events, err)
	}
	var lines int
	if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_log WHERE object = 'gap:b'`).Scan(&lines); err != nil || lines != 7 {
		t.Errorf("%d rows of the audit log, %v", lines, err)
	}
	if v, err := b.Log.Check(t.Context()); err != nil || v.Break != nil {
		t.Errorf("the chain: %+v, %v", v, err)
	}
	// The next run: a is gone, d is new, c has new figures, the accepted b keeps its own.
	o, err := b.Open(t.Context(), 2, rights.Entry{Actor: "o"})
	if err != nil || o != (ledger.Opening{Run: 2, New: 1, Persisting: 2, Gone: 1}) {
		t.Errorf("%+v, %v", o, err)
	}
	for id, want := range map[string]struct {
		trend  string
		people int
	}{"a": {"gone", 30}, "b": {"persisting", 20}, "c": {"persisting", 11}, "d": {"new", 5}} {
		if r := b.row(t, id); r.Trend != want.trend || r.People != want.people {
			t.Errorf("%s: %s, %d people, want %+v", id, r.Trend, r.People, want)
		}
	}
	if _, err := b.Open(t.Context(), 9, rights.Entry{}); planner.KindOf(err) != planner.NotFound {
		t.Errorf("a run that is not there: %v", err)
	}
}

// The database itself holds the line: a town's role neither touches another town's row nor accepts its own.
func TestRowsArePoliced(t *testing.T) {
	b, pool := county(t)
	_ = b
	for sql, want := range map[string]string{
		`UPDATE gap_ledger SET note = 'x' WHERE id = 'b'`:                          "1",
		`UPDATE gap_ledger SET note = 'x' WHERE id = 'c'`:                          "0",
		`UPDATE gap_ledger SET stage = 'accepted' WHERE id = 'b'`:                  "42501",
		`UPDATE gap_ledger SET people = 0 WHERE id = 'b'`:                          "42501",
		`DELETE FROM gap_ledger WHERE id = 'b'`:                                    "42501",
		`UPDATE gap_ledger SET note = 'y' WHERE id IN (SELECT id FROM gap_ledger)`: "2",
	} {
		tx, err := pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "SELECT set_config('lifecircle.scope', '^990121101', true), set_config('lifecircle.charge', '^(990121101)', true), set_config('role', 'lifecircle_town_editor', true)"); err != nil {
			t.Fatal(err)
		}
		tag, err := tx.Exec(t.Context(), sql)
		got := tag.String()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// Each sees the rows of the own scope, in the order asked for.
func TestRowsOfTheScope(t *testing.T) {
	b, _ := county(t)
	for _, c := range []struct {
		name string
		v    planner.Viewer
		f    ledger.Filter
		ids  string
		all  int
	}{
		{"all by people", planner.DemoViewer, ledger.Filter{}, "a b c", 3},
		{"a page", planner.DemoViewer, ledger.Filter{Limit: 1, Offset: 1}, "b", 3},
		{"fewest first", planner.DemoViewer, ledger.Filter{Sort: "people"}, "c b a", 3},
		{"farthest first, none last", planner.DemoViewer, ledger.Filter{Sort: "-minutes"}, "a c b", 3},
		{"of a kind", planner.DemoViewer, ledger.Filter{Kind: "idle"}, "c", 1},
		{"of a unit", planner.DemoViewer, ledger.Filter{Unit: "990121101"}, "a b", 2},
		{"by a word", planner.DemoViewer, ledger.Filter{Text: "下坑"}, "a", 1},
		{"new", planner.DemoViewer, ledger.Filter{Trend: "new"}, "a b c", 3},
		{"a town", planner.Viewer{Role: "town_editor", Prefix: "990121102", Class: planner.Full}, ledger.Filter{}, "c", 1},
		{"another county", planner.Viewer{Role: "county_editor", Prefix: "990122", Class: planner.Full}, ledger.Filter{}, "", 0},
	} {
		var ids []string
		n, err := b.Rows(t.Context(), c.v, c.f, func(r ledger.Row) error { ids = append(ids, r.ID); return nil })
		if err != nil || n != c.all || strings.Join(ids, " ") != c.ids {
			t.Errorf("%s: %v of %d, %v", c.name, ids, n, err)
		}
	}
	if _, err := b.Rows(t.Context(), planner.Viewer{Role: "public", Class: planner.Suppressed}, ledger.Filter{}, nil); planner.KindOf(err) != planner.Forbidden {
		t.Errorf("the public: %v", err)
	}
}

// The list goes out, is filled in with a spreadsheet and comes back: a is taken, b was changed here meanwhile and
// shows as a conflict, c has a year that cannot be meant, a number that is not ours is told.
func TestTheListComesBack(t *testing.T) {
	b, _ := county(t)
	var out bytes.Buffer
	if err := b.Write(t.Context(), planner.DemoViewer, ledger.Filter{Sort: "unit"}, &out); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("缺口清单")
	if err != nil || rows[0][0] != "澄浦县民政服务设施缺口清单(截至2025年12月31日)" || strings.Join(rows[1], "|") != strings.Join(workbook.GapHeadings, "|") || len(rows) < 6 {
		t.Fatalf("%q, %v", rows, err)
	}
	if got := strings.Join(rows[2], "|"); got != "1|石岙镇|上坞村|下坑|江河阻隔|30|4|||27.5||甲|班车接送|||待核实||a" {
		t.Errorf("row a: %s", got)
	}
	confirmed := "confirmed"
	if got := b.do(t, town, "b", ledger.Change{Step: ledger.Fill, State: &confirmed}); got != "" {
		t.Fatal(got)
	}
	for cell, value := range map[string]any{"N3": "石岙镇", "O3": 2026, "P3": "已列计划", "Q3": "= 已勘察", "P4": "数据有误", "O5": 19, "R20": "nobody's", "P20": "属实"} {
		if err := book.SetCellValue("缺口清单", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var back bytes.Buffer
	if err := book.Write(&back); err != nil {
		t.Fatal(err)
	}
	receipt, err := b.Take(t.Context(), official, planner.Viewer{Role: "county_editor", Prefix: "990121", Class: planner.Full}, bytes.NewReader(back.Bytes()), rights.Entry{Actor: "county"})
	if err != nil || receipt.Read != 4 || receipt.Changed != 1 || len(receipt.Conflicts) != 1 || len(receipt.Refused) != 2 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if c := receipt.Conflicts[0]; c.ID != "b" || c.Line != 4 || c.Theirs != "数据有误" || c.Ours != "属实" || c.By != town.Name {
		t.Errorf("%+v", c)
	}
	if r := b.row(t, "a"); r.State != "planned" || *r.Year != 2026 || r.Body != "石岙镇" || r.Note != "= 已勘察" {
		t.Errorf("%+v", r)
	}
	again, err := b.Take(t.Context(), rights.Demo, planner.DemoViewer, bytes.NewReader(back.Bytes()), rights.Entry{Actor: "demo"})
	if err != nil || again.Changed != 0 || again.Same != 1 {
		t.Errorf("the same list again: %+v, %v", again, err)
	}
	for name, file := range map[string]string{"no workbook": "a,b", "empty": ""} {
		if _, err := b.Take(t.Context(), rights.Demo, planner.DemoViewer, strings.NewReader(file), rights.Entry{}); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
