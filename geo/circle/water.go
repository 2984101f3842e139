package circle

import (
	"math"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// waterTriangles finds the triangles that are water surface: enclosed by closed water lines an odd number of
// times. A closed line can also be the coast of an island; a part in which more street than
// twice its width is neither bridge nor tunnel is land.
func waterTriangles(t *triangulation, n *travel.Net, f frame) []bool {
	water := n.G.Water()
	surface := make([]bool, len(t.org)/3)
	isClosed := make([]bool, len(water))
	for i, w := range water {
		isClosed[i] = len(w) > 3 && w[0] == w[len(w)-1]
	}
	seen := make([]bool, len(surface))
	flips := func(h int32) (odd, shore bool) {
		for l := t.con[h]; l != none; l = t.owners[l].next {
			if id := t.owners[l].id; id <= -2 {
				shore = true
				odd = odd != isClosed[-2-id]
			}
		}
		return odd, shore
	}
	// Parity, spread from a corner of the frame.
	stack := []int32{t.out[0] / 3}
	seen[stack[0]] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for h := 3 * i; h < 3*i+3; h++ {
			if g := t.twin[h]; g != none && !seen[g/3] {
				odd, _ := flips(h)
				seen[g/3], surface[g/3] = true, surface[i] != odd
				stack = append(stack, g/3)
			}
		}
	}
	// Parts between shores that carry streets of their own are land.
	clear(seen)
	for start := range surface {
		if !surface[start] || seen[start] {
			continue
		}
		part := []int32{int32(start)}
		seen[start] = true
		var area, length float64
		for k := 0; k < len(part); k++ {
			i := part[k]
			area += float64(t.turn(t.org[3*i], t.org[3*i+1], t.org[3*i+2])) / 2 * f.cos * metresPerUnit * metresPerUnit
			for h := 3 * i; h < 3*i+3; h++ {
				_, shore := flips(h)
				if !shore && dryStreet(t, n, h) {
					length += f.metres(t.points[t.org[h]], t.points[t.dest(h)]) / 2
				}
				if g := t.twin[h]; !shore && g != none && surface[g/3] && !seen[g/3] {
					seen[g/3] = true
					part = append(part, g/3)
				}
			}
		}
		if length > 2*math.Sqrt(area) {
			for _, i := range part {
				surface[i] = false
			}
		}
	}
	return surface
}

// dryStreet says whether a street that is neither bridge nor tunnel runs along h.
func dryStreet(t *triangulation, n *travel.Net, h int32) bool {
	for l := t.con[h]; l != none; l = t.owners[l].next {
		if id := t.owners[l].id; id >= 0 && n.G.Access(graph.ArcID(id))&(graph.Bridge|graph.Tunnel) == 0 {
			return true
		}
	}
	return false
}
