//go:build real

package siting_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner/siting"
	"github.com/lifecircle/lifecircle/planner/siting/instance"
)

// realData is where the instances are.
var realData = func() string {
	if d := os.Getenv("LIFECIRCLE_SHARED_DATA"); d != "" {
		return d + "/location"
	}
	return "../../../shared/data/location"
}()

func optima(t *testing.T) map[string]float64 {
	text, err := os.ReadFile(realData + "/pmed/optima.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, line := range strings.Split(string(text), "\n")[1:] {
		if f := strings.Fields(line); len(f) == 2 {
			out[f[0]], _ = strconv.ParseFloat(f[1], 64)
		}
	}
	return out
}

// OR-Library's p-median graphs against their published optima.
func TestPmed(t *testing.T) {
	reached := 0
	all := optima(t)
	for name, optimum := range all {
		f, err := os.Open(filepath.Join(realData, "pmed", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		in, err := instance.ReadPmed(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		res, err := siting.Median(t.Context(), &in.Problem, in.P, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		t.Logf("%-7s n %4d p %3d: %6.0f, optimum %6.0f, bound %9.2f, gap %.4f%%, %.1f s", name, len(in.Weight), in.P, res.Objective, optimum, res.Bound, 100*res.Gap(), took.Seconds())
		if res.Objective == optimum {
			reached++
		}
		if res.Objective < optimum || res.Objective > 1.005*optimum || res.Bound > optimum || res.Gap() > 0.01 {
			t.Errorf("%s: %.0f with bound %.2f in %v, optimum %.0f", name, res.Objective, res.Bound, took, optimum)
		}
	}
	if reached < 17 || len(all) != 20 {
		t.Errorf("%d of %d optima", reached, len(all))
	}
}

// OR-Library's capacitated problems: within 1 % of the optimum that each file names.
func TestPmedcap(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(realData, "pmedcap", "*.txt"))
	if len(files) != 10 {
		t.Fatalf("%d files", len(files))
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		in, err := instance.ReadPmedcap(f, 1)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		res, err := siting.CapacitatedMedian(t.Context(), &in.Problem, in.P, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.0f, optimum %.0f, bound %.0f, %.1f s", filepath.Base(name), res.Objective, in.Best, res.Bound, time.Since(start).Seconds())
		if res.Objective < in.Best || res.Objective > 1.01*in.Best || res.Bound > in.Best {
			t.Errorf("%s: %.0f with bound %.2f, optimum %.0f", name, res.Objective, res.Bound, in.Best)
		}
		checkPlan(t, &in.Problem, in.P, res)
	}
}

// Maximal covering on Lorena's points: proven within half a percent.
func TestMaxCoverSJC(t *testing.T) {
	for _, name := range []string{"SJC324", "SJC402", "SJC708"} {
		for _, p := range []int{1, 3, 5, 20, 40} {
			for _, radius := range []float64{150, 800, 1600} {
				f, err := os.Open(filepath.Join(realData, "mclp", name+".txt"))
				if err != nil {
					t.Fatal(err)
				}
				in, err := instance.ReadMCLP(f, radius)
				f.Close()
				if err != nil {
					t.Fatal(err)
				}
				res, err := siting.MaxCover(t.Context(), &in.Problem, p, siting.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if res.Gap() > 0.005 || res.Objective > res.Bound {
					t.Errorf("%s p %d radius %.0f: %.0f of at most %.0f", name, p, radius, res.Objective, res.Bound)
				}
			}
		}
	}
}

// p-center on the same graphs: the optima that the literature gives for pmed 1, 3 and 5, and most others proven.
func TestPcenterOnPmed(t *testing.T) {
	proven := 0
	known := map[string]float64{"pmed1": 127, "pmed3": 93, "pmed5": 48}
	for name := range optima(t) {
		f, err := os.Open(filepath.Join(realData, "pmed", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		in, err := instance.ReadPmed(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		res, err := siting.Center(t.Context(), &in.Problem, in.P, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-7s n %4d p %3d: radius %.0f, bound %.0f, %.1f s", name, len(in.Weight), in.P, res.Objective, res.Bound, time.Since(start).Seconds())
		if res.Bound == res.Objective {
			proven++
		}
		if want, ok := known[name]; res.Bound > res.Objective || ok && (res.Objective != want || res.Bound != want) {
			t.Errorf("%s: radius %.0f, bound %.0f, optimum %.0f", name, res.Objective, res.Bound, want)
		}
	}
	if proven < 18 {
		t.Errorf("%d of 20 are proven", proven)
	}
}
