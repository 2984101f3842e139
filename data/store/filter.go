package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner/cql2"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// kind is the type of a value in a filter.
type kind string

const (
	kText    kind = "text"
	kNumber  kind = "number"
	kBoolean kind = "boolean"
	kDay     kind = "date"
	kInstant kind = "timestamp"
	kShape   kind = "geometry"
	kList    kind = "array"
)

// term is a part of a filter as SQL. What people wrote is in arguments, never in the text.
type term struct {
	sql  string
	kind kind
	text string // of a property with several values: the text that the layer shows
}

// asText makes a property with several values the text of them, for clients that know it from the features.
func (x term) asText() term {
	if x.text != "" {
		x.sql, x.kind = x.text, kText
	}
	return x
}

// translation turns a filter of one collection into SQL over the columns of its layer.
type translation struct {
	columns map[string]term // property → column with its type: what is not here cannot be named
	args    pgx.StrictNamedArgs
	crs     layer.CRS
	bound   int
}

// bound begins the names of the arguments of a filter.
const bound = "f"

// condition is the SQL of a filter; its values go into args. Errors: Invalid,
// with the place, for a property that is none, types that disagree and
// functions that are none.
func condition(c layer.Collection, q layer.Query, args pgx.StrictNamedArgs) (string, error) {
	t := &translation{columns: map[string]term{}, args: args, crs: q.FilterCRS}
	types := map[layer.Type]kind{layer.String: kText, layer.Integer: kNumber, layer.Number: kNumber, layer.Boolean: kBoolean, layer.Date: kDay, layer.Instant: kInstant}
	for i, p := range c.Properties {
		t.columns[p.Name] = term{sql: column(c, i), kind: types[p.Type]}
		if separator := c.Separator(p.Name); separator != "" {
			t.columns[p.Name] = term{sql: fmt.Sprintf("string_to_array(%s, '%s')", column(c, i), separator), kind: kList, text: column(c, i)}
		}
	}
	if name := c.GeometryName(); name != "" {
		t.columns[name] = term{sql: "t.geom", kind: kShape}
	}
	f, err := t.term(q.Filter)
	return f.sql, err
}

// bind makes a value an argument.
func (t *translation) bind(value any, as string) string {
	t.bound++
	name := fmt.Sprintf("%s%d", bound, t.bound)
	t.args[name] = value
	return "@" + name + "::" + as
}

func (t *translation) term(e cql2.Expr) (term, error) {
	value := func(sql string, k kind) (term, error) { return term{sql: sql, kind: k}, nil }
	switch e := e.(type) {
	case *cql2.Bool:
		return value(strings.ToUpper(fmt.Sprint(e.Value)), kBoolean)
	case *cql2.Number:
		if _, err := strconv.ParseInt(e.Text, 10, 64); err == nil { // many times faster beside a whole column
			return value(t.bind(e.Text, "text")+"::bigint", kNumber)
		}
		return value(t.bind(e.Text, "text")+"::numeric", kNumber)
	case *cql2.String:
		return value(t.bind(e.Value, "text"), kText)
	case *cql2.Date:
		return value(t.bind(e.Time(), "date"), kDay)
	case *cql2.Timestamp:
		return value(t.bind(e.Time(), "timestamptz"), kInstant)
	case *cql2.Geometry, *cql2.BBox:
		return t.shape(e)
	case *cql2.Property:
		found, ok := t.columns[e.Name]
		if !ok {
			return found, cql2.Errorf(e.At(), "没有可查询的属性「%.60s」", "there is no queryable %.60q", e.Name)
		}
		return found, nil
	case *cql2.Array:
		return t.list(e)
	case *cql2.Call:
		return t.call(e)
	}
	return term{}, cql2.Errorf(e.At(), "此处不能用区间", "an interval cannot stand here")
}

