package completeness

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

const (
	nearMetres    = 100 // a home farther from any street has a way that nobody surveyed
	reachMetres   = 500 // as in runs
	missMetres    = 20  // ends nearer than this nearly meet
	detourMetres  = 100 // unless one gets from one to the other on so much way
	pieceMetres   = 20  // shorter pieces of street are slips of the pen
	medianOfLeast = 5
)

// Measure makes the report of a network by its digest; g is its graph.
func Measure(ctx context.Context, from Source, version int64, network string, g *graph.Graph) (*Report, error) {
	towns, err := from.Townships(ctx, version, network)
	if err != nil {
		return nil, err
	}
	adult, err := travel.ProfileByID("adult")
	if err != nil {
		return nil, err
	}
	m := &measure{net: travel.NewNet(g, adult.WithoutFerries()), at: map[planner.Code]int{}, towns: append(towns, Township{})}
	for i, t := range towns {
		m.at[t.Code] = i
	}
	m.connect()
	if err := m.homes(ctx, from, version); err != nil {
		return nil, err
	}
	if err := m.loose(ctx, from, version); err != nil {
		return nil, err
	}
	return m.report(version, network), nil
}

// measure is a report in the making; the last of the towns is what lies in none.
type measure struct {
	net   *travel.Net
	towns []Township
	at    map[planner.Code]int
	of    []int32 // component by node
	km    []float64
	main  int32
}

func (m *measure) town(c planner.Code) *Township {
	if i, ok := m.at[c.Ancestor(planner.Township)]; ok {
		return &m.towns[i]
	}
	return &m.towns[len(m.towns)-1]
}

// streets visits every street on foot once.
func (m *measure) streets(visit func(a graph.ArcID)) {
	for a := range graph.ArcID(m.net.G.NumArcs()) {
		w := m.net.G.Twin(a)
		if a < w && (m.net.Cost(a) != travel.Unreached || m.net.Cost(w) != travel.Unreached) {
			visit(a)
		}
	}
}

// connect measures the connected parts and finds the greatest.
func (m *measure) connect() {
	m.of = m.net.Components()
	m.streets(func(a graph.ArcID) {
		c := m.of[m.net.G.Tail(a)]
		for int(c) >= len(m.km) {
			m.km = append(m.km, 0)
		}
		m.km[c] += float64(m.net.G.Length(a)) / 1e6
	})
	for c, km := range m.km {
		if km > m.km[m.main] {
			m.main = int32(c)
		}
	}
}

// homes brings every home onto its street, as a run does.
func (m *measure) homes(ctx context.Context, from Source, version int64) error {
	streets := travel.NewSnapper(m.net)
	return from.Homes(ctx, version, func(unit planner.Code, at orb.Point, village bool) error {
		t := m.town(unit)
		snap, err := streets.Snap(at, reachMetres)
		if village {
			if t.Villages++; err != nil {
				t.FarVill++
			}
			return nil
		}
		t.Addresses++
		switch {
		case err != nil: // a *travel.NoNetworkError: there is no other
			t.Far100++
			t.Far500++
			return nil
		case snap.Metres > nearMetres:
			t.Far100++
		}
		if m.of[m.net.G.Tail(snap.Arc)] == m.main {
			t.Reachable++
		}
		return nil
	})
}

// loose counts pieces of street that are joined to nothing, and ends that nearly meet, where they lie.
func (m *measure) loose(ctx context.Context, from Source, version int64) error {
	var points []orb.Point
	var count []func(*Township)
	first := map[int32]orb.Point{}
	m.streets(func(a graph.ArcID) {
		if c := m.of[m.net.G.Tail(a)]; c != m.main {
			if _, ok := first[c]; !ok {
				first[c] = m.net.G.Point(m.net.G.Tail(a))
			}
		}
	})
	for c, km := range m.km {
		if at, ok := first[int32(c)]; ok && km*1000 >= pieceMetres {
			points = append(points, at)
			count = append(count, func(t *Township) { t.Pieces++; t.PiecesKM += km })
		}
	}
	for _, at := range m.nearMisses() {
		points = append(points, at)
		count = append(count, func(t *Township) { t.NearMiss++ })
	}
	if len(points) == 0 {
		return nil
	}
	codes, err := from.TownshipsAt(ctx, version, points)
	if err != nil {
		return err
	}
	for i, c := range codes {
		count[i](m.town(c))
	}
	return nil
}

