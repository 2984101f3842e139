package travel

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// KNearest calls visit with the k nearest sites of every point within limit, in the
// order of points; nearest first, ties to the smallest id, fewer than k where fewer
// are within the limit. One search keeps k labels for each junction (8k bytes), which
// is enough: a site that is not among the k nearest of a junction is not among those
// of any place whose way leads over it. The slice given to visit is used again for
// the next point. k is at most 255; an error of visit ends the whole.
func (d *Demand) KNearest(ctx context.Context, sites []Site, k int, limit Millis, visit func(point int, nearest []Nearest) error) error {
	if k < 1 || k > math.MaxUint8 {
		return fmt.Errorf("geo: %d nearest sites were asked for, 1 to %d can be had", k, math.MaxUint8)
	}
	labels, err := d.net.kLabels(ctx, sites, k, limit, d.dir, batchSize)
	if err != nil {
		return err
	}
	besides := d.besides(sites)
	best := make([]Nearest, 0, k)
	for i := range d.points {
		if i&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p := &d.points[i]
		best = best[:0]
		offer := func(t Millis, site int32) {
			if t <= limit && t != Unreached {
				best, _ = ranked(best, k, Nearest{site, t})
			}
		}
		for _, l := range labels.of(p.from) {
			offer(plus(l.Millis, p.viaFrom), l.Site)
		}
		for _, l := range labels.of(p.to) {
			offer(plus(l.Millis, p.viaTo), l.Site)
		}
		for len(besides) > 0 && besides[0].Point == int32(i) {
			offer(besides[0].Millis, besides[0].Site)
			besides = besides[1:]
		}
		if err := visit(i, best); err != nil {
			return err
		}
	}
	return nil
}

// besides lists what is reached from each site without leaving its chain, by point.
func (d *Demand) besides(sites []Site) []Pair {
	var all []Pair
	for _, s := range sites {
		d.beside(s, func(p uint32, t Millis) { all = append(all, Pair{s.ID, int32(p), t}) })
	}
	slices.SortFunc(all, func(x, y Pair) int { return int(x.Point) - int(y.Point) })
	return all
}

// kLabels holds up to k labels of every junction, nearest first.
type kLabels struct {
	k     int
	count []uint8 // of labels, by junction
	label []Nearest
}

func (l *kLabels) of(v graph.NodeID) []Nearest {
	at := int(v) * l.k
	return l.label[at : at+int(l.count[v])]
}

func (n *Net) kLabels(ctx context.Context, sites []Site, k int, limit Millis, dir Direction, batch int) (*kLabels, error) {
	k = min(k, len(sites))
	l := &kLabels{k, make([]uint8, n.G.Junctions()), make([]Nearest, n.G.Junctions()*k)}
	q := newBuckets()
	offer := func(v graph.NodeID, o Nearest) {
		if o.Millis > limit || o.Millis == Unreached {
			return
		}
		if now, better := ranked(l.of(v), k, o); better {
			l.count[v] = uint8(len(now))
			q.push(o.Millis, o.Site, v)
		}
	}
	enter := func(s Site) {
		from, to := n.offers(s, dir)
		offer(from.node, from.Nearest)
		offer(to.node, to.Nearest)
	}
	return l, n.inBatches(sites, batch, q, enter, func(budget int) error {
		for settled := range min(budget, math.MaxInt/max(1, k)) * k {
			if settled&0xffff == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			e, ok := q.pop()
			if !ok {
				return nil
			}
			if !slices.Contains(l.of(e.node), Nearest{e.owner, e.time}) {
				continue // nearer sites have taken its place meanwhile
			}
			first, last := n.G.Links(e.node)
			for _, link := range n.links[first:last] {
				offer(link.head, Nearest{e.owner, plus(e.time, link.time[dir])})
			}
		}
		return nil
	})
}

// ranked puts a label into a list of at most k, nearest first and each site once,
// within its capacity; better tells whether it belongs there.
func ranked(list []Nearest, k int, l Nearest) (now []Nearest, better bool) {
	at := len(list)
	for at > 0 && l.before(list[at-1]) {
		at--
	}
	for _, o := range list[:at] {
		if o.Site == l.Site {
			return list, false // it is there with a time not greater
		}
	}
	end := at // the label to be overwritten: the site's own, a new one, or the last
	for end < len(list) && list[end].Site != l.Site {
		end++
	}
	if end == len(list) {
		if len(list) == k {
			end--
		} else {
			list = list[:len(list)+1]
		}
	}
	if end < at {
		return list, false
	}
	copy(list[at+1:end+1], list[at:end])
	list[at] = l
	return list, true
}

func (b Nearest) before(o Nearest) bool {
	return b.Millis < o.Millis || b.Millis == o.Millis && b.Site < o.Site
}
