package generate

import (
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// waterBody is an area of water or a waterway's line.
type waterBody struct {
	line []pt
	tags []pbfTag
}

// network writes network.osm.pbf: all nodes first, ways kept aside until the end.
type network struct {
	o     *output
	nodes *part
	ways  *part
	n, w  *pbfWriter
	gates map[orb.Point]int64 // where roads pass from county to county
	wayID int64
}

// Node numbers: gates between counties first, then a range for each county.
const countyNodes = 4_000_000

func newNetwork(o *output) (*network, error) {
	t := &network{o: o, gates: map[orb.Point]int64{}}
	var err error
	if t.nodes, err = o.open("network.osm.pbf"); err != nil {
		return nil, err
	}
	if t.ways, err = o.open("ways.tmp"); err != nil {
		return nil, err
	}
	t.n, t.w = &pbfWriter{w: t.nodes.w}, &pbfWriter{w: t.ways.w}
	far := latticeLonLat(float64(o.div.cols*lattice+margin), float64(o.div.rows*lattice+margin))
	near := latticeLonLat(-margin, -margin)
	if err := t.n.header(orb.Bound{Min: near, Max: far}); err != nil {
		return nil, err
	}
	id := int64(0)
	for k := range o.div.counties {
		p := &o.div.counties[k]
		c := county{col: p.col, row: p.row}
		var at []orb.Point
		if p.eastGate {
			at = append(at, c.lonLat(pt{cellW, gateY + 260}))
		}
		if p.row < o.div.rows-1 {
			at = append(at, c.lonLat(pt{24000, cellH}))
		}
		for _, q := range at {
			id++
			t.gates[q] = id
			if err := t.n.node(pbfNode{id: id, at: q}); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (t *network) county(c *county) error {
	base := int64(c.plan.serial) * countyNodes
	n := c.net
	ids := make([]int64, len(n.at))
	next := base
	for v, p := range n.at {
		if len(n.next[v]) == 0 {
			continue
		}
		at := c.lonLat(p)
		if g, ok := t.gates[at]; ok {
			ids[v] = g
			continue
		}
		next++
		ids[v] = next
		node := pbfNode{id: next, at: at}
		if n.gates[int32(v)] {
			node.tags = []pbfTag{{"barrier", "gate"}, {"foot", "yes"}, {"motor_vehicle", "private"}}
		}
		if err := t.n.node(node); err != nil {
			return err
		}
	}
	for _, w := range n.ways() {
		refs := make([]int64, len(w.nodes))
		for i, v := range w.nodes {
			refs[i] = ids[v]
		}
		if err := t.way(refs, c.tags(w)); err != nil {
			return err
		}
	}
	t.o.counts["network.nodes"] += next - base
	t.o.counts["network.edges"] += int64(len(n.edges))
	return t.water(c, next)
}

func (t *network) way(refs []int64, tags []pbfTag) error {
	t.wayID++
	t.o.counts["network.ways"]++
	return t.w.way(pbfWay{t.wayID, refs, tags})
}

// tags are the OSM tags of a way.
func (c *county) tags(w way) []pbfTag {
	s := c.net.src[w.street]
	if s.class == "ferry" {
		l := 0.0
		for i := 1; i < len(w.nodes); i++ {
			l += c.net.at[w.nodes[i]].dist(c.net.at[w.nodes[i-1]])
		}
		minutes := int(math.Ceil(l/280)) + 6 // about nine knots, and boarding
		return []pbfTag{{"route", "ferry"}, {"name", s.name}, {"duration", fmt.Sprintf("00:%02d", min(59, minutes))}, {"foot", "yes"}, {"motor_vehicle", "no"}}
	}
	class := s.class
	var tags []pbfTag
	a, b := c.net.at[w.nodes[0]], c.net.at[w.nodes[len(w.nodes)-1]]
	if class == "path" && s.road {
		if l := a.dist(b); l > 1 && l < 160 && math.Abs(c.land.height(a)-c.land.height(b))/l > 0.24 {
			class = "steps"
		}
	}
	tags = append(tags, pbfTag{"highway", class})
	if s.name != "" {
		tags = append(tags, pbfTag{"name", s.name})
	}
	if w.bridge {
		tags = append(tags, pbfTag{"bridge", "yes"}, pbfTag{"layer", "1"})
	}
	if s.oneway {
		tags = append(tags, pbfTag{"oneway", "yes"})
	}
	if class == "service" && s.yard {
		tags = append(tags, pbfTag{"service", "driveway"})
	}
	return tags
}

// water writes the river, streams, reservoirs and the coast.
func (t *network) water(c *county, next int64) error {
	bodies := c.waterBodies()
	type pending struct {
		refs []int64
		tags []pbfTag
	}
	var ways []pending
	for _, b := range bodies {
		refs := make([]int64, 0, len(b.line)+1)
		closed := len(b.line) > 3 && b.line[0] == b.line[len(b.line)-1]
		for i, p := range b.line {
			if closed && i == len(b.line)-1 {
				refs = append(refs, refs[0])
				break
			}
			next++
			if err := t.n.node(pbfNode{id: next, at: c.lonLat(p)}); err != nil {
				return err
			}
			refs = append(refs, next)
		}
		ways = append(ways, pending{refs, b.tags})
	}
	// The coast follows the county's border, land on the left.
	corners := map[int32]int64{}
	for _, line := range c.coast() {
		refs := make([]int64, len(line))
		for i, v := range line {
			id, ok := corners[v]
			if !ok {
				next++
				id = next
				corners[v] = id
				if err := t.n.node(pbfNode{id: id, at: c.corner(c.shapes.at[v])}); err != nil {
					return err
				}
			}
			refs[i] = id
		}
		ways = append(ways, pending{refs, []pbfTag{{"natural", "coastline"}}})
	}
	for _, w := range ways {
		if err := t.way(w.refs, w.tags); err != nil {
			return err
		}
	}
	return nil
}

// waterBodies are the waters as lines and closed rings.
func (c *county) waterBodies() []waterBody {
	var out []waterBody
	for k, v := range c.land.valleys {
		kind := "stream"
		if k == 0 {
			kind = "river"
		}
		tags := []pbfTag{{"waterway", kind}}
		if v.name != "" {
			tags = append(tags, pbfTag{"name", v.name})
		}
		out = append(out, waterBody{v.line, tags})
	}
	main := c.land.valleys[0]
	half := make([]float64, len(main.line))
	for i := range half {
		half[i] = c.land.riverHalf(float64(i))
	}
	for i := 0; i+1 < len(main.line); i += 8 {
		j := min(i+8, len(main.line)-1)
		out = append(out, waterBody{bankRing(main.line, half, i, j), []pbfTag{{"natural", "water"}, {"water", "river"}, {"name", main.name}}})
	}
	for _, l := range c.land.lakes {
		out = append(out, waterBody{bankRing(l.line, l.half, 0, len(l.line)-1), []pbfTag{{"natural", "water"}, {"water", "reservoir"}, {"name", l.name}}})
	}
	return out
}

// bankRing is the area between the banks of a line from point i to point j.
func bankRing(line []pt, half []float64, i, j int) []pt {
	var left, right []pt
	for k := i; k <= j; k++ {
		d := line[min(k+1, len(line)-1)].sub(line[max(0, k-1)]).unit().left()
		left = append(left, line[k].add(d.mul(half[k])))
		right = append(right, line[k].sub(d.mul(half[k])))
	}
	for k := len(right) - 1; k >= 0; k-- {
		left = append(left, right[k])
	}
	return append(left, left[0])
}

// coast gives the runs of the county's border that face the sea, as corners.
func (c *county) coast() [][]int32 {
	own := int32(c.plan.serial)
	rings := c.shapes.trace(0, func(l int32) int32 {
		if l == own {
			return 1
		}
		return 0
	})[1]
	const stride = latN + 1
	sea := func(a, b int32) bool { // the cell to the right of the edge a→b
		ai, aj, bi, bj := int(a)%stride, int(a)/stride, int(b)%stride, int(b)/stride
		switch {
		case bi > ai:
			return c.shapes.cell(0, ai, aj-1) == 0
		case bi < ai:
			return c.shapes.cell(0, bi, aj) == 0
		case bj > aj:
			return c.shapes.cell(0, ai, aj) == 0
		}
		return c.shapes.cell(0, ai-1, bj) == 0
	}
	var out [][]int32
	for _, r := range rings {
		r = append(append([]int32(nil), r...), r[0])
		var run []int32
		for i := 1; i < len(r); i++ {
			if !sea(r[i-1], r[i]) || len(run) > 900 {
				if len(run) > 1 {
					out = append(out, run)
				}
				run = nil
			}
			if sea(r[i-1], r[i]) {
				if run == nil {
					run = []int32{r[i-1]}
				}
				run = append(run, r[i])
			}
		}
		if len(run) > 1 {
			out = append(out, run)
		}
	}
	return out
}

// finish puts the ways behind the nodes.
func (t *network) finish() error {
	if err := t.n.flush(); err != nil {
		return err
	}
	if err := t.w.flush(); err != nil {
		return err
	}
	if err := t.ways.w.Flush(); err != nil {
		return err
	}
	if _, err := t.ways.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(t.nodes.w, t.ways.f); err != nil {
		return err
	}
	return t.o.drop("ways.tmp")
}
