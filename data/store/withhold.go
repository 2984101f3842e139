package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/suppress"
)

// withhold decides, before anybody can see a run, whose counts the public is not
// shown, in this run and in all others.
func withhold(ctx context.Context, tx pgx.Tx, runID int64, res *run.Result) error {
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
	var more []string
	for _, c := range suppress.Withhold(res.Published(people), func(c string) bool { return already[c] }, limit) {
		if !already[c] {
			more = append(more, c)
		}
	}
	_, err = tx.Exec(ctx, data.SQL("add_withheld"), pgx.StrictNamedArgs{"codes": more})
	return err
}
