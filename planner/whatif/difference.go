package whatif

import (
	"maps"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Difference is what all edits together do to the people of one group in one unit.
type Difference struct {
	Unit          planner.Code
	Group         string
	Gained, Lost  int // covered now and not at first; the other way round
	Before, After int // covered at first, and now
	All           int // people of the group in the unit
}

// Differences compares with the base, whatever the edits were in between: units in which somebody gains or loses, by unit,
// then by group as in the demand.
func (s *Scenario) Differences() []Difference {
	t := &s.totals
	gained, lost := map[int]int{}, map[int]int{} // by cell
	for point, is := range s.moved {
		to := lost
		if is {
			to = gained
		}
		for u := t.unit[point]; u >= 0; u = t.parent[u] {
			for g, people := range t.people {
				if n := int(people[point]); n > 0 {
					to[int(u)*len(t.groups)+g] += n
				}
			}
		}
	}
	cells := slices.Collect(maps.Keys(gained))
	for c := range lost {
		if gained[c] == 0 {
			cells = append(cells, c)
		}
	}
	slices.Sort(cells)
	all := make([]Difference, len(cells))
	for i, c := range cells {
		all[i] = s.difference(c, gained[c], lost[c])
	}
	return all
}

func (s *Scenario) difference(cell, gained, lost int) Difference {
	t := &s.totals
	return Difference{t.units[cell/len(t.groups)], t.groups[cell%len(t.groups)], gained, lost, s.Base.totals.covered[cell], t.covered[cell], t.all[cell]}
}

// Whole is the same for everybody, by group as in the demand, with the groups that nothing changes.
func (s *Scenario) Whole() []Difference {
	t := &s.totals
	all := make([]Difference, len(t.groups))
	for g, group := range t.groups {
		all[g].Group = group
	}
	for u, parent := range t.parent {
		if parent >= 0 {
			continue
		}
		for g := range all {
			d := s.difference(u*len(t.groups)+g, 0, 0)
			all[g].Before, all[g].After, all[g].All = all[g].Before+d.Before, all[g].After+d.After, all[g].All+d.All
		}
	}
	for point, is := range s.moved {
		for g, people := range t.people {
			if is {
				all[g].Gained += int(people[point])
			} else {
				all[g].Lost += int(people[point])
			}
		}
	}
	return all
}
