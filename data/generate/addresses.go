package generate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// house is one standard address.
type house struct {
	at      pt
	lonlat  orb.Point
	village int32
	hamlet  int16 // index in the village, -1 in communities
	street  string
	estate  string
	number  int
	block   int // 幢, 0 when the house has none
	use     string
}

// nameStreets names the streets of towns; country roads have theirs already.
func (c *county) nameStreets(streets []street) {
	used := map[string]int{}
	r := c.random("street names")
	for i := range streets {
		s := &streets[i]
		if s.name != "" || s.road || s.yard {
			continue
		}
		l := lineLength(s.line)
		if s.class == "tertiary" || s.class == "residential" && l > 260 && c.urban(s.line[len(s.line)/2]) {
			n := streetHeads[r.IntN(len(streetHeads))] + streetKinds[r.IntN(len(streetKinds))]
			if s.class == "tertiary" {
				n = streetHeads[r.IntN(len(streetHeads))] + "路"
			}
			used[n]++
			if k := used[n]; k > 1 {
				n = string([]rune(n)[:len([]rune(n))-1]) + []string{"东", "西", "南", "北", "中", "前", "后", "上", "下", "新"}[(k-2)%10] + string([]rune(n)[len([]rune(n))-1:])
			}
			s.name = n
		}
	}
}

// urban tells whether p lies in a community's neighbourhood.
func (c *county) urban(p pt) bool {
	for i := range c.villages {
		if c.villages[i].community && c.villages[i].site.dist(p) < 620 {
			return true
		}
	}
	return false
}

// build puts houses along the streets: one address per four residents, fewer
// where they live in flats, in rows 9–26 m off the street's middle, each inside
// its village.
func (c *county) build() {
	r := c.random("houses")
	type slot struct {
		h   house
		key float64
	}
	slots := make([][]slot, len(c.villages))
	n := c.net
	for _, e := range n.edges {
		s := &n.src[e.street]
		if s.class == "ferry" || s.class == "trunk" || s.class == "steps" || e.bridge {
			continue
		}
		a, b := n.at[e.a], n.at[e.b]
		mid := a.lerp(b, 0.5)
		i, j := latOf(mid)
		if i < 0 || j < 0 || i >= latN || j >= latN {
			continue
		}
		if s.road && !c.settled(int(c.label[j*latN+i])-1, mid) {
			continue
		}
		l, d := a.dist(b), b.sub(a).unit()
		for t := between(r, 2, 8); t < l-1; t += between(r, 8.5, 13) {
			for side := range 2 {
				out := d.left()
				if side == 1 {
					out = out.mul(-1)
				}
				for row := range 2 {
					p := a.add(d.mul(t)).add(out.mul(between(r, 8.5, 12) + 13*float64(row)))
					if c.land.wet(p, 6) {
						continue
					}
					ll := c.lonLat(p)
					v := c.villageAt(p, ll)
					if v < 0 {
						continue
					}
					h := house{at: p, lonlat: ll, village: int32(v), hamlet: -1, street: s.name, use: "住宅"}
					if !c.villages[v].community {
						h.hamlet, h.street = c.nearestHamlet(v, p), ""
						if h.hamlet < 0 {
							continue
						}
					} else if s.yard || row == 1 {
						h.estate = c.estateAt(v, p)
					}
					if s.class == "tertiary" && row == 0 && r.Float64() < 0.3 {
						h.use = "商业"
					}
					slots[v] = append(slots[v], slot{h, r.Float64() + c.plan.setting.front*float64(row)})
				}
			}
		}
	}
	numbers := map[string]int{}
	for v := range c.villages {
		vg := &c.villages[v]
		order := make([]int32, len(slots[v]))
		for k := range order {
			order[k] = int32(k)
		}
		slices.SortFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(slots[v][a].key, slots[v][b].key), cmp.Compare(a, b))
		})
		quota := make([]int, max(1, len(vg.hamlets)))
		want := int(float64(vg.people.resident.total) / c.plan.setting.perAddress)
		quota[0] = want
		if !vg.community {
			for k, h := range vg.hamlets {
				quota[k] = int(float64(want) * h.share)
			}
		}
		var take []house
		for _, o := range order {
			s := &slots[v][o]
			k := max(0, int(s.h.hamlet))
			if quota[k] > 0 {
				quota[k]--
				take = append(take, s.h)
			}
		}
		slices.SortStableFunc(take, func(x, y house) int { // numbers run along the place
			return cmp.Or(cmp.Compare(x.hamlet, y.hamlet), strings.Compare(x.street, y.street), cmp.Compare(x.at.X, y.at.X), cmp.Compare(x.at.Y, y.at.Y))
		})
		for _, h := range take {
			switch {
			case h.estate != "":
				k := fmt.Sprint(v, h.estate)
				numbers[k]++
				h.block, h.street = numbers[k], ""
			case h.hamlet >= 0:
				k := fmt.Sprint(v, ":", h.hamlet)
				numbers[k]++
				h.number = numbers[k]
			default:
				if h.street == "" {
					h.street = c.laneOf(v)
				}
				k := c.plan.townships[vg.township].code + h.street
				numbers[k] += 1 + int(hash2(uint64(c.seed), numbers[k], v)*2)
				h.number = numbers[k]
			}
			vg.houses = append(vg.houses, len(c.house))
			c.house = append(c.house, h)
		}
	}
}

