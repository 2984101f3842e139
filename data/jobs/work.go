package jobs

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// desk keeps the evaluation that the process works on, so that its counties share one network and one search.
type desk struct {
	sync.Mutex
	run        int64
	evaluation *run.Evaluation
}

// open gives the evaluation of a run; nil when the run has ended meanwhile.
func (q *Queue) open(ctx context.Context, id int64) (*run.Evaluation, error) {
	q.desk.Lock()
	defer q.desk.Unlock()
	var text []byte
	err := q.pool.QueryRow(ctx, data.SQL("open_run_spec"), pgx.StrictNamedArgs{"run": id}).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil || q.desk.run == id {
		return q.desk.evaluation, err
	}
	var spec run.Spec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	e, err := run.Open(ctx, q.store, spec)
	if err == nil {
		q.desk.run, q.desk.evaluation = id, e
	}
	return e, err
}

// tried ends a job: the run fails with an error that another attempt will not
// mend, or with the last attempt. A stop of the worker is no failure.
func (q *Queue) tried(ctx context.Context, id int64, attempt int, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	kind := planner.KindOf(err)
	if lasting := kind == planner.Invalid || kind == planner.NotFound || kind == planner.Conflict; !lasting && attempt < attempts {
		return err
	}
	return river.JobCancel(errors.Join(err, q.store.Fail(ctx, id, err)))
}

type opener struct {
	river.WorkerDefaults[openArgs]
	queue *Queue
}

// Work makes a job of each county.
func (w *opener) Work(ctx context.Context, job *river.Job[openArgs]) error {
	id := job.Args.Run
	e, err := w.queue.open(ctx, id)
	if err != nil || e == nil {
		return w.queue.tried(ctx, id, job.Attempt, err)
	}
	counties := e.Counties()
	return pgx.BeginFunc(ctx, w.queue.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, data.SQL("start_run"), pgx.StrictNamedArgs{"run": id, "parts": len(counties)})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		var next []river.InsertManyParams
		for _, c := range counties {
			next = append(next, river.InsertManyParams{Args: countyArgs{id, c}})
		}
		if len(next) == 0 {
			next = append(next, river.InsertManyParams{Args: publishArgs{id}})
		}
		if _, err := w.queue.client.InsertManyTx(ctx, tx, next); err != nil {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

type evaluator struct {
	river.WorkerDefaults[countyArgs]
	queue *Queue
}

// Work evaluates a county; the last one in orders the publication.
func (w *evaluator) Work(ctx context.Context, job *river.Job[countyArgs]) error {
	id := job.Args.Run
	e, err := w.queue.open(ctx, id)
	if err != nil || e == nil {
		return w.queue.tried(ctx, id, job.Attempt, err)
	}
	part, err := e.County(ctx, job.Args.County)
	if err != nil {
		return w.queue.tried(ctx, id, job.Attempt, err)
	}
	var wire bytes.Buffer
	if err := gob.NewEncoder(&wire).Encode(part); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, w.queue.pool, func(tx pgx.Tx) error {
		args := pgx.StrictNamedArgs{"run": id}
		var parts int
		if err := tx.QueryRow(ctx, data.SQL("lock_run"), args).Scan(&parts); errors.Is(err, pgx.ErrNoRows) {
			return nil // canceled meanwhile
		} else if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, data.SQL("add_part"), pgx.StrictNamedArgs{"run": id, "county": job.Args.County, "part": wire.Bytes()}); err != nil {
			return err
		}
		var last bool
		if err := tx.QueryRow(ctx, data.SQL("run_progress"), args).Scan(&last); err != nil {
			return err
		}
		if last {
			if _, err := w.queue.client.InsertTx(ctx, tx, publishArgs{id}, nil); err != nil {
				return err
			}
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

type publisher struct {
	river.WorkerDefaults[publishArgs]
	queue *Queue
}

// Work merges the counties and publishes.
func (w *publisher) Work(ctx context.Context, job *river.Job[publishArgs]) error {
	id := job.Args.Run
	err := w.publish(ctx, id)
	return w.queue.tried(ctx, id, job.Attempt, err)
}

func (w *publisher) publish(ctx context.Context, id int64) error {
	e, err := w.queue.open(ctx, id)
	if err != nil || e == nil {
		return err
	}
	rows, err := w.queue.pool.Query(ctx, data.SQL("run_parts"), pgx.StrictNamedArgs{"run": id})
	if err != nil {
		return err
	}
	parts, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (*run.Part, error) {
		var wire []byte
		part := &run.Part{}
		if err := r.Scan(&wire); err != nil {
			return nil, err
		}
		return part, gob.NewDecoder(bytes.NewReader(wire)).Decode(part)
	})
	if err != nil {
		return err
	}
	res, err := e.Merge(parts)
	if err != nil {
		return err
	}
	return w.queue.store.Publish(ctx, id, res)
}
