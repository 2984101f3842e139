// Package jobs works through runs that were asked for over HTTP, on River's
// queue in the same database: a run's row and its first job are one commit, so
// that neither is lost without the other.
//
// A run is three kinds of jobs: open it and make a job of each county; evaluate
// a county; publish when the last county is in. Any number of workers on any
// machines share them, and the result is the same, byte for byte, as that of
// `lifecircle plan` in one process.
package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/run"
)

// attempts is how often a job is tried before its run fails.
const attempts = 3

// The jobs of a run.
type (
	openArgs   struct{ Run int64 }
	countyArgs struct {
		Run    int64
		County planner.Code
	}
	publishArgs struct{ Run int64 }
)

func (openArgs) Kind() string    { return "run_open" }
func (countyArgs) Kind() string  { return "run_county" }
func (publishArgs) Kind() string { return "run_publish" }

// Queue takes runs and, once Work was called, works through them.
type Queue struct {
	pool   *pgxpool.Pool
	store  *store.Store
	client *river.Client[pgx.Tx]
	desk   desk

	isochrones *isochrone.Planner
}

// New makes a Queue on an open, migrated database. Nothing is worked on until Work.
func New(pool *pgxpool.Pool, st *store.Store, log *slog.Logger) (*Queue, error) {
	q := &Queue{pool: pool, store: st, isochrones: isochrone.New(st)}
	workers := river.NewWorkers()
	river.AddWorker(workers, &opener{queue: q})
	river.AddWorker(workers, &evaluator{queue: q})
	river.AddWorker(workers, &publisher{queue: q})
	river.AddWorker(workers, &executor{queue: q})
	var err error
	q.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: log, Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}, processQueue: {MaxWorkers: 4}}, // circles use every core already
		JobTimeout: 30 * time.Minute, RescueStuckJobsAfter: 40 * time.Minute, MaxAttempts: 3 * attempts, // a stop of the worker counts as an attempt too
	})
	return q, err
}

// Work starts taking jobs. alone says that no other worker can be alive, so that
// jobs which a killed one left are free at once; otherwise they are after 40 minutes.
func (q *Queue) Work(ctx context.Context, alone bool) (stop func(context.Context) error, err error) {
	if alone {
		if _, err := q.pool.Exec(ctx, data.SQL("free_jobs")); err != nil {
			return nil, err
		}
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return q.client.StopAndCancel, nil
}

// Start records a run of the latest data version and its first job, in one transaction.
func (q *Queue) Start(ctx context.Context, spec run.Spec) (id int64, err error) {
	if err := spec.Check(); err != nil {
		return 0, err
	}
	snap, err := q.store.Latest(ctx)
	if err != nil {
		return 0, err
	}
	if snap.Version == 0 {
		return 0, planner.Errorf(planner.Conflict, "数据库中还没有数据,请先导入", "the database holds no data yet: import first")
	}
	demo, err := q.store.Demo(ctx)
	if err != nil {
		return 0, err
	}
	spec.DataVersion = snap.Version
	text, err := json.Marshal(spec)
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, data.SQL("queue_run"), pgx.StrictNamedArgs{"name": spec.Name, "version": spec.DataVersion,
			"as_of": spec.AsOf.Format(time.DateOnly), "spec": text, "demo": demo}).Scan(&id)
		if err == nil {
			_, err = q.client.InsertTx(ctx, tx, openArgs{id}, nil)
		}
		return err
	})
	return id, err
}

// Cancel ends a run that is not yet published; Conflict when it has ended. Its
// jobs find it canceled and do nothing.
func (q *Queue) Cancel(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, data.SQL("cancel_run"), pgx.StrictNamedArgs{"run": id})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return planner.Errorf(planner.Conflict, "测算%d已经结束,不能取消", "run %d has ended and cannot be canceled", id)
		}
		_, err = tx.Exec(ctx, data.SQL("drop_parts"), pgx.StrictNamedArgs{"run": id})
		return err
	})
}
