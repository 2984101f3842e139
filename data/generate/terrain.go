package generate

import "math"

// valley is a watercourse with the flat floor beside it.
type valley struct {
	line  []pt      // upstream to downstream
	floor []float64 // elevation of the floor at each point, metres
	half  []float64 // half width of the floor, metres
	main  bool
	name  string
}

// terrain is the land of one county rectangle and its margin.
type terrain struct {
	seed    uint64
	col     int
	row     int
	coastal bool
	gates   [2]bool  // the main river comes from a county in the west, goes to one in the east
	valleys []valley // the main river first
	lakes   []lake
	islands []island
	h       []float32 // gridN × gridN, metres above the sea; the sea is ≤ 0
	dist    []float32 // latN × latN: metres beyond the nearest valley floor (negative inside)
	river   []float32 // gridN × gridN: metres to the bank of the main river (negative in it)
}

// lake is a reservoir: a widened stretch of a branch valley.
type lake struct {
	line  []pt
	half  []float64
	level float64
	name  string
}

type island struct {
	c      pt
	rx, ry float64
	peak   float64
}

// gridPt is the middle of a road grid cell, latPt of a lattice cell.
func gridPt(i, j int) pt {
	return pt{(float64(i) + 0.5 - 2*margin) * latDX / 2, (float64(j) + 0.5 - 2*margin) * latDY / 2}
}
func latPt(i, j int) pt {
	return pt{(float64(i) + 0.5 - margin) * latDX, (float64(j) + 0.5 - margin) * latDY}
}
func gridOf(p pt) (i, j int) {
	return int(math.Floor(p.X/latDX*2)) + 2*margin, int(math.Floor(p.Y/latDY*2)) + 2*margin
}
func latOf(p pt) (i, j int) {
	return int(math.Floor(p.X/latDX)) + margin, int(math.Floor(p.Y/latDY)) + margin
}

// coastX is the shore of the mainland at global northing y, metres east of the
// coastal rectangle's western edge.
func coastX(seed uint64, y float64) float64 {
	return 31000 + 2600*noise(seed+11, 0, y/8200) + 800*noise(seed+12, 3, y/2300) + 260*noise(seed+13, 5, y/800)
}

// shore is the signed distance (about) to the shore: positive on land.
func (t *terrain) shore(p pt) float64 {
	if !t.coastal {
		return 1e6
	}
	s := coastX(t.seed, p.Y+float64(t.row)*cellH) - p.X
	for _, is := range t.islands {
		dx, dy := (p.X-is.c.X)/is.rx, (p.Y-is.c.Y)/is.ry
		r := math.Hypot(dx, dy)
		if r > 1.28 {
			continue // beyond the farthest cape
		}
		w := 1 + 0.28*fractal(t.seed+21, p.X/1900, p.Y/1900, 3)
		s = math.Max(s, (w-r)*math.Min(is.rx, is.ry))
	}
	return s
}

func (t *terrain) onIsland(p pt) int {
	for k, is := range t.islands {
		if math.Hypot((p.X-is.c.X)/is.rx, (p.Y-is.c.Y)/is.ry) < 1.5 {
			return k
		}
	}
	return -1
}

// build computes the distance to valleys and the elevations.
func (t *terrain) build() {
	t.dist = make([]float32, latN*latN)
	floor := make([]float32, latN*latN)
	boxes := make([]bound, len(t.valleys))
	widest := make([]float64, len(t.valleys))
	for n, v := range t.valleys {
		boxes[n] = bound{v.line[0], v.line[0]}
		for k, p := range v.line {
			boxes[n].lo = pt{math.Min(boxes[n].lo.X, p.X), math.Min(boxes[n].lo.Y, p.Y)}
			boxes[n].hi = pt{math.Max(boxes[n].hi.X, p.X), math.Max(boxes[n].hi.Y, p.Y)}
			widest[n] = math.Max(widest[n], v.half[k])
		}
	}
	measure := func(n int, p pt) (float64, float64) {
		v := &t.valleys[n]
		d, at, _ := nearestOn(v.line, p)
		k := min(int(at), len(v.line)-2)
		f := at - float64(k)
		return d - v.half[k] - (v.half[k+1]-v.half[k])*f, v.floor[k] + (v.floor[k+1]-v.floor[k])*f
	}
	last := 0
	for j := range latN {
		for i := range latN {
			p := latPt(i, j)
			first := last
			best, fl := measure(first, p)
			for n, box := range boxes {
				// A valley whose box is farther than the best cannot win.
				dx := math.Max(0, math.Max(box.lo.X-p.X, p.X-box.hi.X))
				dy := math.Max(0, math.Max(box.lo.Y-p.Y, p.Y-box.hi.Y))
				if n == first || math.Hypot(dx, dy)-widest[n] > best {
					continue
				}
				if d, f := measure(n, p); d < best || d == best && n < last {
					best, fl, last = d, f, n
				}
			}
			t.dist[j*latN+i], floor[j*latN+i] = float32(best), float32(fl)
		}
	}
	t.h = make([]float32, gridN*gridN)
	t.river = make([]float32, gridN*gridN)
	for j := range gridN {
		for i := range gridN {
			p := gridPt(i, j)
			t.h[j*gridN+i] = float32(t.elevation(p, sample(t.dist, latN, float64(i)/2-0.25, float64(j)/2-0.25), sample(floor, latN, float64(i)/2-0.25, float64(j)/2-0.25)))
			t.river[j*gridN+i] = 1e6
		}
	}
	// Only the cells near the main river need their distance to it.
	main := t.valleys[0]
	for k := range main.line {
		ci, cj := gridOf(main.line[k])
		for j := max(0, cj-30); j < min(gridN, cj+30); j++ {
			for i := max(0, ci-30); i < min(gridN, ci+30); i++ {
				if d := float32(gridPt(i, j).dist(main.line[k]) - t.riverHalf(float64(k))); d < t.river[j*gridN+i] {
					t.river[j*gridN+i] = d
				}
			}
		}
	}
}

