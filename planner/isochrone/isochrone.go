// Package isochrone answers where one can get within some minutes, and how long
// it takes between points, on the street network alone: no facilities, people
// or standards.
package isochrone

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Limits of a request: beyond them a batch run is the tool.
const (
	maxMinutes = 120
	maxPoints  = 10_000
	snapMetres = 500 // as in runs
)

// Networks gives the street graph to search.
type Networks interface {
	// Network names the graph in use by its digest; NotFound when no network was imported.
	Network(ctx context.Context) (digest string, err error)
	Graph(ctx context.Context, digest string) (*graph.Graph, error)
}

// Way is how people travel.
type Way struct {
	Profile   string           // id of a travel profile
	Speed     float64          // m/s on flat ground in place of the profile's; 0 keeps it; on foot and by bicycle only
	Direction travel.Direction // Inbound: toward the point; Outbound: away from it
}

// Isochrone is the area from which (or to which) a point is reached.
type Isochrone struct {
	Minutes int
	Snapped orb.Point // the point on its street, lon, lat
	Metres  float64   // from the point to its street
	Polygon orb.MultiPolygon
}

// Planner draws isochrones. It is safe for concurrent use.
type Planner struct {
	networks Networks
	grounds  grounds
}

// New makes a Planner.
func New(n Networks) *Planner { return &Planner{networks: n} }

// Draw gives one isochrone for each of the minutes (1–120), in ascending order,
// nested. Errors: Invalid for a wrong request, NotFound for a point without a
// street within 500 m, or without a network.
func (p *Planner) Draw(ctx context.Context, at orb.Point, minutes []int, way Way) ([]Isochrone, error) {
	minutes = slices.Compact(slices.Sorted(slices.Values(minutes)))
	if len(minutes) == 0 || minutes[0] < 1 || minutes[len(minutes)-1] > maxMinutes {
		return nil, planner.Errorf(planner.Invalid, "minutes应为1到%d之间的整数,收到%v", "minutes must be whole numbers from 1 to %d, got %v", maxMinutes, minutes)
	}
	g, err := p.ground(ctx, way)
	if err != nil {
		return nil, err
	}
	snap, err := g.snap(at)
	if err != nil {
		return nil, err
	}
	mesh, err := g.circles()
	if err != nil {
		return nil, err
	}
	longest := travel.Millis(minutes[len(minutes)-1]) * 60_000
	reach := g.net.Reach(travel.Site{Snap: snap}, longest, way.Direction)
	out := make([]Isochrone, len(minutes))
	for i, m := range minutes {
		out[i] = Isochrone{m, snap.Point, snap.Metres, mesh.Polygon(reach, travel.Millis(m)*60_000)}
	}
	return out, nil
}

// Times gives the time from each source to each target (Outbound) or the other
// way (Inbound), row by row: each hears the times of one source, in milliseconds,
// travel.Unreached beyond limit minutes or where a point has no street within 500 m.
func (p *Planner) Times(ctx context.Context, sources, targets []orb.Point, limit int, way Way, each func(times []travel.Millis) error) error {
	if limit < 1 || limit > maxMinutes || len(sources) == 0 || len(targets) == 0 || len(sources) > maxPoints || len(targets) > maxPoints {
		return planner.Errorf(planner.Invalid, "起点和终点各应为1到%d个,minutes应为1到%d", "sources and targets must each be 1 to %d points, minutes 1 to %d", maxPoints, maxMinutes)
	}
	g, err := p.ground(ctx, way)
	if err != nil {
		return err
	}
	to := make([]*travel.Snap, len(targets))
	for i, t := range targets {
		if s, err := g.snapper.Snap(t, snapMetres); err == nil {
			to[i] = &s
		}
	}
	times := make([]travel.Millis, len(targets))
	for _, from := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range times {
			times[i] = travel.Unreached
		}
		if s, err := g.snapper.Snap(from, snapMetres); err == nil {
			reach := g.net.Reach(travel.Site{Snap: s}, travel.Millis(limit)*60_000, way.Direction)
			for i, t := range to {
				if t == nil {
					continue
				}
				if ms, ok := g.net.At(reach, *t); ok {
					times[i] = ms
				}
			}
		}
		if err := each(times); err != nil {
			return err
		}
	}
	return nil
}

// profile gives a way's profile; Invalid when there is none or the speed does not fit it.
func (w Way) profile() (travel.Profile, error) {
	p, err := travel.ProfileByID(w.Profile)
	if err != nil {
		var ids []string
		for _, p := range travel.Profiles() {
			ids = append(ids, p.ID)
		}
		return p, planner.Errorf(planner.Invalid, "没有出行方式「%s」,可用:%v", "there is no profile %q; there are %v", w.Profile, ids)
	}
	if w.Speed == 0 {
		return p, nil
	}
	if p.Mode == graph.Car || w.Speed < 0.1 || w.Speed > 15 {
		return p, planner.Errorf(planner.Invalid, "speed应为0.1到15米/秒,且不适用于机动车,收到%v", "speed must be 0.1 to 15 m/s and is not for vehicles, got %v", w.Speed)
	}
	p.Pace = 1 / w.Speed
	return p, nil
}

func (g *ground) snap(at orb.Point) (travel.Snap, error) {
	if !(at[0] >= -180 && at[0] <= 180 && at[1] >= -90 && at[1] <= 90) {
		return travel.Snap{}, planner.Errorf(planner.Invalid, "坐标%v不在经纬度范围内,顺序为经度,纬度", "point %v is outside the world; the order is lon,lat", at)
	}
	s, err := g.snapper.Snap(at, snapMetres)
	if none := (*travel.NoNetworkError)(nil); errors.As(err, &none) {
		where := fmt.Sprintf("%.5f,%.5f", at[0], at[1])
		if none.Water {
			return s, planner.Errorf(planner.NotFound, "%s最近的道路在水域对岸", "the nearest street to %s lies across water", where)
		}
		return s, planner.Errorf(planner.NotFound, "%s附近%d米内没有道路", "there is no street within %[2]d m of %[1]s", where, snapMetres)
	}
	return s, err
}
