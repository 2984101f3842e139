package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"pgregory.net/rapid"
)

// travelPaths are held to the description in both directions: what it does not allow is refused.
var travelPaths = []string{"/api/v1/isochrones", "/api/v1/travel-times", "/api/v1/whatif", "/api/v1/why"}

// Random questions, right and wrong, to every described route: none is answered with 5xx, and every answer is one that
// is described. What the description of the travel routes does not allow is refused.
func TestRandomQuestions(t *testing.T) {
	h, _ := guarded(t, false)
	doc, err := openapi3.NewLoader().LoadFromData(visit(h, "GET", "/api/v1/openapi.json", "", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"application/geo+json", "application/problem+json", "application/vnd.oai.openapi+json;version=3.0"} {
		openapi3filter.RegisterBodyDecoder(m, openapi3filter.JSONBodyDecoder)
	}
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.PlainBodyDecoder)
	answered := map[string]map[int]int{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !slices.Contains(travelPaths, path) && strings.Contains(path, "/session") {
				continue // logs itself out
			}
			name := method + " " + path
			answered[name] = map[int]int{}
			rapid.Check(t, func(t *rapid.T) {
				r, body := randomRequest(t, method, path, item, op)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				answered[name][w.Code]++
				if w.Code >= 500 {
					t.Fatalf("%s %s: %d %s", method, r.URL, w.Code, w.Body)
				}
				if w.Code < 300 && r.URL.Query().Has("nonsense") && slices.Contains(travelPaths, path) {
					t.Fatalf("%s %s: an unknown parameter is taken", method, r.URL)
				}
				r.Body = io.NopCloser(strings.NewReader(body))
				route, params, err := router.FindRoute(r)
				if err != nil {
					return
				}
				in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
				if wrong := openapi3filter.ValidateRequest(t.Context(), in); wrong != nil && w.Code < 300 && slices.Contains(travelPaths, path) {
					t.Fatalf("%s %s %s: %d although the description refuses it: %v", method, r.URL, body, w.Code, wrong)
				}
				out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(), Options: &openapi3filter.Options{IncludeResponseStatus: true}}
				out.SetBodyBytes(w.Body.Bytes())
				if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
					t.Fatalf("%s %s %s: the answer %d is not described: %v\n%s", method, r.URL, body, w.Code, err, w.Body)
				}
			})
		}
	}
	for _, path := range travelPaths {
		for name, codes := range answered {
			if strings.HasSuffix(name, " "+path) && (codes[200] == 0 || codes[400] == 0) {
				t.Errorf("%s was never right or never wrong: %v", name, codes)
			}
		}
	}
}

// randomRequest fills an operation's parameters and body by their schemas, and spoils some.
func randomRequest(r *rapid.T, method, path string, item *openapi3.PathItem, op *openapi3.Operation) (*http.Request, string) {
	t := questioner{r, rapid.Bool().Draw(r, "careful")}
	query := url.Values{}
	for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
		value := texts(t.value(p.Value.Schema.Value, p.Value.Name))
		switch {
		case t.careful && slices.Contains([]string{"gap", "run", "unit"}, p.Value.Name): // they go with little else
		case t.careful && (p.Value.Name == "lon" || p.Value.Name == "lat"):
			query[p.Value.Name] = value
		case p.Value.In == "path":
			path = strings.Replace(path, "{"+p.Value.Name+"}", url.PathEscape(strings.Trim(value[0], "./")+"0"), 1)
		case p.Value.Required || rapid.IntRange(0, 3).Draw(r, "given") > 0:
			query[p.Value.Name] = value
		}
	}
	if t.spoils("unknown", 20) {
		query.Set("nonsense", "1")
	}
	var body []byte
	kind := ""
	if op.RequestBody != nil {
		for media, content := range op.RequestBody.Value.Content {
			kind = media
			if content.Schema != nil && media == "application/json" {
				body, _ = json.Marshal(t.value(content.Schema.Value, "body"))
			} else {
				body = []byte(rapid.StringN(0, 40, -1).Draw(r, "text"))
			}
		}
		if t.spoils("cut", 20) && len(body) > 0 {
			body = body[:len(body)-1]
		}
	}
	target := "http://localhost:8080" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	q := httptest.NewRequest(method, target, strings.NewReader(string(body)))
	q.AddCookie(&http.Cookie{Name: "lifecircle", Value: worksOn(strings.TrimPrefix(path, "/api/v1")) + "@"})
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	if accept := rapid.SampledFrom([]string{"", "application/json", "application/x-ndjson", "text/csv", "*/*"}).Draw(r, "accept"); accept != "" && strings.HasSuffix(path, "/travel-times") {
		q.Header.Set("Accept", accept)
	}
	return q, string(body)
}

