package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// A graph file is fetched once and kept, whoever asks; one that is damaged is fetched again; when the database itself is
// damaged the error tells what to do, nothing is kept, and doing it mends the database.
func TestGraphFilesAreKept(t *testing.T) {
	pool, dir := datatest.Open(t), filepath.Join(t.TempDir(), "graphs")
	path := filepath.Join(t.TempDir(), "n.osm")
	if err := os.WriteFile(path, []byte(`<osm><node id="1" lat="29" lon="120"/><node id="2" lat="29.001" lon="120"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>`), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := osmroad.Build(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	digest := n.Graph.Digest()
	open := func() *Store {
		s := New(pool)
		s.KeepGraphs(dir)
		return s
	}
	if _, err := open().SaveNetwork(t.Context(), "county", []string{"n.osm"}, n, false); err != nil {
		t.Fatal(err)
	}
	fetch := func() error {
		g, err := open().Graph(t.Context(), digest)
		if err == nil && (g.Digest() != digest || g.SourceDigest() != n.SourceDigest) {
			t.Errorf("graph %s of %s, want %s of %s", g.Digest(), g.SourceDigest(), digest, n.SourceDigest)
		}
		return err
	}
	var work errgroup.Group
	for range 16 {
		work.Go(fetch)
	}
	if err := work.Wait(); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, digest+".graph")
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 || files[0].Name() != filepath.Base(kept) {
		t.Fatalf("%v kept, %v", files, err)
	}
	exec := func(sql string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	spoil := func() {
		t.Helper()
		body, err := os.ReadFile(kept)
		if err != nil {
			t.Fatal(err)
		}
		body[len(body)-1] ^= 1
		if err := os.WriteFile(kept, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spoil()
	if err := fetch(); err != nil {
		t.Errorf("a damaged file is not fetched again: %v", err)
	}
	exec(`UPDATE network_chunk SET bytes = set_byte(bytes, 900, 7)`)
	if err := fetch(); err != nil {
		t.Errorf("the kept file does not serve alone: %v", err)
	}
	spoil()
	for _, s := range []*Store{open(), New(pool)} {
		_, err := s.Graph(t.Context(), digest)
		if planner.KindOf(err) != planner.Conflict || !strings.Contains(err.Error(), "lifecircle import network") || !strings.Contains(err.Error(), "请重新导入") {
			t.Errorf("damaged here and there: %v", err)
		}
	}
	if sections, err := New(pool).ProveNetwork(t.Context(), digest); err == nil || len(sections) == 0 {
		t.Errorf("the damage is not proven: %v", sections)
	}
	for _, damage := range []string{`SELECT 1`, `DELETE FROM network_chunk`} {
		exec(damage)
		if v, err := open().SaveNetwork(t.Context(), "county", []string{"n.osm"}, n, false); err != nil || v != 0 {
			t.Errorf("importing again: version %d, %v", v, err)
		}
		if err := fetch(); err != nil {
			t.Errorf("mended: %v", err)
		}
	}
	if _, err := open().Graph(t.Context(), "none"); planner.KindOf(err) != planner.NotFound {
		t.Errorf("no such network: %v", err)
	}
	elsewhere := New(pool)
	elsewhere.KeepGraphs(filepath.Join(kept, "no-directory"))
	if g, err := elsewhere.Graph(context.WithoutCancel(t.Context()), digest); err != nil || g.Digest() != digest {
		t.Errorf("without a place for files: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v left, %v", files, err)
	}
}
