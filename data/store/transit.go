package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/geo/transit"
)

// Timetable gives the buses and shuttles of a data version; nil when it has none. Lines that two deliveries contradict are left out.
func (s *Store) Timetable(ctx context.Context, version int64) (*transit.Timetable, error) {
	rows, err := s.pool.Query(ctx, data.SQL("transit_stops"), pgx.StrictNamedArgs{"version": version})
	if err != nil {
		return nil, unavailable(err)
	}
	stops, err := pgx.CollectRows(rows, ingest.ScanStop)
	if err != nil || len(stops) == 0 {
		return nil, unavailable(err)
	}
	t, _ := transit.Build(stops)
	return t, nil
}
