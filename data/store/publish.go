package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Begin records a run that this process starts now, and gives its number. Runs
// whose process died are failed first.
func (s *Store) Begin(ctx context.Context, spec run.Spec, network string, demo bool) (int64, error) {
	text, err := json.Marshal(spec)
	if err != nil {
		return 0, err
	}
	if err := s.Bury(ctx); err != nil {
		return 0, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return 0, unavailable(err)
	}
	var id int64
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, data.SQL("create_run"), pgx.StrictNamedArgs{"name": spec.Name, "version": spec.DataVersion, "network": network,
			"as_of": spec.AsOf.Format(time.DateOnly), "spec": text, "demo": demo}).Scan(&id)
		if err == nil {
			_, err = tx.Exec(ctx, data.SQL("hold_run"), pgx.StrictNamedArgs{"lock": data.RunLock, "run": id})
		}
		return err
	})
	if err != nil {
		conn.Release()
		return 0, unavailable(err)
	}
	s.alive.Store(id, conn)
	return id, nil
}

// Bury fails the runs whose process died: nobody holds their lock.
func (s *Store) Bury(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, data.SQL("bury_runs"), pgx.StrictNamedArgs{"lock": data.RunLock})
	return unavailable(err)
}

// release lets go of the lock that said that this process computes the run.
func (s *Store) release(ctx context.Context, id int64) {
	if conn, ok := s.alive.LoadAndDelete(id); ok {
		conn := conn.(*pgxpool.Conn)
		if _, err := conn.Exec(context.WithoutCancel(ctx), data.SQL("release_run"), pgx.StrictNamedArgs{"lock": data.RunLock, "run": id}); err != nil {
			_ = conn.Conn().Close(ctx) // a lost connection holds no lock
		}
		conn.Release()
	}
}

// Spec gives what a published run was asked, and its digest; NotFound without it.
func (s *Store) Spec(ctx context.Context, runID int64) (spec run.Spec, digest string, err error) {
	var text []byte
	err = s.pool.QueryRow(ctx, data.SQL("run_spec"), pgx.StrictNamedArgs{"run": runID}).Scan(&text, &digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return spec, "", planner.Errorf(planner.NotFound, "没有已发布的测算%d", "there is no published run %d", runID)
	} else if err != nil {
		return spec, "", unavailable(err)
	}
	return spec, digest, json.Unmarshal(text, &spec)
}

// Demo tells whether all data are generated.
func (s *Store) Demo(ctx context.Context) (bool, error) {
	if k := s.known.Load(); k != nil {
		return k.demo, nil
	}
	return s.isDemo(ctx)
}

func (s *Store) isDemo(ctx context.Context) (demo bool, err error) {
	err = s.pool.QueryRow(ctx, data.SQL("is_demo")).Scan(&demo)
	return demo, unavailable(err)
}

// Fail records why a run ended without a result.
func (s *Store) Fail(ctx context.Context, runID int64, cause error) error {
	defer s.release(ctx, runID)
	_, err := s.pool.Exec(ctx, data.SQL("fail_run"), pgx.StrictNamedArgs{"run": runID, "error": cause.Error()})
	return unavailable(err)
}

// Publish writes every row of a result and turns the run to published, in one
// transaction: readers see all of it or none. A run that is not running is a Conflict.
func (s *Store) Publish(ctx context.Context, runID int64, res *run.Result) error {
	summary, err := json.Marshal(res.Summary)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, data.SQL("publish_run"), pgx.StrictNamedArgs{"run": runID, "digest": res.Digest, "summary": summary, "engine": res.Engine})
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return planner.Errorf(planner.Conflict, "测算%d已不在进行中,不能发布", "run %d is not running and cannot be published", runID)
		}
		for _, copyRows := range []func() (string, []string, [][]any){
			func() (string, []string, [][]any) { return circles(runID, res.Circles) },
			func() (string, []string, [][]any) { return coverage(runID, res.Coverage) },
			func() (string, []string, [][]any) { return gaps(runID, res.Gaps) },
			func() (string, []string, [][]any) { return demand(runID, res.Demand) },
			func() (string, []string, [][]any) { return verdicts(runID, res.Verdicts) },
			func() (string, []string, [][]any) { return bands(runID, res.Bands) },
			func() (string, []string, [][]any) { return gapAreas(runID, res.Areas) },
			func() (string, []string, [][]any) { return options(runID, res.Options) },
			func() (string, []string, [][]any) { return quality(runID, res.Quality) },
		} {
			table, columns, rows := copyRows()
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		if _, err := tx.Exec(ctx, data.SQL("outline_gap_areas"), pgx.StrictNamedArgs{"run": runID}); err != nil {
			return err
		}
		if err := withhold(ctx, tx, runID, res.Coverage); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, data.SQL("drop_parts"), pgx.StrictNamedArgs{"run": runID})
		return err
	})
	if err == nil {
		s.release(ctx, runID)
	}
	return unavailable(err)
}
