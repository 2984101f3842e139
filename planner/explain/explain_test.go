package explain

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/graph/sketch"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// stroll walks 1 m/s, not through private gates.
var stroll = travel.Profile{ID: "stroll", Mode: graph.Foot, Pace: 1, StepsFactor: 1, Ferries: true, NoPrivate: true, Barrier: [graph.NumBarriers]travel.Millis{graph.Wall: travel.Unreached}}

type drawn struct {
	net        *travel.Net
	components []int32
}

func (d drawn) Snapper() *travel.Snapper { return travel.NewSnapper(d.net) }
func (d drawn) Opened() *travel.Snapper  { return travel.NewSnapper(d.net.Opened()) }
func (d drawn) Component(v uint32) (int32, float64) {
	return d.components[v], 700
}

// Why H, at home, does not reach S, a site, in 15 minutes; on maps of 100 m a character at 1 m/s.
func TestDrawnReasons(t *testing.T) {
	long := "+" + strings.Repeat("-", 9) + "+"
	for name, c := range map[string]struct {
		drawing, class, obstacle string
		seconds                  int    // of the way as it is, −1 without one
		open                     int    // of the way through the obstacle
		text                     string // that must be told
	}{
		"reached": {"H----S", Within, "", 500, 0, "步行到最近的S需8.4分钟,在时限以内"},
		"too far": {"H" + strings.Repeat("-", 11) + "S", TooFar, "", 1200, 0, "it takes 20.0 minutes on foot to the nearest, S: 5.0 minutes too far."},
		"a river with a far bridge": {`
H---------+
          |
~~~~~~~~~~|~~
          |
S---------+`, Barrier, Water, 2400, 0, "与S之间隔着清江；现在步行到最近的S需40.0分钟"},
		"an island": {`
H---+

~~~~~~

S---+`, OtherComponent, Water, -1, 0, "清江 lies between, without a bridge or ferry"},
		"an island with a ferry": {`
H---+
    :
~~~~:~
    :
S---+`, Barrier, Water, 1040, 0, "步行到最近的S需17.4分钟"},
		"streets that nothing joins": {`
H---+   +---S`, OtherComponent, "", -1, 0, "不相连"},
		"a private gate on the way": {`
H---#---S`, Barrier, Private, -1, 800, "私有通道"},
		"a private gate and a long way round": {`
+--H-#-S--+
|         |
|         |
|         |
|         |
` + long, Barrier, Private, 2600, 400, "a private way bars the way to S, 6.7 minutes on foot if it were open; as it is, it takes 43.4 minutes"},
		"a wall on the only way, which is long": {"H------X------S", Barrier, Gate, -1, 1400, "若开放步行23.4分钟可到；现在没有路可到"},
		"a wall":                                {"H--X--S", Barrier, Gate, -1, 600, "若开放步行10.0分钟可到；现在没有路可到"},
		"a far cul-de-sac beside the site": {`
H
|  S
|  |
|  |
|  |
|  |
|  |
+--+`, TooFar, "", 1600, 0, "超出11.7分钟"},
	} {
		m, err := sketch.Draw(c.drawing)
		if err != nil {
			t.Fatal(err)
		}
		net := travel.NewNet(m.Graph, stroll)
		g := drawn{net, net.Components()}
		for _, dir := range []travel.Direction{travel.Inbound, travel.Outbound} {
			q := Case{Place: m.Place('H'), Sites: []Site{{ID: "1", Name: "S", Point: m.Place('S')}, {ID: "2", Name: "far", Point: orb.Point{9, 9}}}, Limit: 900_000, Direction: dir}
			f, err := Look(t.Context(), g, q)
			if err != nil {
				t.Fatal(err)
			}
			if f.Class != c.class || (f.Obstacle != nil) != (c.obstacle != "") || f.Obstacle != nil && f.Obstacle.Kind != c.obstacle {
				t.Errorf("%s: %s %+v", name, f.Class, f.Obstacle)
				continue
			}
			if (c.seconds < 0) != (len(f.Ways) == 0) || c.seconds >= 0 && int(f.Ways[0].Millis+500)/1000 != c.seconds {
				t.Errorf("%s: ways %+v, on paper %d s", name, f.Ways, c.seconds)
			}
			if c.open > 0 {
				f.Ways = append(f.Ways, *f.Obstacle.Open)
				if int(f.Obstacle.Open.Millis+500)/1000 != c.open {
					t.Errorf("%s: %d ms if it were open", name, f.Obstacle.Open.Millis)
				}
			}
			for _, w := range f.Ways {
				mustAddUp(t, name, q, w)
			}
			if c.open > 0 {
				f.Ways = f.Ways[:len(f.Ways)-1]
			}
			text := f.Text(q, graph.Foot, "清江")
			if !strings.Contains(text.ZH+text.EN, c.text) {
				t.Errorf("%s: %s / %s", name, text.ZH, text.EN)
			}
			if f.Nearest != 0 || math.Abs(f.Metres-float64(sketch.Cell)*distance(m, 'H', 'S')) > 1 {
				t.Errorf("%s: nearest in a straight line is %d, %.0f m", name, f.Nearest, f.Metres)
			}
		}
	}
}

