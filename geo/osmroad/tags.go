package osmroad

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// class maps OSM's highway values; what is not here (construction, proposed, bus_guideway, raceway …) is no street.
var class = map[string]graph.Class{
	"motorway": graph.Motorway, "motorway_link": graph.Motorway, "trunk": graph.Trunk, "trunk_link": graph.Trunk,
	"primary": graph.Primary, "primary_link": graph.Primary, "secondary": graph.Secondary, "secondary_link": graph.Secondary,
	"tertiary": graph.Tertiary, "tertiary_link": graph.Tertiary, "unclassified": graph.Residential, "residential": graph.Residential,
	"living_street": graph.Residential, "road": graph.Residential, "service": graph.Service, "track": graph.Track,
	"pedestrian": graph.Path, "footway": graph.Path, "path": graph.Path, "cycleway": graph.Path, "bridleway": graph.Path, "corridor": graph.Path,
	"crossing": graph.Path, "platform": graph.Path, "steps": graph.Stairs,
}

// squares are walked along their outline when they are mapped as areas; other areas are no street.
var squares = map[string]bool{"pedestrian": true, "footway": true, "platform": true, "corridor": true}

const all = graph.Foot | graph.Bicycle | graph.Car

// passage is how a way may be travelled: who along and against it, and what slows them.
type passage struct {
	class                         graph.Class
	forward, backward             graph.Access
	traitsForward, traitsBackward graph.Traits
	crossing                      graph.Crossing // a way that is itself a crossing: paid once, where no node of it says so
	onFoot                        bool           // made for feet: what crosses a carriageway, not what is crossed
}

// street reads a way's tags. ok is false for what nobody travels on.
func street(tags osm.Tags) (p passage, ok bool) {
	if tags.Find("route") == "ferry" {
		return ferry(tags)
	}
	highway := tags.Find("highway")
	p.class, ok = class[highway]
	if !ok || tags.Find("area") == "yes" && !squares[highway] || tags.Find("abandoned") == "yes" || tags.Find("disused") == "yes" {
		return p, false
	}
	access, private := permitted(tags, admitted(tags, highway, p.class))
	if access == 0 {
		return p, false
	}
	if p.class == graph.Stairs {
		access |= graph.Steps
	}
	if v := tags.Find("bridge"); v != "" && v != "no" {
		access |= graph.Bridge
	}
	if v := tags.Find("tunnel"); v != "" && v != "no" && v != "building_passage" {
		access |= graph.Tunnel
	}
	p.forward, p.backward = access, access
	p.oneWays(tags, highway)
	p.onFoot = p.class == graph.Path || p.class == graph.Stairs
	if p.onFoot && (tags.Find("footway") == "crossing" || tags.Find("path") == "crossing" || tags.Find("cycleway") == "crossing" || highway == "crossing") {
		p.crossing = crossingKind(tags)
	}
	t := graph.Traits(0).WithSurface(surface(tags)).WithPrivate(private)
	if v := tags.Find("conveying"); v != "" && v != "no" {
		t |= graph.Conveying
	}
	percent := incline(tags.Find("incline"))
	p.traitsForward, p.traitsBackward = t.WithIncline(percent), t.WithIncline(-percent)
	return p, true
}

// ferry reads a route=ferry: feet unless they are refused, wheels where they are admitted.
func ferry(tags osm.Tags) (p passage, ok bool) {
	a := graph.Foot
	if tags.Find("motor_vehicle") == "yes" || tags.Find("motorcar") == "yes" {
		a |= graph.Car | graph.Bicycle
	}
	a, _ = permitted(tags, a)
	p = passage{class: graph.FerryLine, forward: a | graph.Ferry, backward: a | graph.Ferry}
	switch tags.Find("oneway") {
	case "yes", "1", "true":
		p.backward = graph.Ferry
	case "-1", "reverse":
		p.forward = graph.Ferry
	}
	return p, true
}

// admitted is who uses a street when no tag of access says otherwise.
func admitted(tags osm.Tags, highway string, c graph.Class) graph.Access {
	var a graph.Access
	switch {
	case c == graph.Motorway:
		a = graph.Car
	case c == graph.Trunk && strings.HasSuffix(highway, "_link"):
		a = graph.Car | graph.Bicycle
	case c == graph.Stairs:
		a = graph.Foot
	case highway == "cycleway" || highway == "path" || highway == "bridleway":
		a = graph.Foot | graph.Bicycle
	case c == graph.Path:
		a = graph.Foot
	default:
		a = all
	}
	if tags.Find("motorroad") == "yes" { // motor traffic only, as on a motorway
		a &= graph.Car
	}
	for _, key := range []string{"sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"} {
		// a sidewalk that is mapped apart (separate) is another way: it changes nothing here
		if v := tags.Find(key); v == "both" || v == "left" || v == "right" || v == "yes" {
			a |= graph.Foot
		}
	}
	return a
}

