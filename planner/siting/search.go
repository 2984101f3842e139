package siting

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// search is one problem under way: the whole model, what is left of it, the
// best set found and the bound proven.
type search struct {
	whole  *model
	b      *budget
	chance *rand.Rand

	enough float64 // a set as good as this ends the search, and so does the proof that there is none

	open  []int32 // best set, by place in the problem, ascending
	best  float64
	bound float64
	seen  map[uint64]bool // sets that were improved already
}

// rounds of subgradient steps at the root and in the nodes of the tree.
const (
	rootRounds = 1500
	nodeRounds = 150
)

func newSearch(md *model, b *budget, seed uint64) *search {
	return &search{whole: md, b: b, chance: rand.New(rand.NewPCG(seed, 7)), enough: math.Inf(-1), best: math.Inf(1), bound: math.Inf(-1), seen: map[uint64]bool{}}
}

// solve finds the best set of sites and a bound, both of the whole model.
func (s *search) solve() {
	md, b := s.whole, s.b
	sw := md.newSwapper(b, md.greedy(b))
	sw.descend()
	s.offer(sw)
	r := md.newRelaxation(b)
	r.start(sw)
	s.ascend(r, sw, rootRounds, 20)
	s.bound = r.bound
	if left := s.fix(r); left != nil {
		s.shake(left)
		s.branch(left)
	} else {
		s.bound = max(s.bound, s.limit())
	}
	s.bound = min(md.ceiling(s.bound), s.best)
}

// limit is what a bound must reach to end the search.
func (s *search) limit() float64 {
	if s.best <= s.enough {
		return math.Inf(-1)
	}
	if md := s.whole; !math.IsInf(s.enough, -1) && md.whole {
		return min(s.best, s.enough+1)
	}
	return s.best
}

// offer keeps a set that is better than the best.
func (s *search) offer(sw *swapper) {
	v := sw.total
	if !(v < s.best-1e-9*math.Abs(s.best)) && !math.IsInf(s.best, 1) {
		return
	}
	s.best = v
	s.open = s.open[:0]
	for _, j := range sw.open {
		s.open = append(s.open, sw.name[j])
	}
	s.open = append(s.open, sw.paid...)
	slices.Sort(s.open)
}

// ascend raises a relaxation's bound and improves the sets that come with it.
func (s *search) ascend(r *relaxation, sw *swapper, rounds, patience int) {
	wait, shown := 1, 0
	r.ascend(rounds, patience, s.limit, func(open []int32) {
		if shown++; shown < wait || s.again(r.model, open) {
			return
		}
		shown, wait = 0, wait+1
		s.improve(sw, open)
	})
}

// improve descends from a set of sites, filled up to p.
func (s *search) improve(sw *swapper, open []int32) {
	sw.set(open)
	sw.descend()
	s.offer(sw)
}

// again says whether a set of sites was improved before.
func (s *search) again(md *model, open []int32) bool {
	sum := uint64(len(md.paid))
	for _, j := range open {
		h := uint64(md.name[j]+1) * 0x9e3779b97f4a7c15
		sum += h ^ h>>29
	}
	if s.seen[sum] {
		return true
	}
	s.seen[sum] = true
	return false
}

// fix reduces the relaxation's model by what its bound decides; nil means that nothing better is left.
func (s *search) fix(r *relaxation) *node {
	if r.hopeless(r.bound, s.limit()) {
		return nil
	}
	fate := r.fates(s.limit())
	left := r.reduce(fate)
	if left.p < 0 || left.purse < -slack*s.whole.purse {
		return nil // more would have to be opened than may be
	}
	n := &node{model: left, bound: r.bound}
	n.lambda = left.inherit(r.best)
	for j, f := range fate {
		if f == undecided {
			n.mean = append(n.mean, r.mean[j])
		}
	}
	return n
}

// shake leaves the best set by a few swaps at random and descends again, for a
// part of the effort (variable neighbourhood search: Hansen, Mladenović 1997).
func (s *search) shake(left *node) {
	md := left.model
	if md.m <= md.p || md.p == 0 {
		return
	}
	s.b.share(0.15, func(b *budget) {
		in := map[int32]bool{}
		for _, j := range s.open {
			in[j] = true
		}
		var home []int32
		for j, name := range md.name {
			if in[name] {
				home = append(home, int32(j))
			}
		}
		// Candidates that the relaxation takes are tried before others.
		likely := make([]int32, 0, md.m)
		for j := range int32(md.m) {
			likely = append(likely, j)
		}
		slices.SortStableFunc(likely, func(a, b int32) int { return cmp.Compare(left.mean[b], left.mean[a]) })
		likely = likely[:min(md.m, 3*md.p+10)]
		sw := md.newSwapper(b, home)
		sw.descend()
		s.offer(sw)
		home, at := slices.Clone(sw.open), sw.total
		most := min(md.p, 12)
		for k, idle := 1, 0; idle < 60 && b.spend(1); idle++ {
			sw.set(home)
			for range k {
				j, r := likely[s.chance.IntN(len(likely))], sw.open[s.chance.IntN(len(sw.open))]
				if !sw.isOpen[j] && sw.fits(j, r) {
					sw.swap(j, r)
				}
			}
			sw.descend()
			if sw.total <= at {
				if sw.total < at-1e-9*math.Abs(at) {
					k, idle = 1, 0
				}
				home, at = append(home[:0], sw.open...), sw.total
				s.offer(sw)
			}
			if k++; k > most {
				k = 1
			}
		}
	})
}
