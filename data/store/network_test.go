package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
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
	first := build(`<osm>` + nodes + `<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way><way id="2"><nd ref="2"/><nd ref="3"/><tag k="waterway" v="river"/></way></osm>`)
	second := build(`<osm>` + nodes + `<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="path"/></way></osm>`)
	for i, c := range []struct {
		n    *osmroad.Network
		want int64
	}{{first, 1}, {first, 0}, {second, 2}, {first, 3}} {
		v, err := s.SaveNetwork(t.Context(), "county", "n.osm", c.n, false)
		if err != nil || v != c.want {
			t.Fatalf("save %d: version %d, %v; want %d", i, v, err, c.want)
		}
	}
	g, err := s.Graph(t.Context(), first.Graph.Digest())
	if err != nil || g.Digest() != first.Graph.Digest() || len(g.Water()) != 1 {
		t.Errorf("read back: %v", err)
	}
	if _, err := s.Graph(t.Context(), "none"); planner.KindOf(err) != planner.NotFound {
		t.Errorf("no such network: %v", err)
	}
}
