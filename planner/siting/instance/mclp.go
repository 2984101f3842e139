package instance

import (
	"io"
	"math"
)

// ReadMCLP reads a maximal covering file, of which there are two kinds:
//
//   - points (SJC, ZDS): "points …", then "x y demand" for each point; whoever
//     is at most radius away in a straight line is covered;
//   - a graph (GR100, GR150: Galvão, ReVelle 1996): "vertices edges …", then
//     "vertex vertex length" for each edge. The first rows, as many as there
//     are vertices, have a fourth field: the demand of vertices 1, 2, 3 …
//     Distances are shortest paths.
//
// A graph is told by the fourth field of its first edge. The rest of the header
// stands for p and radius, which the file leaves open.
func ReadMCLP(r io.Reader, radius float64) (*Instance, error) {
	all, err := rows(r)
	if err != nil {
		return nil, err
	}
	h := all[0]
	if err := h.need(2, "点数等至少两项", "the number of points and more"); err != nil {
		return nil, err
	}
	if len(all) > 1 && len(all[1].fields) == 4 {
		return readCoverGraph(all, radius)
	}
	n, err := h.int(0, 1, mostPoints)
	if err != nil {
		return nil, err
	}
	if err := exactly(all, h, n, len(all)-1); err != nil {
		return nil, err
	}
	in := &Instance{Count: 1}
	at := &points{}
	for _, l := range all[1:] {
		if err := l.need(3, "x、y、需求三项", "x, y and demand"); err != nil {
			return nil, err
		}
		if err := at.read(l, 0); err != nil {
			return nil, err
		}
		w, err := l.float(2, 0, largest)
		if err != nil {
			return nil, err
		}
		in.Weight = append(in.Weight, w)
	}
	in.Reach = at.reach(radius, exact)
	return in, nil
}

func readCoverGraph(all []row, radius float64) (*Instance, error) {
	h := all[0]
	n, err := h.int(0, 1, mostVertices)
	if err != nil {
		return nil, err
	}
	edges, err := h.int(1, n, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	if err := exactly(all, h, edges, len(all)-1); err != nil {
		return nil, err
	}
	in := &Instance{Count: 1}
	net := newNetwork(n)
	for k, l := range all[1:] {
		if err := net.read(l); err != nil {
			return nil, err
		}
		if k >= n {
			continue
		}
		if err := l.need(4, "两个顶点、长度与需求", "two vertices, a cost and a demand"); err != nil {
			return nil, err
		}
		w, err := l.float(3, 0, largest)
		if err != nil {
			return nil, err
		}
		in.Weight = append(in.Weight, w)
	}
	in.Reach = net.reach(radius)
	return in, nil
}
