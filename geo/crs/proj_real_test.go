//go:build real

package crs

import (
	"bytes"
	"fmt"
	"os/exec"
	"testing"

	"github.com/paulmach/orb"
)

// TestEveryZoneAgreesWithPROJ asks PROJ itself (cs2cs of proj-bin) for a grid of
// points in every zone: 1 mm both ways.
func TestEveryZoneAgreesWithPROJ(t *testing.T) {
	for code := 4513; code <= 4554; code++ {
		c, err := FromEPSG(code)
		if err != nil {
			t.Fatal(err)
		}
		var in bytes.Buffer
		var points []orb.Point
		for dx := -3.0; dx <= 3; dx += 0.5 {
			for lat := 3.0; lat <= 54; lat += 3 {
				points = append(points, orb.Point{c.meridian + dx, lat})
				fmt.Fprintf(&in, "%.12f %.12f\n", lat, c.meridian+dx)
			}
		}
		cmd := exec.Command("cs2cs", "-f", "%.6f", "EPSG:4490", c.String())
		cmd.Stdin = &in
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("cs2cs (Debian package proj-bin) is needed: %v", err)
		}
		answers := bytes.NewReader(out)
		for _, p := range points {
			var north, east, up float64
			if _, err := fmt.Fscan(answers, &north, &east, &up); err != nil {
				t.Fatal(err)
			}
			want := orb.Point{east, north}
			if got := c.FromLonLat(p); far(got, want, 1e-3) {
				t.Fatalf("%v: %v → %.6f, PROJ %.6f", c, p, got, want)
			}
			if got := c.ToLonLat(want); far(got, p, 1e-8) {
				t.Fatalf("%v: %v → %.10f, PROJ %.10f", c, want, got, p)
			}
		}
	}
}
