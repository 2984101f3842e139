package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// blame names the cause of each outlier: a part of a way that one engine takes and the other takes longer for, which is proven
// by asking the other for the part's two ends; or a matrix of Valhalla that misses Valhalla's own route.
func blame(ctx context.Context, out io.Writer, m *ways, n *travel.Net, v peer, outliers []walk) error {
	nodes := map[[2]int64]graph.NodeID{}
	for id := range graph.NodeID(n.G.NumNodes()) {
		nodes[square(n.G.Point(id), 0, 0)] = id
	}
	count, examples := map[string]int{}, map[string][]string{}
	for _, w := range outliers {
		what, where, err := m.cause(ctx, n, v, nodes, w)
		if err != nil {
			return err
		}
		if what == "" {
			p, q := n.G.Point(w.from), n.G.Point(w.to)
			what, where = unnamed, fmt.Sprintf("%.7f,%.7f to %.7f,%.7f (%.0f s, Valhalla %.0f s)", p[0], p[1], q[0], q[1], w.ours, w.theirs)
		}
		if count[what]++; where != "" && len(examples[what]) < 4 && !slices.Contains(examples[what], where) {
			examples[what] = append(examples[what], where)
		}
	}
	causes := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	fmt.Fprintf(out, "%d walks differ by more than %d s, %d of them without a cause:\n", len(outliers), outlier, count[unnamed])
	for _, c := range causes {
		fmt.Fprintf(out, "| %d | %s | %s |\n", count[c], c, strings.Join(examples[c], "; "))
	}
	return nil
}

const unnamed = "no cause found"

// ways are the tags of an OSM file, for names of causes.
type ways struct {
	tags map[int64]osm.Tags
	of   map[[2]int64]int64 // two nodes of a street, the lesser first → its way
	bars map[int64]osm.Tags // nodes with a barrier
}

func readWays(ctx context.Context, network string) (*ways, error) {
	f, err := os.Open(network)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	scan := osmpbf.New(ctx, f, 1)
	defer scan.Close()
	m := &ways{map[int64]osm.Tags{}, map[[2]int64]int64{}, map[int64]osm.Tags{}}
	for scan.Scan() {
		switch o := scan.Object().(type) {
		case *osm.Node:
			if o.Tags.Find("barrier") != "" {
				m.bars[int64(o.ID)] = o.Tags
			}
		case *osm.Way:
			if o.Tags.Find("highway") == "" && o.Tags.Find("route") != "ferry" {
				continue
			}
			m.tags[int64(o.ID)] = o.Tags
			for i := 1; i < len(o.Nodes); i++ {
				a, b := int64(o.Nodes[i-1].ID), int64(o.Nodes[i].ID)
				m.of[[2]int64{min(a, b), max(a, b)}] = int64(o.ID)
			}
		}
	}
	return m, scan.Err()
}

// cause explains one walk, "" when it cannot.
func (m *ways) cause(ctx context.Context, n *travel.Net, v peer, nodes map[[2]int64]graph.NodeID, w walk) (what, where string, err error) {
	from, to := n.G.Point(w.from), n.G.Point(w.to)
	seconds, theirs, err := v.route(ctx, from, to)
	if err != nil {
		return "", "", err
	}
	if math.Abs(seconds-w.theirs) > outlier/2 && math.Abs(seconds-w.ours) <= outlier {
		return "its matrix misses its own route, which agrees with ours", "", nil
	}
	if w.ours > seconds {
		for _, e := range theirs {
			a, okA := find(nodes, e.from)
			b, okB := find(nodes, e.to)
			if !okA || !okB {
				return "no street of ours", m.name(e.way), nil
			}
			if ours, ok := n.Reach(site(n, a), 4*3600*1000, travel.Outbound).Time(b); !ok || float64(ours)/1000 > apart(e.from, e.to)*3+20 {
				return "closed to us", m.name(e.way) + m.bar(n, a, b), nil
			}
		}
		return "", "", nil
	}
	routes, err := n.Routes(ctx, site(n, w.from).Snap, []travel.Site{site(n, w.to)}, 1, 4*3600*1000, travel.Inbound)
	if err != nil || len(routes) == 0 {
		return "", "", err
	}
	// The least part of our way that takes Valhalla longer.
	pieces := routes[0].Pieces
	for size, slack := 1, 20.0; slack > 4; size *= 2 {
		if size > 2*len(pieces) { // no part alone: many small ones
			size, slack = 1, slack/2
		}
		for i := 0; i < len(pieces); i += max(1, size/2) {
			part := pieces[i:min(i+size, len(pieces))]
			length := 0.0
			for _, p := range part {
				length += float64(n.G.Length(p.Arc)) / 1000
			}
			if length < 0.5 {
				continue
			}
			seconds, _, err := v.route(ctx, n.G.Point(n.G.Tail(part[0].Arc)), n.G.Point(n.G.Head(part[len(part)-1].Arc)))
			if err == nil && seconds <= length+slack {
				continue
			}
			return m.rule(n, part), m.names(n, part), nil
		}
	}
	return "", "", nil
}

