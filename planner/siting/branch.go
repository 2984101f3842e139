package siting

import (
	"container/heap"
	"math"
)

// node is a part of the answers: those that share the decisions made so far.
type node struct {
	*model
	bound  float64
	lambda []float64
	mean   []float64
	number int // in order of creation
}

// branch looks through what is left, the lowest bound first, until nothing
// better than the best set can be left or the effort is spent; the bound is
// then the lowest that is open.
func (s *search) branch(root *node) {
	q := nodes{root}
	count := 0
	for len(q) > 0 {
		if s.whole.hopeless(q[0].bound, s.limit()) {
			s.bound = max(s.bound, min(s.best, s.limit()))
			return
		}
		s.bound = max(s.bound, q[0].bound)
		if !s.b.spend(1) {
			return
		}
		at := heap.Pop(&q).(*node)
		for _, child := range s.expand(at, at == root) {
			count++
			child.number = count
			heap.Push(&q, child)
		}
		if !s.b.spend(1) { // cut in the midst of a node: its children's bounds hold, at least as good as its own
			if len(q) > 0 {
				s.bound = max(s.bound, min(q[0].bound, s.best))
			} else {
				s.bound = max(s.bound, s.limit())
			}
			return
		}
	}
	s.bound = max(s.bound, s.limit())
}

// expand bounds a node anew, decides what its bound decides, and splits the
// rest by the candidate that the relaxation is least sure of.
func (s *search) expand(at *node, root bool) []*node {
	sw := at.newSwapper(s.b, nil)
	r := at.newRelaxation(s.b)
	copy(r.lambda, at.lambda)
	copy(r.mean, at.mean)
	rounds := nodeRounds
	if root {
		rounds = rootRounds
	}
	s.ascend(r, sw, rounds, 8)
	if math.IsInf(r.bound, -1) { // the effort ended before the first step
		return []*node{at}
	}
	floor := max(r.bound, at.bound)
	if s.whole.hopeless(floor, s.limit()) {
		return nil
	}
	left := s.fix(r)
	if left == nil {
		return nil
	}
	left.bound = floor
	if left.p == 0 || left.m == 0 || left.n == 0 {
		s.improve(left.newSwapper(s.b, nil), nil)
		return nil
	}
	if left.m*4 < at.m*3 { // much is decided: bound it again before it is split
		return []*node{left}
	}
	by, doubt := 0, math.Inf(1)
	for j, v := range left.mean {
		if d := math.Abs(v - 0.5); d < doubt {
			by, doubt = j, d
		}
	}
	out := make([]*node, 0, 2)
	for _, f := range [2]int8{opened, closed} {
		fate := make([]int8, left.m)
		fate[by] = f
		md := left.reduce(fate)
		child := &node{model: md, bound: floor, lambda: md.inherit(left.lambda)}
		for j, v := range left.mean {
			if j != by {
				child.mean = append(child.mean, v)
			}
		}
		out = append(out, child)
	}
	return out
}

// nodes is a heap: the lowest bound first, then the newest.
type nodes []*node

func (q nodes) Len() int      { return len(q) }
func (q nodes) Swap(a, b int) { q[a], q[b] = q[b], q[a] }
func (q nodes) Less(a, b int) bool {
	return q[a].bound < q[b].bound || q[a].bound == q[b].bound && q[a].number > q[b].number
}
func (q *nodes) Push(x any) { *q = append(*q, x.(*node)) }
func (q *nodes) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
