//go:build real

package siting_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner/siting"
)

// sanFrancisco is spopt's 205 tracts and 16 stores with network distances in metres.
func sanFrancisco(t *testing.T) *siting.Problem {
	f, err := os.Open(realData + "/spopt/SF_network_distance_candidateStore_16_censusTract_205_new.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p, stores, tracts := &siting.Problem{}, map[string]int{}, map[string]int{}
	for _, row := range rows[1:] {
		metres, err1 := strconv.ParseFloat(row[0], 64)
		people, err2 := strconv.ParseFloat(row[3], 64)
		if err1 != nil || err2 != nil {
			t.Fatal(row)
		}
		j, ok := stores[row[1]]
		if !ok {
			j = len(stores)
			stores[row[1]] = j
			p.Reach = append(p.Reach, nil)
		}
		i, ok := tracts[row[2]]
		if !ok {
			i = len(tracts)
			tracts[row[2]] = i
			p.Weight = append(p.Weight, people)
		}
		p.Reach[j] = append(p.Reach[j], siting.Arc{Demand: int32(i), Cost: metres})
	}
	if len(stores) != 16 || len(tracts) != 205 {
		t.Fatalf("%d stores, %d tracts", len(stores), len(tracts))
	}
	return p
}

// cbc solves a model in LP format and gives the optimum: an outside solver, from Debian.
func cbc(t *testing.T, model string) float64 {
	t.Helper()
	dir := t.TempDir()
	lp, out := filepath.Join(dir, "model.lp"), filepath.Join(dir, "solution.txt")
	if err := os.WriteFile(lp, []byte(model), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := exec.Command("cbc", lp, "ratioGap", "0", "allowableGap", "0", "solve", "solution", out).CombinedOutput()
	if err != nil {
		t.Fatalf("cbc: %v\n%s", err, log)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	m := regexp.MustCompile(`^Optimal - objective value ([-0-9.e+]+)`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("cbc: %.200s", text)
	}
	v, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// lp writes the model as the textbooks have it. kind is lscp, mclp, pmedian or pcenter.
func lp(p *siting.Problem, kind string, sites int, radius float64) string {
	var goal, rows, last strings.Builder
	near := make([][]string, len(p.Weight))
	for j, arcs := range p.Reach {
		for _, a := range arcs {
			if a.Cost <= radius {
				near[a.Demand] = append(near[a.Demand], fmt.Sprintf("y%d", j))
			}
		}
		fmt.Fprintf(&last, " y%d\n", j)
	}
	count := make([]string, len(p.Reach))
	for j := range count {
		count[j] = fmt.Sprintf("y%d", j)
	}
	if kind != "lscp" {
		fmt.Fprintf(&rows, " p: %s = %d\n", strings.Join(count, " + "), sites)
	}
	switch kind {
	case "lscp":
		goal.WriteString("Minimize\n obj: " + strings.Join(count, " + "))
		for i, list := range near {
			if len(list) > 0 {
				fmt.Fprintf(&rows, " c%d: %s >= 1\n", i, strings.Join(list, " + "))
			}
		}
	case "mclp":
		goal.WriteString("Maximize\n obj:")
		for i, list := range near {
			fmt.Fprintf(&goal, " + %v z%d\n", p.Weight[i], i)
			fmt.Fprintf(&rows, " c%d: %s z%d <= 0\n", i, strings.Join(negated(list), " ")+" +", i)
			fmt.Fprintf(&last, " z%d\n", i)
		}
	case "pmedian", "pcenter":
		goal.WriteString("Minimize\n obj:")
		if kind == "pcenter" {
			goal.WriteString(" w")
		}
		one, reach := make([]strings.Builder, len(p.Weight)), make([]strings.Builder, len(p.Weight))
		for j, arcs := range p.Reach {
			for _, a := range arcs {
				if kind == "pmedian" {
					fmt.Fprintf(&goal, " + %v x%d_%d\n", a.Cost*p.Weight[a.Demand], a.Demand, j)
				}
				fmt.Fprintf(&one[a.Demand], " + x%d_%d", a.Demand, j)
				fmt.Fprintf(&reach[a.Demand], " + %v x%d_%d", a.Cost, a.Demand, j)
				fmt.Fprintf(&rows, " o%d_%d: x%d_%d - y%d <= 0\n", a.Demand, j, a.Demand, j, j)
			}
		}
		for i := range one {
			fmt.Fprintf(&rows, " s%d: %s = 1\n", i, one[i].String())
			if kind == "pcenter" {
				fmt.Fprintf(&rows, " r%d: %s - w <= 0\n", i, reach[i].String())
			}
		}
	}
	return goal.String() + "\nSubject To\n" + rows.String() + "Binary\n" + last.String() + "End\n"
}

func negated(list []string) []string {
	out := make([]string, len(list))
	for k, v := range list {
		out[k] = "- " + v
	}
	return out
}

// Each answer equals the optimum that cbc finds from the same model.
func TestSanFranciscoAgainstCBC(t *testing.T) {
	p := sanFrancisco(t)
	same := func(name string, got *siting.Result, err error, want float64) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %v, bound %v, cbc %v", name, got.Objective, got.Bound, want)
		if math.Abs(got.Objective-want) > 1e-6*want || math.Abs(got.Bound-want) > 1e-6*want {
			t.Errorf("%s: %v, bound %v, cbc %v", name, got.Objective, got.Bound, want)
		}
	}
	for _, radius := range []float64{2000, 5000, 8000} {
		got, err := siting.SetCover(t.Context(), p.Within(radius), siting.Options{})
		same(fmt.Sprintf("LSCP %v m", radius), got, err, cbc(t, lp(p, "lscp", 0, radius)))
	}
	for sites := 1; sites <= 8; sites++ {
		for _, radius := range []float64{2000, 5000} {
			got, err := siting.MaxCover(t.Context(), p.Within(radius), sites, siting.Options{})
			same(fmt.Sprintf("MCLP %d, %v m", sites, radius), got, err, cbc(t, lp(p, "mclp", sites, radius)))
		}
		got, err := siting.Median(t.Context(), p, sites, siting.Options{})
		same(fmt.Sprintf("p-median %d", sites), got, err, cbc(t, lp(p, "pmedian", sites, math.Inf(1))))
	}
	got, err := siting.Center(t.Context(), p, 4, siting.Options{})
	same("p-center 4", got, err, cbc(t, lp(p, "pcenter", 4, math.Inf(1))))
}
