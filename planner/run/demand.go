package run

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// spot is a place where people of a village are.
type spot struct {
	unit   planner.Code
	hamlet string
	point  *orb.Point // nil: nobody knows where
	lived  int64      // per mille of it that is lived in
}

// cohort is one way of counting people.
type cohort struct{ group, basis string }

// demand holds the people of a run on its spots, sorted by unit.
type demand struct {
	spots  []spot
	within map[planner.Code][2]int // unit → half-open range of its spots
	method map[planner.Code]string // unit → hamlet, address, cell, village_point, none
	people map[cohort][]int32      // cohort → people on each spot
}

// place puts the counted people of each unit on spots: those of a counted hamlet
// on its addresses or its point; the others on the residential addresses of the
// unit when there are any, the cells of the count itself when it came with points,
// else the unit's point. No person is lost: the spots of a unit sum to its count exactly.
func place(units map[planner.Code]Unit, population []Count, residential []Address) *demand {
	d := &demand{within: map[planner.Code][2]int{}, method: map[planner.Code]string{}, people: map[cohort][]int32{}}
	addresses := byUnit(residential, func(a Address) planner.Code { return a.Unit })
	counts := byUnit(population, func(c Count) planner.Code { return c.Unit })
	settled := make([]planner.Code, 0, len(counts))
	for u := range counts {
		settled = append(settled, u)
	}
	slices.Sort(settled)
	for _, u := range settled {
		d.settle(units[u], u, counts[u], addresses[u])
	}
	for c := range d.people {
		d.row(c)
	}
	return d
}

// settle places the people of one unit.
func (d *demand) settle(unit Unit, u planner.Code, counts []Count, addresses []Address) {
	first := len(d.spots)
	hamlets := map[string][]int{} // short name → its spots
	left := hamletsLeft(counts)
	for _, a := range addresses {
		p := a.Point
		lived := int64(1000 - a.Empty)
		if left[shortHamlet(a.Hamlet)] {
			lived = 0
		}
		if name := shortHamlet(a.Hamlet); name != "" {
			hamlets[name] = append(hamlets[name], len(d.spots))
		}
		d.spots = append(d.spots, spot{u, a.Hamlet, &p, lived})
	}
	cells := map[orb.Point]int{}
	counted := map[cohort]map[string]bool{}
	for _, c := range counts {
		name := shortHamlet(c.Hamlet)
		switch {
		case name != "":
			k := cohort{c.Group, c.Basis}
			if counted[k] == nil {
				counted[k] = map[string]bool{}
			}
			counted[k][name] = true
			if len(hamlets[name]) == 0 && !left[name] {
				at := c.Point
				if at == nil {
					at = unit.Point
				}
				hamlets[name] = []int{len(d.spots)}
				d.spots = append(d.spots, spot{u, c.Hamlet, at, 1000})
			}
		case c.Point != nil && len(addresses) == 0:
			if _, ok := cells[*c.Point]; !ok {
				cells[*c.Point] = len(d.spots)
				d.spots = append(d.spots, spot{u, "", c.Point, 1000})
			}
		}
	}
	switch {
	case len(counted) > 0:
		d.method[u] = "hamlet"
	case len(addresses) > 0:
		d.method[u] = "address"
	case len(cells) > 0:
		d.method[u] = "cell"
	case unit.Point != nil:
		d.method[u] = "village_point"
	default:
		d.method[u] = "none"
	}
	if len(addresses)+len(cells) == 0 { // the rest of the village, or all of it
		d.spots = append(d.spots, spot{u, "", unit.Point, 1000})
	}
	d.within[u] = [2]int{first, len(d.spots)}
	for _, c := range counts {
		k := cohort{c.Group, c.Basis}
		if row := d.row(k); c.People > 0 {
			d.apportion(row, d.targets(c, first, hamlets, cells, counted[k]), c.People)
		}
	}
}

