package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// geocodeLock is the advisory lock of the one process that brings the index up to date.
const geocodeLock = 0x1fec9e

// What PostgreSQL cannot prepare. A first load has no index to keep: it is made after the rows.
const (
	emptyNew   = `TRUNCATE geocode_new`
	dropIndex  = `DROP INDEX IF EXISTS geocode_house_number`
	makeIndex  = `CREATE INDEX geocode_house_number ON geocode_house (name_id, number)`
	freshIndex = `ANALYZE geocode_name, geocode_house`
)

// index brings the index of houses up to a data version in one transaction: readers
// see it before or after. Only rows of versions that it lacks are read.
func (g *Geocoding) index(ctx context.Context, version int64) error {
	var since int64
	err := pgx.BeginFunc(ctx, g.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, geocodeLock); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, data.SQL("geocode_indexed")).Scan(&since); err != nil || since >= version {
			return err
		}
		run := func(name string, args pgx.StrictNamedArgs) (int64, error) {
			tag, err := tx.Exec(ctx, data.SQL(name), args)
			return tag.RowsAffected(), err
		}
		span := pgx.StrictNamedArgs{"since": since, "version": version}
		if since > 0 {
			if dropped, err := run("geocode_drop_houses", span); err != nil || dropped > 0 {
				if err != nil {
					return err
				}
				if _, err := run("geocode_drop_names", nil); err != nil {
					return err
				}
			}
		}
		if err := g.copyNew(ctx, tx, since, version); err != nil {
			return err
		}
		if _, err := run("geocode_add_names", nil); err != nil {
			return err
		}
		if since == 0 {
			if _, err := tx.Exec(ctx, dropIndex); err != nil {
				return err
			}
		}
		if _, err := run("geocode_add_houses", nil); err != nil {
			return err
		}
		if since == 0 {
			if _, err := tx.Exec(ctx, makeIndex); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, emptyNew); err != nil {
			return err
		}
		_, err := run("geocode_done", pgx.StrictNamedArgs{"version": version})
		return err
	})
	if err == nil && since < version {
		_, err = g.pool.Exec(ctx, freshIndex)
	}
	return err
}

// copyNew reads the addresses that the index lacks and copies their entries to geocode_new.
func (g *Geocoding) copyNew(ctx context.Context, tx pgx.Tx, since, version int64) error {
	if _, err := tx.Exec(ctx, emptyNew); err != nil {
		return err
	}
	units, err := g.names(ctx, "geocode_names", version)
	if err != nil {
		return err
	}
	divisions := geocode.Build(units)
	rows, err := g.pool.Query(ctx, data.SQL("geocode_addresses"), pgx.StrictNamedArgs{"since": since, "version": version})
	if err != nil {
		return err
	}
	defer rows.Close()
	var ready [][]any
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"geocode_new"}, []string{"level", "unit_code", "name", "number", "source", "key", "from_version", "geom"}, pgx.CopyFromFunc(func() ([]any, error) {
		for len(ready) == 0 {
			if !rows.Next() {
				return nil, rows.Err()
			}
			var source, key string
			var from int64
			var h geocode.House
			var point []byte
			if err := rows.Scan(&source, &key, &from, &h.Text, (*string)(&h.Unit), &h.Street, &h.Hamlet, &h.Plate, &h.Compound, &h.Building, &point); err != nil {
				return nil, err
			}
			for _, e := range geocode.EntriesOf(h, divisions.DivisionPath(planner.Code(h.Unit))) {
				ready = append(ready, []any{string(e.Level), string(e.Unit), e.Name, e.Number, source, key, from, point})
			}
		}
		row := ready[0]
		ready = ready[1:]
		return row, nil
	}))
	return err
}
