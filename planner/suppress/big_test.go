package suppress

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkProvince is a province: 11 prefectures, 90 counties, 1,400 townships, 25,000 villages, 200 components.
func BenchmarkProvince(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const components = 200
	var units []Unit
	var grow func(code, parent string, shape []int) []int
	grow = func(code, parent string, shape []int) []int {
		at, counts := len(units), make([]int, components)
		units = append(units, Unit{Code: code, Parent: parent})
		if len(shape) == 0 {
			for k := range counts {
				counts[k] = int(r.ExpFloat64() * 60 * r.Float64())
			}
		} else {
			for i := range shape[0] {
				for k, v := range grow(fmt.Sprintf("%s.%02d", code, i), code, shape[1:]) {
					counts[k] += v
				}
			}
		}
		units[at].Counts = counts
		return counts
	}
	grow("p", "", []int{11, 8, 16, 18})
	for b.Loop() {
		withheld := Withhold(units, func(string) bool { return false }, 10)
		b.ReportMetric(float64(len(withheld))/float64(len(units)), "withheld")
	}
}
