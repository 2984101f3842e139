package travel

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// The benchmarks' town has side × side nodes (LIFECIRCLE_BENCH_SIDE; 2000 is a
// province's 4 million), a site for each 160 of them and two points for each.
var benchTowns = map[int64]*world{}

func benchTown(b *testing.B) *world {
	side := int64(500)
	if s, err := strconv.ParseInt(os.Getenv("LIFECIRCLE_BENCH_SIDE"), 10, 32); err == nil {
		side = s
	}
	if benchTowns[side] == nil {
		benchTowns[side] = townWorld(b, 1, side, int(side*side/160), int(2*side*side))
	}
	b.ReportAllocs()
	return benchTowns[side]
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

func BenchmarkNearestByTextbookHeap(b *testing.B) {
	w := benchTown(b)
	for b.Loop() {
		textbookNearest(w)
	}
}

func BenchmarkNearestByBuckets(b *testing.B) {
	w := benchTown(b)
	var f *Field
	for b.Loop() {
		f, _ = w.net.Nearest(context.Background(), w.sites, w.limit, w.dir)
	}
	if times, owners := textbookNearest(w); !f.equals(times, owners) {
		b.Error("the textbook has other times")
	}
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
	for workers := 1; workers <= 2; workers++ {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			pairs := 0
			for b.Loop() {
				err := d.Pairs(context.Background(), w.sites[:min(200, len(w.sites))], w.limit, workers, func(block []Pair) error { pairs += len(block); return nil })
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
	timed := func(name string, do func() error) {
		begin := time.Now()
		err := do()
		took[name] = append(took[name], time.Since(begin))
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
