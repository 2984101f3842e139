package run

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// cluster is the people of one settlement (hamlet, or the village where no
// hamlet is named) that share a class.
type cluster struct {
	unit   planner.Code
	hamlet string
	class  string
}

// accessGaps finds the settlements with people outside every circle, and for each
// the spot at which it stands: the one with the worst access of most people. The
// identity is standard, village and hamlet, so that it is the same gap in every run.
func accessGaps(e *Evaluation, d *demand, r *roads, s standard.Standard, reach, idle []access) (gaps []Gap, at []int) {
	limit := millis(s.Minutes)
	people, oldest := d.people[judgedBy(s)], d.people[cohort{"80+", judgedBy(s).basis}]
	members := map[cluster][]int{}
	for i, sp := range d.spots {
		if class := reach[i].class(limit); len(people) > 0 && people[i] > 0 && (class == "uncovered" || class == "unverified") {
			c := cluster{sp.unit, sp.hamlet, class}
			members[c] = append(members[c], i)
		}
	}
	for _, c := range sortedClusters(members) {
		spots := members[c]
		worst, total, old := spots[0], 0, 0
		for _, i := range spots {
			total += int(people[i])
			if len(oldest) > 0 {
				old += int(oldest[i])
			}
			if cmp.Or(cmp.Compare(people[i], people[worst]), cmp.Compare(reach[i].walk, reach[worst].walk)) > 0 {
				worst = i
			}
		}
		g := Gap{Standard: s.ID, Unit: c.unit, Name: e.units[c.unit].Name, Hamlet: c.hamlet, Group: s.Group, People: total, People80: old, Point: d.spots[worst].point,
			ID: fmt.Sprintf("%s.%s.%s", s.ID, c.unit, c.hamlet)}
		if c.class == "unverified" {
			g.ID += ".unverified"
		}
		a := reach[worst]
		g.Minutes, g.RideMinutes = minutesOf(a.walk), minutesOf(a.ride)
		if a.site >= 0 {
			g.nearest(&e.in.Facilities[a.site], e.spec.AsOf)
		}
		g.Kind = gapKind(e, d, r, s, worst, a, idle[worst], e.units[c.unit].Island || e.units[c.unit.Parent()].Island)
		if g.Kind == "idle" {
			g.nearest(&e.in.Facilities[idle[worst].site], e.spec.AsOf)
			g.Minutes = minutesOf(idle[worst].walk)
		}
		g.Measure = measure(g.Kind, total)
		g.Reason = accessReason(g, s)
		gaps, at = append(gaps, g), append(at, worst)
	}
	return gaps, at
}

// nearest names the facility that the gap's people would go to.
func (g *Gap) nearest(f *Facility, day time.Time) {
	g.NearestID, g.NearestName, g.NearestStatus = f.ID, f.Name, f.StatusOn(day)
}

// sortedClusters puts settlements in the order of their codes and names.
func sortedClusters(members map[cluster][]int) []cluster {
	return slices.SortedFunc(maps.Keys(members), func(a, b cluster) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.hamlet, b.hamlet), cmp.Compare(a.class, b.class))
	})
}

// gapKind names the cause: what would have to change for these people to be served.
func gapKind(e *Evaluation, d *demand, r *roads, s standard.Standard, spot int, a, idle access, island bool) string {
	limit := millis(s.Minutes)
	switch {
	case !a.known:
		return "data_missing"
	case idle.site >= 0 && idle.walk <= limit:
		return "idle"
	case island && a.walk == travel.Unreached:
		return "island"
	}
	// near as the crow flies, far along the streets, and water between
	near := 0.8 * float64(limit) / r.walk.P.Pace / 1000 // metres on the flat
	p := *d.spots[spot].point
	serves := serving(s, e.spec.AsOf)
	for i, f := range e.in.Facilities {
		if r.sites[i] == nil || math.Abs(p[1]-f.Point[1])*111_195 > near || !serves(f) {
			continue
		}
		if geo.DistanceHaversine(p, *f.Point) <= near && r.onFoot.CrossesWater(p, *f.Point) {
			return "river"
		}
	}
	return "walk_time"
}

// measure proposes what the plan allows: open what is idle before anything is
// built, serve small settlements by vehicle, build for many.
func measure(kind string, people int) string {
	switch kind {
	case "idle":
		return "启用停用点"
	case "island":
		return "流动服务"
	case "data_missing":
		return "核实数据"
	case "unmerged":
		return "并入社工站"
	}
	switch {
	case kind == "no_facility" || kind == "capacity" || people >= 60:
		return "增设服务点"
	case kind == "river":
		return "班车接送"
	}
	return "助餐配送"
}

// called is what a group is called in sentences.
func called(group string) planner.Text {
	switch group {
	case "60+", "65+", "80+":
		return planner.Text{ZH: "位老人", EN: "elders"}
	case "0-15", "0-17":
		return planner.Text{ZH: "名未成年人", EN: "children"}
	}
	return planner.Text{ZH: "人", EN: "people"}
}

