package run

import (
	"fmt"
	"strconv"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// accessVerdicts gives one verdict for each unit, from the main cohort's rows.
func accessVerdicts(s standard.Standard, rows []Coverage) []Verdict {
	var out []Verdict
	for _, r := range rows {
		if (cohort{r.Group, r.Basis}) != cohorts[0] || r.Class != "walk" {
			continue
		}
		value := float64(r.People) / float64(r.Total)
		v := Verdict{Standard: s.ID, Unit: r.Unit, Level: r.Level, Verdict: r.Verdict, Value: &value, Threshold: s.Threshold,
			Numerator: int64(r.People), Denominator: int64(r.Total), Text: planner.NameOf(planner.Verdicts, r.Verdict)}
		out = append(out, v)
	}
	return out
}

// headline is the one sentence that a leader reads first.
func headline(top Unit, s standard.Standard, fig *StandardFigure, d *demand, reach []access, asOf string) planner.Text {
	limit := millis(s.Minutes)
	towns, villages := map[planner.Code]bool{}, map[planner.Code]bool{}
	for i, sp := range d.spots {
		if people := d.people[cohorts[0]]; len(people) > 0 && people[i] > 0 && reach[i].class(limit) == "uncovered" {
			villages[sp.unit] = true
			towns[sp.unit.Ancestor(planner.Township)] = true
		}
	}
	share := func(class string) string {
		if fig.Total == 0 {
			return "–"
		}
		return strconv.FormatFloat(100*float64(fig.People[class])/float64(fig.Total), 'f', 1, 64) + "%"
	}
	whole := map[planner.Level]string{planner.Province: "全省", planner.Prefecture: "全市", planner.County: "全县"}[top.Level]
	if whole == "" {
		whole = "全域"
	}
	zh := fmt.Sprintf("%s常住60岁以上老人%s人:步行%d分钟可达%s人(%s),乘车%d分钟可达%s人(%s),未覆盖%s人(%s),涉及%d个乡镇%d个村", whole, group(fig.Total),
		s.Minutes, group(fig.People["walk"]), share("walk"), s.Minutes, group(fig.People["ride"]), share("ride"), group(fig.People["uncovered"]), share("uncovered"), len(towns), len(villages))
	en := fmt.Sprintf("Of %s resident people aged 60+, %s (%s) are within %d minutes on foot, %s (%s) by vehicle, %s (%s) are not covered, in %d townships and %d villages", group(fig.Total),
		group(fig.People["walk"]), share("walk"), s.Minutes, group(fig.People["ride"]), share("ride"), group(fig.People["uncovered"]), share("uncovered"), len(towns), len(villages))
	if n := fig.People["unverified"]; n > 0 {
		zh += fmt.Sprintf(",另有%s人(%s)待核实", group(n), share("unverified"))
		en += fmt.Sprintf("; %s (%s) are to be verified", group(n), share("unverified"))
	}
	return planner.Text{ZH: zh + "。截至" + asOf + "。", EN: en + ". As of " + asOf + "."}
}

// group writes a whole number with separators: 86,240.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
