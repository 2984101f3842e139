package travel

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
)

// The benchmarks' world is the network of LIFECIRCLE_BENCH_NETWORK (an OSM or a graph file) with 25,000 sites and four
// million points anywhere on its streets, on foot; or else a town of 500 × 500 nodes, a site for each 160 of them and two
// points for each.
var benchWorld = sync.OnceValue(func() *world {
	file, r := os.Getenv("LIFECIRCLE_BENCH_NETWORK"), rand.New(rand.NewPCG(1, 61))
	if file == "" {
		const side = 500
		return townWorld(panics{}, 1, side, side*side/160, 2*side*side)
	}
	g, err := graph.Open(file)
	if err != nil {
		n, err := osmroad.Build(context.Background(), file, nil)
		if err != nil {
			panic(err)
		}
		g = n.Graph
	}
	p, err := ProfileByID("elder_60_69")
	if err != nil {
		panic(err)
	}
	w := &world{net: NewNet(g, p), dir: Inbound, limit: 900_000}
	onStreet := func() Snap {
		for {
			if s := w.placeOnStreet(r); w.net.cost[s.Arc] != Unreached {
				return s
			}
		}
	}
	for i := range min(25_000, g.NumArcs()/400) {
		w.sites = append(w.sites, Site{int32(i), onStreet()})
	}
	for range min(4_000_000, 2*g.NumNodes()) {
		w.points = append(w.points, onStreet())
	}
	return w
})

// panics fails where no test is at hand.
type panics struct{ testing.TB }

func (panics) Helper()           {}
func (panics) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func benchTown(b *testing.B) *world {
	w := benchWorld()
	b.ReportAllocs()
	return w
}

// textbookHeap is container/heap's example turned into a multi-source Dijkstra:
// what the ratios of the other benchmarks refer to.
type textbookHeap []entry

func (h textbookHeap) Len() int           { return len(h) }
func (h textbookHeap) Less(i, j int) bool { return h[i].before(h[j]) }
func (h textbookHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *textbookHeap) Push(x any)        { *h = append(*h, x.(entry)) }
func (h *textbookHeap) Pop() any {
	e := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return e
}

func textbookNearest(w *world) (times []Millis, owners []int32) {
	n := w.net
	times, owners = make([]Millis, n.G.NumNodes()), make([]int32, n.G.NumNodes())
	for i := range times {
		times[i], owners[i] = Unreached, -1
	}
	var h textbookHeap
	offer := func(v graph.NodeID, t Millis, owner int32) {
		if t <= w.limit && (t < times[v] || t == times[v] && owner < owners[v]) {
			times[v], owners[v] = t, owner
			heap.Push(&h, entry{t, owner, v})
		}
	}
	for _, s := range w.sites {
		tail, head := n.ends(s.Snap.Position, w.dir, true)
		offer(n.G.Tail(s.Snap.Arc), plus(tail, s.Snap.Millis), s.ID)
		offer(n.G.Head(s.Snap.Arc), plus(head, s.Snap.Millis), s.ID)
	}
	for len(h) > 0 {
		e := heap.Pop(&h).(entry)
		if e.time != times[e.node] || e.owner != owners[e.node] {
			continue
		}
		for a := range n.G.Leaving(e.node) {
			offer(n.G.Head(a), plus(e.time, n.step(a, w.dir)), e.owner)
		}
	}
	return times, owners
}

// equals tells whether the field has the same label at every node.
func (f *Field) equals(times []Millis, owners []int32) bool {
	for v := range times {
		if t, owner := f.Node(graph.NodeID(v)); t != times[v] || owner != owners[v] {
			return false
		}
	}
	return true
}

// BenchmarkField makes the field of all sites and the textbook's in turns, so that noise meets both, on one core each; times
// are the thread's.
func BenchmarkField(b *testing.B) {
	w := benchTown(b)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var ours, textbook []float64
	var f *Field
	var times []Millis
	var owners []int32
	for b.Loop() {
		begin := threadTime()
		f, _ = w.net.Nearest(context.Background(), w.sites, w.limit, w.dir)
		ours = append(ours, (threadTime() - begin).Seconds())
		begin = threadTime()
		times, owners = textbookNearest(w)
		textbook = append(textbook, (threadTime() - begin).Seconds())
	}
	if !f.equals(times, owners) {
		b.Error("the textbook has other times")
	}
	slices.Sort(ours)
	slices.Sort(textbook)
	b.ReportMetric(1000*ours[len(ours)/2], "ours-ms")
	b.ReportMetric(1000*textbook[len(textbook)/2], "textbook-ms")
	b.ReportMetric(textbook[len(textbook)/2]/ours[len(ours)/2], "textbook/ours")
	b.ReportMetric(float64(len(w.sites)), "sites")
	b.ReportMetric(float64(w.net.G.NumArcs()), "arcs")
}

