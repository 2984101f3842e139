package siting_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// Against every set of eight candidates whose fees the budget holds: the optimum, proven, for people covered and for costs.
func TestFeesAgainstEverySet(t *testing.T) {
	dice := rand.New(rand.NewPCG(5, 12))
	for round := range 300 {
		p := patchy(dice, 8)
		p.Capacity, p.Unserved = nil, 120
		for range p.Reach {
			p.Fee = append(p.Fee, float64(dice.IntN(20)))
		}
		p.Purse = float64(dice.IntN(60))
		sites := 1 + dice.IntN(len(p.Reach))
		most, least := 0.0, math.Inf(1)
		cost := costs(p)
		everySet(p, sites, func(open []bool, count int) {
			fees := 0.0
			for j, is := range open {
				if is {
					fees += p.Fee[j]
				}
			}
			for _, j := range p.Existing {
				fees -= p.Fee[j]
			}
			if fees > p.Purse {
				return
			}
			covered, total := 0.0, 0.0
			for i, w := range p.Weight {
				d := p.Unserved
				for j, is := range open {
					if is && !math.IsInf(cost[j][i], 1) {
						d = min(d, cost[j][i])
					}
				}
				total += w * d
				if d < p.Unserved {
					covered += w
				}
			}
			most, least = max(most, covered), min(least, total)
		})
		got, err := siting.MaxCover(t.Context(), p, sites, siting.Options{})
		if err != nil || got.Objective != most || got.Bound != most {
			t.Fatalf("round %d: covers %+v (%v), most %v", round, got, err, most)
		}
		got, err = siting.Median(t.Context(), p, sites, siting.Options{})
		if err != nil || math.Abs(got.Objective-least) > 1e-9*least || math.Abs(got.Bound-least) > 1e-6*least {
			t.Fatalf("round %d: costs %+v (%v), least %v; fees %v purse %v sites %d existing %v", round, got, err, least, p.Fee, p.Purse, sites, p.Existing)
		}
		spent := 0.0
		for _, j := range got.Sites {
			spent += p.Fee[j]
		}
		if spent > p.Purse || len(got.Sites) > sites {
			t.Fatalf("round %d: %v of %v spent on %d sites of %d", round, spent, p.Purse, len(got.Sites), sites)
		}
	}
}
