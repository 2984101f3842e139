package generate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/paulmach/orb"
)

// facility is one row of the ledger.
type facility struct {
	code, name, site, services, unit, address string
	status                                    string
	days                                      int
	opened, closed                            string
	lonlat                                    orb.Point
	beds, nursing, left                       int // -1: not stated
	at                                        pt
}

// ledger writes facilities one after the other.
type ledger struct {
	c     *county
	r     *rand.Rand
	sites int
}

func (l *ledger) add(name, site, services string, village int, at pt, house int) *facility {
	c := l.c
	if site == "" {
		l.sites++
		site = fmt.Sprintf("CS%s%04d", c.plan.code[2:6], l.sites)
	}
	c.facility = append(c.facility, facility{
		code: fmt.Sprintf("SS%s%04d", c.plan.code[2:6], len(c.facility)+1), name: name, site: site, services: services,
		unit: c.villages[village].code, address: c.text(c.house[house]), status: "运营", days: 5 + l.r.IntN(3),
		opened: l.date(2013, 2025), beds: -1, nursing: -1, left: -1, at: at, lonlat: c.lonLat(at),
	})
	return &c.facility[len(c.facility)-1]
}

func (l *ledger) date(from, to int) string {
	return fmt.Sprintf("%d-%02d-%02d", from+l.r.IntN(to-from), 1+l.r.IntN(12), 1+l.r.IntN(28))
}

// spot picks a house of the village near p; the facility stands beside it.
func (l *ledger) spot(village int, p pt, spread float64) (pt, int) {
	c := l.c
	goal := p.add(pt{between(l.r, -spread, spread), between(l.r, -spread, spread)})
	best, at := math.Inf(1), -1
	for _, h := range c.villages[village].houses {
		if d := c.house[h].at.dist(goal); d < best {
			best, at = d, h
		}
	}
	if at < 0 {
		return p, 0
	}
	q := c.house[at].at.add(pt{between(l.r, -2, 2), between(l.r, -2, 2)})
	if c.villageAt(q, c.lonLat(q)) != village || c.land.wet(q, 4) {
		q = c.house[at].at
	}
	return q, at
}

// furnish sets up the county's facilities, and what it lacks.
func (c *county) furnish() {
	l := &ledger{c: c, r: c.random("facilities")}
	heads := make([]int, len(c.plan.townships)) // the village at each township's centre
	for t := range heads {
		best := math.Inf(1)
		for i := range c.villages {
			if d := c.villages[i].site.dist(c.centres[t]); c.villages[i].township == t && d < best && len(c.villages[i].houses) > 0 {
				best, heads[t] = d, i
			}
		}
	}
	l.towns(heads)
	daySites := l.dayCare()
	l.homes(heads)
	l.children(daySites)
	l.meals(daySites)
	l.burial(heads)
	l.countySeat(heads)
}

// towns gives every township its centre, its social work station and its child
// protection station, which sits in the same place but for two.
func (l *ledger) towns(heads []int) {
	for t, v := range heads {
		name := l.c.plan.townships[t].name
		p, h := l.spot(v, l.c.centres[t], 60)
		f := l.add(name+"居家养老服务中心", "", "居家养老服务中心", v, p, h)
		f.beds, f.left = 9+l.r.IntN(17), 1+l.r.IntN(6)
		p, h = l.spot(v, l.c.centres[t], 160)
		f = l.add(name+"社会工作站", "", "社会工作站", v, p, h)
		site := f.site
		if t == 4 || t == 9 { // not merged yet: a place of its own, built before 2021
			p, h = l.spot(v, l.c.centres[t].add(pt{260, -190}), 60)
			f = l.add(name+"未成年人保护工作站", "", "未保站", v, p, h)
			f.opened = l.date(2018, 2020)
			continue
		}
		l.add(name+"未成年人保护工作站", site, "未保站", v, p, h)
	}
}

