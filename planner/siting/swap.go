package siting

import "math"

// swapper is the vertex substitution local search of Resende and Werneck
// ("A fast swap-based local search procedure for location problems", Annals of
// OR 150, 2007): for every closed site what it would gain, for every open one
// what its closing would lose, and for the few pairs that serve the same
// demand points what is counted twice. A swap changes only the entries of
// demand points near the two sites.
type swapper struct {
	*model
	b      *budget
	isOpen []bool
	open   []int32 // no order
	place  []int32 // of an open site in open
	// first and second are the places in cost of the two nearest open sites of
	// each demand point; the end of its list stands for nobody.
	first, second []int32
	gain, loss    []float64
	twice         [][]pair // by closed site
	total         float64  // without prices
}

// pair is what a closed site and the open site with counts twice.
type pair struct {
	open int32
	n    int32 // demand points that contribute
	v    float64
}

func (md *model) newSwapper(b *budget, open []int32) *swapper {
	s := &swapper{model: md, b: b, isOpen: make([]bool, md.m), place: make([]int32, md.m), first: make([]int32, md.n), second: make([]int32, md.n),
		gain: make([]float64, md.m), loss: make([]float64, md.m), twice: make([][]pair, md.m)}
	for _, j := range open {
		s.setOpen(j)
	}
	for i := range md.n {
		s.first[i] = s.nextOpen(i, md.from[i])
		s.second[i] = s.nextOpen(i, s.first[i]+1)
		s.total += s.costAt(i, s.first[i])
		s.count(i, 1)
	}
	return s
}

func (s *swapper) setOpen(j int32) {
	s.isOpen[j], s.place[j] = true, int32(len(s.open))
	s.open = append(s.open, j)
}

func (s *swapper) setClosed(j int32) {
	last := s.open[len(s.open)-1]
	s.open[s.place[j]], s.place[last] = last, s.place[j]
	s.open, s.isOpen[j] = s.open[:len(s.open)-1], false
}

// nextOpen is the place of the first open site of demand i from k on.
func (s *swapper) nextOpen(i int, k int32) int32 {
	end := s.from[i+1]
	for k < end && !s.isOpen[s.site[k]] {
		k++
	}
	return min(k, end)
}

func (s *swapper) costAt(i int, k int32) float64 {
	if k == s.from[i+1] {
		return s.unserved[i]
	}
	return s.cost[k]
}

// count adds (sign 1) or takes away (−1) demand i's part of gain, loss and twice.
func (s *swapper) count(i int, sign float64) {
	k1, k2 := s.first[i], s.second[i]
	d1, d2 := s.costAt(i, k1), s.costAt(i, k2)
	for k := s.from[i]; k < k1; k++ {
		s.gain[s.site[k]] += sign * (d1 - s.cost[k])
	}
	s.b.spend(int(k2 - s.from[i]))
	if k1 == s.from[i+1] {
		return
	}
	by := s.site[k1]
	s.loss[by] += sign * (d2 - d1)
	if d2 == d1 {
		return
	}
	for k := s.from[i]; k < k1; k++ {
		s.countTwice(s.site[k], by, sign, d2-d1)
	}
	for k := k1 + 1; k < k2; k++ {
		s.countTwice(s.site[k], by, sign, d2-s.cost[k])
	}
}

func (s *swapper) countTwice(closed, open int32, sign, v float64) {
	list := s.twice[closed]
	for x := range list {
		if e := &list[x]; e.open == open {
			e.v += sign * v
			if e.n += int32(sign); e.n == 0 {
				list[x] = list[len(list)-1]
				s.twice[closed] = list[:len(list)-1]
			}
			return
		}
	}
	s.twice[closed] = append(list, pair{open, 1, v})
}

// swap opens in and closes out; -1 stands for none.
func (s *swapper) swap(in, out int32) {
	touched := func(j int32, visit func(i int)) {
		if j >= 0 {
			for k := s.into[j]; k < s.into[j+1]; k++ {
				i, at := int(s.dem[k]), s.at[k]
				if at <= s.second[i] { // nearer than, or itself, one of the two
					visit(i)
				}
			}
		}
	}
	// A demand point of both lists is counted out once: first goes to -1-first meanwhile.
	var changed []int32
	for _, j := range [2]int32{in, out} {
		touched(j, func(i int) {
			if s.first[i] >= 0 {
				s.count(i, -1)
				s.total -= s.costAt(i, s.first[i])
				s.first[i] = -1 - s.first[i]
				changed = append(changed, int32(i))
			}
		})
	}
	if out >= 0 {
		s.setClosed(out)
		s.loss[out] = 0
	}
	if in >= 0 {
		s.setOpen(in)
		s.gain[in] = 0
	}
	for _, i32 := range changed {
		i := int(i32)
		s.first[i] = s.nextOpen(i, s.from[i])
		s.second[i] = s.nextOpen(i, s.first[i]+1)
		s.total += s.costAt(i, s.first[i])
		s.count(i, 1)
	}
}

// best is the move that saves most: a swap, or an opening while fewer than p
// are open. allowed says which closed sites may open, nil all.
func (s *swapper) best(allowed []bool) (in, out int32, saves float64) {
	in, out = -1, -1
	cheapest, low := int32(-1), math.Inf(1) // the open site whose closing loses least
	for _, r := range s.open {
		if !s.existing[r] && (s.loss[r] < low || s.loss[r] == low && r < cheapest) {
			cheapest, low = r, s.loss[r]
		}
	}
	try := func(j, r int32, v float64) {
		if v > saves || v == saves && in >= 0 && (j < in || j == in && r < out) {
			in, out, saves = j, r, v
		}
	}
	for j := range int32(s.m) {
		if s.isOpen[j] || allowed != nil && !allowed[j] {
			continue
		}
		if len(s.open) < s.p {
			try(j, -1, s.gain[j]-s.price)
		}
		if cheapest < 0 || s.gain[j] == 0 && s.twice[j] == nil {
			continue
		}
		try(j, cheapest, s.gain[j]-low)
		for _, e := range s.twice[j] {
			if !s.existing[e.open] {
				try(j, e.open, s.gain[j]-s.loss[e.open]+e.v)
			}
		}
	}
	if s.price > 0 && cheapest >= 0 {
		try(-1, cheapest, s.price-low)
	}
	s.b.spend(s.m)
	return in, out, saves
}

// descend swaps until no swap saves anything worth more than rounding errors.
func (s *swapper) descend(allowed []bool) {
	for s.b.spend(1) {
		in, out, saves := s.best(allowed)
		if saves <= 1e-9*(1+math.Abs(s.total)) {
			return
		}
		s.swap(in, out)
	}
}