// targets are the spots on which a count is placed.
func (d *demand) targets(c Count, first int, hamlets map[string][]int, cells map[orb.Point]int, counted map[string]bool) []int {
	if name := shortHamlet(c.Hamlet); name != "" && len(hamlets[name]) > 0 {
		return hamlets[name]
	}
	if c.Point != nil && c.Hamlet == "" {
		if i, ok := cells[*c.Point]; ok {
			return []int{i}
		}
	}
	var rest, every []int
	for i := first; i < len(d.spots); i++ {
		every = append(every, i)
		if !counted[shortHamlet(d.spots[i].hamlet)] {
			rest = append(rest, i)
		}
	}
	if slices.ContainsFunc(rest, func(i int) bool { return d.spots[i].lived > 0 }) {
		return rest
	}
	return every
}

// hamletsLeft are the hamlets in which nobody is counted in any group: relocated.
func hamletsLeft(counts []Count) map[string]bool {
	left := map[string]bool{}
	for _, c := range counts {
		if name := shortHamlet(c.Hamlet); name != "" {
			before, seen := left[name]
			left[name] = c.People == 0 && (before || !seen)
		}
	}
	return left
}

// shortHamlet is the name of a hamlet without 自然村: lists write both.
func shortHamlet(name string) string { return strings.TrimSuffix(strings.TrimSpace(name), "自然村") }

// remainders takes from the number of each village what its hamlets are counted
// with, so that nobody is counted twice. over lists villages whose hamlets have more.
func remainders(population []Count) (all []Count, over []planner.Code) {
	type key struct {
		unit planner.Code
		cohort
	}
	sums, whole := map[key]int{}, map[key]bool{}
	for _, c := range population {
		k := key{c.Unit, cohort{c.Group, c.Basis}}
		if c.Hamlet != "" {
			sums[k] += c.People
		} else {
			whole[k] = true
		}
	}
	if len(sums) == 0 {
		return population, nil
	}
	all = slices.Clone(population)
	for i, c := range all {
		k := key{c.Unit, cohort{c.Group, c.Basis}}
		if c.Hamlet != "" || sums[k] == 0 {
			continue
		}
		if c.People < sums[k] && !slices.Contains(over, c.Unit) {
			over = append(over, c.Unit)
		}
		taken := min(c.People, sums[k])
		all[i].People -= taken
	}
	return all, over
}

// row gives the people of a cohort on all spots so far.
func (d *demand) row(c cohort) []int32 {
	row := d.people[c]
	for len(row) < len(d.spots) {
		row = append(row, 0)
	}
	d.people[c] = row
	return row
}

// apportion spreads people over spots by how far each is lived in, as evenly as
// whole people allow: up to spot i go ⌊w(0…i)·p/w⌋, which sums to p. Where nobody
// is said to live anywhere, all spots count alike.
func (d *demand) apportion(row []int32, spots []int, people int) {
	var all, so int64
	for _, i := range spots {
		all += d.spots[i].lived
	}
	weight := func(i int) int64 { return d.spots[i].lived }
	if all == 0 {
		all, weight = int64(len(spots)), func(int) int64 { return 1 }
	}
	before := int64(0)
	for _, i := range spots {
		so += weight(i)
		upto := so * int64(people) / all
		row[i] += int32(upto - before)
		before = upto
	}
}

// rows gives the demand layer: the cohorts of each unit, in id order.
func (d *demand) rows(units map[planner.Code]Unit) []Demand {
	var rows []Demand
	for c, people := range d.people {
		for u, r := range d.within {
			sum := 0
			for _, p := range people[r[0]:r[1]] {
				sum += int(p)
			}
			points := r[1] - r[0]
			if d.method[u] == "none" {
				points = 0
			}
			rows = append(rows, Demand{Unit: u, Name: units[u].Name, Group: c.group, Basis: c.basis, People: sum, Points: points, Method: d.method[u], Point: units[u].Point})
		}
	}
	slices.SortFunc(rows, func(a, b Demand) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Basis, b.Basis))
	})
	return rows
}

func byUnit[T any](rows []T, unit func(T) planner.Code) map[planner.Code][]T {
	m := map[planner.Code][]T{}
	for _, r := range rows {
		m[unit(r)] = append(m[unit(r)], r)
	}
	return m
}
