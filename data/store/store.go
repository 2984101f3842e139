// Package store answers what api and planner ask of the database: layers page
// by page, the inputs of a run, and the publication of its result.
package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Store reads and writes one database.
type Store struct {
	pool   *pgxpool.Pool
	graphs graphs
	alive  sync.Map // run computed here → the connection that holds its lock
	extra  []layer.Collection

	known    atomic.Pointer[known] // nil unless Watch runs
	totals   sync.Map              // what Extent found
	counting singleflight.Group
}

// New makes a Store on an open, migrated database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Latest names the latest data version for base layers and the latest published run for run layers.
func (s *Store) Latest(ctx context.Context) (layer.Snapshot, error) {
	if k := s.known.Load(); k != nil {
		return k.latest, nil
	}
	return s.latest(ctx)
}

func (s *Store) latest(ctx context.Context) (layer.Snapshot, error) {
	var snap layer.Snapshot
	if err := s.pool.QueryRow(ctx, data.SQL("latest_version")).Scan(&snap.Version); err != nil {
		return snap, unavailable(err)
	}
	var seen int64
	err := s.pool.QueryRow(ctx, data.SQL("latest_run")).Scan(&snap.Run, &seen)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return snap, unavailable(err)
	}
	return snap, nil
}

// ForRun names a run and the data version that it saw; NotFound when it is not published.
func (s *Store) ForRun(ctx context.Context, run int64) (layer.Snapshot, error) {
	k := s.known.Load()
	if k != nil {
		if snap, ok := k.runs.Load(run); ok {
			return snap.(layer.Snapshot), nil
		}
	}
	var state string
	snap := layer.Snapshot{Run: run}
	err := s.pool.QueryRow(ctx, data.SQL("run_version"), pgx.StrictNamedArgs{"run": run}).Scan(&snap.Version, &state)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && state != "published" {
		return snap, planner.Errorf(planner.NotFound, "没有已发布的测算%d", "there is no published run %d", run)
	}
	if err == nil && k != nil {
		k.runs.Store(run, snap)
	}
	return snap, unavailable(err)
}

// Ready tells whether the database answers.
func (s *Store) Ready(ctx context.Context) error { return unavailable(s.pool.Ping(ctx)) }

// unavailable tells trouble with the database from an answer of it: the first
// may pass, the second is our mistake. Errors with a kind keep it.
func unavailable(err error) error {
	known, answer := (*planner.Error)(nil), (*pgconn.PgError)(nil)
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.As(err, &known):
		return err
	case errors.As(err, &answer) && answer.Code[:2] != "57" && answer.Code[:2] != "53": // not shutting down, not out of resources
		return planner.Wrap(err, planner.Internal, "数据库操作失败", "a database operation failed")
	}
	return planner.Wrap(err, planner.Unavailable, "数据库暂时不可用,请稍后再试", "the database is not available, try again later")
}
