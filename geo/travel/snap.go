package travel

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Snap is a point brought onto the nearest street of a net.
type Snap struct {
	Position
	Point  orb.Point // on the street, lon, lat
	Metres float64   // straight leg from the point to the street
	Millis Millis    // time of the leg at the profile's pace (walking pace for vehicles)
}

// NoNetworkError says that no street can be had near a point.
type NoNetworkError struct {
	Metres float64 // to the nearest street; +Inf when none is within the search
	Water  bool    // a street is near, but beyond water
}

func (e *NoNetworkError) Error() string {
	if e.Water {
		return fmt.Sprintf("geo: the nearest street, %.0f m away, lies across water", e.Metres)
	}
	return "geo: no street near the point"
}

// legPace is the pace off the street in ms per mm: that of the walker, and of those who ride their own (one walks to the car).
func (n *Net) legPace() float64 {
	switch {
	case n.P.Mode == graph.Foot:
		return n.P.Pace
	case n.P.LegPace > 0:
		return n.P.LegPace
	}
	return 1
}

// Snapper finds streets near points. It is immutable.
type Snapper struct {
	net     *Net
	cell    float64 // degrees
	streets map[[2]int32][]graph.ArcID
	water   map[[2]int32][][2]orb.Point
	stray   []bool // by node: on a piece of street that leads nowhere
}

// Net is the net whose streets the snapper finds.
func (s *Snapper) Net() *Net { return s.net }

// A piece of street shorter than strayMetres in a network longer than mainMetres,
// joined to nothing, is a square's outline or a slip of the mapper's pen more often
// than a place where people are shut in. Peers drop such pieces by their number of
// nodes; an island's street is short too, so we keep them for those who have no other.
const strayMetres, mainMetres = 2_000, 20_000

// NewSnapper indexes the streets of n by a grid of about 200 m.
func NewSnapper(n *Net) *Snapper {
	s := &Snapper{net: n, cell: 0.002, streets: map[[2]int32][]graph.ArcID{}, water: map[[2]int32][][2]orb.Point{}, stray: strays(n)}
	for i := range n.cost {
		a := graph.ArcID(i)
		w := n.G.Twin(a)
		if a > w || n.cost[a] == Unreached && n.cost[w] == Unreached || n.G.Access(a)&(graph.Ferry|graph.Transit|graph.Tunnel) != 0 {
			continue // each street once; nobody steps onto a ferry or into a tunnel half-way
		}
		from, to := n.G.Point(n.G.Tail(a)), n.G.Point(n.G.Head(a))
		if math.Abs(from[0]-to[0]) > 180 {
			continue // over the antimeridian, where a straight line of degrees goes round the world
		}
		s.each(from, to, func(c [2]int32) { s.streets[c] = append(s.streets[c], a) })
	}
	for _, line := range n.G.Water() {
		for i := 1; i < len(line); i++ {
			piece := [2]orb.Point{line[i-1], line[i]}
			s.each(piece[0], piece[1], func(c [2]int32) { s.water[c] = append(s.water[c], piece) })
		}
	}
	return s
}

// strays marks the nodes of short pieces of street: those from which one cannot
// get to the rest and back.
func strays(n *Net) []bool {
	component := n.strongComponents()
	var metres []float64
	for i, c := range n.cost {
		a := graph.ArcID(i)
		if c == Unreached || component[n.G.Tail(a)] != component[n.G.Head(a)] {
			continue
		}
		for int(component[n.G.Tail(a)]) >= len(metres) {
			metres = append(metres, 0)
		}
		metres[component[n.G.Tail(a)]] += float64(n.G.Length(a)) / 2000 // each street has two arcs
	}
	stray := make([]bool, len(component))
	if len(metres) == 0 || slices.Max(metres) < mainMetres {
		return stray
	}
	for v, c := range component {
		stray[v] = int(c) >= len(metres) || metres[c] < strayMetres
	}
	return stray
}

// each visits the cells of the box around a segment.
func (s *Snapper) each(p, q orb.Point, visit func([2]int32)) {
	lo, hi := s.at(orb.Point{min(p[0], q[0]), min(p[1], q[1])}), s.at(orb.Point{max(p[0], q[0]), max(p[1], q[1])})
	for x := lo[0]; x <= hi[0]; x++ {
		for y := lo[1]; y <= hi[1]; y++ {
			visit([2]int32{x, y})
		}
	}
}

