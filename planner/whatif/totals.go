package whatif

import (
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Total is the people of one group in one unit. They add up: everybody is covered, uncovered or unverified.
type Total struct {
	Unit                           planner.Code
	Group                          string
	Covered, Uncovered, Unverified int
}

// totals sums people by unit and group. Cell u·groups + g is unit u's group g.
type totals struct {
	groups     []string
	people     [][]int32
	units      []planner.Code // by code, so that indices sort as codes do
	parent     []int32        // by unit, −1 at the top
	unit       []int32        // by point
	all        []int          // by cell: everybody
	unverified []int
	covered    []int

	touched []int32 // units of the edit that is being made
	before  []int   // of the touched units, by group
	edit    uint32
	seen    []uint32 // by unit: the last edit that touched it
}

func newTotals(d Demand, covered func(point int) bool) totals {
	t := totals{groups: d.Groups, people: d.People, unit: make([]int32, len(d.Units))}
	index := map[planner.Code]int32{}
	for _, u := range d.Units {
		for ; u != ""; u = u.Parent() {
			if _, known := index[u]; known {
				break
			}
			index[u] = 0
			t.units = append(t.units, u)
		}
	}
	slices.Sort(t.units)
	for i, u := range t.units {
		index[u] = int32(i)
	}
	for _, u := range t.units {
		parent, ok := index[u.Parent()]
		if !ok {
			parent = -1
		}
		t.parent = append(t.parent, parent)
	}
	cells := len(t.units) * len(t.groups)
	t.all, t.unverified, t.covered, t.seen = make([]int, cells), make([]int, cells), make([]int, cells), make([]uint32, len(t.units))
	for p, u := range d.Units {
		t.unit[p] = -1
		if u == "" {
			continue
		}
		t.unit[p] = index[u]
		t.add(t.all, int32(p), 1)
		if d.Snaps[p] == nil {
			t.add(t.unverified, int32(p), 1)
		} else if covered(p) {
			t.add(t.covered, int32(p), 1)
		}
	}
	return t
}

// copy shares what no edit changes.
func (t *totals) copy() totals {
	own := *t
	own.covered, own.seen = slices.Clone(t.covered), slices.Clone(t.seen)
	own.touched, own.before = nil, nil
	return own
}

// add counts a point's people in its unit and all above.
func (t *totals) add(cells []int, point int32, sign int) {
	for u := t.unit[point]; u >= 0; u = t.parent[u] {
		for g, people := range t.people {
			cells[int(u)*len(t.groups)+g] += sign * int(people[point])
		}
	}
}

func (t *totals) begin() {
	t.edit++
	t.touched, t.before = t.touched[:0], t.before[:0]
}

// shift counts a point's people among the covered, or no longer.
func (t *totals) shift(point int32, sign int) {
	for u := t.unit[point]; u >= 0 && t.seen[u] != t.edit; u = t.parent[u] {
		t.seen[u] = t.edit
		t.touched = append(t.touched, u)
		t.before = append(t.before, t.covered[int(u)*len(t.groups):][:len(t.groups)]...)
	}
	t.add(t.covered, point, sign)
}

// gains compares the touched units with what they were at begin.
func (t *totals) gains() []Gain {
	order := make([]int, len(t.touched))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return int(t.touched[x]) - int(t.touched[y]) })
	var all []Gain
	for _, i := range order {
		u := int(t.touched[i])
		for g, group := range t.groups {
			if before, after := t.before[i*len(t.groups)+g], t.covered[u*len(t.groups)+g]; before != after {
				all = append(all, Gain{t.units[u], group, before, after})
			}
		}
	}
	return all
}

func (t *totals) rows() []Total {
	rows := make([]Total, 0, len(t.covered))
	for i, covered := range t.covered {
		rows = append(rows, Total{t.units[i/len(t.groups)], t.groups[i%len(t.groups)], covered, t.all[i] - t.unverified[i] - covered, t.unverified[i]})
	}
	return rows
}
