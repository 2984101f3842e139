package capacity

import (
	"math"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Reach calls visit with the pairs of one facility after another: Site is the facility's place in the list of supplies,
// Point the place in the list of people. An error of visit ends it and is given back.
type Reach func(visit func([]travel.Pair) error) error

// Decay is the weight, 0 to 1, of a facility that is so many milliseconds away.
type Decay func(travel.Millis) float64

// Binary counts everything within limit alike (2SFCA: Luo, Wang 2003).
func Binary(limit travel.Millis) Decay {
	return func(t travel.Millis) float64 {
		if t <= limit {
			return 1
		}
		return 0
	}
}

// Zones weighs by rings (E2SFCA: Luo, Qi 2009): weights[k] holds up to and including limits[k], limits ascending; nothing beyond.
func Zones(limits []travel.Millis, weights []float64) Decay {
	return func(t travel.Millis) float64 {
		for k, limit := range limits {
			if t <= limit {
				return weights[k]
			}
		}
		return 0
	}
}

// Gaussian falls from 1 at the door to 0 at limit (Dai 2010): (exp(−½(t/limit)²) − exp(−½)) / (1 − exp(−½)).
func Gaussian(limit travel.Millis) Decay {
	edge := math.Exp(-0.5)
	return func(t travel.Millis) float64 {
		if t > limit || limit == 0 {
			return 0
		}
		x := float64(t) / float64(limit)
		return (math.Exp(-0.5*x*x) - edge) / (1 - edge)
	}
}

// Catchment is a method of floating catchments.
type Catchment string

// The methods. With w the decay's weight of a pair, P people, S supply:
const (
	// TwoStep: a facility's ratio R = S ÷ Σ P·w; a point's access is Σ R·w. With Zones it is the enhanced one (E2SFCA).
	TwoStep Catchment = "2sfca"
	// ThreeStep (3SFCA: Wan, Zou, Sternberg 2012): as TwoStep, with people divided among facilities by w ÷ Σ w first.
	// It counts competition twice (Paez, Higgins, Vivona 2019): an option, not the default.
	ThreeStep Catchment = "3sfca"
	// Balanced (BFCA: Paez, Higgins, Vivona 2019): the weights of each point and of each facility add up to 1, so that nobody
	// and nothing is counted twice: Σ demand of facilities = people who reach any, Σ P-less access = Σ ratios.
	Balanced Catchment = "bfca"
)

// Access is what a floating catchment gives.
type Access struct {
	Point  []float64 // supply for one person, by point; 0 where none is in reach
	Site   []float64 // supply for one person of a facility's catchment; 0 where its catchment is empty
	Demand []float64 // people who count for each facility, as the method weighs them
}

// Floating runs a floating catchment. Reach is called once for TwoStep and twice for the others; sums are made in the order of
// the pairs, so the same pairs give the same bits. A pair outside of the lists, or a negative or infinite supply or population, is Invalid.
func Floating(method Catchment, reach Reach, supply, people []float64, decay Decay) (*Access, error) {
	for what, list := range map[planner.Text][]float64{{ZH: "服务能力", EN: "supply"}: supply, {ZH: "人口", EN: "population"}: people} {
		for i, v := range list {
			if !(v >= 0) || math.IsInf(v, 1) {
				return nil, planner.Errorf(planner.Invalid, "第 %[1]d 项%[2]s %[4]g 不是非负数", "%[3]s %[1]d is %[4]g, not a number of at least 0", i, what.ZH, what.EN, v)
			}
		}
	}
	total := make([]float64, len(people)) // by point: Σ w over facilities
	if method == ThreeStep || method == Balanced {
		if err := each(reach, supply, people, decay, func(_ int32, pairs []travel.Pair, w []float64) {
			for k, p := range pairs {
				total[p.Point] += w[k]
			}
		}); err != nil {
			return nil, err
		}
	} else if method != TwoStep {
		return nil, planner.Errorf(planner.Invalid, "没有「%s」这种方法;可用:2sfca、3sfca、bfca", "there is no method %q; there are 2sfca, 3sfca, bfca", string(method))
	}
	a := &Access{Point: make([]float64, len(people)), Site: make([]float64, len(supply)), Demand: make([]float64, len(supply))}
	share := func(w float64, point int32) float64 { // of a point's people that look to a facility
		switch {
		case method == TwoStep:
			return 1
		case total[point] == 0:
			return 0
		}
		return w / total[point]
	}
	return a, each(reach, supply, people, decay, func(j int32, pairs []travel.Pair, w []float64) {
		demand, sum := 0.0, 0.0
		for k, p := range pairs {
			sum += w[k]
			if method == Balanced {
				demand += people[p.Point] * share(w[k], p.Point)
			} else {
				demand += people[p.Point] * w[k] * share(w[k], p.Point)
			}
		}
		if a.Demand[j] = demand; demand == 0 {
			return
		}
		a.Site[j] = supply[j] / demand
		for k, p := range pairs {
			switch method {
			case Balanced:
				a.Point[p.Point] += a.Site[j] * w[k] / sum
			default:
				a.Point[p.Point] += a.Site[j] * w[k] * share(w[k], p.Point)
			}
		}
	})
}

// each calls visit with the pairs of each facility and their weights.
func each(reach Reach, supply, people []float64, decay Decay, visit func(site int32, pairs []travel.Pair, w []float64)) error {
	var w []float64
	return reach(func(pairs []travel.Pair) error {
		w = w[:0]
		for _, p := range pairs {
			if p.Site < 0 || int(p.Site) >= len(supply) || p.Point < 0 || int(p.Point) >= len(people) {
				return planner.Errorf(planner.Invalid, "设施 %d 与需求点 %d 不在名单内", "facility %d and point %d are not both in the lists", p.Site, p.Point)
			}
			w = append(w, decay(p.Millis))
		}
		if len(pairs) > 0 {
			visit(pairs[0].Site, pairs, w)
		}
		return nil
	})
}
