package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data/cluster"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// routing is pgRouting with the same walking times, and an index on the place of each arc, so that a query reads only the
// arcs within 15 minutes as the crow flies.
type routing struct {
	net     *travel.Net
	snapper *travel.Snapper
	cluster *cluster.Cluster
	pool    *pgxpool.Pool
	dir     string
}

func openRouting(ctx context.Context, n *travel.Net) (_ *routing, err error) {
	r := &routing{net: n, snapper: travel.NewSnapper(n)}
	if r.dir, err = os.MkdirTemp("", "lifecircle-race"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			r.close(ctx)
		}
	}()
	if err := os.Chmod(r.dir, 0o755); err != nil { // the server's own user must get in
		return nil, err
	}
	if r.cluster, err = cluster.Open(ctx, filepath.Join(r.dir, "data")); err != nil {
		return nil, err
	}
	if r.pool, err = pgxpool.New(ctx, r.cluster.URL("")); err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

func (r *routing) load(ctx context.Context) error {
	if _, err := r.pool.Exec(ctx, `CREATE EXTENSION postgis; CREATE EXTENSION pgrouting;
		CREATE TABLE arc (id bigint, source bigint, target bigint, cost float8, x float8, y float8); CREATE TABLE node (id bigint PRIMARY KEY, x float8, y float8)`); err != nil {
		return err
	}
	g := r.net.G
	var arcs, nodes [][]any
	for a := range graph.ArcID(g.NumArcs()) {
		if cost := r.net.Cost(a); cost != travel.Unreached {
			p := g.Point(g.Tail(a))
			arcs = append(arcs, []any{int64(a), int64(g.Tail(a)), int64(g.Head(a)), float64(cost), p[0], p[1]})
		}
	}
	for v := range graph.NodeID(g.NumNodes()) {
		p := g.Point(v)
		nodes = append(nodes, []any{int64(v), p[0], p[1]})
	}
	if _, err := r.pool.CopyFrom(ctx, pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost", "x", "y"}, pgx.CopyFromRows(arcs)); err != nil {
		return err
	}
	if _, err := r.pool.CopyFrom(ctx, pgx.Identifier{"node"}, []string{"id", "x", "y"}, pgx.CopyFromRows(nodes)); err != nil {
		return err
	}
	_, err := r.pool.Exec(ctx, `ALTER TABLE arc ADD p geometry; UPDATE arc SET p = ST_SetSRID(ST_MakePoint(x, y), 4326); CREATE INDEX ON arc USING gist (p);
		ALTER TABLE node ADD p geometry; UPDATE node SET p = ST_SetSRID(ST_MakePoint(x, y), 4326); ANALYZE arc; ANALYZE node`)
	return err
}

func (r *routing) close(ctx context.Context) {
	if r.pool != nil {
		r.pool.Close()
	}
	if r.cluster != nil {
		r.cluster.Close(ctx)
	}
	os.RemoveAll(r.dir)
}

// question is the arcs within a walk of a place, and the node to start from.
func (r *routing) question(at orb.Point) (inner string, start int64, err error) {
	snap, err := r.snapper.Snap(at, 500)
	if err != nil {
		return "", 0, err
	}
	const north = 1080.0 / 111_195 // degrees: 15 minutes at 1.2 m/s as the crow flies
	east := north / math.Cos(at[1]*math.Pi/180)
	return fmt.Sprintf("SELECT id, target AS source, source AS target, cost, -1::float8 AS reverse_cost FROM arc WHERE p && ST_MakeEnvelope(%f, %f, %f, %f, 4326)",
		at[0]-east, at[1]-north, at[0]+east, at[1]+north), int64(r.net.G.Tail(snap.Arc)), nil
}

// times reads the time of every node reached.
func (r *routing) times(ctx context.Context, at orb.Point) error {
	inner, start, err := r.question(at)
	if err != nil {
		return err
	}
	rows, err := r.pool.Query(ctx, `SELECT node, agg_cost FROM pgr_drivingDistance($1, $2::bigint, 900000::float8, true)`, inner, start)
	if err != nil {
		return err
	}
	var node int64
	var cost float64
	_, err = pgx.ForEachRow(rows, []any{&node, &cost}, func() error { return nil })
	return err
}

// polygon reads a concave hull of the nodes reached, which took less time than pgr_alphaShape.
func (r *routing) polygon(ctx context.Context, at orb.Point) error {
	inner, start, err := r.question(at)
	if err != nil {
		return err
	}
	var text *string
	err = r.pool.QueryRow(ctx, `SELECT ST_AsGeoJSON(ST_ConcaveHull(ST_Collect(n.p), 0.2)) FROM pgr_drivingDistance($1, $2::bigint, 900000::float8, true) d JOIN node n ON n.id = d.node`, inner, start).Scan(&text)
	if err == nil && text == nil {
		err = errors.New("nothing reached")
	}
	return err
}
