package osmroad

import (
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// town has a one-way street 1–2–3, steps 3–4, a gate at 2 on a service road 2–5,
// a ferry 5–6 of 40 minutes, a river between, a lake of two ways. Ways come before
// nodes: order must not matter.
const town = `<?xml version="1.0"?><osm version="0.6">
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/><tag k="name" v="溪东路"/></way>
<way id="11"><nd ref="3"/><nd ref="4"/><tag k="highway" v="steps"/></way>
<way id="12"><nd ref="2"/><nd ref="5"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
<way id="13"><nd ref="5"/><nd ref="6"/><tag k="route" v="ferry"/><tag k="duration" v="00:40"/></way>
<way id="14"><nd ref="7"/><nd ref="8"/><tag k="waterway" v="river"/></way>
<way id="15"><nd ref="1"/><nd ref="99"/><nd ref="4"/><tag k="highway" v="motorway"/></way>
<way id="20"><nd ref="7"/><nd ref="8"/><nd ref="9"/></way>
<way id="21"><nd ref="7"/><nd ref="9"/></way>
<way id="22"><nd ref="7"/><nd ref="9"/><tag k="building" v="yes"/></way>
<relation id="30"><member type="way" ref="20" role="outer"/><member type="way" ref="21" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
<node id="1" lat="29.000" lon="120.000"/><node id="2" lat="29.001" lon="120.000"><tag k="barrier" v="bollard"/></node>
<node id="3" lat="29.002" lon="120.000"/><node id="4" lat="29.002" lon="120.001"/><node id="5" lat="29.001" lon="120.002"/>
<node id="6" lat="29.001" lon="120.050"/><node id="7" lat="29.005" lon="120.000"/><node id="8" lat="29.005" lon="120.010"/><node id="9" lat="29.006" lon="120.005"/>
</osm>`

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func arc(t *testing.T, g *graph.Graph, from, to int64) graph.ArcID {
	t.Helper()
	for a := range graph.ArcID(g.NumArcs()) {
		if g.OSMID(g.Tail(a)) == from && g.OSMID(g.Head(a)) == to {
			return a
		}
	}
	t.Fatalf("no arc %d → %d", from, to)
	return 0
}

func checkTown(t *testing.T, path string) {
	t.Helper()
	net, err := Build(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := net.Graph
	for _, c := range []struct {
		from, to int64
		want     graph.Access
	}{
		{1, 2, all},                      // whom the bollard at 2 stops is the profile's to say
		{2, 1, graph.Foot},               // and against a one-way only feet go
		{3, 4, graph.Foot | graph.Steps}, // steps
		{2, 5, all},                      // a private yard admits those who live there
		{5, 6, graph.Ferry | graph.Foot}, // a ferry on foot
		{1, 4, graph.Car}, {4, 1, 0},     // motorways are one-way and never walked; node 99 lies outside the extract
	} {
		if got := g.Access(arc(t, g, c.from, c.to)); got != c.want {
			t.Errorf("%d → %d: access %08b, want %08b", c.from, c.to, got, c.want)
		}
	}
	if b := g.Traits(arc(t, g, 1, 2)).Barrier(); b != graph.Bollard || g.Traits(arc(t, g, 2, 5)).Private() != all {
		t.Errorf("barrier %d at node 2", b)
	}
	if ms := g.FixedMillis(arc(t, g, 5, 6)); ms != 40*60_000 {
		t.Errorf("the ferry takes %d ms", ms)
	}
	if g.NumNodes() != 6 || len(net.Roads) != 5 || net.Roads[0].Name != "溪东路" {
		t.Errorf("%d nodes, %d roads", g.NumNodes(), len(net.Roads))
	}
	if len(g.Water()) != 2 || len(net.Water) != 2 || net.Water[1].Geometry.GeoJSONType() != "Polygon" {
		t.Errorf("water %+v", net.Water)
	}
}

func TestBuildFromXMLAndGzip(t *testing.T) {
	checkTown(t, write(t, "town.osm", []byte(town)))
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, town)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	checkTown(t, write(t, "town.osm.gz", []byte(packed.String())))
	if _, err := Build(t.Context(), write(t, "cut.osm.gz", []byte(packed.String()[:200])), nil); err == nil || !strings.Contains(err.Error(), "cut.osm.gz") {
		t.Errorf("a cut gzip file: %v", err)
	}
}

func TestBadFilesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"empty.osm.pbf":   {"", "is empty"},
		"picture.osm.pbf": {"\x89PNG\r\n\x1a\n0000000000000000000000000000000", "is no OpenStreetMap file"},
		"cut.osm":         {town[:len(town)/2], "cut or damaged"},
		"noroads.osm":     {`<osm><node id="1" lat="1" lon="1"/></osm>`, "has no street"},
		"swapped.osm":     {strings.ReplaceAll(town, `lat="29.000" lon="120.000"`, `lat="120.000" lon="29.000"`), "outside the world"},
	} {
		_, err := Build(t.Context(), write(t, name, []byte(c.content)), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestFerryDurations(t *testing.T) {
	for v, want := range map[string]time.Duration{"00:40": 40 * time.Minute, "1:05:30": time.Hour + 5*time.Minute + 30*time.Second, "25": 25 * time.Minute, "PT1H10M": 70 * time.Minute, "soon": 0, "": 0, "1:2:3:4": 0} {
		if got := span(v); got != want {
			t.Errorf("duration %q is %v, want %v", v, got, want)
		}
	}
}
