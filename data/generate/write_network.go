package generate

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// waterBody is an area of water or a waterway's line.
type waterBody struct {
	line []pt
	tags []pbfTag
}

const pbfFile = "network.osm.pbf"

// Node numbers: gates between counties first, then a range for each county;
// ways have a range for each county too.
const (
	countyNodes = 4_000_000
	countyWays  = 1_000_000
)

// network renders one county's nodes and ways.
type network struct {
	n, w   *pbfWriter
	gates  map[orb.Point]int64
	wayID  int64
	counts map[string]int64
}

// gatePoints are where roads pass from county to county, in the order of their numbers from 1.
func (d *divisionPlan) gatePoints() []orb.Point {
	var at []orb.Point
	for k := range d.counties {
		p := &d.counties[k]
		c := county{col: p.col, row: p.row}
		if p.eastGate {
			at = append(at, c.lonLat(pt{cellW, gateY + 260}))
		}
		if p.row < d.rows-1 {
			at = append(at, c.lonLat(pt{24000, cellH}))
		}
	}
	return at
}

// startNetwork writes the header and the gates. All nodes come first, ways are
// kept aside until the end.
func (o *output) startNetwork() error {
	w := &pbfWriter{w: o.parts[pbfFile].w}
	far := latticeLonLat(float64(o.div.cols*lattice+margin), float64(o.div.rows*lattice+margin))
	if err := w.header(orb.Bound{Min: latticeLonLat(-margin, -margin), Max: far}); err != nil {
		return err
	}
	for k, q := range o.div.gatePoints() {
		if err := w.node(pbfNode{id: int64(k) + 1, at: q}); err != nil {
			return err
		}
	}
	return w.flush()
}

func (r *chunk) network(c *county) error {
	t := &network{n: &pbfWriter{w: r.file(pbfFile)}, w: &pbfWriter{w: r.file(waysBody)}, gates: map[orb.Point]int64{},
		wayID: int64(c.plan.serial-1) * countyWays, counts: r.counts}
	for k, q := range c.div.gatePoints() {
		t.gates[q] = int64(k) + 1
	}
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
	t.counts["network.nodes"] += next - base
	t.counts["network.edges"] += int64(len(n.edges))
	if err := t.water(c, next); err != nil {
		return err
	}
	if err := t.n.flush(); err != nil {
		return err
	}
	return t.w.flush()
}

func (t *network) way(refs []int64, tags []pbfTag) error {
	t.wayID++
	t.counts["network.ways"]++
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