// distance is characters between two letters.
func distance(m *sketch.Map, a, b rune) float64 {
	p, q := m.Place(a), m.Place(b)
	return math.Hypot(p[0]-q[0], p[1]-q[1]) * orb.EarthRadius * math.Pi / 180 / sketch.Cell
}

// mustAddUp checks that legs follow one another from end to end of the line, sum to the way, and are as long as the line.
func mustAddUp(t *testing.T, name string, c Case, w Way) {
	t.Helper()
	from, to := c.Place, c.Sites[w.Site].Point
	if c.Direction == travel.Outbound {
		from, to = to, from
	}
	if w.Line[0] != from || w.Line[len(w.Line)-1] != to {
		t.Errorf("%s: the line %v does not lead from %v to %v", name, w.Line, from, to)
	}
	var sum travel.Millis
	metres, at := 0.0, 0
	for _, l := range w.Legs {
		if l.First != at || l.Last < l.First {
			t.Errorf("%s: legs %+v", name, w.Legs)
		}
		at, sum, metres = l.Last, sum+l.Millis, metres+l.Metres
	}
	if at != len(w.Line)-1 || sum != w.Millis || math.Abs(metres-w.Metres) > 1e-6 {
		t.Errorf("%s: legs %+v of %d ms, %.1f m; points %d", name, w.Legs, w.Millis, w.Metres, len(w.Line))
	}
}

// Without a street near there is no class but this one; nor where no site has one.
func TestNoNetwork(t *testing.T) {
	m, err := sketch.Draw("H--+\n\n~~~~\nS")
	if err != nil {
		t.Fatal(err)
	}
	net := travel.NewNet(m.Graph, stroll)
	g := drawn{net, net.Components()}
	home, alone := m.Place('H'), m.Place('S')
	for name, c := range map[string]struct {
		q      Case
		reason string
		text   string
	}{
		"nothing near":        {Case{Place: orb.Point{3, 3}, Sites: []Site{{Point: home}}, Limit: 900_000}, "no_network", "附近500米内没有道路"},
		"beyond water":        {Case{Place: alone, Sites: []Site{{Point: home}}, Limit: 900_000}, "across_water", "水域对岸"},
		"no site on a street": {Case{Place: home, Sites: []Site{{Point: orb.Point{3, 3}}}, Limit: 900_000}, "", "设施附近500米内都没有道路"},
	} {
		f, err := Look(t.Context(), g, c.q)
		if err != nil || f.Class != NoNetwork || f.Reason != c.reason || !strings.Contains(f.Text(c.q, graph.Foot, "").ZH, c.text) {
			t.Errorf("%s: %+v %v", name, f, err)
		}
	}
}
