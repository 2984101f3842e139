package siting

import (
	"cmp"
	"slices"
)

// Sites that cost something each: the purse takes the place of the count p. What the relaxation takes is then a knapsack
// whose last piece may be cut (Dantzig 1957), and p is only the number of sites that the purse can hold at most.

// afford is what becomes of the candidates when those that the purse no longer holds are closed; it sets out's purse, fees and p.
func (md *model) afford(out *model, fate []int8) []int8 {
	fate = slices.Clone(fate)
	out.purse = md.purse
	opening := 0
	for j, f := range fate {
		if f == opened {
			out.purse -= md.fee[j]
			opening++
		}
	}
	out.fee = []float64{}
	for j, f := range fate {
		switch {
		case f == undecided && md.fee[j] > out.purse+slack*md.purse:
			fate[j] = closed
		case f == undecided:
			out.fee = append(out.fee, md.fee[j])
		}
	}
	out.p = min(md.p, opening+affordable(out.fee, out.purse)) // reduce takes the opened ones off
	return fate
}

// slack is for rounding errors in sums of fees.
const slack = 1e-12

// affordable is how many of the cheapest candidates the purse holds.
func affordable(fees []float64, purse float64) (n int) {
	sorted := slices.Sorted(slices.Values(fees))
	for room := purse * (1 + slack); n < len(sorted) && sorted[n] <= room; n++ {
		room -= sorted[n]
	}
	return n
}

// fits says that the set stays within p and the purse when in opens and out closes; -1 stands for none.
func (s *swapper) fits(in, out int32) bool {
	count := len(s.open) + 1
	if out >= 0 {
		count--
	}
	if s.fee == nil || count > s.p {
		return count <= s.p
	}
	spent := s.spent + s.fee[in]
	if out >= 0 {
		spent -= s.fee[out]
	}
	return spent <= s.purse*(1+slack)
}

// greedyByFee opens what saves most for its fee while the purse holds it, or the one site that saves most when that is better.
func (md *model) greedyByFee(saves func(int32) float64, now []float64) (open []int32) {
	start := slices.Clone(now)
	room, saved := md.purse*(1+slack), 0.0
	for len(open) < md.p {
		best, ratio, gain := int32(-1), 0.0, 0.0
		for j := range int32(md.m) {
			if md.fee[j] > room {
				continue
			}
			if s := saves(j) - md.price; s > 0 && s/max(md.fee[j], tiniest) > ratio {
				best, ratio, gain = j, s/max(md.fee[j], tiniest), s
			}
		}
		if best < 0 {
			break
		}
		open, room, saved = append(open, best), room-md.fee[best], saved+gain
		for k := md.into[best]; k < md.into[best+1]; k++ {
			now[md.dem[k]] = min(now[md.dem[k]], md.toll[k])
		}
	}
	copy(now, start)
	for j := range int32(md.m) {
		if s := saves(j) - md.price; s > saved {
			open, saved = []int32{j}, s
		}
	}
	return open
}

// tiniest stands for a fee of nothing where one is divided by it.
const tiniest = 1e-300

// buy brings the candidates that are worth most for their fee to the front of order, until the purse is empty.
func (r *relaxation) buy() {
	value := func(j int32) float64 { return (r.worth[j] - r.price) / max(r.fee[j], tiniest) }
	slices.SortFunc(r.order, func(a, b int32) int { return cmp.Or(cmp.Compare(value(b), value(a)), cmp.Compare(a, b)) })
	room := r.purse
	r.taken, r.part = 0, 0
	for _, j := range r.order {
		if r.worth[j] <= r.price {
			return
		}
		if r.fee[j] > room {
			r.part = max(0, room/r.fee[j])
			return
		}
		room -= r.fee[j]
		r.taken++
	}
}

// feeFates is fates with fees: with ρ the value of the last money spent, the bound rises by at least worth − ρ·fee when a
// taken candidate is closed, and by ρ·fee − worth when another is opened.
func (r *relaxation) feeFates(fate []int8, best float64) []int8 {
	rho := 0.0
	if r.taken < r.m {
		j := r.order[r.taken]
		rho = max(0, (r.worth[j]-r.price)/max(r.fee[j], tiniest))
	}
	for at, j := range r.order {
		net := r.worth[j] - r.price - rho*r.fee[j]
		switch {
		case at < r.taken && r.hopeless(r.bound+net, best):
			fate[j] = opened
		case at >= r.taken && r.hopeless(r.bound-net, best):
			fate[j] = closed
		}
	}
	return fate
}
