package siting

import (
	"math"
	"slices"
)

// relaxation is the Lagrangian relaxation of a model: with the rows "each
// demand point is served once" priced at λ, every site is worth its own sum
// Σ max(0, λ_i − c_ij) − f and the best p of them are taken. Any λ gives a bound.
type relaxation struct {
	*model
	b      *budget
	lambda []float64
	worth  []float64 // by candidate, at lambda
	order  []int32   // candidates, the taken ones first
	taken  int
	part   float64 // with fees: how much of the candidate after the taken ones the purse still holds

	best  []float64 // λ of the best bound
	bound float64
	bestW []float64
	mean  []float64 // by candidate: how often it was taken lately, 0–1; a rough fractional solution
}

func (md *model) newRelaxation(b *budget) *relaxation {
	r := &relaxation{model: md, b: b, lambda: make([]float64, md.n), worth: make([]float64, md.m), order: make([]int32, md.m),
		best: make([]float64, md.n), bound: math.Inf(-1), bestW: make([]float64, md.m), mean: make([]float64, md.m)}
	for j := range r.order {
		r.order[j] = int32(j)
	}
	return r
}

// start prices demand points between their nearest and second nearest open site.
func (r *relaxation) start(s *swapper) {
	for i := range r.lambda {
		r.lambda[i] = (s.d1[i] + s.d2[i]) / 2
	}
}

// evaluate gives the bound at lambda, and in excess how far each demand point
// is from being served once: 1 − times.
func (r *relaxation) evaluate(excess []float64) float64 {
	clear(r.worth)
	total, read := r.base, 0
	for i, l := range r.lambda {
		total += l
		k, end := r.from[i], r.from[i+1]
		for ; k < end && r.cost[k] < l; k++ {
			r.worth[r.site[k]] += l - r.cost[k]
		}
		read += int(k-r.from[i]) + 2
	}
	r.take()
	total -= r.sum()
	isTaken := make([]bool, r.m)
	for _, j := range r.order[:r.taken] {
		isTaken[j] = true
	}
	for i, l := range r.lambda {
		e := 1.0
		for k := r.from[i]; k < r.from[i+1] && r.cost[k] < l; k++ {
			if isTaken[r.site[k]] {
				e--
			}
		}
		excess[i] = e
	}
	if r.part > 0 {
		j := r.order[r.taken]
		for k := r.into[j]; k < r.into[j+1]; k++ {
			if i := r.dem[k]; r.toll[k] < r.lambda[i] {
				excess[i] -= r.part
			}
		}
	}
	r.b.spend(2*read + 8*r.m)
	return total
}

func (r *relaxation) sum() (s float64) {
	for _, j := range r.order[:r.taken] {
		s += r.worth[j] - r.price
	}
	if r.part > 0 {
		s += r.part * (r.worth[r.order[r.taken]] - r.price)
	}
	return s
}

// take brings the best p candidates to the front of order, or those that the purse holds.
func (r *relaxation) take() {
	if r.fee != nil {
		r.buy()
		return
	}
	less := func(a, b int32) bool { return r.worth[a] > r.worth[b] || r.worth[a] == r.worth[b] && a < b }
	r.taken = min(r.p, r.m)
	for low, high := 0, r.m; high-low > 1 && r.taken > 0 && r.taken < r.m; { // quickselect
		o := r.order[low:high]
		pivot := o[len(o)/2]
		o[len(o)/2], o[len(o)-1] = o[len(o)-1], pivot
		split := 0
		for x, j := range o[:len(o)-1] {
			if less(j, pivot) {
				o[x], o[split] = o[split], j
				split++
			}
		}
		o[len(o)-1], o[split] = o[split], pivot
		if at := low + split; at >= r.taken {
			high = at
		} else {
			low = at + 1
		}
	}
	front := r.order[:r.taken]
	slices.SortFunc(front, func(a, b int32) int {
		if less(a, b) {
			return -1
		}
		return 1
	})
	for r.taken > 0 && r.worth[front[r.taken-1]] <= r.price {
		r.taken--
	}
}

// ascend raises the bound by at most rounds subgradient steps (Held, Wolfe,
// Crowder 1974, the directions smoothed) and shows each set of sites that a
// better bound came with; upper gives the best known objective. It ends early
// when the bound says that nothing better is left, or when it no longer rises.
func (r *relaxation) ascend(rounds, patience int, upper func() float64, show func(open []int32)) {
	excess, move := make([]float64, r.n), make([]float64, r.n)
	theta, idle := 1.0, 0
	for round := 0; round < rounds && r.b.spend(1); round++ {
		got := r.evaluate(excess)
		if rises := got - r.bound; rises > 0 {
			if rises > 1e-4*math.Abs(upper()-r.bound) {
				idle = 0
			}
			r.bound = got
			copy(r.best, r.lambda)
			copy(r.bestW, r.worth)
			show(r.order[:min(r.taken, r.p)]) // the purse may hold more than p
		}
		for j := range r.mean {
			r.mean[j] *= 0.95
		}
		for _, j := range r.order[:r.taken] {
			r.mean[j] += 0.05
		}
		best := upper()
		if r.hopeless(r.bound, best) {
			return
		}
		if idle++; idle > patience {
			theta, idle = theta/2, 0
			if theta < 0.002 {
				return
			}
			copy(r.lambda, r.best)
			clear(move)
			continue
		}
		if best >= r.must {
			best = r.bound + 0.1*math.Abs(r.bound) + 1 // nothing feasible is known: a modest goal
		}
		square := 0.0
		for i, e := range excess {
			move[i] = 0.6*move[i] + 0.4*e
			if l := r.lambda[i]; l >= r.unserved[i] && move[i] > 0 || l <= 0 && move[i] < 0 {
				move[i] = 0
			}
			square += move[i] * move[i]
		}
		if square == 0 {
			if round > 0 {
				return
			}
			continue
		}
		step := theta * (best - got) / square
		for i := range r.lambda {
			r.lambda[i] = min(max(0, r.lambda[i]+step*move[i]), r.unserved[i])
		}
	}
}

// fates decides the candidates that an answer better than best cannot open, or
// cannot close, by what the other choice would do to the bound.
func (r *relaxation) fates(best float64) (fate []int8) {
	fate = make([]int8, r.m)
	copy(r.worth, r.bestW)
	r.take()
	if r.fee != nil {
		return r.feeFates(fate, best)
	}
	worst, next := r.price, r.price // the last one taken and the first one not; price stands for none
	if r.taken == r.p && r.p > 0 {
		worst = r.worth[r.order[r.taken-1]]
	}
	for _, j := range r.order[r.taken:] {
		next = max(next, r.worth[j])
	}
	for at, j := range r.order {
		w := r.worth[j]
		switch {
		case at < r.taken && r.hopeless(r.bound+w-next, best):
			fate[j] = opened
		case at >= r.taken && (r.p == 0 || r.hopeless(r.bound+worst-w, best)):
			fate[j] = closed
		}
	}
	return fate
}
