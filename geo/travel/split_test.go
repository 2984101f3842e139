package travel

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// splitNet is the oracle's own graph: the net with every street cut at the
// positions of sites and points, which are nodes like all others. Its times come
// from the arcs' costs by the rule of the package comment: a share of the arc's
// time, in whole milliseconds, from the arc's tail.
type splitNet struct {
	nodes int
	edges [][]splitEdge // by node
}

type splitEdge struct {
	to   int
	cost uint64
}

// split cuts n at positions; position i becomes node n.G.NumNodes()+i.
func split(n *Net, positions []Position) *splitNet {
	s := &splitNet{nodes: n.G.NumNodes() + len(positions)}
	s.edges = make([][]splitEdge, s.nodes)
	type cut struct {
		along uint64
		node  int
	}
	cuts := map[graph.ArcID][]cut{}
	for i, p := range positions {
		a, along := p.Arc, uint64(p.Along)
		if w := n.G.Twin(a); w < a {
			a, along = w, uint64(n.G.Length(a))-along
		}
		cuts[a] = append(cuts[a], cut{along, n.G.NumNodes() + i})
	}
	for a := range graph.ArcID(n.G.NumArcs()) {
		w := n.G.Twin(a)
		if w < a {
			continue
		}
		length := uint64(n.G.Length(a))
		chain := append([]cut{{0, int(n.G.Tail(a))}}, cuts[a]...)
		slices.SortStableFunc(chain[1:], func(x, y cut) int { return cmp.Compare(x.along, y.along) })
		chain = append(chain, cut{length, int(n.G.Head(a))})
		share := func(arc graph.ArcID, along uint64, isEnd bool) uint64 {
			switch {
			case isEnd:
				return uint64(n.Cost(arc))
			case length == 0:
				return 0
			}
			return uint64(n.Cost(arc)) * along / length
		}
		for i := 1; i < len(chain); i++ {
			x, y := chain[i-1], chain[i]
			inner := i > 1 && i < len(chain)-1
			if n.Cost(a) != Unreached || inner && x.along == y.along {
				c := uint64(0)
				if n.Cost(a) != Unreached {
					c = share(a, y.along, i == len(chain)-1) - share(a, x.along, false)
				}
				s.edges[x.node] = append(s.edges[x.node], splitEdge{y.node, c})
			}
			if n.Cost(w) != Unreached || inner && x.along == y.along {
				c := uint64(0)
				if n.Cost(w) != Unreached {
					c = share(w, length-x.along, i == 1) - share(w, length-y.along, false)
				}
				s.edges[y.node] = append(s.edges[y.node], splitEdge{x.node, c})
			}
		}
	}
	return s
}

// from is Dijkstra as in a textbook: no queue, no limit, no ties.
func (s *splitNet) from(source int) []uint64 {
	const far = ^uint64(0)
	d, done := make([]uint64, s.nodes), make([]bool, s.nodes)
	for i := range d {
		d[i] = far
	}
	d[source] = 0
	for {
		u := -1
		for v := range d {
			if !done[v] && d[v] != far && (u < 0 || d[v] < d[u]) {
				u = v
			}
		}
		if u < 0 {
			return d
		}
		done[u] = true
		for _, e := range s.edges[u] {
			d[e.to] = min(d[e.to], d[u]+e.cost)
		}
	}
}

// world is a random net with sites and points on it, and the oracle's times.
type world struct {
	net    *Net
	dir    Direction
	limit  Millis
	sites  []Site
	points []Snap
	pairs  [][]Pair // by point: every site within the limit, nearest first, ties by site
}

// randomWorld makes many sites and points on few streets: same places, same streets, both arcs' names of a place.
func randomWorld(t testing.TB, seed uint64, sites, points int) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 13))
	w := &world{net: randomNet(t, r), dir: Direction(r.IntN(2)), limit: Millis(r.IntN(900_000))}
	if w.net.G.NumArcs() == 0 {
		return nil
	}
	ids := r.Perm(sites * 2)
	for i := range sites {
		w.sites = append(w.sites, Site{int32(ids[i]), w.randomSnap(r)})
	}
	for range points {
		w.points = append(w.points, w.randomSnap(r))
	}
	w.solve()
	return w
}

func (w *world) randomSnap(r *rand.Rand) Snap {
	n := w.net
	a := graph.ArcID(r.IntN(n.G.NumArcs()))
	if r.IntN(3) == 0 {
		a = graph.ArcID(r.IntN(min(4, n.G.NumArcs()))) // crowded streets
	}
	along := uint32(r.IntN(int(n.G.Length(a)) + 1))
	if r.IntN(3) == 0 {
		along = n.G.Length(a) / 4 * uint32(r.IntN(5)) // crowded places, the ends among them
	}
	return Snap{Position: Position{a, along}, Millis: Millis(r.IntN(3)) * 1000}
}

func (w *world) solve() {
	var places []Position
	for _, s := range w.sites {
		places = append(places, s.Snap.Position)
	}
	for _, p := range w.points {
		places = append(places, p.Position)
	}
	cut, nodes := split(w.net, places), w.net.G.NumNodes()
	from := make([][]uint64, len(places))
	for i := range places {
		if w.dir == Outbound == (i < len(w.sites)) {
			from[i] = cut.from(nodes + i)
		}
	}
	w.pairs = make([][]Pair, len(w.points))
	for p, point := range w.points {
		for i, s := range w.sites {
			a, b := i, len(w.sites)+p
			if w.dir == Inbound {
				a, b = b, a
			}
			d := from[a][nodes+b]
			if d == ^uint64(0) || d+uint64(s.Snap.Millis)+uint64(point.Millis) > uint64(w.limit) {
				continue
			}
			w.pairs[p] = append(w.pairs[p], Pair{s.ID, int32(p), Millis(d) + s.Snap.Millis + point.Millis})
		}
		slices.SortFunc(w.pairs[p], func(x, y Pair) int { return cmp.Or(cmp.Compare(x.Millis, y.Millis), cmp.Compare(x.Site, y.Site)) })
	}
}

func (w *world) nearest(p int) Nearest {
	if len(w.pairs[p]) == 0 {
		return nobody
	}
	return Nearest{w.pairs[p][0].Site, w.pairs[p][0].Millis}
}
