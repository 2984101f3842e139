package run

import (
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Presence in one unit that must have a service.
type presence struct {
	unit    Unit
	verdict string // met, not_met, unverified
	kind    string // gap kind when not met
	site    *Facility
	serving int // sites in use, with room
	people  int
}

// judgePresence looks into every unit that a present_in_each standard names.
// Similar units (类似乡级单位, digits 400–599) are not counted. Without any list
// of flags in a county its units are suspected by their people and unverified.
func (g *gather) judgePresence(s standard.Standard) []presence {
	sites, unsure := map[planner.Code][]*Facility{}, map[planner.Code]bool{}
	for i := range g.in.Facilities {
		f := &g.in.Facilities[i]
		if !f.Offers(s.Services...) {
			continue
		}
		having := g.having(s, f)
		for u := f.Unit; u != ""; u = u.Parent() {
			switch {
			case having == nil:
				unsure[u] = unsure[u] || f.Serves(g.spec.AsOf)
			case *having:
				sites[u] = append(sites[u], f)
			}
		}
	}
	flagged, lists := flagsOf(g.in, s.Unit.Flag)
	unflagged := s
	unflagged.Unit.Flag = "" // units without a list are looked at one by one below
	units, _ := g.scope(unflagged)
	people := map[planner.Level]map[planner.Code]int{}
	var out []presence
	for _, u := range units {
		if people[u.Level] == nil {
			people[u.Level] = counted(g.in, s.Group, "resident", u.Level)
		}
		p := presence{unit: u, people: people[u.Level][u.Code]}
		listed := lists[u.Code.Ancestor(planner.County)]
		if s.Unit.Flag != "" && (listed && !flagged[u.Code] || !listed && (s.Unit.SuspectedFrom == 0 || p.people < s.Unit.SuspectedFrom)) {
			continue
		}
		p.verdict, p.kind, p.site, p.serving = best(sites[u.Code], g.spec.AsOf)
		if p.verdict != "met" && (unsure[u.Code] || s.Unit.Flag != "" && !listed) {
			p.verdict, p.kind = "unverified", "data_missing"
		}
		out = append(out, p)
	}
	return out
}

// best finds the facility that speaks most for a unit: a serving one with room,
// then a full one, then one out of use; serving counts those of the first kind.
func best(sites []*Facility, day time.Time) (verdict, kind string, site *Facility, serving int) {
	verdict, kind = "not_met", "no_facility"
	for _, f := range sites {
		switch serves := f.Serves(day); {
		case serves && (f.CapacityLeft == nil || *f.CapacityLeft > 0):
			if serving++; serving == 1 {
				verdict, kind, site = "met", "", f
			}
		case serving > 0:
		case serves:
			kind, site = "capacity", f
		case f.StatusOn(day) == "suspended" && kind == "no_facility":
			kind, site = "idle", f
		}
	}
	return verdict, kind, site, serving
}

// similar tells 类似乡级单位 and their villages, which are not counted as townships. Nor is a
// township that only its villages tell of (Code.IsOwn); they are counted.
func similar(c planner.Code) bool {
	return c.IsSimilar() || c.Level() == planner.Township && c.IsOwn()
}

// counted sums a cohort by unit at a level.
func counted(in *Inputs, group, basis string, level planner.Level) map[planner.Code]int {
	sums := map[planner.Code]int{}
	for _, c := range in.Population {
		if c.Group == group && c.Basis == basis {
			sums[c.Unit.Ancestor(level)] += c.People
		}
	}
	return sums
}
