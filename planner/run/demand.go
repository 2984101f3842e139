package run

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// spot is a place where people of a village are.
type spot struct {
	unit   planner.Code
	hamlet string
	point  *orb.Point // nil: nobody knows where
}

// cohort is one way of counting people.
type cohort struct{ group, basis string }

// demand holds the people of a run on its spots, sorted by unit.
type demand struct {
	spots  []spot
	within map[planner.Code][2]int // unit → half-open range of its spots
	method map[planner.Code]string // unit → address, cell, village_point, none
	people map[cohort][]int32      // cohort → people on each spot
}

// place puts the counted people of each unit on spots: its residential
// addresses when there are any, the cells of the count itself when it came with
// points, else the unit's point. No person is lost: the spots of a unit sum to
// its count exactly.
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
		first := len(d.spots)
		cells := map[orb.Point]int{}
		switch {
		case len(addresses[u]) > 0:
			d.method[u] = "address"
			for _, a := range addresses[u] {
				p := a.Point
				d.spots = append(d.spots, spot{u, a.Hamlet, &p})
			}
		case slices.ContainsFunc(counts[u], func(c Count) bool { return c.Point != nil }):
			d.method[u] = "cell"
			for _, c := range counts[u] {
				if c.Point == nil {
					continue
				}
				if _, ok := cells[*c.Point]; !ok {
					cells[*c.Point] = len(d.spots)
					d.spots = append(d.spots, spot{u, "", c.Point})
				}
			}
		case units[u].Point != nil:
			d.method[u] = "village_point"
			d.spots = append(d.spots, spot{u, "", units[u].Point})
		default:
			d.method[u] = "none"
			d.spots = append(d.spots, spot{u, "", nil})
		}
		d.within[u] = [2]int{first, len(d.spots)}
		for _, c := range counts[u] {
			row := d.row(cohort{c.Group, c.Basis})
			if i, ok := cells[pointOf(c)]; ok && c.Point != nil {
				row[i] += int32(c.People)
				continue
			}
			apportion(row[first:len(d.spots)], c.People)
		}
	}
	for c := range d.people {
		d.row(c)
	}
	return d
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

// apportion spreads people over spots as evenly as whole people allow: spot i
// gets ⌊(i+1)·p/n⌋ − ⌊i·p/n⌋, which sums to p.
func apportion(spots []int32, people int) {
	n := int64(len(spots))
	for i := range n {
		spots[i] += int32((i+1)*int64(people)/n - i*int64(people)/n)
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

func pointOf(c Count) orb.Point {
	if c.Point == nil {
		return orb.Point{}
	}
	return *c.Point
}
