package circle

import "math"

// gate is what a ring must pass: a stretch of a free edge with the reached side at its left end, or a point (a street's
// crossing, a bend) when both ends are equal.
type gate struct{ lx, ly, rx, ry float64 }

func (g gate) isPoint() bool               { return g.lx == g.rx && g.ly == g.ry }
func (g gate) at(f float64) (x, y float64) { return g.lx + f*(g.rx-g.lx), g.ly + f*(g.ry-g.ly) }

func rounded(x, y float64) point { return point{int32(math.Round(x)), int32(math.Round(y))} }

func side(ax, ay, bx, by, cx, cy float64) float64 { return (bx-ax)*(cy-ay) - (by-ay)*(cx-ax) }

// cone is what is seen from an apex through the gates so far.
type cone struct {
	ax, ay         float64
	lx, ly, rx, ry float64
	open           bool // no gate yet
}

// narrow looks through one more gate; false when no straight line passes.
func (c *cone) narrow(g gate) bool {
	if g.isPoint() && g.lx == c.ax && g.ly == c.ay {
		return false
	}
	if !g.isPoint() && side(c.ax, c.ay, g.lx, g.ly, g.rx, g.ry) >= 0 {
		return false // seen from behind or edge-on
	}
	if c.open {
		c.lx, c.ly, c.rx, c.ry, c.open = g.lx, g.ly, g.rx, g.ry, false
		return true
	}
	lx, ly, rx, ry := c.lx, c.ly, c.rx, c.ry
	if side(c.ax, c.ay, lx, ly, g.rx, g.ry) > 0 || side(c.ax, c.ay, rx, ry, g.lx, g.ly) < 0 {
		return false
	}
	// Behind the apex is not ahead of it.
	if (g.lx-c.ax)*(lx+rx-2*c.ax)+(g.ly-c.ay)*(ly+ry-2*c.ay) <= 0 && (g.rx-c.ax)*(lx+rx-2*c.ax)+(g.ry-c.ay)*(ly+ry-2*c.ay) <= 0 {
		return false
	}
	if side(c.ax, c.ay, lx, ly, g.lx, g.ly) < 0 {
		c.lx, c.ly = g.lx, g.ly
	}
	if side(c.ax, c.ay, rx, ry, g.rx, g.ry) > 0 {
		c.rx, c.ry = g.rx, g.ry
	}
	return true
}

// aim gives the place on gate g in the middle of what the cone sees of it.
func (c *cone) aim(g gate) (x, y float64) {
	if g.isPoint() {
		return g.lx, g.ly
	}
	hit := func(px, py, otherwise float64) float64 {
		l, r := side(c.ax, c.ay, px, py, g.lx, g.ly), side(c.ax, c.ay, px, py, g.rx, g.ry)
		if l == r {
			return otherwise
		}
		return max(0, min(1, l/(l-r)))
	}
	return g.at((hit(c.lx, c.ly, 0) + hit(c.rx, c.ry, 1)) / 2)
}

// thread draws a closed line with few vertices through the gates in order (greedy minimum-link path): it goes
// straight while a straight line passes, then turns on the last gate.
func thread(ring []gate, into []point) []point {
	start := 0 // the first of the points, else of the gates, by place: the ring does not depend on who drew it
	for i, g := range ring {
		if b := ring[start]; g.isPoint() != b.isPoint() && g.isPoint() || g.isPoint() == b.isPoint() && (g.lx < b.lx || g.lx == b.lx && g.ly < b.ly) {
			start = i
		}
	}
	n := len(ring)
	ax, ay := ring[start].at(0.5)
	first := rounded(ax, ay)
	into = append(into, first)
	ax, ay = float64(first.x), float64(first.y)
	c := cone{ax: ax, ay: ay, open: true}
	last := gate{}
	for i := 1; i <= n; {
		g := ring[(start+i)%n]
		if i == n {
			g = gate{ax, ay, ax, ay}
		}
		if c.narrow(g) {
			last = g
			i++
			continue
		}
		if c.open { // even the next gate cannot be seen: go to its middle
			last = g
			c.lx, c.ly, c.rx, c.ry = g.lx, g.ly, g.rx, g.ry
			i++
			if i > n {
				break
			}
			x, y := g.at(0.5)
			into = turn(into, x, y, &c)
			continue
		}
		x, y := c.aim(last)
		into = turn(into, x, y, &c)
	}
	return into
}

// turn adds a vertex and looks on from it.
func turn(into []point, x, y float64, c *cone) []point {
	p := rounded(x, y)
	if p != into[len(into)-1] {
		into = append(into, p)
	}
	*c = cone{ax: float64(p.x), ay: float64(p.y), open: true}
	return into
}

// plain draws the ring through the middle of every gate.
func plain(ring []gate, into []point) []point {
	for _, g := range ring {
		if p := rounded(g.at(0.5)); len(into) == 0 || p != into[len(into)-1] {
			into = append(into, p)
		}
	}
	return into
}
