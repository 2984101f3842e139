package cql2

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lifecircle/lifecircle/planner"
)

// same compares trees without their places; values compares numbers and times by value too.
var (
	same   = cmp.Options{cmpopts.IgnoreTypes(Pos(0)), cmpopts.EquateEmpty()}
	values = cmp.Options{
		cmp.Comparer(func(a, b Number) bool { return value(a.Text) == value(b.Text) }),
		cmp.Comparer(func(a, b Timestamp) bool { return a.Time().Equal(b.Time()) }),
	}
)

func value(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// again writes a tree in both encodings and reads it back.
func again(t *testing.T, name string, e Expr) {
	t.Helper()
	fromText, err := ParseText(Text(e))
	if err != nil {
		t.Fatalf("%s: written as %s: %v", name, Text(e), err)
	}
	if d := cmp.Diff(e, fromText, same); d != "" {
		t.Fatalf("%s: written as %s, read as another tree:\n%s", name, Text(e), d)
	}
	fromJSON, err := ParseJSON(string(JSON(e)))
	if err != nil {
		t.Fatalf("%s: written as %s: %v", name, JSON(e), err)
	}
	if d := cmp.Diff(e, fromJSON, same); d != "" {
		t.Fatalf("%s: written as %s, read as another tree:\n%s", name, JSON(e), d)
	}
}

// filters of text with what they are in JSON.
var filters = map[string]string{
	`name = '养老院'`:                                  `{"op":"=","args":[{"property":"name"},"养老院"]}`,
	`a<>1 and b>=-.5 AND c < +2E3`:                  `{"op":"and","args":[{"op":"<>","args":[{"property":"a"},1]},{"op":">=","args":[{"property":"b"},-0.5]},{"op":"<","args":[{"property":"c"},2e3]}]}`,
	`not a=1 or b=2 and c=3`:                        `{"op":"or","args":[{"op":"not","args":[{"op":"=","args":[{"property":"a"},1]}]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}]}`,
	`((a=1))`:                                       `{"op":"=","args":[{"property":"a"},1]}`,
	`a - 1 - 2 * (3 - b) ^ 2 > 0`:                   `{"op":">","args":[{"op":"-","args":[{"op":"-","args":[{"property":"a"},1]},{"op":"*","args":[2,{"op":"^","args":[{"op":"-","args":[3,{"property":"b"}]},2]}]}]},0]}`,
	`7-2 = a-2`:                                     `{"op":"=","args":[{"op":"-","args":[7,2]},{"op":"-","args":[{"property":"a"},2]}]}`,
	`"in" IS NOT NULL`:                              `{"op":"not","args":[{"op":"isNull","args":[{"property":"in"}]}]}`,
	`date = DATE('2024-02-29')`:                     `{"op":"=","args":[{"property":"date"},{"date":"2024-02-29"}]}`,
	`n ILIKE 'A%'`:                                  `{"op":"like","args":[{"op":"casei","args":[{"property":"n"}]},{"op":"casei","args":["A%"]}]}`,
	`n LIKE 'a\%\\'`:                                `{"op":"like","args":[{"property":"n"},"a\\%\\"]}`[:0], // a single backslash at the end: refused below
	`n = 'it''s \'\n\t\x'`:                          `{"op":"=","args":[{"property":"n"},"it's '\n\t\\x"]}`,
	`a_equals(x, (1))`:                              `{"op":"a_equals","args":[{"property":"x"},[1]]}`,
	`A_OVERLAPS((('a'), 'b', ()), x)`:               `{"op":"a_overlaps","args":[[["a"],"b",[]],{"property":"x"}]}`,
	`S_WITHIN(geom, MULTIPOINT(1 2, (3 4)))`:        `{"op":"s_within","args":[{"property":"geom"},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}]}`,
	`S_WITHIN(geom, POINT Z(1 2 3))`:                `{"op":"s_within","args":[{"property":"geom"},{"type":"Point","coordinates":[1,2,3]}]}`,
	`T_METBY(INTERVAL(a,'..'), DATE('2020-01-01'))`: `{"op":"t_metBy","args":[{"interval":[{"property":"a"},".."]},{"date":"2020-01-01"}]}`,
	`f((1+2)*3, (x)) = TRUE`:                        `{"op":"=","args":[{"op":"f","args":[{"op":"*","args":[{"op":"+","args":[1,2]},3]},[{"property":"x"}]]},true]}`,
	"\u3000服务.类型\u00a0=1":                           `{"op":"=","args":[{"property":"服务.类型"},1]}`,
}

func TestBothEncodings(t *testing.T) {
	for text, object := range filters {
		if object == "" {
			continue
		}
		fromText, err := ParseText(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		fromJSON, err := ParseJSON(object)
		if err != nil {
			t.Errorf("%s: %v", object, err)
			continue
		}
		if d := cmp.Diff(fromJSON, fromText, same); d != "" {
			t.Errorf("%s (-json +text):\n%s", text, d)
		}
		again(t, text, fromText)
	}
}

// TestErrorsSayWhere: place and kind of the error of what is no filter.
func TestErrorsSayWhere(t *testing.T) {
	for text, at := range map[string]int{
		``: 1, `name`: 1, `name =`: 7, `名称 == 1`: 5, `a = 'x`: 5, `a = 1 b`: 7, `a = 1)`: 6, `(a = 1`: 7, `a LIKE b`: 8, `a LIKE 'x\\'`: 8, `a IN ()`: 6, `a IN (1,`: 9,
		`a NOT = 1`: 7, `a = 1 AND 5`: 11, `S_INTERSECTS(geom, 5)`: 20, `S_FOO`: 1, `S_INTERSECTS(geom)`: 1, `t_after(a, DATE('2021-02-30'))`: 12, `a = TIMESTAMP('2021-01-01')`: 5,
		`S_WITHIN(g, POLYGON((0 0, 1 0, 1 1, 0 1)))`: 13, `S_WITHIN(g, LINESTRING(1 1))`: 13, `S_WITHIN(g, POINT(1 2 3 4))`: 25, `S_WITHIN(g, BBOX(1,2,3))`: 13, `a = 1e999`: 5, `a ; b`: 3,
		`2^3^4 = a`: 4, `a = .`: 5, `a = "`: 5, `T_AFTER(a, INTERVAL('2021-01-02','2021-01-01'))`: 12, "a = 'x\x00'": 7, `S_EQUALS(g, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))`: 32,
		"a = '\xff'": 6, `a = nothing(..)`: 13, `a BETWEEN 1 OR 2`: 13, `CASEI(5) = 'x'`: 7,
	} {
		_, err := ParseText(text)
		wrong(t, text, err, at)
	}
	for object, at := range map[string]int{
		``: 1, `5`: 1, `{"op":"="}`: 1, `{"op":"=","args":[{"property":"a"}]}`: 1, `{"op":"=","args":[{"property":"名"},[1]]}`: 36, `{"op":"and","args":[true,5]}`: 26, `true false`: 6, `{"op":"=","op":"<"}`: 11,
		`{"op":"div","args":[1,2]}`: 1, `{"op":"a b","args":[]}`: 7, `{"op":"point","args":[]}`: 7, `{"op":"s_within","args":[{"property":"g"},{"type":"Point","coordinates":[1,"2"]}]}`: 76,
		`{"op":"=","args":[{"property":5},1]}`: 31, `[1`: 3, `{"op":"in","args":[{"property":"a"},[]]}`: 37,
	} {
		_, err := ParseJSON(object)
		wrong(t, object, err, at)
	}
}

func wrong(t *testing.T, filter string, err error, at int) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted", filter)
		return
	}
	if planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), fmt.Sprintf("filter, character %d:", at)) || !strings.Contains(err.Error(), fmt.Sprintf("第%d个字符", at)) || strings.Contains(err.Error(), "%!") {
		t.Errorf("%s: not at %d: %v", filter, at, err)
	}
}

