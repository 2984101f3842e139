package generate

// span is a place where a bridge may cross the main river: the approach, the
// bank, the other bank and the other approach on one straight line across.
type span struct {
	line  []pt // 4 points
	cells []int32
	class string // of the first road that crosses, "" while none does
	name  string
}

// bridges makes the few places where roads may cross the main river. A bridge is
// one chain of cells from approach to approach, entered at its ends only, so that
// all roads that cross there share one deck.
func (n *roadNet) bridges() {
	main := n.c.land.valleys[0]
	for _, f := range []float64{0.10, 0.20, 0.345, 0.545, 0.605, 0.775} {
		k := int(f * float64(len(main.line)-1))
		d := main.line[k+1].sub(main.line[k-1]).unit().left()
		north, ok := n.abutment(main.line[k], d)
		south, also := n.abutment(main.line[k], d.mul(-1))
		if !ok || !also {
			continue // a bend or a reservoir leaves no room for the approach
		}
		s := span{line: []pt{north[1], north[0], south[0], south[1]}}
		s.cells = cellsBetween(n.cell(north[1]), n.cell(south[1]))
		last := len(s.cells) - 1
		for i, c := range s.cells {
			n.weight[c] = max(n.weight[c], 0.35)
			n.pinned[c] = true
			n.at[c] = north[1].lerp(south[1], float64(i)/float64(last))
			n.deck[c] = i > 0 && i < last
			if i > 0 {
				n.near[c] = append(n.near[c], s.cells[i-1])
				n.near[s.cells[i-1]] = append(n.near[s.cells[i-1]], c)
			}
		}
		n.spans = append(n.spans, s)
	}
}

// abutment walks from the river's middle in direction d to the bank and to the
// first place behind it where a road may run.
func (n *roadNet) abutment(mid, d pt) (points [2]pt, ok bool) {
	land := n.c.land
	s := 0.0
	for ; land.toRiver(mid.add(d.mul(s))) < 4; s += 2 {
		if s > 400 {
			return points, false
		}
	}
	points[0] = mid.add(d.mul(s))
	for end := s + 260; s < end; s += 10 {
		p := mid.add(d.mul(s))
		if k := n.cell(p); land.toRiver(p) > 40 && n.weight[k] > 0 && !n.deck[k] {
			points[1] = p
			return points, true
		}
	}
	return points, false
}

// cellsBetween is the line of road grid cells from a to b (Bresenham's), each a
// neighbour of the one before it and of no other.
func cellsBetween(a, b int32) []int32 {
	x, y, bx, by := a%gridN, a/gridN, b%gridN, b/gridN
	dx, dy := max(bx-x, x-bx), -max(by-y, y-by)
	sx, sy := int32(1), int32(1)
	if x > bx {
		sx = -1
	}
	if y > by {
		sy = -1
	}
	out := []int32{a}
	for e := dx + dy; x != bx || y != by; out = append(out, y*gridN+x) {
		twice := 2 * e
		if twice >= dy {
			e += dy
			x += sx
		}
		if twice <= dx {
			e += dx
			y += sy
		}
	}
	return out
}

// cross notes the first road, which is the greatest, on the bridges of its way.
func (n *roadNet) cross(cells []int32, class, name string) {
	for i := range n.spans {
		s := &n.spans[i]
		if s.class == "" && contains(cells, s.cells[len(s.cells)/2]) {
			s.class, s.name = class, name
		}
	}
}
