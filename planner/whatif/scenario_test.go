package whatif

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// county makes side × side crossings 50 m apart, a third of the streets between
// them missing, and villages of 16 × 16 crossings.
func county(t testing.TB, side int64, r *rand.Rand) *travel.Net {
	t.Helper()
	b := graph.NewBuilder()
	for v := range side * side {
		b.AddNode(v, orb.Point{120 + float64(v%side)*0.0005, 29 + float64(v/side)*0.00045}, 0)
	}
	street := func(from, to int64) {
		if r.IntN(3) > 0 {
			b.AddSegment(graph.Segment{From: from, To: to, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	for v := range side * side {
		if v%side > 0 {
			street(v, v-1)
		}
		if v >= side {
			street(v, v-side)
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net(t, g, "elder_60_69")
}

func net(t testing.TB, g *graph.Graph, profile string) *travel.Net {
	t.Helper()
	p, err := travel.ProfileByID(profile)
	if err != nil {
		t.Fatal(err)
	}
	return travel.NewNet(g, p)
}

func anywhere(n *travel.Net, r *rand.Rand) travel.Snap {
	for {
		a := graph.ArcID(r.IntN(n.G.NumArcs()))
		if n.Cost(a) != travel.Unreached {
			return travel.Snap{Position: travel.Position{Arc: a, Along: r.Uint32N(n.G.Length(a) + 1)}, Millis: r.Uint32N(60_000)}
		}
	}
}

// question puts sites and points anywhere; a point in a hundred has no network. Units are squares of the map.
func question(n *travel.Net, sites, points int, limit, searched travel.Millis, r *rand.Rand) Question {
	q := Question{Net: n, Limit: limit, Searched: searched, Demand: Demand{Groups: []string{"60+", "total", "80+"}, People: make([][]int32, 3)}}
	for i := range sites {
		q.Sites = append(q.Sites, travel.Site{ID: int32(i), Snap: anywhere(n, r)})
	}
	for range points {
		s := anywhere(n, r)
		at := n.G.Point(n.G.Tail(s.Arc))
		x, y := int(at[0]*125)%40, int(at[1]*125)%40
		d := &q.Demand
		d.Units = append(d.Units, planner.Code(fmt.Sprintf("3301%02d%03d%03d", 1+y/20, 100+x/4, 200+x%4*40+y)))
		old, all := r.Int32N(9), r.Int32N(40)
		d.People[0], d.People[1], d.People[2] = append(d.People[0], old), append(d.People[1], old+all), append(d.People[2], old/3)
		if d.Snaps = append(d.Snaps, &s); r.IntN(100) == 0 {
			d.Snaps[len(d.Snaps)-1] = nil
		}
	}
	return q
}

// counted sums every point's class from nothing.
func counted(s *Scenario, d Demand) map[Gain]Total {
	sums := map[Gain]Total{}
	for p, u := range d.Units {
		for ; u != ""; u = u.Parent() {
			for g, group := range d.Groups {
				key, people := Gain{Unit: u, Group: group}, int(d.People[g][p])
				t := sums[key]
				t.Unit, t.Group = u, group
				switch s.Class(p) {
				case "walk":
					t.Covered += people
				case "uncovered":
					t.Uncovered += people
				case "unverified":
					t.Unverified += people
				}
				sums[key] = t
			}
		}
	}
	return sums
}

// After each of 1,000 edits the totals are those of counting everybody again, the
// gains are what differs from before, and times are those of a scenario that starts
// with these sites; undoing all leads back to the first digest.
func TestTotalsEqualCountingAgain(t *testing.T) {
	gained, lost := 0, 0
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 41))
		q := question(county(t, 24, r), 5, 400, 300_000, 600_000, r)
		q.Direction = travel.Direction(seed % 2)
		s, err := Start(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		digests := [][sha256.Size]byte{s.Digest()}
		closed, next := false, int32(100)
		for step := range 250 {
			before := s.Totals()
			var e Effect
			var err error
			sites, arc := s.Sites(), anywhere(q.Net, r).Arc
			switch kind := r.IntN(7); {
			case kind == 0 && len(digests) > 1:
				e, _ = s.Undo()
				digests = digests[:len(digests)-2] // its own is put back below
			case kind == 1 && len(sites) > 0:
				e, err = s.Remove(sites[r.IntN(len(sites))].ID)
			case kind == 2 && len(sites) > 0:
				e, err = s.Move(sites[r.IntN(len(sites))].ID, anywhere(q.Net, r))
			case kind == 3 && step > 100:
				closed = true
				e, err = s.Close(q.Net.BothWays(arc)...)
			case kind == 4:
				e, err = s.Open(arc)
			default:
				next++
				e, err = s.Add(travel.Site{ID: next, Snap: anywhere(q.Net, r)})
			}
			if err != nil {
				t.Fatal(err)
			}
			digests = append(digests, s.Digest())
			gained, lost = gained+e.Gained, lost+e.Lost
			after := s.Totals()
			sums := counted(s, q.Demand)
			if len(sums) != len(after) {
				t.Fatalf("seed %d step %d: %d totals, counted %d", seed, step, len(after), len(sums))
			}
			var want []Gain
			for i, total := range after {
				if c := sums[Gain{Unit: total.Unit, Group: total.Group}]; c != total {
					t.Fatalf("seed %d step %d: %+v, counted %+v", seed, step, total, c)
				}
				if before[i].Covered != total.Covered {
					want = append(want, Gain{total.Unit, total.Group, before[i].Covered, total.Covered})
				}
			}
			if !slices.Equal(e.Units, want) {
				t.Fatalf("seed %d step %d: gains %v, want %v", seed, step, e.Units, want)
			}
			if province := after[0]; e.Gained-e.Lost != province.Covered-before[0].Covered {
				t.Fatalf("seed %d step %d: %d gained and %d lost, %s had %d and has %d", seed, step, e.Gained, e.Lost, province.Unit, before[0].Covered, province.Covered)
			}
			if !closed {
				q.Sites = s.Sites()
				fresh, err := Start(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if fresh.Digest() != s.Digest() {
					t.Fatalf("seed %d step %d: another state than from scratch", seed, step)
				}
			}
		}
		for i := len(digests) - 2; i >= 0; i-- {
			if _, ok := s.Undo(); !ok || s.Digest() != digests[i] {
				t.Fatalf("seed %d: undoing to edit %d leads elsewhere", seed, i)
			}
		}
		if e, ok := s.Undo(); ok || len(e.Units) > 0 {
			t.Fatalf("seed %d: more was undone than done", seed)
		}
	}
	if gained < 5000 || lost < 5000 {
		t.Errorf("%d people gained, %d lost: the edits are too small", gained, lost)
	}
}

func TestWrongQuestionsAreRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 43))
	good := question(county(t, 5, r), 2, 10, 300_000, 600_000, r)
	for name, spoil := range map[string]func(*Question){
		"limit beyond the search": func(q *Question) { q.Limit = 600_001 },
		"fewer units than points": func(q *Question) { q.Demand.Units = q.Demand.Units[1:] },
		"fewer people":            func(q *Question) { q.Demand.People = q.Demand.People[1:] },
		"no group":                func(q *Question) { q.Demand.Groups, q.Demand.People = nil, nil },
		"same site twice":         func(q *Question) { q.Sites = append(q.Sites, q.Sites[0]) },
		"short row":               func(q *Question) { q.Demand.People = [][]int32{nil, nil, nil} },
	} {
		q := good
		spoil(&q)
		_, err := Start(t.Context(), q)
		if e := (*planner.Error)(nil); !errors.As(err, &e) || e.Kind != planner.Invalid || e.Text.ZH == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := Start(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Remove(7); err == nil {
		t.Error("a site that is not there is removed")
	}
}

// Differences are what counting everybody at first and now gives, whatever was edited and taken back in between.
func TestDifferencesFromTheBase(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	n := county(t, 40, r)
	q := question(n, 20, 500, 300_000, 900_000, r)
	s, err := Start(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]string, len(q.Demand.Units))
	for p := range first {
		first[p] = s.Class(p)
	}
	next := int32(100)
	for range 200 {
		switch sites := s.Sites(); r.IntN(4) {
		case 0:
			_, err = s.Add(travel.Site{ID: next, Snap: anywhere(n, r)})
			next++
		case 1:
			_, err = s.Remove(sites[r.IntN(len(sites))].ID)
		case 2:
			_, err = s.Move(sites[r.IntN(len(sites))].ID, anywhere(n, r))
		case 3:
			s.Undo()
		}
		if err != nil {
			t.Fatal(err)
		}
		want := map[Gain]Difference{}
		for p, u := range q.Demand.Units {
			for ; u != ""; u = u.Parent() {
				for g, group := range q.Demand.Groups {
					d, people := want[Gain{Unit: u, Group: group}], int(q.Demand.People[g][p])
					d.Unit, d.Group, d.All = u, group, d.All+people
					was, is := first[p] == "walk", s.Class(p) == "walk"
					if was {
						d.Before += people
					}
					if is {
						d.After += people
					}
					if is && !was {
						d.Gained += people
					}
					if was && !is {
						d.Lost += people
					}
					want[Gain{Unit: u, Group: group}] = d
				}
			}
		}
		rows := 0
		for _, d := range want {
			if d.Gained+d.Lost > 0 {
				rows++
			}
		}
		got := s.Differences()
		for _, d := range got {
			if d != want[Gain{Unit: d.Unit, Group: d.Group}] {
				t.Fatalf("%+v, counted %+v", d, want[Gain{Unit: d.Unit, Group: d.Group}])
			}
		}
		top := want[Gain{Unit: "330000000000", Group: "60+"}]
		top.Unit = ""
		if len(got) != rows || s.Whole()[0] != top {
			t.Fatalf("%d rows, counted %d; whole %+v, counted %+v", len(got), rows, s.Whole()[0], top)
		}
	}
}
