package siting_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// province is n villages in clusters, each a candidate and a demand point; who is within 900 m in a straight line is in reach.
func province(n int) *siting.Problem {
	dice := rand.New(rand.NewPCG(3, 3))
	const side, reach = 200_000.0, 900.0
	p := &siting.Problem{Reach: make([][]siting.Arc, n)}
	x, y := make([]float64, n), make([]float64, n)
	grid := map[[2]int][]int{}
	var towns [1364][2]float64
	for k := range towns {
		towns[k] = [2]float64{dice.Float64() * side, dice.Float64() * side}
	}
	for i := range n {
		town := towns[dice.IntN(len(towns))]
		x[i], y[i] = town[0]+dice.NormFloat64()*1500, town[1]+dice.NormFloat64()*1500
		p.Weight = append(p.Weight, math.Floor(20+dice.ExpFloat64()*500))
		cell := [2]int{int(math.Floor(x[i] / reach)), int(math.Floor(y[i] / reach))}
		grid[cell] = append(grid[cell], i)
	}
	for j := range n {
		cx, cy := int(math.Floor(x[j]/reach)), int(math.Floor(y[j]/reach))
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, i := range grid[[2]int{cx + dx, cy + dy}] {
					if d := math.Hypot(x[i]-x[j], y[i]-y[j]); d <= reach {
						p.Reach[j] = append(p.Reach[j], siting.Arc{Demand: int32(i), Cost: math.Floor(d)})
					}
				}
			}
		}
	}
	return p
}

// BenchmarkProvince: 25,000 × 25,000 within 15 minutes' walk; the proven gap beside the time.
func BenchmarkProvince(b *testing.B) {
	p := province(25_000)
	for _, sites := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprintf("mclp/%d", sites), func(b *testing.B) {
			for b.Loop() {
				res, err := siting.MaxCover(b.Context(), p, sites, siting.Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*res.Gap(), "%gap")
			}
		})
	}
	b.Run("lscp", func(b *testing.B) {
		for b.Loop() {
			res, err := siting.SetCover(b.Context(), p, siting.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(100*res.Gap(), "%gap")
		}
	})
	b.Run("pmedian/1000", func(b *testing.B) {
		q := *p
		q.Unserved = 2000
		for b.Loop() {
			res, err := siting.Median(b.Context(), &q, 1000, siting.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(100*res.Gap(), "%gap")
		}
	})
}
