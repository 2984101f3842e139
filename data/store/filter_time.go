package store

import (
	"fmt"
	"maps"
	"strings"

	"github.com/lifecircle/lifecircle/planner/cql2"
)

// period is an operand of a temporal function: its first and last instant.
type period struct {
	start, end   string
	nullable     []string
	day, instant bool // days only; an instant rather than an interval
}

// relations of two closed intervals, s1 to e1 and s2 to e2 (OWL-Time); the first
// five take instants too.
var relations = map[string]string{
	"after": "[s1] > [e2]", "before": "[e1] < [s2]", "disjoint": "([e1] < [s2] OR [s1] > [e2])", "equals": "([s1] = [s2] AND [e1] = [e2])", "intersects": "([e1] >= [s2] AND [s1] <= [e2])",
	"contains": "([s1] < [s2] AND [e1] > [e2])", "during": "([s1] > [s2] AND [e1] < [e2])", "finishedBy": "([s1] < [s2] AND [e1] = [e2])", "finishes": "([s1] > [s2] AND [e1] = [e2])",
	"meets": "[e1] = [s2]", "metBy": "[s1] = [e2]", "overlappedBy": "([s1] > [s2] AND [s1] < [e2] AND [e1] > [e2])", "overlaps": "([s1] < [s2] AND [e1] > [s2] AND [e1] < [e2])",
	"startedBy": "([s1] = [s2] AND [e1] > [e2])", "starts": "([s1] = [s2] AND [e1] < [e2])",
}

// temporal is the SQL of a comparison of times; without a value when a property has none.
func (t *translation) temporal(op string, args []cql2.Expr) (string, error) {
	name := strings.TrimPrefix(op, "t_")
	var p [2]period
	known := maps.Clone(t.args)
	days := true
	for _, e := range args {
		kinds, err := t.granularity(e)
		if err != nil {
			return "", err
		}
		days = days && kinds
	}
	for i, e := range args {
		var err error
		if p[i], err = t.period(e, days); err != nil {
			return "", err
		}
		if _, either := instants[name]; p[i].instant && !either {
			return "", cql2.Errorf(e.At(), "%s只比较区间", "%s compares intervals only", strings.ToUpper(op))
		}
	}
	sql := strings.NewReplacer("[s1]", p[0].start, "[e1]", p[0].end, "[s2]", p[1].start, "[e2]", p[1].end).Replace(relations[name])
	for name := range t.args { // an end that the relation does not ask for
		if strings.HasPrefix(name, bound) && known[name] == nil && !strings.Contains(sql, "@"+name+"::") {
			delete(t.args, name)
		}
	}
	if nullable := append(p[0].nullable, p[1].nullable...); len(nullable) > 0 {
		return "(CASE WHEN num_nulls(" + strings.Join(nullable, ", ") + ") = 0 THEN " + sql + " END)", nil
	}
	return "(" + sql + ")", nil
}

var instants = map[string]bool{"after": true, "before": true, "disjoint": true, "equals": true, "intersects": true}

// ends are the instants of an operand.
func ends(e cql2.Expr) []cql2.Expr {
	if i, ok := e.(*cql2.Interval); ok {
		return []cql2.Expr{i.Start, i.End}
	}
	return []cql2.Expr{e}
}

// granularity tells whether an operand is of days only.
func (t *translation) granularity(e cql2.Expr) (days bool, err error) {
	for _, end := range ends(e) {
		if _, open := end.(*cql2.Open); open {
			continue
		}
		k, err := t.kindOf(end)
		if err != nil {
			return false, err
		}
		if k != kDay && k != kInstant {
			return false, mismatch(end.At(), k, kInstant)
		}
		if k == kInstant {
			return false, nil
		}
	}
	return true, nil
}

// period gives the ends. Days compared with days are instants; beside an instant
// a day lasts from its first microsecond to its last.
func (t *translation) period(e cql2.Expr, days bool) (p period, err error) {
	all := ends(e)
	p.instant = len(all) == 1
	if p.start, err = t.end(&p, all[0], days, "-infinity", ""); err != nil {
		return p, err
	}
	p.end, err = t.end(&p, all[len(all)-1], days, "infinity", " + interval '86399.999999 seconds'")
	return p, err
}

func (t *translation) end(p *period, e cql2.Expr, days bool, open, last string) (string, error) {
	if _, ok := e.(*cql2.Open); ok {
		return "'" + open + "'::timestamptz", nil
	}
	x, err := t.term(e)
	if err != nil {
		return "", err
	}
	if _, ok := e.(*cql2.Property); ok {
		p.nullable = append(p.nullable, x.sql)
	}
	if x.kind != kDay {
		return x.sql, nil
	}
	if days {
		last = ""
	}
	return fmt.Sprintf("((%s::timestamp%s) AT TIME ZONE 'UTC')", x.sql, last), nil
}

// list is an array of texts, numbers, truth values and times: PostgreSQL compares them as texts.
func (t *translation) list(a *cql2.Array) (term, error) {
	var all []string
	for _, e := range a.Items {
		x, err := t.term(e)
		if err != nil {
			return x, err
		}
		if x.kind == kList || x.kind == kShape {
			return x, mismatch(e.At(), x.kind, kText)
		}
		all = append(all, "("+x.sql+")::text")
	}
	return term{sql: "ARRAY[" + strings.Join(all, ", ") + "]::text[]", kind: kList}, nil
}

// arrays is the SQL of a comparison of arrays, which are sets.
func (t *translation) arrays(op string, args []cql2.Expr) (string, error) {
	both, err := t.terms(args, kList)
	if err != nil {
		return "", err
	}
	a, b := both[0].sql, both[1].sql
	return map[string]string{
		"a_contains": "(" + a + " @> " + b + ")", "a_containedBy": "(" + a + " <@ " + b + ")", "a_overlaps": "(" + a + " && " + b + ")",
		"a_equals": "(" + a + " @> " + b + " AND " + a + " <@ " + b + ")",
	}[op], nil
}
