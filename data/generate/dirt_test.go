package generate

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dirtyDemo is the demo county with every kind of dirt on one address in ten.
func dirtyDemo(t *testing.T) region {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dirty")
	m, err := Generate(context.Background(), dir, Options{Seed: 1, Dirt: 0.1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return region{dir, m, nil}
}

// Dirt adds one file and leaves the others as they are; every row names a true
// address, differs from it, and says how.
func TestDirt(t *testing.T) {
	r, clean := dirtyDemo(t), demo(t)
	for _, name := range clean.files() {
		if r.m.Files[name].SHA256 != clean.m.Files[name].SHA256 {
			t.Errorf("%s is another with dirt", name)
		}
	}
	if _, ok := clean.m.Files[dirtyFile.name]; ok {
		t.Error("a clean generation has dirty addresses")
	}
	truth := map[string]map[string]string{}
	for _, f := range []string{"addresses_1.csv", "addresses_2_gb18030.csv"} {
		for _, row := range r.table(t, f) {
			truth[row["地址编码"]] = row
		}
	}
	kinds := slices.Concat(dirtNames, dirtDigits, dirtTails, dirtSingle)
	if len(kinds) != 15 {
		t.Fatalf("%d kinds of dirt", len(kinds))
	}
	count := map[string]int{}
	rows := r.table(t, dirtyFile.name)
	for _, row := range rows {
		a, text := truth[row["地址编码"]], row["原始地址"]
		if a == nil {
			t.Fatalf("%s is the code of no address", row["地址编码"])
		}
		if text == a["标准地址"] {
			t.Fatalf("%s %q is not dirty", row["地址编码"], text)
		}
		seen := map[string]bool{}
		for _, k := range strings.Split(row["问题类型"], "|") {
			if !slices.Contains(kinds, k) || seen[k] {
				t.Fatalf("kinds %q", row["问题类型"])
			}
			seen[k] = true
			count[k]++
		}
		if seen["missing_township"] && strings.Contains(text, a["乡镇"]) {
			t.Errorf("%q has its township", text)
		}
		if len(seen) == 1 && (seen["poi_tail"] || seen["direction_tail"]) && !strings.HasPrefix(text, a["标准地址"]) {
			t.Errorf("%q for %q", text, a["标准地址"])
		}
		if len(seen) == 1 && seen["spaces"] && strings.NewReplacer(" ", "", "\u3000", "").Replace(text) != a["标准地址"] {
			t.Errorf("%q for %q", text, a["标准地址"])
		}
		if seen["full_width_digits"] && (strings.ContainsAny(text, "0123456789") && !seen["direction_tail"] || !strings.ContainsAny(text, "０１２３４５６７８９")) {
			t.Errorf("%q has not its digits in full width", text)
		}
		if seen["dash_form"] && (strings.Contains(text, "幢") || !strings.Contains(text, "-")) {
			t.Errorf("%q is not in dash form", text)
		}
	}
	// Kinds that every address can take keep the rate within what chance allows.
	n := float64(len(truth))
	for _, k := range []string{"full_width_digits", "chinese_digits", "poi_tail", "direction_tail", "missing_province_city", "missing_township", "spaces"} {
		if rate := float64(count[k]) / n; math.Abs(rate-0.1) > 5*math.Sqrt(0.1*0.9/n) {
			t.Errorf("%s touches %.4f of all addresses, not 0.1", k, rate)
		}
	}
	for _, k := range kinds {
		if count[k] < 200 || int64(count[k]) != r.m.Counts["dirty."+k] {
			t.Errorf("%s: %d rows, %d in the manifest", k, count[k], r.m.Counts["dirty."+k])
		}
		t.Logf("%-24s %.4f", k, float64(count[k])/n)
	}
	if int64(len(rows)) != r.m.Counts["dirty.rows"] {
		t.Errorf("%d rows, %d in the manifest", len(rows), r.m.Counts["dirty.rows"])
	}
}

func TestDirtOutOfRange(t *testing.T) {
	for _, d := range []float64{-0.1, 0.21, math.NaN()} {
		if _, err := Generate(context.Background(), t.TempDir(), Options{Dirt: d}, nil); err == nil {
			t.Errorf("dirt %g was taken", d)
		}
	}
}

func TestHanNumber(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 12: "十二", 20: "二十", 100: "一百", 105: "一百零五", 110: "一百一十", 313: "三百一十三", 1005: "一千零五", 1050: "一千零五十", 2300: "二千三百"} {
		if got := hanNumber(n); got != want {
			t.Errorf("%d is %s, wanted %s", n, got, want)
		}
	}
}
