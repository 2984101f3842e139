package transit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

func ptr[T any](v T) *T { return &v }

// walker goes 1 m/s and does nothing else.
func walker(boardings int) travel.Profile {
	return travel.Profile{ID: "transit", Mode: graph.Foot, Pace: 1, StepsFactor: 1, Rides: travel.Rides{Boardings: boardings, WaitShare: 0.5, At: 540}}
}

// east is a place so many metres along the equator.
func east(metres float64) orb.Point {
	return orb.Point{metres / (6_378_137 * math.Pi / 180), 0}
}

// street is 10 km along the equator, a node each 1000 m.
func street(t *testing.T, p travel.Profile) (*travel.Net, *travel.Snapper) {
	t.Helper()
	b := graph.NewBuilder()
	for i := range int64(11) {
		b.AddNode(i+1, east(float64(i)*1000), 0)
		if i > 0 {
			b.AddSegment(graph.Segment{From: i, To: i + 1, Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n := travel.NewNet(g, p)
	return n, travel.NewSnapper(n)
}

// line is a row for each stop: metres along the street; minutes to the next; headway of the whole.
func line(route, direction string, headway float64, stops ...float64) (rows []Row) {
	for i := 0; i+1 < len(stops); i += 2 {
		rows = append(rows, Row{Number: len(rows) + 2, Route: route, Direction: direction, Seq: float64(i), Stop: fmt.Sprintf("%s %v", route, stops[i]), Point: east(stops[i]), Minutes: &stops[i+1]})
	}
	rows[0].Headway = &headway
	return rows
}

func table(t *testing.T, rows ...[]Row) *Timetable {
	t.Helper()
	all, problems := Build(slices.Concat(rows...))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return all
}

// Known on paper, in seconds: one walks 1 m/s.
func TestOnPaper(t *testing.T) {
	single := table(t, line("1", "下行", 10, 500, 4, 5500, 3, 8500, 0)) // 500 → 5500 in 4 min, → 8500 in 3; wait 5 min
	for name, c := range map[string]struct {
		table     *Timetable
		boardings int
		dir       travel.Direction
		site, at  float64 // metres along the street
		want      float64 // seconds; −1 out of the limit of 60 minutes
	}{
		"on foot when that is quicker":             {single, 1, travel.Outbound, 500, 1200, 700},
		"to the last stop":                         {single, 1, travel.Outbound, 500, 8500, 300 + 240 + 180},
		"walk, wait, ride, walk":                   {single, 1, travel.Outbound, 300, 5900, 200 + 300 + 240 + 400},
		"off at the stop before, and back":         {single, 1, travel.Outbound, 500, 5000, 300 + 240 + 500},
		"toward a site by the same line":           {single, 1, travel.Inbound, 8500, 100, 400 + 300 + 240 + 180},
		"not against the line":                     {single, 1, travel.Inbound, 500, 5500, -1},
		"nor away from its end":                    {single, 1, travel.Outbound, 8500, 4400, -1},
		"a line without direction comes back":      {table(t, line("1", "", 10, 500, 4, 5500, 0)), 1, travel.Outbound, 5500, 500, 540},
		"a change, each time with a wait":          {table(t, line("1", "a", 10, 0, 2, 4000, 0), line("2", "a", 20, 4100, 3, 9100, 0)), 2, travel.Outbound, 0, 9100, 300 + 120 + 100 + 600 + 180},
		"no change when only one ride is meant":    {table(t, line("1", "a", 10, 0, 2, 4000, 0), line("2", "a", 20, 4100, 3, 9100, 0)), 1, travel.Outbound, 0, 9100, -1},
		"a change at one stop is no walk":          {table(t, line("1", "a", 10, 0, 2, 4000, 0), line("2", "a", 20, 4000, 3, 9100, 0)), 2, travel.Inbound, 9100, 0, 300 + 120 + 600 + 180},
		"the quicker of two lines":                 {table(t, line("1", "a", 10, 0, 9, 5000, 0), line("2", "a", 4, 0, 8, 5000, 0)), 2, travel.Outbound, 0, 5000, 120 + 480},
		"a line that does not run at nine is none": {table(t, late(line("1", "a", 10, 0, 1, 9000, 0))), 1, travel.Outbound, 0, 9000, -1},
		"by first, last and number of departures":  {table(t, counted(line("1", "a", 0, 0, 1, 9000, 0))), 1, travel.Outbound, 0, 9000, 900 + 60}, // 6:00 to 18:00, 25 departures: every 30
	} {
		net, streets := street(t, walker(c.boardings))
		s := New(net, streets, c.table)
		site, _ := streets.Snap(east(c.site), 10)
		place, _ := streets.Snap(east(c.at), 10)
		f, err := s.Nearest(t.Context(), []travel.Site{{ID: 7, Snap: site}}, 3_600_000, c.dir)
		if err != nil {
			t.Fatal(err)
		}
		ms, owner := f.At(place)
		if c.want < 0 && (ms != travel.Unreached || owner >= 0) || c.want >= 0 && (math.Abs(float64(ms)-1000*c.want) > 20 || owner != 7) {
			t.Errorf("%s: %d ms to site %d, want %v s", name, ms, owner, c.want)
		}
	}
}

func late(rows []Row) []Row {
	for i := range rows {
		rows[i].From, rows[i].Until = ptr(600), ptr(1200)
	}
	return rows
}

func counted(rows []Row) []Row {
	rows[0].Headway, rows[0].First, rows[0].Last, rows[0].Trips = nil, ptr(360), ptr(1080), ptr(25)
	return rows
}

// A ring goes round: one may sit through its end.
func TestRing(t *testing.T) {
	ring := table(t, line("环线", "", 10, 0, 5, 3000, 5, 6000, 5, 0, 0))
	net, streets := street(t, walker(1))
	if len(ring.Lines) != 1 {
		t.Fatalf("%d lines", len(ring.Lines))
	}
	from, _ := streets.Snap(east(6000), 10)
	to, _ := streets.Snap(east(3000), 10)
	f, err := New(net, streets, ring).Nearest(t.Context(), []travel.Site{{Snap: from}}, 3_600_000, travel.Outbound)
	if err != nil {
		t.Fatal(err)
	}
	if ms, _ := f.At(to); ms < 899_990 || ms > 900_010 { // wait 5, ride 5 to 0 and 5 on to 3000
		t.Errorf("%d ms", ms)
	}
}

// The textbook: one big graph of places by boardings and seats in lines, and relaxation until nothing changes.
func textbook(g *graph.Graph, n *travel.Net, t *Timetable, p travel.Profile, sites map[int32]graph.NodeID, limit uint64, dir travel.Direction) map[graph.NodeID][2]uint64 {
	type key struct{ v, boardings, line, stop int } // line −1: on the street
	label := map[key][2]uint64{}
	var todo []key
	offer := func(k key, l [2]uint64) {
		if old, ok := label[k]; l[0] <= limit && (!ok || l[0] < old[0] || l[0] == old[0] && l[1] < old[1]) {
			label[k] = l
			todo = append(todo, k)
		}
	}
	nodeAt := map[orb.Point]int{}
	for v := range g.NumNodes() {
		nodeAt[g.Point(graph.NodeID(v))] = v
	}
	for id, v := range sites {
		offer(key{int(v), 0, -1, 0}, [2]uint64{0, uint64(id)})
	}
	for len(todo) > 0 {
		k := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		l := label[k]
		plus := func(ms uint64) [2]uint64 { return [2]uint64{l[0] + ms, l[1]} }
		if k.line >= 0 { // in the seat: go on, or get off
			line := t.Lines[k.line]
			wait := uint64(0)
			next, ride := k.stop+1, k.stop
			if dir == travel.Inbound {
				next, ride, wait = k.stop-1, k.stop-1, uint64(line.Headway/2)
			}
			if next >= 0 && next < len(line.Stops) {
				offer(key{0, k.boardings, k.line, next}, plus(uint64(line.Ride[ride])))
			}
			offer(key{nodeAt[line.Stops[k.stop].Point], k.boardings, -1, 0}, plus(wait))
			continue
		}
		for a := range graph.ArcID(g.NumArcs()) {
			along := a
			if dir == travel.Inbound {
				along = g.Twin(a)
			}
			if int(g.Tail(a)) == k.v && n.Cost(along) != travel.Unreached {
				offer(key{int(g.Head(a)), k.boardings, -1, 0}, plus(uint64(n.Cost(along))))
			}
		}
		if k.boardings == p.Rides.Boardings {
			continue
		}
		for i, line := range t.Lines {
			for j, s := range line.Stops {
				if nodeAt[s.Point] == k.v {
					wait := uint64(line.Headway / 2)
					if dir == travel.Inbound {
						wait = 0 // it is paid where one gets on, at the other end
					}
					offer(key{0, k.boardings + 1, i, j}, plus(wait))
				}
			}
		}
	}
	best := map[graph.NodeID][2]uint64{}
	for k, l := range label {
		if k.line >= 0 {
			continue
		}
		if old, ok := best[graph.NodeID(k.v)]; !ok || l[0] < old[0] || l[0] == old[0] && l[1] < old[1] {
			best[graph.NodeID(k.v)] = l
		}
	}
	return best
}

// Every node's time and nearest site, on random streets with random lines, is that of the textbook.
func TestAgainstTextbook(t *testing.T) {
	for seed := range uint64(300) {
		dice := rand.New(rand.NewPCG(seed, 2))
		b := graph.NewBuilder()
		side := 3 + dice.IntN(4)
		var points []orb.Point
		for i := range side * side {
			points = append(points, orb.Point{float64(i%side)*0.003 + dice.Float64()*0.002, float64(i/side)*0.003 + dice.Float64()*0.002})
			b.AddNode(int64(i+1), points[i], 0)
		}
		for i := range side * side {
			for _, j := range []int{i + 1, i + side} {
				if j < side*side && (j != i+1 || j%side != 0) && dice.IntN(4) > 0 {
					b.AddSegment(graph.Segment{From: int64(i + 1), To: int64(j + 1), Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
				}
			}
		}
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p := walker(1 + dice.IntN(3))
		n := travel.NewNet(g, p)
		streets := travel.NewSnapper(n)
		on := func(v graph.NodeID) bool { // has a street, so that a stop stands on its node
			for a := range g.Leaving(v) {
				if n.Cost(a) != travel.Unreached || n.Cost(g.Twin(a)) != travel.Unreached {
					return true
				}
			}
			return false
		}
		var nodes []graph.NodeID
		for v := range graph.NodeID(g.NumNodes()) {
			if on(v) {
				nodes = append(nodes, v)
			}
		}
		if len(nodes) < 4 {
			continue
		}
		var rows []Row
		for i := range 1 + dice.IntN(4) {
			headway := float64(2 * (1 + dice.IntN(10)))
			for k := range 2 + dice.IntN(4) {
				rows = append(rows, Row{Route: fmt.Sprint(i), Direction: "a", Seq: float64(k), Point: g.Point(nodes[dice.IntN(len(nodes))]), Minutes: ptr(float64(dice.IntN(4)) / 2), Headway: &headway})
			}
		}
		tt, problems := Build(rows)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		tt.Lines = slices.DeleteFunc(tt.Lines, func(l Line) bool { return l.round() }) // rings have their own test
		sites := map[int32]graph.NodeID{}
		var all []travel.Site
		for id := range int32(1 + dice.IntN(3)) {
			v := nodes[dice.IntN(len(nodes))]
			at, err := streets.Snap(g.Point(v), 1)
			if err != nil {
				t.Fatal(err)
			}
			sites[id+5] = v
			all = append(all, travel.Site{ID: id + 5, Snap: at})
		}
		for _, dir := range []travel.Direction{travel.Inbound, travel.Outbound} {
			limit := travel.Millis(600_000 + dice.IntN(1_200_000))
			f, err := New(n, streets, tt).Nearest(t.Context(), all, limit, dir)
			if err != nil {
				t.Fatal(err)
			}
			want := textbook(g, n, tt, p, sites, uint64(limit), dir)
			for v := range graph.NodeID(g.NumNodes()) {
				ms, owner := f.Node(v)
				w, ok := want[v]
				if ok != (owner >= 0) || ok && (uint64(ms) != w[0] || uint64(owner) != w[1]) {
					t.Fatalf("seed %d, direction %d, node %d: %d ms to %d, want %v %v", seed, dir, v, ms, owner, w, ok)
				}
			}
		}
	}
}

func TestProblems(t *testing.T) {
	good := line("好", "", 10, 0, 1, 500, 0)
	for name, rows := range map[string][]Row{
		"只有一站":   line("1", "", 10, 0, 1),
		"没有发车间隔": func() []Row { r := line("1", "", 10, 0, 1, 500, 0); r[0].Headway = nil; return r }(),
		"前后不一":   func() []Row { r := line("1", "", 10, 0, 1, 500, 0); r[1].Headway = ptr(12.0); return r }(),
		"重复":     func() []Row { r := line("1", "", 10, 0, 1, 500, 0); r[1].Seq = r[0].Seq; return r }(),
		"分钟数":    func() []Row { r := line("1", "", 10, 0, 1, 500, 0); r[0].Minutes = nil; return r }(),
		"大于0":    line("1", "", 0, 0, 1, 500, 0),
		"颠倒": func() []Row {
			r := late(line("1", "", 10, 0, 1, 500, 0))
			for i := range r {
				r[i].Until = ptr(300)
			}
			return r
		}(),
		"首班晚于": func() []Row { r := counted(line("1", "", 10, 0, 1, 500, 0)); r[0].Last = ptr(60); return r }(),
	} {
		tt, problems := Build(slices.Concat(rows, good))
		if len(problems) != 1 || problems[0].Route != "1" || !strings.Contains(problems[0].ZH, name) || len(tt.Lines) != 2 {
			t.Errorf("%s: %+v, %d lines", name, problems, len(tt.Lines))
		}
	}
}

// A stop in the fields is passed by.
func TestStopWithoutStreet(t *testing.T) {
	rows := line("1", "a", 10, 0, 2, 3000, 2, 9000, 0)
	rows[1].Point = orb.Point{0.02, 0.05}
	net, streets := street(t, walker(1))
	s := New(net, streets, table(t, rows))
	from, _ := streets.Snap(east(0), 10)
	to, _ := streets.Snap(east(9000), 10)
	f, err := s.Nearest(t.Context(), []travel.Site{{Snap: from}}, 3_600_000, travel.Outbound)
	if err != nil {
		t.Fatal(err)
	}
	if ms, _ := f.At(to); len(s.Off()) != 1 || ms != 300_000+240_000 {
		t.Errorf("%v off; %d ms", s.Off(), ms)
	}
}
