package travel

import "github.com/lifecircle/lifecircle/geo/graph"

// link is a chain as a search leaves a junction by it: the junction at its other end, and the time
// over all of the chain, by direction of the search: inbound people come the other way.
type link struct {
	head graph.NodeID
	time [2]Millis
}

// step gives the time over arc a of the graph when a search leaves its tail:
// outbound along it, inbound along its twin, since people come the other way.
func (n *Net) step(a graph.ArcID, dir Direction) Millis {
	if dir == Inbound {
		return n.cost[n.G.Twin(a)]
	}
	return n.cost[a]
}

// withTimes is the same net with other times of its arcs.
func (n *Net) withTimes(cost []Millis) *Net {
	other := *n
	other.cost = cost
	other.links = other.sumLinks()
	return &other
}

// sumLinks adds up the chains.
func (n *Net) sumLinks() []link {
	links := make([]link, n.G.NumLinks())
	const share = 1 << 14
	inParallel((len(links)+share-1)/share, func(i int) {
		for l := i * share; l < min((i+1)*share, len(links)); l++ {
			links[l] = n.sumLink(uint32(l))
		}
	})
	return links
}

func (n *Net) sumLink(l uint32) link {
	c, against := n.G.Link(l)
	from, to, first, last := n.G.Chain(c)
	out := [2]Millis{Inbound: n.sum(first, last, true), Outbound: n.sum(first, last, false)}
	if against {
		return link{from, [2]Millis{out[1], out[0]}}
	}
	return link{to, out}
}

// sum is the time over pieces first to last-1 of a chain, along it or against it; Unreached when one of them is closed.
func (n *Net) sum(first, last uint32, against bool) (t Millis) {
	a := 2 * first
	if against {
		a++
	}
	for ; a < 2*last; a += 2 {
		t = plus(t, n.cost[a])
	}
	return t
}

// forth names a position by the arc that runs along its chain.
func (n *Net) forth(p Position) Position {
	if p.Arc&1 == 0 {
		return p
	}
	return Position{p.Arc ^ 1, n.G.Length(p.Arc) - min(p.Along, n.G.Length(p.Arc))}
}

// chainEnds gives the times between a position and the two ends of its chain without leaving the chain, as ends does for its piece.
func (n *Net) chainEnds(p Position, dir Direction, leave bool) (from, to Millis) {
	p = n.forth(p)
	_, _, first, last := n.G.Chain(n.G.ChainOf(p.Arc))
	from, to = n.ends(p, dir, leave)
	outward := (dir == Outbound) == leave // from the position to the ends
	piece := p.Arc >> 1
	return plus(from, n.sum(first, piece, outward)), plus(to, n.sum(piece+1, last, !outward))
}

// alongChain gives the time between a person and a site on the same chain without leaving it.
func (n *Net) alongChain(person, site Position, dir Direction) Millis {
	if person.Arc>>1 == site.Arc>>1 {
		return n.alongEdge(person, site, dir)
	}
	from, to := n.forth(person), n.forth(site)
	if dir == Outbound {
		from, to = to, from
	}
	if from.Arc < to.Arc {
		return plus(plus(n.rest(from.Arc, from.Along), n.sum(from.Arc>>1+1, to.Arc>>1, false)), n.part(to.Arc, to.Along))
	}
	back := func(p Position) (graph.ArcID, uint32) { return p.Arc ^ 1, n.G.Length(p.Arc) - p.Along }
	return plus(plus(n.rest(back(from)), n.sum(to.Arc>>1+1, from.Arc>>1, true)), n.part(back(to)))
}

// within appends the labels of a chain's inner nodes, in their order, from those of its ends and the sites on it.
func (n *Net) within(c graph.ChainID, dir Direction, from, to Nearest, sites []Site, limit Millis, labels []Nearest) []Nearest {
	_, _, first, last := n.G.Chain(c)
	begin := len(labels)
	for range last - first - 1 {
		labels = append(labels, nobody)
	}
	inner := labels[begin:]
	forth, back := graph.ArcID(1), graph.ArcID(0) // inbound, people walk against the search
	if dir == Outbound {
		forth, back = 0, 1
	}
	up := func(l Nearest, piece uint32) { // l is the label at the tail of piece
		for ; piece+1 < last; piece++ {
			if l.Millis = plus(l.Millis, n.cost[2*piece+forth]); l.Millis > limit {
				return
			}
			inner[piece-first].offer(l.Millis, l.Site)
		}
	}
	down := func(l Nearest, piece uint32) { // at its head
		for ; piece > first; piece-- {
			if l.Millis = plus(l.Millis, n.cost[2*piece+back]); l.Millis > limit {
				return
			}
			inner[piece-first-1].offer(l.Millis, l.Site)
		}
	}
	up(from, first)
	down(to, last-1)
	for _, s := range sites {
		p := n.forth(s.Snap.Position)
		tail, head := n.ends(p, dir, true)
		piece := p.Arc >> 1
		if head = plus(head, s.Snap.Millis); piece+1 < last && head <= limit {
			inner[piece-first].offer(head, s.ID)
			up(Nearest{s.ID, head}, piece+1)
		}
		if tail = plus(tail, s.Snap.Millis); piece > first && tail <= limit {
			inner[piece-first-1].offer(tail, s.ID)
			down(Nearest{s.ID, tail}, piece-1)
		}
	}
	return labels
}

// inner is the label of one inner node of a chain; see within.
func (n *Net) inner(v graph.NodeID, dir Direction, from, to Nearest, sites []Site, limit Millis) Nearest {
	c, piece := n.G.ChainAt(v)
	_, _, first, last := n.G.Chain(c)
	best := nobody
	offer := func(t Millis, id int32) {
		if t <= limit {
			best.offer(t, id)
		}
	}
	upward, downward := dir == Inbound, dir == Outbound // people walk against the search's way
	offer(plus(from.Millis, n.sum(first, piece+1, upward)), from.Site)
	offer(plus(to.Millis, n.sum(piece+1, last, downward)), to.Site)
	for _, s := range sites {
		p := n.forth(s.Snap.Position)
		tail, head := n.ends(p, dir, true)
		if q := p.Arc >> 1; q <= piece {
			offer(plus(plus(head, s.Snap.Millis), n.sum(q+1, piece+1, upward)), s.ID)
		} else {
			offer(plus(plus(tail, s.Snap.Millis), n.sum(piece+1, q, downward)), s.ID)
		}
	}
	return best
}
