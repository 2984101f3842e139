package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Stored reads a published run as it stands, for comparisons; NotFound without it.
func (s *Store) Stored(ctx context.Context, id int64) (run.Stored, error) {
	stored := run.Stored{ID: id, Figures: run.NewFigures()}
	var err error
	if stored.Spec, _, err = s.Spec(ctx, id); err != nil {
		return stored, err
	}
	record, err := s.Record(ctx, id)
	if err != nil {
		return stored, err
	}
	f := stored.Figures
	f.Engine = record.Engine
	args := pgx.StrictNamedArgs{"run": id}
	err = s.As(ctx, planner.DemoViewer, func(tx pgx.Tx) error {
		var none []struct{}
		err := collect(ctx, tx, "figures_verdicts", args, &none, func(r pgx.Rows) (_ struct{}, _ bool, err error) {
			var v run.Verdict
			var level int16
			err = r.Scan(&v.Standard, &v.Unit, &level, &v.Value, &v.Numerator, &v.Denominator)
			v.Level = planner.Level(level)
			f.Verdict(v)
			return struct{}{}, false, err
		})
		if err == nil {
			err = collect(ctx, tx, "figures_coverage", args, &none, func(r pgx.Rows) (_ struct{}, _ bool, err error) {
				var c run.Coverage
				var level int16
				err = r.Scan(&c.Unit, &c.Name, &level, &c.Standard, &c.Group, &c.Basis, &c.Class, &c.People)
				c.Level = planner.Level(level)
				f.Names[c.Unit] = c.Name
				f.Coverage(c)
				return struct{}{}, false, err
			})
		}
		if err == nil {
			err = collect(ctx, tx, "figures_gaps", args, &none, func(r pgx.Rows) (_ struct{}, _ bool, err error) {
				var g run.Gap
				err = r.Scan(&g.ID, &g.Standard, &g.Unit)
				f.Gap(g)
				return struct{}{}, false, err
			})
		}
		return err
	})
	return stored, err
}
