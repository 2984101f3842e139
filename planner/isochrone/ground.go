package isochrone

import (
	"context"
	"sync"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// ground is a network made ready for one profile and speed.
type ground struct {
	net     *travel.Net
	snapper *travel.Snapper
	rides   *transit.Service             // nil for those who do not ride
	circles func() (*circle.Mesh, error) // made when first asked for: times need none
	opened  func() *travel.Snapper       // and so are these two
	joined  func() components
}

// kept bounds the grounds in memory; the one used longest ago goes first.
const kept = 6

// grounds keeps what was made ready. Each is made once, however many ask.
type grounds struct {
	sync.Mutex
	making sync.Mutex // one ground at a time, so that many who ask do not take the memory of many
	digest string     // of the graph
	graph  *graph.Graph
	meshes *meshes
	order  []groundKey
	ready  map[groundKey]func() *ground
}

// meshes are those of one graph, newest last. Most profiles have the same streets, and so has each at any speed: they share one.
type meshes []*circle.Mesh

func (all *meshes) of(net *travel.Net) (*circle.Mesh, error) {
	for _, m := range *all {
		if shared := m.For(net); shared != nil {
			return shared, nil
		}
	}
	m, err := circle.NewMesh(net)
	if err != nil {
		return nil, planner.Errorf(planner.Conflict, "此路网画不出生活圈:%v", "no circles can be drawn on this network: %v", err)
	}
	*all = append((*all)[max(0, len(*all)-2):], m)
	return m, nil
}

type groundKey struct {
	profile   string
	speed     float64
	noFerries bool
	version   int64 // of the lines; 0 for those who do not ride
}

// field searches from many sites, on foot or wheels, and by the lines for those who ride.
func (g *ground) field(ctx context.Context, sites []travel.Site, limit travel.Millis, dir travel.Direction) (*travel.Field, error) {
	if g.rides != nil {
		return g.rides.Nearest(ctx, sites, limit, dir)
	}
	return g.net.Nearest(ctx, sites, limit, dir)
}

func (k *grounds) get(ctx context.Context, from Networks, digest string, key groundKey, profile travel.Profile) (func() *ground, error) {
	k.Lock()
	defer k.Unlock()
	if k.digest != digest { // another network was imported: what was made for the last one is of no use
		g, err := from.Graph(ctx, digest)
		if err != nil {
			return nil, err
		}
		k.digest, k.graph, k.meshes, k.order, k.ready = digest, g, &meshes{}, nil, map[groundKey]func() *ground{}
	}
	for i, other := range k.order {
		if other == key {
			k.order = append(append(k.order[:i:i], k.order[i+1:]...), key)
			return k.ready[key], nil
		}
	}
	var lines *transit.Timetable
	if profile.Rides.Boardings > 0 {
		var err error
		if lines, err = from.Timetable(ctx, key.version); err != nil {
			return nil, err
		} else if lines == nil {
			return nil, planner.Errorf(planner.NotFound, "还没有公交或接驳车的班次表;请先 import transit,或用 --transit 给出", "there is no table of buses and shuttles: import transit first, or give one with --transit").Because("no_timetable")
		}
	}
	if len(k.order) == kept {
		delete(k.ready, k.order[0])
		k.order = k.order[1:]
	}
	g, shared := k.graph, k.meshes
	k.order = append(k.order, key)
	k.ready[key] = sync.OnceValue(func() *ground {
		k.making.Lock()
		defer k.making.Unlock()
		net := travel.NewNet(g, profile)
		g := &ground{net: net, snapper: travel.NewSnapper(net), circles: sync.OnceValues(func() (*circle.Mesh, error) {
			k.making.Lock()
			defer k.making.Unlock()
			return shared.of(net)
		}), opened: sync.OnceValue(func() *travel.Snapper { return travel.NewSnapper(net.Opened()) }), joined: sync.OnceValue(func() components { return componentsOf(net) })}
		if lines != nil {
			g.rides = transit.New(net, g.snapper, lines)
		}
		return g
	})
	return k.ready[key], nil
}
