package osmroad

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// world writes an OSM file of nodes 1, 2, 3 …, 100 m apart toward the north with tags by node, and ways.
func world(t *testing.T, nodes map[int]string, ways ...string) *graph.Graph {
	t.Helper()
	var b strings.Builder
	b.WriteString("<osm version=\"0.6\">\n")
	tags := func(text string) {
		for _, tag := range tagsOf(t, text) {
			fmt.Fprintf(&b, "<tag k=%q v=%q/>", tag.Key, tag.Value)
		}
	}
	for id := 1; id <= 8; id++ {
		fmt.Fprintf(&b, "<node id=\"%d\" lon=\"120\" lat=\"%.9f\">", id, 29+float64(id)*0.1/111.31949)
		tags(nodes[id])
		b.WriteString("</node>\n")
	}
	for i, w := range ways { // "1 2 3: highway=path"
		refs, text, _ := strings.Cut(w, ":")
		fmt.Fprintf(&b, "<way id=\"%d\">", i+1)
		for _, r := range strings.Fields(refs) {
			fmt.Fprintf(&b, "<nd ref=%q/>", r)
		}
		tags(text)
		b.WriteString("</way>\n")
	}
	b.WriteString("</osm>")
	net, err := Build(t.Context(), write(t, "world.osm", []byte(b.String())), nil)
	if err != nil {
		t.Fatal(err)
	}
	return net.Graph
}

// seconds gives the way from node 1 to the node to, or -1.
func seconds(t *testing.T, g *graph.Graph, p travel.Profile, from, to int64) float64 {
	t.Helper()
	n := travel.NewNet(g, p)
	const far = math.MaxUint32
	time := make([]uint64, g.NumNodes())
	for i := range time {
		if time[i] = far; g.OSMID(graph.NodeID(i)) == from {
			time[i] = 0
		}
	}
	for range time { // Bellman and Ford
		for a := range graph.ArcID(g.NumArcs()) {
			if c := n.Cost(a); c != travel.Unreached {
				time[g.Head(a)] = min(time[g.Head(a)], time[g.Tail(a)]+uint64(c))
			}
		}
	}
	for i, ms := range time {
		if g.OSMID(graph.NodeID(i)) == to && ms < far {
			return float64(ms) / 1000
		}
	}
	return -1
}

