package capacity_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner/capacity"
)

func shuffled(dice *rand.Rand, reach capacity.Reach) capacity.Reach {
	var blocks [][]travel.Pair
	_ = reach(func(b []travel.Pair) error {
		b = slices.Clone(b)
		dice.Shuffle(len(b), func(x, y int) { b[x], b[y] = b[y], b[x] })
		blocks = append(blocks, b)
		return nil
	})
	dice.Shuffle(len(blocks), func(x, y int) { blocks[x], blocks[y] = blocks[y], blocks[x] })
	return func(visit func([]travel.Pair) error) error {
		for _, b := range blocks {
			if err := visit(b); err != nil {
				return err
			}
		}
		return nil
	}
}

func whole(list []float64) []int {
	out := make([]int, len(list))
	for i, v := range list {
		out[i] = int(v)
	}
	return out
}

// Everybody is assigned, unassigned or unreachable; limits hold; the total equals the bound of the potentials; the order of the pairs does not matter.
func TestAssignConservesAndIsProven(t *testing.T) {
	dice := rand.New(rand.NewPCG(9, 1))
	for round := range 300 {
		w := random(dice)
		limit, people := whole(w.supply), whole(w.people)
		if round%2 == 0 {
			for j := range limit {
				limit[j] *= 20
			}
		}
		plan, err := capacity.Assign(t.Context(), w.reach, limit, people)
		if err != nil {
			t.Fatal(err)
		}
		again, err := capacity.Assign(t.Context(), shuffled(dice, w.reach), limit, people)
		if err != nil || !reflect.DeepEqual(plan, again) {
			t.Fatalf("round %d: another order gives another plan (%v)", round, err)
		}
		assigned, load, total := make([]int, len(people)), make([]int, len(limit)), int64(0)
		for _, f := range plan.Flows {
			if m := w.minutes[f.Site][f.Point]; m < 0 || travel.Millis(m*60_000) != f.Millis || f.People <= 0 {
				t.Fatalf("round %d: flow %+v", round, f)
			}
			assigned[f.Point] += f.People
			load[f.Site] += f.People
			total += int64(f.People) * int64(f.Millis)
		}
		for i, p := range people {
			if assigned[i]+plan.Unassigned[i]+plan.Unreachable[i] != p {
				t.Fatalf("round %d, point %d: %d + %d + %d is not %d", round, i, assigned[i], plan.Unassigned[i], plan.Unreachable[i], p)
			}
		}
		for j := range limit {
			if load[j] > limit[j] || load[j] != plan.Load[j] {
				t.Fatalf("round %d, facility %d: %d of %d", round, j, load[j], limit[j])
			}
		}
		if total != plan.Total || plan.Bound != plan.Total || plan.Gap() != 0 {
			t.Fatalf("round %d: total %d, told %d, bound %d", round, total, plan.Total, plan.Bound)
		}
	}
}

// Against every plan of few people: as many as possible, then the least time.
func TestAssignAgainstEveryPlan(t *testing.T) {
	dice := rand.New(rand.NewPCG(2, 7))
	for round := range 200 {
		n, m := 1+dice.IntN(6), 1+dice.IntN(3)
		w := world{minutes: make([][]float64, m)}
		limit, people := make([]int, m), make([]int, n)
		for i := range people {
			people[i] = 1
		}
		for j := range m {
			limit[j] = dice.IntN(4)
			for range n {
				w.minutes[j] = append(w.minutes[j], float64(dice.IntN(9)-2))
			}
		}
		most, least := -1, int64(0)
		room := slices.Clone(limit)
		var try func(i, count int, total int64)
		try = func(i, count int, total int64) {
			if i == n {
				if count > most || count == most && total < least {
					most, least = count, total
				}
				return
			}
			try(i+1, count, total)
			for j := range m {
				if room[j] > 0 && w.minutes[j][i] >= 0 {
					room[j]--
					try(i+1, count+1, total+int64(w.minutes[j][i])*60_000)
					room[j]++
				}
			}
		}
		try(0, 0, 0)
		plan, err := capacity.Assign(t.Context(), w.reach, limit, people)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, l := range plan.Load {
			count += l
		}
		if count != most || plan.Total != least {
			t.Fatalf("round %d: %d people in %d ms, best %d in %d", round, count, plan.Total, most, least)
		}
	}
}

func TestAssignRefuses(t *testing.T) {
	w := world{minutes: [][]float64{{1}}}
	if _, err := capacity.Assign(t.Context(), w.reach, []int{-1}, []int{1}); err == nil {
		t.Error("a negative limit")
	}
	if _, err := capacity.Assign(t.Context(), w.reach, nil, []int{1}); err == nil {
		t.Error("a facility outside of the list")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := capacity.Assign(ctx, w.reach, []int{1}, []int{1}); err == nil {
		t.Error("canceled")
	}
}

// BenchmarkAssign: 25,000 villages and 20,000 facilities on a plane, about 20 facilities in reach of each, room for nine of ten people.
func BenchmarkAssign(b *testing.B) {
	dice := rand.New(rand.NewPCG(1, 1))
	const n, m, side, radius = 25_000, 20_000, 400.0, 6.3
	type spot struct{ x, y float64 }
	grid := map[[2]int][]int32{}
	points, people := make([]spot, n), make([]int, n)
	all := 0
	for i := range points {
		points[i] = spot{dice.Float64() * side, dice.Float64() * side}
		people[i] = 100 + dice.IntN(900)
		all += people[i]
		cell := [2]int{int(points[i].x / radius), int(points[i].y / radius)}
		grid[cell] = append(grid[cell], int32(i))
	}
	limit := make([]int, m)
	blocks := make([][]travel.Pair, m)
	for j := range m {
		s := spot{dice.Float64() * side, dice.Float64() * side}
		limit[j] = dice.IntN(2 * all * 9 / 10 / m)
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, i := range grid[[2]int{int(s.x/radius) + dx, int(s.y/radius) + dy}] {
					if d := (points[i].x-s.x)*(points[i].x-s.x) + (points[i].y-s.y)*(points[i].y-s.y); d < radius*radius {
						blocks[j] = append(blocks[j], travel.Pair{Site: int32(j), Point: i, Millis: travel.Millis(d / radius / radius * 900_000)})
					}
				}
			}
		}
	}
	reach := func(visit func([]travel.Pair) error) error {
		for _, block := range blocks {
			if err := visit(block); err != nil {
				return err
			}
		}
		return nil
	}
	for b.Loop() {
		plan, err := capacity.Assign(b.Context(), reach, limit, people)
		if err != nil || plan.Gap() != 0 {
			b.Fatal(err, plan.Gap())
		}
	}
}
