// Command race measures one 15-minute walk: our HTTP against other engines' HTTP
// and pgRouting's SQL, on the same OSM file, in one run, the engines taking turns
// at each place so that noise meets all of them. With --cross it compares our
// times with Valhalla's instead. scripts/bench-peers starts the engines.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

func main() {
	var r race
	flag.StringVar(&r.network, "network", "", "OSM file that all engines were given")
	flag.IntVar(&r.places, "places", 100, "random places on streets")
	flag.StringVar(&r.ours, "ours", "", "HOST:PORT of lifecircle serve --network")
	flag.StringVar(&r.valhalla, "valhalla", "", "HOST:PORT of valhalla_service")
	flag.StringVar(&r.hopper, "graphhopper", "", "HOST:PORT of GraphHopper")
	isCross := flag.Bool("cross", false, "compare times with Valhalla's instead of racing")
	flag.Parse()
	err := error(nil)
	if *isCross {
		err = cross(context.Background(), os.Stdout, r.network, "http://"+r.valhalla)
	} else {
		err = r.run(context.Background(), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "race:", err)
		os.Exit(1)
	}
}

type race struct {
	network, ours, valhalla, hopper string
	places                          int
	net                             *travel.Net
	routing                         *routing
}

// engine answers one 15-minute walk toward a place.
type engine struct {
	name  string
	ask   func(ctx context.Context, at orb.Point) error
	times []time.Duration
	none  int // places that the engine refused
}

// engines gives every engine a client of its own, with a connection that stays open.
func (r *race) engines() []*engine {
	ours, valhalla, hopper := client{host: r.ours}, client{host: r.valhalla}, client{host: r.hopper}
	return []*engine{
		{name: "lifecircle", ask: func(_ context.Context, p orb.Point) error {
			return ours.polygon("GET", fmt.Sprintf("/api/v1/isochrones?lon=%f&lat=%f&minutes=15&profile=adult", p[0], p[1]), "")
		}},
		{name: "valhalla", ask: func(_ context.Context, p orb.Point) error {
			return valhalla.polygon("POST", "/isochrone", fmt.Sprintf(`{"locations":[{"lat":%f,"lon":%f}],"costing":"pedestrian","contours":[{"time":15}],"polygons":true,"reverse":true}`, p[1], p[0]))
		}},
		{name: "graphhopper", ask: func(_ context.Context, p orb.Point) error {
			return hopper.polygon("GET", fmt.Sprintf("/isochrone?point=%f,%f&time_limit=900&profile=foot&reverse_flow=true", p[1], p[0]), "")
		}},
		{name: "pgrouting, polygon", ask: r.routing.polygon},
		{name: "pgrouting, times only", ask: r.routing.times},
		{name: "lifecircle, empty answer", ask: func(context.Context, orb.Point) error { return ours.alive() }},
	}
}

func (r *race) run(ctx context.Context, out io.Writer) error {
	built, err := osmroad.Build(ctx, r.network, nil)
	if err != nil {
		return err
	}
	profile, err := travel.ProfileByID("adult")
	if err != nil {
		return err
	}
	r.net = travel.NewNet(built.Graph, profile)
	if r.routing, err = openRouting(ctx, r.net); err != nil {
		return err
	}
	defer r.routing.close(ctx)
	engines := r.engines()
	dice := rand.New(rand.NewPCG(1, 1))
	for i := range r.places + 5 {
		at := somewhere(r.net, dice)
		for j := range engines {
			engines[(i+j)%len(engines)].time(ctx, at, i >= 5) // the first warm everybody up
		}
	}
	fmt.Fprintf(out, "%s: one 15-minute walk with its polygon, %d places, engines in turn\n\n", filepath.Base(r.network), r.places)
	fmt.Fprintln(out, "| engine | p50 | p99 | p50 ÷ ours | p99 ÷ ours | refused |\n|---|---|---|---|---|---|")
	for _, e := range engines {
		if len(e.times) == 0 {
			return fmt.Errorf("%s answered nothing", e.name)
		}
		slices.Sort(e.times)
		fmt.Fprintf(out, "| %s | %.2f ms | %.2f ms | %.1f | %.1f | %d |\n", e.name, ms(e.at(0.5)), ms(e.at(0.99)),
			float64(e.at(0.5))/float64(engines[0].at(0.5)), float64(e.at(0.99))/float64(engines[0].at(0.99)), e.none)
	}
	empty := engines[len(engines)-1].at(0.5)
	fmt.Fprintf(out, "\nbeyond an empty answer: lifecircle %.2f ms, valhalla %.2f ms (%.1f times ours)\n", ms(engines[0].at(0.5)-empty), ms(engines[1].at(0.5)-empty), float64(engines[1].at(0.5)-empty)/float64(engines[0].at(0.5)-empty))
	r.together(ctx, out)
	return r.batch(out)
}

// time asks once; a first question that fails is counted and named.
func (e *engine) time(ctx context.Context, at orb.Point, counts bool) {
	start := time.Now()
	err := e.ask(ctx, at)
	took := time.Since(start)
	switch {
	case err != nil:
		e.none++
		fmt.Fprintf(os.Stderr, "%s at %v: %v\n", e.name, at, err)
	case counts:
		e.times = append(e.times, took)
	}
}

// together lets two clients ask each engine at once, in turns of twenty questions.
func (r *race) together(ctx context.Context, out io.Writer) {
	const clients, turn = 2, 20
	var each [clients][]*engine
	for c := range each {
		each[c] = r.engines()
	}
	spent, asked := make([]time.Duration, len(each[0])), 0
	dice := rand.New(rand.NewPCG(2, 1))
	for range max(1, r.places/turn) {
		places := make([]orb.Point, turn)
		for i := range places {
			places[i] = somewhere(r.net, dice)
		}
		asked += clients * turn
		for e := range spent {
			start := time.Now()
			var all sync.WaitGroup
			for c := range each {
				all.Go(func() {
					for _, at := range places {
						each[c][e].time(ctx, at, false)
					}
				})
			}
			all.Wait()
			spent[e] += time.Since(start)
		}
	}
	fmt.Fprintf(out, "\n%d clients at once:\n\n| engine | walks per second | ours ÷ theirs |\n|---|---|---|\n", clients)
	for e, took := range spent {
		fmt.Fprintf(out, "| %s | %.0f | %.1f |\n", each[0][e].name, float64(asked)/took.Seconds(), float64(took)/float64(spent[0]))
	}
}

// batch asks us for a thousand circles, a hundred in each question.
func (r *race) batch(out io.Writer) error {
	const questions, circles = 10, 100
	ours := client{host: r.ours}
	dice := rand.New(rand.NewPCG(3, 1))
	start := time.Now()
	for range questions {
		var points []string
		for range circles {
			p := somewhere(r.net, dice)
			points = append(points, fmt.Sprintf("[%f,%f]", p[0], p[1]))
		}
		if err := ours.polygon("POST", "/api/v1/isochrones", `{"minutes":[15],"profile":"adult","points":[`+strings.Join(points, ",")+`]}`); err != nil {
			return err
		}
	}
	took := time.Since(start)
	fmt.Fprintf(out, "\n%d circles in %d questions to lifecircle: %.0f ms, %.2f ms each\n", questions*circles, questions, ms(took), ms(took)/questions/circles)
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
