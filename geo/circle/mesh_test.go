package circle

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// checkMesh proves that m is a triangulation: all triangles turn left, twins agree, vertices lead to their own
// half-edges, areas add up to the frame, and no free edge hides a street's piece.
func checkMesh(t testing.TB, m *Mesh) {
	t.Helper()
	if len(m.points) == 0 {
		return
	}
	low, high := m.points[0], m.points[0]
	for _, p := range m.points {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	var area int64
	for h := range int32(len(m.halves)) {
		if h%3 == 0 {
			turn := orient(m.points[m.org(h)], m.points[m.org(h+1)], m.points[m.org(h+2)])
			if turn <= 0 {
				t.Fatalf("triangle %d turns %d", h/3, turn)
			}
			area += turn
		}
		if g := m.twin(h); g != none && (m.twin(g) != h || m.org(g) != m.org(next(h)) || m.kind(g) != m.kind(h)) {
			t.Fatalf("half-edges %d and %d disagree", h, g)
		}
	}
	if want := 2 * int64(high.x-low.x) * int64(high.y-low.y); area != want {
		t.Fatalf("triangles cover %d, the frame is %d", area, want)
	}
	for v, h := range m.out {
		if m.org(h) != int32(v) {
			t.Fatalf("vertex %d leads to a half-edge of %d", v, m.org(h))
		}
	}
	for _, p := range m.pieces {
		if m.kind(p.edge) != street {
			t.Fatalf("piece %+v is no street", p)
		}
	}
}

// mustCover says that the pieces of every street join up from 0 to 1, but for crumbs of a metre in a tangle.
func mustCover(t testing.TB, m *Mesh) {
	t.Helper()
	arcs, _ := streets(m.net)
	for _, a := range arcs {
		pieces := m.pieces[m.first[a]:m.first[a+1]]
		if m.net.G.Length(a) < 3000 {
			continue
		}
		at, crumb := float32(0), 1200/float32(m.net.G.Length(a))
		for _, p := range pieces {
			if p.from > p.to {
				p.from, p.to = p.to, p.from
			}
			if p.from > at+crumb {
				t.Fatalf("street %d of %d mm: nothing between %v and %v: %v", a, m.net.G.Length(a), at, p.from, pieces)
			}
			at = max(at, p.to)
		}
		if at < 1-crumb {
			t.Fatalf("street %d ends at %v", a, at)
		}
	}
}

// tangle makes a network of overlapping, touching, doubled and crossing streets from bytes.
func tangle(t testing.TB, data []byte) *travel.Net {
	w := newWorld()
	for i := 0; i+4 <= len(data) && i < 400; i += 4 {
		scale := []float64{10, 1, 0.02, 0.5}[data[i]>>6]
		x, y := float64(data[i]&63)*scale, float64(data[i+1]&63)*scale
		x2, y2 := float64(data[i+2]&63)*scale, float64(data[i+3]&63)*scale
		if data[i+1]>>6 == 3 {
			w.water(x, y, x2, y2)
			continue
		}
		from, to := w.node(x, y), w.node(x2, y2)
		if data[i+2]>>6 == 3 { // another level
			from = w.separate(x, y)
		}
		w.join(from, to, graph.Foot, graph.Foot, 0)
	}
	return w.net(t)
}

func FuzzMesh(f *testing.F) {
	dice := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		data := make([]byte, 4*(1+dice.IntN(60)))
		for i := range data {
			data[i] = byte(dice.Uint32())
		}
		f.Add(data)
	}
	f.Add([]byte{0, 0, 10, 0, 0, 0, 20, 0, 5, 0, 15, 0, 10, 0, 10, 10}) // overlaps and a T
	f.Fuzz(func(t *testing.T, data []byte) {
		n := tangle(t, data)
		m, err := NewMesh(n)
		if err != nil {
			t.Fatal(err)
		}
		checkMesh(t, m)
		mustCover(t, m)
		arcs, _ := streets(n)
		if len(arcs) == 0 {
			return
		}
		dice := rand.New(rand.NewPCG(uint64(len(data)), 3))
		for _, metres := range []travel.Millis{1000, 30000, 400000} {
			reach := n.Reach(travel.Site{Snap: newLottery(n, arcs).draw(dice)}, metres, travel.Inbound)
			mustBeSimple(t, m.Polygon(reach, metres))
		}
	})
}

func TestEmptyAndTooWide(t *testing.T) {
	m, err := NewMesh(newWorld().net(t))
	if err != nil || len(m.Polygon(&travel.Reach{}, 1000)) != 0 {
		t.Errorf("an empty network: %v", err)
	}
	w := newWorld()
	w.street(0, 0, 1, 1, 1e7, 10)
	if _, err := NewMesh(w.net(t)); err == nil || errors.Is(err, ErrNoding) {
		t.Errorf("a network of 90 degrees: %v", err)
	}
}

func TestNoTimeNoCircle(t *testing.T) {
	w := newWorld()
	w.street(0, 0, 100, 0)
	n := w.net(t)
	m, err := NewMesh(n)
	if err != nil {
		t.Fatal(err)
	}
	site := travel.Site{Snap: travel.Snap{Millis: 60000}}
	if p := m.Polygon(n.Reach(site, 30000, travel.Inbound), 30000); p != nil {
		t.Errorf("a snap leg of a minute reaches %v in half of one", p)
	}
}

// A mesh made for one speed draws for another what that one's own mesh would.
func TestMeshIsSharedBetweenSpeeds(t *testing.T) {
	g := town(3).net(t).G
	m, err := NewMesh(travel.NewNet(g, stroll))
	if err != nil {
		t.Fatal(err)
	}
	quick := stroll
	quick.Pace = 0.6
	n := travel.NewNet(g, quick)
	own, _ := NewMesh(n)
	shared := m.For(n)
	arcs, _ := streets(n)
	dice := rand.New(rand.NewPCG(4, 4))
	places := newLottery(n, arcs)
	for range 20 {
		r := n.Reach(travel.Site{Snap: places.draw(dice)}, 300000, travel.Inbound)
		if diff := cmp.Diff(own.Polygon(r, 300000), shared.Polygon(r, 300000)); diff != "" {
			t.Fatal(diff)
		}
	}
	car := stroll
	car.Mode = graph.Car
	if m.For(travel.NewNet(g, car)) != nil || m.For(town(3).net(t)) != nil {
		t.Error("a mesh is shared where the streets or the graph are others")
	}
}
