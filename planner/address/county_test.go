//go:build real

package address

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"
)

// countyNames reads the county names of the set's own code table.
func countyNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	rows := csv.NewReader(shared(t, "cpca/adcodes.csv"))
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(row[0]) >= 6 && row[0][4:6] != "00" && row[1] != "市辖区" && row[1] != "县" && !strings.Contains(row[1], "直辖") {
			names[row[1]] = true
		}
	}
}

// firstCounty gives the first and there longest county name in text: what the
// row names, found without any parser.
func firstCounty(text []rune, names map[string]bool) (string, int) {
	for i := range text {
		for n := min(15, len(text)-i); n >= 2; n-- {
			if names[string(text[i:i+n])] {
				return string(text[i : i+n]), i
			}
		}
	}
	return "", 0
}

var companySize = regexp.MustCompile(`,(\d+-\d+人)?$`)

// disagreement names the class of a row whose county the parser reads otherwise.
func disagreement(text string, want string, at int, found []Element, names map[string]bool) string {
	for _, e := range found {
		if e.Level == County && e.Start <= at && at < e.End {
			return "the name is a piece of a longer county name (城区 in 南城区, 云县 in 密云县)"
		}
	}
	for _, e := range found {
		if e.Level == County && names[e.Text] {
			return "the row names several counties; another is kept (old and new name, two addresses)"
		}
	}
	for _, e := range found {
		if e.Start <= at && at+len([]rune(want)) <= e.End && (e.Level == Compound || e.Level == Rest && e.End > at) {
			if e.Level == Rest && strings.ContainsAny(e.Text, "(（") {
				return "the county stands in a remark in brackets only"
			}
			if len([]rune(want)) <= 3 && strings.HasSuffix(want, "区") && strings.ContainsAny(want, "东西南北新城") {
				return "a part of a compound that is called like a county (高新西区, 工业园东区)"
			}
			return "the county stands inside another name or a sentence (位于…, 彭州市创新中心)"
		}
	}
	return "cut wrongly"
}

func TestCountiesOfDirtyAddresses(t *testing.T) {
	names := countyNames(t)
	data, err := io.ReadAll(shared(t, "cpca/addr.csv"))
	if err != nil {
		t.Fatal(err)
	}
	named, right := 0, 0
	classes, examples := map[string]int{}, map[string][]string{}
	for line := range strings.Lines(string(data)) {
		text := companySize.ReplaceAllString(strings.TrimSpace(line), "")
		want, at := firstCounty([]rune(text), names)
		if want == "" {
			continue
		}
		named++
		found := Parse(text)
		ok := false
		for _, e := range found {
			ok = ok || e.Level == County && e.Text == want
		}
		if ok {
			right++
			continue
		}
		c := disagreement(text, want, at, found, names)
		classes[c]++
		if len(examples[c]) < 4 {
			examples[c] = append(examples[c], want+" in "+spell(found))
		}
	}
	if named < 10000 {
		t.Fatalf("only %d rows name a county", named)
	}
	accuracy := float64(right) / float64(named)
	t.Logf("%d rows name a county, %d read so: %.4f", named, right, accuracy)
	for c, n := range classes {
		t.Logf("%4d  %s\n\t%s", n, c, strings.Join(examples[c], "\n\t"))
	}
	if accuracy < 0.98 {
		t.Errorf("county accuracy %.4f: 0.98 is the floor", accuracy)
	}
}
