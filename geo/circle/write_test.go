package circle

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
)

func TestCoordinatesAreWrittenAsStrconvWould(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 1))
	for _, v := range []float64{0, 1, -1, 180, -180, 1e-7, -1e-7, 0.1, -0.0000012, 120.5, 9.9999999} {
		check(t, v)
	}
	for range 10000 {
		check(t, math.Round((dice.Float64()*360-180)*1e7)/1e7)
	}
	got := string(AppendCoordinates(nil, orb.MultiPolygon{{{{1, 2}, {3, 4}}, {{5, 6}}}, {{{7, 8}}}}))
	if want := "[[[[1.0000000,2.0000000],[3.0000000,4.0000000]],[[5.0000000,6.0000000]]],[[[7.0000000,8.0000000]]]]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func check(t *testing.T, v float64) {
	t.Helper()
	if got, want := string(appendDegrees(nil, v)), strconv.FormatFloat(v, 'f', 7, 64); got != want {
		t.Errorf("%v is written %s, want %s", v, got, want)
	}
}
