// Package rule judges figures by the rule kinds of a standard. Each kind is a pure
// function: rows of figures in, an Answer out, with the rows that speak for it and
// a sentence that explains it. A figure that nobody knows is nil, never zero, and
// what it leaves open is unverified: neither passed nor failed in silence. Where
// the unknown cannot change the outcome any more, the outcome is told.
package rule

import (
	"cmp"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// The verdicts, words of planner.Verdicts.
const (
	Met           = "met"
	NotMet        = "not_met"
	Unverified    = "unverified"
	Tracked       = "tracked"
	NotApplicable = "not_applicable"
	Contribution  = "contribution"
)

// Subject is whom a row speaks of: a unit (its code) or a facility (its id).
type Subject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Evidence is one row behind an answer.
type Evidence struct {
	Subject
	Verdict string       `json:"verdict"` // of this row: met, not_met, unverified; tracked where rows are not judged alone
	Value   *float64     `json:"value,omitempty"`
	Text    planner.Text `json:"text"`
}

// Answer is what a rule says.
type Answer struct {
	Verdict     string
	Label       planner.Text // the verdict in a few words, with what is short: 未达标(差3个)
	Text        planner.Text // the sentence that explains the figure
	Value       *float64     // nil when nobody knows it
	Threshold   *float64     // nil when none is set
	Part, Whole float64      // what Value was made of; Whole 0 when it is no quotient
	Evidence    []Evidence   // failing rows first, then unverified, then the others; ties by id
}

// order is how rows stand in the evidence.
var order = map[string]int{NotMet: 0, Unverified: 1, Tracked: 2, Met: 3, NotApplicable: 4}

// finish sorts the evidence and labels the verdict; short says what is lacking, when it is not met.
func (a Answer) finish(short planner.Text) Answer {
	slices.SortStableFunc(a.Evidence, func(x, y Evidence) int {
		return cmp.Or(cmp.Compare(order[x.Verdict], order[y.Verdict]), cmp.Compare(x.ID, y.ID))
	})
	a.Label = planner.NameOf(planner.Verdicts, a.Verdict)
	if a.Verdict == NotMet && short.ZH != "" {
		a.Label = planner.Text{ZH: a.Label.ZH + "(差" + short.ZH + ")", EN: a.Label.EN + " (" + short.EN + " short)"}
	}
	return a
}

// count tells how many rows of the evidence have a verdict.
func (a Answer) count(verdict string) (n int) {
	for _, e := range a.Evidence {
		if e.Verdict == verdict {
			n++
		}
	}
	return n
}

// reaches compares part ÷ whole with a share so that 7 of 100 reach 0.07,
// whose product is 7.000000000000001 in floating point.
func reaches(part, whole, share float64) bool { return part-share*whole >= -1e-9*max(1, whole) }

// between judges a share of which only bounds are known: least and most are what
// the known rows say when all unknown ones fail, or all pass.
func between(least, most, whole, share float64) string {
	switch {
	case reaches(least, whole, share):
		return Met
	case !reaches(most, whole, share):
		return NotMet
	}
	return Unverified
}

// NobodyKnows is the answer when there is no row or none says anything; data is what would have to be known.
func NobodyKnows(data planner.Text) Answer {
	return Answer{Verdict: Unverified, Text: planner.Text{ZH: "没有资料,待核实:需要" + data.ZH + "。", EN: "No data, to be verified: needs " + data.EN + "."}}.finish(planner.Text{})
}
