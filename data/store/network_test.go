package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// A network comes back as it went in; the same one again makes no version; a changed one does.
func TestNetworkByDigest(t *testing.T) {
	s := New(datatest.Open(t))
	build := func(osm string) *osmroad.Network {
		path := filepath.Join(t.TempDir(), "n.osm")
		if err := os.WriteFile(path, []byte(osm), 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := osmroad.Build(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const nodes = `<node id="1" lat="29" lon="120"/><node id="2" lat="29.001" lon="120"/><node id="3" lat="29.002" lon="120"/>`
	first := build(`<osm>` + nodes + `<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way><way id="2"><nd ref="2"/><nd ref="3"/><tag k="waterway" v="river"/><tag k="name" v="清江"/></way></osm>`)
	second := build(`<osm>` + nodes + `<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="path"/></way></osm>`)
	for i, c := range []struct {
		n    *osmroad.Network
		want int64
	}{{first, 1}, {first, 0}, {second, 2}, {first, 3}} {
		v, err := s.SaveNetwork(t.Context(), "county", []string{"n.osm"}, c.n, false)
		if err != nil || v != c.want {
			t.Fatalf("save %d: version %d, %v; want %d", i, v, err, c.want)
		}
	}
	// Street and river lie at 120° E, 29° N: tile x = 300/360·2^14 = 13653, y = (1 − ln(tan φ + sec φ)/π)/2·2^14 = 6811.
	snap, err := s.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mvt, err := s.BaseTile(t.Context(), snap, layer.Tile{Set: layer.TileSets[0], Z: 14, Col: 13653, Row: 6811})
	if err != nil || !bytes.Contains(mvt, []byte("roads")) || !bytes.Contains(mvt, []byte("water")) {
		t.Errorf("base tile %q, %v", mvt, err)
	}
	if mvt, err = s.BaseTile(t.Context(), snap, layer.Tile{Set: layer.TileSets[0], Z: 14, Col: 0, Row: 0}); err != nil || len(mvt) > 0 {
		t.Errorf("a tile of the ocean %q, %v", mvt, err)
	}
	g, err := s.Graph(t.Context(), first.Graph.Digest())
	if err != nil || g.Digest() != first.Graph.Digest() || len(g.Water()) != 1 {
		t.Errorf("read back: %v", err)
	}
	for _, c := range []struct {
		name     string
		from, to orb.Point
		want     string
	}{{"across", orb.Point{119.999, 29.0015}, orb.Point{120.001, 29.0015}, "清江"}, {"beside", orb.Point{119.999, 29.0015}, orb.Point{119.998, 29.0015}, ""}} {
		stored, err1 := s.WaterBetween(t.Context(), first.Graph.Digest(), c.from, c.to)
		read, err2 := first.WaterBetween(t.Context(), "", c.from, c.to)
		if err1 != nil || err2 != nil || stored != c.want || read != c.want {
			t.Errorf("%s the river: %q and %q, want %q; %v %v", c.name, stored, read, c.want, err1, err2)
		}
	}
	if name, err := s.WaterBetween(t.Context(), second.Graph.Digest(), orb.Point{119.999, 29.0015}, orb.Point{120.001, 29.0015}); name != "" || err != nil {
		t.Errorf("another network's river is %q: %v", name, err)
	}
	if _, err := s.Graph(t.Context(), "none"); planner.KindOf(err) != planner.NotFound {
		t.Errorf("no such network: %v", err)
	}
}
