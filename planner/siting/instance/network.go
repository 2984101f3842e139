package instance

import (
	"container/heap"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// network is an undirected graph whose edges may be replaced.
type network struct {
	cost []map[int32]float64 // by vertex: neighbour → cost
}

func newNetwork(n int) *network {
	g := &network{make([]map[int32]float64, n)}
	for v := range g.cost {
		g.cost[v] = map[int32]float64{}
	}
	return g
}

// read takes an edge "vertex vertex cost" of a file that counts from 1.
func (g *network) read(l row) error {
	if err := l.need(3, "两个顶点与长度", "two vertices and a cost"); err != nil {
		return err
	}
	a, err := l.int(0, 1, len(g.cost))
	if err != nil {
		return err
	}
	b, err := l.int(1, 1, len(g.cost))
	if err != nil {
		return err
	}
	c, err := l.float(2, 0, largest)
	if err != nil {
		return err
	}
	g.cost[a-1][int32(b-1)], g.cost[b-1][int32(a-1)] = c, c
	return nil
}

// reach lists, for each vertex, the vertices at most radius away by the shortest path.
func (g *network) reach(radius float64) [][]siting.Arc {
	type edge struct {
		to   int32
		cost float64
	}
	n := len(g.cost)
	edges := make([][]edge, n)
	for v, list := range g.cost {
		for to, c := range list { // the order does not matter: distances are the same
			edges[v] = append(edges[v], edge{to, c})
		}
	}
	out := make([][]siting.Arc, n)
	best := make([]float64, n)
	for source := range n {
		for v := range best {
			best[v] = inf
		}
		best[source] = 0
		q := frontier{{Demand: int32(source)}}
		for len(q) > 0 {
			at := heap.Pop(&q).(siting.Arc)
			if at.Cost > best[at.Demand] {
				continue
			}
			for _, e := range edges[at.Demand] {
				if c := at.Cost + e.cost; c < best[e.to] && c <= radius {
					best[e.to] = c
					heap.Push(&q, siting.Arc{Demand: e.to, Cost: c})
				}
			}
		}
		for v, c := range best {
			if c <= radius && c < inf {
				out[source] = append(out[source], siting.Arc{Demand: int32(v), Cost: c})
			}
		}
	}
	return out
}

// frontier is a heap of vertices by cost.
type frontier []siting.Arc

func (f frontier) Len() int           { return len(f) }
func (f frontier) Swap(a, b int)      { f[a], f[b] = f[b], f[a] }
func (f frontier) Less(a, b int) bool { return f[a].Cost < f[b].Cost }
func (f *frontier) Push(x any)        { *f = append(*f, x.(siting.Arc)) }
func (f *frontier) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}
