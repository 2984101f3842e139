package generate

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
)

// The network reads with an independent decoder, refers to nothing missing, is
// sorted, and hangs together on foot but for the islands, which a ferry joins.
func TestNetwork(t *testing.T) {
	f, err := os.Open(filepath.Join(demo(t).dir, "network.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := osmpbf.New(context.Background(), f, 1)
	defer sc.Close()
	var lastNode osm.NodeID
	var lastWay osm.WayID
	parent := map[osm.NodeID]osm.NodeID{}
	var find func(osm.NodeID) osm.NodeID
	find = func(v osm.NodeID) osm.NodeID {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	on := map[osm.NodeID]bool{}
	kinds := map[string]int{}
	type line struct{ a, b osm.NodeID }
	var ferries []line
	for sc.Scan() {
		switch o := sc.Object().(type) {
		case *osm.Node:
			if o.ID <= lastNode || lastWay != 0 {
				t.Fatalf("node %d after node %d", o.ID, lastNode)
			}
			lastNode = o.ID
			parent[o.ID] = o.ID
			if o.Tags.Find("barrier") != "" {
				kinds["barrier"]++
			}
		case *osm.Way:
			if o.ID <= lastWay || len(o.Nodes) < 2 {
				t.Fatalf("way %d of %d nodes after %d", o.ID, len(o.Nodes), lastWay)
			}
			lastWay = o.ID
			for i, n := range o.Nodes {
				if _, ok := parent[n.ID]; !ok {
					t.Fatalf("way %d: node %d is missing", o.ID, n.ID)
				}
				if i > 0 && n.ID == o.Nodes[i-1].ID {
					t.Fatalf("way %d: node %d twice running", o.ID, n.ID)
				}
			}
			kinds["highway="+o.Tags.Find("highway")]++
			kinds["waterway="+o.Tags.Find("waterway")]++
			kinds["natural="+o.Tags.Find("natural")]++
			kinds["oneway="+o.Tags.Find("oneway")]++
			if o.Tags.Find("bridge") == "yes" {
				kinds["bridge"]++
			}
			if o.Tags.Find("route") == "ferry" {
				if len(o.Tags.Find("duration")) != 5 {
					t.Errorf("ferry %s takes %q", o.Tags.Find("name"), o.Tags.Find("duration"))
				}
				ferries = append(ferries, line{o.Nodes[0].ID, o.Nodes[len(o.Nodes)-1].ID})
			}
			if o.Tags.Find("highway") == "" {
				continue
			}
			for i, n := range o.Nodes {
				on[n.ID] = true
				if i > 0 {
					parent[find(n.ID)] = find(o.Nodes[i-1].ID)
				}
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"highway=trunk", "highway=residential", "highway=steps", "highway=path", "highway=footway", "waterway=river", "natural=water", "natural=coastline", "oneway=yes", "bridge", "barrier"} {
		if kinds[k] == 0 {
			t.Errorf("no %s in the network", k)
		}
	}
	parts := map[osm.NodeID]int{}
	for v := range on {
		parts[find(v)]++
	}
	if len(parts) != 1+len(ferries) || len(ferries) == 0 {
		t.Errorf("%d ferries join %d parts %v", len(ferries), len(parts), parts)
	}
	for _, f := range ferries {
		if !on[f.a] || !on[f.b] || find(f.a) == find(f.b) {
			t.Errorf("ferry %v does not lead from one island to another", f)
		}
		parent[find(f.a)] = find(f.b)
	}
	root := osm.NodeID(0)
	for v := range on {
		if root == 0 {
			root = find(v)
		}
		if find(v) != root {
			t.Fatal("a part of the network has no ferry")
		}
	}
}