// call translates an operator. Terms come out in brackets, so that they join as they stand.
func (t *translation) call(c *cql2.Call) (term, error) {
	boolean := func(sql string, err error) (term, error) { return term{sql: sql, kind: kBoolean}, err }
	switch op := c.Op; {
	case c.IsFunction():
		return term{}, cql2.Errorf(c.At(), "没有函数「%.60s」", "there is no function %.60q", op)
	case op == "and" || op == "or":
		args := c.Args
		if op == "or" {
			args = gather(args)
		}
		return boolean(t.joined(" "+strings.ToUpper(op)+" ", args))
	case op == "not":
		return boolean(t.joined("NOT ", c.Args))
	case op == "isNull":
		x, err := t.term(c.Args[0])
		return boolean("("+x.sql+" IS NULL)", err)
	case op == "like":
		both, err := t.terms(c.Args, kText)
		if err != nil {
			return term{}, err
		}
		return boolean("("+both[0].sql+ordered+" LIKE "+both[1].sql+ordered+")", nil)
	case op == "between":
		x, err := t.comparable(c.Args)
		if err != nil {
			return term{}, err
		}
		return boolean("("+x[0]+" BETWEEN "+x[1]+" AND "+x[2]+")", nil)
	case op == "in":
		x, err := t.comparable(append([]cql2.Expr{c.Args[0]}, c.Args[1].(*cql2.Array).Items...))
		if err != nil {
			return term{}, err
		}
		return boolean("("+x[0]+" IN ("+strings.Join(x[1:], ", ")+"))", nil)
	case strings.Contains(" = <> < > <= >= ", " "+op+" "):
		x, err := t.comparable(c.Args)
		if err != nil {
			return term{}, err
		}
		return boolean("("+x[0]+" "+op+" "+x[1]+")", nil)
	case op == "casei" || op == "accenti":
		x, err := t.terms(c.Args, kText)
		if err != nil {
			return term{}, err
		}
		return term{sql: fmt.Sprintf(folding[op], x[0].sql), kind: kText}, nil
	case arithmetic[op] != "":
		x, err := t.terms(c.Args, kNumber)
		if err != nil {
			return term{}, err
		}
		return term{sql: fmt.Sprintf(arithmetic[op], x[0].sql, x[1].sql), kind: kNumber}, nil
	case strings.HasPrefix(op, "s_"):
		return boolean(t.spatial(op, c.Args))
	case strings.HasPrefix(op, "t_"):
		return boolean(t.temporal(op, c.Args))
	default:
		return boolean(t.arrays(op, c.Args))
	}
}

// ordered compares texts by code points, so that an answer does not depend on the database's locale.
const ordered = ` COLLATE "C"`

// folding: upper case before lower case folds what one of them leaves (ß and SS,
// both sigmas), as full case folding of Unicode does; letters with a stroke do
// not decompose and are named.
var folding = map[string]string{
	"casei":   `(replace(lower(upper(%s COLLATE "und-x-icu")), 'ς', 'σ') COLLATE "C")`,
	"accenti": `(normalize(translate(regexp_replace(normalize(%s, NFD) COLLATE "C", '[\u0300-\u036F]', '', 'g'), 'øØđĐłŁħĦŧŦıɨƗ', 'oOdDlLhHtTiiI'), NFC) COLLATE "C")`,
}

// arithmetic is in floating point, whose time and size are bounded; a division by zero has no value.
var arithmetic = map[string]string{
	"+": "(%s::float8 + %s::float8)", "-": "(%s::float8 - %s::float8)", "*": "(%s::float8 * %s::float8)", "/": "(%s::float8 / nullif(%s::float8, 0))",
	"div": "trunc(%s::float8 / nullif(%s::float8, 0))", "%": "mod(%s::float8::numeric, nullif(%s::float8::numeric, 0))::float8", "^": "power(%s::float8, %s::float8)",
}

func (t *translation) joined(by string, args []cql2.Expr) (string, error) {
	var all []string
	terms, err := t.terms(args, kBoolean)
	for _, one := range terms {
		all = append(all, one.sql)
	}
	if by == "NOT " {
		return "(NOT " + strings.Join(all, "") + ")", err
	}
	return "(" + strings.Join(all, by) + ")", err
}

// terms translates arguments that must all be of a kind.
func (t *translation) terms(args []cql2.Expr, k kind) ([]term, error) {
	var all []term
	for _, e := range args {
		x, err := t.term(e)
		if err != nil {
			return nil, err
		}
		if k == kText {
			x = x.asText()
		}
		if x.kind != k {
			return nil, mismatch(e.At(), x.kind, k)
		}
		all = append(all, x)
	}
	return all, nil
}

