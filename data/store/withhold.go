package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/suppress"
)

// Mask withholds for every published run that was masked for a lower limit than
// the one in force, or by no limit. Until it is done the public is shown no counts of these runs.
func (s *Store) Mask(ctx context.Context) error {
	for {
		var id int64
		err := s.pool.QueryRow(ctx, data.SQL("unmasked_run")).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		} else if err != nil {
			return unavailable(err)
		}
		err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, data.SQL("counts_of_run"), pgx.StrictNamedArgs{"run": id})
			if err != nil {
				return err
			}
			counts, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c run.Coverage, err error) {
				err = r.Scan(&c.Unit, &c.Standard, &c.Group, &c.Basis, &c.Minutes, &c.Class, &c.People)
				return c, err
			})
			if err != nil {
				return err
			}
			return withhold(ctx, tx, id, counts)
		})
		if err != nil {
			return unavailable(err)
		}
	}
}

// withhold decides, before the public can see a run's counts, whose are not shown,
// in this run and in all others.
func withhold(ctx context.Context, tx pgx.Tx, runID int64, counts []run.Coverage) error {
	var limit int
	if err := tx.QueryRow(ctx, data.SQL("small_number")).Scan(&limit); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, data.SQL("withheld"))
	if err != nil {
		return err
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	already := make(map[string]bool, len(codes))
	for _, c := range codes {
		already[c] = true
	}
	if rows, err = tx.Query(ctx, data.SQL("people_of_run"), pgx.StrictNamedArgs{"run": runID}); err != nil {
		return err
	}
	people, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c run.Count, err error) {
		err = r.Scan(&c.Unit, &c.Basis, &c.Group, &c.People)
		return c, err
	})
	if err != nil {
		return err
	}
	zones := run.Overlapping(counts)
	counts = slices.DeleteFunc(slices.Clone(counts), func(c run.Coverage) bool { return slices.Contains(zones, string(c.Unit)) })
	var more []string
	for _, z := range zones {
		if !already[z] {
			more = append(more, z)
		}
	}
	for _, c := range suppress.Withhold(run.Published(counts, people), func(c string) bool { return already[c] }, limit) {
		if !already[c] {
			more = append(more, c)
		}
	}
	_, err = tx.Exec(ctx, data.SQL("add_withheld"), pgx.StrictNamedArgs{"codes": more, "run": runID, "limit": limit})
	return err
}
