package graph

// Junctions gives the number of junctions; they are the nodes of the least numbers.
func (g *Graph) Junctions() int { return len(g.links) - 1 }

// NumChains gives the number of chains.
func (g *Graph) NumChains() int { return len(g.chains) - 1 }

// Links gives the half-open range of the links that leave a junction.
func (g *Graph) Links(junction NodeID) (first, last uint32) {
	return g.links[junction], g.links[junction+1]
}

// NumLinks gives the number of links: two for each chain, one at each of its ends.
func (g *Graph) NumLinks() int { return len(g.leave) }

// Link gives the chain of a link, and whether the link leaves its head, against its pieces.
func (g *Graph) Link(link uint32) (c ChainID, against bool) {
	return g.leave[link] >> 1, g.leave[link]&1 != 0
}

// Chain gives the junctions of a chain and the half-open range of its pieces: piece p is
// arc 2p along the chain and 2p+1 against it. Both junctions are the same in a loop.
func (g *Graph) Chain(c ChainID) (from, to NodeID, first, last uint32) {
	return g.chains[c].from, g.chains[c].to, g.chains[c].first, g.chains[c+1].first
}

// ChainOf gives the chain of an arc.
func (g *Graph) ChainOf(a ArcID) ChainID { return g.within[a>>1] }

// ChainAt gives the chain that an inner node (no junction) lies in, and the piece that ends at it.
func (g *Graph) ChainAt(inner NodeID) (c ChainID, piece uint32) {
	piece = g.enters[int(inner)-g.Junctions()]
	return g.within[piece], piece
}

// InnerNode gives the node at the end of a piece that is not the last of chain c.
func (g *Graph) InnerNode(c ChainID, piece uint32) NodeID {
	return NodeID(g.Junctions()) + piece - c
}