// dayCare opens 照料中心 in about 220 of 280 villages. Those without: islets,
// new estates, and villages with a neighbour close by; 27 stand idle.
func (l *ledger) dayCare() map[int]*facility {
	c := l.c
	want := len(c.villages) * 224 / 280
	type cand struct {
		v     int
		score float64
	}
	var cands []cand
	estates := 0
	for i := range c.villages {
		v := &c.villages[i]
		near := math.Inf(1)
		for j := range c.villages {
			if j != i {
				near = math.Min(near, v.site.dist(c.villages[j].site))
			}
		}
		s := float64(v.people.resident.over60) / 260
		if near < 620 {
			s *= 0.5 // the neighbour's station is close by
		}
		s += 0.12 * l.r.Float64()
		ro := c.plan.townships[v.township].role
		if ro == roleIsland && c.land.onIsland(v.site) == 1 || len(v.houses) == 0 {
			s = -9 // the islet: too few people for a station
		}
		if ro == roleSeat && v.community && c.plan.townships[v.township].order == 2 && estates < 2 && v.site.dist(c.centres[v.township]) > 500 {
			s = -8 // new estates at the edge of the seat
			estates++
		}
		cands = append(cands, cand{i, s})
	}
	sort.SliceStable(cands, func(a, b int) bool { return cands[a].score > cands[b].score })
	chosen := cands[:want]
	small := map[int]bool{} // the smaller ones: idle ones are among them
	for _, cd := range chosen[want*3/5:] {
		small[cd.v] = true
	}
	sort.Slice(chosen, func(a, b int) bool { return chosen[a].v < chosen[b].v })
	idle := map[int]bool{}
	for wantIdle := 26 * len(c.villages) / 280; len(idle) < wantIdle; {
		v := chosen[l.r.IntN(len(chosen))].v
		if !c.villages[v].community && small[v] && c.plan.townships[c.villages[v].township].role != roleIsland {
			idle[v] = true
		}
	}
	rows := map[int]int{}
	for _, cd := range chosen {
		v := &c.villages[cd.v]
		p, h := l.spot(cd.v, v.site, 70)
		f := l.add(v.name+"居家养老服务照料中心", "", "居家养老服务照料中心", cd.v, p, h)
		f.beds, f.left = 3+l.r.IntN(11), l.r.IntN(4)
		if idle[cd.v] {
			f.status, f.days, f.beds, f.left, f.closed = "停用", 0, 0, 0, l.date(2022, 2025)
			f.opened = l.date(2012, 2019)
			continue
		}
		rows[cd.v] = len(c.facility) - 1
	}
	out := map[int]*facility{}
	for v, k := range rows {
		f := c.facility[k]
		out[v] = &f
	}
	return out
}

// homes are the 养老机构, one in every township and more in the seat: 60 to 280 beds, half occupied, 52–61 % of beds for nursing.
func (l *ledger) homes(heads []int) {
	c := l.c
	for k := range c.plan.setting.homes {
		t := k % len(heads)
		if c.plan.townships[t].role == roleIsland {
			t = 0
		}
		v := heads[t]
		name := c.plan.townships[t].name + "敬老院"
		if k >= len(heads) || t < 2 {
			name = c.plan.name + []string{"社会福利院", "颐养院", "康宁老年公寓", "松鹤养老院"}[k%4]
		}
		if k > len(heads) {
			name = c.plan.name + []string{"福寿养老院", "怡和护理院", "安颐养老服务中心", "长青护理院", "乐年公寓", "仁和养老院", "椿萱护理院", "桑榆养老院", "康乐护理院"}[(k-len(heads)-1)%9]
		}
		p, h := l.spot(v, c.centres[t].add(pt{between(l.r, -420, 420), between(l.r, -420, 420)}), 50)
		f := l.add(name, "", "养老机构", v, p, h)
		f.beds = 61 + l.r.IntN(120)
		if t < 3 {
			f.beds = 140 + l.r.IntN(139)
		}
		f.nursing = int(float64(f.beds) * between(l.r, 0.53, 0.60))
		f.left = int(float64(f.beds) * between(l.r, 0.41, 0.58))
		f.days = 7
	}
}

// children sets up 儿童之家 in most villages that should have one.
func (l *ledger) children(day map[int]*facility) {
	c := l.c
	n := 0
	for i := range c.villages {
		v := &c.villages[i]
		if !c.childFlag(i) {
			continue
		}
		n++
		if n%15 == 7 || len(v.houses) == 0 || c.land.onIsland(v.site) == 1 {
			continue // should have one and does not
		}
		p, h := l.spot(i, v.site, 110)
		site := ""
		if d := day[i]; d != nil && l.r.Float64() < 0.35 {
			site, p = d.site, d.at
		}
		f := l.add(v.name+"儿童之家", site, "儿童之家", i, p, h)
		if l.r.Float64() < 0.03 {
			f.status, f.days, f.closed, f.opened = "停用", 0, l.date(2022, 2025), l.date(2014, 2019)
		}
	}
}

