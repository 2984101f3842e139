//go:build real

package isochrone

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/transit"
)

type fixed struct{ g *graph.Graph }

func (f fixed) Network(context.Context) (int64, string, error)               { return 0, "fixed", nil }
func (f fixed) Graph(context.Context, string) (*graph.Graph, error)          { return f.g, nil }
func (f fixed) Timetable(context.Context, int64) (*transit.Timetable, error) { return nil, nil }

// One 15-minute circle around places of Porto Alegre, from the point asked for to the polygon.
func BenchmarkDraw(b *testing.B) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	n, err := osmroad.Build(b.Context(), filepath.Join(shared, "osm", "porto_alegre", "poa_osm.pbf"), nil)
	if err != nil {
		b.Fatal(err)
	}
	p := New(fixed{n.Graph})
	dice := rand.New(rand.NewPCG(1, 1))
	draw := func() {
		at := n.Graph.Point(graph.NodeID(dice.IntN(n.Graph.NumNodes())))
		survey, err := p.Survey(b.Context(), Question{Places: []orb.Point{at}, Minutes: []int{15}, Way: Way{Profile: "adult"}})
		if err == nil {
			err = survey.Draw(b.Context(), func(Isochrone) error { return nil })
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	draw() // the mesh is made once
	for b.Loop() {
		draw()
	}
}
