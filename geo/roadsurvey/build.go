package roadsurvey

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
)

// Join makes the surveyed lines meet the streets of an OSM file: OSM's own junctions stay as they are. Before Build.
func (s *Survey) Join(n *osmroad.Network) { s.osm = n }

// Build makes the network and tells what was done. An *UnknownError refuses words that are not understood; the report is
// whole then too, but for what joining would have told.
func (s *Survey) Build(ctx context.Context) (*osmroad.Network, *Report, error) {
	if s.report.Unknown = s.unknowns(); len(s.report.Unknown) > 0 {
		return nil, &s.report, &UnknownError{s.report.Unknown}
	}
	if len(s.lines) == 0 {
		return nil, &s.report, fmt.Errorf("geo: %v: no line is a street (没有一条可用的道路): %d rows, %d of classes that are no street, %d rejected", s.files, s.report.Rows, s.report.Skipped, len(s.report.Rejected))
	}
	n := newNet(s)
	if err := n.join(ctx); err != nil {
		return nil, &s.report, err
	}
	n.repair()
	net, err := n.network()
	return net, &s.report, err
}

// network writes the pieces into a graph.
func (n *net) network() (*osmroad.Network, error) {
	s := n.s
	b := graph.NewBuilder()
	net := &osmroad.Network{Bound: orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}}
	below := int64(0)
	if s.osm != nil {
		net.Roads, net.Water, net.Bound = slices.Clone(s.osm.Roads), slices.Clone(s.osm.Water), s.osm.Bound
		for _, w := range s.osm.Graph.Water() {
			b.AddWater(w)
		}
		for v := range s.osm.Graph.NumNodes() {
			below = min(below, s.osm.Graph.OSMID(graph.NodeID(v)))
		}
	}
	name := func(v int32) osm.NodeID {
		if int(v) < n.ofOSM {
			return osm.NodeID(s.osm.Graph.OSMID(graph.NodeID(v)))
		}
		return osm.NodeID(below - 1 - int64(v) + int64(n.ofOSM))
	}
	node := func(v int32) {
		p, height := n.points[v].lonLat(), float32(math.NaN())
		if int(v) < n.ofOSM {
			p, height = s.osm.Graph.Point(graph.NodeID(v)), s.osm.Graph.Elevation(graph.NodeID(v))
		} else if s.o.Elevation != nil {
			if m, ok := s.o.Elevation.At(p[0], p[1]); ok {
				height = float32(m)
			}
		}
		b.AddNode(int64(name(v)), p, height)
		net.Bound = net.Bound.Extend(p)
	}
	ashore := n.landings(name)
	report := tallies{n: n, whole: newForest(len(n.points))}
	add := func(l osmroad.Line, chain []int32) {
		ids, points := make([]osm.NodeID, len(chain)), make(orb.LineString, len(chain))
		for i, v := range chain {
			node(v)
			ids[i], points[i] = name(v), n.points[v].lonLat()
		}
		for _, seg := range l.Segments(ids, points, ashore) {
			b.AddSegment(seg)
		}
		net.Roads = append(net.Roads, l.Road(points))
		report.add(l, chain, points)
	}
	var chain, part []int32
	for i := 0; i < len(n.pieces); {
		l := n.pieces[i].line
		if l < 0 {
			n.addStreet(int32(i), b, node, name, &report)
			i++
			continue
		}
		for chain = chain[:0]; i < len(n.pieces) && n.pieces[i].line == l; i++ {
			part = n.chain(int32(i), part)
			if len(chain) > 0 && chain[len(chain)-1] == part[0] {
				part = part[1:]
			}
			chain = append(chain, part...)
		}
		if len(chain) > 1 {
			add(s.lines[l].street, chain)
		}
	}
	for _, j := range n.joints {
		if from, to := n.find(j.from), n.find(j.to); from != to {
			add(s.lines[j.line].street, []int32{from, to})
		}
	}
	for _, w := range s.water {
		b.AddWater(w.points)
		net.Water = append(net.Water, osmroad.Water{Kind: w.kind, Name: w.name, Geometry: w.points})
	}
	report.write(&s.report)
	var err error
	net.Graph, err = b.Build()
	return net, err
}

