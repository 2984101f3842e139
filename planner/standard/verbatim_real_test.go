//go:build real

package standard

import (
	"os"
	"strings"
	"testing"
)

// Every quotation stands in the plan's text, word for word.
func TestQuotesAreVerbatim(t *testing.T) {
	text, err := os.ReadFile("/work/shared/plan-zhejiang-civil-affairs-2021-2025.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range builtIn(t).Standards {
		if s.Document != "" {
			continue // of another document
		}
		for _, part := range strings.Split(s.Quote, "…") {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: %q is not in the plan", s.ID, part)
			}
		}
	}
}
