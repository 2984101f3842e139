// Package ledger keeps the list of gaps (缺口清单) in the database: reads with the
// viewer's rights, changes with those of who makes them, each in one transaction
// with its line of history and its row of the audit log.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

// Book is the list of one database.
type Book struct {
	Store *store.Store
	Log   *access.Log
}

// Rows reads the rows that a filter chooses and that the viewer sees, one at a
// time, and gives their number without limit and offset.
func (b *Book) Rows(ctx context.Context, v planner.Viewer, f ledger.Filter, each func(ledger.Row) error) (total int, err error) {
	err = b.Store.As(ctx, v, func(tx pgx.Tx) error {
		args := filterArgs(f)
		if err := tx.QueryRow(ctx, data.SQL("ledger_count"), args).Scan(&total); err != nil {
			return err
		}
		for name, value := range map[string]any{"ids": nil, "sort": sortOf(f), "limit": f.Limit, "offset": f.Offset} {
			args[name] = value
		}
		return rows(ctx, tx, args, each)
	})
	return total, err
}

// History gives the changes of one row, the oldest first; NotFound where the viewer sees none.
func (b *Book) History(ctx context.Context, v planner.Viewer, id string) (row ledger.Row, all []ledger.Event, err error) {
	err = b.Store.As(ctx, v, func(tx pgx.Tx) error {
		found := map[string]ledger.Row{}
		if err := byID(ctx, tx, []string{id}, found); err != nil {
			return err
		}
		var ok bool
		if row, ok = found[id]; !ok {
			return missing(id)
		}
		lines, err := tx.Query(ctx, data.SQL("ledger_history"), pgx.StrictNamedArgs{"id": id})
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(lines, func(r pgx.CollectableRow) (e ledger.Event, err error) {
			err = r.Scan(&e.Revision, &e.At, &e.Actor, &e.Action, &e.Stage, &e.State, &e.Year, &e.Body, &e.Note, &e.Reason)
			return e, err
		})
		return err
	})
	return row, all, err
}

// Open holds the list against a published run: new gaps are added, those found
// again get the new figures unless they are accepted, the others are marked as
// not found. NotFound without the run.
func (b *Book) Open(ctx context.Context, run int64, e rights.Entry) (o ledger.Opening, err error) {
	o.Run = run
	err = b.Log.Do(ctx, func(tx pgx.Tx) ([]rights.Entry, error) {
		var state string
		var version int64
		err := tx.QueryRow(ctx, data.SQL("run_version"), pgx.StrictNamedArgs{"run": run}).Scan(&version, &state)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && state != "published" {
			return nil, planner.Errorf(planner.NotFound, "没有已发布的测算%d", "there is no published run %d", run)
		} else if err != nil {
			return nil, err
		}
		if err := tx.QueryRow(ctx, data.SQL("ledger_open"), pgx.StrictNamedArgs{"run": run}).Scan(&o.New, &o.Persisting, &o.Gone); err != nil {
			return nil, err
		}
		e.Action, e.Object = string(rights.AcceptLedger), fmt.Sprintf("ledger:run/%d", run)
		e.After, err = json.Marshal(o)
		return []rights.Entry{e}, err
	})
	return o, err
}

func filterArgs(f ledger.Filter) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"unit": f.Unit, "standard": f.Standard, "kind": f.Kind, "state": f.State, "stage": f.Stage, "trend": f.Trend, "text": f.Text}
}

func sortOf(f ledger.Filter) string {
	if f.Sort == "" {
		return ledger.Sorts[0]
	}
	return f.Sort
}

// byID reads some rows into a map.
func byID(ctx context.Context, tx pgx.Tx, ids []string, into map[string]ledger.Row) error {
	args := filterArgs(ledger.Filter{})
	for name, value := range map[string]any{"ids": ids, "sort": "unit", "limit": 0, "offset": 0} {
		args[name] = value
	}
	return rows(ctx, tx, args, func(r ledger.Row) error {
		into[r.ID] = r
		return nil
	})
}

func rows(ctx context.Context, tx pgx.Tx, args pgx.StrictNamedArgs, each func(ledger.Row) error) error {
	lines, err := tx.Query(ctx, data.SQL("ledger_rows"), args)
	if err != nil {
		return err
	}
	defer lines.Close()
	for lines.Next() {
		var r ledger.Row
		if err := lines.Scan(&r.ID, &r.Standard, &r.Unit, &r.Town, &r.Village, &r.Hamlet, &r.Kind, &r.People, &r.People80, &r.NearestID, &r.NearestName, &r.NearestStatus, &r.Minutes, &r.RideMinutes,
			&r.Reason.ZH, &r.Reason.EN, &r.Measure, &r.FirstRun, &r.LastRun, &r.Trend, &r.State, &r.Year, &r.Body, &r.Note, &r.Stage, &r.Returned, &r.Revision, &r.UpdatedAt, &r.UpdatedBy); err != nil {
			return err
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

func missing(id string) error {
	return planner.Errorf(planner.NotFound, "缺口清单中没有「%s」", "the list of gaps has no %q", id)
}

// told turns errors of the database into those of people.
func told(err error) error {
	var answer *pgconn.PgError
	switch known := (*planner.Error)(nil); {
	case err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &answer) && answer.Code == "42501":
		return planner.Wrap(err, planner.Forbidden, "没有修改这些缺口的权限", "there is no right to change these gaps")
	case errors.As(err, &answer):
		return planner.Wrap(err, planner.Internal, "数据库操作失败", "a database operation failed")
	}
	return planner.Wrap(err, planner.Unavailable, "数据库暂时不可用,请稍后再试", "the database is not available, try again later")
}
