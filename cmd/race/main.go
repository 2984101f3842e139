// Command race measures one 15-minute walk: our HTTP against other engines' HTTP
// and pgRouting's SQL, on the same OSM file, in one run, the engines taking turns
// at each place so that noise meets all of them. scripts/bench-peers starts them.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data/cluster"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

func main() {
	network := flag.String("network", "", "OSM file that all engines were given")
	places := flag.Int("places", 100, "random places on streets")
	ours := flag.String("ours", "", "address of lifecircle serve --network")
	valhalla := flag.String("valhalla", "", "address of valhalla_service")
	hopper := flag.String("graphhopper", "", "address of GraphHopper")
	flag.Parse()
	if err := race(context.Background(), os.Stdout, *network, *places, *ours, *valhalla, *hopper); err != nil {
		fmt.Fprintln(os.Stderr, "race:", err)
		os.Exit(1)
	}
}

// engine answers one 15-minute walk toward a place.
type engine struct {
	name  string
	ask   func(ctx context.Context, at orb.Point) error
	times []time.Duration
	none  int // places that the engine refused
}

func race(ctx context.Context, out io.Writer, network string, places int, ours, valhalla, hopper string) error {
	n, err := osmroad.Build(ctx, network, nil)
	if err != nil {
		return err
	}
	profile, err := travel.ProfileByID("adult")
	if err != nil {
		return err
	}
	net := travel.NewNet(n.Graph, profile)
	routing, stop, err := openRouting(ctx, net)
	if err != nil {
		return err
	}
	defer stop()
	client := &http.Client{Timeout: time.Minute}
	engines := []*engine{
		{name: "lifecircle", ask: func(ctx context.Context, p orb.Point) error {
			return get(ctx, client, "", fmt.Sprintf("%s/api/v1/isochrones?lon=%f&lat=%f&minutes=15&profile=adult", ours, p[0], p[1]))
		}},
		{name: "valhalla", ask: func(ctx context.Context, p orb.Point) error {
			return get(ctx, client, fmt.Sprintf(`{"locations":[{"lat":%f,"lon":%f}],"costing":"pedestrian","contours":[{"time":15}],"polygons":true,"reverse":true}`, p[1], p[0]), valhalla+"/isochrone")
		}},
		{name: "graphhopper", ask: func(ctx context.Context, p orb.Point) error {
			return get(ctx, client, "", fmt.Sprintf("%s/isochrone?point=%f,%f&time_limit=900&profile=foot&reverse_flow=true", hopper, p[1], p[0]))
		}},
		{name: "pgrouting", ask: routing},
	}
	dice := rand.New(rand.NewPCG(1, 1))
	for i := range places + 5 {
		at := somewhere(net, dice)
		for j := range engines {
			e := engines[(i+j)%len(engines)]
			start := time.Now()
			err := e.ask(ctx, at)
			if took := time.Since(start); err != nil {
				e.none++
				fmt.Fprintf(os.Stderr, "%s at %v: %v\n", e.name, at, err)
			} else if i >= 5 { // the first warm everybody up
				e.times = append(e.times, took)
			}
		}
	}
	fmt.Fprintf(out, "%s: one 15-minute walk with its polygon (pgRouting: times only), %d places, engines in turn\n\n", filepath.Base(network), places)
	fmt.Fprintln(out, "| engine | p50 | p99 | p50 ÷ ours | p99 ÷ ours | refused |\n|---|---|---|---|---|---|")
	for _, e := range engines {
		if len(e.times) == 0 {
			return fmt.Errorf("%s answered nothing", e.name)
		}
		slices.Sort(e.times)
		fmt.Fprintf(out, "| %s | %.2f ms | %.2f ms | %.1f | %.1f | %d |\n", e.name, ms(e.at(0.5)), ms(e.at(0.99)),
			float64(e.at(0.5))/float64(engines[0].at(0.5)), float64(e.at(0.99))/float64(engines[0].at(0.99)), e.none)
	}
	return nil
}