// addStreet adds an OSM street, cut where lines of the survey meet it: what is met at a node stays with the part that enters it.
func (n *net) addStreet(i int32, b *graph.Builder, node func(int32), name func(int32) osm.NodeID, report *tallies) {
	g, a := n.s.osm.Graph, graph.ArcID(-1-n.pieces[i].line)
	w := g.Twin(a)
	chain := n.chain(i, nil)
	if len(chain) < 2 { // a street from a node to itself
		chain = append(chain, chain[0])
	}
	for k := 1; k < len(chain); k++ {
		node(chain[k-1])
		node(chain[k])
		seg := graph.Segment{From: int64(name(chain[k-1])), To: int64(name(chain[k])), Class: g.Class(a), Forward: g.Access(a), Backward: g.Access(w),
			TraitsForward: g.Traits(a), TraitsBackward: g.Traits(w), WaitForward: g.FixedMillis(a), WaitBackward: g.FixedMillis(w)}
		if k < len(chain)-1 {
			seg.TraitsForward = passing(seg.TraitsForward)
		}
		if k > 1 {
			seg.TraitsBackward = passing(seg.TraitsBackward)
		}
		b.AddSegment(seg)
		report.link(chain[k-1], chain[k])
	}
}

// passing leaves out what is met at the node that an arc enters.
func passing(t graph.Traits) graph.Traits {
	return t.WithCrossing(graph.NoCrossing).WithBarrier(graph.NoBarrier, 0) &^ graph.Kerb
}

// landings are the vertices of surveyed ferries that a street shares.
func (n *net) landings(name func(int32) osm.NodeID) map[osm.NodeID]bool {
	onFerry, ashore := map[int32]bool{}, map[osm.NodeID]bool{}
	var chain []int32
	each := func(ferries bool, visit func(int32)) {
		for i, p := range n.pieces {
			isFerry := p.line >= 0 && n.s.lines[p.line].street.Ferry() || p.line < 0 && n.s.osm.Graph.Access(graph.ArcID(-1-p.line))&graph.Ferry != 0
			if isFerry == ferries {
				chain = n.chain(int32(i), chain)
				for _, v := range chain {
					visit(v)
				}
			}
		}
	}
	each(true, func(v int32) { onFerry[v] = true })
	if len(onFerry) > 0 {
		each(false, func(v int32) {
			if onFerry[v] {
				ashore[name(v)] = true
			}
		})
	}
	return ashore
}

// tallies count what was built.
type tallies struct {
	n      *net
	whole  forest
	metres map[string]float64
	links  [][2]int32
}

func (t *tallies) add(l osmroad.Line, chain []int32, points orb.LineString) {
	if t.metres == nil {
		t.metres = map[string]float64{}
	}
	t.metres[l.Road(nil).Class] += geo.LengthHaversine(points)
	for k := 1; k < len(chain); k++ {
		t.link(chain[k-1], chain[k])
	}
}

func (t *tallies) link(v, w int32) {
	t.whole.unite(v, w)
	t.links = append(t.links, [2]int32{v, w})
}

func (t *tallies) write(r *Report) {
	r.KM = map[string]float64{}
	for c, m := range t.metres {
		r.KM[c] = math.Round(m) / 1000
	}
	metres, total := map[int32]float64{}, 0.0
	for _, l := range t.links {
		m := t.n.metres(l[0], l[1])
		metres[t.whole.find(l[0])] += m
		total += m
	}
	r.Components = len(metres)
	for _, m := range metres {
		if total > 0 {
			r.Largest = max(r.Largest, m/total)
		}
	}
}

// forest is a union-find.
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

func (f forest) find(v int32) int32 {
	for f[v] != v {
		f[v] = f[f[v]]
		v = f[v]
	}
	return v
}

func (f forest) unite(v, w int32) { f[f.find(v)] = f.find(w) }
