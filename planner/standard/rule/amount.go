package rule

import (
	"math"

	"github.com/lifecircle/lifecircle/planner"
)

// CountMin judges whether a sum reaches a number (count_min). Rows that nobody
// knows leave it open only while the known ones do not reach it.
func CountMin(rows []Presence, least float64, data planner.Text) Answer {
	a, sum, unknown := total(rows)
	if unknown == len(rows) {
		return NobodyKnows(data)
	}
	a.Value, a.Threshold, a.Part = value(sum), &least, sum
	switch {
	case sum >= least:
		a.Verdict = Met
	case unknown > 0:
		a.Verdict = Unverified
	default:
		a.Verdict = NotMet
	}
	a.Text = sentence(textf("合计%s个", "%s in all", amount(sum)), missing(unknown), textf("目标不少于%s个", "target at least %s", amount(least)))
	return a.finish(textf("%s个", "%s", amount(least-sum)))
}

// Track sums what a target without a number is followed by (tracked_only): never passed, never failed.
func Track(rows []Presence, in planner.Text, data planner.Text) Answer {
	a, sum, unknown := total(rows)
	if unknown == len(rows) {
		return NobodyKnows(data)
	}
	if in.ZH == "" {
		in = planner.Text{ZH: "个"}
	} else {
		in.EN = " " + in.EN
	}
	a.Verdict, a.Value, a.Part = Tracked, value(sum), sum
	a.Text = sentence(textf("合计%s%[2]s", "%s%[3]s in all", amount(sum), in.ZH, in.EN), missing(unknown), target(nil))
	return a.finish(planner.Text{})
}

func total(rows []Presence) (a Answer, sum float64, unknown int) {
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Verdict: Tracked, Value: r.Have}
		if r.Have == nil {
			unknown++
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
		} else {
			sum += *r.Have
			e.Text = planner.Text{ZH: amount(*r.Have), EN: amount(*r.Have)}
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a, sum, unknown
}

// Portion is a part and the whole that it belongs to; nil when nobody knows.
type Portion struct {
	Subject
	Part, Whole *float64
}

// ShareMin judges Σ part ÷ Σ whole (share_min). Where a row's part is unknown it
// may be anything from nothing to its whole; a row without its whole, or whose
// part is more than its whole, leaves the share open.
func ShareMin(rows []Portion, share float64, data planner.Text) Answer {
	var part, open, whole float64
	a, unbounded := Answer{Threshold: &share}, 0
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Verdict: Tracked}
		switch {
		case r.Whole == nil || r.Part != nil && *r.Part > *r.Whole:
			unbounded++
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
			if r.Whole != nil {
				e.Text = textf("分子%s大于分母%s,请核对", "%s of %s cannot be: check it", amount(*r.Part), amount(*r.Whole))
			}
		case r.Part == nil:
			open, whole = open+*r.Whole, whole+*r.Whole
			e.Verdict, e.Text = Unverified, textf("分母%s,分子缺资料", "of %s nobody knows how many", amount(*r.Whole))
		default:
			part, whole = part+*r.Part, whole+*r.Whole
			e.Text = planner.Text{ZH: amount(*r.Part) + "/" + amount(*r.Whole), EN: amount(*r.Part) + " of " + amount(*r.Whole)}
			if *r.Whole > 0 {
				e.Value = value(*r.Part / *r.Whole)
			}
		}
		a.Evidence = append(a.Evidence, e)
	}
	if whole-open == 0 { // no row is known in full
		none := NobodyKnows(data)
		none.Threshold, none.Evidence = &share, a.Evidence
		return none.finish(planner.Text{})
	}
	known := whole - open
	a.Part, a.Whole, a.Value = part, known, value(part/known)
	a.Verdict = Unverified
	if unbounded == 0 {
		a.Verdict = between(part, part+open, whole, share)
	}
	a.Text = sentence(textf("%s ÷ %s = %s", "%s of %s = %s", amount(part), amount(known), percent(part/known, &share)), missing(a.count(Unverified)), target(&share))
	return a.finish(points((part+open)/whole, share))
}

