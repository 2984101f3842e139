// Package suppress decides which units' counts of people the public is not
// shown, so that no count below a limit can be found, neither directly nor by
// adding and subtracting what is shown across levels, layers, runs and filters.
//
// A unit is shown with all its counts or with none. A withheld unit has all units
// below it withheld, so that what can be learnt is a sum of atoms: an atom is a
// shown unit less its shown children. Atoms are disjoint; if each count of each
// atom is zero or not below the limit, then so is each count that any
// subtraction gives. Whoever knows one withheld unit from within (its own
// officials) can take it out of its atom; what is left must be safe, too.
//
// This is complementary suppression (Hundepool et al., Statistical Disclosure
// Control, 2012, ch. 4) in the form that needs no solver and hides whole units.
package suppress

import (
	"cmp"
	"slices"
)

// Unit is a unit with its counts of people.
type Unit struct {
	Code   string
	Parent string // the unit whose counts include this one's; "" or unknown for none
	Counts []int  // people by component, the same components for every unit
}

// node is a unit in the tree.
type node struct {
	Unit
	parent   *node
	children []*node
	withheld bool
	people   int // the largest count, to withhold small units first
}

// Withhold gives the codes of the units that are not shown, in order: those
// with a count from 1 to limit-1, those that protect them, and those in already,
// which stay withheld so that two runs cannot be held against each other.
// Counts of zero are no secret.
func Withhold(units []Unit, already func(code string) bool, limit int) []string {
	byCode := make(map[string]*node, len(units))
	all := make([]*node, len(units))
	for i, u := range units {
		all[i] = &node{Unit: u}
		if len(u.Counts) > 0 {
			all[i].people = slices.Max(u.Counts)
		}
		byCode[u.Code] = all[i]
	}
	slices.SortFunc(all, func(a, b *node) int { return cmp.Compare(a.Code, b.Code) })
	for _, n := range all {
		if p := byCode[n.Unit.Parent]; p != nil && p != n {
			n.parent, p.children = p, append(p.children, n)
		}
	}
	for _, n := range all {
		if already(n.Code) || slices.ContainsFunc(n.Counts, func(c int) bool { return small(c, limit) }) {
			n.withhold()
		}
	}
	// Each step withholds one unit more, so this ends.
	for changed := true; changed; {
		changed = false
		for _, n := range all {
			for !n.withheld && !n.safe(limit) {
				n.widen()
				changed = true
			}
		}
	}
	var codes []string
	for _, n := range all {
		if n.withheld {
			codes = append(codes, n.Code)
		}
	}
	return codes
}

func small(count, limit int) bool { return count > 0 && count < limit }

func (n *node) withhold() {
	if n.withheld {
		return // and all below it
	}
	n.withheld = true
	for _, c := range n.children {
		c.withhold()
	}
}

// widen makes the atom of a shown unit larger: by its smallest shown child, or
// by handing all of it to the parent's.
func (n *node) widen() {
	var least *node
	for _, c := range n.children {
		if !c.withheld && (least == nil || c.people < least.people) {
			least = c
		}
	}
	if least == nil {
		least = n
	}
	least.withhold()
}

// safe tells whether the atom of a shown unit keeps every secret.
func (n *node) safe(limit int) bool {
	atom := slices.Clone(n.Counts)
	for _, c := range n.children {
		if !c.withheld {
			for k, v := range c.Counts {
				atom[k] -= v
			}
		}
	}
	// what people of a unit without children, or outside of all children, are is in the atom as well
	if slices.ContainsFunc(atom, func(v int) bool { return small(v, limit) }) {
		return false
	}
	for _, c := range n.children {
		if c.withheld && !c.leaves(atom, limit) {
			return false
		}
	}
	return true
}

// leaves tells whether the atom stays safe from those who know n or a unit below it.
func (n *node) leaves(atom []int, limit int) bool {
	for k, v := range n.Counts {
		if small(atom[k]-v, limit) {
			return false
		}
	}
	return !slices.ContainsFunc(n.children, func(c *node) bool { return !c.leaves(atom, limit) })
}
