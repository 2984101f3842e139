package data_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

// Every statement is one that PostgreSQL accepts on the schema of today.
func TestEveryStatementPrepares(t *testing.T) {
	pool := datatest.Open(t)
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	all := data.Statements()
	if len(all) < 5 {
		t.Fatalf("only %d statements", len(all))
	}
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if _, err := conn.Conn().Prepare(t.Context(), fmt.Sprintf("s%d", i), data.Positional(all[name])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMigrateTwiceAndRefuseTheFuture(t *testing.T) {
	pool := datatest.Open(t)
	if err := data.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	if err := data.Migrate(t.Context(), pool); planner.KindOf(err) != planner.Conflict {
		t.Errorf("a newer schema: %v", err)
	}
}

func TestPasswordsStayOutOfMessages(t *testing.T) {
	_, err := data.Open(t.Context(), "postgres://u:secret@host:notaport/db")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
