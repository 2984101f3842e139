package run

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// snapMetres is how far off a street a point may lie (the 500 m).
const snapMetres = 500

// searched is how far times are looked for, so that a gap can say 27 minutes.
const searched = travel.Millis(60 * 60_000)

// nets are the street nets of one standard, on foot and by vehicle, ferries not counted, with the facilities on them.
type nets struct {
	walk, ride        *travel.Net
	lines             *transit.Service // of a standard whose people ride; nil otherwise
	onFoot, byVehicle *travel.Snapper
	sites, rideSites  []*travel.Snap // of the facilities; nil where there is no network
	siteErr           int            // facilities that could not be brought onto the net
}

// connect brings the facilities onto the nets.
func connect(g *graph.Graph, s standard.Standard, in *Inputs) (*nets, error) {
	walk, err := travel.ProfileByID(s.Profile)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "标准%s的出行方式「%s」不存在", "standard %s: there is no profile %q", s.ID, s.Profile)
	}
	drive, err := travel.ProfileByID("drive")
	if err != nil {
		return nil, err
	}
	n := &nets{walk: travel.NewNet(g, walk.WithoutFerries()), ride: travel.NewNet(g, drive)}
	n.onFoot, n.byVehicle = travel.NewSnapper(n.walk), travel.NewSnapper(n.ride)
	if walk.Rides.Boardings > 0 {
		if in.Lines == nil {
			return nil, planner.Errorf(planner.Invalid, "标准%s按「%s」测算,但没有公交或接驳车的班次表,请先 import transit", "standard %s is judged by %q, but there is no table of buses and shuttles: import transit first", s.ID, walk.ID)
		}
		n.lines = transit.New(n.walk, n.onFoot, in.Lines)
	}
	n.sites, n.rideSites = make([]*travel.Snap, len(in.Facilities)), make([]*travel.Snap, len(in.Facilities))
	for i, f := range in.Facilities {
		if !f.Offers(s.Services...) {
			continue
		}
		if n.sites[i] = snap(n.onFoot, f.Point); n.sites[i] == nil {
			n.siteErr++
		}
		n.rideSites[i] = snap(n.byVehicle, f.Point)
	}
	return n, nil
}

// snap brings a point onto a net; nil where there is no street or no point.
func snap(s *travel.Snapper, p *orb.Point) *travel.Snap {
	if p == nil {
		return nil
	}
	at, err := s.Snap(*p, snapMetres)
	if err != nil { // a *travel.NoNetworkError: there is no other
		return nil
	}
	return &at
}

// located are the spots of a demand on the nets.
type located struct {
	walks, rides []*travel.Snap // nil where there is no network
	off          int            // spots that could not be brought onto the net
}

// bring brings the spots of a demand onto the nets.
func (n *nets) bring(d *demand) *located {
	l := &located{}
	for _, s := range d.spots {
		at := snap(n.onFoot, s.point)
		if at == nil {
			l.off++
		}
		l.walks = append(l.walks, at)
		l.rides = append(l.rides, snap(n.byVehicle, s.point))
	}
	return l
}

// times are the ways to the nearest of some facilities.
type times struct{ walk, ride *travel.Field }

// nearest searches the ways to the nearest facility that match chooses.
func (n *nets) nearest(ctx context.Context, in *Inputs, match func(Facility) bool) (t times, err error) {
	var walkers, riders []travel.Site
	for i, f := range in.Facilities {
		if !match(f) {
			continue
		}
		if n.sites[i] != nil {
			walkers = append(walkers, travel.Site{ID: int32(i), Snap: *n.sites[i]})
		}
		if n.rideSites[i] != nil {
			riders = append(riders, travel.Site{ID: int32(i), Snap: *n.rideSites[i]})
		}
	}
	if t.walk, err = n.field(ctx, walkers, searched); err == nil {
		t.ride, err = n.ride.Nearest(ctx, riders, searched, travel.Inbound)
	}
	return t, err
}

// field searches the ways of people to the nearest of some sites, by the lines for those who ride.
func (n *nets) field(ctx context.Context, sites []travel.Site, limit travel.Millis) (*travel.Field, error) {
	if n.lines != nil {
		return n.lines.Nearest(ctx, sites, limit, travel.Inbound)
	}
	return n.walk.Nearest(ctx, sites, limit, travel.Inbound)
}

// times gives each spot's way.
func (l *located) times(t times) []access {
	out := make([]access, len(l.walks))
	for i, at := range l.walks {
		a := access{walk: travel.Unreached, ride: travel.Unreached, site: -1}
		if at != nil {
			a.known = true
			a.walk, a.site = t.walk.At(*at)
			if l.rides[i] != nil {
				a.ride, _ = t.ride.At(*l.rides[i])
			}
		}
		out[i] = a
	}
	return out
}

// serving chooses the facilities that offer the standard's services on a day.
func serving(s standard.Standard, day time.Time) func(Facility) bool {
	return func(f Facility) bool { return f.Offers(s.Services...) && f.Serves(day) }
}

// idling chooses those that would, were they not out of use.
func idling(s standard.Standard, day time.Time) func(Facility) bool {
	return func(f Facility) bool { return f.Offers(s.Services...) && f.StatusOn(day) == "suspended" }
}
