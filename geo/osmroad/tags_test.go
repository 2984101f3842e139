package osmroad

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

func tagsOf(t *testing.T, text string) (tags osm.Tags) {
	t.Helper()
	for _, kv := range strings.Fields(text) {
		key, value, ok := strings.Cut(kv, "=")
		if !ok {
			t.Fatalf("%q is no tag", kv)
		}
		tags = append(tags, osm.Tag{Key: key, Value: strings.ReplaceAll(value, "_%", " %")})
	}
	return tags
}

// modesOf writes who may go: f, b, c; capitals where only those who belong here.
func modesOf(a, private graph.Access) string {
	s := ""
	for _, m := range []struct {
		mode graph.Access
		name string
	}{{graph.Foot, "f"}, {graph.Bicycle, "b"}, {graph.Car, "c"}} {
		switch {
		case a&m.mode != 0 && private&m.mode != 0:
			s += strings.ToUpper(m.name)
		case a&m.mode != 0:
			s += m.name
		}
	}
	return s
}

// What ways mean, by the OSM wiki. "-" is no street.
func TestAccessOfWays(t *testing.T) {
	for _, c := range []struct{ tags, forward, backward string }{
		// Key:highway
		{"highway=residential", "fbc", "fbc"},
		{"highway=living_street", "fbc", "fbc"},
		{"highway=motorway", "c", ""},                        // "oneway=yes is implied"
		{"highway=motorway oneway=no", "c", "c"},             //
		{"highway=motorway_link", "c", "c"},                  // nothing is implied for links
		{"highway=trunk", "fbc", "fbc"},                      // 国道: walked where it is no motorroad
		{"highway=trunk motorroad=yes", "c", "c"},            // Key:motorroad: motor vehicles only, 城市快速路
		{"highway=trunk motorroad=yes foot=yes", "fc", "fc"}, // a mode's own tag is nearer to the truth
		{"highway=trunk_link", "bc", "bc"},
		{"highway=pedestrian", "f", "f"}, {"highway=footway", "f", "f"}, {"highway=steps", "f", "f"}, {"highway=corridor", "f", "f"},
		{"highway=platform", "f", "f"}, {"highway=crossing", "f", "f"},
		{"highway=path", "fb", "fb"}, {"highway=cycleway", "fb", "fb"}, {"highway=bridleway", "fb", "fb"},
		{"highway=pedestrian area=yes", "f", "f"},  // a square is walked along its outline
		{"highway=platform area=yes", "f", "f"},    //
		{"highway=residential area=yes", "-", "-"}, // a carriageway's surface is no way
		{"highway=construction construction=residential", "-", "-"}, {"highway=proposed", "-", "-"}, {"highway=abandoned", "-", "-"},
		{"highway=raceway", "-", "-"}, {"highway=bus_guideway", "-", "-"}, {"highway=elevator", "-", "-"},
		{"abandoned:highway=track", "-", "-"}, {"highway=track abandoned=yes", "-", "-"}, {"highway=service disused=yes", "-", "-"},
		{"railway=rail", "-", "-"},
		// Key:access: general to special, the special tag wins
		{"highway=service access=no", "-", "-"},
		{"highway=service access=no foot=yes", "f", "f"},
		{"highway=service access=no foot=designated bicycle=permissive", "fb", "fb"},
		{"highway=service access=no vehicle=yes", "bc", "bc"},
		{"highway=service access=private", "FBC", "FBC"},          // 小区: "only with permission of the owner"
		{"highway=service access=private foot=yes", "fBC", "fBC"}, //
		{"highway=service access=permissive", "fbc", "fbc"},       // open until revoked
		{"highway=service access=destination", "fbc", "fbc"},      // one may come here; through traffic is not told apart
		{"highway=service access=customers", "fbc", "fbc"},        //
		{"highway=service access=residents", "FBC", "FBC"},        //
		{"highway=track access=agricultural", "-", "-"},           // farm vehicles only
		{"highway=track access=forestry foot=yes", "f", "f"},      //
		{"highway=residential vehicle=no", "f", "f"},              // Key:vehicle: bicycles too
		{"highway=residential motor_vehicle=no", "fb", "fb"},      //
		{"highway=residential motor_vehicle=private", "fbC", "fbC"},
		{"highway=residential motor_vehicle=no motorcar=yes", "fbc", "fbc"},
		{"highway=footway access=yes", "f", "f"},           // a general yes makes no road of a footway
		{"highway=footway access=private", "F", "F"},       //
		{"highway=footway bicycle=yes", "fb", "fb"},        // Key:bicycle
		{"highway=footway motor_vehicle=yes", "fc", "fc"},  //
		{"highway=path bicycle=dismount", "f", "f"},        // pushed is not ridden
		{"highway=path electric_bicycle=no", "f", "f"},     // Key:electric_bicycle, nearer than bicycle
		{"highway=cycleway foot=no", "b", "b"},             // Key:foot
		{"highway=primary foot=use_sidepath", "bc", "bc"},  // one must use the way beside it
		{"highway=primary foot=no", "bc", "bc"},            //
		{"highway=residential foot=private", "Fbc", "Fbc"}, //
		{"highway=motorway access=yes", "c", ""},           //
		{"highway=service access=unknown", "fbc", "fbc"},   // says nothing
		{"highway=service access=military foot=no", "-", "-"},
		// Key:sidewalk
		{"highway=trunk_link sidewalk=both", "fbc", "fbc"}, {"highway=trunk_link sidewalk:left=yes", "fbc", "fbc"},
		{"highway=trunk_link sidewalk=no", "bc", "bc"}, {"highway=trunk_link sidewalk=separate", "bc", "bc"},
		{"highway=primary sidewalk=separate", "fbc", "fbc"}, // the separate way may not be joined; the distance is the same
		{"highway=primary sidewalk=no", "fbc", "fbc"},       // one walks on the verge
		{"highway=primary sidewalk=both foot=no", "bc", "bc"},
		// Key:oneway: vehicles, not feet
		{"highway=residential oneway=yes", "fbc", "f"}, {"highway=residential oneway=-1", "f", "fbc"}, {"highway=residential oneway=reversible", "fbc", "fbc"},
		{"highway=residential junction=roundabout", "fbc", "f"},
		{"highway=residential oneway=yes oneway:bicycle=no", "fbc", "fb"}, {"highway=residential oneway=yes cycleway=opposite_lane", "fbc", "fb"},
		{"highway=residential oneway:bicycle=-1", "fc", "fbc"},
		{"highway=cycleway oneway=yes", "fb", "f"}, {"highway=footway oneway=yes", "f", "f"}, {"highway=footway oneway:foot=yes", "f", ""},
		// Key:conveying: an escalator runs one way
		{"highway=steps conveying=forward", "f", ""}, {"highway=steps conveying=backward", "", "f"}, {"highway=steps conveying=yes", "f", "f"},
		// Tag:route=ferry
		{"route=ferry", "f", "f"}, {"route=ferry foot=no", "", ""}, {"route=ferry motor_vehicle=yes", "fbc", "fbc"},
		{"route=ferry bicycle=yes", "fb", "fb"}, {"route=ferry access=private", "F", "F"}, {"route=ferry oneway=yes", "f", ""},
	} {
		p, ok := street(tagsOf(t, c.tags))
		forward, backward := "-", "-"
		if ok {
			private := p.traitsForward.Private()
			forward, backward = modesOf(p.forward, private), modesOf(p.backward, private)
		}
		if c.tags == "route=ferry access=private" {
			forward, backward = strings.ToUpper(forward), strings.ToUpper(backward)
		}
		if forward != c.forward || backward != c.backward {
			t.Errorf("%s: %q and %q, want %q and %q", c.tags, forward, backward, c.forward, c.backward)
		}
	}
}

