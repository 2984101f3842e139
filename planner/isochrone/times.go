package isochrone

import (
	"context"
	"runtime"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Limits of a question for times. No matrix is kept, so that they bound the time, not the memory.
const (
	MaxSources = 10_000
	MaxTargets = 100_000
	MaxNearest = 100
)

// labelBytes bounds the memory for the labels of a search for the nearest; beyond it each source is searched alone.
const labelBytes = 256 << 20

// TimesQuestion asks for times between points.
type TimesQuestion struct {
	Sources, Targets []orb.Point // lon, lat
	Minutes          int         // what takes longer is no answer
	Nearest          int         // only so many targets of each source, the nearest first; 0 is all
	Way              Way         // Outbound: from source to target
}

// Times is such a question whose points were brought onto the streets.
type Times struct {
	Terms
	Sources, Targets []Place
	nearest          int
}

// Times checks a question and brings its points onto the streets.
func (p *Planner) Times(ctx context.Context, q TimesQuestion) (*Times, error) {
	switch {
	case q.Minutes < 1 || q.Minutes > MaxMinutes:
		return nil, planner.Errorf(planner.Invalid, "minutes应为1到%d的整数", "minutes must be a whole number from 1 to %d", MaxMinutes)
	case q.Nearest < 0 || q.Nearest > MaxNearest:
		return nil, planner.Errorf(planner.Invalid, "nearest应为1到%d的整数", "nearest must be a whole number from 1 to %d", MaxNearest)
	case len(q.Sources) == 0 || len(q.Targets) == 0:
		return nil, planner.Errorf(planner.Invalid, "请给出至少一个起点和一个终点", "give at least one source and one target")
	case len(q.Sources) > MaxSources || len(q.Targets) > MaxTargets:
		return nil, planner.Errorf(planner.TooLarge, "起点最多%d个,终点最多%d个,收到%d个和%d个;请分批", "at most %d sources and %d targets are taken, got %d and %d: send them in parts", MaxSources, MaxTargets, len(q.Sources), len(q.Targets))
	}
	t, err := p.terms(ctx, q.Way)
	if err != nil {
		return nil, err
	}
	t.minutes = []int{q.Minutes}
	all := &Times{Terms: t, nearest: q.Nearest}
	if all.Sources, err = t.ground.places(q.Sources); err == nil {
		all.Targets, err = t.ground.places(q.Targets)
	}
	return all, err
}

// Each gives visit the targets of every source in order, also of those that reach none: Point of a Pair is the number of
// a target. They come by number, or the nearest first if so many were asked for. The slice is used again; an error of
// visit ends the whole.
func (t *Times) Each(ctx context.Context, visit func(source int, to []travel.Pair) error) error {
	from, fromIndex := onStreets(t.Sources)
	to, toIndex := onStreets(t.Targets)
	next := 0 // the source that visit hears of next
	row := func(source int, pairs []travel.Pair) error {
		for ; next < source; next++ {
			if err := visit(next, nil); err != nil {
				return err
			}
		}
		if pairs == nil {
			return nil
		}
		next++
		return visit(source, pairs)
	}
	var err error
	if t.ground.rides != nil {
		err = t.eachRide(ctx, from, fromIndex, to, toIndex, row)
	} else if t.nearest > 0 && t.nearest*8*t.ground.net.G.NumNodes() <= labelBytes {
		err = t.eachNearest(ctx, from, fromIndex, to, toIndex, row)
	} else {
		err = t.eachPair(ctx, from, fromIndex, to, toIndex, row)
	}
	if err != nil {
		return err
	}
	return row(len(t.Sources), nil)
}

func (t *Times) eachPair(ctx context.Context, from []travel.Snap, fromIndex []int32, to []travel.Snap, toIndex []int32, row func(int, []travel.Pair) error) error {
	workers := min(runtime.GOMAXPROCS(0), 1+len(from)/16)
	return travel.NewDemand(t.ground.net, to, t.Direction).Pairs(ctx, sites(from, fromIndex), millis(t.minutes[0]), workers, func(pairs []travel.Pair) error {
		for i := range pairs {
			pairs[i].Point = toIndex[pairs[i].Point]
		}
		return row(int(pairs[0].Site), t.first(pairs))
	})
}

// first keeps the nearest of the targets that were asked for; all in their order without a number.
func (t *Times) first(pairs []travel.Pair) []travel.Pair {
	if t.nearest == 0 {
		return pairs
	}
	slices.SortStableFunc(pairs, func(a, b travel.Pair) int { return int(int64(a.Millis) - int64(b.Millis)) })
	return pairs[:min(len(pairs), t.nearest)]
}

// eachRide searches source by source, by the lines.
func (t *Times) eachRide(ctx context.Context, from []travel.Snap, fromIndex []int32, to []travel.Snap, toIndex []int32, row func(int, []travel.Pair) error) error {
	var pairs []travel.Pair
	for i, site := range sites(from, fromIndex) {
		field, err := t.ground.field(ctx, []travel.Site{site}, millis(t.minutes[0]), t.Direction)
		if err != nil {
			return err
		}
		pairs = pairs[:0]
		for k, s := range to {
			if ms, owner := field.At(s); owner >= 0 {
				pairs = append(pairs, travel.Pair{Site: fromIndex[i], Point: toIndex[k], Millis: ms})
			}
		}
		if len(pairs) > 0 {
			if err := row(int(fromIndex[i]), t.first(pairs)); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachNearest searches once from all targets: from a source they are sites to be travelled to.
func (t *Times) eachNearest(ctx context.Context, from []travel.Snap, fromIndex []int32, to []travel.Snap, toIndex []int32, row func(int, []travel.Pair) error) error {
	toward := travel.Inbound
	if t.Direction == travel.Inbound {
		toward = travel.Outbound
	}
	if len(to) == 0 {
		return nil
	}
	var pairs []travel.Pair
	return travel.NewDemand(t.ground.net, from, toward).KNearest(ctx, sites(to, toIndex), t.nearest, millis(t.minutes[0]), func(point int, nearest []travel.Nearest) error {
		pairs = pairs[:0]
		for _, n := range nearest {
			pairs = append(pairs, travel.Pair{Site: fromIndex[point], Point: n.Site, Millis: n.Millis})
		}
		if len(pairs) == 0 {
			return nil
		}
		return row(int(fromIndex[point]), pairs)
	})
}

// onStreets are the places that have a street, with their numbers among all.
func onStreets(places []Place) (snaps []travel.Snap, index []int32) {
	for i, p := range places {
		if p.Err == nil {
			snaps, index = append(snaps, p.Snap), append(index, int32(i))
		}
	}
	return snaps, index
}

func sites(snaps []travel.Snap, index []int32) []travel.Site {
	all := make([]travel.Site, len(snaps))
	for i, s := range snaps {
		all[i] = travel.Site{ID: index[i], Snap: s}
	}
	return all
}
