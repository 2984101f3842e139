package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// Changes gives the rows of a layer in which two data versions differ, by id. Rows that changed and
// changed back are none. Errors: planner.Invalid for versions in the wrong order or that are not there.
func (s *Store) Changes(ctx context.Context, layer string, first, last int64, each func(edit.Difference) error) error {
	var newest int64
	if err := s.pool.QueryRow(ctx, data.SQL("latest_version")).Scan(&newest); err != nil {
		return unavailable(err)
	}
	if first < 0 || last <= first || last > newest {
		return planner.Errorf(planner.Invalid, "数据版本应满足 0 ≤ from < to ≤ %[1]d,收到%[2]d和%[3]d", "versions must be 0 ≤ from < to ≤ %[1]d, got %[2]d and %[3]d", newest, first, last)
	}
	rows, err := s.pool.Query(ctx, data.SQL("changes_"+layer), pgx.StrictNamedArgs{"first": first, "last": last})
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		d := edit.Difference{Layer: layer}
		if err := rows.Scan(&d.Change, &d.ID, &d.Source, &d.Label, &d.Unit, &d.Fields, &d.Before, &d.After, &d.Version, &d.At, &d.Actor, &d.Reason, &d.Lon, &d.Lat); err != nil {
			return err
		}
		if err := each(d); err != nil {
			return err
		}
	}
	return unavailable(rows.Err())
}