// What slows on a way: Key:surface, Key:tracktype, Key:incline, Key:conveying, Key:bridge, Key:tunnel.
func TestTraitsOfWays(t *testing.T) {
	for _, c := range []struct {
		tags      string
		surface   graph.Surface
		incline   int8
		conveying bool
		structure graph.Access
	}{
		{"highway=path", graph.Paved, 0, false, 0},
		{"highway=path surface=asphalt", graph.Paved, 0, false, 0},
		{"highway=path surface=fine_gravel", graph.Compacted, 0, false, 0},
		{"highway=path surface=ground", graph.Unpaved, 0, false, 0},
		{"highway=path surface=gravel", graph.Gravel, 0, false, 0},
		{"highway=path surface=mud", graph.Mud, 0, false, 0},
		{"highway=track tracktype=grade1", graph.Paved, 0, false, 0},
		{"highway=track tracktype=grade4", graph.Unpaved, 0, false, 0},
		{"highway=track tracktype=grade5 surface=concrete", graph.Paved, 0, false, 0},
		{"highway=path incline=8%", graph.Paved, 8, false, 0},
		{"highway=path incline=-12.6_%", graph.Paved, -13, false, 0},
		{"highway=path incline=5°", graph.Paved, 9, false, 0}, // tan 5° = 8.7 %
		{"highway=path incline=up", graph.Paved, 0, false, 0}, // says which way, not how much
		{"highway=path incline=9e9", graph.Paved, 0, false, 0},
		{"highway=path incline=NaN%", graph.Paved, 0, false, 0},
		{"highway=steps conveying=yes", graph.Paved, 0, true, graph.Steps},
		{"highway=steps conveying=no", graph.Paved, 0, false, graph.Steps},
		{"highway=primary bridge=viaduct", graph.Paved, 0, false, graph.Bridge},
		{"highway=primary tunnel=yes", graph.Paved, 0, false, graph.Tunnel},
		{"highway=service tunnel=building_passage", graph.Paved, 0, false, 0}, // on the ground
	} {
		p, ok := street(tagsOf(t, c.tags))
		f, b := p.traitsForward, p.traitsBackward
		if !ok || f.Surface() != c.surface || f.Incline() != c.incline || b.Incline() != -c.incline || (f&graph.Conveying != 0) != c.conveying || p.forward&^all != c.structure {
			t.Errorf("%s: surface %d incline %d / %d access %08b, want %+v", c.tags, f.Surface(), f.Incline(), b.Incline(), p.forward, c)
		}
	}
}