// rule is what Valhalla does with a part of our way, told by its tags.
func (m *ways) rule(n *travel.Net, part []travel.Piece) string {
	for _, p := range part {
		tags := m.on(n, p.Arc)
		highway := tags.Find("highway")
		switch {
		case tags.Find("sac_scale") != "":
			return "`sac_scale`: it walks slower on hiking paths"
		case m.isCycleway(tags):
			return "`highway=cycleway` without `foot`: closed to its walkers"
		case tags.Find("area") == "yes":
			return "the outline of a square (`area=yes`) is no street to it"
		case (highway == "pedestrian" || highway == "footway" || highway == "path" || highway == "steps") && tags.Find("oneway") == "yes":
			return "`oneway=yes` on ways for feet binds its walkers"
		}
	}
	return "it takes longer on a part of our way"
}

// on gives the tags of the street of an arc.
func (m *ways) on(n *travel.Net, a graph.ArcID) osm.Tags {
	i, j := n.G.OSMID(n.G.Tail(a)), n.G.OSMID(n.G.Head(a))
	return m.tags[m.of[[2]int64{min(i, j), max(i, j)}]]
}

func (*ways) isCycleway(t osm.Tags) bool {
	return t.Find("highway") == "cycleway" && (t.Find("foot") == "" || t.Find("foot") == "no")
}

// names are the ways and barriers of a part of a route.
func (m *ways) names(n *travel.Net, part []travel.Piece) string {
	var all []string
	for _, p := range part {
		a, b := n.G.Tail(p.Arc), n.G.Head(p.Arc)
		i, j := n.G.OSMID(a), n.G.OSMID(b)
		if text := m.name(m.of[[2]int64{min(i, j), max(i, j)}]) + m.bar(n, a, b); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, " then ")
}

// name is a way with the tags that decide about walkers.
func (m *ways) name(way int64) string {
	text := fmt.Sprintf("way %d", way)
	for _, key := range []string{"highway", "route", "area", "access", "foot", "sidewalk", "service", "footway", "motorroad", "sac_scale", "indoor", "conveying", "oneway", "oneway:foot"} {
		if value := m.tags[way].Find(key); value != "" {
			text += " " + key + "=" + value
		}
	}
	return text
}

// bar names the barriers at the ends of a piece.
func (m *ways) bar(n *travel.Net, ends ...graph.NodeID) string {
	text := ""
	for _, v := range ends {
		if tags := m.bars[n.G.OSMID(v)]; tags != nil {
			text += fmt.Sprintf(", node %d barrier=%s access=%s foot=%s locked=%s", n.G.OSMID(v), tags.Find("barrier"), tags.Find("access"), tags.Find("foot"), tags.Find("locked"))
		}
	}
	return text
}

// square is the place of p on a grid of 1e-6 degree, dx and dy squares away.
func square(p orb.Point, dx, dy int64) [2]int64 {
	return [2]int64{int64(math.Round(p[0]*1e6)) + dx, int64(math.Round(p[1]*1e6)) + dy}
}

// find gives the node at a place that was rounded to six decimals.
func find(nodes map[[2]int64]graph.NodeID, p orb.Point) (graph.NodeID, bool) {
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			if v, ok := nodes[square(p, dx, dy)]; ok {
				return v, true
			}
		}
	}
	return 0, false
}
