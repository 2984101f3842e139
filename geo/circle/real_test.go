//go:build real

package circle

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

func sharedData() string {
	if d := os.Getenv("LIFECIRCLE_SHARED_DATA"); d != "" {
		return d
	}
	return "../../../shared/data"
}

// Every extract meets the same bar: 99.99 % of the reached length inside, 0.1 % of the far unreached length at most.
func TestRealCitiesSeparate(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(sharedData(), "osm", "*.osm.*"))
	more, _ := filepath.Glob(filepath.Join(sharedData(), "osm", "*", "*.pbf"))
	if files = append(files, more...); len(files) < 5 {
		t.Fatalf("only %d extracts under %s", len(files), sharedData())
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			network, err := osmroad.Build(t.Context(), file, nil)
			if err != nil {
				t.Fatal(err)
			}
			profile, err := travel.ProfileByID("adult")
			if err != nil {
				t.Fatal(err)
			}
			n := travel.NewNet(network.Graph, profile)
			begin := time.Now()
			m, err := NewMesh(n)
			if err != nil {
				t.Fatal(err)
			}
			built := time.Since(begin)
			report, samples, err := Verify(t.Context(), n, Options{Sources: 15, Minutes: []int{5, 10, 15}, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			p50, p99 := pace(m, n, samples)
			var vertices, rings []int
			for _, s := range samples {
				if s.Minutes != 15 {
					continue
				}
				v, r := 0, 0
				for _, p := range s.Polygon {
					for _, ring := range p {
						v, r = v+len(ring), r+1
					}
				}
				vertices, rings = append(vertices, v), append(rings, r)
			}
			t.Logf("%d mesh vertices in %v; reached inside %.5f %%, unreached inside %.4f %%, far inside %.4f %%; %d invalid, %d not nested, %d times differ; %d vertices, %d rings, %v p50, %v p99",
				len(m.points), built.Round(time.Millisecond), 100*report.ReachableInside, 100*report.total.inside/max(1, report.total.unreached),
				100*report.UnreachableInside10m, report.Invalid, report.NotNested, report.NodeTimeDifferences, median(vertices), median(rings), p50, p99)
			if report.ReachableInside < 0.9999 || report.UnreachableInside10m > 0 || report.Invalid+report.NotNested+report.NodeTimeDifferences > 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}

func median(x []int) int {
	slices.Sort(x)
	return x[len(x)/2]
}

// pace times warm 15-minute polygons, the least of three calls for each source.
func pace(m *Mesh, n *travel.Net, samples []Sample) (p50, p99 time.Duration) {
	snapper := travel.NewSnapper(n)
	var all []time.Duration
	for _, s := range samples {
		snap, err := snapper.Snap(s.Source, 100)
		if s.Minutes != 15 || err != nil {
			continue
		}
		reach := n.Reach(travel.Site{Snap: snap}, 900000, travel.Inbound)
		best := time.Hour
		for range 3 {
			begin := time.Now()
			m.Polygon(reach, 900000)
			best = min(best, time.Since(begin))
		}
		all = append(all, best)
	}
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100]
}

// The union of many circles on a real network: valid, and it separates the streets as one circle does.
func TestRealUnionSeparates(t *testing.T) {
	network, err := osmroad.Build(t.Context(), filepath.Join(sharedData(), "osm", "porto_alegre", "poa_osm.pbf"), nil)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := travel.ProfileByID("adult")
	if err != nil {
		t.Fatal(err)
	}
	n := travel.NewNet(network.Graph, profile)
	m, err := NewMesh(n)
	if err != nil {
		t.Fatal(err)
	}
	arcs, _ := streets(n)
	for _, count := range []int{1, 30, 300, 3000} {
		dice := rand.New(rand.NewPCG(uint64(count), 1))
		var sites []travel.Site
		for i := range count {
			sites = append(sites, travel.Site{ID: int32(i), Snap: newLottery(n, arcs).draw(dice)})
		}
		for _, minutes := range []travel.Millis{2, 5, 15} {
			limit := minutes * 60_000
			f, err := n.Nearest(t.Context(), sites, limit, travel.Inbound)
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			p := m.Union(f, limit)
			took := time.Since(begin)
			if !valid(p) {
				t.Errorf("%d sites, %d minutes: not valid", count, minutes)
			}
			in := newSlabs(p)
			var reached, inside, far, farInside float64
			for _, a := range arcs {
				length := n.G.Length(a)
				p, q := n.G.Point(n.G.Tail(a)), n.G.Point(n.G.Head(a))
				share := dice.Float64()
				at := travel.Snap{Position: travel.Position{Arc: a, Along: uint32(share * float64(length))}, Point: orb.Point{p[0] + share*(q[0]-p[0]), p[1] + share*(q[1]-p[1])}}
				ms, _ := f.At(at)
				if ms == limit { // the place itself is the border
					continue
				}
				if ms <= limit {
					reached += float64(length)
					if in.contains(at.Point) {
						inside += float64(length)
					}
					continue
				}
				far += float64(length)
				if in.contains(at.Point) {
					farInside += float64(length)
				}
			}
			t.Logf("%d sites, %d minutes: %v; %.5f %% of reached inside, %.4f %% of unreached inside, %d parts", count, minutes, took.Round(time.Millisecond/10), 100*inside/max(1, reached), 100*farInside/max(1, far), len(p))
			if inside < 0.9999*reached || farInside > 0.001*far {
				t.Errorf("%d sites, %d minutes: %.5f %% of reached inside, %.4f %% of unreached inside", count, minutes, 100*inside/reached, 100*farInside/far)
			}
		}
	}
}
