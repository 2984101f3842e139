package travel

import "github.com/lifecircle/lifecircle/geo/graph"

// Limit gives the greatest time of the field.
func (f *Field) Limit() Millis { return f.limit }

// Direction gives the direction of the field's search.
func (f *Field) Direction() Direction { return f.dir }

// Reached lists the nodes within limit in the order of their numbers, with their times.
func (f *Field) Reached(limit Millis) (nodes []graph.NodeID, times []Millis) {
	limit = min(limit, f.limit)
	for v, t := range f.time {
		if t <= limit {
			nodes, times = append(nodes, graph.NodeID(v)), append(times, t)
		}
	}
	return nodes, times
}

// SitesOn gives the sites on the street of a, in either direction.
func (f *Field) SitesOn(a graph.ArcID) []Site { return f.onEdge[f.net.canonical(a)] }

// Sites calls yield with each street that has sites, in no order.
func (f *Field) Sites(yield func(graph.ArcID, []Site) bool) {
	for a, sites := range f.onEdge {
		if !yield(a, sites) {
			return
		}
	}
}
