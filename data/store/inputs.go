package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	encoded "github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Inputs reads what a run sees but the addresses: one data version, cut to the
// spec's units; facilities are not cut, since people cross borders.
func (s *Store) Inputs(ctx context.Context, spec run.Spec) (*run.Inputs, error) {
	in := &run.Inputs{DataVersion: spec.DataVersion}
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, unavailable(err)
	}
	defer tx.Rollback(ctx)
	args := pgx.StrictNamedArgs{"version": spec.DataVersion}
	onDay := pgx.StrictNamedArgs{"version": spec.DataVersion, "day": spec.AsOf}
	err = errors.Join(
		collect(ctx, tx, "units", onDay, &in.Units, func(r pgx.Rows) (u run.Unit, keep bool, err error) {
			var level int16
			var x, y *float64
			err = r.Scan(&u.Code, &u.Name, &level, &u.Parent, &u.ReportingParent, &u.Class, &u.Island, &x, &y)
			u.Level, u.Point = planner.Level(level), point(x, y)
			return u, spec.Covers(u.Code), err
		}),
		collect(ctx, tx, "facilities", args, &in.Facilities, func(r pgx.Rows) (f run.Facility, keep bool, err error) {
			var x, y *float64
			err = r.Scan(&f.ID, &f.Name, &f.SiteID, &f.Services, &f.Unit, &f.Status, &f.WeeklyOpenDays, &f.Opened, &f.Closed, &f.Beds, &f.NursingBeds, &f.CapacityLeft, &x, &y)
			f.Point = point(x, y)
			f.Opened, f.Closed = utc(f.Opened), utc(f.Closed)
			return f, true, err
		}),
		collect(ctx, tx, "population", args, &in.Population, func(r pgx.Rows) (c run.Count, keep bool, err error) {
			var x, y *float64
			err = r.Scan(&c.Unit, &c.Basis, &c.Group, &c.People, &c.Hamlet, &x, &y)
			c.Point = point(x, y)
			return c, spec.Covers(c.Unit), err
		}),
		collect(ctx, tx, "flags", onDay, &in.Flags, func(r pgx.Rows) (f run.Flag, keep bool, err error) {
			err = r.Scan(&f.Unit, &f.Flag, &f.Value)
			return f, spec.Covers(f.Unit), err
		}),
		collect(ctx, tx, "figures", onDay, &in.Ledger, func(r pgx.Rows) (f run.LedgerFigure, keep bool, err error) {
			err = r.Scan(&f.Subject, &f.Key, &f.Value, &f.Note)
			return f, true, err
		}),
		collect(ctx, tx, "served_areas", onDay, &in.Areas, func(r pgx.Rows) (a run.ServedArea, keep bool, err error) {
			var outline []byte
			if err = r.Scan(&a.Facility, &a.Kind, &a.Services, &a.Unit, &a.Hamlet, &outline); err == nil && outline != nil {
				err = encoded.Scanner(&a.Outline).Scan(outline)
			}
			return a, true, err
		}),
		collect(ctx, tx, "closed_units", onDay, &in.Closed, func(r pgx.Rows) (u run.ClosedUnit, keep bool, err error) {
			err = r.Scan(&u.Code, &u.Name, &u.Later)
			return u, true, err
		}),
		collect(ctx, tx, "rejects", args, &in.Rejects, func(r pgx.Rows) (x run.Reject, keep bool, err error) {
			err = r.Scan(&x.Kind, &x.Source, &x.File, &x.Row, &x.Reason.ZH, &x.Reason.EN)
			return x, true, err
		}),
		collect(ctx, tx, "facilities_elsewhere", args, &in.Elsewhere, func(r pgx.Rows) (x run.Elsewhere, keep bool, err error) {
			err = r.Scan(&x.Facility, &x.Name, &x.Unit, &x.In, &x.InName)
			return x, spec.Covers(x.Unit), err
		}),
	)
	if err != nil {
		return nil, unavailable(err)
	}
	err = tx.QueryRow(ctx, data.SQL("network_of_version"), args).Scan(&in.NetworkDigest)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, unavailable(err)
	}
	return in, nil
}

// Addresses reads the residential addresses of one county, in id order.
func (s *Store) Addresses(ctx context.Context, spec run.Spec, county planner.Code) ([]run.Address, error) {
	var all []run.Address
	digits := county.Prefix()
	args := pgx.StrictNamedArgs{"version": spec.DataVersion, "first": digits + "000000"[:12-len(digits)], "last": digits + "999999"[:12-len(digits)]}
	err := collect(ctx, s.pool, "residential_addresses", args, &all, func(r pgx.Rows) (a run.Address, keep bool, err error) {
		err = r.Scan(&a.ID, &a.Unit, &a.Hamlet, &a.Empty, &a.Point[0], &a.Point[1])
		return a, spec.Covers(a.Unit), err
	})
	return all, unavailable(err)
}

func collect[T any](ctx context.Context, tx querier, statement string, args pgx.StrictNamedArgs, into *[]T, scan func(pgx.Rows) (T, bool, error)) error {
	rows, err := tx.Query(ctx, data.SQL(statement), args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, keep, err := scan(rows)
		if err != nil {
			return err
		}
		if keep {
			*into = append(*into, row)
		}
	}
	return rows.Err()
}

func point(x, y *float64) *orb.Point {
	if x == nil || y == nil {
		return nil
	}
	return &orb.Point{*x, *y}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
