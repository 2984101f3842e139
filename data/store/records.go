package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Record reads one run in whatever state; NotFound without it.
func (s *Store) Record(ctx context.Context, id int64) (run.Record, error) {
	r, err := scanRecord(s.pool.QueryRow(ctx, data.SQL("run_record"), pgx.StrictNamedArgs{"run": id}))
	if errors.Is(err, pgx.ErrNoRows) {
		return r, planner.Errorf(planner.NotFound, "没有测算%d", "there is no run %d", id)
	}
	return r, unavailable(err)
}

// Recent lists the last runs, the newest first.
func (s *Store) Recent(ctx context.Context, limit int) ([]run.Record, error) {
	rows, err := s.pool.Query(ctx, data.SQL("recent_runs"), pgx.StrictNamedArgs{"limit": limit})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (run.Record, error) { return scanRecord(r) })
	return all, unavailable(err)
}

func scanRecord(row pgx.Row) (r run.Record, err error) {
	var summary []byte
	err = row.Scan(&r.ID, &r.Name, &r.State, &r.Progress, &r.DataVersion, &r.AsOf, &r.Digest, &r.Error, &r.CreatedAt, &r.PublishedAt, &summary, &r.Engine, &r.Network, &r.Units)
	if err == nil && summary != nil {
		err = json.Unmarshal(summary, &r.Summary)
	}
	return r, err
}

// Report gives one unit as a run saw it; NotFound where the data version has no such unit or
// the viewer does not see it.
func (s *Store) Report(ctx context.Context, code planner.Code, snap layer.Snapshot, v planner.Viewer) (r run.Report, err error) {
	var text []byte
	err = s.as(ctx, v, func(db querier) error {
		return db.QueryRow(ctx, data.SQL("unit_report"), pgx.StrictNamedArgs{"code": code, "version": snap.Version, "run": snap.Run}).Scan(&text)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return r, planner.Errorf(planner.NotFound, "没有区划单元%s", "there is no unit %s", code)
	} else if err != nil {
		return r, unavailable(err)
	}
	return r, json.Unmarshal(text, &r)
}

// Network names the latest data version and its network by digest; NotFound without one.
func (s *Store) Network(ctx context.Context) (version int64, digest string, err error) {
	err = s.pool.QueryRow(ctx, data.SQL("latest_network")).Scan(&version, &digest)
	if err == nil && digest == "" {
		return version, "", planner.Errorf(planner.NotFound, "还没有导入路网", "no network was imported yet").Because("no_network_imported")
	}
	return version, digest, unavailable(err)
}
