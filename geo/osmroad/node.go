package osmroad

import (
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// junction is what is met at a node.
type junction struct {
	shut     graph.Access // modes that do not pass, by the node's own tags
	private  graph.Access // modes that only those pass who belong here
	barrier  graph.Barrier
	opened   graph.Access // modes that the node's own tags let through the barrier
	crossing graph.Crossing
	lights   bool // highway=traffic_signals: whoever walks along a carriageway waits here
	kerb     bool
}

// barriers maps OSM's barrier values; what is not here (kerb, toll_booth, cattle_grid, height_restrictor …) stops nobody.
var barriers = map[string]graph.Barrier{
	"gate": graph.Gate, "sliding_gate": graph.Gate, "hampshire_gate": graph.Gate, "wicket_gate": graph.Gate, "bump_gate": graph.Gate,
	"lift_gate": graph.LiftGate, "sliding_beam": graph.LiftGate, "swing_gate": graph.SwingGate,
	"bollard": graph.Bollard, "rising_bollard": graph.Bollard, "planter": graph.Bollard,
	"block": graph.Block, "jersey_barrier": graph.Block, "chain": graph.Chain, "rope": graph.Chain,
	"cycle_barrier": graph.CycleBarrier, "motorcycle_barrier": graph.CycleBarrier,
	"stile": graph.Stile, "horse_stile": graph.Stile, "kissing_gate": graph.KissingGate,
	"turnstile": graph.Turnstile, "full-height_turnstile": graph.Turnstile, "debris": graph.Debris, "log": graph.Debris,
	"wall": graph.Wall, "fence": graph.Wall, "hedge": graph.Wall, "city_wall": graph.Wall, "ditch": graph.Wall, "retaining_wall": graph.Wall,
	"guard_rail": graph.Wall, "entrance": graph.Entrance,
}

// met reads a node's tags. Access counts at a barrier only: on another node (a shop, a bus stop) it is said of that thing.
func met(tags osm.Tags) (j junction) {
	highway := tags.Find("highway")
	j.kerb = tags.Find("kerb") == "raised" || tags.Find("kerb") == "regular"
	switch {
	case highway == "crossing":
		j.crossing = crossingKind(tags)
	case highway == "traffic_signals":
		j.lights = true
		if v := tags.Find("crossing"); v != "" && v != "no" {
			j.crossing = graph.Signals
		}
	}
	if v := tags.Find("barrier"); v == "" || v == "kerb" {
		return j
	}
	j.barrier = barriers[tags.Find("barrier")]
	locked := tags.Find("locked") == "yes"
	if locked {
		j.shut = all
	}
	for _, m := range modeKeys {
		for _, key := range m.keys {
			said := permission(tags.Find(key))
			if said == unsaid || locked && said != refused && (key == "access" || key == "vehicle") {
				continue // a lock yields to a mode's own word only
			}
			j.shut, j.opened, j.private = j.shut&^m.mode, j.opened&^m.mode, j.private&^m.mode
			switch said {
			case refused:
				j.shut |= m.mode
			case belonging:
				j.private, j.opened = j.private|m.mode, j.opened|m.mode
			default:
				j.opened |= m.mode
			}
		}
	}
	return j
}

// crossingKind reads how a carriageway is crossed, on a node or a way.
func crossingKind(tags osm.Tags) graph.Crossing {
	v, markings := tags.Find("crossing"), tags.Find("crossing:markings")
	switch {
	case v == "no":
		return graph.NoCrossing
	case v == "traffic_signals" || tags.Find("crossing:signals") == "yes":
		return graph.Signals
	case v == "unmarked" || v == "informal":
		return graph.Unmarked
	case v == "uncontrolled" || v == "marked" || v == "zebra" || markings != "" && markings != "no":
		return graph.Zebra
	}
	return graph.Unmarked
}

// traits adds to those of a way what is met on entering the node along it.
func (j junction) traits(t graph.Traits, p passage) graph.Traits {
	t = t.WithBarrier(j.barrier, j.opened).WithPrivate(t.Private() | j.private)
	switch {
	case p.onFoot && j.crossing != graph.NoCrossing: // the footway crosses; along the carriageway one passes by
		t = t.WithCrossing(j.crossing)
	case !p.onFoot && j.lights:
		t = t.WithCrossing(graph.Signals)
	}
	if j.kerb && p.onFoot {
		t |= graph.Kerb
	}
	return t
}
