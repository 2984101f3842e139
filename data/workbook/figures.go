package workbook

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// unit is one row of the tables.
type unit struct {
	code  planner.Code
	name  string
	level planner.Level
	zone  bool // a development zone: of which
}

// verdict is one standard in one unit.
type verdict struct {
	verdict                string
	value, threshold       *float64
	numerator, denominator *int64
	text, reason           string
}

// cohort is one way of counting people, as coverage tells it.
type cohort struct{ standard, group, basis string }

// cover is the people of a unit by class; −1 where the viewer is not shown them.
type cover struct {
	total  int
	people map[string]int
}

// figures are what a workbook is made of: everything but the lists, which stream.
type figures struct {
	record    run.Record
	plan      *standard.Plan
	place     string
	top       unit
	units     []unit // the viewer's, by code, down to townships; those above the scope only as names
	names     map[planner.Code]string
	verdicts  map[string]map[planner.Code]verdict
	coverage  map[planner.Code]map[cohort]cover
	uncovered map[planner.Code]int // villages with people who are not covered
	bands     map[planner.Code][3]int
	access    *standard.Standard // the first circle of the plan
	foot      Foot
}

func (f *figures) read(ctx context.Context, tx pgx.Tx, v planner.Viewer) error {
	args := pgx.StrictNamedArgs{"run": f.record.ID}
	version := pgx.StrictNamedArgs{"version": f.record.DataVersion}
	reports := map[planner.Code]bool{}
	f.names, f.verdicts, f.coverage = map[planner.Code]string{}, map[string]map[planner.Code]verdict{}, map[planner.Code]map[cohort]cover{}
	f.uncovered, f.bands = map[planner.Code]int{}, map[planner.Code][3]int{}
	err := each(ctx, tx, "book_units", version, func(r pgx.Rows) error {
		var u unit
		var level int16
		var to planner.Code
		var elsewhere bool
		err := r.Scan(&u.code, &u.name, &level, &to, &elsewhere)
		u.level = planner.Level(level)
		if elsewhere && to.Level() != 0 && u.code.Ancestor(to.Level()) != to {
			reports[to] = true
		}
		if f.names[u.code] = u.name; v.Sees(u.code) {
			f.units = append(f.units, u)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, u := range f.units {
		f.units[i].zone = reports[u.code] && !slices.ContainsFunc(f.units, func(o unit) bool { return o.code.Parent() == u.code })
	}
	f.top = lowest(f.units)
	f.place = f.top.name
	err = each(ctx, tx, "book_verdicts", args, func(r pgx.Rows) error {
		var id string
		var code planner.Code
		var level int16
		var x verdict
		err := r.Scan(&id, &code, &level, &x.verdict, &x.value, &x.threshold, &x.numerator, &x.denominator, &x.text, &x.reason)
		if f.verdicts[id] == nil {
			f.verdicts[id] = map[planner.Code]verdict{}
		}
		f.verdicts[id][code] = x
		return err
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, "book_coverage", args, func(r pgx.Rows) error {
		var code planner.Code
		var c cohort
		var class string
		var total, people *int
		err := r.Scan(&code, &c.standard, &c.group, &c.basis, &class, &total, &people)
		if f.coverage[code] == nil {
			f.coverage[code] = map[cohort]cover{}
		}
		row, ok := f.coverage[code][c]
		if !ok {
			row = cover{total: shown(total), people: map[string]int{}}
		}
		row.people[class] = shown(people)
		f.coverage[code][c] = row
		return err
	})
	if err != nil || f.access == nil {
		return err
	}
	err = each(ctx, tx, "book_uncovered", args, func(r pgx.Rows) error {
		var code planner.Code
		var id string
		var n int
		err := r.Scan(&code, &id, &n)
		if id == f.access.ID {
			for u := code; u != ""; u = u.Parent() {
				f.uncovered[u] += n
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, tx, "book_bands", args, func(r pgx.Rows) error {
		var code planner.Code
		var id string
		var b [3]int
		err := r.Scan(&code, &id, &b[0], &b[1], &b[2])
		if id == f.access.ID {
			f.bands[code] = b
		}
		return err
	})
}

// lowest is the unit, a county or above, that all others lie in or above.
func lowest(units []unit) (top unit) {
	for l := planner.Province; l <= planner.County; l++ {
		at := map[planner.Code]unit{}
		for _, u := range units {
			if u.level == l && !u.zone {
				at[u.code] = u
			}
		}
		if len(at) > 1 {
			return top
		}
		for _, u := range at {
			top = u
		}
	}
	if top.level == 0 && len(units) > 0 {
		return units[0] // a town's own view
	}
	return top
}

func shown(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// main is the cohort that the circle judges.
func (f *figures) main() cohort {
	basis := f.access.Basis
	if basis == "" {
		basis = "resident"
	}
	return cohort{f.access.ID, f.access.Group, basis}
}

// below are the units of a level under a unit, in code order, zones after the others.
func (f *figures) below(u planner.Code, level planner.Level) (all []unit) {
	for _, x := range f.units {
		if x.level == level && x.code.Ancestor(u.Level()) == u && !x.zone {
			all = append(all, x)
		}
	}
	for _, x := range f.units {
		if x.level == level && x.code.Ancestor(u.Level()) == u && x.zone {
			all = append(all, x)
		}
	}
	return all
}

// each reads the rows of a statement.
func each(ctx context.Context, tx pgx.Tx, statement string, args pgx.StrictNamedArgs, row func(pgx.Rows) error) error {
	rows, err := tx.Query(ctx, data.SQL(statement), args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
