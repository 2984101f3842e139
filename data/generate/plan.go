package generate

import (
	"fmt"
	"math/rand/v2"
)

// role says what kind of place a township is, which decides where it lies, how
// many people it has and what it lacks.
type role int

const (
	roleSeat   role = iota // street office of the county seat
	roleRiver              // town on the main river
	roleCoast              // town on the tidal plain
	roleValley             // market town in a branch valley
	roleHill               // township at a valley's head
	roleIsland             // the island township
)

// villagePlan is one village or community as the division table has it.
type villagePlan struct {
	code, name string
	community  bool // 社区 rather than 村
}

// townshipPlan is one township with its villages.
type townshipPlan struct {
	code, name string
	role       role
	order      int // running number among the county's townships of this role
	villages   []villagePlan
}

// countyPlan is one county of the division table: codes and names that do not
// depend on the seed.
type countyPlan struct {
	code, name   string
	prefecture   int
	col, row     int // place in the grid of county rectangles
	coastal      bool
	first        bool // the demo county, the same at every scale
	townships    []townshipPlan
	serial       int // 1-based, over all counties
	westGate     bool
	eastGate     bool
	villageTotal int
	setting      setting
}

// setting is how built-up a county is: how many live there, and how.
type setting struct {
	streetMore, townMore int     // communities of a street office, of a town, beyond those of the demo county
	villageLess          int     // villages of a town that have become communities
	people               float64 // residents of a village or community, the demo county's being 1
	perAddress           float64 // residents to a standard address: flats share one
	front                float64 // how much houses along streets come before those of quarters
	homes, unions        int     // 养老机构, 康养联合体
	childShare           float64 // share of villages that should have a child home; 0: by the demo county's fixed bar
	mealShare            float64 // share of villages with a demand for meals; likewise
}

// The province has Zhejiang's size: about 65 million people in 90 counties, of
// whom two in five live in districts, and 10 million addresses.
var (
	demoSetting     = setting{people: 1, perAddress: 3.83, front: 0.6, homes: 16, unions: 4}
	countySetting   = setting{people: 1.1, perAddress: 4, front: 0.6, homes: 16, unions: 11, childShare: 0.33, mealShare: 0.265}
	citySetting     = setting{streetMore: 8, townMore: 1, villageLess: 4, people: 1.55, perAddress: 6.85, front: 0.2, homes: 20, unions: 11, childShare: 0.33, mealShare: 0.265}
	districtSetting = setting{streetMore: 18, townMore: 3, villageLess: 10, people: 1.75, perAddress: 10, homes: 24, unions: 11, childShare: 0.33, mealShare: 0.265}
)

type prefecturePlan struct{ code, name string }

// divisionPlan is the whole division table of one scale.
type divisionPlan struct {
	code, name  string
	cols, rows  int
	prefectures []prefecturePlan
	counties    []countyPlan
	at          map[[2]int]int // grid place → serial
}

var countySuffixes = [...]int{21, 2, 3, 22, 23, 81, 24, 82, 25}

// newPlan lays counties out west to east along river basins; the last column
// lies at the sea. Prefectures are runs along a boustrophedon path, so they hang together.
func newPlan(scale Scale) *divisionPlan {
	d := &divisionPlan{code: "990000000000", name: "海越省", cols: 1, rows: 1, at: map[[2]int]int{}}
	sizes := []int{1}
	switch scale {
	case Prefecture:
		d.cols, d.rows, sizes = 4, 2, []int{8}
	case Province:
		d.cols, d.rows = 10, 9
		sizes = []int{8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9}
	}
	n := 0
	used := map[string]bool{}
	for p, size := range sizes {
		prefix := fmt.Sprintf("99%02d", p+1)
		d.prefectures = append(d.prefectures, prefecturePlan{prefix + "00000000", prefectureNames[p] + "市"})
		for k := range size {
			row := n / d.cols
			col := n % d.cols
			if row%2 == 0 {
				col = d.cols - 1 - col
			}
			c := countyPlan{
				code: fmt.Sprintf("%s%02d000000", prefix, countySuffixes[k]), prefecture: p, col: col, row: row,
				coastal: col == d.cols-1, first: n == 0, serial: n + 1, westGate: col > 0, eastGate: col < d.cols-1,
			}
			suffix := [...]string{"县", "区", "区", "县", "县", "市", "县", "市", "县"}[k]
			c.name = countyName(n, used) + suffix
			c.setting = map[string]setting{"县": countySetting, "市": citySetting, "区": districtSetting}[suffix]
			if c.first {
				c.setting = demoSetting
			}
			c.planTownships()
			d.at[[2]int{col, row}] = c.serial
			d.counties = append(d.counties, c)
			n++
		}
	}
	return d
}

