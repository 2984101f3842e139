package travel

import "github.com/lifecircle/lifecircle/geo/graph"

// strongComponents numbers the sets of nodes that can all get to one another, in
// the directions that the profile may travel (Tarjan 1972, without recursion).
func (n *Net) strongComponents() []int32 {
	const unseen = -1
	nodes := n.G.NumNodes()
	component, index, low := make([]int32, nodes), make([]int32, nodes), make([]int32, nodes)
	for i := range component {
		component[i], index[i] = unseen, unseen
	}
	type visit struct {
		node graph.NodeID
		next int // of the arcs that leave it, the one to look at
	}
	var calls []visit
	var open []graph.NodeID // seen, component not known
	var seen, components int32
	enter := func(v graph.NodeID) {
		index[v], low[v] = seen, seen
		seen++
		open = append(open, v)
		calls = append(calls, visit{v, 0})
	}
	for root := range graph.NodeID(nodes) {
		if index[root] != unseen {
			continue
		}
		enter(root)
		for len(calls) > 0 {
			at := &calls[len(calls)-1]
			v := at.node
			if at.next < n.G.Degree(v) {
				a := n.G.Out(v, at.next)
				at.next++
				if n.cost[a] == Unreached {
					continue
				}
				if w := n.G.Head(a); index[w] == unseen {
					enter(w)
				} else if component[w] == unseen {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1].node
				low[up] = min(low[up], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			for done := false; !done; {
				w := open[len(open)-1]
				open = open[:len(open)-1]
				component[w] = components
				done = w == v
			}
			components++
		}
	}
	return component
}
