package circle

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

func grid(n int, step float64) *world {
	w := newWorld()
	for i := -n; i <= n; i++ {
		for j := -n; j < n; j++ {
			a, b, c := float64(i)*step, float64(j)*step, float64(j+1)*step
			w.street(a, b, a, c)
			w.street(b, a, c, a)
		}
	}
	return w
}

// On a perfect grid the reached streets form the diamond |x|+|y| ≤ r, of area 2r².
func TestGridIsADiamond(t *testing.T) {
	const r = 500
	n := grid(40, 20).net(t)
	d := draw(t, n, 0, 0, r, travel.Inbound)
	d.parts(1)
	if got, want := d.area(), 2.0*r*r; math.Abs(got-want) > 0.04*want {
		t.Errorf("area %.0f m², want %.0f within 4 %%", got, want)
	}
	for i := -30; i <= 30; i++ {
		for j := -60; j <= 60; j++ { // along the streets, off their exact ends
			x, y := float64(i)*20, float64(j)*10+1.5
			if off := math.Abs(x) + math.Abs(y) - r; math.Abs(off) > 0.3 {
				d.has(x, y, off < 0)
				d.has(y, x, off < 0)
			}
		}
	}
	if got := len(d.polygon[0]); got != 1 {
		t.Errorf("%d holes in a grid", got-1)
	}
}

func TestLineEndsWhereTimeEnds(t *testing.T) {
	w := newWorld()
	w.street(-1000, 0, 0, 0, 1000, 0)
	d := draw(t, w.net(t), 0, 0, 300, travel.Outbound)
	d.parts(1)
	for _, x := range []float64{-299.9, -100, 0, 150, 299.9} {
		d.has(x, 0, true)
	}
	for _, x := range []float64{-301, 300.2, 800} {
		d.has(x, 0, false)
	}
}

func TestTinyReachIsSmallAndValid(t *testing.T) {
	w := newWorld()
	w.street(-1000, 0, 1000, 0)
	for _, metres := range []float64{0, 0.5, 3, 12, 40} {
		for _, x := range []float64{0, 7.3, 15, 123.4} {
			d := draw(t, w.net(t), x, 0, metres, travel.Inbound)
			d.parts(1)
			if metres >= 3 {
				d.has(x+metres-0.3, 0, true)
				d.has(x+metres+0.3, 0, false)
				d.has(x-metres-0.3, 0, false)
			}
		}
	}
}

// A ring street of 1600 m that is reached all round encloses its block; when only half is reached, the far side is out.
func TestRing(t *testing.T) {
	w := newWorld()
	w.street(0, 0, 400, 0, 400, 400, 0, 400, 0, 0)
	n := w.net(t)
	whole := draw(t, n, 0, 0, 900, travel.Inbound)
	whole.parts(1)
	whole.has(200, 200, true)
	if len(whole.polygon[0]) != 1 {
		t.Errorf("the enclosed block has %d holes", len(whole.polygon[0])-1)
	}
	half := draw(t, n, 0, 0, 500, travel.Inbound)
	half.has(400, 99, true)
	half.has(400, 101, false)
	half.has(400, 400, false)
}

// The teeth of a comb are reached one by one; land deep between two far tips is not.
func TestComb(t *testing.T) {
	w := newWorld()
	for i := 0.0; i < 10; i++ {
		w.street(i*100, 0, (i+1)*100, 0)
		w.street(i*100, 0, i*100, 300)
	}
	d := draw(t, w.net(t), 0, 0, 400, travel.Inbound)
	d.parts(1)
	for i := 0.0; i < 4; i++ {
		tip := min(300, 400-100*i)
		d.has(i*100, tip-0.5, true)
		if tip < 300 {
			d.has(i*100, tip+0.5, false)
		}
	}
	d.has(450, 0, false)
}

// Streets 15 m from either bank of a river: without the bridge in reach the far bank is out, with it the river still is.
func TestRiverWithOneBridge(t *testing.T) {
	w := newWorld()
	w.water(-500, -10, 1000, -10, 1000, 10, -500, 10, -500, -10)
	for x := -200.0; x < 800; x += 50 {
		w.street(x, -25, x+50, -25)
		w.street(x, 25, x+50, 25)
		w.street(x, 25, x, 150)
		w.street(x, -25, x, -150)
	}
	w.join(w.node(400, -25), w.node(400, 25), graph.Foot|graph.Bridge, graph.Foot|graph.Bridge, 0)
	n := w.net(t)
	near := draw(t, n, 0, -25, 300, travel.Inbound)
	near.parts(1)
	near.has(0, -24, true)
	for x := -200.0; x <= 600; x += 10 {
		near.has(x, 0, false)
		near.has(x, 15, false)
		near.has(x, 25, false)
	}
	far := draw(t, n, 0, -25, 600, travel.Inbound)
	far.parts(1)
	far.has(400, 0, true)  // the bridge
	far.has(400, 25, true) // and beyond
	far.has(300, 30, true)
	far.has(0, 25, false)
	for x := -200.0; x <= 700; x += 10 {
		if math.Abs(x-400) > 10 {
			far.has(x, 0, false)
			far.has(x, 8, false)
		}
	}
}

