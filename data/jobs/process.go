package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/process"
	"github.com/lifecircle/lifecircle/planner/run"
)

// processQueue is apart from the runs': a process that waits for a run must not keep its jobs from working.
const processQueue = "process"

type processArgs struct{ ID string }

func (processArgs) Kind() string { return "process" }

// Execute keeps an execution of a process and orders it, in one transaction.
func (q *Queue) Execute(ctx context.Context, owner, id string, inputs map[string]json.RawMessage) (process.Job, error) {
	text, err := json.Marshal(inputs)
	if err != nil {
		return process.Job{}, err
	}
	job := rand.Text() // nobody guesses it
	err = pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, data.SQL("add_process_job"), pgx.StrictNamedArgs{"id": job, "process": id, "owner": owner, "inputs": text})
		if err == nil {
			_, err = q.client.InsertTx(ctx, tx, processArgs{job}, &river.InsertOpts{Queue: processQueue, MaxAttempts: attempts})
		}
		return err
	})
	if err != nil {
		return process.Job{}, err
	}
	return q.Job(ctx, owner, job)
}

// Job reads an execution of the owner's; NotFound without it.
func (q *Queue) Job(ctx context.Context, owner, id string) (process.Job, error) {
	j, err := scanJob(q.pool.QueryRow(ctx, data.SQL("process_job"), pgx.StrictNamedArgs{"id": id, "owner": owner}))
	if errors.Is(err, pgx.ErrNoRows) {
		err = planner.Errorf(planner.NotFound, "没有作业「%.40s」", "there is no job %.40q", id)
	}
	return j, err
}

// Jobs lists the owner's last executions, the newest first, without what came out.
func (q *Queue) Jobs(ctx context.Context, owner string, limit int) ([]process.Job, error) {
	rows, err := q.pool.Query(ctx, data.SQL("process_jobs"), pgx.StrictNamedArgs{"owner": owner, "limit": limit})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (process.Job, error) { return scanJob(r) })
}

func scanJob(row pgx.Row) (j process.Job, err error) {
	err = row.Scan(&j.ID, &j.Process, &j.Status, &j.Message, &j.Progress, &j.Created, &j.Started, &j.Finished, &j.Updated, &j.Outputs)
	return j, err
}

// Dismiss ends an execution, or drops what came out of it; NotFound without it.
func (q *Queue) Dismiss(ctx context.Context, owner, id string) (process.Job, error) {
	if _, err := q.pool.Exec(ctx, data.SQL("dismiss_process_job"), pgx.StrictNamedArgs{"id": id, "owner": owner}); err != nil {
		return process.Job{}, err
	}
	return q.Job(ctx, owner, id)
}

// Record tells how far a run is.
func (q *Queue) Record(ctx context.Context, id int64) (run.Record, error) {
	return q.store.Record(ctx, id)
}

type executor struct {
	river.WorkerDefaults[processArgs]
	queue *Queue
}

// Work executes a process. Every second it writes how far it is and looks whether it was dismissed.
func (w *executor) Work(ctx context.Context, job *river.Job[processArgs]) error {
	q, id := w.queue, job.Args.ID
	var name string
	var text []byte
	err := q.pool.QueryRow(ctx, data.SQL("begin_process_job"), pgx.StrictNamedArgs{"id": id}).Scan(&name, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // dismissed
	}
	if err != nil {
		return err
	}
	var inputs map[string]json.RawMessage
	if err := json.Unmarshal(text, &inputs); err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var percent atomic.Int32
	go func() {
		for {
			select {
			case <-working.Done():
				return
			case <-time.After(time.Second):
			}
			if tag, err := q.pool.Exec(working, data.SQL("process_job_progress"), pgx.StrictNamedArgs{"id": id, "progress": percent.Load()}); err == nil && tag.RowsAffected() == 0 {
				stop() // dismissed
			}
		}
	}()
	p, err := process.ByID(name)
	var outputs map[string]any
	if err == nil {
		outputs, err = p.Execute(working, process.Desk{Isochrones: q.isochrones, Runs: q}, inputs, func(n int) { percent.Store(int32(n)) })
	}
	if ctx.Err() != nil { // the worker stops: another goes on
		return ctx.Err()
	}
	end := pgx.StrictNamedArgs{"id": id, "status": "successful", "message": "", "outputs": nil}
	if err != nil {
		end["status"], end["message"] = "failed", said(err)
	} else if end["outputs"], err = json.Marshal(outputs); err != nil {
		return err
	}
	_, err = q.pool.Exec(ctx, data.SQL("end_process_job"), end)
	return err
}

// said is what an error tells people; causes are for logs.
func said(err error) string {
	if e, ok := errors.AsType[*planner.Error](err); ok && e.Kind != planner.Internal {
		return e.Text.ZH + " / " + e.Text.EN
	}
	return "内部错误 / internal error"
}
