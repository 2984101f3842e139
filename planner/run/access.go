package run

import (
	"context"
	"errors"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// snapMetres is how far off a street a point may lie (the 500 m).
const snapMetres = 500

// searched is how far times are looked for, so that a gap can say 27 minutes.
const searched = travel.Millis(60 * 60_000)

// nets are the street nets of one standard: on foot and by vehicle, ferries not counted.
type nets struct {
	walk, ride        *travel.Net
	onFoot, byVehicle *travel.Snapper
	spots, rides      []*travel.Snap // of the demand's spots; nil where there is no network
	sites, rideSites  []*travel.Snap // of the facilities
	spotErr, siteErr  int            // points that could not be brought onto the net
}

// connect brings spots and facilities onto the nets.
func connect(g *graph.Graph, s standard.Standard, in *Inputs, d *demand) (*nets, error) {
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
	snap := func(s *travel.Snapper, p *orb.Point) *travel.Snap {
		if p == nil {
			return nil
		}
		at, err := s.Snap(*p, snapMetres)
		if none := (*travel.NoNetworkError)(nil); errors.As(err, &none) {
			return nil
		}
		return &at
	}
	for _, s := range d.spots {
		at := snap(n.onFoot, s.point)
		if at == nil {
			n.spotErr++
		}
		n.spots = append(n.spots, at)
		n.rides = append(n.rides, snap(n.byVehicle, s.point))
	}
	for _, f := range in.Facilities {
		at := snap(n.onFoot, f.Point)
		if at == nil && f.Offers(s.Services...) {
			n.siteErr++
		}
		n.sites = append(n.sites, at)
		n.rideSites = append(n.rideSites, snap(n.byVehicle, f.Point))
	}
	return n, nil
}

// times finds each spot's way to the nearest facility that match chooses.
func (n *nets) times(ctx context.Context, in *Inputs, match func(Facility) bool) ([]access, error) {
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
	walk, err := n.walk.Nearest(ctx, walkers, searched, travel.Inbound)
	if err != nil {
		return nil, err
	}
	ride, err := n.ride.Nearest(ctx, riders, searched, travel.Inbound)
	if err != nil {
		return nil, err
	}
	out := make([]access, len(n.spots))
	for i, at := range n.spots {
		a := access{walk: travel.Unreached, ride: travel.Unreached, site: -1}
		if at != nil {
			a.known = true
			a.walk, a.site = walk.At(*at)
			if n.rides[i] != nil {
				a.ride, _ = ride.At(*n.rides[i])
			}
		}
		out[i] = a
	}
	return out, nil
}

// serving chooses the facilities that offer the standard's services on a day.
func serving(s standard.Standard, day time.Time) func(Facility) bool {
	return func(f Facility) bool { return f.Offers(s.Services...) && f.Serves(day) }
}

// idling chooses those that would, were they not out of use.
func idling(s standard.Standard) func(Facility) bool {
	return func(f Facility) bool { return f.Offers(s.Services...) && f.Status == "suspended" }
}