// modeKeys are the keys of access from the general to the special: the last one that is tagged is right.
var modeKeys = []struct {
	mode graph.Access
	keys []string
}{
	{graph.Foot, []string{"access", "foot"}},
	{graph.Bicycle, []string{"access", "vehicle", "bicycle", "electric_bicycle"}},
	{graph.Car, []string{"access", "vehicle", "motor_vehicle", "motorcar"}},
}

// permitted applies the tags of access to what a street admits by itself; private are the modes that only those may use who
// belong here. A general yes (access, vehicle) opens nothing that the street is not made for.
func permitted(tags osm.Tags, a graph.Access) (access, private graph.Access) {
	made := a
	for _, m := range modeKeys {
		for _, key := range m.keys {
			general := key == "access" || key == "vehicle"
			switch verdict := permission(tags.Find(key)); {
			case verdict == unsaid, general && made&m.mode == 0:
			case verdict == refused:
				a, private = a&^m.mode, private&^m.mode
			case verdict == belonging:
				a, private = a|m.mode, private|m.mode
			default:
				a, private = a|m.mode, private&^m.mode
			}
		}
	}
	return a, private
}

type verdict int

const (
	unsaid verdict = iota
	refused
	belonging
	open
)

// permission reads a value of access. With destination, customers and delivery people may come here, which is what
// a way to a service needs; with use_sidepath they go on another way; to dismount is no riding.
func permission(value string) verdict {
	switch value {
	case "no", "agricultural", "forestry", "agricultural;forestry", "military", "emergency", "use_sidepath", "dismount":
		return refused
	case "private", "residents", "permit", "employees", "staff", "members", "students":
		return belonging
	case "yes", "designated", "permissive", "official", "destination", "customers", "delivery", "public", "allowed", "discouraged", "visitors":
		return open
	}
	return unsaid
}

// oneWays takes the directions away that the tags forbid. Feet are bound by what is said of feet only, and by escalators.
func (p *passage) oneWays(tags osm.Tags, highway string) {
	refuse := func(value string, modes graph.Access) {
		switch value {
		case "-1", "reverse", "backward":
			p.forward &^= modes
		case "yes", "1", "true", "forward":
			p.backward &^= modes
		}
	}
	oneway := tags.Find("oneway")
	if oneway == "" && (highway == "motorway" || tags.Find("junction") == "roundabout" || tags.Find("junction") == "circular") {
		oneway = "yes"
	}
	vehicles := graph.Car
	bicycle := tags.Find("oneway:bicycle")
	for _, key := range []string{"cycleway", "cycleway:left", "cycleway:right", "cycleway:both"} {
		if bicycle == "" && strings.HasPrefix(tags.Find(key), "opposite") {
			bicycle = "no"
		}
	}
	if bicycle == "" {
		vehicles |= graph.Bicycle
	} else {
		refuse(bicycle, graph.Bicycle)
	}
	refuse(oneway, vehicles)
	refuse(tags.Find("oneway:foot"), graph.Foot)
	if v := tags.Find("conveying"); v == "forward" || v == "backward" {
		refuse(v, graph.Foot)
	}
}

// surface reads what is underfoot; without a surface, the grade of a track.
func surface(tags osm.Tags) graph.Surface {
	switch v := tags.Find("surface"); v {
	case "compacted", "fine_gravel":
		return graph.Compacted
	case "unpaved", "ground", "dirt", "earth", "grass", "grass_paver", "clay", "rock", "woodchips", "soil":
		return graph.Unpaved
	case "gravel", "pebblestone", "stone", "shells":
		return graph.Gravel
	case "mud", "sand", "snow", "ice":
		return graph.Mud
	case "":
		switch tags.Find("tracktype") {
		case "grade2":
			return graph.Compacted
		case "grade3", "grade4", "grade5":
			return graph.Unpaved
		}
	}
	return graph.Paved
}

// incline reads a slope along the drawing of a way in percent: "8%", "-3.5 %", "5°"; 0 for "up", "down" and what is no number.
func incline(v string) int8 {
	v = strings.TrimSpace(v)
	number, isDegrees := strings.CutSuffix(v, "°")
	if !isDegrees {
		number = strings.TrimSuffix(v, "%")
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 89 {
		return 0
	}
	if isDegrees {
		f = 100 * math.Tan(f*math.Pi/180)
	}
	return int8(math.Round(max(-100, min(100, f))))
}
