package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
)

// querier is the pool, or a transaction with somebody's rights.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// databaseRoles are those of the database that read, the strongest first: of
// several roles a person reads with the strongest.
var databaseRoles = []string{"planner", "county_editor", "town_editor", "viewer", "public"}

// as reads with the rights of the viewer: the transaction steps down to the
// database role and its scope, and row-level security does the rest. Forbidden
// when the role may not read the table at all.
func (s *Store) as(ctx context.Context, v planner.Viewer, read func(querier) error) error {
	if v == planner.DemoViewer {
		return unavailable(read(s.pool))
	}
	return s.stepDown(ctx, v, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error { return read(tx) })
}

// As reads with the rights of the viewer in one snapshot: many statements, one state of the data.
func (s *Store) As(ctx context.Context, v planner.Viewer, read func(pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if v == planner.DemoViewer {
		return unavailable(pgx.BeginTxFunc(ctx, s.pool, options, read))
	}
	return s.stepDown(ctx, v, options, read)
}

func (s *Store) stepDown(ctx context.Context, v planner.Viewer, options pgx.TxOptions, read func(pgx.Tx) error) error {
	role := ""
	for _, r := range databaseRoles {
		if role == "" && strings.Contains("+"+v.Role+"+", "+"+r+"+") {
			role = "lifecircle_" + r
		}
	}
	if role == "" {
		return planner.Errorf(planner.Forbidden, "没有查看数据的权限", "there is no right to read data")
	}
	err := pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, data.SQL("become"), pgx.StrictNamedArgs{"role": role, "scope": v.Pattern()}); err != nil {
			return err
		}
		return read(tx)
	})
	if denied := (*pgconn.PgError)(nil); errors.As(err, &denied) && denied.Code == "42501" {
		return planner.Wrap(err, planner.Forbidden, "没有查看这些数据的权限", "there is no right to read these data")
	}
	return unavailable(err)
}
