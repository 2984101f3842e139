package instance

import (
	"io"
	"math"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// ReadPmed reads an OR-Library p-median graph: "vertices edges p", then
// "vertex vertex cost" for each edge. A cost given again replaces the earlier
// one, as OR-Library asks. Costs between vertices are shortest paths; every
// vertex is a candidate and a demand point of weight 1 (Beasley 1985).
func ReadPmed(r io.Reader) (*Instance, error) {
	all, err := rows(r)
	if err != nil {
		return nil, err
	}
	h := all[0]
	if err := h.need(3, "顶点数、边数、p 三项", "vertices, edges and p"); err != nil {
		return nil, err
	}
	n, err := h.int(0, 1, mostVertices)
	if err != nil {
		return nil, err
	}
	edges, err := h.int(1, 0, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	p, err := h.int(2, 1, n)
	if err != nil {
		return nil, err
	}
	if err := exactly(all, h, edges, len(all)-1); err != nil {
		return nil, err
	}
	net := newNetwork(n)
	for _, l := range all[1:] {
		if err := net.read(l); err != nil {
			return nil, err
		}
	}
	return &Instance{Problem: siting.Problem{Weight: ones(n), Reach: net.reach(inf)}, P: p, Count: 1}, nil
}
