package geocode

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner/address"
)

const (
	margin  = 4  // answers nearer than this are not told apart
	certain = 30 // what costs more is a candidate only
)

// candidate is a place that the text may mean.
type candidate struct {
	place   Place
	cost    int
	reading *reading
	house   *House
	left    int // price of the numbers that the house leaves out
	group   int // houses of one plate
}

// decide weighs the houses that were found and gives the answer.
func (g *Gazetteer) decide(q *question, find func(Key) []House) Answer {
	a := Answer{Text: q.given, Status: Unmatched, Reasons: []Reason{}}
	if len(q.readings) == 0 {
		a.Reasons = append(a.Reasons, reasonNothing)
		return a
	}
	if houses := g.houses(q, find); len(houses) > 0 {
		best := houses[0]
		near := slices.IndexFunc(houses, func(c candidate) bool { return c.cost > best.cost+margin })
		if near < 0 {
			near = len(houses)
		}
		switch {
		case g.nearerName(q, &best):
		case best.cost <= certain && near == 1 && !(q.wide && q.links[best.reading.link].names < 2):
			a.Status, a.Place = Matched, &best.place
			a.Rest, a.Reasons = g.rest(q, &best), g.reasons(q, &best)
			return a
		case best.cost <= q.readings[0].cost+certain:
			why := reasonSeveral
			if near == 1 {
				why = reasonFar
			}
			return g.ambiguous(q, a, houses[:near], why)
		}
	}
	return g.named(q, a)
}

// nearerName tells whether the text names another place better than that of a house:
// 小塘村36号 is of the village, where no such house is known, not of the hamlet 小塘 that has one.
func (g *Gazetteer) nearerName(q *question, c *candidate) bool {
	leaf := q.links[c.reading.link].leaf()
	return slices.ContainsFunc(q.readings, func(r reading) bool {
		at := q.links[r.link].leaf()
		return r.cost < c.reading.cost && r.tail.strange == 0 && g.rank(at) >= rankVillage && at != leaf && !g.below(leaf, at) && !g.below(at, leaf)
	})
}

// houses gives the houses of all readings, cheapest first, each once.
func (g *Gazetteer) houses(q *question, find func(Key) []House) (all []candidate) {
	type identity struct{ unit, street, hamlet, compound, plate, building string }
	at := map[identity]int{}
	for i := range q.readings {
		r := &q.readings[i]
		if len(r.tail.numbers) == 0 && g.rank(q.links[r.link].leaf()) < rankStreet {
			continue // a division alone is no house
		}
		found := -1 // price of the longest number that has a house
		for j, k := range r.keys {
			if found >= 0 && r.prices[j] >= found {
				break
			}
			houses := find(k)
			group := samePlate(houses)
			for h := range houses {
				if group && h > 0 {
					break
				}
				house := &houses[h]
				cost := r.cost + r.prices[j] + unitPrice(house, &r.tail, g.rank(q.links[r.link].leaf()))
				id := identity{string(house.Unit), house.Street, house.Hamlet, house.Compound, house.Plate, house.Building}
				c := candidate{cost: cost, reading: r, house: house, left: r.prices[j], group: len(houses)}
				if old, ok := at[id]; ok {
					if all[old].cost > cost {
						all[old] = c
					}
					continue
				}
				at[id] = len(all)
				all = append(all, c)
			}
			if len(houses) > 0 {
				found = r.prices[j]
			}
		}
	}
	for i := range all {
		c := &all[i]
		c.place = c.house.Place(score(c.cost))
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.place.Address, b.place.Address))
	})
	return all
}

// samePlate tells whether houses are the buildings of one plate, which a text
// without a building means as a whole.
func samePlate(houses []House) bool {
	for i := range houses {
		h, first := &houses[i], &houses[0]
		if h.Unit != first.Unit || h.Plate != first.Plate || h.Plate == "" || h.Street != first.Street || h.Hamlet != first.Hamlet || h.Building == "" {
			return false
		}
	}
	return len(houses) > 1
}

// unitPrice is what it costs that 3号 was said and the house is 3幢.
func unitPrice(h *House, t *tail, rank uint8) int {
	if rank != rankCompound || h.Plate == "" || len(t.numbers) == 0 {
		return 0
	}
	if (h.Building == "") != (t.numbers[0].Level == address.Plate) {
		return margin + 1
	}
	return 0
}

func score(cost int) float64 { return float64(max(0, 100-cost)) / 100 }

