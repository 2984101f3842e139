package generate

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/paulmach/orb"
)

// The land is laid out in rectangles of one county each. A rectangle is 1,536
// elevation pixels of one arc second; units are drawn on a lattice of 4 pixels,
// roads are found on a grid of 2 pixels, both with a margin around the rectangle
// because a county's border strays from it.
const (
	originLon = 122.75
	originLat = 29.0
	pixels    = 1536
	lattice   = pixels / 4
	margin    = 12
	latN      = lattice + 2*margin // lattice cells per side, margin included
	gridN     = 2 * latN           // road grid cells per side
	mPerLat   = 110850.0
	mPerLon   = 97174.0 // at 29.2° N, used for the whole plane
	latDX     = 4.0 / 3600 * mPerLon
	latDY     = 4.0 / 3600 * mPerLat
	cellW     = lattice * latDX
	cellH     = lattice * latDY
)

// pt is a point in a county's plane, metres.
type pt struct{ X, Y float64 }

func (a pt) add(b pt) pt             { return pt{a.X + b.X, a.Y + b.Y} }
func (a pt) sub(b pt) pt             { return pt{a.X - b.X, a.Y - b.Y} }
func (a pt) mul(k float64) pt        { return pt{a.X * k, a.Y * k} }
func (a pt) len() float64            { return math.Hypot(a.X, a.Y) }
func (a pt) dist(b pt) float64       { return math.Hypot(a.X-b.X, a.Y-b.Y) }
func (a pt) lerp(b pt, t float64) pt { return pt{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t} }
func (a pt) left() pt                { return pt{-a.Y, a.X} }
func (a pt) unit() pt {
	l := a.len()
	if l == 0 {
		return pt{1, 0}
	}
	return pt{a.X / l, a.Y / l}
}

func polar(angle, r float64) pt { return pt{r * math.Cos(angle), r * math.Sin(angle)} }

// round7 rounds degrees to the 1e-7 grid of OSM, the resolution of every file.
func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

// lonLat turns a point of the county rectangle (col, row) into degrees.
func (c *county) lonLat(p pt) orb.Point {
	return orb.Point{
		round7(originLon + (p.X+float64(c.col)*cellW)/mPerLon),
		round7(originLat + (p.Y+float64(c.row)*cellH)/mPerLat),
	}
}

// random gives an independent stream for one purpose in one place.
func random(seed int64, keys ...string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(strconv.FormatInt(seed, 10)))
	for _, k := range keys {
		h.Write([]byte{0})
		h.Write([]byte(k))
	}
	s := h.Sum64()
	return rand.New(rand.NewPCG(s, s*0x9E3779B97F4A7C15+1))
}

// between is uniform in [lo, hi).
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// hash2 is a fixed pseudo-random value in [0,1) of two integers.
func hash2(seed uint64, x, y int) float64 {
	h := seed ^ uint64(int64(x))*0x9E3779B97F4A7C15 ^ uint64(int64(y))*0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	h *= 0x94D049BB133111EB
	h ^= h >> 29
	return float64(h>>11) / (1 << 53)
}

// noise is smooth value noise in [-1,1] with features one unit wide.
func noise(seed uint64, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	a, b := hash2(seed, ix, iy), hash2(seed, ix+1, iy)
	c, d := hash2(seed, ix, iy+1), hash2(seed, ix+1, iy+1)
	return 2*(a+(b-a)*u+(c-a)*v+(a-b-c+d)*u*v) - 1
}

// fractal sums octaves of noise, in about [-1,1].
func fractal(seed uint64, x, y float64, octaves int) float64 {
	s, a, n := 0.0, 1.0, 0.0
	for i := range octaves {
		s += a * noise(seed+uint64(i)*7919, x, y)
		n += a
		a /= 2
		x, y = x*2.03+17.1, y*2.03-9.7
	}
	return s / n
}

func smoothstep(lo, hi, v float64) float64 {
	t := math.Max(0, math.Min(1, (v-lo)/(hi-lo)))
	return t * t * (3 - 2*t)
}

// nearestOn returns the distance from p to the line, the place along it in
// points (2.5 = half-way from point 2 to point 3) and the nearest point.
func nearestOn(line []pt, p pt) (dist, at float64, q pt) {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a := line[i-1]
		dx, dy := line[i].X-a.X, line[i].Y-a.Y
		wx, wy := p.X-a.X, p.Y-a.Y
		t := 0.0
		if l2 := dx*dx + dy*dy; l2 > 0 {
			t = max(0, min(1, (wx*dx+wy*dy)/l2))
		}
		ex, ey := wx-t*dx, wy-t*dy
		if e := ex*ex + ey*ey; e < best {
			best, at, q = e, float64(i-1)+t, pt{a.X + t*dx, a.Y + t*dy}
		}
	}
	return math.Sqrt(best), at, q
}