// elevation raises ridges away from the valley floors, lowers them towards the
// sea, and drowns what lies beyond the shore.
func (t *terrain) elevation(p pt, beyond, floor float64) float64 {
	gx, gy := p.X+float64(t.col)*cellW, p.Y+float64(t.row)*cellH
	s := t.shore(p)
	if s <= 0 {
		return math.Max(-30, s/60-0.5)
	}
	west := 1.0
	if t.coastal {
		west = math.Max(0, 1-p.X/33000)
	}
	ridged := 1 - math.Abs(fractal(t.seed+31, gx/5200, gy/5200, 4))*1.7
	peak := (150 + 780*math.Pow(west, 0.8)) * (0.45 + 0.55*math.Max(0, ridged))
	plain := 1.0
	if t.coastal {
		for _, is := range t.islands {
			r := math.Hypot((p.X-is.c.X)/is.rx, (p.Y-is.c.Y)/is.ry)
			if r < 1.5 {
				return 1.5 + is.peak*math.Pow(smoothstep(1.0, 0.1, r), 1.2)*(0.6+0.5*fractal(t.seed+33, p.X/900, p.Y/900, 3)) + math.Min(3, s/100)
			}
		}
		plain = smoothstep(1500, 11000, s)
		hills := smoothstep(0.25, 0.7, noise(t.seed+35, gx/2600, gy/2600)) * smoothstep(900, 2600, s)
		plain = math.Max(plain*plain, hills*0.5)
	}
	up := smoothstep(-60, 2600, beyond)
	rough := 5 * fractal(t.seed+37, gx/260, gy/260, 2) * smoothstep(0, 400, beyond)
	h := floor + 1.2 + 0.8*noise(t.seed+39, gx/700, gy/700) + math.Pow(up, 1.1)*peak*plain + rough*plain
	return math.Max(0.6, h)
}

// sample reads a square grid with bilinear interpolation.
func sample(g []float32, n int, x, y float64) float64 {
	x, y = math.Max(0, math.Min(float64(n-1)-1e-6, x)), math.Max(0, math.Min(float64(n-1)-1e-6, y))
	i, j := int(x), int(y)
	u, v := x-float64(i), y-float64(j)
	a, b := float64(g[j*n+i]), float64(g[j*n+i+1])
	c, d := float64(g[(j+1)*n+i]), float64(g[(j+1)*n+i+1])
	return a*(1-u)*(1-v) + b*u*(1-v) + c*(1-u)*v + d*u*v
}

// height is the elevation at p in metres; slope the steepest rise per metre.
func (t *terrain) height(p pt) float64 {
	return sample(t.h, gridN, p.X/latDX*2+2*margin-0.5, p.Y/latDY*2+2*margin-0.5)
}

func (t *terrain) slope(p pt) float64 {
	const d = 40
	dx := (t.height(pt{p.X + d, p.Y}) - t.height(pt{p.X - d, p.Y})) / (2 * d)
	dy := (t.height(pt{p.X, p.Y + d}) - t.height(pt{p.X, p.Y - d})) / (2 * d)
	return math.Hypot(dx, dy)
}

// beyond is the distance to the nearest valley floor, negative on the floor.
func (t *terrain) beyond(p pt) float64 {
	return sample(t.dist, latN, p.X/latDX+margin-0.5, p.Y/latDY+margin-0.5)
}

// wet tells whether p lies in the main river, a reservoir or the sea; clear is
// the distance to keep from them.
func (t *terrain) wet(p pt, clear float64) bool {
	if t.coastal && t.shore(p) < clear {
		return true
	}
	if t.toRiver(p) < clear {
		return true
	}
	for _, l := range t.lakes {
		d, at, _ := nearestOn(l.line, p)
		if d < lerpAt(l.half, at)+clear {
			return true
		}
	}
	return false
}

// toRiver is the distance to the bank of the main river, exact where it matters.
func (t *terrain) toRiver(p pt) float64 {
	if t.gates[0] && p.X < 0 {
		return min(400, math.Abs(p.Y-gateY)-riverOut)
	}
	if t.gates[1] && p.X > cellW {
		return min(400, math.Abs(p.Y-gateY)-riverIn)
	}
	i, j := gridOf(p)
	if i < 0 || j < 0 || i >= gridN || j >= gridN || t.river[j*gridN+i] > 400 {
		return 400
	}
	d, at, _ := nearestOn(t.valleys[0].line, p)
	return d - t.riverHalf(at)
}

// nearRiver tells whether a straight street comes closer to the main river than clear.
func (t *terrain) nearRiver(a, b pt, clear float64) bool {
	n := 1 + math.Ceil(a.dist(b)/10)
	for k := 0.5; k < n; k++ {
		if t.toRiver(a.lerp(b, k/n)) < clear {
			return true
		}
	}
	return false
}

func lerpAt(v []float64, at float64) float64 {
	k := min(int(at), len(v)-2)
	return v[k] + (v[k+1]-v[k])*(at-float64(k))
}
