package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/lifecircle/lifecircle"

// mayImport is the one-way rule of ARCHITECTURE.md.
var mayImport = map[string][]string{
	"cmd":     {"cmd", "api", "data", "planner", "geo", "web"},
	"api":     {"api", "planner", "geo"},
	"data":    {"data", "planner", "geo"},
	"planner": {"planner", "geo"},
	"geo":     {"geo"},
	"web":     {"web"},
}

// only names, for modules that belong to one folder, the folders that may import them.
var only = map[string][]string{
	"github.com/labstack/echo":    {"api"},
	"github.com/jackc/pgx":        {"data", "cmd"},
	"github.com/riverqueue/river": {"data", "cmd"},
	"net/http":                    {"api", "web", "cmd"},
}

type pkg struct {
	ImportPath, Name, Doc, Dir             string
	GoFiles, Imports                       []string
	TestGoFiles, TestImports, XTestImports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 5 {
		t.Fatalf("go list found only %d packages", len(pkgs))
	}
	return pkgs
}

func folder(importPath string) string {
	rest := strings.TrimPrefix(importPath, module+"/")
	top, _, _ := strings.Cut(rest, "/")
	return top
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		top := folder(p.ImportPath)
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if strings.HasPrefix(imp, module+"/") && !slices.Contains(mayImport[top], folder(imp)) {
				t.Errorf("%s imports %s: %s may import only %v", p.ImportPath, imp, top, mayImport[top])
			}
		}
		for _, imp := range p.Imports {
			for mod, tops := range only {
				if (imp == mod || strings.HasPrefix(imp, mod+"/")) && !slices.Contains(tops, top) {
					t.Errorf("%s imports %s, which belongs to %v", p.ImportPath, imp, tops)
				}
			}
		}
	}
}

func TestPackagesAreNamedAndExplained(t *testing.T) {
	banned := []string{"util", "utils", "common", "helper", "helpers", "types", "models", "misc"}
	for _, p := range packages(t) {
		if slices.Contains(banned, path.Base(p.ImportPath)) {
			t.Errorf("%s: name the package by what it holds", p.ImportPath)
		}
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestFilesHaveOneSubject(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range slices.Concat(p.GoFiles, p.TestGoFiles) {
			text, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			limit := 400
			if strings.HasSuffix(f, "_test.go") {
				limit = 600
			}
			if n := bytes.Count(text, []byte("\n")); n > limit {
				t.Errorf("%s/%s has %d lines; %d is the limit", p.ImportPath, f, n, limit)
			}
		}
	}
}