// named answers with the deepest name that is certain when no house is.
func (g *Gazetteer) named(q *question, a Answer) Answer {
	var near []candidate
	limit := -1
	for i := range q.readings {
		r := &q.readings[i]
		if limit >= 0 && r.cost > limit {
			break
		}
		if q.links[r.link].cost > certain {
			continue
		}
		if limit < 0 {
			limit = r.cost + margin
		}
		if r = g.settled(q, r); r == nil {
			continue
		}
		leaf := q.links[r.link].leaf()
		covered := slices.ContainsFunc(near, func(o candidate) bool {
			at := q.links[o.reading.link].leaf()
			return at == leaf || g.below(at, leaf) || g.below(leaf, at) && q.links[o.reading.link].start == q.links[r.link].start // 下沙 is the township, not its village 下沙
		})
		if !covered {
			near = slices.DeleteFunc(near, func(o candidate) bool { return g.below(leaf, q.links[o.reading.link].leaf()) })
			near = append(near, candidate{cost: q.links[r.link].cost, reading: r, place: g.place(leaf, q.links[r.link].cost)})
		}
	}
	if len(near) == 0 { // what the best reading begins with may be certain
		if r := g.settled(q, &q.readings[0]); r != nil {
			l := &q.links[r.link]
			near = append(near, candidate{cost: l.cost, reading: r, place: g.place(l.leaf(), l.cost)})
		}
	}
	switch {
	case len(near) == 0:
		r := &q.readings[0]
		leaf := q.links[r.link].leaf()
		return g.ambiguous(q, a, []candidate{{cost: q.links[r.link].cost, reading: r, place: g.place(leaf, q.links[r.link].cost)}}, reasonFar)
	case len(near) > 1 || q.wide && q.links[near[0].reading.link].names < 2:
		return g.ambiguous(q, a, near, reasonSeveral)
	}
	best := &near[0]
	a.Status, a.Place, a.Rest = Matched, &best.place, g.rest(q, best)
	a.Reasons = g.reasons(q, best)
	if len(best.reading.tail.numbers) > 0 && g.rank(q.links[best.reading.link].leaf()) >= rankVillage {
		a.Reasons = append(a.Reasons, reasonNoHouse)
	} else if best.reading.tail.strange > 0 {
		a.Reasons = append(a.Reasons, reasonUnknown)
	}
	return a
}

// settled gives the longest beginning of a reading that is certain, nil for none.
func (g *Gazetteer) settled(q *question, r *reading) *reading {
	for at := r.link; at > 0; at = q.links[at].prev {
		if l := &q.links[at]; at != r.link {
			r = &reading{link: at, tail: tailOf(g.rank(l.leaf()), q.text[l.end:])}
		}
		if !g.doubtful(q, r) {
			return r
		}
	}
	return nil
}

// doubtful tells whether the name that a reading ends with is no certain answer: it
// costs too much, is loosely written and followed by more that is not known (山东 in
// front of a text is not the village 山东村, 文三路 not 文三社区), or the text has
// another address, too.
func (g *Gazetteer) doubtful(q *question, r *reading) bool {
	l := &q.links[r.link]
	rank, loose := g.rank(l.leaf()), l.form >= asLoose
	if l.form == asShort && rank >= rankTownship {
		loose = r.tail.cut || rank >= rankVillage && !r.tail.clean
		street := rank == rankVillage && strings.ContainsRune("路街巷弄道", q.text[l.end-1]) // 大学路158号 need not be in 大学路社区
		if street && len(r.tail.numbers) > 0 || l.prev >= 0 && l.skipped > q.links[l.prev].skipped {
			return true
		}
	}
	if l.form == asMoved && len(g.byName[string(q.text[l.start:l.end])]) > 1 {
		return true // 余杭区 alone is the 余杭区 of today, 江干区 alone may be in two districts
	}
	return l.cost > certain || r.tail.strange > 0 && loose || g.elsewhere(q, l.leaf())
}

// elsewhere tells whether a text names a division that has nothing to do with a place:
// another province, city, county or township; or a city that is not known.
func (g *Gazetteer) elsewhere(q *question, place int32) bool {
	if q.divisions == nil {
		q.divisions = []address.Element{}
		for _, e := range address.Parse(string(q.text)) {
			if e.Level == address.Province || e.Level == address.Township && !strings.HasSuffix(e.Text, "区") || (e.Level == address.Prefecture || e.Level == address.County) && strings.ContainsAny(e.Text, "市县区") {
				q.divisions = append(q.divisions, e)
			}
		}
	}
	return slices.ContainsFunc(q.divisions, func(e address.Element) bool {
		known := false
		for _, m := range g.byName[e.Text] {
			if g.rank(m.node) <= rankTownship && m.form <= asFormer {
				if known = true; m.node == place || g.below(place, m.node) || g.below(m.node, place) {
					return false
				}
			}
		}
		return known || e.Level == address.Province || e.Level == address.Prefecture
	})
}

// place gives a node as a place.
func (g *Gazetteer) place(at int32, cost int) Place {
	return Place{Level: rankLevels[g.nodes[at].level], Code: g.nodes[at].code, Text: g.path(at), Point: g.point(at), Score: score(cost)}
}

// ambiguous gives candidates, and what all of them have in common.
func (g *Gazetteer) ambiguous(q *question, a Answer, near []candidate, why Reason) Answer {
	common := int32(-2)
	for i := range near {
		at := q.links[near[i].reading.link].leaf()
		if near[i].house != nil {
			if d := g.division(near[i].house.Unit); d >= 0 && g.rank(at) < rankStreet {
				at = d
			}
		}
		for common != -2 && common >= 0 && at != common && !g.below(at, common) {
			common = g.nodes[common].parent
		}
		if common == -2 {
			common = at
		}
	}
	if common == q.links[near[0].reading.link].leaf() && why == reasonFar {
		common = g.nodes[common].parent
	}
	a.Status, a.Reasons = Ambiguous, []Reason{why}
	if common >= 0 {
		p := g.place(common, near[0].cost)
		a.Place = &p
	}
	for i := range near[:min(len(near), MaxCandidates)] {
		a.Candidates = append(a.Candidates, near[i].place)
	}
	return a
}

// rest gives the text that a candidate leaves unused.
func (g *Gazetteer) rest(q *question, c *candidate) string {
	text := string(q.text[q.links[c.reading.link].end:])
	if c.house == nil {
		return text
	}
	for _, e := range c.reading.tail.numbers {
		if e.Level != address.Plate && e.Level != address.Building {
			break
		}
		if i := strings.Index(text, e.Text); i >= 0 {
			text = text[i+len(e.Text):]
		}
	}
	return strings.TrimLeft(text, "-")
}
