package circle

import (
	"math"

	"github.com/paulmach/orb"
)

const (
	unitsPerDegree = 1e7
	metresPerUnit  = 6371008.8 * math.Pi / 180 / unitsPerDegree // along a meridian
)

// point is a place on the lattice, in units of 1e-7 degree from the frame's centre.
type point struct{ x, y int32 }

// frame places the lattice on the Earth.
type frame struct {
	lon, lat int64   // centre, units
	cos, sin float64 // of the centre's latitude; cos: how much shorter an east-west unit is
}

func newFrame(b orb.Bound) frame {
	c := b.Center()
	return frame{
		lon: int64(math.Round(c[0] * unitsPerDegree)), lat: int64(math.Round(c[1] * unitsPerDegree)),
		cos: max(0.01, math.Cos(c[1]*math.Pi/180)), sin: math.Sin(c[1] * math.Pi / 180),
	}
}

func (f frame) to(p orb.Point) point {
	return point{int32(int64(math.Round(p[0]*unitsPerDegree)) - f.lon), int32(int64(math.Round(p[1]*unitsPerDegree)) - f.lat)}
}

func (f frame) from(p point) orb.Point {
	return orb.Point{float64(int64(p.x)+f.lon) / unitsPerDegree, float64(int64(p.y)+f.lat) / unitsPerDegree}
}

// metres is the ground length between two lattice places, good to 1 in 10⁴ within a province
// for the lengths of streets; it decides looks, never times.
func (f frame) metres(a, b point) float64 {
	const radian = math.Pi / 180 / unitsPerDegree
	d := (float64(a.y) + float64(b.y)) / 2 * radian // cos(lat+d) by its series: ten times faster, 1e-10 within a province
	cos := f.cos*(1-d*d/2*(1-d*d/12)) - f.sin*d*(1-d*d/6*(1-d*d/20))
	x, y := float64(b.x-a.x)*cos, float64(b.y-a.y)
	return math.Sqrt(x*x+y*y) * metresPerUnit
}

// orient is positive when a, b, c turn left; exact.
func orient(a, b, c point) int64 {
	return (int64(b.x)-int64(a.x))*(int64(c.y)-int64(a.y)) - (int64(b.y)-int64(a.y))*(int64(c.x)-int64(a.x))
}

func dot(o, a, b point) int64 {
	return (int64(a.x)-int64(o.x))*(int64(b.x)-int64(o.x)) + (int64(a.y)-int64(o.y))*(int64(b.y)-int64(o.y))
}

func distance2(a, b point) int64 { return dot(a, b, b) }

// inCircle says whether d lies inside the circle through a, b, c (turning left), with east-west
// units shortened by cos. Rounding may err on nearly equal circles; only the triangles' shape hangs on it.
func inCircle(cos float64, a, b, c, d point) bool {
	ax, ay := float64(a.x-d.x)*cos, float64(a.y-d.y)
	bx, by := float64(b.x-d.x)*cos, float64(b.y-d.y)
	cx, cy := float64(c.x-d.x)*cos, float64(c.y-d.y)
	ab, bc, ca := ax*by-ay*bx, bx*cy-by*cx, cx*ay-cy*ax
	sum := bc*(ax*ax+ay*ay) + ca*(bx*bx+by*by) + ab*(cx*cx+cy*cy)
	return sum > 1e-9*math.Abs(bc*(ax*ax+ay*ay))
}

// hilbert is the place of p on a Hilbert curve over the frame: near in number is near on the ground.
func hilbert(p point) uint64 {
	x, y := uint32(p.x)^1<<31, uint32(p.y)^1<<31
	var d uint64
	for s := uint32(1) << 31; s > 0; s >>= 1 {
		rx, ry := uint64(0), uint64(0)
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | (3 * rx) ^ ry
		if ry == 0 {
			if rx == 1 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}