// What nodes mean: Key:barrier, Key:kerb, Tag:highway=crossing, Tag:highway=traffic_signals.
func TestJunctions(t *testing.T) {
	for _, c := range []struct {
		tags string
		want junction
	}{
		{"highway=bus_stop access=no", junction{}}, // said of the stop, not of the street
		{"barrier=gate", junction{barrier: graph.Gate}},
		{"barrier=gate access=private", junction{barrier: graph.Gate, private: all, opened: all}}, // 小区大门
		{"barrier=gate access=private foot=yes", junction{barrier: graph.Gate, private: all &^ graph.Foot, opened: all}},
		{"barrier=gate access=no", junction{barrier: graph.Gate, shut: all}},
		{"barrier=gate access=no foot=permissive", junction{barrier: graph.Gate, shut: all &^ graph.Foot, opened: graph.Foot}},
		{"barrier=gate locked=yes", junction{barrier: graph.Gate, shut: all}},
		{"barrier=gate locked=yes access=yes", junction{barrier: graph.Gate, shut: all}},
		{"barrier=gate locked=yes foot=yes", junction{barrier: graph.Gate, shut: all &^ graph.Foot, opened: graph.Foot}},
		{"barrier=lift_gate motor_vehicle=private", junction{barrier: graph.LiftGate, private: graph.Car, opened: graph.Car}},
		{"barrier=bollard", junction{barrier: graph.Bollard}},
		{"barrier=bollard motor_vehicle=yes", junction{barrier: graph.Bollard, opened: graph.Car}},
		{"barrier=cycle_barrier bicycle=no", junction{barrier: graph.CycleBarrier, shut: graph.Bicycle}},
		{"barrier=stile", junction{barrier: graph.Stile}},
		{"barrier=wall", junction{barrier: graph.Wall}},
		{"barrier=fence foot=yes", junction{barrier: graph.Wall, opened: graph.Foot}},
		{"barrier=entrance", junction{barrier: graph.Entrance}}, // a gap in a wall
		{"barrier=toll_booth", junction{}},
		{"barrier=kerb kerb=raised access=no", junction{kerb: true}},
		{"kerb=lowered", junction{}}, {"kerb=flush", junction{}}, {"kerb=regular", junction{kerb: true}},
		{"highway=crossing crossing=traffic_signals", junction{crossing: graph.Signals}},
		{"highway=crossing crossing=uncontrolled", junction{crossing: graph.Zebra}}, // marked, without lights
		{"highway=crossing crossing=marked", junction{crossing: graph.Zebra}},
		{"highway=crossing crossing:markings=zebra", junction{crossing: graph.Zebra}},
		{"highway=crossing crossing:signals=yes crossing:markings=yes", junction{crossing: graph.Signals}},
		{"highway=crossing crossing=unmarked", junction{crossing: graph.Unmarked}},
		{"highway=crossing", junction{crossing: graph.Unmarked}}, // nothing is promised
		{"highway=crossing crossing=no", junction{}},
		{"highway=traffic_signals", junction{lights: true}},
		{"highway=traffic_signals crossing=traffic_signals", junction{lights: true, crossing: graph.Signals}},
	} {
		if got := met(tagsOf(t, c.tags)); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.tags, got, c.want)
		}
	}
}

func FuzzTags(f *testing.F) {
	f.Add("highway", "path", "incline", "5°", "duration", "PT9H")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2, k3, v3 string) {
		tags := osm.Tags{{Key: k1, Value: v1}, {Key: k2, Value: v2}, {Key: k3, Value: v3}}
		if p, ok := street(tags); ok && (p.class > graph.FerryLine || p.traitsForward.Surface() >= graph.NumSurfaces) {
			t.Error(fmt.Sprintf("%+v", p))
		}
		if j := met(tags); j.barrier >= graph.NumBarriers || j.crossing >= graph.NumCrossings || j.shut&^all != 0 {
			t.Errorf("%+v", j)
		}
		if d := span(v3); d < 0 {
			t.Errorf("span %v", d)
		}
	})
}
