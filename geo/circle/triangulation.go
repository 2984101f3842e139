package circle

import "slices"

// none marks an absent half-edge or an empty list of owners.
const none = int32(-1)

// mergeUnits is the distance in lattice units (about 3 cm) within which a place becomes an existing vertex,
// or a street that passes a vertex is led through it.
const mergeUnits = 3

// triangulation is a constrained Delaunay triangulation under construction. Half-edge 3t+i runs from
// vertex i of triangle t to vertex i+1, counter-clockwise.
type triangulation struct {
	cos    float64
	points []point
	out    []int32 // per vertex: a half-edge that leaves it
	org    []int32 // per half-edge: its origin
	twin   []int32 // per half-edge: the other side, none at the frame
	con    []int32 // per half-edge: list of owners, none when free
	owners []owner
	last   int32 // half-edge where the next search begins
	stack  []int32
	left   int // splits still allowed to the noding
}

// owner is a cell of an immutable list: a street or water line that runs along an edge.
type owner struct {
	id   int32
	next int32
}

func next(h int32) int32 {
	if h%3 == 2 {
		return h - 2
	}
	return h + 1
}

func prev(h int32) int32 {
	if h%3 == 0 {
		return h + 2
	}
	return h - 1
}

// newTriangulation begins with two triangles over the box.
func newTriangulation(low, high point, cos float64) *triangulation {
	t := &triangulation{cos: cos}
	t.points = []point{low, {high.x, low.y}, high, {low.x, high.y}}
	t.org = []int32{0, 1, 2, 0, 2, 3}
	t.twin = []int32{none, none, 3, 2, none, none}
	t.con = []int32{none, none, none, none, none, none}
	t.out = []int32{0, 1, 2, 5}
	return t
}

func (t *triangulation) dest(h int32) int32 { return t.org[next(h)] }
func (t *triangulation) apex(h int32) int32 { return t.org[prev(h)] }

func (t *triangulation) turn(a, b, c int32) int64 {
	return orient(t.points[a], t.points[b], t.points[c])
}

// newTriangle appends a triangle and gives its first half-edge.
func (t *triangulation) newTriangle() int32 {
	h := int32(len(t.org))
	t.org = append(t.org, 0, 0, 0)
	t.twin = append(t.twin, none, none, none)
	t.con = append(t.con, none, none, none)
	return h
}

// set writes half-edge h: its origin, the other side and the owners.
func (t *triangulation) set(h, org, twin, con int32) {
	t.org[h], t.twin[h], t.con[h] = org, twin, con
	t.out[org] = h
	if twin != none {
		t.twin[twin] = h
	}
}

// locate gives a half-edge of the triangle that holds p (its border included).
func (t *triangulation) locate(p point) int32 {
	h := t.last - t.last%3
	for step := int32(0); step < 1<<14; step++ {
		moved := false
		for i := int32(0); i < 3; i++ {
			e := h + (i+step)%3
			if orient(t.points[t.org[e]], t.points[t.dest(e)], p) < 0 && t.twin[e] != none {
				g := t.twin[e]
				h, moved = g-g%3, true
				break
			}
		}
		if !moved {
			return h
		}
	}
	// The walk can circle in a triangulation bent by constraints; look everywhere, which is rare.
	for h := int32(0); h < int32(len(t.org)); h += 3 {
		if orient(t.points[t.org[h]], t.points[t.org[h+1]], p) >= 0 && orient(t.points[t.org[h+1]], t.points[t.org[h+2]], p) >= 0 &&
			orient(t.points[t.org[h+2]], t.points[t.org[h]], p) >= 0 {
			return h
		}
	}
	return t.last - t.last%3
}

// insert gives the vertex at p: an existing one within mergeUnits, else a new one.
func (t *triangulation) insert(p point) int32 {
	h := t.locate(p)
	t.last = h
	on := none
	for i := int32(0); i < 3; i++ {
		if distance2(t.points[t.org[h+i]], p) <= mergeUnits*mergeUnits {
			return t.org[h+i]
		}
		if orient(t.points[t.org[h+i]], t.points[t.dest(h+i)], p) == 0 {
			on = h + i
		}
	}
	v := int32(len(t.points))
	t.points = append(t.points, p)
	t.out = append(t.out, none)
	if on != none {
		t.splitEdge(on, v)
	} else {
		t.splitTriangle(h, v)
	}
	t.legalise()
	return v
}

func (t *triangulation) splitTriangle(h, v int32) {
	a, b, c := t.org[h], t.org[h+1], t.org[h+2]
	tb, cb := t.twin[h+1], t.con[h+1]
	tc, cc := t.twin[h+2], t.con[h+2]
	i, j := t.newTriangle(), t.newTriangle()
	t.set(h, a, t.twin[h], t.con[h])
	t.set(i, b, tb, cb)
	t.set(j, c, tc, cc)
	t.set(h+1, b, none, none)
	t.set(i+1, c, none, none)
	t.set(j+1, a, none, none)
	t.set(h+2, v, j+1, none)
	t.set(i+2, v, h+1, none)
	t.set(j+2, v, i+1, none)
	t.stack = append(t.stack[:0], h, i, j)
}

