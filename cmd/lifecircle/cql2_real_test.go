//go:build real

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/api"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner/cql2"
)

// extraServer serves a GeoPackage of the shared data as extra collections.
func extraServer(t *testing.T, file string) http.Handler {
	t.Helper()
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = "/work/shared/data"
	}
	st := store.New(datatest.Open(t))
	if err := st.Extra(t.Context(), filepath.Join(shared, file)); err != nil {
		t.Fatal(err)
	}
	return api.New(api.Deps{Snapshots: st, Reader: st, Extra: st.Extras(), Tiles: st, Ready: st.Ready, Map: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

// found asks for items and gives the status and what the answer says.
func found(h http.Handler, collection string, q url.Values) (status int, matched *int, body string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/ogc/collections/"+url.PathEscape(collection)+"/items?"+q.Encode(), nil))
	var answer struct{ NumberMatched *int }
	_ = json.Unmarshal(w.Body.Bytes(), &answer) // checked by the number
	return w.Code, answer.NumberMatched, w.Body.String()
}

// slips are rows of the standard that its own data contradict: of the names only
// Chișinău, Chicago and Chengdu begin with Ch (ogcapi-features issue 1011).
var slips = map[string]int{"ACCENTI(name) LIKE accenti('Ch%')": 3, "ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))": 1, "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": 1}

// TestAbstractTestsOfCQL2 asks every filter of the standard's tables over HTTP,
// in both encodings, and compares the number of features found.
func TestAbstractTestsOfCQL2(t *testing.T) {
	h := extraServer(t, "cql2/ne110m4cql2.gpkg")
	table, err := os.ReadFile("testdata/cql2-abstract-tests.tsv")
	if err != nil {
		t.Fatal(err)
	}
	passed, predicates := map[string]int{}, map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		class, collection, filter := row[0], row[1], row[2]
		want, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		if right, ok := slips[filter]; ok {
			want = right
		}
		e, err := cql2.ParseText(filter)
		if err != nil {
			t.Errorf("%s: %s: %v", class, filter, err)
			continue
		}
		for _, q := range []url.Values{{"filter": {filter}}, {"filter": {string(cql2.JSON(e))}, "filter-lang": {"cql2-json"}}} {
			q.Set("limit", "1000")
			status, matched, body := found(h, collection, q)
			if status != http.StatusOK || matched == nil || *matched != want {
				t.Errorf("%s: %s: %s: %d, want %d features: %.300s", class, collection, q.Get("filter"), status, want, body)
				break
			}
			if n := strings.Count(body, `"type":"Feature",`); n != want {
				t.Errorf("%s: %s: numberMatched says %d, %d came", class, filter, want, n)
			}
		}
		passed[class]++
		predicates[collection] = append(predicates[collection], filter)
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for collection, all := range predicates {
		for range 50 {
			var p [4]string
			for i := range p {
				p[i] = all[draw.IntN(len(all))]
			}
			filter := fmt.Sprintf("((NOT (%[1]s) AND (%[2]s)) OR ((%[3]s) and NOT (%[4]s)) or not ((%[1]s) AND (%[4]s)))", p[0], p[1], p[2], p[3])
			if status, _, body := found(h, collection, url.Values{"filter": {filter}}); status != http.StatusOK {
				t.Errorf("%s: %s: %d: %.300s", collection, filter, status, body)
			}
		}
	}
	t.Logf("asked: %v", passed)
}

// values are what the standard compares the queryables of each type with.
var values = map[string]string{"string": "'foo'", "boolean": "true", "number": "3.14", "integer": "1", "date": "DATE('2022-04-14')", "date-time": "TIMESTAMP('2022-04-14T14:48:46Z')"}

// TestEveryQueryable asks what the standard asks of every queryable of every
// collection, ours too: filters are evaluated, and opposite ones share no feature.
func TestEveryQueryable(t *testing.T) {
	h := extraServer(t, "cql2/ne110m4cql2.gpkg")
	var list struct{ Collections []struct{ ID string } }
	get(t, h, "/ogc/collections", &list)
	asked := 0
	count := func(collection, filter string) int {
		asked++
		status, matched, body := found(h, collection, url.Values{"filter": {filter}, "limit": {"1"}})
		if status != http.StatusOK || matched == nil {
			t.Errorf("%s: %s: %d: %.200s", collection, filter, status, body)
			return 0
		}
		return *matched
	}
	for _, c := range list.Collections {
		var schema struct {
			Properties map[string]struct {
				Ref    string `json:"$ref"`
				Type   string
				Format string
			}
		}
		get(t, h, "/ogc/collections/"+c.ID+"/queryables", &schema)
		all := count(c.ID, "true")
		if len(schema.Properties) < 2 || count(c.ID, "false") != 0 {
			t.Errorf("%s: %d queryables, or false is true", c.ID, len(schema.Properties))
		}
		for name, p := range schema.Properties {
			q := `"` + name + `"`
			without := count(c.ID, q+" IS NULL")
			if with := count(c.ID, q+" is not null"); with+without != all {
				t.Errorf("%s: %s: %d with, %d without, of %d", c.ID, q, with, without, all)
			}
			kind := p.Type
			if p.Format != "" {
				kind = p.Format
			}
			if value, ok := values[kind]; ok {
				for _, opposite := range [][2]string{{"=", "<>"}, {"<", ">="}, {">", "<="}} {
					for _, form := range []string{"%[1]s %[2]s %[3]s", "%[3]s %[2]s %[1]s"} {
						a, b := count(c.ID, fmt.Sprintf(form, q, opposite[0], value)), count(c.ID, fmt.Sprintf(form, q, opposite[1], value))
						if a+b+without != all {
							t.Errorf("%s: %s: %v %s: %d and %d and %d without, of %d", c.ID, q, opposite, value, a, b, without, all)
						}
					}
				}
				count(c.ID, q+" = "+q)
				count(c.ID, q+" IN ("+value+", "+q+")")
			}
			switch {
			case kind == "string":
				for _, pattern := range []string{"'%'", "'_%'", "''", "'%%'", `'\\%\\_'`, "CASEI('FOO%')", "accenti(casei('Ä%'))"} {
					count(c.ID, q+" LIKE "+pattern)
				}
				count(c.ID, "ACCENTI(CASEI("+q+")) = accenti(casei('ÄÉ'))")
			case kind == "number" || kind == "integer":
				count(c.ID, q+" between 100.0 and 1.0 OR "+q+" * 2 - 1 > "+q+" ^ 2 / 3")
			case kind == "array":
				for _, f := range []string{"A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS"} {
					count(c.ID, f+"("+q+", ('foo', 'bar'))")
				}
			case kind == "date" || kind == "date-time":
				for _, f := range []string{"AFTER", "BEFORE", "DISJOINT", "EQUALS", "INTERSECTS"} {
					count(c.ID, "T_"+f+"("+q+", INTERVAL('2021-01-01', '..'))")
					count(c.ID, "T_"+f+"(TIMESTAMP('2022-04-14T14:48:46Z'), "+q+")")
				}
				for _, f := range []string{"CONTAINS", "DURING", "FINISHEDBY", "FINISHES", "MEETS", "METBY", "OVERLAPPEDBY", "OVERLAPS", "STARTEDBY", "STARTS"} {
					count(c.ID, "T_"+f+"(INTERVAL("+q+", '..'), INTERVAL('2021-01-01T00:00:00Z', '2021-12-31T23:59:59Z'))")
				}
			case p.Ref != "":
				for _, f := range []string{"CONTAINS", "CROSSES", "DISJOINT", "EQUALS", "INTERSECTS", "OVERLAPS", "TOUCHES", "WITHIN"} {
					for _, g := range []string{"BBOX(-180,-90,180,90)", "LINESTRING(7 50, 10 51)", "POINT(7.02 49.92)", "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))"} {
						count(c.ID, "S_"+f+"("+q+", "+g+")")
					}
				}
				for _, g := range []string{"POINT(90 180)", "MULTIPOINT(7.02 49.92, 90 180)"} {
					if status, _, body := found(h, c.ID, url.Values{"filter": {"S_INTERSECTS(" + q + ", " + g + ")"}}); status != http.StatusBadRequest {
						t.Errorf("%s: a point that is none: %d %.200s", c.ID, status, body)
					}
				}
			}
		}
	}
	t.Logf("%d filters", asked)
}

func get(t *testing.T, h http.Handler, path string, into any) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	if err := json.Unmarshal(w.Body.Bytes(), into); w.Code != http.StatusOK || err != nil {
		t.Fatalf("%s: %d %v %.300s", path, w.Code, err, w.Body)
	}
}
