package circle

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// Half the earth, a degree at the equator, and a kilometre with a hole at 30° N, against known figures (GeographicLib, whose upper edges are geodesics).
func TestArea(t *testing.T) {
	box := func(west, south, east, north float64) orb.Ring {
		return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
	}
	hole := box(120.002, 30.002, 120.008, 30.008)
	hole.Reverse()
	north, east := 110_852.4248, 96_486.2809 // metres of a degree at 30° N
	for name, c := range map[string]struct {
		polygon orb.Polygon
		want    float64
		within  float64 // share
	}{
		"the northern half": {orb.Polygon{box(0, 0, 360, 90)}, 510_065_621_724_088.5 / 2, 1e-12},
		"one degree":        {orb.Polygon{box(0, 0, 1, 1)}, 12_308_778_361.469, 1e-4},
		"a hole":            {orb.Polygon{box(120, 30, 120.01, 30.01), hole}, north * east * (0.01*0.01 - 0.006*0.006), 1e-4},
	} {
		if got := Area(orb.MultiPolygon{c.polygon}); math.Abs(got-c.want) > c.within*c.want {
			t.Errorf("%s: %.3f m², known %.3f", name, got, c.want)
		}
	}
}
