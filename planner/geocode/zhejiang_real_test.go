//go:build real

package geocode

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// shared gives a file of the shared test data; a missing one fails the test.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func table(t *testing.T, name string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(shared(t, name)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(name, err)
	}
	return rows[1:]
}

// zhejiang is the province's real tree, villages numbered within their townships; it has no houses.
func zhejiang(t *testing.T) *Geocoder {
	t.Helper()
	names := []Name{{Level: address.Province, Code: "330000000000", Name: "浙江省"}}
	add := func(level address.Level, digits, name string) {
		names = append(names, Name{Level: level, Code: planner.Code(digits + strings.Repeat("0", 12-len(digits))), Name: name})
	}
	for _, r := range table(t, "divisions/zj_cities.csv") {
		add(address.Prefecture, r[0], r[1])
	}
	for _, r := range table(t, "divisions/zj_areas.csv") {
		add(address.County, r[0], r[1])
	}
	for _, r := range table(t, "divisions/zj_streets.csv") {
		add(address.Township, r[0], r[1])
	}
	for i, n := range names {
		names[i].Aliases, names[i].Formers = crosswalk(t, n.Code)
	}
	serial := map[string]int{}
	for _, r := range table(t, "divisions/zj_villages_jionlp.csv") {
		if r[6] != "" {
			serial[r[6]]++
			add(address.Village, fmt.Sprintf("%s%03d", r[6], serial[r[6]]), r[8])
		}
	}
	return &Geocoder{Build(names), shelf{}}
}

// changeRow is one row of the crosswalk that every database begins with.
var changeRow = regexp.MustCompile(`\('(\d{4}-\d\d-\d\d)', '(\w+)', '(\d+)', '([^']+)', '(\d+)', '([^']+)'\)`)

// crosswalk gives what a unit was called under another code, and what it was a part of.
func crosswalk(t *testing.T, code planner.Code) (aliases, formers []string) {
	t.Helper()
	files, err := filepath.Glob("../../data/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range changeRow.FindAllSubmatch(text, -1) {
			if new, err := planner.ParseCode(string(r[5])); err != nil || new != code || string(r[4]) == string(r[6]) {
				continue
			}
			if kind := string(r[2]); kind == "merged" || kind == "split" {
				formers = append(formers, string(r[4]))
			} else {
				aliases = append(aliases, string(r[4]))
			}
		}
	}
	return aliases, formers
}

// labelledRow is an address whose elements people marked.
type labelledRow struct {
	text                                string
	prov, city, district, town, village string
}

// labelledRows reads the rows of neural_cap that name Zhejiang; of an element that is marked twice the last counts.
func labelledRows(t *testing.T) (all []labelledRow) {
	var row labelledRow
	part, label := "", ""
	end := func() {
		switch label {
		case "prov":
			row.prov = part
		case "city":
			row.city = part
		case "district":
			row.district = part
		case "town":
			row.town = part
		case "community":
			row.village = part
		}
		part, label = "", ""
	}
	lines := bufio.NewScanner(shared(t, "addresses/neural_cap/train.txt"))
	for lines.Scan() {
		token, tag, ok := strings.Cut(lines.Text(), " ")
		if !ok {
			end()
			if strings.HasPrefix(row.prov, "浙江") {
				all = append(all, row)
			}
			row = labelledRow{}
			continue
		}
		begins, name, _ := strings.Cut(tag, "-")
		if begins == "B" || begins == "S" || name != label {
			end()
			label = name
		}
		part += token
		row.text += token
	}
	return all
}

// stem drops the generic word, which people leave out and times change.
func stem(rank uint8, name string) string {
	f := fold(address.Element{Level: rankLevels[rank], Text: name}.Canonical())
	if all := spellings(rank, f); len(all) > 0 {
		return string(all[0].text)
	}
	return string(f)
}

