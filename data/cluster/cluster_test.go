package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner"
)

// dir is where the server's own user may go: testing's directories are closed to it.
func dir(t *testing.T) string {
	t.Helper()
	d, err := os.MkdirTemp("", "lifecircle-cluster")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(d, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d) })
	return filepath.Join(d, "data")
}

func ask(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var s string
	if err := conn.QueryRow(t.Context(), sql).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOwnRefuseAttachRecover(t *testing.T) {
	d := dir(t)
	c, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), d); planner.KindOf(err) != planner.Conflict || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("a second owner: %v", err)
	}
	guest, ok := Attach(d)
	if !ok || guest.URL("") != c.URL("") {
		t.Error("a command given the directory of a living owner must use its server")
	}
	conn, err := pgx.Connect(t.Context(), c.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `CREATE TABLE kept AS SELECT 'whole'::text AS v`); err != nil {
		t.Fatal(err)
	}
	conn.Close(t.Context())
	if got := ask(t, c.URL(""), `SHOW listen_addresses`); got != "" {
		t.Errorf("the server listens on %q, not on its socket alone", got)
	}
	// The owner dies without a word: the lock is given back, the server is an orphan.
	c.lock.Close()
	if _, ok := Attach(d); ok {
		t.Error("an orphaned server was taken for a living owner")
	}
	if c, err = Open(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c.URL(""), `SELECT v FROM kept`); got != "whole" {
		t.Errorf("after recovery: %q", got)
	}
	// Owner and server die at once, as when the machine stops.
	pid := strings.TrimSpace(strings.SplitN(read(t, filepath.Join(d, "pg", "postmaster.pid")), "\n", 2)[0])
	if err := exec.Command("kill", "-9", pid).Run(); err != nil {
		t.Fatal(err)
	}
	c.lock.Close()
	if c, err = Open(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c.URL(""), `SELECT v FROM kept`); got != "whole" {
		t.Errorf("after kill -9: %q", got)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(d, "pg", "postmaster.pid")); err == nil {
		t.Error("the server runs on after Close")
	}
}

func TestHalfMadeClusterIsMadeAnew(t *testing.T) {
	d := dir(t)
	if err := os.MkdirAll(filepath.Join(d, "pg.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
