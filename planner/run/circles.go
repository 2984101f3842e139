package run

import (
	"context"
	"runtime"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// drawn are the minutes that circles are drawn at, up to the standard's own.
func drawn(s standard.Standard) []int {
	all := []int{s.Minutes / 3, s.Minutes * 2 / 3, s.Minutes}
	return slices.Compact(slices.DeleteFunc(all, func(m int) bool { return m == 0 }))
}

// Inside is the people of a part's county inside one circle, wherever its facility stands.
type Inside struct {
	Facility int32 // index among the inputs' facilities
	Standard string
	Minutes  int
	People   int
}

// circles draws the area from which each serving facility of the county is
// reached, and counts the county's resident people of the main group inside
// every circle, those of facilities across the border too. The order is that of
// the facilities, whatever the number of processors.
func circles(ctx context.Context, e *Evaluation, county planner.Code, d *demand, r *roads, l *located, s standard.Standard) ([]Circle, []Inside, error) {
	on := l.streets(r.nets)
	near := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, at := range l.walks {
		if at != nil {
			near = near.Extend(at.Point)
		}
	}
	near = geo.BoundPad(near, float64(millis(s.Minutes))/r.walk.P.Pace/1000+snapMetres)
	serves, people := serving(s, e.spec.AsOf), d.people[judgedBy(s)]
	found, inside := make([][]Circle, len(e.in.Facilities)), make([][]Inside, len(e.in.Facilities))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range e.in.Facilities {
		own := f.Unit.Ancestor(planner.County) == county && e.spec.Covers(f.Unit)
		if !serves(f) || r.sites[i] == nil || !own && r.lines == nil && !near.Contains(*f.Point) {
			continue
		}
		work.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			times, draw, err := r.around(ctx, *r.sites[i], millis(s.Minutes), l, on)
			if err != nil {
				return err
			}
			for _, m := range drawn(s) {
				n := Inside{int32(i), s.ID, m, 0}
				for spot, t := range times {
					if t <= millis(m) && len(people) > 0 {
						n.People += int(people[spot])
					}
				}
				if n.People > 0 {
					inside[i] = append(inside[i], n)
				}
				if !own {
					continue
				}
				if polygon := draw(millis(m)); len(polygon) > 0 {
					found[i] = append(found[i], Circle{FacilityID: f.ID, Name: f.Name, Service: offered(f, s), Standard: s.ID, Profile: s.Profile, Minutes: m,
						Unit: f.Unit, Group: s.Group, Polygon: polygon, Facility: int32(i)})
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, nil, err
	}
	return slices.Concat(found...), slices.Concat(inside...), nil
}

// populate gives each circle the people whom the parts counted inside it.
func populate(circles []Circle, parts []*Part) {
	type key struct {
		facility int32
		standard string
		minutes  int
	}
	sums := map[key]int{}
	for _, p := range parts {
		for _, n := range p.Inside {
			sums[key{n.Facility, n.Standard, n.Minutes}] += n.People
		}
	}
	for i, c := range circles {
		circles[i].People = sums[key{c.Facility, c.Standard, c.Minutes}]
	}
}

// streets gives, for each street of the net, the spots that were brought onto it.
func (l *located) streets(n *nets) map[graph.ArcID][]int {
	on := map[graph.ArcID][]int{}
	for i, at := range l.walks {
		if at != nil {
			a := min(at.Arc, n.walk.G.Twin(at.Arc))
			on[a] = append(on[a], i)
		}
	}
	return on
}

// around searches the ways to one place: the time of every spot within limit, and how to draw what lies within less.
func (r *roads) around(ctx context.Context, at travel.Snap, limit travel.Millis, l *located, on map[graph.ArcID][]int) (times map[int]travel.Millis, draw func(travel.Millis) orb.MultiPolygon, err error) {
	site := travel.Site{Snap: at}
	if r.lines == nil {
		reach := r.walk.Reach(site, limit, travel.Inbound)
		return spotTimes(r.walk, reach, l.walks, on), func(m travel.Millis) orb.MultiPolygon { return r.mesh.Polygon(reach, m) }, nil
	}
	field, err := r.field(ctx, []travel.Site{site}, limit)
	if err != nil {
		return nil, nil, err
	}
	times = map[int]travel.Millis{}
	for spot, at := range l.walks {
		if at != nil {
			if t, owner := field.At(*at); owner >= 0 {
				times[spot] = t
			}
		}
	}
	return times, func(m travel.Millis) orb.MultiPolygon { return r.mesh.Union(field, m) }, nil
}

// spotTimes gives the time of every spot on a street that the reach touches.
func spotTimes(n *travel.Net, r *travel.Reach, spots []*travel.Snap, on map[graph.ArcID][]int) map[int]travel.Millis {
	times := map[int]travel.Millis{}
	look := func(a graph.ArcID) {
		for _, spot := range on[min(a, n.G.Twin(a))] {
			if t, ok := n.At(r, *spots[spot]); ok {
				times[spot] = t
			}
		}
	}
	look(r.Site.Snap.Arc)
	for _, v := range r.Nodes {
		for a := range n.G.Leaving(v) {
			look(a)
		}
	}
	return times
}

func millis(minutes int) travel.Millis { return travel.Millis(minutes) * 60_000 }

// offered names the first of the standard's services that a facility has.
func offered(f Facility, s standard.Standard) string {
	for _, id := range f.Services {
		if slices.Contains(s.Services, id) {
			return id
		}
	}
	return ""
}
