package capacity_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner/capacity"
)

// world is facilities and points at random; minutes[j][i] is negative where j does not reach i.
type world struct {
	supply, people []float64
	minutes        [][]float64
}

func random(dice *rand.Rand) world {
	w := world{}
	for range 1 + dice.IntN(30) {
		w.people = append(w.people, float64(dice.IntN(300)))
	}
	for range 1 + dice.IntN(12) {
		w.supply = append(w.supply, float64(dice.IntN(60)))
		row := make([]float64, len(w.people))
		for i := range row {
			if row[i] = dice.Float64() * 15; dice.IntN(3) == 0 {
				row[i] = -1
			}
		}
		w.minutes = append(w.minutes, row)
	}
	return w
}

func (w world) reach(visit func([]travel.Pair) error) error {
	for j, row := range w.minutes {
		var block []travel.Pair
		for i, m := range row {
			if m >= 0 {
				block = append(block, travel.Pair{Site: int32(j), Point: int32(i), Millis: travel.Millis(m * 60_000)})
			}
		}
		if len(block) > 0 {
			if err := visit(block); err != nil {
				return err
			}
		}
	}
	return nil
}

// reference is each method in dense matrices, straight from the papers.
func reference(method capacity.Catchment, w world, decay capacity.Decay) []float64 {
	n, m := len(w.people), len(w.supply)
	f := make([][]float64, m)
	rows, columns := make([]float64, n), make([]float64, m)
	for j := range f {
		f[j] = make([]float64, n)
		for i := range n {
			if w.minutes[j][i] >= 0 {
				f[j][i] = decay(travel.Millis(w.minutes[j][i] * 60_000))
			}
			rows[i] += f[j][i]
			columns[j] += f[j][i]
		}
	}
	access := make([]float64, n)
	for j := range m {
		demand := 0.0
		for i := range n {
			switch g := f[j][i] / math.Max(rows[i], 1e-300); method {
			case capacity.TwoStep:
				demand += w.people[i] * f[j][i]
			case capacity.ThreeStep:
				demand += w.people[i] * f[j][i] * g
			default:
				demand += w.people[i] * g
			}
		}
		for i := range n {
			if demand > 0 {
				weight := map[capacity.Catchment]float64{capacity.TwoStep: f[j][i], capacity.ThreeStep: f[j][i] * f[j][i] / math.Max(rows[i], 1e-300), capacity.Balanced: f[j][i] / math.Max(columns[j], 1e-300)}
				access[i] += w.supply[j] / demand * weight[method]
			}
		}
	}
	return access
}

// Equal to the reference to 1e-9; what facilities offer is what people get.
func TestFloatingCatchments(t *testing.T) {
	dice := rand.New(rand.NewPCG(6, 6))
	minute := func(m float64) travel.Millis { return travel.Millis(m * 60_000) }
	decays := map[string]capacity.Decay{
		"2SFCA":  capacity.Binary(minute(10)),
		"E2SFCA": capacity.Zones([]travel.Millis{minute(5), minute(10), minute(15)}, []float64{1, 0.68, 0.22}),
		"Gauss":  capacity.Gaussian(minute(15)),
	}
	for round := range 200 {
		w := random(dice)
		for name, decay := range decays {
			for _, method := range []capacity.Catchment{capacity.TwoStep, capacity.ThreeStep, capacity.Balanced} {
				got, err := capacity.Floating(method, w.reach, w.supply, w.people, decay)
				if err != nil {
					t.Fatal(err)
				}
				want := reference(method, w, decay)
				given, taken, ratios, access, served := 0.0, 0.0, 0.0, 0.0, 0.0
				for i := range want {
					if math.Abs(got.Point[i]-want[i]) > 1e-9*math.Max(1, want[i]) {
						t.Fatalf("round %d, %s %s: point %d has %v, reference %v", round, name, method, i, got.Point[i], want[i])
					}
					taken += got.Point[i] * w.people[i]
					access += got.Point[i]
				}
				for j, s := range w.supply {
					if got.Demand[j] > 0 {
						given += s
					}
					ratios += got.Site[j]
					served += got.Demand[j]
				}
				seen := 0.0 // people who count for any facility
				for i, p := range w.people {
					for j := range w.supply {
						if m := w.minutes[j][i]; m >= 0 && decay(minute(m)) > 0 {
							seen += p
							break
						}
					}
				}
				if near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Max(1, y) }; method != capacity.Balanced && !near(taken, given) ||
					method == capacity.Balanced && (!near(access, ratios) || !near(served, seen)) {
					t.Fatalf("round %d, %s %s: supply %v is given as %v; access %v of %v; people %v of %v", round, name, method, given, taken, access, ratios, served, seen)
				}
			}
		}
	}
}

func TestFloatingRefuses(t *testing.T) {
	w := world{supply: []float64{1}, people: []float64{-3}, minutes: [][]float64{{1}}}
	if _, err := capacity.Floating(capacity.TwoStep, w.reach, w.supply, w.people, capacity.Binary(1)); err == nil {
		t.Error("negative people")
	}
	w.people = []float64{3}
	if _, err := capacity.Floating("4sfca", w.reach, w.supply, w.people, capacity.Binary(1)); err == nil {
		t.Error("unknown method")
	}
	if _, err := capacity.Floating(capacity.TwoStep, w.reach, nil, w.people, capacity.Binary(1)); err == nil {
		t.Error("a facility outside of the list")
	}
}
