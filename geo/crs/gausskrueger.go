package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// The CGCS2000 ellipsoid (GB/T 30168): a, 1/f, and the third flattening n.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
	thirdFlat  = flattening / (2 - flattening)
)

// The Krüger series to n⁶: Karney, Transverse Mercator with an accuracy of a few
// nanometers, J. Geodesy 85 (2011), eqs. 35 (alpha) and 36 (beta).
var (
	rectifying = semiMajor / (1 + thirdFlat) * polynomial(1, 0, 1./4, 0, 1./64, 0, 1./256)
	alpha      = [6]float64{
		polynomial(0, 1./2, -2./3, 5./16, 41./180, -127./288, 7891./37800),
		polynomial(0, 0, 13./48, -3./5, 557./1440, 281./630, -1983433./1935360),
		polynomial(0, 0, 0, 61./240, -103./140, 15061./26880, 167603./181440),
		polynomial(0, 0, 0, 0, 49561./161280, -179./168, 6601661./7257600),
		polynomial(0, 0, 0, 0, 0, 34729./80640, -3418889./1995840),
		polynomial(0, 0, 0, 0, 0, 0, 212378941./319334400),
	}
	beta = [6]float64{
		polynomial(0, 1./2, -2./3, 37./96, -1./360, -81./512, 96199./604800),
		polynomial(0, 0, 1./48, 1./15, -437./1440, 46./105, -1118711./3870720),
		polynomial(0, 0, 0, 17./480, -37./840, -209./4480, 5569./90720),
		polynomial(0, 0, 0, 0, 4397./161280, -11./504, -830251./7257600),
		polynomial(0, 0, 0, 0, 0, 4583./161280, -108847./3991680),
		polynomial(0, 0, 0, 0, 0, 0, 20648693./638668800),
	}
	eccentricity = math.Sqrt(flattening * (2 - flattening))
)

// polynomial evaluates c[0] + c[1]·n + … at the third flattening.
func polynomial(c ...float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*thirdFlat + c[i]
	}
	return sum
}

// conformal takes tan(latitude) to tan(conformal latitude), Karney eqs. 7–9.
func conformal(tau float64) float64 {
	sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

// geodetic inverts conformal by Newton's method, Karney eqs. 19–21; three steps
// reach the precision of float64 everywhere.
func geodetic(target float64) float64 {
	e2 := eccentricity * eccentricity
	tau := target / (1 - e2)
	for range 5 {
		t := conformal(tau)
		step := (target - t) / math.Hypot(1, t) * (1 + (1-e2)*tau*tau) / ((1 - e2) * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) < 1e-15*max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}

func (c CRS) toGaussKrueger(p orb.Point) orb.Point {
	lambda := (p[0] - c.meridian) * math.Pi / 180
	tau := conformal(math.Tan(p[1] * math.Pi / 180))
	xi := math.Atan2(tau, math.Cos(lambda))
	eta := math.Asinh(math.Sin(lambda) / math.Hypot(tau, math.Cos(lambda)))
	north, east := xi, eta
	for j, a := range alpha {
		k := 2 * float64(j+1)
		north += a * math.Sin(k*xi) * math.Cosh(k*eta)
		east += a * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	return orb.Point{c.easting + rectifying*east, rectifying * north}
}

func (c CRS) fromGaussKrueger(p orb.Point) orb.Point {
	north, east := p[1]/rectifying, (p[0]-c.easting)/rectifying
	xi, eta := north, east
	for j, b := range beta {
		k := 2 * float64(j+1)
		xi -= b * math.Sin(k*north) * math.Cosh(k*east)
		eta -= b * math.Cos(k*north) * math.Sinh(k*east)
	}
	tau := geodetic(math.Sin(xi) / math.Hypot(math.Sinh(eta), math.Cos(xi)))
	lambda := math.Atan2(math.Sinh(eta), math.Cos(xi))
	return orb.Point{c.meridian + lambda*180/math.Pi, math.Atan(tau) * 180 / math.Pi}
}

// toMercator is EPSG method 1024: the sphere of the semi-major axis.
func toMercator(p orb.Point) orb.Point {
	return orb.Point{p[0] * math.Pi / 180 * semiMajor, semiMajor * math.Asinh(math.Tan(p[1]*math.Pi/180))}
}

func fromMercator(p orb.Point) orb.Point {
	return orb.Point{p[0] / semiMajor * 180 / math.Pi, math.Atan(math.Sinh(p[1]/semiMajor)) * 180 / math.Pi}
}
