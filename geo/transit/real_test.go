//go:build real

package transit

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"

	"github.com/paulmach/orb"
)

// A made-up line through Porto Alegre: nobody is slower for it, somebody is faster, circles are valid and have parts round
// the stops, and every time but those on foot is a ride's.
func TestPortoAlegre(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	n, err := osmroad.Build(t.Context(), filepath.Join(shared, "osm", "porto_alegre", "poa_osm.pbf"), nil)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := travel.ProfileByID("transit")
	if err != nil {
		t.Fatal(err)
	}
	net := travel.NewNet(n.Graph, profile)
	streets := travel.NewSnapper(net)
	c := n.Bound.Center()
	var rows []Row
	for i := range 6 {
		rows = append(rows, Row{Route: "T1", Seq: float64(i), Point: orb.Point{c[0] - 0.02 + 0.008*float64(i), c[1] + 0.003*float64(i%2)}, Minutes: ptr(2.0), Headway: ptr(6.0)})
	}
	lines, problems := Build(rows)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := New(net, streets, lines)
	if len(s.Off()) > 0 || s.Lines() != 2 {
		t.Fatalf("%v off, %d lines", s.Off(), s.Lines())
	}
	mesh, err := circle.NewMesh(net)
	if err != nil {
		t.Fatal(err)
	}
	at, err := streets.Snap(rows[0].Point, 500)
	if err != nil {
		t.Fatal(err)
	}
	sites := []travel.Site{{ID: 1, Snap: at}}
	for _, dir := range []travel.Direction{travel.Inbound, travel.Outbound} {
		began := time.Now()
		ridden, err := s.Nearest(t.Context(), sites, 900_000, dir)
		took := time.Since(began)
		if err != nil {
			t.Fatal(err)
		}
		walked, err := net.Nearest(t.Context(), sites, 900_000, dir)
		if err != nil {
			t.Fatal(err)
		}
		faster := 0
		for v := range uint32(n.Graph.NumNodes()) {
			r, _ := ridden.Node(v)
			if w, _ := walked.Node(v); r > w {
				t.Fatalf("node %d: %d ms with the line, %d on foot", v, r, w)
			} else if r < w {
				faster++
			}
		}
		polygon := mesh.Union(ridden, 900_000)
		t.Logf("direction %d: %d nodes faster, %d parts, %.2f km² (on foot %.2f), %v", dir, faster, len(polygon), circle.Area(polygon)/1e6, circle.Area(mesh.Union(walked, 900_000))/1e6, took)
		if faster < 100 || len(polygon) < 2 {
			t.Errorf("%d nodes are faster, the circle has %d parts", faster, len(polygon))
		}
	}
}
