package run

import (
	"cmp"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// access is how one spot gets to the service of a standard.
type access struct {
	known      bool          // the spot could be brought onto the network
	walk, ride travel.Millis // to the nearest serving facility; travel.Unreached when there is no way in the searched range
	site       int32         // index of the facility that walk leads to, −1 for none
	door       bool          // the service comes to the door
}

// class puts a spot into exactly one people class for a limit.
func (a access) class(limit travel.Millis) string {
	switch {
	case !a.known:
		return "unverified"
	case a.walk <= limit:
		return "walk"
	case a.ride <= limit:
		return "ride"
	case a.door:
		return "home_service"
	}
	return "uncovered"
}

// cohorts are the groups that EL-07 is read by: the first in its verdicts, the others beside it.
var cohorts = []cohort{{"60+", "resident"}, {"60+", "registered"}, {"80+", "resident"}}

// judgedBy is the cohort that a standard judges: residents unless it says otherwise.
func judgedBy(s standard.Standard) cohort { return cohort{s.Group, cmp.Or(s.Basis, "resident")} }

// cohortsOf are the cohorts that are counted for a standard.
func cohortsOf(s standard.Standard) []cohort {
	if own := judgedBy(s); !slices.Contains(cohorts, own) {
		return append(slices.Clone(cohorts), own)
	}
	return cohorts
}

// tally sums a cohort's people by class for every unit above the spots, up to the province.
func (e *Evaluation) tally(d *demand, c cohort, s standard.Standard, reach []access) []Tally {
	type key struct {
		unit  planner.Code
		class string
	}
	sums := map[key]int{}
	people := d.people[c]
	for i, spot := range d.spots {
		if len(people) == 0 || people[i] == 0 {
			continue
		}
		class := reach[i].class(millis(s.Minutes))
		for u := spot.unit; u != ""; u = u.Parent() {
			sums[key{u, class}] += int(people[i])
		}
		if zone := e.zoneOf(spot.unit); zone != "" {
			sums[key{zone, class}] += int(people[i])
		}
	}
	rows := make([]Tally, 0, len(sums))
	for k, n := range sums {
		rows = append(rows, Tally{s.ID, c.group, c.basis, k.unit, k.class, n})
	}
	return rows
}

// sumTallies adds up the parts of a standard: cohort → unit → class → people.
func sumTallies(parts []*Part, standard string) map[cohort]map[planner.Code]map[string]int {
	all := map[cohort]map[planner.Code]map[string]int{}
	for _, p := range parts {
		for _, t := range p.Tallies {
			if t.Standard != standard {
				continue
			}
			c := cohort{t.Group, t.Basis}
			if all[c] == nil {
				all[c] = map[planner.Code]map[string]int{}
			}
			if all[c][t.Unit] == nil {
				all[c][t.Unit] = map[string]int{}
			}
			all[c][t.Unit][t.Class] += t.People
		}
	}
	return all
}

// accessCoverage gives the coverage rows of an access_time standard.
func accessCoverage(in *Inputs, s standard.Standard, all map[cohort]map[planner.Code]map[string]int) []Coverage {
	var rows []Coverage
	for _, c := range cohortsOf(s) {
		sums := all[c]
		for _, u := range in.Units {
			total := 0
			for _, n := range sums[u.Code] {
				total += n
			}
			if total == 0 {
				continue
			}
			n := sums[u.Code]
			verdict := accessAnswer(s, []rule.Served{{Within: n["walk"], Outside: n["ride"] + n["home_service"] + n["uncovered"], Unknown: n["unverified"]}}).Verdict
			for _, class := range planner.Classes {
				rows = append(rows, Coverage{Unit: u.Code, Name: u.Name, Level: u.Level, Standard: s.ID, Group: c.group, Basis: c.basis,
					Profile: s.Profile, Minutes: s.Minutes, Class: class.ID, Total: total, People: sums[u.Code][class.ID], Verdict: verdict})
			}
		}
	}
	return rows
}

// accessAnswer judges a share only against a threshold that somebody set.
func accessAnswer(s standard.Standard, rows []rule.Served) rule.Answer {
	if s.Kind == "access_distance" {
		return rule.AccessDistance(rows, s.Metres, s.Threshold, s.Data)
	}
	return rule.AccessTime(rows, s.Minutes, s.Threshold, s.Data)
}

func sortCoverage(rows []Coverage) {
	slices.SortFunc(rows, func(a, b Coverage) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Standard, b.Standard), cmp.Compare(a.Group, b.Group),
			cmp.Compare(a.Basis, b.Basis), cmp.Compare(a.Class, b.Class))
	})
}

// minutesOf gives minutes with one decimal, rounded up so that 15.01 is never
// shown as 15; nil when there is no way.
func minutesOf(ms travel.Millis) *float64 {
	if ms == travel.Unreached {
		return nil
	}
	m := math.Ceil(float64(ms)/6000) / 10
	return &m
}