// RatioMin judges Σ part per so many people (ratio_min): staff per 10,000, beds
// per 1,000 elders. Unknown parts leave it open only while the known ones do not
// reach it; unknown people always do.
func RatioMin(rows []Portion, per int, least float64, data planner.Text) Answer {
	var part, people float64
	a, unknown, uncounted := Answer{Threshold: &least}, 0, 0
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Verdict: Tracked}
		switch {
		case r.Whole == nil:
			uncounted++
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺人口", EN: "people are not known"}
		case r.Part == nil:
			unknown++
			people += *r.Whole
			e.Verdict, e.Text = Unverified, textf("%s人,数量缺资料", "%s people, number not known", amount(*r.Whole))
		default:
			part, people = part+*r.Part, people+*r.Whole
			e.Text = textf("%s,%s人", "%s for %s people", amount(*r.Part), amount(*r.Whole))
			if *r.Whole > 0 {
				e.Value = value(*r.Part * float64(per) / *r.Whole)
			}
		}
		a.Evidence = append(a.Evidence, e)
	}
	if people == 0 || unknown+uncounted == len(rows) {
		none := NobodyKnows(data)
		none.Threshold, none.Evidence = &least, a.Evidence
		return none.finish(planner.Text{})
	}
	ratio := part * float64(per) / people
	a.Part, a.Whole, a.Value = part, people, &ratio
	switch enough := reaches(part*float64(per), people, least); {
	case uncounted > 0 || !enough && unknown > 0:
		a.Verdict = Unverified
	case enough:
		a.Verdict = Met
	default:
		a.Verdict = NotMet
	}
	a.Text = sentence(textf("%s ÷ %s人 × %s = %s", "%s for %s people × %s = %s", amount(part), amount(people), amount(float64(per)), against(ratio, least)),
		missing(unknown+uncounted), textf("目标每%s人不低于%s", "target at least %[2]s per %[1]s people", amount(float64(per)), amount(least)))
	more := max(1, math.Ceil(least*people/float64(per)-part))
	return a.finish(textf("%s", "%s", amount(more)))
}

// Indicator judges one figure of a ledger (indicator) by what it must reach or must not pass; without either it is tracked.
func Indicator(who Subject, figure, least, most *float64, in, data planner.Text) Answer {
	if figure == nil {
		none := NobodyKnows(data)
		none.Threshold = least
		none.Evidence = []Evidence{{Subject: who, Verdict: Unverified, Text: planner.Text{ZH: "缺资料", EN: "no data"}}}
		return none
	}
	v := *figure
	shown := amount(v)
	if least != nil {
		shown = against(v, *least)
	}
	said := textf("%s%[2]s", "%s %[3]s", shown, in.ZH, in.EN)
	a := Answer{Value: figure, Part: v, Verdict: Tracked, Evidence: []Evidence{{Subject: who, Verdict: Tracked, Value: figure, Text: said}}}
	bound, short := target(nil), planner.Text{}
	if least != nil {
		a.Verdict, a.Threshold = Met, least
		bound = textf("目标不低于%s%[2]s", "target at least %s %[3]s", amount(*least), in.ZH, in.EN)
		if v < *least {
			a.Verdict, short = NotMet, textf("%s%[2]s", "%s %[3]s", amount(*least-v), in.ZH, in.EN)
		}
	}
	if most != nil && a.Verdict != NotMet {
		a.Verdict, a.Threshold = Met, most
		bound = textf("目标不高于%s%[2]s", "target at most %s %[3]s", amount(*most), in.ZH, in.EN)
		if v > *most {
			a.Verdict = NotMet
		}
	}
	a.Evidence[0].Verdict = a.Verdict
	a.Text = sentence(said, bound)
	return a.finish(short)
}
