//go:build real

package isochrone

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
)

type fixed struct{ g *graph.Graph }

func (f fixed) Network(context.Context) (string, error)             { return "fixed", nil }
func (f fixed) Graph(context.Context, string) (*graph.Graph, error) { return f.g, nil }

// One 15-minute circle in the middle of Porto Alegre, from the point asked for to the polygon.
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
	for b.Loop() {
		if _, err := p.Draw(b.Context(), orb.Point{-51.2177, -30.0346}, []int{15}, Way{Profile: "adult"}); err != nil {
			b.Fatal(err)
		}
	}
}