func (s *Snapper) at(p orb.Point) [2]int32 {
	return [2]int32{int32(math.Floor(p[0] / s.cell)), int32(math.Floor(p[1] / s.cell))}
}

// Snap finds the nearest street within maxMetres of p (lon, lat) whose straight
// leg crosses no water, a stray piece of street only where there is no other; ties
// go to the smallest arc. The error is a *NoNetworkError otherwise.
func (s *Snapper) Snap(p orb.Point, maxMetres float64) (Snap, error) {
	const beside = 60 // most points stand beside their street: what is nearest within a narrow ring is nearest
	if best, found, stray, _ := s.search(p, min(beside, maxMetres)); found && !stray {
		return best, nil
	}
	best, found, _, nearest := s.search(p, maxMetres)
	if !found {
		return Snap{}, &NoNetworkError{Metres: nearest, Water: !math.IsInf(nearest, 1)}
	}
	return best, nil
}

// search finds the nearest street within maxMetres, and how far the nearest is when water lies before it.
func (s *Snapper) search(p orb.Point, maxMetres float64) (best Snap, found, stray bool, nearest float64) {
	ky := 111_195.0 // metres per degree of latitude on the sphere that lengths use
	kx := ky * math.Cos(p[1]*math.Pi/180)
	best, nearest = Snap{Metres: math.Inf(1)}, math.Inf(1)
	dx, dy := maxMetres/max(kx, 1), maxMetres/ky
	s.each(orb.Point{p[0] - dx, p[1] - dy}, orb.Point{p[0] + dx, p[1] + dy}, func(c [2]int32) {
		for _, a := range s.streets[c] {
			from, to := s.net.G.Point(s.net.G.Tail(a)), s.net.G.Point(s.net.G.Head(a))
			ax, ay := (from[0]-p[0])*kx, (from[1]-p[1])*ky
			bx, by := (to[0]-p[0])*kx, (to[1]-p[1])*ky
			t := 0.0
			if d := (bx-ax)*(bx-ax) + (by-ay)*(by-ay); d > 0 {
				t = max(0, min(1, -(ax*(bx-ax)+ay*(by-ay))/d))
			}
			m := math.Hypot(ax+t*(bx-ax), ay+t*(by-ay))
			if m > maxMetres {
				continue
			}
			nearest = min(nearest, m)
			leadsNowhere := s.stray[s.net.G.Tail(a)] || s.stray[s.net.G.Head(a)]
			if found && leadsNowhere != stray {
				if leadsNowhere {
					continue // a street that leads somewhere is near
				}
			} else if m > best.Metres || m == best.Metres && a >= best.Arc {
				continue
			}
			on := orb.Point{from[0] + t*(to[0]-from[0]), from[1] + t*(to[1]-from[1])}
			if s.CrossesWater(p, on) {
				continue
			}
			found, stray = true, leadsNowhere
			best = Snap{Position{a, uint32(math.Round(t * float64(s.net.G.Length(a))))}, on, m, Millis(math.Round(m * 1000 * s.net.legPace()))}
		}
	})
	return best, found, stray, nearest
}

// CrossesWater tells whether the straight line from p to q meets a river or shore.
func (s *Snapper) CrossesWater(p, q orb.Point) bool {
	crosses := false
	s.each(p, q, func(c [2]int32) {
		for _, w := range s.water[c] {
			crosses = crosses || graph.Meet(p, q, w[0], w[1])
		}
	})
	return crosses
}

// WaterBetween gives where the straight line from p to q first meets a river or shore.
func (s *Snapper) WaterBetween(p, q orb.Point) (at orb.Point, crosses bool) {
	first := math.Inf(1)
	s.each(p, q, func(c [2]int32) {
		for _, w := range s.water[c] {
			if !graph.Meet(p, q, w[0], w[1]) {
				continue
			}
			f, d := 0.0, (q[0]-p[0])*(w[1][1]-w[0][1])-(q[1]-p[1])*(w[1][0]-w[0][0])
			if d != 0 { // else along the shore, from p on
				f = ((w[0][0]-p[0])*(w[1][1]-w[0][1]) - (w[0][1]-p[1])*(w[1][0]-w[0][0])) / d
			}
			first = min(first, f)
		}
	})
	return orb.Point{p[0] + first*(q[0]-p[0]), p[1] + first*(q[1]-p[1])}, !math.IsInf(first, 1)
}
