package run

import (
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// brought are the served areas of one kind whose facility works on the day and
// that bring one of some services.
func (e *Evaluation) brought(kind string, services []string) (areas []ServedArea) {
	for _, a := range e.in.Areas {
		i, known := e.sites[a.Facility]
		if a.Kind != kind || !known || !e.in.Facilities[i].Serves(e.spec.AsOf) {
			continue
		}
		offers := Facility{Services: a.Services}
		if len(a.Services) == 0 {
			offers = e.in.Facilities[i]
		}
		if offers.Offers(services...) {
			areas = append(areas, a)
		}
	}
	return areas
}

// holds tells whether a place of a unit lies in the area.
func (a ServedArea) holds(unit planner.Code, hamlet string, at *orb.Point) bool {
	if a.Unit != "" && strings.HasPrefix(string(unit), a.Unit.Prefix()) && (a.Hamlet == "" || shortHamlet(a.Hamlet) == shortHamlet(hamlet)) {
		return true
	}
	return at != nil && a.Outline != nil && a.Outline.Bound().Contains(*at) && planar.MultiPolygonContains(a.Outline, *at)
}

// knock marks the spots out of reach to whose door a service comes.
func knock(d *demand, areas []ServedArea, reach []access, limit travel.Millis) {
	if len(areas) == 0 {
		return
	}
	for i, s := range d.spots {
		if reach[i].class(limit) != "uncovered" {
			continue
		}
		for _, a := range areas {
			if a.holds(s.unit, s.hamlet, s.point) {
				reach[i].door = true
				break
			}
		}
	}
}
