package generate

import (
	"math"
	"math/rand/v2"
	"sort"
)

// peopleOf are the ranges from which a kind of village draws its residents,
// the share of 60+ among them, and how many are registered per resident.
var peopleOf = map[role]struct{ lo, hi, oldLo, oldHi, regLo, regHi float64 }{
	roleSeat:   {560, 1990, 0.185, 0.225, 0.86, 1.00},
	roleRiver:  {380, 1980, 0.205, 0.265, 1.02, 1.16},
	roleCoast:  {400, 1990, 0.205, 0.265, 1.00, 1.14},
	roleValley: {340, 1720, 0.27, 0.34, 1.10, 1.34},
	roleHill:   {305, 980, 0.355, 0.445, 1.35, 1.95},
	roleIsland: {310, 880, 0.365, 0.44, 1.30, 1.75},
}

// populate counts the people of every village. Residents of communities are
// 3,000–8,000; in the hills far more are registered than live there.
func (c *county) populate() {
	r := c.random("people")
	for i := range c.villages {
		v := &c.villages[i]
		ro := c.plan.townships[v.township].role
		k := peopleOf[ro]
		var total, old, reg float64
		switch {
		case v.community && ro == roleSeat:
			total, old, reg = between(r, 3050, 7700), between(r, 0.152, 0.179), between(r, 0.70, 0.88)
		case v.community:
			total, old, reg = between(r, 3020, 5400), between(r, 0.18, 0.22), between(r, 0.88, 1.0)
		default:
			total, old, reg = k.lo+(k.hi-k.lo)*math.Pow(r.Float64(), 1.25), between(r, k.oldLo, k.oldHi), between(r, k.regLo, k.regHi)
		}
		total *= c.plan.setting.people
		v.people.resident = agesOf(r, odd(r, total), old, 1)
		// Those who left are mostly of working age: elders are a smaller share of the
		// registered than of the residents where many left.
		regTotal := odd(r, total*reg)
		regOld := float64(v.people.resident.over60) * math.Pow(reg, 0.35) / float64(regTotal)
		v.people.registered = agesOf(r, regTotal, regOld, 1.1)
		v.built = math.Sqrt(total * 62 / math.Pi)
		if v.community {
			v.built = 430
		}
		v.class = classOf(ro, v.community, v.site.dist(c.centres[v.township]))
	}
	c.childBar, c.mealBar = bar{46, 40}, bar{28, 22}
	if s := c.plan.setting; s.childShare > 0 {
		c.childBar = c.barFor(s.childShare, func(g groups) int { return g.to17 })
		c.mealBar = c.barFor(s.mealShare, func(g groups) int { return g.over80 })
	}
}

// bar is the number of people from which a village is on a list; it varies by
// span, since such lists are not drawn up by number alone.
type bar struct{ least, span float64 }

func (b bar) reached(n int, by float64) bool { return n >= int(b.least)+int(by*b.span) }

// barFor sets a bar that about the given share of villages reach.
func (c *county) barFor(share float64, count func(groups) int) bar {
	all := make([]int, len(c.villages))
	for i := range all {
		all[i] = count(c.villages[i].people.resident)
	}
	sort.Ints(all)
	q := float64(all[int(float64(len(all))*(1-share))])
	return bar{0.75 * q, 0.5 * q}
}

// agesOf splits a total into the age groups that the files carry.
func agesOf(r *rand.Rand, total int, old, young float64) groups {
	t := float64(total)
	g := groups{total: total}
	g.over60 = int(t * old)
	g.over65 = int(float64(g.over60) * between(r, 0.69, 0.745))
	g.over80 = int(float64(g.over60) * between(r, 0.138, 0.165))
	child := math.Max(0.055, 0.172-0.24*old) * young
	g.to15 = int(t * child * between(r, 0.92, 1.08))
	g.to17 = int(float64(g.to15) * between(r, 1.10, 1.145))
	return g
}

// odd rounds to a whole number that does not look rounded.
func odd(r *rand.Rand, v float64) int {
	n := int(v)
	if n%10 == 0 {
		n += 1 + r.IntN(8)
	}
	return n
}

// classOf gives the 城乡分类 code of the statistical rule of 2008.
func classOf(ro role, community bool, fromCentre float64) string {
	switch {
	case ro == roleSeat && community:
		return "111"
	case ro == roleSeat && fromCentre < 2300:
		return "112"
	case community:
		return "121"
	case (ro == roleRiver || ro == roleCoast || ro == roleValley) && fromCentre < 1300:
		return "122"
	case (ro == roleHill || ro == roleIsland) && fromCentre < 700:
		return "210"
	}
	return "220"
}
