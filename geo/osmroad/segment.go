package osmroad

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// ferrySpeed is assumed for ferries without a duration: 12 km/h, in m/s.
const ferrySpeed = 12 / 3.6

// segments cuts a way at every node. A node that is shut closes the pieces on both sides of it, and so does a private one
// make them private; what one waits for at a node is paid on the piece that enters it.
func (w *way) segments(ids []osm.NodeID, line orb.LineString, junctions map[osm.NodeID]junction, ashore map[osm.NodeID]bool) []graph.Segment {
	crossing := w.crossing // a crossing drawn as a way is paid once: by its nodes if they tell, else in its middle
	for _, id := range ids {
		if junctions[id].crossing != graph.NoCrossing {
			crossing = graph.NoCrossing
		}
	}
	total := geo.LengthHaversine(line)
	var all []graph.Segment
	for i := 1; i < len(ids); i++ {
		from, to := junctions[ids[i-1]], junctions[ids[i]]
		shut := from.shut | to.shut
		s := graph.Segment{From: int64(ids[i-1]), To: int64(ids[i]), Class: w.class, Forward: w.forward &^ shut, Backward: w.backward &^ shut}
		s.TraitsForward, s.TraitsBackward = to.traits(w.traitsForward, w.passage), from.traits(w.traitsBackward, w.passage)
		private := from.private | to.private
		s.TraitsForward = s.TraitsForward.WithPrivate(s.TraitsForward.Private() | private)
		s.TraitsBackward = s.TraitsBackward.WithPrivate(s.TraitsBackward.Private() | private)
		if i == len(ids)/2 && crossing != graph.NoCrossing {
			s.TraitsForward, s.TraitsBackward = s.TraitsForward.WithCrossing(crossing), s.TraitsBackward.WithCrossing(crossing)
		}
		if w.ferry {
			length := geo.DistanceHaversine(line[i-1], line[i])
			ms := length / ferrySpeed * 1000
			if w.minutes > 0 && total > 0 {
				ms = w.minutes * 60_000 * length / total
			}
			s.FixedMillis = uint32(math.Round(ms))
			w.board(&s, ashore[ids[i-1]], ashore[ids[i]])
		}
		all = append(all, s)
	}
	return all
}

// board lets those wait who come from the land: half the interval between two departures, or what the profile says when
// the map does not. A ferry's line that goes on in another way is not boarded anew.
func (w *way) board(s *graph.Segment, from, to bool) {
	wait := uint32(math.Round(w.interval * 60_000 / 2))
	if from {
		if s.WaitForward = wait; wait == 0 {
			s.TraitsForward |= graph.Boarding
		}
	}
	if to {
		if s.WaitBackward = wait; wait == 0 {
			s.TraitsBackward |= graph.Boarding
		}
	}
}

// landings are the nodes of ferries that a street shares.
func landings(ways []way) map[osm.NodeID]bool {
	ferries, ashore := map[osm.NodeID]bool{}, map[osm.NodeID]bool{}
	for _, w := range ways {
		if w.ferry {
			for _, id := range w.nodes {
				ferries[id] = true
			}
		}
	}
	for _, w := range ways {
		if !w.ferry && w.water == "" {
			for _, id := range w.nodes {
				if ferries[id] {
					ashore[id] = true
				}
			}
		}
	}
	return ashore
}