// BenchmarkMemory tells the bytes that routing needs for each directed arc: the graph with its geometry, and the times of one profile.
func BenchmarkMemory(b *testing.B) {
	w := benchTown(b)
	for b.Loop() {
		_ = w.net.G.Bytes()
	}
	arcs := float64(w.net.G.NumArcs())
	b.ReportMetric(float64(w.net.G.Bytes())/arcs, "graph-B/arc")
	b.ReportMetric(float64(4*len(w.net.cost)+12*len(w.net.links))/arcs, "profile-B/arc")
	b.ReportMetric(arcs, "arcs")
	b.ReportMetric(float64(w.net.G.NumNodes()), "nodes")
	b.ReportMetric(float64(w.net.G.Junctions()), "junctions")
}

// BenchmarkOpen maps the graph's file with all its checks, and prices a profile.
func BenchmarkOpen(b *testing.B) {
	w, path := benchTown(b), filepath.Join(b.TempDir(), "graph")
	if err := w.net.G.Save(path); err != nil {
		b.Fatal(err)
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := graph.Open(path); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("price", func(b *testing.B) {
		for b.Loop() {
			NewNet(w.net.G, w.net.P)
		}
	})
}

func BenchmarkNearestOfPoints(b *testing.B) {
	w := benchTown(b)
	f, err := w.net.Nearest(context.Background(), w.sites, w.limit, w.dir)
	if err != nil {
		b.Fatal(err)
	}
	d := NewDemand(w.net, w.points, w.dir)
	for b.Loop() {
		d.Nearest(f)
	}
	b.ReportMetric(float64(b.N)*float64(d.Len())/b.Elapsed().Seconds(), "points/s")
}

func BenchmarkKNearest(b *testing.B) {
	w := benchTown(b)
	d := NewDemand(w.net, w.points, w.dir)
	for _, k := range []int{1, 3} {
		b.Run(fmt.Sprint("k=", k), func(b *testing.B) {
			for b.Loop() {
				if err := d.KNearest(context.Background(), w.sites, k, w.limit, func(int, []Nearest) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPairs(b *testing.B) {
	w := benchTown(b)
	d := NewDemand(w.net, w.points, w.dir)
	sites := w.sites[:min(2000, len(w.sites))]
	b.Run("thread", func(b *testing.B) { // the search alone, by the thread's time
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		s, block, pairs := newPairSearch(d, w.limit), []Pair(nil), 0
		begin := threadTime()
		for b.Loop() {
			for _, site := range sites {
				block = s.from(site, block[:0])
				pairs += len(block)
			}
		}
		b.ReportMetric(float64(pairs)/(threadTime()-begin).Seconds(), "pairs/s")
		b.ReportMetric(float64(pairs)/float64(b.N)/float64(len(sites)), "pairs/site")
	})
	for workers := 1; workers <= 2; workers++ {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			pairs := 0
			for b.Loop() {
				err := d.Pairs(context.Background(), w.sites, w.limit, workers, func(block []Pair) error { pairs += len(block); return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(pairs)/b.Elapsed().Seconds(), "pairs/s")
		})
	}
}

// One round adds a site, moves it, removes an old one and takes it all back.
func BenchmarkWhatIf(b *testing.B) {
	w := benchTown(b)
	what := w.whatIf(b, w.sites)
	r := rand.New(rand.NewPCG(3, 29))
	took := map[string][]time.Duration{}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	timed := func(name string, do func() error) {
		begin := threadTime()
		err := do()
		took[name] = append(took[name], threadTime()-begin)
		if err != nil {
			b.Fatal(err)
		}
	}
	digest := what.Digest()
	for b.Loop() {
		id := int32(len(w.sites))
		timed("add", func() error { _, err := what.Add(Site{id, w.placeOnStreet(r)}); return err })
		timed("move", func() error { _, err := what.Move(id, w.placeOnStreet(r)); return err })
		timed("remove", func() error { _, err := what.Remove(int32(r.IntN(len(w.sites)))); return err })
		for range 3 {
			timed("undo", func() error { what.Undo(); return nil })
		}
	}
	if what.Digest() != digest {
		b.Error("undoing leads elsewhere")
	}
	for name, all := range took {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), name+"-p99-µs")
	}
}