func (e *engine) at(share float64) time.Duration { return e.times[int(share*float64(len(e.times)-1))] }

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// somewhere is the middle of a random street that people may walk.
func somewhere(n *travel.Net, dice *rand.Rand) orb.Point {
	for {
		a := graph.ArcID(dice.IntN(n.G.NumArcs()))
		if n.Cost(a) != travel.Unreached && n.G.Access(a)&graph.Ferry == 0 {
			p, q := n.G.Point(n.G.Tail(a)), n.G.Point(n.G.Head(a))
			return orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}
		}
	}
}

// get asks an address, with a body by POST, and reads the whole answer.
func get(ctx context.Context, client *http.Client, body, url string) error {
	method, content := http.MethodGet, io.Reader(nil)
	if body != "" {
		method, content = http.MethodPost, strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, content)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("olygon")) {
		return fmt.Errorf("%s: %.200s", answer.Status, text)
	}
	return nil
}

// openRouting loads the same walking times into pgRouting, with an index on the
// place of each arc, so that a query reads only the arcs within 15 minutes as the crow flies.
func openRouting(ctx context.Context, n *travel.Net) (func(context.Context, orb.Point) error, func(), error) {
	dir, err := os.MkdirTemp("", "lifecircle-race")
	if err != nil {
		return nil, nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the server's own user must get in
		return nil, nil, err
	}
	c, err := cluster.Open(ctx, filepath.Join(dir, "data"))
	if err != nil {
		return nil, nil, err
	}
	stop := func() { c.Close(ctx); os.RemoveAll(dir) }
	pool, err := pgxpool.New(ctx, c.URL(""))
	if err != nil {
		stop()
		return nil, nil, err
	}
	if _, err := pool.Exec(ctx, `CREATE EXTENSION postgis; CREATE EXTENSION pgrouting;
		CREATE TABLE arc (id bigint, source bigint, target bigint, cost float8, x float8, y float8)`); err != nil {
		stop()
		return nil, nil, err
	}
	var rows [][]any
	for a := range graph.ArcID(n.G.NumArcs()) {
		if cost := n.Cost(a); cost != travel.Unreached {
			p := n.G.Point(n.G.Tail(a))
			rows = append(rows, []any{int64(a), int64(n.G.Tail(a)), int64(n.G.Head(a)), float64(cost), p[0], p[1]})
		}
	}
	if _, err := pool.CopyFrom(ctx, pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost", "x", "y"}, pgx.CopyFromRows(rows)); err != nil {
		stop()
		return nil, nil, err
	}
	if _, err := pool.Exec(ctx, `ALTER TABLE arc ADD p geometry; UPDATE arc SET p = ST_SetSRID(ST_MakePoint(x, y), 4326); CREATE INDEX ON arc USING gist (p); ANALYZE arc`); err != nil {
		stop()
		return nil, nil, err
	}
	snapper := travel.NewSnapper(n)
	return func(ctx context.Context, at orb.Point) error {
		snap, err := snapper.Snap(at, 500)
		if err != nil {
			return err
		}
		const north = 1080.0 / 111_195 // degrees: 15 minutes at 1.2 m/s as the crow flies
		east := north / math.Cos(at[1]*math.Pi/180)
		inner := fmt.Sprintf("SELECT id, target AS source, source AS target, cost, -1::float8 AS reverse_cost FROM arc WHERE p && ST_MakeEnvelope(%f, %f, %f, %f, 4326)",
			at[0]-east, at[1]-north, at[0]+east, at[1]+north)
		var reached int
		return pool.QueryRow(ctx, `SELECT count(*) FROM pgr_drivingDistance($1, $2::bigint, 900000::float8, true)`, inner, int64(n.G.Tail(snap.Arc))).Scan(&reached)
	}, func() { pool.Close(); stop() }, nil
}
