package graph

import (
	"cmp"
	"slices"
)

// contraction is the street net of a Builder cut into chains. A piece, or one side of a segment, is 2s when it runs as
// segment s was drawn, 2s+1 when against.
type contraction struct {
	b     *Builder
	place []uint32 // by node of the Builder, along the curve
	start []uint32 // by node, into sides; one more than nodes
	sides []uint32 // what leaves a node
	inner []bool   // by node
	done  []bool   // by segment

	pieces []uint32 // chain by chain
	nodes  []uint32 // of the Builder, by number in the graph
	chains []chain
	links  []uint32
	leave  []uint32
	within []uint32
	enters []uint32
}

// contract finds the junctions and the chains between them.
func contract(b *Builder) *contraction {
	c := &contraction{b: b, done: make([]bool, len(b.segments)), pieces: make([]uint32, 0, len(b.segments))}
	var order []uint32
	order, c.place = b.curve()
	c.incidence()
	c.inner = make([]bool, len(order))
	for n := range c.inner {
		s := c.sides[c.start[n]:c.start[n+1]]
		c.inner[n] = len(s) == 2 && s[0]>>1 != s[1]>>1
	}
	for _, cycles := range []bool{false, true} { // a ring of streets without a junction has its first node for one
		for _, n := range order {
			if !cycles && !c.inner[n] || cycles && c.inner[n] && !c.done[c.sides[c.start[n]]>>1] {
				c.inner[n] = false
				c.chainsOf(n)
			}
		}
	}
	c.chains = append(c.chains, chain{first: uint32(len(c.pieces))})
	c.numberNodes(order)
	return c
}

// incidence lists what leaves each node, in an order that depends on what the streets are only.
func (c *contraction) incidence() {
	c.start = make([]uint32, len(c.b.ids)+1)
	for _, s := range c.b.segments {
		c.start[s.from+1]++
		c.start[s.to+1]++
	}
	for n := 1; n < len(c.start); n++ {
		c.start[n] += c.start[n-1]
	}
	c.sides = make([]uint32, 2*len(c.b.segments))
	next := slices.Clone(c.start)
	for i, s := range c.b.segments {
		c.sides[next[s.from]] = uint32(2 * i)
		next[s.from]++
		c.sides[next[s.to]] = uint32(2*i + 1)
		next[s.to]++
	}
	kinds := make([][2]kind, len(c.b.kinds))
	for both, k := range c.b.kinds {
		kinds[k] = both
	}
	for n := range c.b.ids {
		slices.SortFunc(c.sides[c.start[n]:c.start[n+1]], func(x, y uint32) int {
			if u, v := c.place[c.head(x)], c.place[c.head(y)]; u != v {
				return cmp.Compare(u, v)
			}
			kx, ky := kinds[c.b.segments[x>>1].kind], kinds[c.b.segments[y>>1].kind]
			wx, wy := c.b.waits[x>>1], c.b.waits[y>>1]
			return cmp.Or(kx[x&1].compare(ky[y&1]), kx[x&1^1].compare(ky[y&1^1]), cmp.Compare(wx[x&1], wy[y&1]), cmp.Compare(wx[x&1^1], wy[y&1^1]))
		})
	}
}

func (k kind) compare(o kind) int {
	return cmp.Or(cmp.Compare(k.Class, o.Class), cmp.Compare(k.Access, o.Access), cmp.Compare(k.Traits, o.Traits))
}

// head gives the node that a side leads to.
func (c *contraction) head(side uint32) uint32 {
	if side&1 == 0 {
		return c.b.segments[side>>1].to
	}
	return c.b.segments[side>>1].from
}

// chainsOf follows every chain of a junction that was not followed from its other end.
func (c *contraction) chainsOf(junction uint32) {
	for _, side := range c.sides[c.start[junction]:c.start[junction+1]] {
		if c.done[side>>1] {
			continue
		}
		ch := chain{first: uint32(len(c.pieces)), from: junction}
		for {
			c.done[side>>1] = true
			c.pieces = append(c.pieces, side)
			ch.to = c.head(side)
			if !c.inner[ch.to] {
				break
			}
			two := c.sides[c.start[ch.to]:c.start[ch.to+1]]
			if two[0]>>1 == side>>1 {
				side = two[1]
			} else {
				side = two[0]
			}
		}
		c.chains = append(c.chains, ch)
	}
}

// numberNodes numbers junctions along the curve and inner nodes along their chains, and links the chains to their ends.
func (c *contraction) numberNodes(order []uint32) {
	number := make([]NodeID, len(order))
	for _, n := range order {
		if !c.inner[n] {
			number[n] = NodeID(len(c.nodes))
			c.nodes = append(c.nodes, n)
		}
	}
	c.links = make([]uint32, len(c.nodes)+1)
	c.within = make([]uint32, len(c.pieces))
	c.enters = make([]uint32, 0, len(order)-len(c.nodes))
	for id := range len(c.chains) - 1 {
		ch, last := &c.chains[id], c.chains[id+1].first
		for p := ch.first; p < last; p++ {
			c.within[p] = uint32(id)
			if p+1 < last {
				c.nodes = append(c.nodes, c.head(c.pieces[p]))
				c.enters = append(c.enters, p)
			}
		}
		ch.from, ch.to = number[ch.from], number[ch.to]
		c.links[ch.from+1]++
		c.links[ch.to+1]++
	}
	for j := 1; j < len(c.links); j++ {
		c.links[j] += c.links[j-1]
	}
	c.leave = make([]uint32, c.links[len(c.links)-1])
	next := slices.Clone(c.links)
	for id := range uint32(len(c.chains) - 1) {
		for side, junction := range []NodeID{c.chains[id].from, c.chains[id].to} {
			c.leave[next[junction]] = 2*id + uint32(side)
			next[junction]++
		}
	}
}
