package generate

import (
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
)

// patch is a built-up place whose streets follow one direction field.
type patch struct {
	discs  []disc
	angle  float64
	urban  bool
	along  float64 // spacing of streets along the field, metres
	across float64
}

type disc struct {
	c pt
	r float64
}

// layTowns draws the streets of towns, villages and hamlets: streamlines of a
// direction field that turns with the valley, cut into irregular blocks, with
// lanes, yards and dead ends.
func (c *county) layTowns() []street {
	var out []street
	seat := patch{urban: true, along: 86, across: 98}
	for t, p := range c.plan.townships {
		if p.role == roleSeat {
			seat.discs = append(seat.discs, disc{c.centres[t], 900})
		}
	}
	for i := range c.villages {
		if v := &c.villages[i]; v.community && c.plan.townships[v.township].role == roleSeat {
			seat.discs = append(seat.discs, disc{v.site, 520})
		}
	}
	seat.angle = c.bearing(c.centres[0])
	out = append(out, c.trace(seat, "seat")...)
	for t, p := range c.plan.townships {
		if p.role == roleSeat {
			continue
		}
		town := patch{urban: true, along: 82, across: 94, angle: c.bearing(c.centres[t])}
		radius := 430.0
		if p.role == roleHill || p.role == roleIsland {
			radius = 230
		}
		town.discs = append(town.discs, disc{c.centres[t], radius})
		for i := range c.villages {
			if v := &c.villages[i]; v.community && v.township == t {
				town.discs = append(town.discs, disc{v.site, 400})
			}
		}
		out = append(out, c.trace(town, p.code)...)
	}
	for i := range c.villages {
		v := &c.villages[i]
		if v.community {
			continue
		}
		for k, h := range v.hamlets {
			p := patch{discs: []disc{{h.at, h.radius}}, angle: c.bearing(h.at), along: 66, across: 80}
			out = append(out, c.trace(p, v.code+"."+strconv.Itoa(k))...)
		}
	}
	return out
}

// bearing is the direction of the nearest valley at p.
func (c *county) bearing(p pt) float64 {
	best, angle := math.Inf(1), 0.4
	for _, v := range c.land.valleys {
		if d, at, _ := nearestOn(v.line, p); d < best {
			k := int(at)
			e := v.line[min(k+3, len(v.line)-1)].sub(v.line[max(0, k-2)])
			best, angle = d, math.Atan2(e.Y, e.X)
		}
	}
	return angle
}

func (p patch) in(q pt) float64 { // 1 in the middle, 0 at the edge, negative outside
	best := -1.0
	for _, d := range p.discs {
		best = math.Max(best, 1-q.dist(d.c)/d.r)
	}
	return best
}

// dots is a set of points that answers whether one is near.
type dots struct {
	cell float64
	m    map[[2]int][]dot
}

type dot struct {
	p  pt
	id int
}

func newDots(cell float64) *dots { return &dots{cell, map[[2]int][]dot{}} }

func (d *dots) add(p pt, id int) {
	k := [2]int{int(math.Floor(p.X / d.cell)), int(math.Floor(p.Y / d.cell))}
	d.m[k] = append(d.m[k], dot{p, id})
}

func (d *dots) near(p pt, r float64, but int) bool {
	n := int(math.Ceil(r / d.cell))
	x, y := int(math.Floor(p.X/d.cell)), int(math.Floor(p.Y/d.cell))
	for i := x - n; i <= x+n; i++ {
		for j := y - n; j <= y+n; j++ {
			for _, e := range d.m[[2]int{i, j}] {
				if e.id != but && e.p.dist(p) < r {
					return true
				}
			}
		}
	}
	return false
}

const (
	stride   = 14.0 // metres per step of a streamline
	steepest = 0.33 // slope beyond which no street of a settlement is laid
)

// trace draws the streets of one patch.
func (c *county) trace(p patch, key string) []street {
	r := c.random("streets" + key)
	field := uint64(r.Uint32())
	swirl, scale := 0.55, 520.0
	if p.urban {
		swirl, scale = 0.75, 1150
	}
	angle := func(q pt) float64 { return p.angle + swirl*fractal(field, q.X/scale, q.Y/scale, 2) }
	lo, hi := pt{math.Inf(1), math.Inf(1)}, pt{math.Inf(-1), math.Inf(-1)}
	for _, d := range p.discs {
		lo = pt{math.Min(lo.X, d.c.X-d.r), math.Min(lo.Y, d.c.Y-d.r)}
		hi = pt{math.Max(hi.X, d.c.X+d.r), math.Max(hi.Y, d.c.Y+d.r)}
	}
	ok := func(q pt) bool {
		edge := p.in(q) + 0.16*noise(field+3, q.X/170, q.Y/170)
		return edge > 0 && !c.land.wet(q, 22) && c.land.slope(q) < steepest
	}
	var out []street
	fams := [2]*dots{newDots(60), newDots(60)}
	id := 0
	pass := func(family int, gap float64, class string, shortest float64) {
		var seeds []pt
		for x := lo.X; x < hi.X; x += gap * 0.8 {
			for y := lo.Y; y < hi.Y; y += gap * 0.8 {
				seeds = append(seeds, pt{x + gap*0.5*r.Float64(), y + gap*0.5*r.Float64()})
			}
		}
		r.Shuffle(len(seeds), func(a, b int) { seeds[a], seeds[b] = seeds[b], seeds[a] })
		if len(p.discs) > 0 {
			seeds = append([]pt{p.discs[0].c}, seeds...)
		}
		for _, s := range seeds {
			if !ok(s) || fams[family].near(s, gap, -1) {
				continue
			}
			id++
			var halves [2][]pt
			for side := range 2 {
				q := s
				for range 400 {
					a := angle(q) + float64(family)*math.Pi/2 + float64(side)*math.Pi
					q = q.add(polar(a, stride))
					if !ok(q) || fams[family].near(q, gap*0.62, id) {
						break
					}
					halves[side] = append(halves[side], q)
				}
			}
			var line []pt
			for k := len(halves[1]) - 1; k >= 0; k-- {
				line = append(line, halves[1][k])
			}
			line = append(append(line, s), halves[0]...)
			if float64(len(line))*stride < shortest {
				continue
			}
			for _, q := range line {
				fams[family].add(q, id)
			}
			out = append(out, c.cut(r, simplify(line, 1.2), class, p.urban)...)
		}
	}
	if p.urban {
		pass(0, 430, "tertiary", 300)
		pass(1, 470, "tertiary", 300)
		pass(0, p.along, "residential", 90)
		pass(1, p.across, "residential", 90)
	} else {
		pass(0, p.along, "residential", 50)
		pass(1, p.across, "service", 45)
	}
	return append(out, c.yards(r, out, p)...)
}

