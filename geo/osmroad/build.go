package osmroad

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Sampler gives metres above sea at lon, lat; ok is false where nothing is known.
type Sampler interface {
	At(lon, lat float64) (metres float64, ok bool)
}

// Road is a street as a map draws it.
type Road struct {
	Class, Name string // OSM's highway value
	Bridge      bool
	Line        orb.LineString
}

// Water is a river or a body of water as a map draws it.
type Water struct {
	Kind, Name string // river, stream, canal, lake, coastline
	Geometry   orb.Geometry
}

// Network is what one OSM file holds for us.
type Network struct {
	Graph        *graph.Graph
	Roads        []Road
	Water        []Water
	Bound        orb.Bound // of the graph's nodes
	SourceDigest string    // sha256 of the file, hex
}

type way struct {
	passage
	nodes             []osm.NodeID
	highway, name     string
	minutes, interval float64 // ferries: whole crossing and time between departures, 0 unknown
	water             string
	ferry             bool
}

// Build reads the file. elevation may be nil. Points that a cut extract lacks
// are left out of their streets.
func Build(ctx context.Context, path string, elevation Sampler) (*Network, error) {
	ways, lakes, err := readWays(ctx, path)
	if err != nil {
		return nil, err
	}
	points, junctions := &places{number: map[osm.NodeID]uint32{}}, map[osm.NodeID]junction{}
	for _, w := range ways {
		points.want(w.nodes)
	}
	for _, l := range lakes {
		for _, shore := range l.shores {
			points.want(shore)
		}
	}
	err = scan(ctx, path, true, false, false, func(o osm.Object) error {
		n, ok := o.(*osm.Node)
		if !ok || !points.set(n.ID, orb.Point{n.Lon, n.Lat}) {
			return nil
		}
		if !(math.Abs(n.Lon) <= 180 && math.Abs(n.Lat) <= 90) {
			return fmt.Errorf("geo: %s: node %d lies at lon %v, lat %v, outside the world", path, n.ID, n.Lon, n.Lat)
		}
		if j := met(n.Tags); j != (junction{}) {
			junctions[n.ID] = j
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ashore := landings(ways)
	net := &Network{}
	b := graph.NewBuilder()
	bound, streets := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}, 0
	for _, w := range ways {
		line, ids := points.known(w.nodes)
		if len(line) < 2 {
			continue
		}
		if w.water != "" {
			net.addWater(b, w, line, ids[0] == ids[len(ids)-1])
			continue
		}
		streets++
		for i, id := range ids {
			e := float32(math.NaN())
			if elevation != nil {
				if m, ok := elevation.At(line[i][0], line[i][1]); ok {
					e = float32(m)
				}
			}
			b.AddNode(int64(id), line[i], e)
			bound = bound.Extend(line[i])
		}
		for _, s := range w.segments(ids, line, junctions, ashore) {
			b.AddSegment(s)
		}
		net.Roads = append(net.Roads, Road{w.highway, w.name, w.forward&graph.Bridge != 0, line})
	}
	if streets == 0 {
		return nil, fmt.Errorf("geo: %s has no street that anybody may use (没有道路); is it the right extract?", path)
	}
	for _, l := range lakes {
		net.addLake(b, l, points)
	}
	net.Bound = bound
	if net.SourceDigest, err = fileDigest(path); err != nil {
		return nil, err
	}
	g, err := b.Build()
	if err != nil {
		return nil, err
	}
	net.Graph = g.WithSource(net.SourceDigest)
	return net, nil
}

// readWays reads the streets, rivers and shores, and the ways that make up lakes.
func readWays(ctx context.Context, path string) (ways []way, lakes []lake, err error) {
	err = scan(ctx, path, false, true, true, func(o osm.Object) error {
		switch o := o.(type) {
		case *osm.Way:
			w := way{nodes: o.Nodes.NodeIDs(), name: o.Tags.Find("name"), water: waterKind(o.Tags)}
			if w.water == "" {
				var ok bool
				if w.passage, ok = street(o.Tags); !ok {
					return nil
				}
				w.highway = o.Tags.Find("highway")
				w.markFerry(o.Tags)
			}
			ways = append(ways, w)
		case *osm.Relation:
			if kind := waterKind(o.Tags); kind != "" && o.Tags.Find("type") == "multipolygon" {
				lakes = append(lakes, lake{kind: kind, name: o.Tags.Find("name"), members: o.Members})
			}
		}
		return nil
	})
	if err != nil || len(lakes) == 0 {
		return ways, lakes, err
	}
	return ways, lakes, readShores(ctx, path, lakes)
}

func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
