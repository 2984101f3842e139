package graph

import "github.com/paulmach/orb"

// Meet tells whether the straight lines pq and ab share a point.
func Meet(p, q, a, b orb.Point) bool {
	side := func(u, v, w orb.Point) float64 { return (v[0]-u[0])*(w[1]-u[1]) - (v[1]-u[1])*(w[0]-u[0]) }
	return side(p, q, a)*side(p, q, b) <= 0 && side(a, b, p)*side(a, b, q) <= 0 &&
		max(min(p[0], q[0]), min(a[0], b[0])) <= min(max(p[0], q[0]), max(a[0], b[0])) &&
		max(min(p[1], q[1]), min(a[1], b[1])) <= min(max(p[1], q[1]), max(a[1], b[1]))
}
