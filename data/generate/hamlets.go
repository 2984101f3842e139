package generate

import (
	"math"
	"sort"
)

// scatter places the hamlets of every village inside the village's own land:
// most beside the main settlement, some up a slope with only a footpath.
func (c *county) scatter() {
	r := c.random("hamlets")
	cells := make([][]int, len(c.villages))
	for k, l := range c.label {
		if l > 0 {
			cells[l-1] = append(cells[l-1], k)
		}
	}
	for i := range c.villages {
		v := &c.villages[i]
		main := hamlet{name: trimVillage(v.name), at: v.site, radius: v.built, share: 1}
		v.hamlets = []hamlet{main}
		if v.community {
			continue
		}
		ro := c.plan.townships[v.township].role
		count := 2 + r.IntN(3)
		type cand struct {
			p     pt
			score float64
		}
		var cands []cand
		for _, k := range cells[i] {
			p := latPt(k%latN, k/latN).add(pt{between(r, -40, 40), between(r, -40, 40)})
			d := p.dist(v.site)
			if d < v.built+130 || d > 2300 || c.nearEdge(k, i) || c.land.wet(p, 70) || c.land.slope(p) > 0.42 {
				continue
			}
			s := -d/230 - math.Max(0, c.land.beyond(p))/700 - 2.5*c.land.slope(p) + 0.9*r.Float64()
			cands = append(cands, cand{p, s})
		}
		sort.SliceStable(cands, func(a, b int) bool { return cands[a].score > cands[b].score })
		used := map[string]bool{main.name: true}
		name := func(high bool) string {
			tails := hamletTails
			if high {
				tails = hamletHigh
			}
			return pick(r, used, []string{"上", "下", "里", "外", "前", "后", "东", "西", "大", "小", "老", "新", "石", "横", "高", "平", "双", "樟树", "竹园", "枫树"}, tails)
		}
		for _, cd := range cands {
			if len(v.hamlets) > count {
				break
			}
			if !c.apart(v, cd.p, 270) || cd.p.dist(v.site) > 980 {
				continue
			}
			v.hamlets = append(v.hamlets, hamlet{name: name(false), at: cd.p, radius: between(r, 45, 95), access: "unclassified", share: between(r, 0.04, 0.11)})
		}
		// A high hamlet: as far up the village's own slope as people still live.
		if (ro == roleHill && r.Float64() < 0.66) || (ro == roleValley && r.Float64() < 0.46) || (ro == roleRiver && r.Float64() < 0.16) {
			best, top := pt{}, 45.0
			base := c.land.height(v.site)
			for _, cd := range cands {
				d := cd.p.dist(v.site)
				if up := c.land.height(cd.p) - base; d > 900 && d < 1900 && up < 260 && up > top && c.apart(v, cd.p, 300) {
					best, top = cd.p, up
				}
			}
			if top > 45 {
				v.hamlets = append(v.hamlets, hamlet{name: name(true), at: best, radius: between(r, 40, 70), access: "path", share: between(r, 0.10, 0.21)})
			}
		}
		for k := 1; k < len(v.hamlets); k++ {
			v.hamlets[0].share -= v.hamlets[k].share
		}
		v.hamlets[0].radius = v.built * math.Sqrt(v.hamlets[0].share)
	}
}

// nearEdge tells whether a cell or one of its neighbours belongs to another village.
func (c *county) nearEdge(k, village int) bool {
	for _, d := range [...]int{1, -1, latN, -latN} {
		if int(c.label[k+d]) != village+1 {
			return true
		}
	}
	return false
}

func (c *county) apart(v *village, p pt, gap float64) bool {
	for _, h := range v.hamlets {
		if h.at.dist(p) < gap {
			return false
		}
	}
	return true
}

func trimVillage(name string) string {
	r := []rune(name)
	if r[len(r)-1] == '村' {
		return string(r[:len(r)-1])
	}
	return name
}
