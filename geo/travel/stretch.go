package travel

import (
	"slices"
	"sort"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Stretch is a part of a street whose every millimetre has the same nearest site.
type Stretch struct {
	From, To uint32 // mm along the arc, both included
	Site     int32  // −1 where no site is within the limit
}

// Stretches cuts the street of arc a where the nearest site changes: the stretches
// cover 0 to the length of a without gap or overlap. The watershed is exact to the
// millimetre, by the rule of ties: a place equally near to two sites is the
// smaller id's. Places count as being on the street, without a snap leg.
//
// A way from the left (by the tail, or from a site that lies before the place)
// costs its start plus one function of the place that never falls; from the right,
// plus one that never rises. So between two sites each side has one best start
// throughout, and bisection finds where the left one ends and the right one begins.
func (f *Field) Stretches(a graph.ArcID) []Stretch {
	length := f.net.G.Length(a)
	var starts []start
	cuts := []uint32{}
	for _, s := range f.SitesOn(a) {
		along := s.Snap.Along
		if s.Snap.Arc != a {
			along = length - along
		}
		cuts = append(cuts, along)
		starts = append(starts, start{s.ID, along, func(x uint32) Millis {
			return plus(f.net.alongEdge(Position{a, x}, s.Snap.Position, f.dir), s.Snap.Millis)
		}})
	}
	toTail, tailSite := f.Node(f.net.G.Tail(a))
	toHead, headSite := f.Node(f.net.G.Head(a))
	left := start{tailSite, 0, func(x uint32) Millis {
		t, _ := f.net.ends(Position{a, x}, f.dir, false)
		return plus(t, toTail)
	}}
	right := start{headSite, length, func(x uint32) Millis {
		_, t := f.net.ends(Position{a, x}, f.dir, false)
		return plus(t, toHead)
	}}
	slices.Sort(cuts)
	var all []Stretch
	next := uint32(0)
	for _, cut := range slices.Compact(cuts) {
		if cut > next {
			all = f.divide(all, next, cut-1, left, right, starts)
		}
		all = f.divide(all, cut, cut, left, right, starts)
		next = cut + 1
	}
	if next <= length {
		all = f.divide(all, next, length, left, right, starts)
	}
	return all
}

// start is where a way to a place of the street begins: a site there, or an end of the street.
type start struct {
	site  int32
	along uint32                // mm
	time  func(x uint32) Millis // to the place x
}

// better is the start that is nearer to x, by the rule of ties.
func (s start) better(o start, x uint32) start {
	if t, u := s.time(x), o.time(x); t < u || t == u && s.site <= o.site {
		return s
	}
	return o
}

// divide appends the stretches of the places from … to, which have all starts on the street to one side or at them.
func (f *Field) divide(all []Stretch, from, to uint32, left, right start, starts []start) []Stretch {
	for _, s := range starts {
		if s.along <= from {
			left = left.better(s, from)
		}
		if s.along >= to {
			right = right.better(s, to)
		}
	}
	add := func(from, past uint32, site int32) {
		switch k := len(all) - 1; {
		case past == from:
		case k >= 0 && all[k].Site == site:
			all[k].To = past - 1
		default:
			all = append(all, Stretch{from, past - 1, site})
		}
	}
	search := func(found func(l, r Millis) bool) uint32 {
		return from + uint32(sort.Search(int(to-from+1), func(i int) bool {
			x := from + uint32(i)
			return found(left.time(x), right.time(x))
		}))
	}
	leftIsNearer := func(l, r Millis) bool { return l < r || l == r && left.site <= right.site }
	leftEnds := search(func(l, r Millis) bool { return l > f.limit || l == Unreached || !leftIsNearer(l, r) })
	rightBegins := search(func(l, r Millis) bool { return r <= f.limit && r != Unreached && !leftIsNearer(l, r) })
	add(from, leftEnds, left.site)
	add(leftEnds, rightBegins, -1)
	add(rightBegins, to+1, right.site)
	return all
}
