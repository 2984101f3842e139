package explain

import (
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// Leg is a part of a way on one kind of ground. The legs of a way sum to its time exactly.
type Leg struct {
	Kind        string // off_street, street, path, steps, bridge, tunnel, ferry, transit
	Millis      travel.Millis
	Metres      float64
	First, Last int // points of the line
}

// wayOf makes a way of a route: its line with the legs off the street, and the parts of one kind.
func wayOf(n *travel.Net, c Case, place, site travel.Snap, r travel.Route) Way {
	w := Way{Site: int(r.Site), Millis: r.Millis}
	line, ends := n.Line(r.Pieces)
	if len(line) == 0 { // both are brought onto one place
		line = orb.LineString{place.Point}
	}
	from, to, start, stop := c.Place, c.Sites[r.Site].Point, place, site
	if c.Direction == travel.Outbound {
		from, to, start, stop = to, from, site, place
	}
	w.Line = append(append(orb.LineString{from}, line...), to)
	w.leg("off_street", start.Millis, start.Metres, 1)
	for i, p := range r.Pieces {
		w.leg(groundOf(n, p.Arc), p.Millis, float64(p.To-p.From)/1000, ends[i]+1)
	}
	w.leg("off_street", stop.Millis, stop.Metres, len(w.Line)-1)
	return w
}

// leg adds a part up to a point of the line, to the last leg if it is of the same kind.
func (w *Way) leg(kind string, ms travel.Millis, metres float64, last int) {
	w.Metres += metres
	if i := len(w.Legs) - 1; i >= 0 && w.Legs[i].Kind == kind {
		w.Legs[i].Millis, w.Legs[i].Metres, w.Legs[i].Last = w.Legs[i].Millis+ms, w.Legs[i].Metres+metres, last
		return
	}
	first := 0
	if len(w.Legs) > 0 {
		first = w.Legs[len(w.Legs)-1].Last
	}
	w.Legs = append(w.Legs, Leg{kind, ms, metres, first, last})
}

var kinds = []struct {
	bit  graph.Access
	name string
}{{graph.Transit, "transit"}, {graph.Ferry, "ferry"}, {graph.Steps, "steps"}, {graph.Bridge, "bridge"}, {graph.Tunnel, "tunnel"}}

// groundOf names what an arc is.
func groundOf(n *travel.Net, a graph.ArcID) string {
	access := n.G.Access(a)
	for _, k := range kinds {
		if access&k.bit != 0 {
			return k.name
		}
	}
	if c := n.G.Class(a); c == graph.Path || c == graph.Track {
		return "path"
	}
	return "street"
}
