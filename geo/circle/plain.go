package circle

import (
	"container/heap"
	"math"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// The searches below are the textbook's and share no code with package travel: they exist to disagree with it.

// entry is a node on the heap with a tentative time.
type entry struct {
	time uint64
	node graph.NodeID
}

type queue []entry

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].time < q[j].time }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(entry)) }
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

const never = math.MaxUint64

// plainTimes gives the milliseconds from every node to site (never: more than limit).
func plainTimes(n *travel.Net, site travel.Snap, limit travel.Millis) []uint64 {
	g := n.G
	times := make([]uint64, g.NumNodes())
	for i := range times {
		times[i] = never
	}
	var q queue
	offer := func(v graph.NodeID, t uint64) {
		if t <= uint64(limit) && t < times[v] {
			times[v] = t
			heap.Push(&q, entry{t, v})
		}
	}
	// People walk inbound: from the tail along the arc to the site, from the head along its twin.
	length := uint64(max(1, g.Length(site.Arc)))
	along := min(uint64(site.Along), length)
	if c := n.Cost(site.Arc); c != travel.Unreached {
		offer(g.Tail(site.Arc), uint64(site.Millis)+uint64(c)*along/length)
	}
	if c := n.Cost(g.Twin(site.Arc)); c != travel.Unreached {
		offer(g.Head(site.Arc), uint64(site.Millis)+uint64(c)*(length-along)/length)
	}
	for q.Len() > 0 {
		e := heap.Pop(&q).(entry)
		if e.time > times[e.node] {
			continue
		}
		for a := range g.Leaving(e.node) {
			if c := n.Cost(g.Twin(a)); c != travel.Unreached {
				offer(g.Head(a), e.time+uint64(c))
			}
		}
	}
	return times
}

// plainTime gives the milliseconds to site from the place at share f along arc a.
func plainTime(n *travel.Net, times []uint64, site travel.Snap, a graph.ArcID, f float64) float64 {
	g := n.G
	best := math.Inf(1)
	forth, back := n.Cost(a), n.Cost(g.Twin(a))
	if t := times[g.Head(a)]; t != never && forth != travel.Unreached {
		best = min(best, float64(t)+(1-f)*float64(forth))
	}
	if t := times[g.Tail(a)]; t != never && back != travel.Unreached {
		best = min(best, float64(t)+f*float64(back))
	}
	if site.Arc == a || site.Arc == g.Twin(a) {
		at := float64(site.Along) / float64(max(1, g.Length(a)))
		if site.Arc != a {
			at = 1 - at
		}
		switch {
		case f <= at && forth != travel.Unreached:
			best = min(best, float64(site.Millis)+(at-f)*float64(forth))
		case f >= at && back != travel.Unreached:
			best = min(best, float64(site.Millis)+(f-at)*float64(back))
		}
	}
	return best
}
