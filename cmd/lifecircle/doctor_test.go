package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
)

// doctor finds a healthy network and its graph file whole; then it names the section that was changed in either, with the remedy,
// and fails; and the remedy helps.
func TestDoctorProvesNetworks(t *testing.T) {
	pool, cache := datatest.Open(t), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	osm := filepath.Join(t.TempDir(), "town.osm")
	if err := os.WriteFile(osm, []byte(`<osm><node id="1" lat="29" lon="120"/><node id="2" lat="29.001" lon="120"/><node id="3" lat="29.002" lon="120"/><way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="path"/></way></osm>`), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(want int, args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), append(args, "--database", pool.Config().ConnString()), &out, &errs); code != want {
			t.Fatalf("%v: code %d: %s%s", args, code, out.String(), errs.String())
		}
		return out.String(), errs.String()
	}
	command(exitOK, "doctor")
	command(exitOK, "import", "network", osm)
	if out, _ := command(exitOK, "doctor"); !strings.Contains(out, "ok  network") || !strings.Contains(out, "piece_length") || strings.Contains(out, "BAD") {
		t.Errorf("healthy: %s", out)
	}
	if _, err := pool.Exec(t.Context(), `UPDATE network_chunk SET bytes = set_byte(bytes, 900, 1)`); err != nil {
		t.Fatal(err)
	}
	out, errs := command(exitFailed, "doctor")
	if !strings.Contains(out, "BAD network") || !strings.Contains(out, "BAD points") || !strings.Contains(out, "lifecircle import network town.osm") || !strings.Contains(out, "请重新导入") || !strings.Contains(errs, "1 of the checks failed") {
		t.Errorf("damaged: %s%s", out, errs)
	}
	var report struct {
		OK       bool
		Findings []struct {
			OK       bool
			Sections []struct {
				Section string
				Damaged bool
			}
		}
	}
	out, _ = command(exitFailed, "doctor", "--json")
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.OK || len(report.Findings) != 1 || !report.Findings[0].Sections[0].Damaged || report.Findings[0].Sections[1].Damaged {
		t.Errorf("as JSON: %s %v", out, err)
	}
	command(exitOK, "import", "network", osm)
	command(exitOK, "doctor")
	graphs := filepath.Join(cache, "lifecircle", "graphs")
	if err := os.MkdirAll(graphs, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(graphs, "x.graph"), []byte("LCGRAPH\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := command(exitFailed, "doctor"); !strings.Contains(out, "BAD graph file") || !strings.Contains(out, "cut after 8 bytes") || !strings.Contains(out, "delete this file") {
		t.Errorf("a cut file: %s", out)
	}
}

// A graph file serves in place of its OSM file, with the same answers; a cut one is refused with the command that makes it again.
func TestGraphFileInPlaceOfTheNetwork(t *testing.T) {
	dir := t.TempDir()
	osm, made := filepath.Join(dir, "town.osm"), filepath.Join(dir, "town.graph")
	if err := os.WriteFile(osm, []byte(`<osm><node id="1" lat="29" lon="120"/><node id="2" lat="29.001" lon="120"/><node id="3" lat="29.002" lon="120"/><way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="path"/></way></osm>`), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(want int, args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, &out, &errs); code != want {
			t.Fatalf("%v: code %d: %s%s", args, code, out.String(), errs.String())
		}
		return out.String(), errs.String()
	}
	if out, _ := command(exitOK, "graph", "--network", osm, "--out", made); !strings.Contains(out, "3 nodes, 2 pieces, 4 arcs; 2 junctions, 1 chains") {
		t.Error(out)
	}
	first, _ := command(exitOK, "verify-circles", "--network", osm, "--sources", "5", "--minutes", "5", "--json")
	if second, _ := command(exitOK, "verify-circles", "--network", made, "--sources", "5", "--minutes", "5", "--json"); first != second || !strings.Contains(first, `"node_time_differences":0`) {
		t.Errorf("from the OSM file %s, from the graph file %s", first, second)
	}
	if err := os.Truncate(made, 900); err != nil {
		t.Fatal(err)
	}
	if _, errs := command(exitFailed, "verify-circles", "--network", made); !strings.Contains(errs, "cut after 900 bytes; make it again: lifecircle graph") || !strings.Contains(errs, "请重新生成") {
		t.Error(errs)
	}
}

// A network on both sides of the antimeridian gives times; circles of it are refused by name, in both languages.
func TestCirclesOverTheAntimeridianAreRefused(t *testing.T) {
	osm := filepath.Join(t.TempDir(), "fiji.osm")
	if err := os.WriteFile(osm, []byte(`<osm><node id="1" lat="-16.5" lon="179.999"/><node id="2" lat="-16.5" lon="-179.999"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>`), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify-circles", "--network", osm}, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), "fiji.osm cannot be checked") || !strings.Contains(errs.String(), "请裁剪到一个地区") {
		t.Errorf("code %d: %s", code, errs.String())
	}
}