// cut takes pieces out of minor streets, so that blocks merge, crossings become
// T-junctions and some streets end.
func (c *county) cut(r *rand.Rand, line []pt, class string, urban bool) []street {
	if class == "tertiary" {
		return []street{{line: line, class: class}}
	}
	keep, drop := between(r, 240, 700), between(r, 90, 170)
	if !urban {
		keep, drop = between(r, 110, 330), between(r, 50, 90)
	}
	if r.Float64() < 0.3 {
		keep *= 2
	}
	var out []street
	run := []pt{line[0]}
	left, on := keep*r.Float64()+60, true
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for d := a.dist(b); d > 0; d = a.dist(b) {
			if d < left {
				left -= d
				a = b
				if on {
					run = append(run, b)
				}
				break
			}
			a = a.lerp(b, left/d)
			if on {
				run = append(run, a)
				out = append(out, street{line: run, class: class})
				left = drop
			} else {
				left = keep
			}
			on = !on
			run = []pt{a}
		}
	}
	if on && len(run) > 1 {
		out = append(out, street{line: run, class: class})
	}
	// Short pieces are lanes; a few are for pedestrians or steps.
	for i := range out {
		l := lineLength(out[i].line)
		up := math.Abs(c.land.height(out[i].line[0]) - c.land.height(out[i].line[len(out[i].line)-1]))
		switch {
		case up/l > 0.16 && l < 250:
			out[i].class = "steps"
		case l < 130 && r.Float64() < 0.5:
			out[i].class = "footway"
		case l < 260 && r.Float64() < 0.4:
			out[i].class = "living_street"
		case class == "residential" && urban && r.Float64() < 0.07:
			out[i].oneway = true
		}
	}
	return out
}

// yards adds the ways into residential quarters and courtyards: short, bent,
// mostly dead ends, some through to the next street.
func (c *county) yards(r *rand.Rand, streets []street, p patch) []street {
	var out []street
	every, share := 74.0, 0.72
	if !p.urban {
		every, share = 62.0, 0.5
	}
	for _, s := range streets {
		if s.class == "steps" {
			continue
		}
		left := between(r, 20, every)
		for i := 1; i < len(s.line); i++ {
			a, b := s.line[i-1], s.line[i]
			dir := b.sub(a).unit()
			for d := a.dist(b); d >= left; d = a.dist(b) {
				a = a.lerp(b, left/d)
				left = between(r, 0.6*every, 1.5*every)
				if r.Float64() > share {
					continue
				}
				n := dir.left()
				if r.Float64() < 0.5 {
					n = n.mul(-1)
				}
				n = n.add(dir.mul(between(r, -0.3, 0.3))).unit()
				l := between(r, 30, 66)
				through := r.Float64() < 0.58
				if through {
					l = between(r, 90, 125)
				}
				q := a.add(n.mul(l))
				bend := q.add(n.left().mul(between(r, -22, 22)))
				if c.land.wet(q, 10) || c.land.wet(bend, 10) {
					continue
				}
				class := "service"
				if through || r.Float64() < 0.4 {
					class = "footway"
				}
				out = append(out, street{line: []pt{a, a.add(n.mul(9)), q, bend}, class: class, yard: p.urban && class == "service"})
			}
			left -= a.dist(b)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return !out[a].yard && out[b].yard })
	return out
}

func lineLength(l []pt) float64 {
	s := 0.0
	for i := 1; i < len(l); i++ {
		s += l[i].dist(l[i-1])
	}
	return s
}

// simplify drops points that lie within tol of the line without them.
func simplify(l []pt, tol float64) []pt {
	if len(l) < 3 {
		return l
	}
	worst, at := 0.0, 0
	for i := 1; i < len(l)-1; i++ {
		if d, _, _ := nearestOn([]pt{l[0], l[len(l)-1]}, l[i]); d > worst {
			worst, at = d, i
		}
	}
	if worst <= tol {
		return []pt{l[0], l[len(l)-1]}
	}
	left := simplify(l[:at+1], tol)
	return append(left[:len(left)-1:len(left)-1], simplify(l[at:], tol)...)
}