// splitEdge puts v on half-edge h; both halves keep its owners.
func (t *triangulation) splitEdge(h, v int32) {
	g := t.twin[h]
	a, b, c, con := t.org[h], t.dest(h), t.apex(h), t.con[h]
	bc, bcCon := t.twin[next(h)], t.con[next(h)]
	ca, caCon := t.twin[prev(h)], t.con[prev(h)]
	t0, t1 := h-h%3, t.newTriangle()
	if g == none {
		t.set(t0, c, ca, caCon)
		t.set(t0+1, a, none, con)
		t.set(t0+2, v, none, none)
		t.set(t1, b, bc, bcCon)
		t.set(t1+1, c, t0+2, none)
		t.set(t1+2, v, none, con)
		t.stack = append(t.stack[:0], t0, t1)
		return
	}
	d := t.apex(g)
	ad, adCon := t.twin[next(g)], t.con[next(g)]
	db, dbCon := t.twin[prev(g)], t.con[prev(g)]
	t2, t3 := g-g%3, t.newTriangle()
	// Four triangles round v, each (outer edge, to v, from v).
	t.set(t0, c, ca, caCon)
	t.set(t0+1, a, none, con)
	t.set(t0+2, v, none, none)
	t.set(t1, b, bc, bcCon)
	t.set(t1+1, c, t0+2, none)
	t.set(t1+2, v, none, con)
	t.set(t2, a, ad, adCon)
	t.set(t2+1, d, none, none)
	t.set(t2+2, v, t0+1, con)
	t.set(t3, d, db, dbCon)
	t.set(t3+1, b, t1+2, con)
	t.set(t3+2, v, t2+1, none)
	t.stack = append(t.stack[:0], t0, t1, t2, t3)
}

// legalise flips the edges on the stack, each opposite the newest vertex, until all are Delaunay.
func (t *triangulation) legalise() {
	for len(t.stack) > 0 {
		h := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		if t.wantsFlip(h) {
			t.flip(h)
			h0 := h - h%3
			t.stack = append(t.stack, h0, t.twin[h0+1]+1)
		}
	}
}

// wantsFlip says whether h is free, in a convex quadrangle and not Delaunay.
func (t *triangulation) wantsFlip(h int32) bool {
	g := t.twin[h]
	if g == none || t.con[h] != none {
		return false
	}
	a, b, c, d := t.points[t.org[h]], t.points[t.dest(h)], t.points[t.apex(h)], t.points[t.apex(g)]
	return inCircle(t.cos, a, b, c, d) && t.convex(h)
}

func (t *triangulation) convex(h int32) bool {
	g := t.twin[h]
	c, d := t.apex(h), t.apex(g)
	return t.turn(t.org[h], d, c) > 0 && t.turn(t.dest(h), c, d) > 0
}

// flip turns the diagonal of the quadrangle a, d, b, c from h = a→b to d→c. Afterwards the triangle of h is
// (a, d, c) and its old neighbour (b, c, d), with the new diagonal as their second edges.
func (t *triangulation) flip(h int32) {
	g := t.twin[h]
	a, b, c, d := t.org[h], t.dest(h), t.apex(h), t.apex(g)
	bc, bcCon := t.twin[next(h)], t.con[next(h)]
	ca, caCon := t.twin[prev(h)], t.con[prev(h)]
	ad, adCon := t.twin[next(g)], t.con[next(g)]
	db, dbCon := t.twin[prev(g)], t.con[prev(g)]
	i, j := h-h%3, g-g%3
	t.set(i, a, ad, adCon)
	t.set(i+1, d, none, none)
	t.set(i+2, c, ca, caCon)
	t.set(j, b, bc, bcCon)
	t.set(j+1, c, i+1, none)
	t.set(j+2, d, db, dbCon)
}

// find gives the half-edge a→b, or none.
func (t *triangulation) find(a, b int32) int32 {
	first := t.out[a]
	for h := first; ; {
		if t.dest(h) == b {
			return h
		}
		h = t.twin[prev(h)]
		if h == first {
			return none
		}
		if h == none {
			break
		}
	}
	for h := t.twin[first]; h != none; { // the other way round, at the frame
		h = next(h)
		if t.dest(h) == b {
			return h
		}
		h = t.twin[h]
	}
	return none
}

// own adds the owners of list to the edge of h.
func (t *triangulation) own(h, list int32) {
	merged := t.con[h]
	if merged == none {
		merged = list
	} else {
		have := t.ids(merged, nil)
		for l := list; l != none; l = t.owners[l].next {
			if !slices.Contains(have, t.owners[l].id) {
				merged = t.newOwner(t.owners[l].id, merged)
			}
		}
	}
	t.setOwners(h, merged)
}

func (t *triangulation) setOwners(h, list int32) {
	t.con[h] = list
	if g := t.twin[h]; g != none {
		t.con[g] = list
	}
}

func (t *triangulation) newOwner(id, list int32) int32 {
	t.owners = append(t.owners, owner{id, list})
	return int32(len(t.owners) - 1)
}

func (t *triangulation) ids(list int32, into []int32) []int32 {
	for l := list; l != none; l = t.owners[l].next {
		into = append(into, t.owners[l].id)
	}
	return into
}
