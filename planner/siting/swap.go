package siting

import "math"

// swapper is a set of open sites that improves by opening one site and closing
// another at once (interchange: Whitaker 1983, with the bookkeeping of Resende
// and Werneck 2003: what an opening gains, what each closing loses, and what
// the two together do not lose).
type swapper struct {
	*model
	b      *budget
	open   []int32
	isOpen []bool
	place  []int32 // of an open site in open
	// By demand point: the nearest and the second nearest open site and their cost; -1 and unserved for none.
	s1, s2 []int32
	d1, d2 []float64
	far    float64   // largest d2
	loss   []float64 // by open site: what closing it costs
	total  float64

	kept    []float64 // by open site, for the candidate under trial: the part of loss that it makes good
	touched []int32
	cursor  int32   // candidate that is tried next
	spent   float64 // fees of the open sites
}

func (md *model) newSwapper(b *budget, open []int32) *swapper {
	s := &swapper{model: md, b: b, isOpen: make([]bool, md.m), place: make([]int32, md.m), loss: make([]float64, md.m), kept: make([]float64, md.m),
		s1: make([]int32, md.n), s2: make([]int32, md.n), d1: make([]float64, md.n), d2: make([]float64, md.n)}
	s.set(open)
	return s
}

// set starts anew from a set of sites.
func (s *swapper) set(open []int32) {
	for _, j := range s.open {
		s.isOpen[j] = false
	}
	s.open = s.open[:0]
	for _, j := range open {
		s.setOpen(j)
	}
	for i := range s.n {
		s.rescan(i)
	}
	s.tally()
}

func (s *swapper) setOpen(j int32) {
	s.isOpen[j], s.place[j] = true, int32(len(s.open))
	s.open = append(s.open, j)
}

// rescan finds the two nearest open sites of demand point i.
func (s *swapper) rescan(i int) {
	s.s1[i], s.s2[i], s.d1[i], s.d2[i] = -1, -1, s.unserved[i], s.unserved[i]
	k, end := s.from[i], s.from[i+1]
	for ; k < end; k++ {
		if j := s.site[k]; s.isOpen[j] {
			if s.s1[i] < 0 {
				s.s1[i], s.d1[i] = j, s.cost[k]
				continue
			}
			s.s2[i], s.d2[i] = j, s.cost[k]
			break
		}
	}
	s.b.spend(int(k - s.from[i]))
}

// tally sums up afresh: sums that are only ever added to drift.
func (s *swapper) tally() {
	for _, j := range s.open {
		s.loss[j] = -s.price
	}
	s.total, s.far, s.spent = s.base+s.price*float64(len(s.open)), 0, 0
	if s.fee != nil {
		for _, j := range s.open {
			s.spent += s.fee[j]
		}
	}
	for i := range s.n {
		s.total += s.d1[i]
		s.far = max(s.far, s.d2[i])
		if j := s.s1[i]; j >= 0 {
			s.loss[j] += s.d2[i] - s.d1[i]
		}
	}
	s.b.spend(s.n)
}

// swap opens in and closes out; -1 stands for none.
func (s *swapper) swap(in, out int32) {
	if in >= 0 {
		s.setOpen(in)
		for k := s.into[in]; k < s.into[in+1]; k++ {
			switch i, c := s.dem[k], s.toll[k]; {
			case c < s.d1[i]:
				s.s2[i], s.d2[i] = s.s1[i], s.d1[i]
				s.s1[i], s.d1[i] = in, c
			case c < s.d2[i]:
				s.s2[i], s.d2[i] = in, c
			}
		}
	}
	if out >= 0 {
		at, last := s.place[out], s.open[len(s.open)-1]
		s.open[at], s.place[last] = last, at
		s.open, s.isOpen[out] = s.open[:len(s.open)-1], false
		for k := s.into[out]; k < s.into[out+1]; k++ {
			if i := s.dem[k]; s.s1[i] == out || s.s2[i] == out {
				s.rescan(int(i))
			}
		}
	}
	s.tally()
}

// try says which open site had best close when j opens (-1: none), and what the two save.
func (s *swapper) try(j, cheapest int32) (out int32, saves float64) {
	gain := -s.price
	k, end := s.into[j], s.into[j+1]
	for ; k < end && s.toll[k] < s.far; k++ {
		i, c := s.dem[k], s.toll[k]
		if c >= s.d2[i] {
			continue
		}
		by := s.s1[i]
		near := s.d1[i]
		if c < near {
			gain += near - c
		} else {
			near = c
		}
		if by >= 0 {
			if s.kept[by] == 0 {
				s.touched = append(s.touched, by)
			}
			s.kept[by] += s.d2[i] - near
		}
	}
	s.b.spend(int(k-s.into[j]) + 10)
	out, saves = -1, math.Inf(-1)
	if s.fits(j, -1) {
		saves = gain
	}
	consider := func(r int32) {
		if s.fee != nil && !s.fits(j, r) {
			return
		}
		if v := gain - s.loss[r] + s.kept[r]; v > saves || v == saves && r < out {
			out, saves = r, v
		}
	}
	others := s.touched
	switch {
	case s.fee != nil: // the cheapest one may not pay for j
		others = s.open
	case cheapest >= 0: // stands for all that are not touched
		consider(cheapest)
	}
	for _, r := range others {
		consider(r)
	}
	for _, r := range s.touched {
		s.kept[r] = 0
	}
	s.touched = s.touched[:0]
	return out, saves
}

// cheapest is the open site whose closing loses least.
func (s *swapper) cheapest() int32 {
	by := int32(-1)
	for _, r := range s.open {
		if by < 0 || s.loss[r] < s.loss[by] || s.loss[r] == s.loss[by] && r < by {
			by = r
		}
	}
	return by
}

// descend swaps as long as a swap saves more than rounding errors, candidates
// taking turns; it ends when no candidate has a move left.
func (s *swapper) descend() {
	if s.m == 0 {
		return
	}
	low := s.cheapest()
	for idle := 0; idle < s.m && s.b.spend(1); idle++ {
		least := 1e-9 * (1 + math.Abs(s.total))
		if low >= 0 && s.loss[low] < -least {
			s.swap(-1, low)
			low, idle = s.cheapest(), -1
			continue
		}
		j := s.cursor
		if s.cursor++; s.cursor == int32(s.m) {
			s.cursor = 0
		}
		if s.isOpen[j] {
			continue
		}
		if out, saves := s.try(j, low); saves > least {
			s.swap(j, out)
			low, idle = s.cheapest(), -1
		}
	}
}
