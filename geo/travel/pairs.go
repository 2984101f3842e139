package travel

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Pair is a point that a site reaches (or is reached from), snap legs included.
type Pair struct {
	Site   int32 // id
	Point  int32 // number in the Demand
	Millis Millis
}

// Pairs calls visit, from the caller's goroutine, with all pairs of one site after
// the other within limit: by site id, then by point, whatever the order of sites
// and the number of workers. Site ids are distinct. Sites without a point in reach
// are left out. Nothing is kept: each worker holds one time for each junction and each
// point, and no more than workers + 1 blocks of one site's pairs exist. The slice
// given to visit is used again later; an error of visit ends the whole.
func (d *Demand) Pairs(ctx context.Context, sites []Site, limit Millis, workers int, visit func([]Pair) error) error {
	sites = slices.Clone(sites)
	slices.SortFunc(sites, func(x, y Site) int { return cmp.Compare(x.ID, y.ID) })
	workers = max(1, min(workers, len(sites)))
	type job struct {
		site Site
		done chan []Pair
	}
	todo, inOrder, used := make(chan job), make(chan job, workers), make(chan []Pair, workers+1)
	for range cap(used) {
		used <- nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(todo)
		defer close(inOrder)
		for _, s := range sites {
			j := job{s, make(chan []Pair, 1)}
			for _, to := range []chan job{inOrder, todo} {
				select {
				case to <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error {
			s := newPairSearch(d, limit)
			for j := range todo {
				select {
				case block := <-used:
					j.done <- s.from(j.site, block[:0])
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}
	err := func() error {
		for j := range inOrder {
			select {
			case block := <-j.done:
				if len(block) > 0 {
					if err := visit(block); err != nil {
						return err
					}
				}
				used <- block
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	if err != nil {
		cancel()
	}
	return cmp.Or(err, g.Wait())
}

// slots numbers the points of a Demand in the order of its legs, so that what is near on the streets is near in memory.
type slots struct {
	legs   []leg    // as the Demand's, with slots for points
	points []uint32 // by slot
}

func newSlots(d *Demand) *slots {
	s := &slots{legs: make([]leg, len(d.legs)), points: make([]uint32, 0, len(d.points))}
	slot := make([]uint32, len(d.points)) // 1 + slot, by point
	for i, l := range d.legs {
		if slot[l.point] == 0 {
			s.points = append(s.points, l.point)
			slot[l.point] = uint32(len(s.points))
		}
		s.legs[i] = leg{slot[l.point] - 1, l.millis}
	}
	return s
}

// pairSearch is the memory of one worker, clean between two sites.
type pairSearch struct {
	single
	d     *Demand
	slots *slots
	limit Millis
	best  []Millis // by slot
	found bitset   // of slots
	order []uint64 // point and time
}

func newPairSearch(d *Demand, limit Millis) *pairSearch {
	s := &pairSearch{single: single{q: newBuckets()}, d: d, slots: d.slots(), limit: limit, best: make([]Millis, len(d.points)), found: newBitset(len(d.points))}
	s.fit(d.net)
	for i := range s.best {
		s.best[i] = Unreached
	}
	return s
}

// from appends the pairs of one site, by point.
func (s *pairSearch) from(site Site, pairs []Pair) []Pair {
	s.run(s.d.net, site, s.limit, s.d.dir, func(v graph.NodeID, t Millis) {
		for _, l := range s.slots.legs[s.d.first[v]:s.d.first[v+1]] {
			s.meet(l.point, plus(t, l.millis))
		}
	})
	home := s.d.net.G.ChainOf(site.Snap.Arc)
	from, _, _, _ := s.d.net.G.Chain(home)
	for _, l := range s.slots.legs[s.d.first[from]:s.d.first[from+1]] {
		if p := &s.d.points[s.slots.points[l.point]]; p.chain == home {
			s.meet(l.point, plus(plus(s.d.net.alongChain(p.at, site.Snap.Position, s.d.dir), site.Snap.Millis), p.snap))
		}
	}
	s.order = s.order[:0]
	for p, ok := s.found.next(0); ok; p, ok = s.found.next(p + 1) {
		s.order = append(s.order, uint64(s.slots.points[p])<<32|uint64(s.best[p]))
		s.best[p] = Unreached
		s.found.clear(p)
	}
	slices.Sort(s.order)
	for _, o := range s.order {
		pairs = append(pairs, Pair{site.ID, int32(o >> 32), Millis(o)})
	}
	s.clean()
	return pairs
}

func (s *pairSearch) meet(slot uint32, t Millis) {
	if t <= s.limit && t < s.best[slot] {
		s.best[slot] = t
		s.found.set(slot)
	}
}
