package siting

import "container/heap"

// greedy opens again and again the site that saves most, until p are open or
// none saves anything. Savings only fall as sites open, so a stale saving is an
// upper limit and only the top of the heap is ever looked at again (Minoux 1978).
func (md *model) greedy(b *budget) (open []int32) {
	now := append([]float64(nil), md.unserved...)
	saves := func(j int32) (s float64) {
		for k := md.into[j]; k < md.into[j+1]; k++ {
			s += max(0, now[md.dem[k]]-md.toll[k])
		}
		b.spend(int(md.into[j+1] - md.into[j]))
		return s
	}
	if md.fee != nil {
		return md.greedyByFee(saves, now)
	}
	q := make(savings, 0, md.m)
	for j := range int32(md.m) {
		q = append(q, saving{j, saves(j)})
	}
	heap.Init(&q)
	for len(open) < md.p && len(q) > 0 {
		top := &q[0]
		if s := saves(top.site); s != top.saves {
			top.saves = s
			heap.Fix(&q, 0)
			continue
		}
		if top.saves <= md.price {
			break
		}
		open = append(open, top.site)
		for k := md.into[top.site]; k < md.into[top.site+1]; k++ {
			now[md.dem[k]] = min(now[md.dem[k]], md.toll[k])
		}
		heap.Pop(&q)
	}
	return open
}

type saving struct {
	site  int32
	saves float64
}

// savings is a heap: most first, then the smallest site.
type savings []saving

func (s savings) Len() int      { return len(s) }
func (s savings) Swap(a, b int) { s[a], s[b] = s[b], s[a] }
func (s savings) Less(a, b int) bool {
	return s[a].saves > s[b].saves || s[a].saves == s[b].saves && s[a].site < s[b].site
}
func (s *savings) Push(x any) { *s = append(*s, x.(saving)) }
func (s *savings) Pop() any {
	old := *s
	x := old[len(old)-1]
	*s = old[:len(old)-1]
	return x
}
