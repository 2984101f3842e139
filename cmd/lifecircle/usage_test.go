package main

import (
	"bytes"
	"strings"
	"testing"
)

// What cannot be meant ends with code 2 and says why in both languages, before any database is touched.
func TestWrongUsage(t *testing.T) {
	for args, want := range map[string]string{
		"plan --as-of 31.12.2025":         "--as-of must be YYYY-MM-DD",
		"plan --units 12x":                `division code "12x"`,
		"plan --set speed_of_light=1":     "no assumption named",
		"export streets":                  `no layer "streets"`,
		"export gaps -f pdf":              "--format",
		"verify-circles":                  "--network",
		"verify-circles --profile rocket": `no travel profile "rocket"`,
		"import units":                    "<files>",
		"import units no-such-file.csv":   "no-such-file.csv",
		"launch":                          "launch",
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append(strings.Fields(args), "--data-dir", "/nonexistent/lifecircle"), &out, &errs)
		if code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: code %d, %s", args, code, errs.String())
		}
	}
}
