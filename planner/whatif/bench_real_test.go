//go:build real

package whatif

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/geo/osmroad"
)

// Heidelberg is the largest extract at hand: facilities and people anywhere on its
// streets, on foot and by vehicle, where a quarter of an hour is the whole town.
func BenchmarkEditsOfHeidelberg(b *testing.B) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	road, err := osmroad.Build(b.Context(), filepath.Join(shared, "osm", "heidelberg.osm.pbf"), nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, profile := range []string{"elder_60_69", "adult", "drive"} {
		for _, sites := range []int{30, 200} {
			b.Run(fmt.Sprintf("%s/sites=%d", profile, sites), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 53))
				q := question(net(b, road.Graph, profile), sites, 100_000, quarter, quarter, r)
				edits(b, q, r)
			})
		}
	}
}
