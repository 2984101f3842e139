package access

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

func newLog(t *testing.T) (*Log, *pgxpool.Pool, string) {
	t.Helper()
	pool, file := datatest.Open(t), filepath.Join(t.TempDir(), "keys", "access.key")
	return openLog(t, pool, file), pool, file
}

func openLog(t *testing.T, pool *pgxpool.Pool, file string) *Log {
	t.Helper()
	key, err := LoadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLog(t.Context(), pool, key)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func fill(t *testing.T, l *Log, n int) {
	t.Helper()
	for i := range n {
		e := access.Entry{ActorID: 7, Actor: "zhang.san", Action: "facility.edit", Object: fmt.Sprintf("facility:%d", i), Unit: "330702", Source: "10.0.0.9", RequestID: "r1", After: []byte(`{ "beds": 12,"备注":"<&>" }`), Reason: "核实"}
		if i%2 == 0 {
			e.Before = []byte(`{"beds":11}`)
		}
		if err := l.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// sql runs what a superuser can: triggers are no obstacle to him.
func sql(t *testing.T, pool *pgxpool.Pool, statements string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), "BEGIN; SET LOCAL session_replication_role = replica; "+statements+"; COMMIT"); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, l *Log, anchors ...access.Anchor) string {
	t.Helper()
	v, err := l.Verify(t.Context(), anchors...)
	if err != nil {
		t.Fatal(err)
	}
	if v.Break == nil {
		return ""
	}
	return fmt.Sprintf("%d %s", v.Break.Seq, v.Break.What)
}

// recompute is a superuser who knows the source code: he rewrites every hash, the
// signatures stay what they were, for he lacks the key.
func recompute(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var last []byte
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		previous := make([]byte, 32)
		var rows []access.Entry
		if err := each(t.Context(), tx, Filter{}, 0, func(e *access.Entry) error { rows = append(rows, *e); return nil }); err != nil {
			return err
		}
		for _, e := range rows {
			hash := sha256.Sum256(append(slices.Clone(previous), canonical(e)...))
			if _, err := tx.Exec(t.Context(), "UPDATE audit_log SET previous = $2, hash = $3 WHERE seq = $1", e.Seq, previous, hash[:]); err != nil {
				return err
			}
			previous = hash[:]
		}
		last = previous
		_, err := tx.Exec(t.Context(), "UPDATE audit_head SET hash = $1", last)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// canonical is the documented encoding (docs/access.md), written again: an outside auditor could.
func canonical(e access.Entry) []byte {
	b := []byte{1}
	for _, n := range []int64{e.Seq, e.At.UnixMicro(), e.ActorID} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	field := func(f []byte) { b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...) }
	for _, s := range []string{e.Actor, e.Action, e.Object, e.Unit, e.Source, e.RequestID} {
		field([]byte(s))
	}
	for _, f := range [][]byte{e.Before, e.After} {
		if f == nil {
			b = append(b, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		field(f)
	}
	field([]byte(e.Reason))
	return b
}

func TestTampering(t *testing.T) {
	for _, c := range []struct {
		name, do string
		redo     bool
		want     string
	}{
		{"nothing", "SELECT 1", false, ""},
		{"hashes recomputed, nothing changed", "SELECT 1", true, ""}, // our encoding is the program's
		{"a reason", "UPDATE audit_log SET reason = 'x' WHERE seq = 4", false, "4 altered"},
		{"spaces in the JSON", `UPDATE audit_log SET after = '{"beds":12,"备注":"<&>"}' WHERE seq = 5`, false, "5 altered"},
		{"JSON null for nothing", "UPDATE audit_log SET before = 'null' WHERE before IS NULL AND seq = 2", false, "2 altered"},
		{"a microsecond", "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 9", false, "9 altered"},
		{"text moved between fields", "UPDATE audit_log SET object = object || 'r', request_id = '1' WHERE seq = 3", false, "3 altered"},
		{"two rows swapped", "UPDATE audit_log SET seq = -seq WHERE seq IN (3, 4); UPDATE audit_log SET seq = 7 + seq WHERE seq < 0", false, "3 altered"},
		{"a row", "DELETE FROM audit_log WHERE seq = 6", false, "6 missing"},
		{"the first row", "DELETE FROM audit_log WHERE seq = 1", false, "1 cut_head"},
		{"the tail", "DELETE FROM audit_log WHERE seq > 7", false, "8 rolled_back"},
		{"everything", "DELETE FROM audit_log", false, "1 rolled_back"},
		{"everything and the head", "DELETE FROM audit_log; DELETE FROM audit_head", false, "0 bad_head"},
		{"the head alone", "UPDATE audit_head SET seq = 8", false, "8 bad_head"},
		{"the beginning, told as pruned", "DELETE FROM audit_log WHERE seq < 4; UPDATE audit_head SET pruned = 3, pruned_hash = (SELECT previous FROM audit_log WHERE seq = 4)", false, "9 bad_head"},
		{"a superuser's edit, all hashes recomputed", "UPDATE audit_log SET actor = 'li.si' WHERE seq = 4", true, "4 forged"},
		{"a row deleted, the rest renumbered and recomputed", "DELETE FROM audit_log WHERE seq = 6; UPDATE audit_log SET seq = -seq WHERE seq > 6; UPDATE audit_log SET seq = -seq - 1 WHERE seq < 0; UPDATE audit_head SET seq = 8", true, "6 forged"},
		{"a forged row at the end", "INSERT INTO audit_log SELECT 10, at, actor_id, actor, action, object, unit, source, request_id, before, after, reason, hash, hash, mac FROM audit_log WHERE seq = 9; UPDATE audit_head SET seq = 10", true, "10 forged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, pool, _ := newLog(t)
			fill(t, l, 9)
			if got := verify(t, l); got != "" {
				t.Fatalf("untouched: %s", got)
			}
			sql(t, pool, "ALTER TABLE audit_log DROP CONSTRAINT audit_log_seq_check; "+c.do)
			if c.redo {
				recompute(t, pool)
			}
			if got := verify(t, l); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// Without the file beside the key the kept head alone finds a cut tail; with the
// whole log, head and all, put back to an earlier state only an anchor does.
func TestCutTailAndRollback(t *testing.T) {
	l, pool, file := newLog(t)
	fill(t, l, 5)
	sql(t, pool, "CREATE TABLE old_log AS TABLE audit_log; CREATE TABLE old_head AS TABLE audit_head")
	fill(t, l, 3)
	v, err := l.Verify(t.Context())
	if err != nil || v.Break != nil || v.Rows != 8 {
		t.Fatalf("%+v, %v", v, err)
	}
	exported, err := ParseAnchor(v.Anchor)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(l.key.anchor, l.key.anchor+".away"); err != nil {
		t.Fatal(err)
	}
	sql(t, pool, "DELETE FROM audit_log WHERE seq > 6")
	if got := verify(t, l); got != "7 cut_tail" {
		t.Errorf("cut tail: %q", got)
	}
	sql(t, pool, "DELETE FROM audit_log; DELETE FROM audit_head; INSERT INTO audit_log SELECT * FROM old_log; INSERT INTO audit_head SELECT * FROM old_head")
	if got := verify(t, l); got != "" {
		t.Errorf("an earlier state is a whole chain, got %q", got)
	}
	if got := verify(t, l, exported); got != "6 rolled_back" {
		t.Errorf("with the printed anchor: %q", got)
	}
	if err := os.Rename(l.key.anchor+".away", l.key.anchor); err != nil {
		t.Fatal(err)
	}
	if got := verify(t, l); got != "6 rolled_back" {
		t.Errorf("with the file beside the key: %q", got)
	}
	if err := l.Record(t.Context(), access.Entry{}); planner.KindOf(err) != planner.Conflict {
		t.Errorf("writing on after a rollback: %v", err)
	}
	again := openLog(t, pool, file) // it records the rollback, and the evidence outlives many rows
	fill(t, again, 10)
	if got := verify(t, openLog(t, pool, file)); got != "8 rolled_back" {
		t.Errorf("after a restart and more rows: %q", got)
	}
	page, err := again.Page(t.Context(), Filter{Action: "audit.rolled_back"})
	if err != nil || len(page) != 2 || page[0].Seq != 6 {
		t.Errorf("the rollback is not recorded: %+v, %v", page, err)
	}
}

func TestAppendOnlyAndNoGaps(t *testing.T) {
	l, pool, _ := newLog(t)
	fill(t, l, 2)
	for _, do := range []string{"UPDATE audit_log SET reason = ''", "DELETE FROM audit_log", "TRUNCATE audit_log", "TRUNCATE audit_head", "SELECT set_config('lifecircle.audit_cut', '99', false); DELETE FROM audit_log"} {
		if _, err := pool.Exec(t.Context(), do); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", do, err)
		}
	}
	// an ordinary owner is refused by grants, before any trigger
	var may bool
	if err := pool.QueryRow(t.Context(), `SELECT bool_or(privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')) FROM information_schema.role_table_grants WHERE table_name = 'audit_log'`).Scan(&may); err != nil || may {
		t.Errorf("somebody may change rows: %v, %v", may, err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 10 {
				err := l.Do(t.Context(), func(pgx.Tx) ([]access.Entry, error) {
					if i%5 == 4 {
						return []access.Entry{{}}, context.Canceled // rolled back: takes no number
					}
					return []access.Entry{{Action: "a"}, {Action: "b"}}, nil
				})
				if (err != nil) != (i%5 == 4) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	v, err := l.Verify(t.Context())
	if err != nil || v.Break != nil || v.Rows != 2+8*8*2 {
		t.Errorf("%+v %v", v, err)
	}
}

func TestPruning(t *testing.T) {
	l, pool, _ := newLog(t)
	now := time.Now()
	by := access.Entry{Actor: "shen.ji", Source: "cli"}
	for _, months := range []int{20, 14, 14, 7, 3, 0} {
		l.Now = func() time.Time { return now.AddDate(0, -months, 0) }
		fill(t, l, 1)
	}
	if _, err := l.Prune(t.Context(), now.AddDate(0, -5, 0), by); planner.KindOf(err) != planner.Conflict {
		t.Errorf("five months: %v", err)
	}
	p, err := l.Prune(t.Context(), now.AddDate(0, -13, 0), by)
	if err != nil || p.From != 1 || p.To != 3 || p.Rows != 3 || verify(t, l) != "" {
		t.Fatalf("%+v, %v, %s", p, err, verify(t, l))
	}
	if p, err = l.Prune(t.Context(), now.AddDate(0, -6, 0), by); err != nil || p.From != 4 || p.To != 4 || verify(t, l) != "" {
		t.Fatalf("%+v, %v, %s", p, err, verify(t, l))
	}
	if p, err = l.Prune(t.Context(), now.AddDate(0, -6, 0), by); err != nil || p.Rows != 0 {
		t.Errorf("a third time: %+v, %v", p, err)
	}
	v, err := l.Verify(t.Context())
	if err != nil || v.Pruned != 4 || v.Rows != 4 {
		t.Errorf("%+v, %v", v, err)
	}
	sql(t, pool, "DELETE FROM audit_log WHERE seq = 5")
	if got := verify(t, l); got != "5 cut_head" {
		t.Errorf("the row after the pruned ones: %q", got)
	}
}

func TestExport(t *testing.T) {
	l, _, file := newLog(t)
	fill(t, l, 3)
	if err := l.Record(t.Context(), access.Entry{Actor: "=cmd|'/c calc'!A1", Action: "login.failed"}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := l.Export(t.Context(), &b, "csv", Filter{}); err != nil || n != 4 {
		t.Fatal(n, err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 5 || rows[1][10] != `{ "beds": 12,"备注":"<&>" }` || rows[4][3][0] != '\'' {
		t.Errorf("%v %q", err, rows)
	}
	b.Reset()
	if n, err := l.Export(t.Context(), &b, "json", Filter{Actor: "zhang.san", After: 1}); err != nil || n != 2 || strings.Count(b.String(), "\n") != 2 {
		t.Errorf("%d, %v: %s", n, err, &b)
	}
	if _, err := l.Export(t.Context(), &b, "xml", Filter{}); planner.KindOf(err) != planner.Invalid {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte(strings.Repeat("0", 64)), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := LoadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewLog(t.Context(), l.pool, key); planner.KindOf(err) != planner.Conflict {
		t.Errorf("another key: %v", err)
	}
}