// TestLimits: what is too large is refused, and what is just within is read in little time.
func TestLimits(t *testing.T) {
	start := time.Now()
	terms := strings.Repeat("name = 'x' OR ", 9_999) + "name = 'x'"
	e, err := ParseText(terms)
	if err != nil || len(e.(*Call).Args) != 10_000 {
		t.Fatalf("10,000 terms: %v", err)
	}
	if _, err := ParseJSON(string(JSON(e))); err != nil {
		t.Errorf("10,000 terms in JSON: %v", err)
	}
	ring := strings.Repeat("1 1,", MaxCoordinates)
	for name, text := range map[string]string{
		"brackets": strings.Repeat("(", 100_000), "not": strings.Repeat("NOT ", 100_000) + "a=1", "functions": strings.Repeat("f(", 100_000), "sum": "a = 1" + strings.Repeat("+1", 100_000),
		"nodes": "a IN (1" + strings.Repeat(",1", MaxNodes) + ")", "length": strings.Repeat(" ", MaxLength) + "a=1", "positions": "S_WITHIN(g, POLYGON((" + ring + "1 1)))", "collections": strings.Repeat("S_WITHIN(g,GEOMETRYCOLLECTION(", 1) + strings.Repeat("GEOMETRYCOLLECTION(", 10_000),
	} {
		if _, err := ParseText(text); planner.KindOf(err) != planner.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, object := range map[string]string{
		"lists": strings.Repeat("[", 100_000), "not": strings.Repeat(`{"op":"not","args":[`, 20_000), "positions": `{"op":"s_within","args":[{"property":"g"},{"type":"LineString","coordinates":[` + strings.Repeat("[1,1],", MaxCoordinates) + `[1,1]]}]}`,
	} {
		if _, err := ParseJSON(object); planner.KindOf(err) != planner.Invalid || err == nil {
			t.Errorf("%s in JSON: %v", name, err)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the limits took %v", took)
	}
}

func FuzzText(f *testing.F) {
	for text := range filters {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := ParseText(text); err == nil {
			again(t, text, e)
		} else if planner.KindOf(err) != planner.Invalid {
			t.Fatal(err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, object := range filters {
		f.Add(object)
	}
	f.Fuzz(func(t *testing.T, object string) {
		if e, err := ParseJSON(object); err == nil {
			again(t, object, e)
		} else if planner.KindOf(err) != planner.Invalid {
			t.Fatal(err)
		}
	})
}
