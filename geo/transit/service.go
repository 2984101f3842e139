package transit

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/travel"
)

// stopMetres is how far off a street a stop may stand, as people and facilities may in runs.
const stopMetres = 500

// Service is a timetable on the streets of a profile that rides. It is immutable.
type Service struct {
	net   *travel.Net
	stops []travel.Snap
	lines []ride
	off   []Stop
	rides travel.Rides
}

// ride is a line by the numbers of its stops; −1 where a stop has no street.
type ride struct {
	stops  []int32
	millis []travel.Millis
	wait   travel.Millis
}

// New brings the stops of the lines that run at the profile's time of day onto the streets.
func New(net *travel.Net, streets *travel.Snapper, t *Timetable) *Service {
	s := &Service{net: net, rides: net.P.Rides}
	number := map[orb.Point]int32{}
	for _, l := range t.Lines {
		if s.rides.At < l.From || s.rides.At >= l.Until {
			continue
		}
		r := ride{millis: l.Ride, wait: travel.Millis(math.Round(float64(l.Headway) * s.rides.WaitShare))}
		for _, stop := range l.Stops {
			n, known := number[stop.Point]
			if !known {
				n = int32(len(s.stops))
				if at, err := streets.Snap(stop.Point, stopMetres); err != nil { // a *travel.NoNetworkError: there is no other
					n = -1
					s.off = append(s.off, stop)
				} else {
					s.stops = append(s.stops, at)
				}
				number[stop.Point] = n
			}
			r.stops = append(r.stops, n)
		}
		if l.round() { // who sits in it may ride on past the end
			r.stops = append(r.stops, r.stops[1:]...)
			r.millis = append(append([]travel.Millis{}, r.millis...), r.millis...)
		}
		s.lines = append(s.lines, r)
	}
	return s
}

// Lines gives how many lines run at the profile's time of day.
func (s *Service) Lines() int { return len(s.lines) }

// Off lists the stops that have no street within 500 m: the bus passes them.
func (s *Service) Off() []Stop { return s.off }

// nobody is the label of what is not reached.
var nobody = travel.Nearest{Site: -1, Millis: travel.Unreached}

// better tells whether a goes before b: earlier, or as early and of a smaller site.
func better(a, b travel.Nearest) bool {
	return a.Millis < b.Millis || a.Millis == b.Millis && a.Site >= 0 && (b.Site < 0 || a.Site < b.Site)
}

// later is a label so much later; nobody's beyond the limit.
func later(a travel.Nearest, by, limit travel.Millis) travel.Nearest {
	if t := uint64(a.Millis) + uint64(by); a.Site >= 0 && t <= uint64(limit) {
		return travel.Nearest{Site: a.Site, Millis: travel.Millis(t)}
	}
	return nobody
}

// Nearest finds for every place within limit the nearest site on foot and by the lines, as travel.Net.Nearest does on foot.
//
// By rounds, one for each boarding: what is reached on foot (at first from the sites, then from the stops where a ride ended)
// gives each stop the earliest time; from there the lines are ridden (after RAPTOR, Delling et al. 2012, with headways for
// departures). Walks between lines are as long as the limit allows.
func (s *Service) Nearest(ctx context.Context, sites []travel.Site, limit travel.Millis, dir travel.Direction) (*travel.Field, error) {
	at, ridden := make([]travel.Nearest, len(s.stops)), make([]travel.Nearest, len(s.stops))
	for i := range at {
		at[i], ridden[i] = nobody, nobody
	}
	walkers := sites
	for range s.rides.Boardings {
		if len(walkers) == 0 || len(s.lines) == 0 {
			break
		}
		field, err := s.net.Nearest(ctx, walkers, limit, dir)
		if err != nil {
			return nil, err
		}
		for i, stop := range s.stops {
			var l travel.Nearest
			if l.Millis, l.Site = field.At(stop); better(l, at[i]) {
				at[i] = l
			}
		}
		walkers = walkers[:0:0]
		for i, l := range s.ride(at, limit, dir) {
			if better(l, at[i]) && better(l, ridden[i]) {
				at[i], ridden[i] = l, l
				walkers = append(walkers, s.walker(int32(i), l))
			}
		}
	}
	for i, l := range ridden {
		if l.Site >= 0 {
			sites = append(sites[:len(sites):len(sites)], s.walker(int32(i), l))
		}
	}
	return s.net.Nearest(ctx, sites, limit, dir)
}

// walker is who gets off at a stop, or toward a site who gets on there: a site at the ride's time and the stop's leg.
func (s *Service) walker(stop int32, l travel.Nearest) travel.Site {
	snap := s.stops[stop]
	snap.Millis += l.Millis
	return travel.Site{ID: l.Site, Snap: snap}
}

// ride gives each stop the best label by boarding one line where at is the label of every stop. Away from the sites a line
// is boarded at a stop and left at a later one; toward them it is the other way round, the wait still where one boards.
func (s *Service) ride(at []travel.Nearest, limit travel.Millis, dir travel.Direction) []travel.Nearest {
	best := make([]travel.Nearest, len(at))
	for i := range best {
		best[i] = nobody
	}
	offer := func(stop int32, l travel.Nearest) {
		if stop >= 0 && better(l, best[stop]) {
			best[stop] = l
		}
	}
	for _, l := range s.lines {
		aboard := nobody
		for k := range l.stops {
			i := k
			if dir == travel.Inbound {
				i = len(l.stops) - 1 - k
			}
			if k > 0 {
				piece := i - 1
				if dir == travel.Inbound {
					piece = i
				}
				aboard = later(aboard, l.millis[piece], limit)
			}
			stop := l.stops[i]
			if dir == travel.Outbound {
				offer(stop, aboard)
			} else {
				offer(stop, later(aboard, l.wait, limit))
			}
			if stop < 0 {
				continue
			}
			here := at[stop]
			if dir == travel.Outbound {
				here = later(here, l.wait, limit)
			}
			if better(here, aboard) {
				aboard = here
			}
		}
	}
	return best
}
