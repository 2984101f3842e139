package travel

import (
	"fmt"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Profile is a way of travelling. Pace is milliseconds per millimetre on flat
// ground (1 / (m/s)).
type Profile struct {
	ID             string
	NameZH, NameEN string
	Mode           graph.Access // the one bit that an arc must admit
	Pace           float64
	StepsFactor    float64 // time on steps relative to flat street
	Slope          bool    // slower uphill (Tobler 1993, normalised to 1 on the flat)
	NoDownhillGain bool    // and never faster downhill: our cautious assumption for 70+
	Ferries        bool
	Source         string
}

const (
	bohannon = "Bohannon & Andrews 2011, Physiotherapy 97:182; lower for outdoor pace"
	norm     = "GB 50180-2018: 15 minutes are 800–1000 m"
)

// profiles: flat speeds of 1.2, 1.0, 0.85, 0.70 and 0.60 m/s by age; the norm
// profiles reach exactly their distance in 15 minutes. Steps: 1.5 times the
// time of the same ground length, 2 for 70+ (our assumption, after Fujiyama & Tyler 2010).
var profiles = []Profile{
	walker("adult", "成年人步行", "adult on foot", 1.2, 1.5, false, bohannon),
	walker("elder_60_69", "60–69岁步行", "aged 60–69 on foot", 1.0, 1.5, false, bohannon),
	walker("elder_70_79", "70–79岁步行", "aged 70–79 on foot", 0.85, 2, true, bohannon),
	walker("elder_80_plus", "80岁以上步行", "aged 80+ on foot", 0.70, 2, true, bohannon),
	walker("frail", "体弱或搀扶步行", "frail or escorted on foot", 0.60, 2, true, "ELSA and CHARLS cut-offs 0.6–0.7 m/s"),
	walker("child_escort", "儿童有人陪同步行", "child with escort on foot", 1.0, 1.5, false, "our assumption, no study found"),
	{ID: "norm_1000m", NameZH: "规范距离1000米", NameEN: "norm distance 1000 m", Mode: graph.Foot, Pace: 0.9, StepsFactor: 1, Source: norm},
	{ID: "norm_800m", NameZH: "规范距离800米", NameEN: "norm distance 800 m", Mode: graph.Foot, Pace: 1.125, StepsFactor: 1, Source: norm},
	{ID: "ebike", NameZH: "电动自行车", NameEN: "electric bicycle", Mode: graph.Bicycle, Pace: 3.6 / 15, StepsFactor: 1, Source: "GB 17761-2018 caps 25 km/h; 15 km/h door to door is our assumption"},
	{ID: "drive", NameZH: "乘车", NameEN: "by vehicle", Mode: graph.Car, StepsFactor: 1, Source: "speed by street class, our assumption"},
}

func walker(id, zh, en string, speed, steps float64, old bool, source string) Profile {
	return Profile{ID: id, NameZH: zh, NameEN: en, Mode: graph.Foot, Pace: 1 / speed, StepsFactor: steps, Slope: true, NoDownhillGain: old, Ferries: true, Source: source}
}

// driveKMH is the speed of a vehicle by street class, km/h, stops included (our assumption).
var driveKMH = map[graph.Class]float64{
	graph.Motorway: 80, graph.Trunk: 60, graph.Primary: 45, graph.Secondary: 40, graph.Tertiary: 35,
	graph.Residential: 25, graph.Service: 15, graph.Track: 15,
}

// Profiles gives every profile, in the order of screens.
func Profiles() []Profile { return append([]Profile(nil), profiles...) }

// ProfileByID finds a profile.
func ProfileByID(id string) (Profile, error) {
	for _, p := range profiles {
		if p.ID == id {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("geo: no travel profile %q", id)
}

// WithoutFerries is the same profile where a ferry does not count.
func (p Profile) WithoutFerries() Profile {
	p.Ferries = false
	return p
}
