package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// BaseTile gives the streets and water of a WebMercatorQuad tile as MVT bytes
// (layers roads and water); empty where there is nothing.
func (s *Store) BaseTile(ctx context.Context, snap layer.Snapshot, z, x, y int) (mvt []byte, err error) {
	err = s.pool.QueryRow(ctx, data.SQL("base_tile"), pgx.StrictNamedArgs{"version": snap.Version, "z": z, "x": x, "y": y}).Scan(&mvt)
	return mvt, unavailable(err)
}
