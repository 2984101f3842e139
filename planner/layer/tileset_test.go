package layer

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// Figures of OGC 17-083r4, annex D, and of Tianditu's capabilities.
func TestTileSets(t *testing.T) {
	web, _ := TileSetByID("WebMercatorQuad")
	cn, _ := TileSetByID("CGCS2000Quad")
	for _, c := range []struct {
		set           TileSet
		z, cols, rows int
		size          float64
	}{{web, 0, 1, 1, 40075016.6855784}, {web, 3, 8, 8, 5009377.0857}, {cn, 1, 2, 1, 180}, {cn, 4, 16, 8, 22.5}} {
		cols, rows := c.set.Matrix(c.z)
		if cols != c.cols || rows != c.rows || math.Abs(c.set.Size(c.z)-c.size) > 1e-3 {
			t.Errorf("%s %d: %d×%d of %f", c.set.ID, c.z, cols, rows, c.set.Size(c.z))
		}
	}
	for _, tile := range []Tile{{web, 18, 1 << 18, 0}, {web, 19, 0, 0}, {web, 0, 0, 1}, {cn, 0, 0, 0}, {cn, 1, 0, 1}, {cn, 1, -1, 0}} {
		if tile.Exists() {
			t.Errorf("%s exists", tile.Key())
		}
	}
	p := orb.Point{120.16, 30.25}
	for _, s := range TileSets {
		for z := s.First; z <= s.Last; z++ {
			if tile := s.At(p, z); !tile.Exists() || !tile.Degrees().Contains(p) {
				t.Errorf("%s at %d: %v does not hold %v", s.ID, z, tile.Degrees(), p)
			}
		}
	}
	if at := web.At(p, 10); at.Col != 853 || at.Row != 421 { // the usual tile of Hangzhou
		t.Errorf("%s", at.Key())
	}
}
