//go:build real

package circle

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// BenchmarkPolygonLondon draws 15-minute circles in the densest extract.
func BenchmarkPolygonLondon(b *testing.B) {
	network, err := osmroad.Build(b.Context(), filepath.Join(sharedData(), "osm", "london.osm.pbf"), nil)
	if err != nil {
		b.Fatal(err)
	}
	profile, err := travel.ProfileByID("adult")
	if err != nil {
		b.Fatal(err)
	}
	n := travel.NewNet(network.Graph, profile)
	m, err := NewMesh(n)
	if err != nil {
		b.Fatal(err)
	}
	arcs, _ := streets(n)
	dice := rand.New(rand.NewPCG(1, 1))
	var reaches []*travel.Reach
	for range 20 {
		reaches = append(reaches, n.Reach(travel.Site{Snap: anywhere(n, arcs, dice)}, 900000, travel.Inbound))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Polygon(reaches[i%len(reaches)], 900000)
	}
}
