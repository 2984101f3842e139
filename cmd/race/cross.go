package main

import (
	"container/heap"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// The pairs of the comparison: walks of half an hour at most as the crow flies, which is twice what a circle shows.
const (
	crossSources = 60
	crossTargets = 30
	crossMetres  = 1500
	outlier      = 60 // seconds of difference that want a cause
)

// walk is a pair of street nodes with both engines' seconds.
type walk struct {
	from, to     graph.NodeID
	ours, theirs float64
}

func (w walk) off() float64 { return math.Abs(w.ours - w.theirs) }

// percent is the difference in per cent of theirs.
func (w walk) percent() float64 { return 100 * w.off() / max(1, w.theirs) }

// cross compares our times between street nodes with Valhalla's matrix, at 1.0 m/s and without slope, and names the cause of
// every difference over a minute. Places that Valhalla brings to another place than we do are left out and counted.
func cross(ctx context.Context, out io.Writer, network, valhalla string) error {
	built, err := osmroad.Build(ctx, network, nil)
	if err != nil {
		return err
	}
	profile, err := travel.ProfileByID("norm_1000m") // steps and slopes like any street, no waits, no ferries
	if err != nil {
		return err
	}
	profile.Pace = 1
	n, v := travel.NewNet(built.Graph, profile), peer{valhalla}
	component := n.Components()
	greatest := mostCommon(component)
	dice := rand.New(rand.NewPCG(1, 1))
	asked, elsewhere := 0, 0
	// pick draws a street node of the greatest component that ok admits and that Valhalla knows too.
	pick := func(ok func(graph.NodeID) bool) (graph.NodeID, bool, error) {
		for range 200_000 {
			at := graph.NodeID(dice.IntN(n.G.NumNodes()))
			if component[at] != greatest || !ok(at) {
				continue
			}
			asked++
			metres, err := v.offset(ctx, n.G.Point(at))
			if err != nil || metres <= 1 {
				return at, true, err
			}
			elsewhere++
		}
		return 0, false, nil
	}
	var walks []walk
	onlyOurs, onlyTheirs := 0, 0
	for range crossSources {
		from, _, err := pick(func(graph.NodeID) bool { return true })
		if err != nil {
			return err
		}
		var targets []graph.NodeID
		for range crossTargets {
			to, found, err := pick(func(at graph.NodeID) bool { return apart(n.G.Point(from), n.G.Point(at)) < crossMetres })
			if err != nil {
				return err
			}
			if found && to != from {
				targets = append(targets, to)
			}
		}
		theirs, err := v.matrix(ctx, n, from, targets)
		if err != nil {
			return err
		}
		reach := n.Reach(site(n, from), 4*3600*1000, travel.Outbound)
		for i, to := range targets {
			switch ours, ok := reach.Time(to); {
			case ok && theirs[i] >= 0:
				walks = append(walks, walk{from, to, float64(ours) / 1000, theirs[i]})
			case ok:
				onlyOurs++
			case theirs[i] >= 0:
				onlyTheirs++
			}
		}
	}
	if len(walks) == 0 {
		return fmt.Errorf("%s: Valhalla answered no pair", network)
	}
	fmt.Fprintf(out, "%s: of %d places %d left out, which Valhalla brings more than 1 m away; reached by us alone %d, by Valhalla alone %d\n", filepath.Base(network), asked, elsewhere, onlyOurs, onlyTheirs)
	fmt.Fprintln(out, "as we walk:", differences(walks))
	m, err := readWays(ctx, network)
	if err != nil {
		return err
	}
	alike, err := m.alike(n, walks)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "cycleways without foot=, outlines of squares and hiking paths closed to us, walks whose way they do not change:", differences(alike))
	return blame(ctx, out, m, n, v, slices.DeleteFunc(walks, func(w walk) bool { return w.off() <= outlier }))
}

// differences sums up what two engines say of the same walks.
func differences(walks []walk) string {
	quantile := func(q float64, of func(walk) float64) float64 {
		all := make([]float64, len(walks))
		for i, w := range walks {
			all[i] = of(w)
		}
		slices.Sort(all)
		return all[int(q*float64(len(all)-1))]
	}
	return fmt.Sprintf("%d walks at 1.0 m/s, median %.2f %%, p95 %.1f %% or %.0f s, greatest %.0f s", len(walks),
		quantile(0.5, walk.percent), quantile(0.95, walk.percent), quantile(0.95, walk.off), quantile(1, walk.off))
}

func mostCommon(component []int32) int32 {
	count := map[int32]int{}
	best := int32(0)
	for _, c := range component {
		if count[c]++; c >= 0 && count[c] > count[best] {
			best = c
		}
	}
	return best
}

// site stands on a node.
func site(n *travel.Net, at graph.NodeID) travel.Site {
	return travel.Site{Snap: travel.Snap{Position: travel.Position{Arc: n.G.Out(at, 0)}, Point: n.G.Point(at)}}
}

// alike keeps the walks on which both engines may take the same ways: those whose time stays the same when the ways that
// Valhalla's rules treat otherwise (rule) are closed to us. A plain Dijkstra tells.
func (m *ways) alike(n *travel.Net, walks []walk) ([]walk, error) {
	closed := func(a graph.ArcID) bool {
		t := m.on(n, a)
		return m.isCycleway(t) || t.Find("area") == "yes" || t.Find("sac_scale") != ""
	}
	bySource := map[graph.NodeID]map[graph.NodeID]uint64{}
	var same []walk
	for _, w := range walks {
		if bySource[w.from] == nil {
			bySource[w.from] = plain(n, w.from, closed)
		}
		if t, ok := bySource[w.from][w.to]; ok && math.Abs(float64(t)/1000-w.ours) < 1 {
			same = append(same, w)
		}
	}
	if len(same) == 0 {
		return nil, fmt.Errorf("no walk keeps to ways that both engines admit")
	}
	return same, nil
}

// plain gives the milliseconds from a node to all others over arcs that are not closed.
func plain(n *travel.Net, from graph.NodeID, closed func(graph.ArcID) bool) map[graph.NodeID]uint64 {
	best := map[graph.NodeID]uint64{from: 0}
	q := &frontier{{0, from}}
	for q.Len() > 0 {
		e := heap.Pop(q).(settled)
		if e.ms > best[e.node] {
			continue
		}
		for a := range n.G.Leaving(e.node) {
			if n.Cost(a) == travel.Unreached || closed(a) {
				continue
			}
			v, t := n.G.Head(a), e.ms+uint64(n.Cost(a))
			if old, ok := best[v]; !ok || t < old {
				best[v] = t
				heap.Push(q, settled{t, v})
			}
		}
	}
	return best
}

type settled struct {
	ms   uint64
	node graph.NodeID
}

type frontier []settled

func (q frontier) Len() int           { return len(q) }
func (q frontier) Less(i, j int) bool { return q[i].ms < q[j].ms }
func (q frontier) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *frontier) Push(x any)        { *q = append(*q, x.(settled)) }
func (q *frontier) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}
