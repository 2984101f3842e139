package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// The shift of gcj02 as everybody reconstructs it (github.com/wandergis/coordtransform,
// eviltransform): a polynomial and sines of the offset from 105°E 35°N, on the
// Krasovsky ellipsoid.
const (
	krasovskyAxis = 6378245.0
	krasovskyE2   = 0.00669342162296594323
)

// toGCJ shifts lon/lat to gcj02; outside InMainland nothing is shifted.
func toGCJ(p orb.Point) orb.Point {
	if !InMainland(p) {
		return p
	}
	x, y := p[0]-105, p[1]-35
	wave := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + wave +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dLon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + wave +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	magic := 1 - krasovskyE2*sin*sin
	root := math.Sqrt(magic)
	return orb.Point{
		p[0] + dLon*180/(krasovskyAxis/root*cos*math.Pi),
		p[1] + dLat*180/(krasovskyAxis*(1-krasovskyE2)/(magic*root)*math.Pi),
	}
}

// gcjToBaidu shifts gcj02 to bd09.
func gcjToBaidu(p orb.Point) orb.Point {
	const turn = math.Pi * 3000 / 180
	r := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*turn)
	angle := math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*turn)
	return orb.Point{r*math.Cos(angle) + 0.0065, r*math.Sin(angle) + 0.006}
}

// invert finds the point that shift takes to target. Both shifts change by less
// than 2 % over their own length, so that each step gains more than one digit.
func invert(target orb.Point, shift func(orb.Point) orb.Point) orb.Point {
	p := target
	for range 30 {
		q := shift(p)
		dx, dy := target[0]-q[0], target[1]-q[1]
		p[0], p[1] = p[0]+dx, p[1]+dy
		if math.Abs(dx) < 1e-12 && math.Abs(dy) < 1e-12 {
			break
		}
	}
	return p
}