// nearMisses gives the middle of each pair of dead ends that lie near one another without a way between them.
func (m *measure) nearMisses() (middles []orb.Point) {
	const cell = 0.0005 // degrees, more than missMetres up to 66° of latitude
	square := func(p orb.Point) [2]int { return [2]int{int(math.Floor(p[0] / cell)), int(math.Floor(p[1] / cell))} }
	grid := map[[2]int][]graph.NodeID{}
	var ends []graph.NodeID
	for v := range graph.NodeID(m.net.G.NumNodes()) {
		open := 0
		for a := range m.net.G.Leaving(v) {
			if m.net.Cost(a) != travel.Unreached || m.net.Cost(m.net.G.Twin(a)) != travel.Unreached {
				open++
			}
		}
		if open == 1 {
			ends = append(ends, v)
			grid[square(m.net.G.Point(v))] = append(grid[square(m.net.G.Point(v))], v)
		}
	}
	for _, v := range ends {
		p := m.net.G.Point(v)
		c := square(p)
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, w := range grid[[2]int{c[0] + dx, c[1] + dy}] {
					if q := m.net.G.Point(w); v < w && geo.DistanceHaversine(p, q) <= missMetres && !m.joined(v, w) {
						middles = append(middles, orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2})
					}
				}
			}
		}
	}
	return middles
}

// joined tells whether a short way leads from v to w.
func (m *measure) joined(v, w graph.NodeID) bool {
	if m.of[v] != m.of[w] {
		return false
	}
	metres := map[graph.NodeID]float64{v: 0}
	for todo := []graph.NodeID{v}; len(todo) > 0; todo = todo[1:] {
		for a := range m.net.G.Leaving(todo[0]) {
			if m.net.Cost(a) == travel.Unreached {
				continue
			}
			to, far := m.net.G.Head(a), metres[todo[0]]+float64(m.net.G.Length(a))/1000
			if old, seen := metres[to]; far <= detourMetres && (!seen || far < old) {
				metres[to] = far
				todo = append(todo, to)
			}
		}
	}
	_, found := metres[w]
	return found
}

// report works out the ratios, sums up, compares and judges.
func (m *measure) report(version int64, network string) *Report {
	r := &Report{Version: version, Network: network, Whole: Township{Name: "合计"}}
	for i := range m.towns {
		t := &m.towns[i]
		w := &r.Whole
		w.KM2, w.StreetKM, w.FootKM, w.PiecesKM = w.KM2+t.KM2, w.StreetKM+t.StreetKM, w.FootKM+t.FootKM, w.PiecesKM+t.PiecesKM
		w.Addresses, w.Far100, w.Far500, w.Reachable = w.Addresses+t.Addresses, w.Far100+t.Far100, w.Far500+t.Far500, w.Reachable+t.Reachable
		w.Villages, w.FarVill, w.Pieces, w.NearMiss = w.Villages+t.Villages, w.FarVill+t.FarVill, w.Pieces+t.Pieces, w.NearMiss+t.NearMiss
		if t.People != nil {
			if w.People == nil {
				w.People = new(int)
			}
			*w.People += *t.People
		}
		t.ratios()
	}
	r.Whole.ratios()
	r.Townships = m.towns[:len(m.towns)-1]
	r.Medians = mediansOf(r.Townships)
	for i := range r.Townships {
		r.Townships[i].judge(r.Medians)
	}
	return r
}

func (t *Township) ratios() {
	t.StreetKM, t.FootKM, t.PiecesKM, t.KM2 = round(t.StreetKM), round(t.FootKM), round(t.PiecesKM), round(t.KM2)
	if t.KM2 > 0 {
		t.PerKM2 = round(t.StreetKM / t.KM2)
	}
	if t.People != nil && *t.People > 0 {
		t.PerPeople = round(t.StreetKM / float64(*t.People) * 1000)
	}
	if t.StreetKM > 0 {
		t.FootShare = round(t.FootKM / t.StreetKM)
	}
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

func mediansOf(towns []Township) Medians {
	median := func(value func(Township) float64) float64 {
		var all []float64
		for _, t := range towns {
			if t.KM2 > 0 && t.StreetKM > 0 {
				all = append(all, value(t))
			}
		}
		if len(all) < medianOfLeast {
			return 0
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return Medians{median(func(t Township) float64 { return t.FootShare }), median(func(t Township) float64 { return t.PerPeople })}
}
