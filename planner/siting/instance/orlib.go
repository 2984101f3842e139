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
	return &Instance{Problem: siting.Problem{Weight: ones(n), Reach: net.reach(inf)}, P: p}, nil
}

// ReadPmedcap reads an OR-Library capacitated p-median: "number best", then
// "points p capacity", then "point x y demand". The cost of a point is its
// Euclidean distance without the fraction, whatever its demand, which counts
// against the capacity only (Osman and Christofides 1994).
func ReadPmedcap(r io.Reader) (*Instance, error) {
	all, err := rows(r)
	if err != nil {
		return nil, err
	}
	if err := all[0].need(2, "序号与已知最优值", "a number and the best known value"); err != nil {
		return nil, err
	}
	best, err := all[0].float(1, 0, largest)
	if err != nil {
		return nil, err
	}
	if len(all) < 2 {
		return nil, exactly(all, all[0], 2, 1)
	}
	h := all[1]
	if err := h.need(3, "点数、p、容量三项", "points, p and capacity"); err != nil {
		return nil, err
	}
	n, err := h.int(0, 1, mostVertices)
	if err != nil {
		return nil, err
	}
	p, err := h.int(1, 1, n)
	if err != nil {
		return nil, err
	}
	capacity, err := h.float(2, 0, largest)
	if err != nil {
		return nil, err
	}
	if err := exactly(all, h, n, len(all)-2); err != nil {
		return nil, err
	}
	x, y, load := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, l := range all[2:] {
		if err := l.need(4, "编号、x、y、需求四项", "number, x, y and demand"); err != nil {
			return nil, err
		}
		if _, err := l.int(0, i+1, i+1); err != nil {
			return nil, err
		}
		if x[i], err = l.float(1, -largest, largest); err != nil {
			return nil, err
		}
		if y[i], err = l.float(2, -largest, largest); err != nil {
			return nil, err
		}
		if load[i], err = l.float(3, 0, largest); err != nil {
			return nil, err
		}
	}
	in := &Instance{Problem: siting.Problem{Weight: ones(n), Load: load, Reach: make([][]siting.Arc, n), Capacity: make([]float64, n)}, P: p, Best: best}
	for j := range n {
		in.Capacity[j] = capacity
		for i := range n {
			in.Reach[j] = append(in.Reach[j], siting.Arc{Demand: int32(i), Cost: math.Floor(math.Hypot(x[i]-x[j], y[i]-y[j]))})
		}
	}
	return in, nil
}
