package run

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/suppress"
)

// within are the groups that contain others: their difference is a count, too.
var within = map[string][]string{"total": {"0-15", "0-17", "60+", "65+", "80+"}, "0-17": {"0-15"}, "60+": {"65+", "80+"}, "65+": {"80+"}}

// Published gives every count of people that a run and the population beneath it
// put before the public: each unit's own, and the differences of nested groups and of
// standards that ask for different minutes. population is of the run's data version.
func Published(coverage []Coverage, population []Count) []suppress.Unit {
	type part struct{ what, group, basis string } // what: a standard's class, a total, the population
	components := map[part]int{}
	minutes := map[string]int{} // of what people reach on foot
	counts := map[planner.Code]map[part]int{}
	add := func(u planner.Code, p part, n int) {
		if _, known := components[p]; !known {
			components[p] = len(components)
		}
		counts[u][p] += n
	}
	for _, c := range coverage {
		if counts[c.Unit] == nil {
			counts[c.Unit] = map[part]int{}
		}
		add(c.Unit, part{c.Standard + "." + c.Class, c.Group, c.Basis}, c.People)
		if c.Class == "walk" {
			minutes[c.Standard+".walk"] = c.Minutes
		}
		counts[c.Unit][part{c.Standard, c.Group, c.Basis}] = 0 // below: the total stands in the row of each class
	}
	for _, c := range coverage {
		add(c.Unit, part{c.Standard, c.Group, c.Basis}, c.People)
	}
	for _, p := range population {
		for u := p.Unit; u != ""; u = u.Parent() {
			if counts[u] != nil {
				add(u, part{"people", p.Group, p.Basis}, p.People)
			}
		}
	}
	all := make([]part, len(components))
	for p, i := range components {
		all[i] = p
	}
	units := make([]suppress.Unit, 0, len(counts))
	for u, by := range counts {
		row := make([]int, len(all), 2*len(all))
		for i, p := range all {
			row[i] = by[p]
		}
		for _, p := range all {
			for _, narrow := range within[p.group] {
				if n, ok := by[part{p.what, narrow, p.basis}]; ok {
					row = append(row, by[p]-n)
				} else {
					row = append(row, 0)
				}
			}
			for longer, m := range minutes {
				if m > minutes[p.what] && minutes[p.what] > 0 {
					row = append(row, by[part{longer, p.group, p.basis}]-by[p])
				}
			}
		}
		units = append(units, suppress.Unit{Code: string(u), Parent: string(u.Parent()), Counts: row})
	}
	slices.SortFunc(units, func(a, b suppress.Unit) int { return strings.Compare(a.Code, b.Code) })
	return units
}

// Overlapping are the units whose rows count people that other rows of the same level
// count, too: development zones. No complement can protect them, so the public is
// shown none of their counts. A unit of the tree has villages in its coverage.
func Overlapping(coverage []Coverage) []string {
	parents, units := map[planner.Code]bool{}, map[planner.Code]bool{}
	for _, c := range coverage {
		for u := c.Unit.Parent(); u != ""; u = u.Parent() {
			parents[u] = true
		}
		units[c.Unit] = true
	}
	var all []string
	for u := range units {
		if u.Level() == planner.County && !parents[u] {
			all = append(all, string(u))
		}
	}
	slices.Sort(all)
	return all
}
