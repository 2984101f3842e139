package travel

import (
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Millis is a travel time.
type Millis = uint32

// Unreached is the time of what cannot be reached.
const Unreached Millis = math.MaxUint32

// Direction of travel relative to the sites of a search.
type Direction uint8

// The directions.
const (
	Inbound  Direction = iota // toward the site
	Outbound                  // away from it
)

// Net is a graph as one profile sees it; immutable.
type Net struct {
	G     *graph.Graph
	P     Profile
	cost  []Millis // per arc, Unreached when closed
	links []link   // as the graph has them

	slope slopes
}

// slopes are the least and the greatest slope factor that was applied.
type slopes struct{ least, greatest float64 }

// NewNet computes the time of every arc, and of every chain: the sum of its arcs' times.
func NewNet(g *graph.Graph, p Profile) *Net {
	n := &Net{G: g, P: p, cost: make([]Millis, g.NumArcs()), slope: slopes{1, 1}}
	const share = 1 << 16
	parts := make([]slopes, (len(n.cost)+share-1)/share)
	inParallel(len(parts), func(i int) {
		parts[i] = slopes{1, 1}
		for a := i * share; a < min((i+1)*share, len(n.cost)); a++ {
			n.cost[a] = n.price(graph.ArcID(a), &parts[i])
		}
	})
	for _, s := range parts {
		n.slope = slopes{min(n.slope.least, s.least), max(n.slope.greatest, s.greatest)}
	}
	n.links = n.sumLinks()
	return n
}

// inParallel calls do for 0 to count-1, on all processors.
func inParallel(count int, do func(i int)) {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range count {
		work.Go(func() error { do(i); return nil })
	}
	_ = work.Wait() // none fails
}

// price is the time of an arc: that of its street, and what one waits for at the node that it enters. An arc is closed
// when its way or the barrier at either end is closed to the profile.
func (n *Net) price(a graph.ArcID, seen *slopes) Millis {
	access, traits := n.G.Access(a), n.G.Traits(a)
	switch {
	case access&n.P.Mode == 0, n.P.NoPrivate && traits.Private()&n.P.Mode != 0:
		return Unreached
	case access&graph.Transit != 0:
		return n.G.FixedMillis(a)
	case access&graph.Ferry != 0 && !n.P.Ferries:
		return Unreached
	}
	wait := n.barrier(traits)
	if wait == Unreached || n.barrier(n.G.Traits(n.G.Twin(a))) == Unreached {
		return Unreached
	}
	f := n.slopeFactor(a)
	seen.least, seen.greatest = min(seen.least, f), max(seen.greatest, f)
	return plus(n.streetAt(a, f), wait)
}

// street is the time along an arc whoever may use it, barriers apart: length × pace × surface × (steps or slope),
// rounded once to a millisecond, and the waits at crossings and kerbs; or the fixed time of a ferry with its boarding.
func (n *Net) street(a graph.ArcID) Millis { return n.streetAt(a, n.slopeFactor(a)) }

func (n *Net) streetAt(a graph.ArcID, slope float64) Millis {
	access, traits := n.G.Access(a), n.G.Traits(a)
	if access&graph.Ferry != 0 {
		if traits&graph.Boarding != 0 {
			return plus(n.G.FixedMillis(a), n.P.FerryWait)
		}
		return n.G.FixedMillis(a)
	}
	wait := n.P.Crossing[traits.Crossing()]
	if traits&graph.Kerb != 0 {
		wait += n.P.Kerb
	}
	ms := float64(n.G.Length(a)) * n.pace(n.G.Class(a))
	if s := traits.Surface(); int(s) < len(n.P.Surface) && n.P.Surface[s] > 0 {
		ms *= n.P.Surface[s]
	}
	if access&graph.Steps != 0 && traits&graph.Conveying == 0 { // an escalator counts as flat street
		ms *= n.P.StepsFactor
	} else {
		ms *= slope
	}
	return plus(Millis(math.Round(ms)), wait)
}

// sloped tells whether the ground's slope counts on a street.
func (n *Net) sloped(access graph.Access) bool {
	return n.P.Slope && access&(graph.Steps|graph.Bridge|graph.Tunnel|graph.Ferry|graph.Transit) == 0
}

// barrier is the wait at the barrier that an arc enters, Unreached when it is closed.
func (n *Net) barrier(t graph.Traits) Millis {
	b := t.Barrier()
	if int(b) >= len(n.P.Barrier) {
		return 0
	}
	if wait := n.P.Barrier[b]; wait != Unreached || t.Opened()&n.P.Mode == 0 {
		return wait
	}
	return 0
}

// pace is milliseconds per millimetre on a class of street.
func (n *Net) pace(c graph.Class) float64 {
	if n.P.Mode != graph.Car {
		return n.P.Pace
	}
	if int(c) < len(n.P.KMH) && n.P.KMH[c] > 0 {
		return 3.6 / n.P.KMH[c]
	}
	return 3.6 / max(1, n.P.KMH[graph.Other])
}

// slopeFactor is the time relative to flat ground: Tobler 1993 v ∝ exp(−3.5·|s+0.05|),
// normalised to 1 at s = 0, with s clamped to ±40 % against errors of the grid. Where no
// elevation is known, the slope that a mapper wrote on the way (incline) counts.
// It is 1 where slopes do not count.
func (n *Net) slopeFactor(a graph.ArcID) float64 {
	if !n.sloped(n.G.Access(a)) {
		return 1
	}
	rise := float64(n.G.Elevation(n.G.Head(a)) - n.G.Elevation(n.G.Tail(a)))
	run := float64(n.G.Length(a)) / 1000
	if run == 0 {
		return 1
	}
	s := rise / run
	if math.IsNaN(s) {
		if s = float64(n.G.Traits(a).Incline()) / 100; s == 0 {
			return 1
		}
	}
	s = max(-0.4, min(0.4, s))
	f := math.Exp(3.5 * (math.Abs(s+0.05) - 0.05))
	if n.P.NoDownhillGain {
		f = max(f, 1)
	}
	return f
}

// Cost gives the time along an arc, Unreached when the profile may not use it.
func (n *Net) Cost(a graph.ArcID) Millis { return n.cost[a] }

// SlopeFactors gives the least and greatest slope factor that was applied; 1 and 1 without elevation.
func (n *Net) SlopeFactors() (least, greatest float64) { return n.slope.least, n.slope.greatest }

// toTail gives the time from the tail of a to a point along it (mm); toward the
// head the rest remains, so that both parts always sum to the arc's time.
func (n *Net) part(a graph.ArcID, along uint32) Millis {
	length := n.G.Length(a)
	if n.cost[a] == Unreached {
		return Unreached
	}
	if length == 0 {
		return 0
	}
	return Millis(uint64(n.cost[a]) * uint64(min(along, length)) / uint64(length))
}

// plus adds times without passing Unreached.
func plus(a, b Millis) Millis {
	if a == Unreached || b == Unreached || uint64(a)+uint64(b) >= uint64(Unreached) {
		return Unreached
	}
	return a + b
}

// Components numbers the connected parts of the net (streets usable in either
// direction); −1 for nodes without a usable street. Islands are components.
func (n *Net) Components() []int32 {
	c := make([]int32, n.G.NumNodes())
	for i := range c {
		c[i] = -1
	}
	var next int32
	var stack []graph.NodeID
	for start := range c {
		if c[start] >= 0 {
			continue
		}
		stack = append(stack[:0], graph.NodeID(start))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for a := range n.G.Leaving(u) {
				v := n.G.Head(a)
				if n.cost[a] == Unreached && n.cost[n.G.Twin(a)] == Unreached {
					continue
				}
				c[u] = next
				if c[v] < 0 {
					c[v] = next
					stack = append(stack, v)
				}
			}
		}
		if c[start] == next {
			next++
		}
	}
	return c
}
