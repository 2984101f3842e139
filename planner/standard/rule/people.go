package rule

import (
	"github.com/lifecircle/lifecircle/planner"
)

// Served is the people of a unit by what is known of their way to a service.
type Served struct {
	Subject
	Within, Outside, Unknown int
}

// AccessTime judges the share of people who reach a service in time on foot
// (access_time); no share = tracked. People of whom nobody knows the way count
// neither as covered nor as uncovered.
func AccessTime(rows []Served, minutes int, share *float64, data planner.Text) Answer {
	return reached(rows, share, textf("步行%d分钟可达", "within %d minutes on foot", minutes), data)
}

// AccessDistance is the same by straight distance (access_distance), as norms give it.
func AccessDistance(rows []Served, metres int, share *float64, data planner.Text) Answer {
	return reached(rows, share, textf("直线%d米内", "within %d m as the crow flies", metres), data)
}

func reached(rows []Served, share *float64, how, data planner.Text) Answer {
	a := Answer{Threshold: share}
	var within, unknown, all float64
	for _, r := range rows {
		n := r.Within + r.Outside + r.Unknown
		if n == 0 {
			continue // nobody lives there
		}
		within, unknown, all = within+float64(r.Within), unknown+float64(r.Unknown), all+float64(n)
		e := Evidence{Subject: r.Subject, Verdict: Tracked, Value: value(float64(r.Within) / float64(n)),
			Text: textf("%d人中%d人可达,%d人不可达,%d人待核实", "of %d people %d reach it, %d do not, %d are to be verified", n, r.Within, r.Outside, r.Unknown)}
		if share != nil {
			e.Verdict = between(float64(r.Within), float64(r.Within+r.Unknown), float64(n), *share)
		}
		a.Evidence = append(a.Evidence, e)
	}
	if all == 0 || unknown == all {
		none := NobodyKnows(data)
		none.Evidence, none.Threshold = a.Evidence, share
		return none.finish(planner.Text{})
	}
	a.Part, a.Whole, a.Value = within, all, value(within/all)
	a.Verdict = Tracked
	var short planner.Text
	if share != nil {
		a.Verdict = between(within, within+unknown, all, *share)
		short = points((within+unknown)/all, *share)
	}
	var open planner.Text
	if unknown > 0 {
		open = textf("%s人待核实", "%s to be verified", amount(unknown))
	}
	a.Text = sentence(textf("%s人中%[3]s%[2]s人(%[4]s)", "of %s people %[2]s are %[5]s (%[4]s)", amount(all), amount(within), how.ZH, percent(within/all, share), how.EN), open, target(share))
	return a.finish(short)
}
