package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The examples of docs/travel.md that need no database are done as they stand there, with another port and folder.
func TestTravelExamples(t *testing.T) {
	text, err := os.ReadFile("../../docs/travel.md")
	if err != nil {
		t.Fatal(err)
	}
	alone, _, _ := strings.Cut(string(text), "\n## With a database")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(alone, -1)
	if len(blocks) != 5 {
		t.Fatalf("%d examples", len(blocks))
	}
	dir := t.TempDir()
	var out, errs bytes.Buffer
	commands := strings.Split(strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(blocks[0][1], "/tmp/", dir+"/"), "bin/lifecircle ", "")), "\n")
	if code := run(t.Context(), strings.Fields(commands[0]), &out, &errs); code != exitOK {
		t.Fatal(errs.String())
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told, tell := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append(strings.Fields(commands[1]), "--listen", "127.0.0.1:0"), tell, io.Discard)
		tell.Close()
		ended <- code
	}()
	url := ""
	for line := make([]byte, 1<<12); !strings.HasPrefix(url, "ready "); {
		n, err := told.Read(line)
		if err != nil {
			t.Fatalf("%q %v", url, err)
		}
		url = string(line[:n])
	}
	url = strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(url, "ready ")), "/")
	script := ""
	for _, b := range blocks[1:] {
		script += b[1]
	}
	script = strings.NewReplacer("http://127.0.0.1:8080", url, "/tmp/", dir+"/", "curl -s", "curl -sS --fail-with-body").Replace(script)
	answers, err := exec.CommandContext(t.Context(), "sh", "-e", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, answers)
	}
	for _, want := range []string{`"milliseconds":[`, "source,source_facility,target,target_facility,milliseconds,reason\r\n0,,0,,", `"class":"too_far"`, `"kind":"street"`, `"ride":{"class":"within"`} {
		if !strings.Contains(string(answers), want) {
			t.Errorf("no %q in %s", want, answers)
		}
	}
	for file, features := range map[string]int{"circles": 3, "meals": 1, "union": 1} {
		b, err := os.ReadFile(filepath.Join(dir, file+".geojson"))
		var collection struct {
			Features []struct{ Geometry struct{ Coordinates []any } }
		}
		if err == nil {
			err = json.Unmarshal(b, &collection)
		}
		if err != nil || len(collection.Features) != features || len(collection.Features[0].Geometry.Coordinates) == 0 {
			t.Errorf("%s: %v in %s", file, err, b)
		}
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("serve ended with %d", code)
	}
}
