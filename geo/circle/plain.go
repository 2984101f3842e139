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

// textbook is the search of the textbooks on a net in one direction.
type textbook struct {
	n   *travel.Net
	dir travel.Direction
}

// cost is the time over an arc of those who walk along it inbound, against it outbound.
func (p textbook) cost(a graph.ArcID) travel.Millis {
	if p.dir == travel.Outbound {
		a = p.n.G.Twin(a)
	}
	return p.n.Cost(a)
}

// share is the time between the end of a street that costs c and a place mm from there: that of the part walked first, from the
// end or from the place, is rounded down, the rest is what remains.
func (p textbook) share(c travel.Millis, mm, length uint64) uint64 {
	if p.dir == travel.Outbound {
		return uint64(c) - uint64(c)*(length-mm)/length
	}
	return uint64(c) * mm / length
}

// times gives the milliseconds from every node to site, or outbound from site to every node (never: more than limit).
func (p textbook) times(site travel.Snap, limit travel.Millis) []uint64 {
	g := p.n.G
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
	// Inbound, people walk from the tail along the arc to the site, from the head along its twin.
	length := uint64(max(1, g.Length(site.Arc)))
	along := min(uint64(site.Along), length)
	if c := p.cost(site.Arc); c != travel.Unreached {
		offer(g.Tail(site.Arc), uint64(site.Millis)+p.share(c, along, length))
	}
	if c := p.cost(g.Twin(site.Arc)); c != travel.Unreached {
		offer(g.Head(site.Arc), uint64(site.Millis)+p.share(c, length-along, length))
	}
	for q.Len() > 0 {
		e := heap.Pop(&q).(entry)
		if e.time > times[e.node] {
			continue
		}
		for a := range g.Leaving(e.node) {
			if c := p.cost(g.Twin(a)); c != travel.Unreached {
				offer(g.Head(a), e.time+uint64(c))
			}
		}
	}
	return times
}

// time gives the milliseconds between the site and the place at share f along arc a.
func (p textbook) time(times []uint64, site travel.Snap, a graph.ArcID, f float64) float64 {
	g := p.n.G
	best := math.Inf(1)
	forth, back := p.cost(a), p.cost(g.Twin(a))
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
