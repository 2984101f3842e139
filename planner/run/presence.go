package run

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Presence in one unit that must have a service.
type presence struct {
	unit    Unit
	verdict string // met, not_met, unverified
	kind    string // gap kind when not met
	site    *Facility
	people  int
}

// judgePresence looks into every unit that a present_in_each standard names.
// Similar units (类似乡级单位, digits 400–599) are not counted. Without any list
// of flags in a county its villages are suspected by their children and unverified.
func judgePresence(in *Inputs, s standard.Standard, set map[string]string, day time.Time) []presence {
	level := s.Unit.Level()
	sites := map[planner.Code][]*Facility{}
	for i := range in.Facilities {
		f := &in.Facilities[i]
		if f.Offers(s.Services...) && f.Unit.Level() >= level {
			u := f.Unit.Ancestor(level)
			sites[u] = append(sites[u], f)
		}
	}
	people := counted(in, s.Group, "resident", level)
	flagged, listed := map[planner.Code]bool{}, map[planner.Code]bool{}
	for _, f := range in.Flags {
		if f.Flag == s.Unit.Flag {
			flagged[f.Unit] = f.Value
			listed[f.Unit.Ancestor(planner.County)] = true
		}
	}
	suspect := 30
	if n, err := strconv.Atoi(set["suspected_children"]); err == nil {
		suspect = n
	}
	var out []presence
	for _, u := range in.Units {
		if u.Level != level || similar(u.Code) {
			continue
		}
		p := presence{unit: u, people: people[u.Code]}
		if s.Unit.Flag != "" {
			if listed[u.Code.Ancestor(planner.County)] && !flagged[u.Code] || !listed[u.Code.Ancestor(planner.County)] && p.people < suspect {
				continue
			}
		}
		p.verdict, p.kind, p.site = best(sites[u.Code], day)
		if p.verdict != "met" && s.Unit.Flag != "" && !listed[u.Code.Ancestor(planner.County)] {
			p.verdict, p.kind = "unverified", "data_missing"
		}
		out = append(out, p)
	}
	return out
}

// best finds the facility that speaks most for a unit: a serving one with room,
// then a full one, then one out of use.
func best(sites []*Facility, day time.Time) (verdict, kind string, site *Facility) {
	verdict, kind = "not_met", "no_facility"
	for _, f := range sites {
		switch serves := f.Serves(day); {
		case serves && (f.CapacityLeft == nil || *f.CapacityLeft > 0):
			return "met", "", f
		case serves:
			kind, site = "capacity", f
		case f.Status == "suspended" && kind == "no_facility":
			kind, site = "idle", f
		}
	}
	return verdict, kind, site
}

// similar tells 类似乡级单位 and their villages, which are not counted as townships.
func similar(c planner.Code) bool {
	return c.Level() >= planner.Township && c[6:9] >= "400" && c[6:9] < "600"
}

// counted sums a cohort by unit at a level.
func counted(in *Inputs, group, basis string, level planner.Level) map[planner.Code]int {
	sums := map[planner.Code]int{}
	for _, c := range in.Population {
		if c.Group == group && c.Basis == basis {
			sums[c.Unit.Ancestor(level)] += c.People
		}
	}
	return sums
}

// presenceVerdicts gives a verdict for each judged unit and for every unit above it.
func presenceVerdicts(in *Inputs, s standard.Standard, ps []presence) []Verdict {
	type sum struct{ have, need, unsure int64 }
	sums := map[planner.Code]*sum{}
	for _, p := range ps {
		for u := p.unit.Code; u != ""; u = u.Parent() {
			if sums[u] == nil {
				sums[u] = &sum{}
			}
			switch p.verdict {
			case "met":
				sums[u].have++
				sums[u].need++
			case "unverified":
				sums[u].unsure++
			default:
				sums[u].need++
			}
		}
	}
	var out []Verdict
	for _, u := range in.Units {
		n := sums[u.Code]
		v := Verdict{Standard: s.ID, Unit: u.Code, Level: u.Level}
		switch {
		case n == nil:
			if u.Level > s.Unit.Level() {
				continue // below the level that is judged
			}
			v.Verdict, v.Text = "not_applicable", planner.NameOf(planner.Verdicts, "not_applicable")
		case n.need == 0:
			v.Verdict, v.Text = "unverified", planner.Text{ZH: fmt.Sprintf("待核实(%d个)", n.unsure), EN: fmt.Sprintf("to be verified (%d)", n.unsure)}
		case n.have < n.need:
			v.Verdict, v.Text = "not_met", planner.Text{ZH: fmt.Sprintf("未达标(差%d个)", n.need-n.have), EN: fmt.Sprintf("not met (%d short)", n.need-n.have)}
		default:
			v.Verdict, v.Text = "met", planner.NameOf(planner.Verdicts, "met")
		}
		if n != nil && n.need > 0 {
			v.Numerator, v.Denominator = n.have, n.need
			value, all := float64(n.have)/float64(n.need), 1.0
			v.Value, v.Threshold = &value, &all
		}
		out = append(out, v)
	}
	return out
}
