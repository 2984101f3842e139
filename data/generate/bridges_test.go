package generate

import (
	"math"
	"testing"
)

// Water is crossed on bridges alone; a bridge is one deck from bank to bank that
// nothing joins over the water, and no two bridges share a crossing.
func TestBridges(t *testing.T) {
	c := demoCounty(t)
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
				t.Errorf("%s %q runs through water at %.0f, river %.1f m", n.src[e.street].class, n.src[e.street].name, p, c.land.toRiver(p))
				break
			}
		}
	}
	if decks < 5 || decks > 6 {
		t.Errorf("%d bridges over the main river", decks)
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
