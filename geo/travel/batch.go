package travel

import (
	"cmp"
	"math"
	"slices"
)

// batchSize sites that stand together are searched at a time: their nodes and
// streets fit into the processor's cache, which one wave over a province does not
// (3.5 times faster on 4 million nodes; 64 and 1000 are slower).
const batchSize = 256

// inBatches enters the sites in batches along the graph's order of nodes and
// spreads each. Batches correct each other's labels until none can be better, so
// that they do not show in the result. A batch that goes on beyond three times its
// share of the junctions, into land that nearer sites will take, leaves the rest to
// one last wave of all: the work stays within a small multiple of one wave's.
func (n *Net) inBatches(sites []Site, size int, q *buckets, enter func(Site), spread func(budget int) error) error {
	sites = slices.Clone(sites)
	slices.SortFunc(sites, func(x, y Site) int { return cmp.Compare(x.Snap.Arc, y.Snap.Arc) })
	budget := 3 * n.G.Junctions() / max(1, len(sites)) * size
	var rest []entry
	for batch := range slices.Chunk(sites, size) {
		q.restart()
		for _, s := range batch {
			enter(s)
		}
		if err := spread(budget); err != nil {
			return err
		}
		for e, ok := q.pop(); ok; e, ok = q.pop() {
			rest = append(rest, e)
		}
	}
	q.restart()
	for _, e := range rest {
		q.push(e.time, e.owner, e.node)
	}
	return spread(math.MaxInt)
}
