package run

import (
	"cmp"
	"fmt"
	"math"
	"slices"

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

// accessGaps finds the settlements with people outside every circle. The gap
// stands at the spot with the worst access of most people; its identity is
// standard, village and hamlet, so that it is the same gap in every run.
func accessGaps(e *Evaluation, d *demand, r *roads, s standard.Standard, reach, idle []access) []Gap {
	limit := millis(s.Minutes)
	people := d.people[cohorts[0]]
	members := map[cluster][]int{}
	for i, sp := range d.spots {
		if class := reach[i].class(limit); len(people) > 0 && people[i] > 0 && (class == "uncovered" || class == "unverified") {
			c := cluster{sp.unit, sp.hamlet, class}
			members[c] = append(members[c], i)
		}
	}
	var gaps []Gap
	for c, spots := range members {
		worst, total := spots[0], 0
		for _, i := range spots {
			total += int(people[i])
			if cmp.Or(cmp.Compare(people[i], people[worst]), cmp.Compare(reach[i].walk, reach[worst].walk)) > 0 {
				worst = i
			}
		}
		g := Gap{Standard: s.ID, Unit: c.unit, Name: e.units[c.unit].Name, Group: cohorts[0].group, People: total, Point: d.spots[worst].point,
			ID: fmt.Sprintf("%s.%s.%s", s.ID, c.unit, c.hamlet)}
		if c.class == "unverified" {
			g.ID += ".unverified"
		}
		a := reach[worst]
		g.Minutes, g.RideMinutes = minutesOf(a.walk), minutesOf(a.ride)
		if a.site >= 0 {
			g.NearestID, g.NearestName = e.in.Facilities[a.site].ID, e.in.Facilities[a.site].Name
		}
		g.Kind = gapKind(e, d, r, s, worst, a, idle[worst], e.units[c.unit].Island || e.units[c.unit.Parent()].Island)
		if g.Kind == "idle" {
			f := e.in.Facilities[idle[worst].site]
			g.NearestID, g.NearestName, g.Minutes = f.ID, f.Name, minutesOf(idle[worst].walk)
		}
		g.Measure = measure(g.Kind, total)
		g.Reason = accessReason(g, c.hamlet, s)
		gaps = append(gaps, g)
	}
	return gaps
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

func accessReason(g Gap, hamlet string, s standard.Standard) planner.Text {
	where := g.Name
	if hamlet != "" {
		where = hamlet + "自然村"
		if len(hamlet) > len("自然村") && hamlet[len(hamlet)-len("自然村"):] == "自然村" {
			where = hamlet
		}
	}
	switch {
	case g.Kind == "data_missing":
		return planner.Text{ZH: fmt.Sprintf("%s%d位老人附近500米内没有路网或没有坐标,待核实。", where, g.People),
			EN: fmt.Sprintf("%s: %d elders have no street within 500 m or no coordinates; to be verified.", where, g.People)}
	case g.Kind == "idle":
		return planner.Text{ZH: fmt.Sprintf("%s%d位老人,步行%.1f分钟可到%s,但该设施停用。", where, g.People, *g.Minutes, g.NearestName),
			EN: fmt.Sprintf("%s: %d elders, %.1f minutes on foot from %s, which is out of use.", where, g.People, *g.Minutes, g.NearestName)}
	case g.Minutes == nil:
		return planner.Text{ZH: fmt.Sprintf("%s%d位老人,步行60分钟内没有可到的设施。", where, g.People),
			EN: fmt.Sprintf("%s: %d elders, no facility within 60 minutes on foot.", where, g.People)}
	}
	over := math.Round((*g.Minutes-float64(s.Minutes))*10) / 10
	return planner.Text{ZH: fmt.Sprintf("%s%d位老人,步行到最近的%s需%.1f分钟,超出%.1f分钟。", where, g.People, g.NearestName, *g.Minutes, over),
		EN: fmt.Sprintf("%s: %d elders, %.1f minutes on foot to the nearest, %s: %.1f minutes too far.", where, g.People, *g.Minutes, g.NearestName, over)}
}

// presenceGaps turns unmet presence into gaps. A service that belongs into a host's
// site (CO-01) is added there, never built anew.
func presenceGaps(s standard.Standard, ps []presence, host string) []Gap {
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
		switch p.kind {
		case "idle":
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s的%s停用。", p.unit.Name, p.site.Name), EN: fmt.Sprintf("%s of %s is out of use.", p.site.Name, p.unit.Name)}
		case "capacity":
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s的%s已无剩余容量。", p.unit.Name, p.site.Name), EN: fmt.Sprintf("%s of %s has no capacity left.", p.site.Name, p.unit.Name)}
		case "data_missing":
			if s.Having != "" {
				g.Reason = planner.Text{ZH: fmt.Sprintf("%s有%s,但台账未注明其性质(%s),待核实。", p.unit.Name, service.ZH, s.Having),
					EN: fmt.Sprintf("%s has a %s, but no ledger says whether it is %s; to be verified.", p.unit.Name, service.EN, s.Having)}
				break
			}
			g.Reason = planner.Text{ZH: fmt.Sprintf("%s疑似应建%s:常住0–17岁%d人,县未提供应建清单,待核实。", p.unit.Name, service.ZH, p.people),
				EN: fmt.Sprintf("%s is suspected to need a %s (%d resident children): the county gave no list; to be verified.", p.unit.Name, service.EN, p.people)}
		}
		if p.site != nil {
			g.NearestID, g.NearestName = p.site.ID, p.site.Name
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