func TestIslandByFerryIsAPartOfItsOwn(t *testing.T) {
	w := newWorld()
	w.street(0, 0, 100, 0, 100, 100, 0, 100, 0, 0)
	w.street(1000, 0, 1100, 0, 1100, 100, 1000, 100, 1000, 0)
	w.join(w.node(100, 0), w.node(1000, 0), graph.Foot|graph.Ferry, graph.Foot|graph.Ferry, 200000)
	n := w.net(t)
	d := draw(t, n, 0, 0, 550, travel.Inbound)
	d.parts(2)
	d.has(1050, 0, true)
	d.has(1050, 50, true)
	d.has(500, 0, false) // one does not step off at sea
	draw(t, n, 0, 0, 250, travel.Inbound).parts(1)
}

// One way from west to east: people come to the site from the west only, and go from it to the east only.
func TestOneWay(t *testing.T) {
	w := newWorld()
	for x := -500.0; x < 500; x += 100 {
		w.join(w.node(x, 0), w.node(x+100, 0), graph.Foot, 0, 0)
	}
	n := w.net(t)
	in := draw(t, n, 20, 0, 200, travel.Inbound)
	in.has(-179, 0, true)
	in.has(-181, 0, false)
	in.has(30, 0, false)
	out := draw(t, n, 20, 0, 200, travel.Outbound)
	out.has(219, 0, true)
	out.has(221, 0, false)
	out.has(10, 0, false)
}

// A bridge over an unreached street, without a common node, lets in no more than some centimetres of it.
func TestLevelsStayApart(t *testing.T) {
	w := newWorld()
	w.street(-300, 0, 300, 0)
	w.join(w.separate(0.5, -200), w.separate(0.5, 200), graph.Foot, graph.Foot, 0)
	d := draw(t, w.net(t), -100, 0, 250, travel.Inbound)
	d.has(0.5, 0.0, true)
	d.has(100, 0, true)
	for _, y := range []float64{-150, -20, -0.5, 0.5, 20, 150} {
		d.has(0.5, y, false)
	}
}

func TestCulDeSac(t *testing.T) {
	w := newWorld()
	w.street(0, 0, 0, 100, 60, 100) // the source's street, a dead end
	w.street(80, 100, 80, 0)        // 20 m beyond the end, not joined
	d := draw(t, w.net(t), 0, 0, 400, travel.Inbound)
	d.parts(1)
	d.has(60, 99.9, true)
	for y := 1.0; y < 100; y += 3 {
		d.has(80, y, false)
	}
}

// town is a crooked grid of streets, some missing, some one-way, some crossing others on another level.
func town(seed uint64) *world {
	dice := rand.New(rand.NewPCG(seed, 7))
	w := newWorld()
	for i := 0.0; i < 22; i++ {
		for j := 0.0; j < 22; j++ {
			jitter := func(a, b float64) (x, y float64) {
				h := rand.New(rand.NewPCG(uint64(a)*1000+uint64(b), seed))
				return math.Round(a*70 + h.Float64()*40), math.Round(b*70 + h.Float64()*40)
			}
			x, y := jitter(i, j)
			for _, to := range [][2]float64{{i + 1, j}, {i, j + 1}, {i + 1, j + 1}} {
				if x2, y2 := jitter(to[0], to[1]); dice.IntN(100) < 55 {
					access := graph.Foot
					if dice.IntN(10) == 0 {
						access = 0
					}
					w.join(w.node(x, y), w.node(x2, y2), graph.Foot, access, 0)
				}
			}
		}
	}
	return w
}

// Random towns: every circle separates, is valid, and greater limits hold lesser ones.
func TestRandomTowns(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		report, samples, err := Verify(t.Context(), town(seed).net(t), Options{Sources: 8, Minutes: []int{3, 5, 10}, Seed: int64(seed)})
		if err != nil {
			t.Fatal(err)
		}
		if report.ReachableInside < 0.9999 || report.UnreachableInside10m > 0 || report.Invalid+report.NotNested+report.NodeTimeDifferences > 0 || report.total.inside > 0.001*report.total.unreached {
			t.Errorf("seed %d: %+v", seed, report)
		}
		for _, s := range samples {
			mustBeSimple(t, s.Polygon)
		}
	}
}

// What is passed over inside a circle is what looking at every street would find.
func TestPassingOverChangesNothing(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		n := town(seed).net(t)
		m, err := NewMesh(n)
		if err != nil {
			t.Fatal(err)
		}
		thorough, _ := NewMesh(n)
		for i := range thorough.enough {
			thorough.enough[i] = travel.Unreached
		}
		arcs, _ := streets(n)
		dice := rand.New(rand.NewPCG(seed, 8))
		passed := 0
		for range 20 {
			reach := n.Reach(travel.Site{Snap: newLottery(n, arcs).draw(dice)}, 900000, travel.Inbound)
			for i, v := range reach.Nodes {
				if m.enough[v] <= 900000-reach.Times[i] {
					passed++
				}
			}
			if diff := cmp.Diff(thorough.Polygon(reach, 900000), m.Polygon(reach, 900000)); diff != "" {
				t.Fatal(diff)
			}
		}
		if passed < 1000 {
			t.Errorf("only %d nodes are passed over", passed)
		}
	}
}
