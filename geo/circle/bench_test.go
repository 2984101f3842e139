//go:build real

package circle

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// network is the walking net of an extract.
func network(b testing.TB, file string) *travel.Net {
	b.Helper()
	built, err := osmroad.Build(b.Context(), file, nil)
	if err != nil {
		b.Fatal(err)
	}
	profile, err := travel.ProfileByID("adult")
	if err != nil {
		b.Fatal(err)
	}
	return travel.NewNet(built.Graph, profile)
}

// BenchmarkPolygonLondon draws 15-minute circles in the densest extract.
func BenchmarkPolygonLondon(b *testing.B) {
	n := network(b, filepath.Join(sharedData(), "osm", "london.osm.pbf"))
	m, err := NewMesh(n)
	if err != nil {
		b.Fatal(err)
	}
	arcs, _ := streets(n)
	dice := rand.New(rand.NewPCG(1, 1))
	var reaches []*travel.Reach
	for range 20 {
		reaches = append(reaches, n.Reach(travel.Site{Snap: newLottery(n, arcs).draw(dice)}, 900000, travel.Inbound))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Polygon(reaches[i%len(reaches)], 900000)
	}
}

// BenchmarkUnion draws the 15-minute circles of a service as one: a site for each 220 streets, which is 25,000 in a
// province. The network is that of Heidelberg, or the file that LIFECIRCLE_NETWORK names.
func BenchmarkUnion(b *testing.B) {
	file := os.Getenv("LIFECIRCLE_NETWORK")
	if file == "" {
		file = filepath.Join(sharedData(), "osm", "heidelberg.osm.pbf")
	}
	n := network(b, file)
	before := live()
	begin := time.Now()
	m, err := NewMesh(n)
	if err != nil {
		b.Fatal(err)
	}
	made, bytes := time.Since(begin), live()-before
	arcs, _ := streets(n)
	dice := rand.New(rand.NewPCG(1, 1))
	places := newLottery(n, arcs)
	sites := make([]travel.Site, len(arcs)/220)
	for i := range sites {
		sites[i] = travel.Site{ID: int32(i), Snap: places.draw(dice)}
	}
	for b.Loop() {
		begin := time.Now()
		f, err := n.Nearest(b.Context(), sites, 900000, travel.Inbound)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begin).Seconds(), "s/field")
		begin = time.Now()
		spent := processor()
		union := m.Union(f, 900000)
		b.ReportMetric(time.Since(begin).Seconds(), "s/union")
		b.ReportMetric((processor() - spent).Seconds(), "cpu-s/union")
		corners := 0
		for _, p := range union {
			for _, r := range p {
				corners += len(r)
			}
		}
		b.ReportMetric(float64(corners), "corners")
	}
	b.ReportMetric(made.Seconds(), "s/mesh")
	b.ReportMetric(float64(len(m.points)), "vertices")
	b.ReportMetric(float64(bytes)/float64(len(m.points)), "B/vertex")
	b.ReportMetric(float64(len(sites)), "sites")
	b.ReportMetric(0, "ns/op")
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// processor is the time that this process has had of the processors: on a busy machine what counts.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
