package siting_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// patchy is tiny with arcs left out, so that not everybody can be served.
func patchy(dice *rand.Rand, n int) *siting.Problem {
	p := tiny(dice, n, dice.IntN(3) == 0)
	for j, arcs := range p.Reach {
		p.Reach[j] = nil
		for _, a := range arcs {
			if dice.IntN(5) < 3 {
				p.Reach[j] = append(p.Reach[j], a)
			}
		}
	}
	return p
}

// everySet calls visit with the open candidates of every set of at most sites new ones.
func everySet(p *siting.Problem, sites int, visit func(open []bool, count int)) {
	m := len(p.Reach)
	old := make([]bool, m)
	for _, j := range p.Existing {
		old[j] = true
	}
	for set := range 1 << m {
		open, count := make([]bool, m), 0
		for j := range m {
			if open[j] = old[j]; set>>j&1 == 1 {
				if open[j] {
					count = m + 1 // the same set as without
				}
				open[j] = true
				count++
			}
		}
		if count <= sites {
			visit(open, count)
		}
	}
}

// mostServed tries all assignments within capacities (nil: none) and a radius: the most weight, and whether all who count and can be reached at all are served.
func mostServed(p *siting.Problem, open []bool, radius float64) (most float64, all bool) {
	cost := costs(p)
	room := append([]float64(nil), p.Capacity...)
	want := 0.0
	for i, w := range p.Weight {
		for j := range p.Reach {
			if !math.IsInf(cost[j][i], 1) {
				want += w
				break
			}
		}
	}
	var try func(i int, got float64)
	try = func(i int, got float64) {
		if i == len(p.Weight) {
			most = max(most, got)
			return
		}
		try(i+1, got)
		if p.Weight[i] == 0 {
			return
		}
		for j := range p.Reach {
			if open[j] && cost[j][i] <= radius && (room == nil || room[j] >= p.Load[i]) {
				if room != nil {
					room[j] -= p.Load[i]
				}
				try(i+1, got+p.Weight[i])
				if room == nil {
					return
				}
				room[j] += p.Load[i]
			}
		}
	}
	try(0, 0)
	return most, most >= want
}

func costs(p *siting.Problem) [][]float64 {
	out := make([][]float64, len(p.Reach))
	for j, arcs := range p.Reach {
		out[j] = make([]float64, len(p.Weight))
		for i := range out[j] {
			out[j][i] = math.Inf(1)
		}
		for _, a := range arcs {
			out[j][a.Demand] = a.Cost
		}
	}
	return out
}

// Against all sets and assignments of six points, with and without capacities: covering most, covering all with fewest, and the least radius.
// Bounds are on the right side always; without capacities every answer is the optimum and proven.
func TestCoversAndCentersAgainstEverySet(t *testing.T) {
	dice := rand.New(rand.NewPCG(8, 3))
	asked, exact := 0, 0
	same := func(got *siting.Result, want float64) {
		if asked++; got.Objective == want {
			exact++
		}
	}
	for round := range 150 {
		p := patchy(dice, 6)
		free := *p
		if round%2 == 0 {
			free.Capacity, p.Capacity = nil, nil
		}
		sites := 1 + dice.IntN(3)
		most, fewest, radius := 0.0, math.Inf(1), math.Inf(1)
		distances := []float64{0}
		for _, arcs := range p.Reach {
			for _, a := range arcs {
				distances = append(distances, a.Cost)
			}
		}
		const reach = 1e9
		everySet(p, len(p.Reach), func(open []bool, count int) {
			got, all := mostServed(p, open, reach)
			if all {
				fewest = min(fewest, float64(count))
			}
			if count > sites {
				return
			}
			most = max(most, got)
			for _, d := range distances {
				if d < radius {
					if _, all := mostServed(p, open, d); all {
						radius = d
					}
				}
			}
		})
		cover, err := siting.CapacitatedMaxCover(t.Context(), p, sites, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if same(cover, most); cover.Objective > most || cover.Bound < most {
			t.Fatalf("round %d: covers %v, bound %v, most %v", round, cover.Objective, cover.Bound, most)
		}
		all, err := siting.CapacitatedSetCover(t.Context(), p, siting.Options{})
		if math.IsInf(fewest, 1) != (err != nil) {
			t.Logf("round %d: fewest %v, %v", round, fewest, err)
			asked++
		} else if err == nil {
			if same(all, fewest); all.Objective < fewest || all.Bound > fewest {
				t.Fatalf("round %d: %v sites, bound %v, fewest %v", round, all.Objective, all.Bound, fewest)
			}
		}
		center, err := siting.Center(t.Context(), p, sites, siting.Options{})
		if math.IsInf(radius, 1) != (err != nil) {
			t.Logf("round %d: radius %v, %v", round, radius, err)
			asked++
		} else if err == nil {
			if same(center, radius); center.Objective < radius || center.Bound > radius {
				t.Fatalf("round %d: radius %v, bound %v, least %v", round, center.Objective, center.Bound, radius)
			}
			if p.Capacity == nil && center.Bound != radius {
				t.Errorf("round %d: radius %v is not proven, bound %v", round, radius, center.Bound)
			}
		}
	}
	if exact < asked*98/100 {
		t.Errorf("%d optima of %d questions", exact, asked)
	}
	t.Logf("%d optima of %d questions", exact, asked)
}
