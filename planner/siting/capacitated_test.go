package siting_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// tiny is n points at random that are sites and demand alike, with an existing site when asked.
func tiny(dice *rand.Rand, n int, existing bool) *siting.Problem {
	p := &siting.Problem{Load: make([]float64, n)}
	var x, y []float64
	for i := range n {
		x, y = append(x, dice.Float64()*100), append(y, dice.Float64()*100)
		p.Weight = append(p.Weight, float64(dice.IntN(4)))
		p.Load[i] = float64(1 + dice.IntN(5))
		p.Capacity = append(p.Capacity, float64(6+dice.IntN(9)))
	}
	for j := range n {
		var arcs []siting.Arc
		for i := range n {
			arcs = append(arcs, siting.Arc{Demand: int32(i), Cost: math.Floor(math.Hypot(x[i]-x[j], y[i]-y[j]))})
		}
		p.Reach = append(p.Reach, arcs)
	}
	if existing {
		p.Existing = []int{dice.IntN(n)}
	}
	return p
}

// everyPlan tries all sets and all assignments.
func everyPlan(p *siting.Problem, sites int) float64 {
	n, best := len(p.Weight), math.Inf(1)
	for set := range 1 << n {
		room, count := make([]float64, n), 0
		for j := range n {
			isOld := len(p.Existing) > 0 && p.Existing[0] == j
			if set>>j&1 == 1 && !isOld {
				count++
			}
			if set>>j&1 == 1 || isOld {
				room[j] = p.Capacity[j]
			}
		}
		if count > sites {
			continue
		}
		var try func(i int, cost float64)
		try = func(i int, cost float64) {
			if cost >= best {
				return
			}
			if i == n {
				best = cost
				return
			}
			for j := range n {
				if room[j] >= p.Load[i] {
					room[j] -= p.Load[i]
					try(i+1, cost+p.Weight[i]*p.Reach[j][i].Cost)
					room[j] += p.Load[i]
				}
			}
		}
		try(0, 0)
	}
	return best
}

// Against all plans of seven points: the bound is never above the optimum, the plan keeps to the capacities, and costs what it says.
func TestCapacitatedMedianAgainstEveryPlan(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 2))
	exact, solved := 0, 0
	for range 60 {
		p := tiny(dice, 7, dice.IntN(3) == 0)
		sites := 2 + dice.IntN(2)
		want := everyPlan(p, sites)
		got, err := siting.CapacitatedMedian(t.Context(), p, sites, siting.Options{})
		if math.IsInf(want, 1) {
			if err == nil {
				t.Fatalf("a plan was found where there is none: %+v", got)
			}
			continue
		}
		if err != nil {
			t.Logf("no plan found, though one costs %v: %v", want, err)
			solved++
			continue
		}
		solved++
		if got.Objective == want {
			exact++
		}
		if got.Objective < want || got.Bound > want {
			t.Fatalf("objective %v, bound %v, optimum %v", got.Objective, got.Bound, want)
		}
		checkPlan(t, p, sites, got)
	}
	if solved < 30 || exact < solved*95/100 {
		t.Errorf("%d optima of %d problems", exact, solved)
	}
}

func checkPlan(t *testing.T, p *siting.Problem, sites int, got *siting.Result) {
	t.Helper()
	open, used, cost := map[int32]bool{}, map[int32]float64{}, 0.0
	for _, j := range append(got.Sites, p.Existing...) {
		open[int32(j)] = true
	}
	for i, j := range got.Serves {
		if !open[j] {
			t.Fatalf("demand point %d is served by %d, which is not open", i, j)
		}
		used[j] += p.Load[i]
		for _, a := range p.Reach[j] {
			if int(a.Demand) == i {
				cost += p.Weight[i] * a.Cost
			}
		}
	}
	for j, u := range used {
		if u > p.Capacity[j] {
			t.Fatalf("site %d serves %v of %v", j, u, p.Capacity[j])
		}
	}
	if len(got.Sites) > sites || math.Abs(cost-got.Objective) > 1e-6 {
		t.Fatalf("%d sites cost %v, told %d and %v", len(got.Sites), cost, sites, got.Objective)
	}
}
