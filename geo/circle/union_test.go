package circle

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// union draws what sites reach together within metres, and checks that the ring order and validity hold.
func union(t testing.TB, m *Mesh, sites []travel.Site, metres float64) orb.MultiPolygon {
	t.Helper()
	limit := travel.Millis(metres * 1000)
	f, err := m.net.Nearest(t.Context(), sites, limit, travel.Inbound)
	if err != nil {
		t.Fatal(err)
	}
	p := m.Union(f, limit)
	if len(p) > 0 && !valid(p) {
		t.Errorf("the union of %d sites is not valid", len(sites))
	}
	return p
}

func places(t *testing.T, n *travel.Net, dice *rand.Rand, count int, half float64) []travel.Site {
	t.Helper()
	snapper := travel.NewSnapper(n)
	var sites []travel.Site
	for i := range count {
		snap, err := snapper.Snap(lonLat((dice.Float64()*2-1)*half, (dice.Float64()*2-1)*half), 100)
		if err != nil {
			t.Fatal(err)
		}
		sites = append(sites, travel.Site{ID: int32(i), Snap: snap})
	}
	return sites
}

// A street is in the union exactly where it is in the circle of some site, and every circle lies within the union.
func TestUnionIsAllCirclesTogether(t *testing.T) {
	for seed := range uint64(8) {
		dice := rand.New(rand.NewPCG(seed, 1))
		w := grid(12, 45)
		w.water(-700, 100, 700, 130, 700, 150, -700, 120, -700, 100)
		n := w.net(t)
		m, err := NewMesh(n)
		if err != nil {
			t.Fatal(err)
		}
		sites := places(t, n, dice, 1+int(seed)*2, 500)
		const metres = 170
		all := newSlabs(union(t, m, sites, metres))
		var circles []orb.MultiPolygon
		var reaches []*travel.Reach
		for _, s := range sites {
			r := n.Reach(s, metres*1000, travel.Inbound)
			reaches = append(reaches, r)
			circles = append(circles, m.Polygon(r, metres*1000))
		}
		for range 4000 {
			a := graph.ArcID(dice.IntN(n.G.NumArcs()))
			along := uint32(dice.Float64() * float64(n.G.Length(a)))
			f := float64(along) / float64(n.G.Length(a))
			p, q := n.G.Point(n.G.Tail(a)), n.G.Point(n.G.Head(a))
			at := travel.Snap{Position: travel.Position{Arc: a, Along: along}, Point: orb.Point{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])}}
			least := travel.Unreached
			for _, r := range reaches {
				if ms, _ := n.At(r, at); ms < least {
					least = ms
				}
			}
			if near := int64(least) - metres*1000; near > -400 && near < 400 {
				continue // within the contour's width of a vertex
			}
			if in := all.contains(at.Point); in != (least <= metres*1000) {
				t.Fatalf("seed %d: a place %d mm from the nearest site is inside: %v", seed, least, in)
			}
		}
		for i, c := range circles {
			for _, p := range c {
				for _, at := range p[0] {
					if !all.contains(at) && !onBorder(at, union(t, m, sites, metres)) {
						t.Fatalf("seed %d: the circle of site %d has %v outside the union", seed, i, at)
					}
				}
			}
		}
	}
}

func onBorder(p orb.Point, m orb.MultiPolygon) bool { return !strays(p, m, 0.02) }

func TestUnionOfOneIsItsCircle(t *testing.T) {
	n := grid(10, 37).net(t)
	m, err := NewMesh(n)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(3, 3))
	for _, s := range places(t, n, dice, 20, 300) {
		for _, metres := range []float64{5, 60, 250, 900} {
			circle := m.Polygon(n.Reach(s, travel.Millis(metres*1000), travel.Inbound), travel.Millis(metres*1000))
			alone := union(t, m, []travel.Site{s}, metres)
			if diff := cmp.Diff(circle, alone); diff != "" {
				t.Fatalf("%v m: %s", metres, diff)
			}
		}
	}
}

func TestUnionDoesNotDependOnTheOrderOfSites(t *testing.T) {
	n := grid(10, 37).net(t)
	m, err := NewMesh(n)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(5, 3))
	sites := places(t, n, dice, 30, 350)
	first := union(t, m, sites, 90)
	for range 5 {
		dice.Shuffle(len(sites), func(i, j int) { sites[i], sites[j] = sites[j], sites[i] })
		if diff := cmp.Diff(first, union(t, m, sites, 90)); diff != "" {
			t.Fatal(diff)
		}
	}
}
