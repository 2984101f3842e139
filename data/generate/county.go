package generate

import (
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// county is everything that is known of the county being generated. It is
// dropped before the next one starts.
type county struct {
	plan     *countyPlan
	div      *divisionPlan
	seed     int64
	col, row int
	land     *terrain
	centres  []pt      // of the townships, in plan order
	gates    []pt      // where roads pass to other counties
	villages []village // in plan order
	label    []int16   // latN × latN: village index + 1, 0 outside the county
	outer    []int32   // latN × latN: serial of the county, 0 sea, -1 abroad
	shapes   *borders
	outline  []orb.MultiPolygon // of the villages
	net      *net
	facility []facility
	house    []house
	childBar bar // residents under 18 from which a village should have a child home
	mealBar  bar // residents of 80+ from which it has a demand for meals
}

// village is a village or community with its settlements.
type village struct {
	villagePlan
	serial   int // running number in the county
	township int
	site     pt       // middle of the main settlement
	hamlets  []hamlet // the main settlement first
	built    float64  // radius of the main settlement, metres
	people   people
	class    string // 城乡分类
	houses   []int  // indexes into county.house
}

// hamlet is a 自然村.
type hamlet struct {
	name   string
	at     pt
	radius float64
	access string // highway class of the way that leads there, "" for the main settlement
	share  float64
}

type bound struct{ lo, hi pt }

// people are the counts of one village: resident and registered.
type people struct{ resident, registered groups }

type groups struct{ total, over60, over65, over80, to15, to17 int }

func (c *county) random(key string) *rand.Rand { return random(c.seed, c.plan.code, key) }

// newCounty gives the land its shape.
func newCounty(div *divisionPlan, plan *countyPlan, seed int64) *county {
	c := &county{plan: plan, div: div, seed: seed, col: plan.col, row: plan.row, land: &terrain{}}
	// The noise below the land is one field for all counties, so that ridges and
	// shores run on across borders; the courses of rivers are the county's own.
	c.land.shape(c.random("rivers"), plan, uint64(seed)*2654435761+99)
	c.land.build()
	return c
}

// countyAt names the county of a lattice cell anywhere: its serial, or -1 where
// no county is. Borders stray up to six cells from the rectangles.
func (d *divisionPlan) countyAt(seed int64, gi, gj int) int {
	x, y := float64(gi), float64(gj)
	u := x + 4*noise(uint64(seed)+71, x/46, y/46) + 2*noise(uint64(seed)+72, x/13, y/13)
	v := y + 4*noise(uint64(seed)+73, x/46, y/46) + 2*noise(uint64(seed)+74, x/13, y/13)
	col, row := floorDiv(u), floorDiv(v)
	if s, ok := d.at[[2]int{col, row}]; ok {
		return s
	}
	// East of the coastal rectangles is the sea of the same county.
	if col == d.cols {
		if s, ok := d.at[[2]int{col - 1, row}]; ok {
			return s
		}
	}
	return -1
}

func floorDiv(v float64) int {
	n := int(v) / lattice
	if v < 0 {
		n--
	}
	return n
}

// lines turns a ring or line of plane points into degrees.
func (c *county) lines(ps []pt) orb.LineString {
	out := make(orb.LineString, len(ps))
	for i, p := range ps {
		out[i] = c.lonLat(p)
	}
	return out
}
