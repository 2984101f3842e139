package generate

import (
	"math"
	"math/rand/v2"
)

const riverStep = 150.0 // metres between the points of a river

// gateY is the northing at which the main river crosses from one rectangle
// into the next; both sides use it.
const gateY = cellH * 0.52

// beyondGate is how far from a gate the river keeps its course. Borders stray
// less than that from the rectangle, so each side knows the other's water.
const beyondGate = 700.0

// Half widths of the main river where it enters a county and where it leaves one.
const riverIn, riverOut = 14.0, 66.0

// branches of the main river: where they join (share of the river's length),
// on which side, and how far they reach towards the rectangle's edge.
var branchPlan = []struct {
	join  float64
	north bool
	reach float64
}{
	{0.13, true, 0.80}, {0.26, false, 0.84}, {0.45, true, 0.84}, {0.54, false, 0.78}, {0.82, true, 0.62}, {0.80, false, 0.60},
}

// shape lays the main river, its branches and their side valleys, the reservoir
// and the islands.
func (t *terrain) shape(r *rand.Rand, plan *countyPlan, seed uint64) {
	t.seed, t.col, t.row, t.coastal = seed, plan.col, plan.row, plan.coastal
	start, end := 0.0, cellW
	straight := beyondGate // the river's first and last stretch, where a neighbour's borders may reach
	if !plan.westGate {
		start, straight = 2600, 0
	}
	t.gates = [2]bool{plan.westGate, !plan.coastal}
	if plan.coastal {
		end = 36000
		t.islands = []island{
			{pt{36900, cellH * 0.26}, 2500, 3100, 210},
			{pt{37600, cellH*0.26 + 6100}, 1050, 900, 90},
			{pt{36200, cellH * 0.80}, 420, 330, 40},
		}
	}
	phase := r.Float64() * 6
	var main valley
	main.main, main.name = true, "澄江"
	if !plan.first {
		main.name = plan.name[:3] + "江"
	}
	for x := start; x <= end+1; x += riverStep {
		env := smoothstep(straight, straight+5000, x-start)
		if !plan.coastal {
			env *= smoothstep(beyondGate, beyondGate+5000, end-x)
		}
		y := gateY + env*(1500*math.Sin(x/4300+phase)+1300*noise(seed+41, x/5200, 1)+420*noise(seed+42, x/1500, 2))
		if plan.coastal && coastX(t.seed, y+float64(t.row)*cellH) < x-500 {
			break // the river ends in the tidal flat
		}
		main.line = append(main.line, pt{x, y})
		f := (x - start) / (end - start)
		high := 105.0
		if !plan.coastal {
			high = 130
		}
		low := 1.0
		if !plan.coastal {
			low = 60
		}
		main.floor = append(main.floor, low+(high-low)*math.Pow(math.Max(0, 1-f*1.15), 1.4))
		main.half = append(main.half, 420+1500*smoothstep(0.25, 0.9, f)+650*math.Exp(-math.Pow((f-0.57)/0.09, 2)))
	}
	t.valleys = []valley{main}
	for b, bp := range branchPlan {
		k := int(bp.join * float64(len(main.line)-1))
		br := t.branch(r, main, k, bp.north, bp.reach, b)
		t.valleys = append(t.valleys, br)
		// Side valleys leave the branch on alternating sides.
		for s, f := range []float64{0.35, 0.6} {
			kk := int((1 - f) * float64(len(br.line)-1))
			t.valleys = append(t.valleys, t.side(r, br, kk, (s+b)%2 == 0))
		}
	}
	// The reservoir drowns a stretch of the third branch above its market town.
	br := &t.valleys[1+3*2]
	n := len(br.line)
	lo, hi := int(float64(n)*0.26), int(float64(n)*0.42)
	l := lake{name: branchNames[2] + "水库", level: br.floor[lo]}
	for i := lo; i <= hi; i++ {
		l.line = append(l.line, br.line[i])
		l.half = append(l.half, 60+230*math.Sin(math.Pi*math.Min(1, 0.15+float64(i-lo)/float64(hi-lo)*0.8)))
	}
	t.lakes = []lake{l}
}

var branchNames = []string{"枫溪", "横溪", "云溪", "梅溪", "荷塘河", "新塘河"}

// branch grows upstream from the main river's point k. Its line is returned
// upstream first, like every valley.
func (t *terrain) branch(r *rand.Rand, main valley, k int, north bool, reach float64, b int) valley {
	dir := -math.Pi / 2
	far := main.line[k].Y
	if north {
		dir, far = math.Pi/2, cellH-main.line[k].Y
	}
	length := far * reach
	p := main.line[k]
	up := []pt{p}
	lean := between(r, 0.05, 0.35)
	if b >= 4 {
		lean = -0.1
	}
	if !north {
		lean = -lean
	}
	for d := 0.0; d < length; d += riverStep {
		a := dir + lean + 0.75*noise(t.seed+uint64(50+b), d/2600, 3) + 0.35*noise(t.seed+uint64(60+b), d/800, 4)
		p = p.add(polar(a, riverStep))
		p.X = math.Max(2800, math.Min(cellW-2800, p.X))
		up = append(up, p)
	}
	return t.rising(up, main.floor[k], 17, 330, branchNames[b])
}

func (t *terrain) side(r *rand.Rand, br valley, k int, left bool) valley {
	p := br.line[k]
	d := br.line[max(0, k-4)].sub(br.line[min(len(br.line)-1, k+4)]).unit() // pointing upstream
	a := math.Atan2(d.Y, d.X) + 1.0
	if !left {
		a -= 2.0
	}
	up := []pt{p}
	id := uint64(r.IntN(1 << 20))
	length := between(r, 3600, 4600)
	for s := 0.0; s < length; s += riverStep {
		p = p.add(polar(a+0.6*noise(t.seed+id, s/1700, 1), riverStep))
		p.X = math.Max(2000, math.Min(cellW-2000, p.X))
		p.Y = math.Max(2500, math.Min(cellH-2500, p.Y))
		up = append(up, p)
	}
	return t.rising(up, br.floor[k], 32, 130, "")
}

// rising turns an upstream line into a valley whose floor climbs perKm metres
// and narrows towards the head.
func (t *terrain) rising(up []pt, base, perKm, half float64, name string) valley {
	n := len(up)
	v := valley{line: make([]pt, n), floor: make([]float64, n), half: make([]float64, n), name: name}
	coastal := 1.0
	for i, p := range up {
		if t.coastal {
			coastal = smoothstep(1000, 9000, t.shore(p))
		}
		km := float64(i) * riverStep / 1000
		j := n - 1 - i
		v.line[j] = p
		v.floor[j] = base + coastal*perKm*km*(0.7+0.3*km/(float64(n)*riverStep/1000))
		v.half[j] = half * (0.25 + 0.75*(1-float64(i)/float64(n)))
	}
	return v
}

// riverHalf is half the water's width of the main river at a place along it.
func (t *terrain) riverHalf(at float64) float64 {
	f := at / float64(len(t.valleys[0].line)-1)
	w := riverIn + (riverOut-riverIn)*f
	if t.coastal {
		w += 330 * smoothstep(0.84, 1, f)
	}
	return w
}