func texts(v any) []string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		all := make([]string, len(list))
		for i, e := range list {
			all[i] = fmt.Sprint(e)
		}
		return all
	}
	if f, ok := v.(float64); ok {
		return []string{strconv.FormatFloat(f, 'f', -1, 64)}
	}
	return []string{fmt.Sprint(v)}
}

// known are values that mean something to the server under test, by name.
var known = map[string][]any{
	"lon": {120.5, 120.513}, "lat": {29.1}, "facility": {"07", "03"}, "facilities": {"07"}, "service": {"day_care"}, "profile": {"adult", "drive", "ebike", "elder_80_plus"}, "standard": {"EL-07"},
	"within": {"990121"}, "run": {3}, "gap": {"07"}, "to": {"120.5,29.1"}, "minutes": {5, 15}, "speed": {"1.1", "15km/h", 1.2}, "op": {"add", "move", "close", "close_street"},
	"sources": {"07", []any{120.51, 29.1}}, "targets": {"03", []any{120.513, 29.1}}, "points": {"07", []any{120.51, 29.1}},
}

// questioner makes random values; a careful one keeps to the schema.
type questioner struct {
	*rapid.T
	careful bool
}

func (t questioner) spoils(what string, oneIn int) bool {
	return !t.careful && rapid.IntRange(1, oneIn).Draw(t.T, what) == 1
}

// value makes a value of a schema, or not of it.
func (t questioner) value(s *openapi3.Schema, name string) any {
	if t.spoils("spoil", 12) {
		return rapid.SampledFrom([]any{nil, "", "x", -1, 0, 1e300, 120.5, true, []any{}, []any{1.0, 2.0, 3.0}, map[string]any{}, "\x00", "NaN", "99999999999999999999"}).Draw(t.T, "junk")
	}
	if k := known[name]; k != nil && (s.Type == nil || !s.Type.Is("array")) && (t.careful || rapid.IntRange(0, 5).Draw(t.T, "known") > 0) {
		return rapid.SampledFrom(k).Draw(t.T, "value")
	}
	switch {
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(t.T, "enum")
	case len(s.OneOf) > 0:
		return t.value(rapid.SampledFrom(s.OneOf).Draw(t.T, "one of").Value, name)
	case len(s.AllOf) > 0:
		return t.value(s.AllOf[0].Value, name)
	case s.Type == nil:
		return nil
	case s.Type.Is("object"):
		return t.object(s)
	case s.Type.Is("array"):
		if s.Items == nil {
			return []any{}
		}
		if s.MaxItems != nil && *s.MaxItems == 2 && s.MinItems == 2 { // a point, mostly on the street
			return []any{rapid.SampledFrom([]any{120.5, 120.501, 120.513, 120.52, 1.0}).Draw(t.T, "lon"), 29.1}
		}
		list := make([]any, rapid.IntRange(int(min(s.MinItems, 1)), 3).Draw(t.T, "items"))
		for i := range list {
			list[i] = t.value(s.Items.Value, name)
		}
		return list
	case s.Type.Is("integer"):
		return rapid.IntRange(-2, 130).Draw(t.T, "integer")
	case s.Type.Is("number"):
		return rapid.Float64Range(-200, 200).Draw(t.T, "number")
	case s.Type.Is("boolean"):
		return rapid.Bool().Draw(t.T, "boolean")
	}
	return rapid.SampledFrom([]any{"a", "5,10", "990121", "2025-12-31", "路", "'; --", strings.Repeat("y", 300)}).Draw(t.T, "string")
}

func (t questioner) object(s *openapi3.Schema) map[string]any {
	object := map[string]any{}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		required := slices.Contains(s.Required, name)
		if required && !t.spoils("missing", 10) || !required && rapid.Bool().Draw(t.T, "there") {
			object[name] = t.value(s.Properties[name].Value, name)
		}
	}
	if t.spoils("extra", 20) {
		object["nonsense"] = 1
	}
	return object
}
