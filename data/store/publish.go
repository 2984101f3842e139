package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

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
		} {
			table, columns, rows := copyRows()
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
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

func circles(id int64, in []run.Circle) (string, []string, [][]any) {
	var rows [][]any
	for _, c := range in {
		rows = append(rows, []any{id, fmt.Sprintf("%s.%s.%d", c.FacilityID, c.Profile, c.Minutes), c.FacilityID, c.Name, c.Service, c.Profile, c.Minutes, string(c.Unit), c.Group, c.People, wkb(c.Polygon)})
	}
	return "circle", []string{"run_id", "id", "facility_id", "name", "service", "profile", "minutes", "unit_code", "age_group", "people", "geom"}, rows
}

func coverage(id int64, in []run.Coverage) (string, []string, [][]any) {
	var rows [][]any
	for _, c := range in {
		var share *float64
		if c.Total > 0 {
			s := float64(c.People) / float64(c.Total)
			share = &s
		}
		key := fmt.Sprintf("%s.%s.%s.%s.%s.%s", c.Unit, c.Standard, c.Group, c.Basis, c.Profile, c.Class)
		rows = append(rows, []any{id, key, string(c.Unit), c.Name, int16(c.Level), c.Standard, c.Group, c.Basis, c.Profile, c.Minutes, c.Class, c.Total, c.People, share, c.Verdict})
	}
	return "coverage", []string{"run_id", "id", "unit_code", "name", "level", "standard", "age_group", "population_basis", "profile", "minutes", "class", "total", "people", "share", "verdict"}, rows
}

func gaps(id int64, in []run.Gap) (string, []string, [][]any) {
	var rows [][]any
	for _, g := range in {
		rows = append(rows, []any{id, g.ID, g.Standard, string(g.Unit), g.Name, g.Kind, g.Group, g.People, null(g.NearestID), null(g.NearestName), g.Minutes, g.RideMinutes, g.Rank,
			g.Reason.ZH, g.Reason.EN, g.Measure, at(g.Point)})
	}
	return "gap", []string{"run_id", "id", "standard", "unit_code", "name", "kind", "age_group", "people", "nearest_facility_id", "nearest_name", "minutes", "ride_minutes", "rank",
		"reason", "reason_en", "measure", "geom"}, rows
}

func demand(id int64, in []run.Demand) (string, []string, [][]any) {
	var rows [][]any
	for _, d := range in {
		rows = append(rows, []any{id, fmt.Sprintf("%s.%s.%s", d.Unit, d.Group, d.Basis), string(d.Unit), d.Name, d.Group, d.Basis, d.People, d.Points, d.Method, at(d.Point)})
	}
	return "demand", []string{"run_id", "id", "unit_code", "name", "age_group", "population_basis", "people", "points", "method", "geom"}, rows
}

func verdicts(id int64, in []run.Verdict) (string, []string, [][]any) {
	var rows [][]any
	for _, v := range in {
		rows = append(rows, []any{id, v.Standard, string(v.Unit), int16(v.Level), v.Verdict, v.Value, v.Threshold, v.Numerator, v.Denominator, v.Text.ZH, v.Text.EN})
	}
	return "verdict", []string{"run_id", "standard", "unit_code", "level", "verdict", "value", "threshold", "numerator", "denominator", "text_zh", "text_en"}, rows
}

// wkb gives a geometry as EWKB in SRID 4326: what COPY in binary form hands to PostGIS.
func wkb(g orb.Geometry) []byte { return ewkb.MustMarshal(g, 4326) }

func at(p *orb.Point) []byte {
	if p == nil {
		return nil
	}
	return wkb(*p)
}

func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
