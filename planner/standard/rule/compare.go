package rule

import (
	"github.com/lifecircle/lifecircle/planner"
)

// Compared is an indicator inside an area and in all other units; nil when nobody knows.
type Compared struct {
	Subject         // the indicator and the area
	Inside, Outside *float64
}

// GroupGap compares areas with the rest by indicators for which more is better
// (group_gap). The gap of one is how far the area stays behind, as a share of the
// others' figure; negative where it is ahead. most is the gap that is allowed; none = tracked.
func GroupGap(rows []Compared, most *float64, data planner.Text) Answer {
	a := Answer{Threshold: most, Verdict: Tracked}
	worst := Evidence{}
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Verdict: Tracked}
		if r.Inside == nil || r.Outside == nil || *r.Outside == 0 {
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
		} else {
			gap := (*r.Outside - *r.Inside) / *r.Outside
			e.Value = &gap
			e.Text = textf("区内%s,其他地区%s,为其他地区的%s", "%s inside, %s elsewhere: %s of it", digits(*r.Inside, 4), digits(*r.Outside, 4), percent(1-gap, nil))
			if most != nil {
				e.Verdict = NotMet
				if gap <= *most+1e-9 {
					e.Verdict = Met
				}
			}
			if worst.Value == nil || gap > *worst.Value {
				worst = e
			}
		}
		a.Evidence = append(a.Evidence, e)
	}
	if worst.Value == nil {
		none := NobodyKnows(data)
		none.Evidence, none.Threshold = a.Evidence, most
		return none.finish(planner.Text{})
	}
	a.Value = worst.Value
	bound := target(nil)
	if most != nil {
		bound = textf("允许差距不超过%s", "allowed gap at most %s", plain(*most))
		switch {
		case a.count(NotMet) > 0:
			a.Verdict = NotMet
		case a.count(Unverified) > 0:
			a.Verdict = Unverified
		default:
			a.Verdict = Met
		}
	}
	a.Text = sentence(textf("差距最大的是%[1]s:%[2]s", "the largest gap: %[1]s, %[3]s", worst.Name, worst.Text.ZH, worst.Text.EN), missing(a.count(Unverified)), bound)
	return a.finish(planner.Text{})
}
