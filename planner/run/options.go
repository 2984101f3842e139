package run

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// GapArea is a number of uncovered settlements (缺口片区) that one site could
// serve: all lie within the standard's way of the largest, not across water.
type GapArea struct {
	ID       string // that of its largest settlement's gap
	Standard string
	Unit     planner.Code // township of the largest, or what stands for one
	Name     string
	People   int
	People80 int

	Settlements int
	Measure     string
	Point       *orb.Point // of the largest
	spot        int
}

// Option is one thing that could be done about gaps (启用还是新建).
type Option struct {
	ID       string
	Standard string
	Kind     string // reopen, new, delivery
	Unit     planner.Code
	Name     string
	Facility string  // that would be reopened
	People   int     // who would reach the service in time on foot and do not today; of a delivery, who would be served at the door
	Cost     float64 // 万元: once, of a delivery for a year
	Rank     int     // by people gained per cost
	Point    *orb.Point
}

// costs of one option in 万元, where the plan's assumptions name none: our defaults.
var costs = []struct {
	kind, assumption string
	value            float64
}{{"reopen", "cost_reopen", 10}, {"new", "cost_new", 60}, {"delivery", "cost_delivery", 6}}

func (e *Evaluation) cost(kind string) float64 {
	for _, c := range costs {
		if c.kind == kind {
			if v, err := strconv.ParseFloat(e.set[c.assumption], 64); err == nil && v > 0 {
				return v
			}
			return c.value
		}
	}
	return 1
}

// gapAreas gathers the gaps of a county around their largest settlements, and names in each gap its area.
func (e *Evaluation) gapAreas(d *demand, r *roads, s standard.Standard, gaps []Gap, at []int) []GapArea {
	near := 0.8 * float64(millis(s.Minutes)) / r.walk.P.Pace / 1000 // metres on the flat; streets bend
	order := all(gaps)
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(gaps[b].People, gaps[a].People), cmp.Compare(gaps[a].ID, gaps[b].ID))
	})
	var areas []GapArea
	for _, i := range order {
		g := &gaps[i]
		if g.Point == nil || g.Kind == "data_missing" {
			continue
		}
		mine := slices.IndexFunc(areas, func(a GapArea) bool {
			p := *a.Point
			return math.Abs(p[1]-g.Point[1])*metresPerDegree <= near && geo.DistanceHaversine(p, *g.Point) <= near && !r.onFoot.CrossesWater(p, *g.Point)
		})
		if mine < 0 {
			place := shortHamlet(g.Hamlet)
			if place == "" {
				place = g.Name
			}
			town := g.Unit.Ancestor(planner.Township)
			areas = append(areas, GapArea{ID: g.ID, Standard: s.ID, Unit: town, Name: e.units[town].Name + place + "片区", Measure: g.Measure, Point: g.Point, spot: at[i]})
			mine = len(areas) - 1
		}
		a := &areas[mine]
		a.People, a.People80, a.Settlements = a.People+g.People, a.People80+g.People80, a.Settlements+1
		g.Area = a.ID
	}
	for i, a := range areas {
		if a.Measure != "启用停用点" {
			areas[i].Measure = measure("walk_time", a.People)
		}
	}
	return areas
}

// options says what each idle station, a new site in each area, and a route to each area would gain.
func (e *Evaluation) options(ctx context.Context, d *demand, r *roads, l *located, s standard.Standard, reach, idle []access, areas []GapArea) ([]Option, error) {
	limit, people := millis(s.Minutes), d.people[judgedBy(s)]
	if len(people) == 0 {
		return nil, nil
	}
	var all []Option
	reopened := map[int32]int{}
	for i, a := range idle {
		if a.site >= 0 && a.walk <= limit && reach[i].known && reach[i].walk > limit {
			reopened[a.site] += int(people[i])
		}
	}
	for site, n := range reopened {
		f := e.in.Facilities[site]
		if n > 0 {
			all = append(all, Option{ID: "reopen." + s.ID + "." + f.ID, Standard: s.ID, Kind: "reopen", Unit: f.Unit, Name: f.Name, Facility: f.ID, People: n, Point: f.Point})
		}
	}
	if len(areas) == 0 {
		return all, nil
	}
	on := l.streets(r.nets)
	for _, a := range areas {
		o := Option{ID: "new." + a.ID, Standard: s.ID, Kind: "new", Unit: a.Unit, Name: a.Name, Point: a.Point}
		if at := l.walks[a.spot]; at != nil {
			times, _, err := r.around(ctx, *at, limit, l, on)
			if err != nil {
				return nil, err
			}
			for spot, t := range times {
				if t <= limit && reach[spot].walk > limit {
					o.People += int(people[spot])
				}
			}
		}
		if o.People > 0 {
			all = append(all, o)
		}
		all = append(all, Option{ID: "delivery." + a.ID, Standard: s.ID, Kind: "delivery", Unit: a.Unit, Name: a.Name, People: a.People, Point: a.Point})
	}
	return all, nil
}

// rankOptions puts prices on all options and numbers those of each standard by people gained per cost.
func (e *Evaluation) rankOptions(all []Option) {
	for i := range all {
		all[i].Cost = e.cost(all[i].Kind)
	}
	slices.SortFunc(all, func(a, b Option) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(float64(b.People)/b.Cost, float64(a.People)/a.Cost), cmp.Compare(a.ID, b.ID))
	})
	for i := range all {
		all[i].Rank = 1
		if i > 0 && all[i-1].Standard == all[i].Standard {
			all[i].Rank = all[i-1].Rank + 1
		}
	}
}
