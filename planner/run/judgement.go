package run

import (
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// told is how many rows of evidence a summary carries; the others are the verdicts of the units below.
const told = 5

// judgement is one standard with the rows that it is judged by, each in a unit.
// Any set of units is answered from the rows in it, so that a county, a province
// and an area are judged by the same figures.
type judgement struct {
	s      standard.Standard
	at     []planner.Code // unit of each row
	answer func(rows []int) rule.Answer
	total  bool // rows sum up to one figure; otherwise each row is judged by itself
	noList bool // the data hold no facility of the services: nobody knows
	gaps   []Gap
}

// pick answers from the rows of the units that are chosen.
func (j *judgement) pick(in func(planner.Code) bool) rule.Answer {
	var rows []int
	for i, u := range j.at {
		if in(u) {
			rows = append(rows, i)
		}
	}
	return j.answer(rows)
}

// judgements gathers the rows of every standard.
func (e *Evaluation) judgements(parts []*Part) map[string]*judgement {
	all := map[string]*judgement{}
	g := gatherOf(e)
	for _, s := range e.plan.Standards {
		if s.Kind != "group_gap" {
			all[s.ID] = g.judgement(s, parts)
		}
	}
	for _, s := range e.plan.Standards {
		if s.Kind == "group_gap" {
			all[s.ID] = g.areas(s, all)
		}
	}
	return all
}

// verdicts answers a standard for every unit at its level and above, and at
// county level and above where a total is followed down.
func (e *Evaluation) verdicts(j *judgement) []Verdict {
	rows := map[planner.Code][]int{}
	for i, u := range j.at {
		if zone := e.zoneOf(u); zone != "" {
			rows[zone] = append(rows[zone], i)
		}
		for ; u != ""; u = u.Parent() {
			rows[u] = append(rows[u], i)
		}
	}
	lowest := planner.Level(0)
	for _, name := range j.s.Unit.Levels {
		lowest = max(lowest, planner.ParseLevel(name))
	}
	if j.total {
		lowest = max(lowest, planner.County)
	}
	var out []Verdict
	for _, u := range e.in.Units {
		mine := rows[u.Code]
		if u.Level > lowest || (u.Level > planner.County || e.zones[u.Code]) && len(mine) == 0 {
			continue // below what is judged, or nothing to say of a town or village
		}
		a := j.answer(mine)
		if u.Level > planner.County && a.Value == nil && j.noList {
			continue // one row at the county says that the list is missing
		}
		out = append(out, e.verdict(j, u, a))
	}
	return out
}

// verdict words an answer for a unit: a target without a number is tracked, and
// the total of a province is never judged on a county.
func (e *Evaluation) verdict(j *judgement, u Unit, a rule.Answer) Verdict {
	v := Verdict{Standard: j.s.ID, Unit: u.Code, Level: u.Level, Verdict: a.Verdict, Text: a.Label, Reason: a.Text,
		Value: a.Value, Threshold: a.Threshold, Numerator: int64(a.Part), Denominator: int64(a.Whole)}
	switch {
	case j.total && u.Level > j.s.Unit.Level() && !j.s.Unit.Judges(u.Level) && a.Value != nil && j.s.Hard:
		v.Verdict, v.Text = rule.Contribution, e.contribution(j, u, a)
	case !j.s.Hard && a.Verdict != rule.NotApplicable: // known or not, there is nothing to reach
		v.Verdict, v.Text = rule.Tracked, planner.NameOf(planner.Verdicts, rule.Tracked)
	}
	return v
}

// contribution says what a unit adds to the target of a higher one: 省级目标,本县贡献12个.
func (e *Evaluation) contribution(j *judgement, u Unit, a rule.Answer) planner.Text {
	of := map[planner.Level]planner.Text{planner.Province: {ZH: "省级", EN: "provincial"}, planner.Prefecture: {ZH: "市级", EN: "municipal"}}[j.s.Unit.Level()]
	here := map[planner.Level]planner.Text{planner.Prefecture: {ZH: "本市", EN: "this city"}, planner.County: {ZH: "本县", EN: "this county"}}[u.Level]
	if e.zones[u.Code] {
		here = planner.Text{ZH: "本功能区", EN: "this zone"}
	}
	if of.ZH == "" || here.ZH == "" {
		return planner.NameOf(planner.Verdicts, rule.Contribution)
	}
	figure := rule.Figure(a, j.s.Kind, j.s.MeasuredIn)
	if j.s.Kind == "count_min" {
		return planner.Text{ZH: of.ZH + "目标," + here.ZH + "贡献" + figure.ZH, EN: of.EN + " target, " + here.EN + " contributes " + figure.EN}
	}
	return planner.Text{ZH: of.ZH + "目标," + here.ZH + "为" + figure.ZH, EN: of.EN + " target, " + figure.EN + " in " + here.EN}
}

// figure makes the line of a standard over the whole of the run.
func (e *Evaluation) figure(j *judgement, top Unit) StandardFigure {
	s := j.s
	a := j.pick(func(planner.Code) bool { return true })
	v := e.verdict(j, top, a)
	if part := top.Level == 0 || !e.spec.Covers(top.Code); part && v.Verdict != rule.Contribution && j.total && s.Hard && a.Value != nil && s.Unit.Level() <= planner.Prefecture {
		// a run of some units holds only a part of what the target speaks of
		v.Verdict, v.Text = rule.Contribution, planner.NameOf(planner.Verdicts, rule.Contribution)
	}
	f := StandardFigure{ID: s.ID, Title: s.Title, Quote: s.Quote, Clause: s.Clause, Kind: s.Kind, Hard: s.Hard, Year: s.Year,
		Verdict: v.Verdict, Text: v.Text, Reason: a.Text, Value: a.Value, Threshold: a.Threshold, Total: len(j.at), Rows: len(a.Evidence)}
	f.Evidence = a.Evidence[:min(told, len(a.Evidence))]
	return f
}
