// Package explain says why a place does not reach a service: no network near,
// another component, a barrier between, or too far; with the way there, piece by
// piece, and what stands in it.
package explain

import (
	"cmp"
	"context"
	"errors"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/travel"
)

// The classes, each with what would have to change.
const (
	Within         = "within"          // nothing: it is reached
	NoNetwork      = "no_network"      // no street near the place, or near any site
	OtherComponent = "other_component" // streets that no way joins to a site's: an island
	Barrier        = "barrier"         // water, or a street that is closed, stands between
	TooFar         = "too_far"
)

// Obstacles of the class Barrier.
const (
	Water   = "water"
	Private = "private"       // a yard or gate for those who belong there
	Gate    = "gate"          // a barrier on the street
	Closed  = "closed_street" // closed to the mode by its tags
)

// Limits of the search.
const (
	snapMetres = 500 // as in runs
	ways       = 3   // to so many sites
	farthest   = travel.Millis(180 * 60_000)
	carKMH     = 30
	asTheCrow  = 0.8 // of the distance on the flat in the limit: near enough to be reached if streets were straight
)

// Ground is a network as one profile sees it.
type Ground interface {
	Snapper() *travel.Snapper
	// Opened is the same with what is barred open.
	Opened() *travel.Snapper
	// Component numbers the streets that hang together at a node, −1 without one, and gives their metres.
	Component(node uint32) (number int32, metres float64)
}

// Site is a facility that could serve.
type Site struct {
	ID, Name string
	Point    orb.Point
}

// Case is a place and the sites that could serve it.
type Case struct {
	Place     orb.Point
	Sites     []Site
	Limit     travel.Millis
	Direction travel.Direction
}

// Finding is why a place does not reach a service.
type Finding struct {
	Class    string
	Place    *travel.Snap // nil: no street
	Reason   string       // why there is none: no_network, across_water
	Nearest  int          // the site nearest in a straight line
	Metres   float64      // to it
	Ways     []Way        // to the nearest sites that are reached, however far, at most three
	Obstacle *Obstacle    // of a barrier; and of another component where water lies before the nearest site
	Streets  float64      // metres of streets that hang together with the place's
}

// Way is a way between the place and a site.
type Way struct {
	Site   int
	Millis travel.Millis
	Metres float64
	Line   orb.LineString // in the direction of travel, legs off the street included
	Legs   []Leg
}

// Obstacle stands between.
type Obstacle struct {
	Kind string
	At   orb.Point
	Site int  // that would be reached without it
	Open *Way // the way through it, nil over water
}

// Look finds out.
func Look(ctx context.Context, g Ground, c Case) (*Finding, error) {
	f := &Finding{Nearest: -1}
	for i, s := range c.Sites {
		if m := geo.DistanceHaversine(c.Place, s.Point); f.Nearest < 0 || m < f.Metres {
			f.Nearest, f.Metres = i, m
		}
	}
	s := g.Snapper()
	at, err := s.Snap(c.Place, snapMetres)
	if none := (*travel.NoNetworkError)(nil); errors.As(err, &none) {
		if f.Class, f.Reason = NoNetwork, "no_network"; none.Water {
			f.Reason = "across_water"
		}
		return f, f.closed(ctx, g, c) // all streets near may be closed
	} else if err != nil {
		return nil, err
	}
	f.Place = &at
	number, metres := g.Component(s.Net().G.Tail(at.Arc))
	f.Streets = metres
	sites := bring(s, c.Sites)
	routes, err := s.Net().Routes(ctx, at, sites, ways, max(farthest, c.Limit), c.Direction)
	if err != nil {
		return nil, err
	}
	for _, r := range routes {
		f.Ways = append(f.Ways, wayOf(s.Net(), c, at, snapOf(sites, r.Site), r))
	}
	switch {
	case len(sites) == 0:
		f.Class = NoNetwork
		return f, f.closed(ctx, g, c)
	case len(routes) > 0 && routes[0].Millis <= c.Limit:
		f.Class = Within
		return f, nil
	}
	f.Class = OtherComponent
	for _, site := range sites {
		if n, _ := g.Component(s.Net().G.Tail(site.Snap.Arc)); n == number {
			f.Class = TooFar
		}
	}
	if len(routes) > 0 {
		f.Class = TooFar
	}
	if err := f.closed(ctx, g, c); err != nil || f.Class == Barrier {
		return f, err
	}
	f.water(s, c)
	return f, nil
}

// closed looks for a way in time if nothing were barred (or any way, where there is none), and for the first bar on it.
func (f *Finding) closed(ctx context.Context, g Ground, c Case) error {
	s, open := g.Snapper(), g.Opened()
	at, err := open.Snap(c.Place, snapMetres)
	if none := (*travel.NoNetworkError)(nil); errors.As(err, &none) {
		return nil
	} else if err != nil {
		return err
	}
	limit := c.Limit
	if len(f.Ways) == 0 { // where there is no way at all, one that is long is better than none
		limit = farthest
	}
	sites := bring(open, c.Sites)
	routes, err := open.Net().Routes(ctx, at, sites, 1, limit, c.Direction)
	if err != nil || len(routes) == 0 {
		return err
	}
	for _, p := range routes[0].Pieces {
		kind := map[travel.Bar]string{travel.ByPrivate: Private, travel.ByBarrier: Gate, travel.ByNotice: Closed}[s.Net().Bar(p.Arc)]
		if kind == "" {
			continue
		}
		line, _ := open.Net().Line([]travel.Piece{p})
		way := wayOf(open.Net(), c, at, snapOf(sites, routes[0].Site), routes[0])
		f.Class, f.Obstacle = Barrier, &Obstacle{Kind: kind, At: line[0], Site: int(routes[0].Site), Open: &way}
		return nil
	}
	return nil
}

// water looks for the nearest site that lies close as the crow flies, with water between. Streets that nothing joins stay
// another component, however near the site: it is a bridge or a ferry that lacks.
func (f *Finding) water(s *travel.Snapper, c Case) {
	pace := s.Net().P.Pace
	if pace == 0 {
		pace = 3.6 / carKMH
	}
	near, least := asTheCrow*float64(c.Limit)/pace/1000, 0.0
	if f.Class == OtherComponent {
		near = f.Metres
	}
	for i, site := range c.Sites {
		m := geo.DistanceHaversine(c.Place, site.Point)
		if m > near || f.Obstacle != nil && cmp.Compare(m, least) >= 0 {
			continue
		}
		if at, crosses := s.WaterBetween(c.Place, site.Point); crosses {
			f.Obstacle, least = &Obstacle{Kind: Water, At: at, Site: i}, m
		}
	}
	if f.Obstacle != nil && f.Class == TooFar {
		f.Class = Barrier
	}
}

// bring brings the sites onto a net; those without a street are left out.
func bring(s *travel.Snapper, all []Site) (sites []travel.Site) {
	for i, site := range all {
		if at, err := s.Snap(site.Point, snapMetres); err == nil {
			sites = append(sites, travel.Site{ID: int32(i), Snap: at})
		}
	}
	return sites
}

func snapOf(sites []travel.Site, id int32) travel.Snap {
	for _, s := range sites {
		if s.ID == id {
			return s.Snap
		}
	}
	return travel.Snap{}
}
