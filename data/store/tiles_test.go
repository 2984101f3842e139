package store

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// decoded gives the features of a tile's one layer, in longitude and latitude where the tile is in mercator.
func decoded(t *testing.T, b []byte) mvt.Layers {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

func TestTilesOfEveryCollection(t *testing.T) {
	s, _ := twoVersions(t)
	for _, c := range layer.Collections {
		for _, set := range layer.TileSets {
			for _, z := range []int{set.First, 9, 14} {
				q := layer.Query{Collection: c.ID, Snapshot: layer.Snapshot{Version: 2}, Viewer: planner.DemoViewer}
				b, err := s.Tile(t.Context(), q, set.At(orb.Point{120.1, 29.1}, z))
				if err != nil {
					t.Errorf("%s %s %d: %v", c.ID, set.ID, z, err)
				}
				if c.ID != "facilities" && c.ID != "units" {
					continue
				}
				layers := decoded(t, b)
				if len(layers) != 1 || layers[0].Name != c.ID || len(layers[0].Features) == 0 {
					t.Fatalf("%s %s %d: %d layers", c.ID, set.ID, z, len(layers))
				}
				if f := layers[0].Features[0]; c.ID == "facilities" && (f.Properties["id"] != "A" || f.Properties["name"] != "甲「照料」\"中心\"" || z == 14 && len(layers[0].Features) != 1) {
					t.Errorf("%s %d: %v", set.ID, z, f.Properties)
				}
			}
		}
	}
	filter, err := cql2.ParseText("name = '丁'")
	if err != nil {
		t.Fatal(err)
	}
	web := layer.TileSets[0]
	if b, err := s.Tile(t.Context(), layer.Query{Collection: "facilities", Filter: filter, Snapshot: layer.Snapshot{Version: 2}, Viewer: planner.DemoViewer}, web.At(orb.Point{120.1, 29.1}, 9)); err != nil || len(b) != 0 {
		t.Errorf("%d bytes of a filter that nothing meets, %v", len(b), err)
	}
}

// No tile passes the bound however much lies in it, and none that has something is empty.
func TestHeavyTilesAreThinned(t *testing.T) {
	s, pool := twoVersions(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO address (source, key, from_version, full_text, unit_code, digest, geom)
		 SELECT 't', to_char(i, '000000'), 1, '海越省澜江市澄浦县澄阳街道城北社区澄江弄' || i || '号', '990121101201', '', ST_SetSRID(ST_MakePoint(120.0 + (i % 300) * 0.00005, 29.0 + (i / 300) * 0.00005), 4326) FROM generate_series(1, 30000) i;
		INSERT INTO unit (source, key, from_version, name, level, geom, digest)
		 SELECT 't', (990121000000 + i)::text, 1, '村' || i, 5, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(120.0 + (i % 40) * 0.01, 29.0 + (i / 40) * 0.01), 4326), 0.02, 200)), '' FROM generate_series(1, 400) i`)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"addresses", "units"} {
		for _, set := range layer.TileSets {
			last := -1
			for _, z := range []int{set.First, 8, 11, 12, 15} {
				b, err := s.Tile(t.Context(), layer.Query{Collection: id, Snapshot: layer.Snapshot{Version: 1}, Viewer: planner.DemoViewer}, set.At(orb.Point{120.0076, 29.004}, z))
				if err != nil || len(b) > MaxTile || len(b) == 0 {
					t.Errorf("%s %s %d: %d bytes, %v", id, set.ID, z, len(b), err)
					continue
				}
				n := len(decoded(t, b)[0].Features)
				if z == 12 && n < 60 || z <= 11 && n > 8000 {
					t.Errorf("%s %s %d: %d features", id, set.ID, z, n)
				}
				last = n
			}
			if last < 1 {
				t.Errorf("%s: nothing at the deepest level", id)
			}
		}
	}
}
