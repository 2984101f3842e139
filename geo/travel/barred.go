package travel

import (
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Bar says what closes a street to a profile that its like may use.
type Bar uint8

// The bars.
const (
	NoBar      Bar = iota
	ByPrivate      // a yard or gate for those who belong there
	ByBarrier      // a barrier at either end
	ByNotice       // access tags: the way is closed to the mode
	NotForThem     // no street to the mode: a motorway on foot, a path by car, the wrong way, a ferry left out
)

// Bar tells why an arc is closed; NoBar when it is open.
func (n *Net) Bar(a graph.ArcID) Bar {
	access, traits := n.G.Access(a), n.G.Traits(a)
	switch {
	case n.cost[a] != Unreached:
		return NoBar
	case access&(graph.Ferry|graph.Transit) != 0, n.strange(a):
		return NotForThem
	case n.P.NoPrivate && (traits|n.G.Traits(n.G.Twin(a))).Private()&n.P.Mode != 0:
		return ByPrivate
	case n.barrier(traits) == Unreached || n.barrier(n.G.Traits(n.G.Twin(a))) == Unreached:
		return ByBarrier
	}
	return ByNotice
}

// strange tells a street that the mode would not use if no sign forbade it.
func (n *Net) strange(a graph.ArcID) bool {
	class, twin := n.G.Class(a), n.G.Access(n.G.Twin(a))
	if n.G.Access(a)&n.P.Mode == 0 && twin&n.P.Mode != 0 {
		return true // the wrong way of a one-way street
	}
	if n.P.Mode == graph.Car {
		return class == graph.Path || class == graph.Stairs
	}
	return class == graph.Motorway
}

// Opened is the net as it would be without private yards, barriers and access tags: what lies behind them can be reached.
func (n *Net) Opened() *Net {
	cost := slices.Clone(n.cost)
	for i := range cost {
		if a := graph.ArcID(i); cost[i] == Unreached && n.Bar(a) != NotForThem {
			cost[i] = n.street(a)
		}
	}
	return n.withTimes(cost)
}
