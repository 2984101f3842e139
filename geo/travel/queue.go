package travel

import "github.com/lifecircle/lifecircle/geo/graph"

// entry is a node that a search has reached, ordered by time, then owner, then node.
type entry struct {
	time  Millis
	owner int32
	node  graph.NodeID
}

func (e entry) before(f entry) bool {
	if e.time != f.time {
		return e.time < f.time
	}
	if e.owner != f.owner {
		return e.owner < f.owner
	}
	return e.node < f.node
}

// queue is a 4-ary heap of entries; four children share a cache line.
type queue []entry

func (q *queue) push(e entry) {
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
	*q = h
}

func (q *queue) pop() entry {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		least := 4*i + 1
		if least >= len(h) {
			break
		}
		for c := least + 1; c < min(4*i+5, len(h)); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if !h[least].before(last) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = last
	return top
}
