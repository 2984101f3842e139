package run

import (
	"slices"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// gather looks up the figures that rules ask for.
type gather struct {
	*Evaluation
	ledger   map[ledgerKey]LedgerFigure
	lower    map[planner.Code][]planner.Code // units directly below, of those that a ledger speaks of: down to counties
	counties []planner.Code
	people   map[cohort]map[planner.Code]int // by county
}

type ledgerKey struct{ subject, key string }

func gatherOf(e *Evaluation) *gather {
	g := &gather{Evaluation: e, ledger: map[ledgerKey]LedgerFigure{}, lower: map[planner.Code][]planner.Code{}, people: map[cohort]map[planner.Code]int{}}
	for _, f := range e.in.Ledger {
		g.ledger[ledgerKey{f.Subject, f.Key}] = f
	}
	seen := map[planner.Code]bool{}
	for _, u := range e.in.Units {
		if c := u.Code.Ancestor(planner.County); u.Level >= planner.County && !seen[c] && !e.zones[u.Code] {
			seen[c] = true
			g.counties = append(g.counties, c)
		}
	}
	slices.Sort(g.counties)
	for _, c := range slices.Clone(g.counties) {
		for u := c; u.Parent() != ""; u = u.Parent() {
			if up := u.Parent(); !slices.Contains(g.lower[up], u) {
				g.lower[up] = append(g.lower[up], u)
			}
		}
	}
	for _, c := range e.in.Population {
		k := cohort{c.Group, c.Basis}
		if g.people[k] == nil {
			g.people[k] = map[planner.Code]int{}
		}
		g.people[k][c.Unit.Ancestor(planner.County)] += c.People
	}
	return g
}

func (g *gather) subject(u planner.Code) rule.Subject {
	return rule.Subject{ID: string(u), Name: g.units[u].Name}
}

// stated gives the ledger's figure of a unit or facility; nil when it has none.
func (g *gather) stated(subject, key string) *float64 {
	if f, ok := g.ledger[ledgerKey{subject, key}]; ok {
		return &f.Value
	}
	return nil
}

// speaking are the units whose ledgers tell of keys: the counties, but a city or
// province that states the figures itself where a county below says nothing.
func (g *gather) speaking(keys ...string) []planner.Code {
	var all []planner.Code
	tops := map[planner.Code]bool{}
	for _, c := range g.counties {
		if p := c.Ancestor(planner.Province); !tops[p] {
			tops[p] = true
			units, _ := g.below(p, keys)
			all = append(all, units...)
		}
	}
	return all
}

func (g *gather) below(u planner.Code, keys []string) (units []planner.Code, whole bool) {
	own := !slices.ContainsFunc(keys, func(k string) bool { return g.stated(string(u), k) == nil })
	if u.Level() == planner.County {
		return []planner.Code{u}, own
	}
	whole = true
	for _, c := range g.lower[u] {
		below, all := g.below(c, keys)
		units, whole = append(units, below...), whole && all
	}
	if !whole && own && g.spec.Covers(u) {
		return []planner.Code{u}, true
	}
	return units, whole
}

// number gives a number of a facility: its own, or the ledger's; nil when nobody knows.
func (g *gather) number(f *Facility, key string) *float64 {
	own, ok := map[string]*int{"beds": f.Beds, "nursing_beds": f.NursingBeds, "capacity_left": f.CapacityLeft, "weekly_open_days": f.WeeklyOpenDays}[key]
	switch {
	case !ok:
		return g.stated(f.ID, key)
	case own == nil:
		return nil
	}
	v := float64(*own)
	return &v
}

// listed tells whether the data hold any facility of some services. Without one the
// list was not imported, and nobody may be told that the service is lacking.
func (g *gather) listed(services []string) bool {
	return slices.ContainsFunc(g.in.Facilities, func(f Facility) bool { return f.Offers(services...) })
}

// open are the facilities that offer some services on the day, in the units asked for.
func (g *gather) open(services []string) (all []*Facility) {
	for i := range g.in.Facilities {
		if f := &g.in.Facilities[i]; f.Offers(services...) && f.Serves(g.spec.AsOf) && g.spec.Covers(f.Unit) {
			all = append(all, f)
		}
	}
	return all
}

// district tells 市辖区 (01–20 of GB/T 2260) from counties and county-level cities.
func district(c planner.Code) bool { return c.Level() == planner.County && c[4:6] <= "20" }

// virtual tells a county that has villages but no township, such as 龙港: it stands for one.
func (g *gather) virtual() map[planner.Code]bool {
	towns, villages := map[planner.Code]bool{}, map[planner.Code]bool{}
	for _, u := range g.in.Units {
		switch county := u.Code.Ancestor(planner.County); {
		case u.Level == planner.Township && !similar(u.Code) && !planner.IsPlaceholder(u.Name):
			towns[county] = true
		case u.Level == planner.Village:
			villages[county] = true
		}
	}
	alone := map[planner.Code]bool{}
	for c := range villages {
		if _, known := g.units[c]; known && !towns[c] {
			alone[c] = true
		}
	}
	return alone
}

// scope lists the units that a standard judges, in the order of the data, and for
// each whether it is sure that the standard asks it: not where a number of people
// decides that nobody has counted, nor where a county keeps no list of flags
// (it then stands for its villages).
func (g *gather) scope(s standard.Standard) (units []Unit, sure []bool) {
	flagged, lists := flagsOf(g.in, s.Unit.Flag)
	var alone map[planner.Code]bool
	if s.Unit.Judges(planner.Township) {
		alone = g.virtual()
	}
	told := map[planner.Code]bool{}
	for _, u := range g.in.Units {
		county := u.Code.Ancestor(planner.County)
		asks := s.Unit.Judges(u.Level) && !(u.Level == planner.Township && alone[county]) || u.Level == planner.County && alone[u.Code]
		if !asks || g.zones[u.Code] || similar(u.Code) || s.Unit.NoDistricts && district(u.Code) || len(s.Unit.Named) > 0 && !slices.Contains(s.Unit.Named, u.Code) {
			continue
		}
		certain := true
		if n := s.Unit.LeastPeople; n > 0 && u.Level == planner.County {
			people, counted := g.people[cohort{s.Group, s.Basis}][u.Code]
			if counted && people < n {
				continue
			}
			certain = counted
		}
		if s.Unit.Flag != "" {
			switch {
			case lists[county] && !flagged[u.Code]:
				continue
			case !lists[county] && told[county]:
				continue
			case !lists[county]:
				told[county] = true
				u, certain = Unit{Code: county, Level: planner.County, Name: g.units[county].Name}, false
			}
		}
		units, sure = append(units, u), append(sure, certain)
	}
	return units, sure
}

// flagsOf gives the units that bear a flag and the counties that keep a list of it.
func flagsOf(in *Inputs, flag string) (flagged, lists map[planner.Code]bool) {
	flagged, lists = map[planner.Code]bool{}, map[planner.Code]bool{}
	for _, f := range in.Flags {
		if flag != "" && f.Flag == flag {
			flagged[f.Unit] = f.Value
			lists[f.Unit.Ancestor(planner.County)] = true
		}
	}
	return flagged, lists
}

// home gives, for the facilities of a unit's code, the unit of the scope that they stand in.
func home(units []Unit) func(planner.Code) []int {
	at := map[planner.Code]int{}
	for i, u := range units {
		at[u.Code] = i
	}
	return func(c planner.Code) (all []int) {
		for ; c != ""; c = c.Parent() {
			if i, ok := at[c]; ok {
				all = append(all, i)
			}
		}
		return all
	}
}