// The labels say which township and village a text names. Where the tree of today has
// that township in that county, an answer must be in it, and most texts must get one.
func TestZhejiangAddressesFindTheirTownships(t *testing.T) {
	c := zhejiang(t)
	t.Logf("%d names", c.Names.Size())
	rows := labelledRows(t)
	if len(rows) < 3000 {
		t.Fatalf("only %d rows name Zhejiang", len(rows))
	}
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = r.text
	}
	answers, err := c.Geocode(t.Context(), texts, "")
	if err != nil {
		t.Fatal(err)
	}
	status := map[Status]int{}
	type count struct{ named, answered, right int }
	var levels [rankVillage + 1]count
	g := c.Names
	for i, a := range answers {
		status[a.Status]++
		var at [rankVillage + 1]string // names of the answer by rank
		var node [rankVillage + 1]int32
		if a.Status == Matched {
			for n := g.division(a.Place.Code); n >= 0; n = g.nodes[n].parent {
				at[g.nodes[n].level], node[g.nodes[n].level] = g.nodes[n].name, n
			}
		}
		for rank, gold := range map[uint8]string{rankPrefecture: rows[i].city, rankCounty: rows[i].district, rankTownship: rows[i].town, rankVillage: rows[i].village} {
			if gold == "" || !g.known(rank, gold, rows[i]) {
				continue
			}
			l := &levels[rank]
			l.named++
			if at[rank] == "" {
				continue
			}
			l.answered++
			if stem(rank, at[rank]) == stem(rank, gold) || slices.ContainsFunc(g.byName[string(fold(gold))], func(m meaning) bool { return m.node == node[rank] }) {
				l.right++
			} else {
				t.Logf("%s: %s, not %s; %s %v", a.Text, at[rank], gold, a.Place.Text, a.Reasons)
			}
		}
	}
	t.Logf("%v", status)
	for rank, floor := range map[uint8]float64{rankPrefecture: 0.995, rankCounty: 0.995, rankTownship: 0.99, rankVillage: 0.98} {
		l := levels[rank]
		precision, recall := float64(l.right)/float64(l.answered), float64(l.right)/float64(l.named)
		t.Logf("%-10s %5d named, %5d answered, %5d right: precision %.4f, recall %.4f", rankLevels[rank], l.named, l.answered, l.right, precision, recall)
		if precision < floor {
			t.Errorf("%s: precision %.4f", rankLevels[rank], precision)
		}
	}
}

// known tells whether the tree has a name of a rank in the county that a row names (anywhere when it names none).
func (g *Gazetteer) known(rank uint8, name string, row labelledRow) bool {
	for _, m := range g.byName[string(fold(name))] {
		n := g.nodes[m.node]
		if n.level != rank || m.form >= asSound {
			continue
		}
		ok := true
		for above := n.parent; above >= 0; above = g.nodes[above].parent {
			if g.nodes[above].level == rankCounty && row.district != "" && stem(rankCounty, g.nodes[above].name) != stem(rankCounty, row.district) {
				ok = false
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// Answers that people checked row by row (docs/geocoding-checked.csv) stay as they are:
// who changes one checks it again. Of the answers one in 200 may be wrong.
func TestCheckedAnswers(t *testing.T) {
	f, err := os.Open("../../docs/geocoding-checked.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet, err := csv.NewReader(f).ReadAll()
	if err != nil || len(sheet) != 501 {
		t.Fatal(len(sheet), err)
	}
	files := map[string][]string{}
	for set, name := range map[string]string{"cpca": "addresses/cpca/addr.csv", "geocoding": "addresses/geocoding/address.txt"} {
		lines := bufio.NewScanner(shared(t, name))
		for lines.Scan() {
			files[set] = append(files[set], lines.Text())
		}
	}
	c := zhejiang(t)
	answered, wrong := 0, 0
	for _, row := range sheet[1:] {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		a := answer(t, c, files[row[0]][n-1])
		code := ""
		if a.Status == Matched {
			code = string(a.Place.Code)
			answered++
		}
		if string(a.Status) != row[2] || code != row[3] {
			t.Errorf("%s line %d, %s: %s %s, checked was %s %s", row[0], n, a.Text, a.Status, code, row[2], row[3])
		}
		if row[4] == "wrong" {
			wrong++
		}
	}
	if wrong*200 > answered {
		t.Errorf("%d of %d answers are wrong", wrong, answered)
	}
}
