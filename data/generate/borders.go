package generate

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// borders turns labelled lattice cells into polygons that share their borders
// exactly. Lattice corners are the vertices of every level; they are moved
// together, each by less than half a cell, so that no border can cross another.
type borders struct {
	w, h   int
	levels [][]int32 // labels per cell, the coarsest level first
	at     []pt      // moved corners in cells, (w+1) × (h+1)
}

func newBorders(w, h int, levels ...[]int32) *borders {
	b := &borders{w: w, h: h, levels: levels, at: make([]pt, (w+1)*(h+1))}
	b.smooth()
	return b
}

func (b *borders) cell(level, i, j int) int32 {
	i, j = max(0, min(b.w-1, i)), max(0, min(b.h-1, j))
	return b.levels[level][j*b.w+i]
}

// smooth relaxes every corner towards its two neighbours along the coarsest
// border it lies on. Corners where borders of that level meet stay where they are.
func (b *borders) smooth() {
	stride := b.w + 1
	type link struct{ a, b int32 }
	links := map[int32]link{}
	var order []int32
	for j := 0; j <= b.h; j++ {
		for i := 0; i <= b.w; i++ {
			v := int32(j*stride + i)
			b.at[v] = pt{float64(i), float64(j)}
			for level := range b.levels {
				sw, se := b.cell(level, i-1, j-1), b.cell(level, i, j-1)
				nw, ne := b.cell(level, i-1, j), b.cell(level, i, j)
				var n [4]int32
				k := 0
				if se != ne {
					n[k] = v + 1
					k++
				}
				if sw != nw {
					n[k] = v - 1
					k++
				}
				if nw != ne {
					n[k] = v + int32(stride)
					k++
				}
				if sw != se {
					n[k] = v - int32(stride)
					k++
				}
				if k == 0 {
					continue
				}
				if k == 2 && i > 0 && j > 0 && i < b.w && j < b.h {
					links[v] = link{n[0], n[1]}
					order = append(order, v)
				}
				break
			}
		}
	}
	for range 3 {
		next := make([]pt, len(order))
		for n, v := range order {
			l := links[v]
			p := b.at[v].mul(0.4).add(b.at[l.a].mul(0.3)).add(b.at[l.b].mul(0.3))
			home := pt{float64(int(v) % stride), float64(int(v) / stride)}
			d := p.sub(home)
			next[n] = home.add(pt{math.Max(-0.45, math.Min(0.45, d.X)), math.Max(-0.45, math.Min(0.45, d.Y))})
		}
		for n, v := range order {
			b.at[v] = next[n]
		}
	}
}

// trace gives the polygons of every label of a level (or of labels grouped by
// group), outer rings counter-clockwise, as corner numbers.
func (b *borders) trace(level int, group func(int32) int32) map[int32][][]int32 {
	stride := int32(b.w + 1)
	edges := map[int32]map[int32][]int32{}
	add := func(l, from, to int32) {
		m := edges[l]
		if m == nil {
			m = map[int32][]int32{}
			edges[l] = m
		}
		m[from] = append(m[from], to)
	}
	get := func(i, j int) int32 {
		if i < 0 || j < 0 || i >= b.w || j >= b.h {
			return 0
		}
		return group(b.levels[level][j*b.w+i])
	}
	for j := range b.h {
		for i := range b.w {
			l := get(i, j)
			if l <= 0 {
				continue
			}
			sw := int32(j)*stride + int32(i)
			se, nw, ne := sw+1, sw+stride, sw+stride+1
			if get(i, j-1) != l {
				add(l, sw, se)
			}
			if get(i+1, j) != l {
				add(l, se, ne)
			}
			if get(i, j+1) != l {
				add(l, ne, nw)
			}
			if get(i-1, j) != l {
				add(l, nw, sw)
			}
		}
	}
	out := map[int32][][]int32{}
	for l, m := range edges {
		starts := make([]int32, 0, len(m))
		for s := range m {
			starts = append(starts, s)
		}
		sort.Slice(starts, func(a, c int) bool { return starts[a] < starts[c] })
		for _, s := range starts {
			for len(m[s]) > 0 {
				walk := []int32{s}
				for v := s; ; {
					n := m[v][0]
					m[v] = m[v][1:]
					v = n
					if v == s {
						break
					}
					walk = append(walk, v)
				}
				out[l] = append(out[l], simpleRings(walk)...)
			}
		}
	}
	return out
}

// simpleRings cuts a closed walk that touches itself into rings that do not.
func simpleRings(walk []int32) [][]int32 {
	var out [][]int32
	var stack []int32
	seen := map[int32]int{}
	for _, v := range append(walk, walk[0]) {
		if k, ok := seen[v]; ok {
			ring := append([]int32(nil), stack[k:]...)
			for _, u := range ring {
				delete(seen, u)
			}
			stack = stack[:k]
			if len(ring) > 2 {
				out = append(out, ring)
			}
		}
		seen[v] = len(stack)
		stack = append(stack, v)
	}
	return out
}

// polygons joins rings into polygons: every hole goes to the smallest outer
// ring around it. project turns a corner in cells into degrees.
func (b *borders) polygons(rings [][]int32, project func(pt) orb.Point) orb.MultiPolygon {
	var out orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		ring := make(orb.Ring, 0, len(r)+1)
		for _, v := range r {
			ring = append(ring, project(b.at[v]))
		}
		ring = append(ring, ring[0])
		if ringArea(ring) > 0 {
			out = append(out, orb.Polygon{ring})
		} else {
			holes = append(holes, ring)
		}
	}
	for _, h := range holes {
		best, area := -1, math.Inf(1)
		mid := orb.Point{(h[0][0] + h[1][0]) / 2, (h[0][1] + h[1][1]) / 2}
		for i, p := range out {
			if a := ringArea(p[0]); a < area && a > -ringArea(h) && inRing(p[0], mid) {
				best, area = i, a
			}
		}
		if best >= 0 {
			out[best] = append(out[best], h)
		}
	}
	return out
}

// ringArea is the signed area in square degrees, positive counter-clockwise.
func ringArea(r orb.Ring) float64 {
	s := 0.0
	for i := 1; i < len(r); i++ {
		s += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return s / 2
}

func inRing(r orb.Ring, p orb.Point) bool {
	in := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		if (r[i][1] > p[1]) != (r[j][1] > p[1]) && p[0] < (r[j][0]-r[i][0])*(p[1]-r[i][1])/(r[j][1]-r[i][1])+r[i][0] {
			in = !in
		}
	}
	return in
}

// inside tells whether p lies in the polygons, borders aside.
func inside(mp orb.MultiPolygon, p orb.Point) bool {
	for _, poly := range mp {
		if !inRing(poly[0], p) {
			continue
		}
		in := true
		for _, h := range poly[1:] {
			if inRing(h, p) {
				in = false
			}
		}
		if in {
			return true
		}
	}
	return false
}