// planTownships fills the county's townships and villages. The random stream
// is keyed by the county's code alone, never by the seed.
func (c *countyPlan) planTownships() {
	r := random(99, "divisions", c.code)
	type spec struct {
		name        string
		kind        string
		role        role
		communities int
		villages    int
	}
	var specs []spec
	if c.first {
		specs = []spec{
			{"澄阳", "街道", roleSeat, 9, 8}, {"南渡", "街道", roleSeat, 6, 12}, {"龙埠", "街道", roleSeat, 5, 14},
			{"石岙", "镇", roleValley, 2, 24}, {"溪埠", "镇", roleRiver, 2, 22}, {"枫坑", "镇", roleRiver, 1, 20},
			{"望潮", "镇", roleCoast, 2, 18}, {"蒲湾", "镇", roleCoast, 1, 21}, {"大垟", "镇", roleRiver, 1, 22}, {"云坞", "镇", roleValley, 1, 20},
			{"高岭", "乡", roleHill, 0, 15}, {"横坞", "乡", roleHill, 0, 14}, {"双坑", "乡", roleHill, 0, 16}, {"梅源", "乡", roleHill, 0, 14},
			{"星屿", "乡", roleIsland, 0, 10},
		}
	} else {
		used := map[string]bool{}
		name := func() string { return pick(r, used, townshipHeads, townshipTails) }
		towns := 7
		if c.serial%6 == 5 && c.serial < 86 {
			towns = 8
		}
		for i := range 3 {
			specs = append(specs, spec{name(), "街道", roleSeat, 8 - 2*i + r.IntN(2) + c.setting.streetMore, 8 + 2*i + r.IntN(4)})
		}
		roles := []role{roleValley, roleRiver, roleRiver, roleCoast, roleCoast, roleRiver, roleValley, roleValley}
		for i := range towns {
			specs = append(specs, spec{name(), "镇", roles[i], 1 + r.IntN(2) + c.setting.townMore, 18 + r.IntN(6) - c.setting.villageLess})
		}
		for i := range 5 {
			s := spec{name(), "乡", roleHill, 0, 12 + r.IntN(5)}
			if i == 4 && c.coastal {
				s.role, s.villages = roleIsland, 10
			}
			specs = append(specs, s)
		}
	}
	used := map[string]bool{}
	next := map[string]int{"街道": 1, "镇": 100, "乡": 200}
	orders := map[role]int{}
	for _, s := range specs {
		t := townshipPlan{name: s.name + s.kind, role: s.role, order: orders[s.role]}
		orders[s.role]++
		t.code = fmt.Sprintf("%s%03d000", c.code[:6], next[s.kind])
		next[s.kind]++
		for i := range s.communities {
			name := pick(r, used, communityHeads, communityTails) + "社区"
			t.villages = append(t.villages, villagePlan{fmt.Sprintf("%s%03d", t.code[:9], i+1), name, true})
		}
		for i := range s.villages {
			tails := villageTails[s.role]
			name := pick(r, used, villageHeads, tails) + "村"
			t.villages = append(t.villages, villagePlan{fmt.Sprintf("%s%03d", t.code[:9], 200+i), name, false})
		}
		c.villageTotal += len(t.villages)
		c.townships = append(c.townships, t)
	}
}

// echoes tells whether a name would say the same syllable twice.
func echoes(head, tail string) bool {
	h, t := []rune(head), []rune(tail)
	return len(t) > 0 && h[len(h)-1] == t[0]
}

// pick joins a head and a tail into a name not used before.
func pick(r *rand.Rand, used map[string]bool, heads, tails []string) string {
	for i := 0; ; i++ {
		h, t := heads[r.IntN(len(heads))], tails[r.IntN(len(tails))]
		if i > 60 { // the short list is used up: a third syllable keeps names apart
			h = villageHeads[r.IntN(len(villageHeads))] + h
		}
		if n := h + t; !used[n] && !echoes(h, t) {
			used[n] = true
			return n
		}
	}
}
