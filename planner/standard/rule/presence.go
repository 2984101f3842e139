package rule

import (
	"math"

	"github.com/lifecircle/lifecircle/planner"
)

// Presence is how many of something a unit has; nil when nobody knows.
type Presence struct {
	Subject
	Have *float64
}

// PresentInEach judges whether each unit has at least one (present_in_each); a
// share, when given, is that of the units that must. Without a unit it is not applicable.
func PresentInEach(rows []Presence, share *float64) Answer {
	var a Answer
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Value: r.Have}
		switch {
		case r.Have == nil:
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
		case *r.Have >= 1:
			e.Verdict, e.Text = Met, textf("有%s个", "has %s", amount(*r.Have))
		default:
			e.Verdict, e.Text = NotMet, planner.Text{ZH: "没有", EN: "has none"}
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a.each(share, planner.Text{ZH: "已有", EN: "have it"})
}

// Area is a unit that wants a service: by a site in it or brought to it; nil when nobody knows.
type Area struct {
	Subject
	Site, Delivered *bool
}

// ServedArea judges whether each unit that asks for a service is served, on its
// own site or by delivery (served_area).
func ServedArea(rows []Area, share *float64) Answer {
	var a Answer
	for _, r := range rows {
		e := Evidence{Subject: r.Subject}
		switch {
		case r.Site != nil && *r.Site:
			e.Verdict, e.Text = Met, planner.Text{ZH: "本地有设施", EN: "a site of its own"}
		case r.Delivered != nil && *r.Delivered:
			e.Verdict, e.Text = Met, planner.Text{ZH: "配送覆盖", EN: "served by delivery"}
		case r.Site == nil || r.Delivered == nil:
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "设施或配送范围缺资料", EN: "no data on sites or delivery"}
		default:
			e.Verdict, e.Text = NotMet, planner.Text{ZH: "无设施,也不在配送范围内", EN: "no site, and outside the delivery area"}
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a.each(share, planner.Text{ZH: "已覆盖", EN: "are served"})
}

// Size is a number that a facility has; nil when nobody knows.
type Size struct {
	Subject
	Size *float64
}

// SizeMin judges whether each facility has at least so much of something: floor
// area, staff, beds, days open (size_min).
func SizeMin(rows []Size, least float64, share *float64) Answer {
	var a Answer
	for _, r := range rows {
		e := Evidence{Subject: r.Subject, Value: r.Size}
		switch {
		case r.Size == nil:
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
		case *r.Size >= least:
			e.Verdict, e.Text = Met, textf("%s,不低于%s", "%s, at least %s", against(*r.Size, least), amount(least))
		default:
			e.Verdict, e.Text = NotMet, textf("%s,低于%s", "%s, less than %s", against(*r.Size, least), amount(least))
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a.each(share, planner.Text{ZH: "达到" + amount(least), EN: "reach " + amount(least)})
}

// All judges rows that were judged one by one, such as the indicators of counties
// for a province: all must be met.
func All(rows []Evidence) Answer {
	return Answer{Evidence: rows}.each(nil, planner.Text{ZH: "达标", EN: "meet it"})
}

// each judges the share of rows that are met; all must be when no share is given.
func (a Answer) each(share *float64, have planner.Text) Answer {
	all := 1.0
	if share != nil {
		all = *share
	}
	met, unsure, n := float64(a.count(Met)), float64(a.count(Unverified)), float64(len(a.Evidence))
	if n == 0 {
		a.Verdict, a.Text = NotApplicable, planner.Text{ZH: "没有应判定的单元。", EN: "There is nothing to judge."}
		return a.finish(planner.Text{})
	}
	a.Part, a.Whole, a.Threshold = met, n, &all
	if unsure < n {
		a.Value = value(met / n)
	}
	a.Verdict = between(met, met+unsure, n, all)
	a.Text = sentence(textf("%s个中%s个%[4]s(%[3]s)", "%[2]s of %[1]s %[5]s (%[3]s)", amount(n), amount(met), percent(met/n, &all), have.ZH, have.EN), missing(int(unsure)), target(share))
	if all == 1 {
		a.Text = sentence(textf("%[1]s个中%[2]s个%[3]s", "of %s, %s %[4]s", amount(n), amount(met), have.ZH, have.EN), missing(int(unsure)))
	}
	lacking := math.Ceil(all*n - met - unsure - 1e-9) // even if all that nobody knows were met
	return a.finish(textf("%s个", "%s", amount(lacking)))
}
