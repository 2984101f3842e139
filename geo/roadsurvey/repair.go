package roadsurvey

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// suspectMetres is how far an end may be from a line to be told as a gap that was not closed.
const suspectMetres = GreatestTolerance

// chain gives the vertices of a piece in order, cuts included.
func (n *net) chain(i int32, to []int32) []int32 {
	slices.SortFunc(n.cuts[i], func(a, b cut) int { return cmp.Or(cmp.Compare(a.f, b.f), cmp.Compare(a.v, b.v)) })
	to = append(to[:0], n.find(n.pieces[i].a))
	for _, c := range n.cuts[i] {
		if v := n.find(c.v); v != to[len(to)-1] {
			to = append(to, v)
		}
	}
	if v := n.find(n.pieces[i].b); v != to[len(to)-1] {
		to = append(to, v)
	}
	return to
}

// neighbours lists for each vertex those that a part of a piece joins it to.
type neighbours struct {
	first []int32
	to    []int32
}

func (n *net) neighbours() neighbours {
	nb := neighbours{first: make([]int32, len(n.points)+1)}
	var chain []int32
	each := func(visit func(v, w int32)) {
		for i := range n.pieces {
			chain = n.chain(int32(i), chain)
			for k := 1; k < len(chain); k++ {
				visit(chain[k-1], chain[k])
				visit(chain[k], chain[k-1])
			}
		}
	}
	each(func(v, _ int32) { nb.first[v+1]++ })
	for v := 1; v < len(nb.first); v++ {
		nb.first[v] += nb.first[v-1]
	}
	nb.to = make([]int32, nb.first[len(nb.first)-1])
	next := slices.Clone(nb.first)
	each(func(v, w int32) {
		nb.to[next[v]] = w
		next[v]++
	})
	return nb
}

// around gives the vertices within so many metres of way from v.
func (n *net) around(v int32, nb neighbours, metres float64) map[int32]float64 {
	near := map[int32]float64{}
	q := &byMetres{{v, 0}}
	for q.Len() > 0 {
		at := heap.Pop(q).(way)
		if _, done := near[at.v]; done || at.metres > metres {
			continue
		}
		near[at.v] = at.metres
		for _, w := range nb.to[nb.first[at.v]:nb.first[at.v+1]] {
			if _, done := near[w]; !done {
				heap.Push(q, way{w, at.metres + n.metres(at.v, w)})
			}
		}
	}
	return near
}

type way struct {
	v      int32
	metres float64
}

type byMetres []way

func (q byMetres) Len() int           { return len(q) }
func (q byMetres) Less(i, j int) bool { return q[i].metres < q[j].metres }
func (q byMetres) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *byMetres) Push(x any)        { *q = append(*q, x.(way)) }
func (q *byMetres) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// repair joins ends that lead nowhere to the nearest line within the tolerance, and tells of those somewhat farther. An end
// that already leads to that place by a way not much longer than the gap (a line drawn a little too far) is left alone.
func (n *net) repair() {
	nb := n.neighbours()
	joined := map[int32]bool{}
	for i := range n.pieces {
		p := n.pieces[i]
		if p.line < 0 || p.free {
			continue
		}
		for _, end := range [2]struct {
			v  int32
			is bool
		}{{p.a, p.first}, {p.b, p.last}} {
			v := n.find(end.v)
			if !end.is || joined[v] || nb.first[v+1]-nb.first[v] != 1 {
				continue
			}
			j, f, metres := n.nearestLine(int32(i), v, nb)
			if j < 0 {
				continue
			}
			target := n.vertexAt(j, f)
			gap := n.gap(p.line, v, j, n.points[target], metres)
			if metres > n.s.o.Tolerance {
				n.s.report.Suspects = append(n.s.report.Suspects, gap)
				continue
			}
			if !slices.ContainsFunc(n.cuts[j], func(c cut) bool { return c.v == target }) && target != n.pieces[j].a && target != n.pieces[j].b {
				n.cuts[j] = append(n.cuts[j], cut{f, target})
			}
			n.joints = append(n.joints, joint{p.line, v, target})
			joined[v], joined[n.find(target)] = true, true
			n.s.report.Repairs = append(n.s.report.Repairs, gap)
		}
	}
}

// nearestLine finds the piece that an end should have met: the nearest within suspectMetres; −1 without one.
func (n *net) nearestLine(i, v int32, nb neighbours) (best int32, share, metres float64) {
	best, metres = -1, math.Inf(1)
	var near map[int32]float64
	here, p := n.points[v], n.pieces[i]
	lo, hi := n.bounds(piece{a: v, b: v}, suspectMetres)
	var chain []int32
	n.tree.Search(lo, hi, func(_, _ [2]int32, j int32) bool {
		q := n.pieces[j]
		if q.free || q.level != p.level && q.level != 0 {
			return true
		}
		f, m := n.nearest(here, q)
		if m > suspectMetres || m > metres || m == metres && j > best {
			return true
		}
		if near == nil {
			near = n.around(v, nb, 3*suspectMetres)
		}
		chain = n.chain(j, chain)
		before := 0 // the part of q on which the place lies
		for k, c := range n.cuts[j] {
			if c.f <= f {
				before = min(k+1, len(chain)-2)
			}
		}
		for _, w := range chain[before:min(before+2, len(chain))] {
			if way, ok := near[w]; ok && way <= max(3*m, 1) {
				return true
			}
		}
		best, share, metres = j, f, m
		return true
	})
	return best, share, metres
}

// vertexAt gives the vertex of piece j at share f: an end or cut that lies there, or a new one.
func (n *net) vertexAt(j int32, f float64) int32 {
	q := n.pieces[j]
	a, b := n.points[q.a], n.points[q.b]
	at := point{a.x + int32(math.Round(f*float64(int64(b.x)-int64(a.x)))), a.y + int32(math.Round(f*float64(int64(b.y)-int64(a.y))))}
	v := n.newVertex(at)
	for _, w := range append([]int32{q.a, q.b}, vertices(n.cuts[j])...) {
		if n.metres(v, w) <= touchMetres {
			n.points, n.parent = n.points[:v], n.parent[:v]
			return w
		}
	}
	return v
}

func vertices(cuts []cut) (all []int32) {
	for _, c := range cuts {
		all = append(all, c.v)
	}
	return all
}

func (n *net) gap(l, v, j int32, to point, metres float64) Gap {
	s := n.s
	g := Gap{File: s.files[s.lines[l].file], Row: int(s.lines[l].row), At: n.points[v].lonLat(), To: to.lonLat(), Metres: math.Round(metres*100) / 100}
	if other := n.pieces[j].line; other >= 0 {
		g.OnFile, g.OnRow = s.files[s.lines[other].file], int(s.lines[other].row)
	}
	return g
}
