package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// geocoded runs the program on a file of content and gives its output lines.
func geocoded(t *testing.T, content string, flags ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "addresses.txt")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := append([]string{"geocode", "--parse-only"}, append(flags, file)...)
	if code := run(t.Context(), args, &out, &errs); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestGeocodePrintsOneObjectALine(t *testing.T) {
	lines := geocoded(t, "\uFEFF桐庐县分水镇院士路18号\r\n\n  德清县武康街道永安花园9-2-301", "--json")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	want := `{"text":"桐庐县分水镇院士路18号","elements":[{"level":"county","text":"桐庐县","start":0,"end":3},{"level":"township","text":"分水镇","start":3,"end":6},` +
		`{"level":"street","text":"院士路","start":6,"end":9},{"level":"plate","text":"18号","start":9,"end":12}]}`
	if lines[0] != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if lines[1] != `{"text":"","elements":[]}` {
		t.Errorf("an empty line gave %s", lines[1])
	}
	var last parsedAddress
	if err := json.Unmarshal([]byte(lines[2]), &last); err != nil {
		t.Fatal(err)
	}
	if last.Elements[0].Start != 2 || last.Elements[0].Text != "德清县" {
		t.Errorf("offsets are of the line as it is: %+v", last.Elements[0])
	}
}

func TestGeocodeReadsGBK(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("安吉县天荒坪镇大溪村\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := geocoded(t, gbk); got[0] != "county=安吉县\ttownship=天荒坪镇\tvillage=大溪村" {
		t.Errorf("%q", got)
	}
}

func TestGeocodeRefusesALineWithoutEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "long.txt")
	if err := os.WriteFile(file, bytes.Repeat([]byte("路"), longestLine), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"geocode", "--parse-only", file}, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), "line 1") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
