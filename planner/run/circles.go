package run

import (
	"context"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// drawn are the minutes that circles are drawn at, up to the standard's own.
func drawn(s standard.Standard) []int {
	all := []int{s.Minutes / 3, s.Minutes * 2 / 3, s.Minutes}
	return slices.Compact(slices.DeleteFunc(all, func(m int) bool { return m == 0 }))
}

// circles draws the area from which each serving facility is reached, with the
// resident people of the main group whose own time is within it. The order is
// that of the facilities, whatever the number of processors.
func circles(ctx context.Context, in *Inputs, d *demand, n *nets, s standard.Standard, day time.Time) ([]Circle, error) {
	mesh, err := circle.NewMesh(n.walk)
	if err != nil {
		return nil, err
	}
	street := func(a graph.ArcID) graph.ArcID { return min(a, n.walk.G.Twin(a)) }
	on := map[graph.ArcID][]int{} // street → spots that were brought onto it
	for i, at := range n.spots {
		if at != nil {
			on[street(at.Arc)] = append(on[street(at.Arc)], i)
		}
	}
	serves := serving(s, day)
	found := make([][]Circle, len(in.Facilities))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range in.Facilities {
		if !serves(f) || n.sites[i] == nil {
			continue
		}
		work.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			minutes := drawn(s)
			r := n.walk.Reach(travel.Site{ID: int32(i), Snap: *n.sites[i]}, millis(s.Minutes), travel.Inbound)
			times := spotTimes(n, r, on, street)
			for _, m := range minutes {
				c := Circle{FacilityID: f.ID, Name: f.Name, Service: offered(f, s), Profile: s.Profile, Minutes: m, Unit: f.Unit, Group: cohorts[0].group}
				for spot, t := range times {
					if t <= millis(m) && len(d.people[cohorts[0]]) > 0 {
						c.People += int(d.people[cohorts[0]][spot])
					}
				}
				if c.Polygon = mesh.Polygon(r, millis(m)); len(c.Polygon) > 0 {
					found[i] = append(found[i], c)
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// spotTimes gives the time of every spot on a street that the reach touches.
func spotTimes(n *nets, r *travel.Reach, on map[graph.ArcID][]int, street func(graph.ArcID) graph.ArcID) map[int]travel.Millis {
	times := map[int]travel.Millis{}
	look := func(a graph.ArcID) {
		for _, spot := range on[street(a)] {
			if t, ok := n.walk.At(r, *n.spots[spot]); ok {
				times[spot] = t
			}
		}
	}
	look(r.Site.Snap.Arc)
	for _, v := range r.Nodes {
		first, last := n.walk.G.Arcs(v)
		for a := first; a < last; a++ {
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
