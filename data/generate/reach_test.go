package generate

import (
	"math"
	"testing"
)

// Water is crossed on bridges alone; a bridge is one deck from bank to bank that
// nothing joins over the water, and no two bridges share a crossing.
func TestBridges(t *testing.T) {
	checkBridges(t, demoCounty(t))
}

func checkBridges(t *testing.T, c *county) {
	t.Helper()
	n := c.net
	over := map[int32]int{} // bridge edges at a node
	decks := 0
	for _, e := range n.edges {
		a, b := n.at[e.a], n.at[e.b]
		if e.bridge {
			decks++
			over[e.a]++
			over[e.b]++
			if c.land.toRiver(a) < 0 || c.land.toRiver(b) < 0 {
				t.Errorf("the bridge from %.0f to %.0f ends in the water", a, b)
			}
			continue
		}
		if n.src[e.street].class == "ferry" {
			continue
		}
		for s := 0.0; s < a.dist(b); s += 4 {
			if p := a.lerp(b, s/a.dist(b)); c.land.wet(p, 0) {
				t.Errorf("%s: %s %q runs through water at %.0f, river %.1f m", c.plan.name, n.src[e.street].class, n.src[e.street].name, p, c.land.toRiver(p))
				break
			}
		}
	}
	if decks < 4 || decks > 6 {
		t.Errorf("%s: %d bridges over the main river", c.plan.name, decks)
	}
	for v, k := range over {
		if k != 1 || len(n.next[v]) < 2 {
			t.Errorf("%d bridges and %d streets meet at the bank %.0f", k, len(n.next[v]), n.at[v])
		}
		for w := range over {
			if v != w && n.at[v].dist(n.at[w]) < math.Min(300, 0.9*c.crossingWidth(n.at[v])) {
				t.Errorf("bridges at %.0f and %.0f stand side by side", n.at[v], n.at[w])
			}
		}
	}
}

// crossingWidth is the river's width near p.
func (c *county) crossingWidth(p pt) float64 {
	_, at, _ := nearestOn(c.land.valleys[0].line, p)
	return 2 * c.land.riverHalf(at)
}

// Every house can be reached on foot from its township's centre: no gap is for
// want of a street. The one exception is the islet, which has a ferry.
func TestEveryVillageIsReached(t *testing.T) {
	checkReach(t, demoCounty(t))
}

// A district of the province, far more built-up than the demo county, keeps the same rules.
func TestDistrict(t *testing.T) {
	d := newPlan(Province)
	c, err := quietly(d, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	checkBridges(t, c)
	checkReach(t, c)
	people := 0
	for i := range c.villages {
		people += c.villages[i].people.resident.total
	}
	if people < 1_000_000 || people > 1_400_000 || len(c.house) < 100_000 || len(c.house) > 130_000 || len(c.net.edges) < 65_000 || len(c.facility) < 420 || len(c.facility) > 520 {
		t.Errorf("%s: %d people, %d addresses, %d edges, %d facilities", c.plan.name, people, len(c.house), len(c.net.edges), len(c.facility))
	}
}

func checkReach(t *testing.T, c *county) {
	t.Helper()
	n := c.net
	part := make([]int32, len(n.at)) // 0 = not yet walked
	walkFrom := func(v, p int32) {
		for todo := []int32{v}; len(todo) > 0; {
			v, todo = todo[len(todo)-1], todo[:len(todo)-1]
			if part[v] != 0 {
				continue
			}
			part[v] = p
			for _, k := range n.next[v] {
				if e := n.edges[k]; n.src[e.street].class != "ferry" {
					todo = append(todo, e.a+e.b-v)
				}
			}
		}
	}
	near := newNearest(n)
	open := 0
	for _, b := range []bool{c.plan.westGate, c.plan.eastGate, c.plan.row > 0, c.plan.row < c.div.rows-1} {
		if b {
			open++
		}
	}
	for _, p := range c.gates {
		if v, d := near.node(p); v < 0 || d != 0 {
			t.Errorf("%s: no road leads to the gate %.0f", c.plan.name, p)
		}
	}
	if len(c.gates) != open {
		t.Errorf("%s has %d gates, wanted %d", c.plan.name, len(c.gates), open)
	}
	for town, p := range c.plan.townships {
		centre, _ := near.node(c.centres[town])
		if centre < 0 {
			t.Errorf("%s %s has no street at its centre", c.plan.name, p.name)
			continue
		}
		walkFrom(int32(centre), int32(town)+1)
		for i := range c.villages {
			v := &c.villages[i]
			if v.township != town {
				continue
			}
			if len(v.houses) == 0 {
				t.Errorf("%s %s %s has no house", c.plan.name, p.name, v.name)
			}
			cut := 0
			for _, h := range v.houses {
				node, d := near.node(c.house[h].at)
				if node < 0 || d > 120 || part[node] != part[centre] {
					cut++
				}
			}
			if islet := c.land.onIsland(v.site) == 1; cut > 0 && !islet || islet && cut < len(v.houses) {
				t.Errorf("%s %s %s: %d of %d houses are cut off", c.plan.name, p.name, v.name, cut, len(v.houses))
			}
		}
	}
}