func mismatch(at int, is, want kind) error {
	return cql2.Errorf(at, "类型不符:是%[1]s,应为%[2]s", "types disagree: %[1]s where %[2]s is wanted", is, want)
}

// comparable translates scalars that are compared with each other. A text beside
// a day or an instant is read as one, since GDAL writes times as texts; a day beside an instant is its first.
func (t *translation) comparable(args []cql2.Expr) ([]string, error) {
	want := kind("")
	for _, e := range args {
		if _, literal := e.(*cql2.String); literal {
			continue
		}
		x, err := t.kindOf(e)
		if err != nil {
			return nil, err
		}
		if want == "" || want == kDay && x == kInstant {
			want = x
		}
	}
	if want == "" {
		want = kText
	}
	var all []string
	for _, e := range args {
		if s, ok := e.(*cql2.String); ok && (want == kDay || want == kInstant) {
			read, err := moment(s)
			if err != nil {
				return nil, err
			}
			if e = read; want == kDay {
				if _, ok := read.(*cql2.Timestamp); ok {
					return nil, mismatch(s.At(), kInstant, want)
				}
			}
		}
		x, err := t.term(e)
		if err != nil {
			return nil, err
		}
		if x = x.asText(); x.kind == kDay && want == kInstant {
			x.sql, x.kind = "("+x.sql+"::timestamp AT TIME ZONE 'UTC')", kInstant
		}
		if x.kind != want {
			return nil, mismatch(e.At(), x.kind, want)
		}
		if x.kind == kShape || x.kind == kList {
			return nil, cql2.Errorf(e.At(), "几何与数组不能这样比较", "geometries and arrays are not compared this way")
		}
		if x.kind == kText {
			x.sql = "(" + x.sql + ordered + ")"
		}
		all = append(all, x.sql)
	}
	return all, nil
}

// kindOf looks at the kind only: the arguments that it binds are dropped.
func (t *translation) kindOf(e cql2.Expr) (kind, error) {
	probe := *t
	probe.args = pgx.StrictNamedArgs{}
	x, err := probe.term(e)
	return x.asText().kind, err
}

// moment reads a text as a day or an instant.
func moment(s *cql2.String) (cql2.Expr, error) {
	word := "DATE"
	if strings.ContainsAny(strings.TrimSuffix(s.Value, "T"), "T ") {
		word = "TIMESTAMP"
	}
	text := strings.Replace(strings.TrimSuffix(s.Value, "T"), " ", "T", 1) // GDAL 3.6 writes a day with a T
	if word == "TIMESTAMP" && !strings.HasSuffix(text, "Z") {
		text += "Z"
	}
	e, err := cql2.ParseText("x = " + cql2.Text(&cql2.String{Value: text}))
	if err == nil {
		e, err = cql2.ParseText("x = " + word + "(" + cql2.Text(e.(*cql2.Call).Args[1]) + ")")
	}
	if err != nil {
		return nil, cql2.Errorf(s.At(), "「%.40s」不是日期或时刻", "%.40q is no date or timestamp", s.Value)
	}
	return e.(*cql2.Call).Args[1], nil
}

// gather makes one IN of the comparisons of a property with literals of one
// kind that OR joins: thousands of them are then searched, not tried one by one.
func gather(args []cql2.Expr) []cql2.Expr {
	var all []cql2.Expr
	found := map[string]*cql2.Array{}
	for _, e := range args {
		c, ok := e.(*cql2.Call)
		if !ok || c.Op != "=" {
			all = append(all, e)
			continue
		}
		p, ok := c.Args[0].(*cql2.Property)
		kind := fmt.Sprintf("%T", c.Args[1])
		if ok = ok && (kind == "*cql2.String" || kind == "*cql2.Number"); !ok {
			all = append(all, e)
			continue
		}
		list := found[kind+p.Name]
		if list == nil {
			list = &cql2.Array{Pos: cql2.Pos(c.Args[1].At())}
			found[kind+p.Name] = list
			all = append(all, &cql2.Call{Pos: c.Pos, Op: "in", Args: []cql2.Expr{p, list}})
		}
		list.Items = append(list.Items, c.Args[1])
	}
	return all
}
