package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/completeness"
)

// Townships gives every township with its area, people and streets.
func (s *Store) Townships(ctx context.Context, version int64, network string) ([]completeness.Township, error) {
	rows, err := s.pool.Query(ctx, data.SQL("network_townships"), pgx.StrictNamedArgs{"version": version, "digest": network})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (t completeness.Township, err error) {
		return t, r.Scan(&t.Code, &t.Name, &t.County, &t.Island, &t.KM2, &t.People, &t.StreetKM, &t.FootKM)
	})
	return all, unavailable(err)
}

// Homes streams the addresses that people may live at, and the points of villages.
func (s *Store) Homes(ctx context.Context, version int64, each func(unit planner.Code, at orb.Point, village bool) error) error {
	rows, err := s.pool.Query(ctx, data.SQL("homes"), pgx.StrictNamedArgs{"version": version})
	if err != nil {
		return unavailable(err)
	}
	var unit planner.Code
	var at orb.Point
	var village bool
	_, err = pgx.ForEachRow(rows, []any{&unit, &at[0], &at[1], &village}, func() error { return each(unit, at, village) })
	return unavailable(err)
}

// TownshipsAt gives the township that each point lies in, "" for none.
func (s *Store) TownshipsAt(ctx context.Context, version int64, points []orb.Point) ([]planner.Code, error) {
	lon, lat := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		lon[i], lat[i] = p[0], p[1]
	}
	rows, err := s.pool.Query(ctx, data.SQL("townships_at"), pgx.StrictNamedArgs{"version": version, "lon": lon, "lat": lat})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[planner.Code])
	return all, unavailable(err)
}
