package isochrone

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Way is how people travel.
type Way struct {
	Profile   string           // id of a travel profile
	Speed     float64          // m/s on flat ground in place of the profile's; 0 keeps it
	Direction travel.Direction // Inbound: toward the place; Outbound: away from it
	NoFerries bool             // as in runs
}

// speeds are the bounds of a speed in m/s, by mode.
var speeds = map[graph.Access][2]float64{graph.Foot: {0.1, 5}, graph.Bicycle: {0.5, 15}, graph.Car: {1, 40}}

// profile gives a way's profile; Invalid when there is none or the speed does not fit it. A car's speed is then the same
// on every street.
func (w *Way) profile(book *travel.Book) (travel.Profile, error) {
	p, err := book.ByID(w.Profile)
	if err != nil {
		var ids []string
		for _, p := range book.Profiles() {
			ids = append(ids, p.ID)
		}
		return p, planner.Errorf(planner.Invalid, "没有出行方式「%s」,可用:%v", "there is no profile %q; there are %v", w.Profile, ids)
	}
	if w.NoFerries {
		p = p.WithoutFerries()
	}
	if w.Speed == 0 {
		return p, nil
	}
	if within := speeds[p.Mode]; !(w.Speed >= within[0] && w.Speed <= within[1]) {
		return p, planner.Errorf(planner.Invalid, "出行方式%[1]s的speed应为%[2]v到%[3]v米/秒,收到%.4[4]g", "the speed of %[1]s must be %[2]v to %[3]v m/s, got %.4[4]g", p.ID, within[0], within[1], w.Speed)
	}
	w.Speed = math.Round(w.Speed*100) / 100 // what differs by less is the same ground
	if p.Mode == graph.Car {
		for class := range p.KMH {
			p.KMH[class] = 3.6 * w.Speed
		}
		return p, nil
	}
	p.Pace = 1 / w.Speed
	return p, nil
}

// Wheels tells whether a profile of the book rides; false where there is none.
func (p *Planner) Wheels(profile string) bool {
	found, err := p.Book.ByID(profile)
	return err == nil && found.Mode != graph.Foot
}

// places brings points onto the streets; Invalid for a point outside of the world.
func (g *ground) places(points []orb.Point) ([]Place, error) {
	all := make([]Place, len(points))
	for i, at := range points {
		if err := inWorld(at); err != nil {
			return nil, err
		}
		all[i].Snap, all[i].Err = g.snapper.Snap(at, snapMetres)
		if none := (*travel.NoNetworkError)(nil); errors.As(all[i].Err, &none) {
			all[i].Err = noStreet(at, none.Water)
		}
	}
	return all, nil
}

func inWorld(at orb.Point) error {
	if !(at[0] >= -180 && at[0] <= 180 && at[1] >= -90 && at[1] <= 90) {
		return planner.Errorf(planner.Invalid, "坐标%v不在经纬度范围内,顺序为经度,纬度", "point %v is outside the world; the order is lon,lat", at)
	}
	return nil
}

// noStreet says why a point has no street, in words and for programs.
func noStreet(at orb.Point, water bool) error {
	where := fmt.Sprintf("%.5f,%.5f", at[0], at[1])
	if water {
		return planner.Errorf(planner.NotFound, "%s最近的道路在水域对岸", "the nearest street to %s lies across water", where).Because("across_water")
	}
	return planner.Errorf(planner.NotFound, "%s附近%d米内没有道路", "there is no street within %[2]d m of %[1]s", where, snapMetres).Because("no_network")
}
