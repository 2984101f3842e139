package isochrone

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/explain"
)

// WhyQuestion asks why a place does not reach some sites.
type WhyQuestion struct {
	Place   orb.Point
	Sites   []explain.Site
	Minutes int
	Way     Way // Inbound: from the place to a site
}

// Why is the answer, with the mode of travel.
type Why struct {
	Terms
	*explain.Finding
	Case explain.Case
	Mode graph.Access
}

// Why finds out. Errors: Invalid, TooLarge, NotFound without a network.
func (p *Planner) Why(ctx context.Context, q WhyQuestion) (*Why, error) {
	switch {
	case q.Minutes < 1 || q.Minutes > MaxMinutes:
		return nil, planner.Errorf(planner.Invalid, "minutes应为1到%d的整数", "minutes must be a whole number from 1 to %d", MaxMinutes)
	case len(q.Sites) == 0:
		return nil, planner.Errorf(planner.Invalid, "请给出service、facility或to", "give service, facility or to")
	case len(q.Sites) > MaxUnited:
		return nil, planner.Errorf(planner.TooLarge, "一次最多%d个设施,收到%d个", "at most %d sites at once, got %d", MaxUnited, len(q.Sites))
	}
	points := []orb.Point{q.Place}
	for _, s := range q.Sites {
		points = append(points, s.Point)
	}
	for _, at := range points {
		if err := inWorld(at); err != nil {
			return nil, err
		}
	}
	t, err := p.terms(ctx, q.Way)
	if err != nil {
		return nil, err
	}
	if t.ground.rides != nil {
		return nil, planner.Errorf(planner.Invalid, "原因只按步行、骑行和自驾说明,不含公交;请换一种出行方式", "reasons are told on foot, by bicycle and by car, not by bus: choose another profile")
	}
	w := &Why{Terms: t, Case: explain.Case{Place: q.Place, Sites: q.Sites, Limit: millis(q.Minutes), Direction: q.Way.Direction}, Mode: t.ground.net.P.Mode}
	w.Finding, err = explain.Look(ctx, t.ground, w.Case)
	return w, err
}

// Snapper finds the streets of the ground.
func (g *ground) Snapper() *travel.Snapper { return g.snapper }

// Opened finds those that are barred, too.
func (g *ground) Opened() *travel.Snapper { return g.opened() }

// Component numbers the streets that hang together at a node, −1 without one, and gives their metres.
func (g *ground) Component(v graph.NodeID) (number int32, metres float64) {
	c := g.joined()
	if number = c.of[v]; number < 0 {
		return number, 0
	}
	return number, c.metres[number]
}

// components are the streets that hang together: by node, and how long they are.
type components struct {
	of     []int32
	metres []float64
}

func componentsOf(n *travel.Net) components {
	c := components{of: n.Components()}
	for a := range graph.ArcID(n.G.NumArcs()) {
		if a > n.G.Twin(a) || n.Cost(a) == travel.Unreached && n.Cost(n.G.Twin(a)) == travel.Unreached {
			continue
		}
		i := c.of[n.G.Tail(a)]
		for int(i) >= len(c.metres) {
			c.metres = append(c.metres, 0)
		}
		c.metres[i] += float64(n.G.Length(a)) / 1000
	}
	return c
}
