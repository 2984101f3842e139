package store

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// MaxTile is the most that a tile weighs, uncompressed: what would pass it is thinned more.
const MaxTile = 500 << 10

// detailed is the zoom from which everything is in the tiles as it is, in so far as it fits.
const detailed = 12

// BaseTile gives the streets and water of a tile as MVT (layers roads and
// water); empty where there is nothing. A tile that would be too heavy shows
// what a smaller scale shows.
func (s *Store) BaseTile(ctx context.Context, snap layer.Snapshot, t layer.Tile) (mvt []byte, err error) {
	for level := t.Z; ; level-- {
		args := envelope(t)
		args["version"], args["z"], args["tolerance"] = snap.Version, level, 0.0
		if level < detailed {
			args["tolerance"] = t.Set.Size(t.Z) / 2048
		}
		if err := s.pool.QueryRow(ctx, data.SQL("base_tile"), args).Scan(&mvt); err != nil || len(mvt) <= MaxTile || level < 6 {
			return mvt, unavailable(err)
		}
	}
}

// envelope is a tile's box in its own units and in degrees.
func envelope(t layer.Tile) pgx.StrictNamedArgs {
	b, d := t.Bound(), t.Degrees()
	srid := 4326 // CGCS2000 in degrees is served as WGS 84
	if !t.Set.CRS.Geographic() {
		srid = t.Set.CRS.EPSG
	}
	return pgx.StrictNamedArgs{"x1": b.Min[0], "y1": b.Min[1], "x2": b.Max[0], "y2": b.Max[1], "srid": srid, "west": d.Min[0], "south": d.Min[1], "east": d.Max[0], "north": d.Max[1]}
}

// Tile gives the features of q in a tile as MVT, in one layer named as the
// collection; empty where there is nothing. Below zoom 12 shapes are simplified
// to half a pixel, and of points and shapes that are smaller than a cell of four
// pixels one stands for each cell, the largest; a tile that would pass MaxTile
// gets larger cells until it fits.
func (s *Store) Tile(ctx context.Context, q layer.Query, t layer.Tile) (mvt []byte, err error) {
	c, ok := s.collection(q.Collection)
	if !ok {
		return nil, noCollection(q.Collection)
	}
	q.BBox, q.AfterID, q.Limit = nil, "", 0
	where, args, err := s.conditions(q, false)
	if err != nil {
		return nil, err
	}
	for name, v := range envelope(t) {
		args["tile_"+name] = v
	}
	pixels := 0.0 // of a cell; 0 thins nothing
	if t.Z < detailed {
		pixels = 4
	}
	mode := pgx.QueryExecModeCacheDescribe // planned for each tile, described once
	if q.Filter != nil {
		mode = pgx.QueryExecModeDescribeExec // no two are alike
	}
	err = filtered(ctx, q, func(ctx context.Context) error {
		return s.as(ctx, q.Viewer, func(db querier) error {
			for {
				sql := s.tileSQL(c, t, where, pixels)
				if err := db.QueryRow(ctx, sql, mode, args).Scan(&mvt); err != nil || len(mvt) <= MaxTile || pixels > 256 {
					return err
				}
				if pixels == 0 {
					pixels = 0.25
				} else {
					pixels *= max(1.5, 1.1*math.Sqrt(float64(len(mvt))/MaxTile))
				}
			}
		})
	})
	return mvt, unavailable(err)
}

// tileSQL is the statement of a tile. pixels is the size of a cell of thinning.
func (s *Store) tileSQL(c layer.Collection, t layer.Tile, where string, pixels float64) string {
	where += " AND t.geom && ST_MakeEnvelope(@tile_west, @tile_south, @tile_east, @tile_north, 4326)"
	shape := "t.geom"
	if t.Set.CRS.Geographic() {
		shape = "ST_SetSRID(" + shape + ", @tile_srid::int)"
	} else { // the poles are nowhere in mercator
		shape = "ST_Transform(CASE WHEN t.geom @ ST_MakeEnvelope(-181, -85.06, 181, 85.06, 4326) THEN t.geom ELSE ST_Intersection(t.geom, ST_MakeEnvelope(-180, -85.06, 180, 85.06, 4326)) END, @tile_srid::int)"
	}
	centre := shape
	from, tiny := s.source(c.ID), ""
	if pixels > 0 {
		cell := pixels * (t.Degrees().Max[0] - t.Degrees().Min[0]) / 256
		if c.Geometry != "Point" {
			shape = fmt.Sprintf("ST_Simplify(%s, %g, true)", shape, t.Set.Size(t.Z)/256*max(0.5, pixels/8))
		}
		small := fmt.Sprintf("greatest(ST_XMax(t.geom) - ST_XMin(t.geom), ST_YMax(t.geom) - ST_YMin(t.geom)) < %g", cell)
		// One sort over whole rows rather than a list of ids to look up: its time does not hang on the planner's guesses.
		from = fmt.Sprintf(`SELECT DISTINCT ON ("cell x", "cell y", "cell id") * FROM (
			SELECT t.*, CASE WHEN %[1]s THEN floor(ST_XMin(t.geom) / %[2]g) END AS "cell x", CASE WHEN %[1]s THEN floor(ST_YMin(t.geom) / %[2]g) END AS "cell y", CASE WHEN NOT %[1]s THEN t.id END AS "cell id"
			FROM (%[3]s) t WHERE %[4]s) t ORDER BY "cell x", "cell y", "cell id", ST_Area(geom) DESC, id`+ordered, small, cell, from, where)
		where = "true"
		// An area that is nothing on the tile's grid is shown as a square of a pixel, so that small areas do not vanish.
		tiny = fmt.Sprintf(`CASE WHEN "cell id" IS NULL AND ST_Dimension(t.geom) = 2 THEN ST_Expand(ST_Centroid(%s), %g) END`, centre, t.Set.Size(t.Z)/512)
	}
	names := []string{"t.id"}
	for i, p := range c.Properties {
		if p.Name == "id" {
			continue
		}
		value := column(c, i)
		if p.Type == layer.Date || p.Type == layer.Instant {
			value += "::text"
		}
		names = append(names, value+" AS "+pgx.Identifier{p.Name}.Sanitize())
	}
	box := "ST_MakeEnvelope(@tile_x1, @tile_y1, @tile_x2, @tile_y2, @tile_srid::int)::box2d, 4096, 64)"
	drawn := "ST_AsMVTGeom(" + shape + ", " + box
	if tiny != "" && c.Geometry != "Point" {
		drawn = "coalesce(" + drawn + ", ST_AsMVTGeom(" + tiny + ", " + box + ")"
	}
	return `SELECT coalesce(ST_AsMVT(m, '` + strings.ReplaceAll(c.ID, "'", "''") + `', 4096, 'tile geometry'), '') FROM (
		SELECT ` + drawn + ` AS "tile geometry", ` + strings.Join(names, ", ") + `
		FROM (` + from + `) t WHERE ` + where + ` ORDER BY t.id` + ordered + `) m WHERE "tile geometry" IS NOT NULL`
}