// childFlag is the county's confirmed list: villages where many children live.
func (c *county) childFlag(i int) bool {
	g := c.villages[i].people.resident
	return c.childBar.reached(g.to17, hash2(7, i, c.plan.serial))
}

// mealFlag marks villages whose survey found a demand for meals.
func (c *county) mealFlag(i int) bool {
	g := c.villages[i].people.resident
	return c.mealBar.reached(g.over80, hash2(8, i, c.plan.serial))
}

func (l *ledger) meals(day map[int]*facility) {
	c := l.c
	n := 0
	for i := range c.villages {
		v := &c.villages[i]
		if !c.mealFlag(i) || len(v.houses) == 0 {
			continue
		}
		n++
		if n%5 < 2 {
			continue
		}
		p, h := l.spot(i, v.site, 90)
		site := ""
		if d := day[i]; d != nil && l.r.Float64() < 0.7 {
			site, p = d.site, d.at
		}
		l.add(v.name+"老年助餐点", site, "助餐点", i, p, h)
	}
}

// burial gives every township an eco-burial site but the built-up seat, the
// island, and one valley where the site is still being built.
func (l *ledger) burial(heads []int) {
	c := l.c
	for t, v := range heads {
		plan := c.plan.townships[t]
		if plan.role == roleSeat && plan.order == 0 || plan.role == roleIsland {
			continue
		}
		best, pick := math.Inf(1), v
		for i := range c.villages { // at a village about two kilometres out
			g := &c.villages[i]
			if d := math.Abs(g.site.dist(c.centres[t]) - 2000); g.township == t && !g.community && len(g.houses) > 0 && d < best {
				best, pick = d, i
			}
		}
		g := &c.villages[pick]
		p, h := l.spot(pick, g.site.add(pt{g.built, g.built}), 30)
		kind := []string{"骨灰堂", "树葬", "骨灰堂", "花葬"}[t%4]
		f := l.add(plan.name+"生态安葬点("+kind+")", "", "节地生态安葬点", pick, p, h)
		f.days, f.left = 7, 311+l.r.IntN(2400)
		if plan.role == roleHill && plan.order == 2 {
			f.status, f.opened, f.days, f.left = "在建", "", 0, -1
		}
		if plan.role == roleRiver || plan.role == roleCoast {
			q := (pick + 3)
			if q < len(c.villages) && c.villages[q].township == t && len(c.villages[q].houses) > 0 {
				w := &c.villages[q]
				p, h = l.spot(q, w.site.add(pt{-w.built, w.built}), 30)
				f = l.add(w.name+"生态安葬点(骨灰堂)", "", "节地生态安葬点", q, p, h)
				f.days, f.left = 7, 97+l.r.IntN(600)
			}
		}
	}
}

// countySeat adds what a county has once.
func (l *ledger) countySeat(heads []int) {
	c := l.c
	put := func(t int, name, service string, off pt) *facility {
		v := heads[t]
		p, h := l.spot(v, c.centres[t].add(off), 40)
		return l.add(c.plan.name+name, "", service, v, p, h)
	}
	put(0, "婚姻登记处", "婚姻登记", pt{200, 150})
	put(0, "救助管理站", "救助站", pt{-300, 240})
	put(2, "康复辅具洗消中心", "康复辅具洗消", pt{300, 100})
	f := put(1, "殡仪馆", "殡仪馆", pt{-800, -700})
	f.days = 7
	f = put(1, "南山公墓", "经营性公墓", pt{900, -800})
	f.left, f.days = 1873, 7
	for k, t := range []int{0, 3, 6, 8, 1, 2, 4, 5, 7, 9, 10}[:c.plan.setting.unions] {
		put(t, fmt.Sprintf("第%s康养联合体", []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"}[k]), "康养联合体", pt{160, -160})
	}
	for t, p := range c.plan.townships {
		if p.role == roleCoast && p.order == 1 && c.plan.coastal {
			f := put(t, "海葬服务点", "海葬点", pt{700, 0})
			f.days = 2
		}
	}
}
