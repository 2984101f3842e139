package suppress

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const limit = 10

// hierarchy makes a random tree of up to four levels whose counts add up: two
// classes, their total, and a narrower group within the total.
func hierarchy(r *rand.Rand) []Unit {
	var units []Unit
	var grow func(code, parent string, depth int) []int
	grow = func(code, parent string, depth int) []int {
		at := len(units)
		units = append(units, Unit{Code: code, Parent: parent})
		counts := make([]int, 5)
		if n := r.IntN(5); depth < 3 && (n > 0 || depth == 0) {
			for i := range n {
				for k, v := range grow(fmt.Sprintf("%s%d", code, i), code, depth+1) {
					counts[k] += v
				}
			}
		} else {
			size := []int{3, 12, 40, 300}[r.IntN(4)]
			a, b := r.IntN(size), r.IntN(size)
			narrow := r.IntN(a + b + 1)
			counts = []int{a, b, a + b, narrow, a + b - narrow}
		}
		units[at].Counts = counts
		return counts
	}
	grow("r", "", 0)
	return units
}

// rows is a linear system over the leaves' counts, in echelon form.
type rows struct{ echelon [][]*big.Rat }

// reduce subtracts what is known; the first column that is left, or -1.
func (k *rows) reduce(v []*big.Rat) int {
	for _, e := range k.echelon {
		lead := slices.IndexFunc(e, func(x *big.Rat) bool { return x.Sign() != 0 })
		if v[lead].Sign() != 0 {
			f := new(big.Rat).Quo(v[lead], e[lead])
			for i := range v {
				if e[i].Sign() != 0 {
					v[i] = new(big.Rat).Sub(v[i], new(big.Rat).Mul(f, e[i]))
				}
			}
		}
	}
	return slices.IndexFunc(v, func(x *big.Rat) bool { return x.Sign() != 0 })
}

func (k *rows) learn(v []*big.Rat) {
	if k.reduce(v) >= 0 {
		k.echelon = append(k.echelon, v)
	}
}

func (k *rows) knows(v []*big.Rat) bool { return k.reduce(v) < 0 }

// vector is the count of a unit as a sum over leaves.
func vector(units []Unit, code string) []*big.Rat {
	v := make([]*big.Rat, len(units))
	for i, u := range units {
		v[i] = new(big.Rat)
		leaf := !slices.ContainsFunc(units, func(c Unit) bool { return c.Parent == u.Code })
		if leaf && strings.HasPrefix(u.Code, code) {
			v[i].SetInt64(1)
		}
	}
	return v
}

// attack adds and subtracts whatever is shown, from several runs, and what an
// insider knows; it gives the first small count that it finds.
func attack(runs [][]Unit, withheld map[string]bool, insider string) string {
	units := runs[len(runs)-1]
	var known, own rows
	for _, u := range units {
		if insider != "" && strings.HasPrefix(u.Code, insider) {
			own.learn(vector(units, u.Code))
		}
		if !withheld[u.Code] || insider != "" && strings.HasPrefix(u.Code, insider) {
			known.learn(vector(units, u.Code))
		}
	}
	for _, run := range runs {
		for _, u := range run {
			if own.knows(vector(units, u.Code)) || !known.knows(vector(units, u.Code)) {
				continue
			}
			for k, c := range u.Counts {
				if small(c, limit) {
					return fmt.Sprintf("%s component %d is %d", u.Code, k, c)
				}
			}
		}
		// whole groups of siblings, and any unit less its known children
		for _, u := range run {
			v, left := vector(units, u.Code), slices.Clone(u.Counts)
			for _, c := range run {
				if c.Parent == u.Code && known.knows(vector(units, c.Code)) {
					for i, x := range vector(units, c.Code) {
						v[i] = new(big.Rat).Sub(v[i], x)
					}
					for k := range left {
						left[k] -= c.Counts[k]
					}
				}
			}
			if known.knows(slices.Clone(v)) && !own.knows(v) {
				for k, c := range left {
					if small(c, limit) {
						return fmt.Sprintf("the rest of %s, component %d, is %d", u.Code, k, c)
					}
				}
			}
		}
	}
	return ""
}

func TestAttacker(t *testing.T) {
	shown := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 1))
		first := hierarchy(r)
		// a later run: the same units, some counts of leaves moved from one class to the other
		second := slices.Clone(first)
		for i := range second {
			second[i].Counts = slices.Clone(first[i].Counts)
		}
		for i, u := range second {
			leaf := !slices.ContainsFunc(second, func(c Unit) bool { return c.Parent == u.Code })
			if moved := r.IntN(u.Counts[0] + 1); leaf && r.IntN(3) == 0 {
				for j, up := range second {
					if strings.HasPrefix(second[i].Code, up.Code) {
						second[j].Counts[0] -= moved
						second[j].Counts[1] += moved
					}
				}
			}
		}
		withheld := map[string]bool{}
		for _, run := range [][]Unit{first, second} {
			for _, code := range Withhold(run, func(c string) bool { return withheld[c] }, limit) {
				withheld[code] = true
			}
		}
		shown += len(first) - len(withheld)
		runs := [][]Unit{first, second}
		if found := attack(runs, withheld, ""); found != "" {
			t.Fatalf("seed %d: %s", seed, found)
		}
		for _, u := range first {
			if seed >= 200 || !withheld[u.Code] {
				continue
			}
			if found := attack(runs, withheld, u.Code); found != "" {
				t.Fatalf("seed %d: with what %s knows of itself: %s", seed, u.Code, found)
			}
		}
	}
	if shown < 1000 {
		t.Errorf("only %d units are shown in a thousand hierarchies: nothing is tested", shown)
	}
}

func TestWithhold(t *testing.T) {
	none := func(string) bool { return false }
	for _, c := range []struct {
		name  string
		units []Unit
		want  string
	}{
		{"all large", []Unit{{"p", "", []int{90}}, {"pa", "p", []int{50}}, {"pb", "p", []int{40}}}, ""},
		{"one small takes the two smallest with it", []Unit{{"p", "", []int{155}}, {"pa", "p", []int{5}}, {"pb", "p", []int{30}}, {"pc", "p", []int{50}}, {"pd", "p", []int{70}}}, "pa pb pc"},
		{"nothing to hide behind", []Unit{{"p", "", []int{55}}, {"pa", "p", []int{5}}, {"pb", "p", []int{50}}}, "p pa pb"},
		{"zero is no secret", []Unit{{"p", "", []int{50}}, {"pa", "p", []int{0}}, {"pb", "p", []int{50}}}, ""},
		{"people outside of all children", []Unit{{"p", "", []int{95}}, {"pa", "p", []int{50}}, {"pb", "p", []int{40}}}, "pa pb"},
	} {
		if got := strings.Join(Withhold(c.units, none, limit), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