// settled tells whether a roadside point belongs to a settlement of village v.
func (c *county) settled(v int, p pt) bool {
	if v < 0 {
		return false
	}
	vg := &c.villages[v]
	if vg.community {
		return vg.site.dist(p) < 520
	}
	for _, h := range vg.hamlets {
		if h.at.dist(p) < h.radius+60 {
			return true
		}
	}
	return false
}

func (c *county) nearestHamlet(v int, p pt) int16 {
	best, at := math.Inf(1), int16(-1)
	for k, h := range c.villages[v].hamlets {
		if d := h.at.dist(p) - h.radius; d < best {
			best, at = d, int16(k)
		}
	}
	if best > 260 {
		return -1
	}
	return at
}

// villageAt finds the village whose polygon holds a point. Borders are moved by
// less than half a cell, so only the cells around it count.
func (c *county) villageAt(p pt, ll orb.Point) int {
	i, j := latOf(p)
	tried := [9]int16{}
	n := 0
	for _, d := range [...][2]int{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}} {
		x, y := i+d[0], j+d[1]
		if x < 0 || y < 0 || x >= latN || y >= latN {
			continue
		}
		l := c.label[y*latN+x]
		known := l == 0
		for _, t := range tried[:n] {
			known = known || t == l
		}
		if known {
			continue
		}
		tried[n] = l
		n++
		if inside(c.outline[l-1], ll) {
			return int(l) - 1
		}
	}
	return -1
}

// estateAt names the residential quarter around p, the same for a whole block.
func (c *county) estateAt(v int, p pt) string {
	x, y := int(math.Floor(p.X/240)), int(math.Floor(p.Y/240))
	k := int(hash2(uint64(c.seed)+101, x, y) * float64(len(estateHeads)*len(estateTails)))
	return estateHeads[k%len(estateHeads)] + estateTails[k/len(estateHeads)]
}

func (c *county) laneOf(v int) string {
	return streetHeads[(v*7)%len(streetHeads)] + "弄"
}

// text spells an address by the rules of the place-name database.
func (c *county) text(h house) string {
	v := &c.villages[h.village]
	s := c.div.name + c.div.prefectures[c.plan.prefecture].name + c.plan.name + c.plan.townships[v.township].name + v.name
	switch {
	case h.estate != "":
		return s + h.estate + fmt.Sprintf("%d幢", h.block)
	case h.hamlet > 0:
		return s + v.hamlets[h.hamlet].name + fmt.Sprintf("自然村%d号", h.number)
	case h.hamlet == 0:
		return s + fmt.Sprintf("%d号", h.number)
	}
	return s + h.street + fmt.Sprintf("%d号", h.number)
}
