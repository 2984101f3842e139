package whatif

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

const quarter = travel.Millis(15 * 60_000)

// edits measures edits with their totals, on one core: a round opens a facility,
// drags it five times, closes another, closes a street, opens it, and takes all back.
func edits(b *testing.B, q Question, r *rand.Rand) {
	s, err := Start(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	runtime.LockOSThread() // times are this thread's, so that other work on the machine does not count
	defer runtime.UnlockOSThread()
	took := map[string][]time.Duration{}
	timed := func(name string, do func() (Effect, error)) {
		begin := threadTime()
		_, err := do()
		spent := threadTime() - begin
		if err != nil {
			b.Fatal(name, err)
		}
		took[name] = append(took[name], spent)
		if name != "undo" {
			took["edit"] = append(took["edit"], spent)
		}
	}
	digest := s.Digest()
	for b.Loop() {
		id := int32(len(q.Sites))
		timed("add", func() (Effect, error) { return s.Add(travel.Site{ID: id, Snap: anywhere(q.Net, r)}) })
		for range 5 {
			timed("move", func() (Effect, error) { return s.Move(id, anywhere(q.Net, r)) })
		}
		timed("remove", func() (Effect, error) { return s.Remove(int32(r.IntN(len(q.Sites)))) })
		street := q.Net.BothWays(anywhere(q.Net, r).Arc)
		timed("close", func() (Effect, error) { return s.Close(street...) })
		timed("open", func() (Effect, error) { return s.Open(street...) })
		for range 9 {
			timed("undo", func() (Effect, error) { e, _ := s.Undo(); return e, nil })
		}
	}
	if s.Digest() != digest {
		b.Error("undoing leads elsewhere")
	}
	for name, all := range took {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, name+"-p50-ms")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, name+"-p99-ms")
	}
}

// BenchmarkEditsOfNetwork takes the network of LIFECIRCLE_BENCH_NETWORK (an OSM or a graph file) or else a county, with 25,000
// facilities (fewer in a small one) and up to two million points anywhere on its streets, on foot and by car.
func BenchmarkEditsOfNetwork(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 59))
	g, file := county(b, 300, r).G, os.Getenv("LIFECIRCLE_BENCH_NETWORK")
	if file != "" {
		var err error
		if g, err = graph.Open(file); err != nil {
			n, err := osmroad.Build(b.Context(), file, nil)
			if err != nil {
				b.Fatal(err)
			}
			g = n.Graph
		}
	}
	profiles := []string{"elder_60_69", "drive"}
	if file == "" {
		profiles = profiles[:1] // the county has footpaths only
	}
	for _, profile := range profiles {
		b.Run(profile, func(b *testing.B) {
			n := net(b, g, profile)
			edits(b, question(n, min(25_000, g.NumArcs()/400), min(2_000_000, g.NumNodes()), quarter, quarter, r), r)
		})
	}
}

// A county of 90,000 crossings and a prefecture of a million, with a facility for
// each 800 crossings and with many for each 160; two points for each crossing.
func BenchmarkEdits(b *testing.B) {
	for _, side := range []int{300, 1000} {
		for _, per := range []int{800, 160} {
			b.Run(fmt.Sprintf("nodes=%d/per=%d", side*side, per), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 47))
				q := question(county(b, int64(side), r), side*side/per, 2*side*side, quarter, quarter, r)
				edits(b, q, r)
			})
		}
	}
}
