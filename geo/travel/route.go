package travel

import (
	"context"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Route is a way along the streets between a person and a site.
type Route struct {
	Site   int32
	Millis Millis  // of the pieces and of both legs off the street
	Pieces []Piece // in the order of travel: toward the site inbound, away from it outbound
}

// Piece is a part of an arc that a route takes, from … to mm along it.
type Piece struct {
	Arc      graph.ArcID
	From, To uint32
	Millis   Millis
}

// walk is the memory of a search for routes, cleaned by what was touched.
type walk struct {
	time    []Millis
	via     []graph.ArcID // over which a node was reached; meaningless at the person's own ends
	own     []bool        // reached from the person's street directly
	touched []graph.NodeID
	q       queue
}

var walks = sync.Pool{New: func() any { return new(walk) }}

// found is the best way to a site so far: over an end of its street, or along the street that it shares with the person.
type found struct {
	node   graph.NodeID
	toHead bool // the site is entered from the head of its arc
	direct bool
}

// Routes finds the ways to the k nearest sites of a person within limit, the nearest first, ties by the smallest id;
// times are those of a Field, and the pieces with both legs sum to them exactly. It goes out from the person and
// stops when no nearer site can come. Site ids are distinct. The error is that of the context.
func (n *Net) Routes(ctx context.Context, person Snap, sites []Site, k int, limit Millis, dir Direction) ([]Route, error) {
	k = max(0, min(k, len(sites)))
	s := walks.Get().(*walk)
	defer s.clean()
	for missing := n.G.NumNodes() - len(s.time); missing > 0; missing-- {
		s.time, s.via, s.own = append(s.time, Unreached), append(s.via, 0), append(s.own, false)
	}
	on := map[graph.ArcID][]Site{}
	for _, site := range sites {
		a := n.canonical(site.Snap.Arc)
		on[a] = append(on[a], site)
	}
	best, ways, at := make([]Nearest, 0, k), map[int32]found{}, map[int32]Site{}
	offer := func(site Site, t Millis, f found) {
		if t = plus(t, site.Snap.Millis); t > limit || t == Unreached || k == 0 {
			return
		}
		var better bool
		if best, better = ranked(best, k, Nearest{site.ID, t}); better {
			ways[site.ID], at[site.ID] = f, site
		}
	}
	for _, site := range on[n.canonical(person.Arc)] {
		offer(site, plus(person.Millis, n.alongEdge(person.Position, site.Snap.Position, dir)), found{direct: true})
	}
	back := Outbound // the search leaves the person; times are those of travel in dir
	if dir == Outbound {
		back = Inbound
	}
	tail, head := n.ends(person.Position, dir, false)
	s.reach(n.G.Tail(person.Arc), plus(person.Millis, tail), 0, true, limit)
	s.reach(n.G.Head(person.Arc), plus(person.Millis, head), 0, true, limit)
	for settled := 0; len(s.q) > 0; settled++ {
		e := s.q.pop()
		if e.time != s.time[e.node] {
			continue
		}
		if len(best) == k && (k == 0 || e.time > best[k-1].Millis) {
			break
		}
		if settled&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for a := range n.G.Leaving(e.node) {
			for _, site := range on[n.canonical(a)] {
				tail, head := n.ends(site.Snap.Position, dir, true)
				if n.G.Tail(site.Snap.Arc) == e.node {
					offer(site, plus(e.time, tail), found{node: e.node})
				}
				if n.G.Head(site.Snap.Arc) == e.node {
					offer(site, plus(e.time, head), found{node: e.node, toHead: true})
				}
			}
			s.reach(n.G.Head(a), plus(e.time, n.step(a, back)), a, false, limit)
		}
	}
	routes := make([]Route, len(best))
	for i, b := range best {
		routes[i] = Route{b.Site, b.Millis, s.pieces(n, person, at[b.Site].Snap, ways[b.Site], dir)}
	}
	return routes, nil
}

func (s *walk) reach(v graph.NodeID, t Millis, via graph.ArcID, own bool, limit Millis) {
	if t > limit || t >= s.time[v] {
		return
	}
	if s.time[v] == Unreached {
		s.touched = append(s.touched, v)
	}
	s.time[v], s.via[v], s.own[v] = t, via, own
	s.q.push(entry{t, 0, v})
}

func (s *walk) clean() {
	for _, v := range s.touched {
		s.time[v], s.own[v] = Unreached, false
	}
	s.touched, s.q = s.touched[:0], s.q[:0]
	walks.Put(s)
}

// pieces follows the way back from a site to the person. A node's label is final once it was settled, and a way only
// leads over settled nodes, so that labels that changed later are none of it.
func (s *walk) pieces(n *Net, person, site Snap, f found, dir Direction) []Piece {
	if f.direct {
		if dir == Inbound {
			return n.along(person.Position, site.Position)
		}
		return n.along(site.Position, person.Position)
	}
	all := []Piece{n.between(site.Position, f.toHead, dir == Outbound)}
	v := f.node
	for !s.own[v] {
		a := s.via[v]
		v = n.G.Tail(a)
		if dir == Outbound { // the search went against the travel
			a = n.G.Twin(a)
		}
		all = append(all, Piece{a, 0, n.G.Length(a), n.cost[a]})
	}
	tail, head := n.ends(person.Position, dir, false)
	toHead := n.G.Tail(person.Arc) != v || n.G.Head(person.Arc) == v && head < tail // a loop's ends are one node
	all = append(all, n.between(person.Position, toHead, dir == Inbound))
	if dir == Inbound {
		slices.Reverse(all)
	}
	return slices.DeleteFunc(all, func(p Piece) bool { return p.From == p.To && n.G.Length(p.Arc) > 0 }) // a place at an end of its street
}

// between is the piece from a place to the head or tail of its arc, or from there to the place.
func (n *Net) between(p Position, head, leave bool) Piece {
	w, length := n.G.Twin(p.Arc), n.G.Length(p.Arc)
	along := min(p.Along, length)
	switch {
	case leave && head:
		return Piece{p.Arc, along, length, n.rest(p.Arc, along)}
	case leave:
		return Piece{w, length - along, length, n.rest(w, length-along)}
	case head:
		return Piece{w, 0, length - along, n.part(w, length-along)}
	}
	return Piece{p.Arc, 0, along, n.part(p.Arc, along)}
}

// along is the piece between two places of one street, none where they are one place.
func (n *Net) along(from, to Position) []Piece {
	length := n.G.Length(from.Arc)
	t := n.alongEdge(from, to, Inbound)
	if to.Arc != from.Arc {
		to = Position{from.Arc, length - min(to.Along, length)}
	}
	switch {
	case to.Along == from.Along:
		return nil
	case to.Along < from.Along:
		from, to = Position{n.G.Twin(from.Arc), length - from.Along}, Position{n.G.Twin(from.Arc), length - to.Along}
	}
	return []Piece{{from.Arc, from.Along, to.Along, t}}
}

// Line gives the course of pieces that follow one another, lon, lat, and for each piece the number of the point where it ends.
func (n *Net) Line(pieces []Piece) (line orb.LineString, ends []int) {
	for _, p := range pieces {
		tail, head, length := n.G.Point(n.G.Tail(p.Arc)), n.G.Point(n.G.Head(p.Arc)), max(1, float64(n.G.Length(p.Arc)))
		for _, along := range [2]uint32{p.From, p.To} {
			f := float64(along) / length
			at := orb.Point{tail[0] + f*(head[0]-tail[0]), tail[1] + f*(head[1]-tail[1])}
			if along == n.G.Length(p.Arc) {
				at = head
			}
			if len(line) == 0 || line[len(line)-1] != at {
				line = append(line, at)
			}
		}
		ends = append(ends, len(line)-1)
	}
	return line, ends
}
