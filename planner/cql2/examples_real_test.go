//go:build real

package cql2

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExamples reads every example of the standard in both encodings: the pairs
// mean the same, and each is written in either encoding and read back.
func TestExamples(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = "/work/shared/data"
	}
	texts, err := filepath.Glob(filepath.Join(shared, "cql2/examples/text/*.txt"))
	if err != nil || len(texts) < 100 {
		t.Fatalf("%d examples under %s: %v", len(texts), shared, err)
	}
	pairs := 0
	for _, file := range texts {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fromText, err := ParseText(string(source))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again(t, name, fromText)
		base, _, _ := strings.Cut(name, "-alt")
		source, err = os.ReadFile(filepath.Join(shared, "cql2/examples/json", base+".json"))
		if err != nil {
			t.Fatal(err)
		}
		fromJSON, err := ParseJSON(string(source))
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		again(t, base+".json", fromJSON)
		if d := cmp.Diff(fromJSON, fromText, same, values); d != "" {
			t.Errorf("%s: text means another thing than JSON (-json +text):\n%s", name, d)
		}
		pairs++
	}
	t.Logf("%d pairs", pairs)
}
