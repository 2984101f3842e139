package api

import (
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestEveryRouteIsDescribed holds the description of the map's API to its routes, both ways.
func TestEveryRouteIsDescribed(t *testing.T) {
	h, _ := guarded(t, false)
	doc, err := openapi3.NewLoader().LoadFromData(visit(h, "GET", "/api/v1/openapi.json", "", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	for route := range rights {
		if strings.Contains(route, " /api/v1/") {
			name := parameter.ReplaceAllString(route, "{$1}")
			if !described[name] {
				t.Errorf("%s is not described", name)
			}
			delete(described, name)
		}
	}
	for name := range described {
		t.Errorf("%s is described and not served", name)
	}
}
