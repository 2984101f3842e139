package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Extent gives the bounds, times and number of features of a collection, which
// are found once for each version and kind of viewer, and kept.
func (s *Store) Extent(ctx context.Context, collection string, snap layer.Snapshot, v planner.Viewer) (layer.Extent, error) {
	c, ok := s.collection(collection)
	if !ok {
		return layer.Extent{}, noCollection(collection)
	}
	key := pgx.StrictNamedArgs{"layer": c.ID, "version": snap.Version, "run": snap.Run, "viewer": fmt.Sprintf("%x", sha256.Sum256([]byte(v.Key())))[:32]}
	switch {
	case c.Extra != nil:
		key["layer"], key["version"], key["run"] = c.ID+"@"+c.Extra.Digest, int64(0), int64(0)
	case !c.OfRun:
		key["run"] = int64(0)
	}
	name := fmt.Sprint(key["layer"], " ", key["version"], " ", key["run"], " ", key["viewer"])
	if e, ok := s.totals.Load(name); ok {
		return e.(layer.Extent), nil
	}
	e, err, _ := s.counting.Do(name, func() (any, error) { return s.total(ctx, c, snap, v, key) })
	if err != nil {
		return layer.Extent{}, unavailable(err)
	}
	s.totals.Store(name, e)
	return e.(layer.Extent), nil
}

// total reads what was kept of a layer, or counts and keeps it.
func (s *Store) total(ctx context.Context, c layer.Collection, snap layer.Snapshot, v planner.Viewer, key pgx.StrictNamedArgs) (e layer.Extent, err error) {
	var updated, asOf *time.Time
	if err := s.pool.QueryRow(ctx, data.SQL("snapshot_dates"), pgx.StrictNamedArgs{"version": snap.Version, "run": snap.Run}).Scan(&updated, &asOf); err != nil {
		return e, err
	}
	if updated != nil && c.Extra == nil {
		e.Updated = updated.UTC()
	}
	if asOf != nil && c.OfRun {
		e.AsOf = asOf.UTC()
	}
	var x1, y1, x2, y2 *float64
	err = s.pool.QueryRow(ctx, data.SQL("layer_total"), key).Scan(&e.Count, &x1, &y1, &x2, &y2, &e.From, &e.To)
	if errors.Is(err, pgx.ErrNoRows) {
		if err = s.counted(ctx, c, snap, v, &e, &x1, &y1, &x2, &y2); err != nil {
			return e, err
		}
		keep := pgx.StrictNamedArgs{"features": e.Count, "west": x1, "south": y1, "east": x2, "north": y2, "begun": e.From, "ended": e.To}
		for k, value := range key {
			keep[k] = value
		}
		_, err = s.pool.Exec(ctx, data.SQL("keep_layer_total"), keep)
	}
	if x1 != nil { // outward, so that a box of the published numbers holds every feature; but not beyond the Earth, as files of others are
		e.Bound = &orb.Bound{Min: orb.Point{max(-180, math.Floor(*x1*1e7)/1e7), max(-90, math.Floor(*y1*1e7)/1e7)}, Max: orb.Point{min(180, math.Ceil(*x2*1e7)/1e7), min(90, math.Ceil(*y2*1e7)/1e7)}}
	}
	return e, err
}

func (s *Store) counted(ctx context.Context, c layer.Collection, snap layer.Snapshot, v planner.Viewer, e *layer.Extent, box ...any) error {
	where, args, err := s.conditions(layer.Query{Collection: c.ID, Snapshot: snap, Viewer: v}, false)
	if err != nil {
		return err
	}
	begun, ended := "NULL", "NULL"
	if c.Time[0] != "" {
		begun, ended = "min("+timeColumn(c, 0)+")", "CASE WHEN bool_and("+timeColumn(c, 1)+" IS NOT NULL) THEN max("+timeColumn(c, 1)+") END"
		if c.Time[0] == c.Time[1] {
			ended = "max(" + timeColumn(c, 1) + ")"
		}
	}
	sql := fmt.Sprintf("SELECT count(*), min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom)), %s::timestamp AT TIME ZONE 'UTC', %s::timestamp AT TIME ZONE 'UTC' FROM (%s) t WHERE %s", begun, ended, s.source(c.ID), where)
	into := slices.Concat([]any{&e.Count}, box, []any{&e.From, &e.To})
	return s.as(ctx, v, func(db querier) error { return db.QueryRow(ctx, sql, args).Scan(into...) })
}

// timeColumn is the SQL of when features begin (0) or end (1), in UTC without a zone.
func timeColumn(c layer.Collection, end int) string {
	i := slices.IndexFunc(c.Properties, func(p layer.Property) bool { return p.Name == c.Time[end] })
	if c.Properties[i].Type == layer.Instant {
		return "(" + column(c, i) + " AT TIME ZONE 'UTC')"
	}
	return column(c, i) + "::timestamp"
}

// during is the condition that a feature's time meets an interval. A day is all
// of it; a feature that begins or ends at no known time is open there, one
// whose only time is unknown is not found.
func during(c layer.Collection, q *layer.Interval, args pgx.StrictNamedArgs) string {
	if c.Time[0] == "" {
		return "true" // the standard: what has no time is not bounded by it
	}
	begin, end := timeColumn(c, 0), timeColumn(c, 1)
	length := "interval '0'"
	if i, _ := c.Property(c.Time[1]); i.Type == layer.Date {
		length = "interval '1 day' - interval '1 microsecond'"
	}
	sql := "true"
	if q.To != nil {
		sql += " AND (" + begin + " IS NULL OR " + begin + " <= @until::timestamptz AT TIME ZONE 'UTC')"
		args["until"] = *q.To
	}
	if q.From != nil {
		sql += " AND (" + end + " IS NULL OR " + end + " + " + length + " >= @since::timestamptz AT TIME ZONE 'UTC')"
		args["since"] = *q.From
	}
	if c.Time[0] == c.Time[1] {
		sql += " AND " + begin + " IS NOT NULL"
	}
	return "(" + sql + ")"
}

func noCollection(id string) error {
	return planner.Errorf(planner.NotFound, "没有图层「%s」", "there is no collection %q", id)
}
