//go:build real

package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// Three cities on foot and by car, toward the sites and away from them, node by node: what ten places reach in
// 15 minutes, and which of 100 sites is the nearest, is what pgr_drivingDistance says on the same graph of pieces, in
// milliseconds, without one difference.
func TestTimesEqualPgRouting(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	pool := datatest.Open(t)
	if _, err := pool.Exec(t.Context(), `CREATE EXTENSION pgrouting; CREATE TABLE arc (id bigint, source bigint, target bigint, cost float8)`); err != nil {
		t.Fatal(err)
	}
	for _, city := range []string{"porto_alegre/poa_osm.pbf", "andorra.osm.pbf", "heidelberg.osm.pbf"} {
		network, err := osmroad.Build(t.Context(), filepath.Join(shared, "osm", city), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"elder_60_69", "drive"} {
			profile, err := travel.ProfileByID(id)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(1, 71))
			p := peer{pool, travel.NewNet(network.Graph, profile)}
			sites := p.load(t, r, 100)
			for _, dir := range []travel.Direction{travel.Inbound, travel.Outbound} {
				many, astray := p.compare(t, sites, dir)
				one := 0
				for i := range 10 {
					n, wrong := p.compare(t, sites[i:i+1], dir)
					if one += n; wrong > 0 {
						t.Errorf("%s, %s: equicost of one source differs at %d nodes", city, id, wrong)
					}
				}
				t.Logf("%s, %s, direction %d: %d nodes of 100 sites and %d of one equal; equicost farther than pgRouting's own nearest at %d", city, id, dir, many, one, astray)
				if many < 5000 || one < 1000 || astray*50 > many {
					t.Errorf("%s, %s: %d and %d nodes compared, %d astray", city, id, many, one, astray)
				}
			}
		}
	}
}

// peer is a net whose arcs pgRouting has in the table arc.
type peer struct {
	pool *pgxpool.Pool
	net  *travel.Net
}

// load fills the table and draws sites at the ends of streets that are open both ways, where time 0 is at the node itself.
func (p peer) load(t *testing.T, r *rand.Rand, count int) []travel.Site {
	t.Helper()
	g := p.net.G
	var rows [][]any
	var open []graph.ArcID
	for a := range graph.ArcID(g.NumArcs()) {
		c := p.net.Cost(a)
		if c == travel.Unreached {
			continue
		}
		rows = append(rows, []any{int64(a), int64(g.Tail(a)), int64(g.Head(a)), float64(c)})
		if p.net.Cost(g.Twin(a)) != travel.Unreached {
			open = append(open, a)
		}
	}
	if _, err := p.pool.Exec(t.Context(), `TRUNCATE arc`); err != nil {
		t.Fatal(err)
	}
	if _, err := p.pool.CopyFrom(t.Context(), pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	var sites []travel.Site
	taken := map[graph.NodeID]bool{}
	for len(sites) < count {
		if a := open[r.IntN(len(open))]; !taken[g.Tail(a)] {
			taken[g.Tail(a)] = true
			sites = append(sites, travel.Site{ID: int32(g.Tail(a)), Snap: travel.Snap{Position: travel.Position{Arc: a}}})
		}
	}
	return sites
}

// compare asks pgRouting which of the sites is the nearest within 15 minutes of every node: first by all ways from all
// sites, of which the least counts, ties to the smallest id; that is our field. Then with equicost, which should be the
// same and nearly is: pgRouting 3.4 gives some nodes to a site that is not the nearest by its own account. Those
// are counted, and never are they nearer than ours.
func (p peer) compare(t *testing.T, sites []travel.Site, dir travel.Direction) (compared, astray int) {
	t.Helper()
	const limit = 15 * 60_000
	edges := `SELECT id, source, target, cost, -1::float8 AS reverse_cost FROM arc`
	if dir == travel.Inbound { // pgRouting goes away from its sources
		edges = `SELECT id, target AS source, source AS target, cost, -1::float8 AS reverse_cost FROM arc`
	}
	var starts []int64
	for _, s := range sites {
		starts = append(starts, int64(s.ID))
	}
	f, err := p.net.Nearest(t.Context(), sites, limit, dir)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query string, visit func(node, from int64, ms float64)) {
		t.Helper()
		found, err := p.pool.Query(t.Context(), query, edges, starts, float64(limit))
		if err != nil {
			t.Fatal(err)
		}
		var from, node int64
		var ms float64
		if _, err := pgx.ForEachRow(found, []any{&node, &from, &ms}, func() error { visit(node, from, ms); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	ask(`SELECT DISTINCT ON (node) node, from_v, agg_cost FROM pgr_drivingDistance($1, $2::bigint[], $3::float8, directed => true) ORDER BY node, agg_cost, from_v`, func(node, from int64, ms float64) {
		compared++
		if got, owner := f.Node(graph.NodeID(node)); float64(got) != ms || int64(owner) != from {
			t.Fatalf("node %d: %d ms to %d, pgRouting %v to %d", node, got, owner, ms, from)
		}
	})
	if nodes, _ := f.Reached(limit); len(nodes) != compared {
		t.Fatalf("%d nodes reached, pgRouting %d", len(nodes), compared)
	}
	ask(`SELECT node, from_v, agg_cost FROM pgr_drivingDistance($1, $2::bigint[], $3::float8, directed => true, equicost => true)`, func(node, from int64, ms float64) {
		got, owner := f.Node(graph.NodeID(node))
		if float64(got) > ms {
			t.Fatalf("node %d: %d ms to %d, pgRouting with equicost %v to %d", node, got, owner, ms, from)
		}
		if float64(got) < ms {
			astray++
		}
	})
	return compared, astray
}
