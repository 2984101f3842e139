package generate

import (
	"math"
	"strings"
	"testing"
)

// TestWalkCoverageIsBelievable walks from every open station along the streets,
// 900 m (15 minutes at 1.0 m/s), and counts the residents of 60+ in reach: most,
// but not all, and fewer in the hills than in the seat.
func TestWalkCoverageIsBelievable(t *testing.T) {
	c := demoCounty(t)
	near := newNearest(c.net)
	reached := walk(c, near, 900)
	total, inReach := map[role]float64{}, map[role]float64{}
	var all, in float64
	for i := range c.villages {
		v := &c.villages[i]
		if len(v.houses) == 0 {
			t.Errorf("%s has %d people and no house", v.name, v.people.resident.total)
			continue
		}
		per := float64(v.people.resident.over60) / float64(len(v.houses))
		ro := c.plan.townships[v.township].role
		for _, h := range v.houses {
			node, d := near.node(c.house[h].at)
			all, total[ro] = all+per, total[ro]+per
			if node >= 0 && float64(reached[node])+d <= 900 {
				in, inReach[ro] = in+per, inReach[ro]+per
			}
		}
	}
	share := in / all
	t.Logf("60+: %.0f, within 15 minutes' walk %.1f %%", all, 100*share)
	if share < 0.77 || share > 0.88 {
		t.Errorf("walk coverage is %.3f, wanted 0.77–0.88", share)
	}
	if hill, seat := inReach[roleHill]/total[roleHill], inReach[roleSeat]/total[roleSeat]; hill >= seat {
		t.Errorf("the hills (%.3f) are better served than the seat (%.3f)", hill, seat)
	}
}

// walk gives the distance from the nearest open station to every node, at most limit.
func walk(c *county, near *nearest, limit float32) []float32 {
	n := c.net
	dist := make([]float32, len(n.at))
	for i := range dist {
		dist[i] = math.MaxFloat32
	}
	var q effortHeap
	push := func(v int32, d float32) {
		if d < dist[v] && d <= limit {
			dist[v] = d
			q.push(effort{d, v, 0})
		}
	}
	for _, f := range c.facility {
		if f.status == "运营" && strings.HasPrefix(f.services, "居家养老") {
			if v, d := near.node(f.at); v >= 0 {
				push(int32(v), float32(d))
			}
		}
	}
	for len(q) > 0 {
		e := q.pop()
		if e.cost > dist[e.cell] {
			continue
		}
		for _, k := range n.next[e.cell] {
			if ed := n.edges[k]; n.src[ed.street].class != "ferry" {
				push(ed.a+ed.b-e.cell, e.cost+float32(n.at[ed.a].dist(n.at[ed.b])))
			}
		}
	}
	return dist
}

// nearest finds the street node next to a point.
type nearest struct{ d *dots }

func newNearest(n *net) *nearest {
	d := newDots(60)
	for v := range n.at {
		if len(n.next[v]) > 0 {
			d.add(n.at[v], v)
		}
	}
	return &nearest{d}
}

func (n *nearest) node(p pt) (int, float64) {
	best, id := math.Inf(1), -1
	x, y := int(math.Floor(p.X/60)), int(math.Floor(p.Y/60))
	for i := x - 3; i <= x+3; i++ {
		for j := y - 3; j <= y+3; j++ {
			for _, e := range n.d.m[[2]int{i, j}] {
				if d := e.p.dist(p); d < best {
					best, id = d, e.id
				}
			}
		}
	}
	return id, best
}