// inMinutes writes minutes with one decimal where they have one.
func inMinutes(m float64) string { return strconv.FormatFloat(math.Round(10*m)/10, 'f', -1, 64) }

func accessReason(g Gap, s standard.Standard) planner.Text {
	where := g.Name
	if g.Hamlet != "" {
		where = shortHamlet(g.Hamlet) + "自然村"
	}
	who := called(s.Group)
	switch {
	case g.Kind == "data_missing":
		return planner.Text{ZH: fmt.Sprintf("%s%d%s附近500米内没有路网或没有坐标,待核实。", where, g.People, who.ZH),
			EN: fmt.Sprintf("%s: %d %s have no street within 500 m or no coordinates; to be verified.", where, g.People, who.EN)}
	case g.Kind == "idle":
		return planner.Text{ZH: fmt.Sprintf("%s%d%s,步行%s分钟可到%s,但该设施停用。", where, g.People, who.ZH, inMinutes(*g.Minutes), g.NearestName),
			EN: fmt.Sprintf("%s: %d %s, %s minutes on foot from %s, which is out of use.", where, g.People, who.EN, inMinutes(*g.Minutes), g.NearestName)}
	case g.Minutes == nil:
		return planner.Text{ZH: fmt.Sprintf("%s%d%s,步行60分钟内没有可到的设施。", where, g.People, who.ZH),
			EN: fmt.Sprintf("%s: %d %s, no facility within 60 minutes on foot.", where, g.People, who.EN)}
	}
	over := inMinutes(*g.Minutes - float64(s.Minutes))
	return planner.Text{ZH: fmt.Sprintf("%s%d%s,步行到最近的%s需%s分钟,超出%s分钟。", where, g.People, who.ZH, g.NearestName, inMinutes(*g.Minutes), over),
		EN: fmt.Sprintf("%s: %d %s, %s minutes on foot to the nearest, %s: %s minutes too far.", where, g.People, who.EN, inMinutes(*g.Minutes), g.NearestName, over)}
}

// presenceGaps turns unmet presence into gaps. A service that belongs into a host's
// site (CO-01) is added there, never built anew.
func presenceGaps(s standard.Standard, ps []presence, host string, day time.Time) []Gap {
	service := planner.NameOf(planner.Services, s.Services[0])
	var gaps []Gap
	for _, p := range ps {
		if p.verdict == "met" {
			continue
		}
		g := Gap{ID: fmt.Sprintf("%s.%s.", s.ID, p.unit.Code), Standard: s.ID, Unit: p.unit.Code, Name: p.unit.Name, Kind: p.kind,
			Group: s.Group, People: p.people, Measure: measure(p.kind, p.people), Point: p.unit.Point}
		if host == "social_work_station" && p.kind == "no_facility" {
			g.Measure = "并入社工站"
		}
		g.Reason = planner.Text{ZH: fmt.Sprintf("%s没有%s。", p.unit.Name, service.ZH), EN: fmt.Sprintf("%s has no %s.", p.unit.Name, service.EN)}
		if s.Group != "" && p.people > 0 {
			of := planner.NameOf(planner.Groups, s.Group)
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s没有%s(常住%s%d人)。", p.unit.Name, service.ZH, of.ZH, p.people), EN: fmt.Sprintf("%s has no %s (%d resident people: %s).", p.unit.Name, service.EN, p.people, of.EN)}
		}
		switch p.kind {
		case "idle":
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s的%s停用。", p.unit.Name, p.site.Name), EN: fmt.Sprintf("%s of %s is out of use.", p.site.Name, p.unit.Name)}
		case "capacity":
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s的%s已无剩余容量。", p.unit.Name, p.site.Name), EN: fmt.Sprintf("%s of %s has no capacity left.", p.site.Name, p.unit.Name)}
		case "data_missing":
			if s.Having != "" {
				what := planner.NameOf(planner.Figures, s.Having)
				g.Reason = planner.Text{ZH: fmt.Sprintf("%s有%s,但台账未注明是否%s,待核实。", p.unit.Name, service.ZH, what.ZH),
					EN: fmt.Sprintf("%s has a %s, but no ledger says whether it is %s; to be verified.", p.unit.Name, service.EN, what.EN)}
				break
			}
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s疑似应建%s:常住0–17岁%d人,县未提供应建清单,待核实。", p.unit.Name, service.ZH, p.people),
				EN: fmt.Sprintf("%s is suspected to need a %s (%d resident children): the county gave no list; to be verified.", p.unit.Name, service.EN, p.people)}
		}
		if p.site != nil {
			g.nearest(p.site, day)
		}
		gaps = append(gaps, g)
	}
	return gaps
}

// rank numbers the gaps of each standard by people, most first; ties by id.
func rank(gaps []Gap) {
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(b.People, a.People), cmp.Compare(a.ID, b.ID))
	})
	for i := range gaps {
		gaps[i].Rank = 1
		if i > 0 && gaps[i-1].Standard == gaps[i].Standard {
			gaps[i].Rank = gaps[i-1].Rank + 1
		}
	}
}
