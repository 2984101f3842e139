package travel

import (
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/graph/sketch"
)

func anywhere(n *Net, r *rand.Rand) Snap {
	a := graph.ArcID(r.IntN(n.G.NumArcs()))
	return Snap{Position: Position{a, uint32(r.IntN(int(n.G.Length(a)) + 1))}, Millis: Millis(r.IntN(3)) * 700}
}

// Routes have the times of the k nearest sites; their pieces hang together, and with both legs sum to the time.
func TestRoutesAreTheWaysOfTheNearest(t *testing.T) {
	routes := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 21))
		n := randomNet(t, r)
		if n.G.NumArcs() == 0 {
			continue
		}
		dir, limit, k := Direction(r.IntN(2)), Millis(r.IntN(900_000)), 1+r.IntN(4)
		person := anywhere(n, r)
		var sites []Site
		for id := range int32(r.IntN(6)) {
			sites = append(sites, Site{id, anywhere(n, r)})
		}
		got, err := n.Routes(t.Context(), person, sites, k, limit, dir)
		if err != nil {
			t.Fatal(err)
		}
		err = NewDemand(n, []Snap{person}, dir).KNearest(t.Context(), sites, k, limit, func(_ int, want []Nearest) error {
			if len(got) != len(want) {
				t.Fatalf("seed %d: %v, nearest %v", seed, got, want)
			}
			for i, w := range want {
				if (Nearest{got[i].Site, got[i].Millis}) != w {
					t.Fatalf("seed %d: route %v, nearest %v", seed, got[i], w)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, route := range got {
			routes++
			from, to := person, sites[route.Site].Snap
			if dir == Outbound {
				from, to = to, from
			}
			mustLead(t, n, seed, from, to, route)
		}
	}
	if routes < 1000 {
		t.Errorf("only %d routes", routes)
	}
}

// mustLead checks that a route leads from one place to another, piece by piece.
func mustLead(t *testing.T, n *Net, seed uint64, from, to Snap, route Route) {
	t.Helper()
	sum := from.Millis + to.Millis
	for i, p := range route.Pieces {
		length := n.G.Length(p.Arc)
		if sum += p.Millis; p.From > p.To || p.To > length {
			t.Fatalf("seed %d: piece %v of %d mm", seed, p, length)
		}
		if whole := p.From == 0 && p.To == length; whole && p.Millis != n.Cost(p.Arc) {
			t.Fatalf("seed %d: piece %v costs %d", seed, p, n.Cost(p.Arc))
		}
		if i > 0 && (p.From != 0 || route.Pieces[i-1].To != n.G.Length(route.Pieces[i-1].Arc) || n.G.Head(route.Pieces[i-1].Arc) != n.G.Tail(p.Arc)) {
			t.Fatalf("seed %d: %v does not follow %v", seed, p, route.Pieces[i-1])
		}
	}
	if sum != route.Millis {
		t.Fatalf("seed %d: the pieces take %d, the route %d", seed, sum, route.Millis)
	}
	if len(route.Pieces) == 0 {
		return
	}
	first, last := route.Pieces[0], route.Pieces[len(route.Pieces)-1]
	if !n.isAt(from.Position, first.Arc, first.From) || !n.isAt(to.Position, last.Arc, last.To) {
		t.Fatalf("seed %d: %v … %v does not join %v and %v", seed, first, last, from.Position, to.Position)
	}
}

// isAt tells whether a place of an arc is the position, or the node that it lies at.
func (n *Net) isAt(p Position, a graph.ArcID, along uint32) bool {
	node := func(a graph.ArcID, along uint32) int64 {
		switch along {
		case 0:
			return int64(n.G.Tail(a))
		case n.G.Length(a):
			return int64(n.G.Head(a))
		}
		return -1
	}
	if p.Arc == a && p.Along == along || n.G.Twin(p.Arc) == a && n.G.Length(a)-p.Along == along {
		return true
	}
	v, w := node(p.Arc, p.Along), node(a, along)
	if n.G.Length(p.Arc) == 0 {
		return w == int64(n.G.Tail(p.Arc)) || w == int64(n.G.Head(p.Arc))
	}
	return v >= 0 && v == w || n.G.Length(a) == 0
}

func drawn(t *testing.T, drawing string) (*sketch.Map, *Net, *Snapper) {
	t.Helper()
	m, err := sketch.Draw(drawing)
	if err != nil {
		t.Fatal(err)
	}
	n := NewNet(m.Graph, Profile{ID: "stroll", Mode: graph.Foot, Pace: 1, StepsFactor: 1, Ferries: true, NoPrivate: true, Barrier: [graph.NumBarriers]Millis{graph.Wall: Unreached}})
	return m, n, NewSnapper(n)
}

// Ways on drawn maps, in metres at 1 m/s; a ferry takes a minute for each character. −1: no way.
func TestDrawnMaps(t *testing.T) {
	for name, c := range map[string]struct {
		drawing string
		ways    map[string]int // person and site → seconds
	}{
		"a river with one bridge": {`
A-----+
      |
~~~~~~|~~
      |
B-----+`, map[string]int{"AB": 1600, "BA": 1600}},
		"an island without a ferry": {`
A---B

~~~~~

C---D`, map[string]int{"AB": 400, "AC": -1, "CD": 400}},
		"an island with a ferry": {`
A---B
    :
~~~~:
    :
C---D`, map[string]int{"AC": 400 + 240 + 400, "CA": 1040, "BD": 240}},
		"a private gate": {`
A--#--B
|     |
+-----+`, map[string]int{"AB": 1000, "BA": 1000}},
		"a wall": {`
A--X--B`, map[string]int{"AB": -1}},
		"a far cul-de-sac": {`
A----+----B
     |
     |
     |
     C`, map[string]int{"AC": 900, "AB": 1000, "CB": 900}},
		"one-way streets": {`
A>>>B
^   v
^   v
D<<<C`, map[string]int{"AB": 400, "BA": 1000, "AC": 700, "CA": 700, "DA": 300, "AD": 1100}},
	} {
		m, n, s := drawn(t, c.drawing)
		for way, want := range c.ways {
			from, err1 := s.Snap(m.Place(rune(way[0])), 10)
			to, err2 := s.Snap(m.Place(rune(way[1])), 10)
			if err1 != nil || err2 != nil {
				if want >= 0 {
					t.Errorf("%s, %s: %v %v", name, way, err1, err2)
				}
				continue
			}
			in, err := n.Routes(t.Context(), from, []Site{{7, to}}, 1, Unreached-1, Inbound)
			out, err2 := n.Routes(t.Context(), to, []Site{{7, from}}, 1, Unreached-1, Outbound)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if want < 0 {
				if len(in)+len(out) > 0 {
					t.Errorf("%s, %s: there is a way: %v", name, way, in)
				}
				continue
			}
			if len(in) != 1 || len(out) != 1 || in[0].Millis != out[0].Millis || int(in[0].Millis+500)/1000 != want {
				t.Errorf("%s, %s: inbound %v, outbound %v, on paper %d s", name, way, in, out, want)
				continue
			}
			for _, r := range [][]Route{in, out} {
				mustLead(t, n, 0, from, to, r[0])
				line, ends := n.Line(r[0].Pieces)
				if line[0] != from.Point || line[len(line)-1] != to.Point || ends[len(ends)-1] != len(line)-1 {
					t.Errorf("%s, %s: the line %v leads from %v to %v", name, way, line, from.Point, to.Point)
				}
			}
		}
	}
}

// What closes a way is told, and opening it gives the way on paper; what is no street stays closed.
func TestBars(t *testing.T) {
	m, n, s := drawn(t, `
A--#--B

C--X--D

E>>>>>F`)
	for way, want := range map[string]struct {
		bar     Bar
		seconds int // once opened
	}{"AB": {ByPrivate, 600}, "BA": {ByPrivate, 600}, "CD": {ByBarrier, 600}, "EF": {NoBar, 600}, "FE": {NotForThem, -1}} {
		open := n.Opened()
		all := NewSnapper(open)
		from, err1 := all.Snap(m.Place(rune(way[0])), 10)
		to, err2 := all.Snap(m.Place(rune(way[1])), 10)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		routes, err := open.Routes(t.Context(), from, []Site{{1, to}}, 1, Unreached-1, Inbound)
		if err != nil {
			t.Fatal(err)
		}
		if want.seconds < 0 {
			if len(routes) > 0 {
				t.Errorf("%s: the wrong way is open", way)
			}
			continue
		}
		if len(routes) != 1 || int(routes[0].Millis+500)/1000 != want.seconds {
			t.Errorf("%s: opened %v", way, routes)
			continue
		}
		bar := NoBar
		for _, p := range routes[0].Pieces {
			if b := n.Bar(p.Arc); b != NoBar {
				bar = b
			}
		}
		if bar != want.bar {
			t.Errorf("%s is barred by %d, want %d", way, bar, want.bar)
		}
	}
	if _, err := s.Snap(m.Place('E'), 10); err != nil {
		t.Error(err)
	}
}
