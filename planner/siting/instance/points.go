package instance

import (
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// points is places in the plane, by place.
type points struct {
	x, y []float64
}

// read takes the coordinates that stand in fields k and k+1.
func (p *points) read(l row, k int) error {
	x, err := l.float(k, -largest, largest)
	if err != nil {
		return err
	}
	y, err := l.float(k+1, -largest, largest)
	if err != nil {
		return err
	}
	p.x, p.y = append(p.x, x), append(p.y, y)
	return nil
}

// reach lists, for each point, the points at most radius away in a straight
// line; round is done to each distance before it is compared. Points are looked
// up in strips of the plane, so a large set with a small radius stays sparse.
func (p *points) reach(radius float64, round func(float64) float64) [][]siting.Arc {
	n := len(p.x)
	byX := make([]int32, n)
	for i := range byX {
		byX[i] = int32(i)
	}
	slices.SortStableFunc(byX, func(a, b int32) int {
		if p.x[a] < p.x[b] {
			return -1
		} else if p.x[a] > p.x[b] {
			return 1
		}
		return 0
	})
	out := make([][]siting.Arc, n)
	low := 0
	for _, j := range byX {
		for p.x[j]-p.x[byX[low]] > radius+1 { // 1: what rounding can take away
			low++
		}
		for _, i := range byX[low:] {
			if p.x[i]-p.x[j] > radius+1 {
				break
			}
			if math.Abs(p.y[i]-p.y[j]) > radius+1 {
				continue
			}
			if c := round(math.Hypot(p.x[i]-p.x[j], p.y[i]-p.y[j])); c <= radius {
				out[j] = append(out[j], siting.Arc{Demand: i, Cost: c})
			}
		}
		slices.SortFunc(out[j], func(a, b siting.Arc) int { return int(a.Demand - b.Demand) })
	}
	return out
}

func exact(d float64) float64 { return d }
