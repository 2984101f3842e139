// Package isochrone answers where one can get within some minutes, and how long
// it takes between points, on the street network alone: no facilities, people
// or standards.
package isochrone

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Limits of a request: beyond them a batch run is the tool.
const (
	MaxMinutes = 120
	MaxBands   = 12     // different minutes
	MaxDrawn   = 100    // places drawn one by one; a run draws thousands
	MaxUnited  = 50_000 // places drawn as one
	snapMetres = 500    // as in runs
)

// Networks gives the street graph to search.
type Networks interface {
	// Network names the graph in use by its digest, and the data version that has it (0 without a database);
	// NotFound when no network was imported.
	Network(ctx context.Context) (version int64, digest string, err error)
	Graph(ctx context.Context, digest string) (*graph.Graph, error)
	// Timetable gives the buses and shuttles of a data version; nil when there are none.
	Timetable(ctx context.Context, version int64) (*transit.Timetable, error)
}

// Planner draws isochrones. It is safe for concurrent use.
type Planner struct {
	Book     *travel.Book // the profiles
	networks Networks
	grounds  grounds
}

// New makes a Planner with our own profiles.
func New(n Networks) *Planner { return &Planner{Book: travel.Builtin(), networks: n} }

// Question asks for the area around places.
type Question struct {
	Places  []orb.Point // lon, lat
	Minutes []int
	Way     Way
	Union   bool // of all places, in place of one by one
}

// Terms are what all answers to a question have in common.
type Terms struct {
	Way
	MetresPerSecond           float64 // on flat ground; 0 where it depends on the class of the street
	Version                   int64   // data version; 0 without a database
	Network                   string  // digest of the graph
	SlopeLeast, SlopeGreatest float64 // factors of time that the profile has on this network; 1 and 1 without elevation
	minutes                   []int
	ground                    *ground
	union                     bool
}

// Survey is a question whose places were brought onto the streets.
type Survey struct {
	Terms
	Places []Place
}

// Place is a place of the question on its street.
type Place struct {
	travel.Snap
	Err error // NotFound with a reason where there is no street; the rest is then nothing
}

// Isochrone is the area from which (or to which) a place is reached.
type Isochrone struct {
	Place       int // number in the question; −1 for the union
	Minutes     int
	Polygon     orb.MultiPolygon
	SquareMetre float64
}

// Survey checks a question and brings its places onto the streets. Errors: Invalid for a wrong request, TooLarge, NotFound
// without a network, or when none of the places has a street within 500 m.
func (p *Planner) Survey(ctx context.Context, q Question) (*Survey, error) {
	minutes := slices.Compact(slices.Sorted(slices.Values(q.Minutes)))
	if len(minutes) == 0 || minutes[0] < 1 || minutes[len(minutes)-1] > MaxMinutes || len(minutes) > MaxBands {
		return nil, planner.Errorf(planner.Invalid, "minutes应为1到%d之间的整数,最多%d个", "minutes must be whole numbers from 1 to %d, at most %d of them", MaxMinutes, MaxBands)
	}
	most := MaxDrawn
	if q.Union {
		most = MaxUnited
	}
	switch {
	case len(q.Places) == 0:
		return nil, planner.Errorf(planner.Invalid, "请给出一个点(lon、lat)或一个设施", "give a point (lon, lat) or a facility")
	case len(q.Places) > most && !q.Union:
		return nil, planner.Errorf(planner.TooLarge, "一次最多画%d个点,收到%d个;union=true可把它们合为一个范围", "at most %d places are drawn at once, got %d; union=true draws them as one", most, len(q.Places))
	case len(q.Places) > most:
		return nil, planner.Errorf(planner.TooLarge, "一次最多合并%d个点,收到%d个", "at most %d places are united at once, got %d", most, len(q.Places))
	}
	t, err := p.terms(ctx, q.Way)
	if err != nil {
		return nil, err
	}
	t.minutes, t.union = minutes, q.Union
	s := &Survey{Terms: t}
	if s.Places, err = t.ground.places(q.Places); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.Places, func(p Place) bool { return p.Err == nil }) {
		return nil, s.Places[0].Err
	}
	return s, nil
}

// Draw gives each isochrone to visit: by place, then by minutes, nested; places without a street are left out. An error of
// visit ends the whole.
func (s *Survey) Draw(ctx context.Context, visit func(Isochrone) error) error {
	mesh, err := s.ground.circles()
	if err != nil {
		return err
	}
	longest := millis(s.minutes[len(s.minutes)-1])
	if s.union {
		var sites []travel.Site
		for i, p := range s.Places {
			if p.Err == nil {
				sites = append(sites, travel.Site{ID: int32(i), Snap: p.Snap})
			}
		}
		return s.unite(ctx, mesh, -1, sites, longest, visit)
	}
	for i, p := range s.Places {
		if p.Err != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.ground.rides != nil { // what the stops reach are circles too, as of many places
			if err := s.unite(ctx, mesh, i, []travel.Site{{ID: int32(i), Snap: p.Snap}}, longest, visit); err != nil {
				return err
			}
			continue
		}
		reach := s.ground.net.Reach(travel.Site{Snap: p.Snap}, longest, s.Direction)
		for _, m := range s.minutes {
			polygon := mesh.Polygon(reach, millis(m))
			if err := visit(Isochrone{i, m, polygon, circle.Area(polygon)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// unite draws what sites reach together.
func (s *Survey) unite(ctx context.Context, mesh *circle.Mesh, place int, sites []travel.Site, longest travel.Millis, visit func(Isochrone) error) error {
	field, err := s.ground.field(ctx, sites, longest, s.Direction)
	if err != nil {
		return err
	}
	for _, m := range s.minutes {
		polygon := mesh.Union(field, millis(m))
		if err := visit(Isochrone{place, m, polygon, circle.Area(polygon)}); err != nil {
			return err
		}
	}
	return nil
}

func millis(minutes int) travel.Millis { return travel.Millis(minutes) * 60_000 }

// terms makes the network ready for a way of travel.
func (p *Planner) terms(ctx context.Context, way Way) (Terms, error) {
	profile, err := way.profile(p.Book)
	if err != nil {
		return Terms{}, err
	}
	t := Terms{Way: way}
	if t.Version, t.Network, err = p.networks.Network(ctx); err != nil {
		return t, err
	}
	key := groundKey{profile: way.Profile, speed: way.Speed, noFerries: way.NoFerries}
	if profile.Rides.Boardings > 0 {
		key.version = t.Version
	}
	ready, err := p.grounds.get(ctx, p.networks, t.Network, key, profile)
	if err != nil {
		return t, err
	}
	t.ground = ready()
	t.SlopeLeast, t.SlopeGreatest = t.ground.net.SlopeFactors()
	if t.MetresPerSecond = way.Speed; way.Speed == 0 && profile.Pace > 0 {
		t.MetresPerSecond = 1 / profile.Pace
	}
	return t, nil
}
