//go:build real

package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// Porto Alegre, node by node: the 15 minutes around ten places are those of
// pgr_drivingDistance on the same graph, in milliseconds, without one difference.
func TestTimesEqualPgRouting(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	network, err := osmroad.Build(t.Context(), filepath.Join(shared, "osm", "porto_alegre", "poa_osm.pbf"), nil)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := travel.ProfileByID("elder_60_69")
	if err != nil {
		t.Fatal(err)
	}
	g, net := network.Graph, travel.NewNet(network.Graph, profile)
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), `CREATE EXTENSION pgrouting; CREATE TABLE arc (id bigint, source bigint, target bigint, cost float8)`); err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	for a := range graph.ArcID(g.NumArcs()) {
		if c := net.Cost(a); c != travel.Unreached {
			rows = append(rows, []any{int64(a), int64(g.Tail(a)), int64(g.Head(a)), float64(c)})
		}
	}
	if _, err := pool.CopyFrom(t.Context(), pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	const limit, places = 15 * 60_000, 10
	compared := 0
	for i := range places {
		a := rows[len(rows)/places*i][0].(int64)
		start := g.Tail(graph.ArcID(a))
		reach := net.Reach(travel.Site{Snap: travel.Snap{Position: travel.Position{Arc: graph.ArcID(a)}}}, limit, travel.Outbound)
		found, err := pool.Query(t.Context(), `SELECT node, agg_cost FROM pgr_drivingDistance('SELECT id, source, target, cost, -1::float8 AS reverse_cost FROM arc', $1::bigint, $2::float8, true)`, int64(start), float64(limit))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for found.Next() {
			var node int64
			var ms float64
			if err := found.Scan(&node, &ms); err != nil {
				t.Fatal(err)
			}
			n++
			if got, ok := reach.Time(graph.NodeID(node)); !ok || float64(got) != ms {
				t.Errorf("place %d, node %d: %d ms %v, pgRouting %v", i, node, got, ok, ms)
			}
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		if n != len(reach.Nodes) {
			t.Errorf("place %d: %d nodes reached, pgRouting %d", i, len(reach.Nodes), n)
		}
		compared += n
	}
	t.Logf("%d nodes compared", compared)
	if compared < 1000 {
		t.Errorf("only %d nodes compared", compared)
	}
}
