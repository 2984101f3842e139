package circle

import (
	"errors"
	"math"
)

// ErrNoding says that the streets' crossings could not be resolved on the lattice.
var ErrNoding = errors.New("geo: circle: the network's crossings could not be resolved; is it a street network in degrees?")

// stretch is a straight constraint still to be laid between two vertices.
type stretch struct {
	u, v, list int32
	depth      int // splits that led to it
}

// Where several streets run within a few centimetres of each other, being led through each other's vertices may never
// end: after deepest splits, what is left and no longer than crumbUnits (1 m) is let go.
const (
	deepest    = 24
	crumbUnits = 90
)

// constrain lays the owner id along u→v: crossings with other constraints become vertices, vertices within
// mergeUnits of the line become part of it.
func (t *triangulation) constrain(u, v, id int32) error {
	work := []stretch{{u: u, v: v, list: t.newOwner(id, none)}}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s.u == s.v || s.depth > deepest && distance2(t.points[s.u], t.points[s.v]) <= crumbUnits*crumbUnits {
			continue
		}
		if t.left--; t.left < 0 {
			return ErrNoding
		}
		work = t.lay(s, work)
	}
	return nil
}

// lay marks s when it is an edge, forces it by flips when only free edges cross it,
// and otherwise splits it and pushes the parts.
func (t *triangulation) lay(s stretch, work []stretch) []stretch {
	e := none
	first := t.out[s.u]
	for h := first; ; {
		a, b := t.dest(h), t.apex(h)
		if a == s.v {
			t.own(h, s.list)
			return work
		}
		if t.near(s, a) {
			return append(work, stretch{s.u, a, s.list, s.depth + 1}, stretch{a, s.v, s.list, s.depth + 1})
		}
		if t.turn(s.u, s.v, a) < 0 && t.turn(s.u, s.v, b) > 0 {
			e = next(h)
		}
		h = t.twin[prev(h)]
		if h == first || h == none {
			break
		}
	}
	if e == none {
		return work // cannot be: vertices lie strictly inside the frame
	}
	var crossed [][2]int32
	for {
		if t.con[e] != none {
			return t.cross(s, e, work)
		}
		crossed = append(crossed, [2]int32{t.org[e], t.dest(e)})
		g := t.twin[e]
		c := t.apex(g)
		if c == s.v {
			break
		}
		if t.near(s, c) {
			return append(work, stretch{s.u, c, s.list, s.depth + 1}, stretch{c, s.v, s.list, s.depth + 1})
		}
		if t.turn(s.u, s.v, c) > 0 {
			e = next(g)
		} else {
			e = prev(g)
		}
	}
	t.force(s, crossed)
	if h := t.find(s.u, s.v); h != none {
		t.own(h, s.list)
	}
	return work
}

// near says that w lies strictly between the ends of s and within mergeUnits of its line.
func (t *triangulation) near(s stretch, w int32) bool {
	u, v, p := t.points[s.u], t.points[s.v], t.points[w]
	if w == s.u || w == s.v || dot(u, v, p) <= 0 || dot(v, u, p) <= 0 {
		return false
	}
	d := float64(orient(u, v, p))
	return d*d <= mergeUnits*mergeUnits*float64(distance2(u, v))
}

// cross resolves the crossing of s with the constrained half-edge e.
func (t *triangulation) cross(s stretch, e int32, work []stretch) []stretch {
	a, b, list := t.org[e], t.dest(e), t.con[e]
	other := stretch{a, b, list, s.depth}
	at := none
	switch {
	case t.near(other, s.u):
		at = s.u
	case t.near(other, s.v):
		at = s.v
	}
	t.setOwners(e, none)
	if at == none {
		t.last = e
		at = t.insert(t.meet(s, other))
	}
	depth := s.depth + 1
	for _, part := range [4]stretch{{a, at, list, depth}, {at, b, list, depth}, {s.u, at, s.list, depth}, {at, s.v, s.list, depth}} {
		if part.u != part.v {
			work = append(work, part)
		}
	}
	return work
}

// meet is the lattice place nearest to the crossing of two stretches.
func (t *triangulation) meet(s, o stretch) point {
	p, q := t.points[o.u], t.points[o.v]
	du, dv := float64(t.turn(s.u, s.v, o.u)), float64(t.turn(s.u, s.v, o.v))
	f := du / (du - dv)
	return point{
		int32(math.Round(float64(p.x) + f*float64(q.x-p.x))),
		int32(math.Round(float64(p.y) + f*float64(q.y-p.y))),
	}
}

// force makes s an edge by flipping the free edges that cross it (Sloan 1993), then restores the Delaunay
// property of the new ones.
func (t *triangulation) force(s stretch, crossed [][2]int32) {
	var fresh [][2]int32
	for head, budget := 0, 64*len(crossed)*len(crossed)+64; head < len(crossed) && budget > 0; head, budget = head+1, budget-1 {
		pair := crossed[head]
		h := t.find(pair[0], pair[1])
		if h == none {
			continue
		}
		if !t.convex(h) {
			crossed = append(crossed, pair)
			continue
		}
		c, d := t.apex(h), t.apex(t.twin[h])
		t.flip(h)
		tc, td := t.turn(s.u, s.v, c), t.turn(s.u, s.v, d)
		if c != s.u && c != s.v && d != s.u && d != s.v && (tc < 0) != (td < 0) {
			crossed = append(crossed, [2]int32{c, d})
		} else {
			fresh = append(fresh, [2]int32{c, d})
		}
	}
	for pass := 0; pass < 4; pass++ {
		swapped := false
		for i, pair := range fresh {
			if pair == [2]int32{s.u, s.v} || pair == [2]int32{s.v, s.u} {
				continue
			}
			h := t.find(pair[0], pair[1])
			if h == none || !t.wantsFlip(h) {
				continue
			}
			c, d := t.apex(h), t.apex(t.twin[h])
			t.flip(h)
			fresh[i], swapped = [2]int32{c, d}, true
		}
		if !swapped {
			return
		}
	}
}
