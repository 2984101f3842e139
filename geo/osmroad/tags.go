package osmroad

import (
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// class maps OSM's highway values; what is not here is no street.
var class = map[string]graph.Class{
	"motorway": graph.Motorway, "motorway_link": graph.Motorway, "trunk": graph.Trunk, "trunk_link": graph.Trunk,
	"primary": graph.Primary, "primary_link": graph.Primary, "secondary": graph.Secondary, "secondary_link": graph.Secondary,
	"tertiary": graph.Tertiary, "tertiary_link": graph.Tertiary, "unclassified": graph.Residential, "residential": graph.Residential,
	"living_street": graph.Residential, "road": graph.Residential, "service": graph.Service, "track": graph.Track,
	"pedestrian": graph.Path, "footway": graph.Path, "path": graph.Path, "cycleway": graph.Path, "bridleway": graph.Path, "corridor": graph.Path,
	"steps": graph.Stairs,
}

const all = graph.Foot | graph.Bicycle | graph.Car

// street reads a way's tags: its class and who may go along and against it.
// ok is false for what nobody travels on.
func street(tags osm.Tags) (c graph.Class, forward, backward graph.Access, ok bool) {
	if tags.Find("route") == "ferry" {
		a := graph.Ferry | graph.Foot
		if tags.Find("foot") == "no" {
			a = graph.Ferry
		}
		if v := tags.Find("motor_vehicle"); v == "yes" || tags.Find("motorcar") == "yes" {
			a |= graph.Car | graph.Bicycle
		}
		return graph.FerryLine, a, a, true
	}
	highway := tags.Find("highway")
	c, ok = class[highway]
	if !ok || tags.Find("area") == "yes" && highway != "pedestrian" && highway != "footway" {
		return 0, 0, 0, false
	}
	access := admitted(highway, c)
	// access is general; a mode's own tag is nearer to the truth than it. Private
	// yards (小区) are open to those who live there, and they are who we count.
	for _, m := range []struct {
		mode graph.Access
		keys []string
	}{{graph.Foot, []string{"access", "foot"}}, {graph.Bicycle, []string{"access", "vehicle", "bicycle"}}, {graph.Car, []string{"access", "vehicle", "motor_vehicle", "motorcar"}}} {
		for _, key := range m.keys {
			switch tags.Find(key) {
			case "no", "agricultural", "forestry", "military", "use_sidepath":
				access &^= m.mode
			case "yes", "designated", "permissive", "official", "destination", "private", "residents", "customers", "delivery":
				if key != "access" && key != "vehicle" || access&m.mode != 0 {
					access |= m.mode
				}
			}
		}
	}
	if v := tags.Find("sidewalk"); v == "both" || v == "left" || v == "right" || v == "yes" {
		access |= graph.Foot
	}
	if access == 0 {
		return 0, 0, 0, false
	}
	if c == graph.Stairs {
		access |= graph.Steps
	}
	if v := tags.Find("bridge"); v != "" && v != "no" {
		access |= graph.Bridge
	}
	if v := tags.Find("tunnel"); v != "" && v != "no" && v != "building_passage" {
		access |= graph.Tunnel
	}
	forward, backward = access, access
	vehicles := graph.Car
	if v := tags.Find("oneway:bicycle"); v != "no" && c != graph.Path {
		vehicles |= graph.Bicycle
	}
	switch oneway := tags.Find("oneway"); {
	case oneway == "-1" || oneway == "reverse":
		forward &^= vehicles
	case oneway == "yes" || oneway == "1" || oneway == "true",
		oneway == "" && (highway == "motorway" || tags.Find("junction") == "roundabout" || tags.Find("junction") == "circular"):
		backward &^= vehicles
	}
	switch tags.Find("oneway:foot") { // only what is said of feet binds them
	case "yes":
		backward &^= graph.Foot
	case "-1":
		forward &^= graph.Foot
	}
	return c, forward, backward, true
}

// admitted is who uses a class of street when no tag says otherwise.
func admitted(highway string, c graph.Class) graph.Access {
	switch {
	case c == graph.Motorway:
		return graph.Car
	case c == graph.Trunk && strings.HasSuffix(highway, "_link"):
		return graph.Car | graph.Bicycle
	case c == graph.Stairs:
		return graph.Foot
	case highway == "cycleway" || highway == "path" || highway == "bridleway":
		return graph.Foot | graph.Bicycle
	case c == graph.Path:
		return graph.Foot
	}
	return all
}

// blocks tells whose way a node ends: a gate stops cars unless it is open, a
// wall everybody; bollards stop cars.
func blocks(tags osm.Tags) graph.Access {
	var stopped graph.Access
	switch tags.Find("barrier") {
	case "":
		return 0
	case "wall", "fence", "hedge", "city_wall", "ditch", "retaining_wall":
		stopped = all
	case "bollard", "block", "cycle_barrier", "kissing_gate", "stile", "turnstile", "chain", "jersey_barrier", "log", "debris":
		stopped = graph.Car
	}
	if tags.Find("locked") == "yes" {
		stopped = all
	}
	if tags.Find("access") == "no" {
		stopped = all
	}
	for key, mode := range map[string]graph.Access{"foot": graph.Foot, "bicycle": graph.Bicycle, "motor_vehicle": graph.Car} {
		switch tags.Find(key) {
		case "no":
			stopped |= mode
		case "yes", "designated", "permissive", "private", "destination":
			stopped &^= mode
		}
	}
	return stopped
}

// crossing reads a ferry's duration: HH:MM, HH:MM:SS, ISO PT40M or minutes; 0 when there is none.
func crossing(tags osm.Tags) time.Duration {
	v := strings.TrimSpace(tags.Find("duration"))
	if iso, ok := strings.CutPrefix(v, "PT"); ok {
		d, err := time.ParseDuration(strings.ToLower(iso))
		if err != nil {
			return 0
		}
		return d
	}
	parts := strings.Split(v, ":")
	var seconds float64
	unit := []float64{60, 0, 0}
	if len(parts) == 2 {
		unit = []float64{3600, 60, 0}
	} else if len(parts) == 3 {
		unit = []float64{3600, 60, 1}
	} else if len(parts) > 3 {
		return 0
	}
	for i, p := range parts {
		n, err := strconv.ParseFloat(p, 64)
		if err != nil || n < 0 {
			return 0
		}
		seconds += n * unit[i]
	}
	return time.Duration(seconds * float64(time.Second))
}