// From the file to the seconds, there and back: 1 to 3 are 200 m unless the case says otherwise.
func TestCostsFromTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		profile     string
		nodes       map[int]string
		ways        []string
		from, to    int64
		forth, back float64
	}{
		"a plain path":                             {"elder_60_69", nil, []string{"1 2 3: highway=path"}, 1, 3, 200, 200},
		"a footway over a road at lights":          {"elder_60_69", map[int]string{2: "highway=crossing crossing=traffic_signals"}, []string{"1 2 3: highway=footway"}, 1, 3, 230, 230},
		"adults do not wait":                       {"adult", map[int]string{2: "highway=crossing crossing=traffic_signals kerb=raised"}, []string{"1 2 3: highway=footway surface=mud"}, 1, 3, 200 / 1.2, 200 / 1.2},
		"along the road one passes the crossing":   {"elder_60_69", map[int]string{2: "highway=crossing crossing=uncontrolled"}, []string{"1 2 3: highway=residential"}, 1, 3, 200, 200},
		"along the road one waits at its lights":   {"elder_60_69", map[int]string{2: "highway=traffic_signals"}, []string{"1 2 3: highway=residential"}, 1, 3, 230, 230},
		"a crossing drawn as a way, without nodes": {"elder_60_69", nil, []string{"1 2: highway=footway footway=crossing crossing=uncontrolled", "2 3: highway=footway"}, 1, 3, 205, 205},
		"a crossing drawn as a way and as a node":  {"elder_60_69", map[int]string{2: "highway=crossing crossing=uncontrolled"}, []string{"1 2 3: highway=footway footway=crossing crossing=traffic_signals"}, 1, 3, 205, 205},
		"kerbs on both sides":                      {"frail", map[int]string{2: "kerb=raised", 3: "barrier=kerb kerb=raised"}, []string{"1 2 3 4: highway=footway"}, 1, 4, 300/0.6 + 6, 300/0.6 + 6},
		"gravel":                                   {"elder_80_plus", nil, []string{"1 2 3: highway=track surface=gravel"}, 1, 3, 260 / 0.7, 260 / 0.7},
		"a yard lets its residents out":            {"elder_60_69", map[int]string{2: "barrier=gate access=private"}, []string{"1 2: highway=service access=private", "2 3: highway=residential"}, 1, 3, 200, 200},
		"and its cars":                             {"drive", map[int]string{2: "barrier=lift_gate access=private"}, []string{"1 2: highway=residential access=private", "2 3: highway=residential"}, 1, 3, 28.8, 28.8},
		"but no stranger where private is denied":  {"deny", map[int]string{2: "barrier=gate access=private"}, []string{"1 2 3: highway=residential"}, 1, 3, -1, -1},
		"a stranger where feet may":                {"deny", map[int]string{2: "barrier=gate access=private foot=yes"}, []string{"1 2 3: highway=residential"}, 1, 3, 200 / 1.2, 200 / 1.2},
		"a locked gate":                            {"adult", map[int]string{2: "barrier=gate locked=yes"}, []string{"1 2 3: highway=path"}, 1, 3, -1, -1},
		"a bollard stops cars":                     {"drive", map[int]string{2: "barrier=bollard"}, []string{"1 2 3: highway=residential"}, 1, 3, -1, -1},
		"not at the end of their way":              {"drive", map[int]string{4: "barrier=bollard"}, []string{"1 2 3 4: highway=residential"}, 1, 3, 28.8, 28.8},
		"a retractable one":                        {"drive", map[int]string{2: "barrier=bollard motor_vehicle=destination"}, []string{"1 2 3: highway=residential"}, 1, 3, 28.8, 28.8},
		"a stile":                                  {"elder_70_79", map[int]string{2: "barrier=stile"}, []string{"1 2 3: highway=path"}, 1, 3, 200/0.85 + 20, 200/0.85 + 20},
		"no stile for the frail":                   {"frail", map[int]string{2: "barrier=stile"}, []string{"1 2 3: highway=path"}, 1, 3, -1, -1},
		"wheels round a cycle barrier":             {"ebike", map[int]string{2: "barrier=cycle_barrier"}, []string{"1 2 3: highway=path"}, 1, 3, 58, 58},
		"a one-way street by electric bicycle":     {"ebike", nil, []string{"1 2 3: highway=residential oneway=yes"}, 1, 3, 48, -1},
		"steps":                                    {"elder_80_plus", nil, []string{"1 2 3: highway=steps"}, 1, 3, 400 / 0.7, 400 / 0.7},
		"an escalator up":                          {"elder_60_69", nil, []string{"1 2 3: highway=steps conveying=forward"}, 1, 3, 200, -1},
		"a mapped slope":                           {"elder_60_69", nil, []string{"1 2 3: highway=path incline=10%"}, 1, 3, 200 * math.Exp(0.35), 200},
		"a ferry of 10 minutes every 20":           {"adult", nil, []string{"1 2: highway=path", "2 3: route=ferry duration=00:10 interval=00:20"}, 1, 3, 100/1.2 + 600 + 600, 100/1.2 + 600},
		"a ferry without an interval":              {"adult", nil, []string{"1 2: highway=path", "2 3: route=ferry duration=10", "3 4: highway=path"}, 1, 4, 200/1.2 + 900 + 600, 200/1.2 + 900 + 600},
		"a ferry drawn as two ways":                {"adult", nil, []string{"1 2: highway=path", "2 3: route=ferry duration=5 interval=10", "3 4: route=ferry duration=5 interval=10", "4 5: highway=path"}, 1, 5, 200/1.2 + 300 + 600, 200/1.2 + 300 + 600},
		"no ferry for the norm":                    {"norm_1000m", nil, []string{"1 2: highway=path", "2 3: route=ferry duration=5"}, 1, 3, -1, -1},
		"what is being built":                      {"adult", nil, []string{"1 2: highway=path", "2 3: highway=construction construction=footway"}, 1, 3, -1, -1},
		"a square's outline":                       {"adult", nil, []string{"1 2 3 1: highway=pedestrian area=yes"}, 1, 3, 200 / 1.2, 200 / 1.2},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := travel.ProfileByID(c.profile)
			if c.profile == "deny" {
				p, err = travel.ProfileByID("adult")
				p.NoPrivate = true
			}
			if err != nil {
				t.Fatal(err)
			}
			g := world(t, c.nodes, c.ways...)
			forth, back := seconds(t, g, p, c.from, c.to), seconds(t, g, p, c.to, c.from)
			if math.Abs(forth-c.forth) > 0.01 || math.Abs(back-c.back) > 0.01 {
				t.Errorf("%v s there and %v s back, want %v and %v", forth, back, c.forth, c.back)
			}
		})
	}
}
