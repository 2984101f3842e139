package rule

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Document is whether a unit has a document, and under which number.
type Document struct {
	Subject
	Exists *bool // nil when nobody knows
	Number string
}

// DocumentExists judges whether each unit has its document (document_exists). One
// without a number cannot be looked up: it is to be verified.
func DocumentExists(rows []Document) Answer {
	var a Answer
	for _, r := range rows {
		e := Evidence{Subject: r.Subject}
		switch {
		case r.Exists == nil:
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺资料", EN: "no data"}
		case !*r.Exists:
			e.Verdict, e.Text = NotMet, planner.Text{ZH: "未编制", EN: "not drawn up"}
		case r.Number == "":
			e.Verdict, e.Text = Unverified, planner.Text{ZH: "缺文号", EN: "number missing"}
		default:
			e.Verdict, e.Text = Met, planner.Text{ZH: r.Number, EN: r.Number}
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a.each(nil, planner.Text{ZH: "已编制", EN: "have it"})
}

// Service is a facility with the id of the site it stands on; "" when nobody knows.
type Service struct {
	Subject
	Site string
}

// Hosting is what of a service platform stands in a unit.
type Hosting struct {
	Subject
	Hubs   []Service // that the others must be in; unused when none is asked for
	Guests []Service
}

// CoLocated judges whether the services of each unit are on one site: that of a
// hub where one is asked for, a common one otherwise (co_located). Units with
// nothing to bring together are left out.
func CoLocated(rows []Hosting, hub bool) Answer {
	var a Answer
	for _, r := range rows {
		if len(r.Guests) == 0 || !hub && len(r.Guests) == 1 {
			continue
		}
		if hub {
			a.Evidence = append(a.Evidence, inHub(r))
		} else {
			a.Evidence = append(a.Evidence, together(r))
		}
	}
	return a.each(nil, planner.Text{ZH: "同址", EN: "on one site"})
}

func inHub(r Hosting) Evidence {
	apart, unsure := []string{}, []string{}
	hubKnown := !slices.ContainsFunc(r.Hubs, func(h Service) bool { return h.Site == "" })
	for _, g := range r.Guests {
		switch {
		case g.Site != "" && slices.ContainsFunc(r.Hubs, func(h Service) bool { return h.Site == g.Site }):
		case len(r.Hubs) > 0 && (g.Site == "" || !hubKnown):
			unsure = append(unsure, g.Name)
		default:
			apart = append(apart, g.Name)
		}
	}
	switch {
	case len(apart) > 0 && len(r.Hubs) == 0:
		return Evidence{Subject: r.Subject, Verdict: NotMet, Text: listed("没有可进驻的场所", "no hub to move into", apart)}
	case len(apart) > 0:
		return Evidence{Subject: r.Subject, Verdict: NotMet, Text: listed("单独设置,应整合归并", "on a site of its own, to be merged", apart)}
	case len(unsure) > 0:
		return Evidence{Subject: r.Subject, Verdict: Unverified, Text: listed("缺场所编号", "site id missing", unsure)}
	}
	return Evidence{Subject: r.Subject, Verdict: Met, Text: planner.Text{ZH: "已进驻", EN: "in the hub"}}
}

func together(r Hosting) Evidence {
	sites, unsure, names := map[string]bool{}, []string{}, []string{}
	for _, g := range r.Guests {
		if names = append(names, g.Name); g.Site == "" {
			unsure = append(unsure, g.Name)
		} else {
			sites[g.Site] = true
		}
	}
	switch {
	case len(sites) > 1:
		return Evidence{Subject: r.Subject, Verdict: NotMet, Value: value(float64(len(sites))), Text: listed("分设多处", "on several sites", names)}
	case len(unsure) > 0:
		return Evidence{Subject: r.Subject, Verdict: Unverified, Text: listed("缺场所编号", "site id missing", unsure)}
	}
	return Evidence{Subject: r.Subject, Verdict: Met, Value: value(1), Text: planner.Text{ZH: "一处场地", EN: "one site"}}
}

func listed(zh, en string, names []string) planner.Text {
	return planner.Text{ZH: zh + ":" + strings.Join(names, "、"), EN: en + ": " + strings.Join(names, ", ")}
}

// Excluded is a class of land near which no site may lie; 0 m = inside it.
type Excluded struct {
	Class  string
	Title  planner.Text
	Metres float64
}

// Sited is a site with its distances to classes of land, metres, 0 inside; a class that is not in it is unknown.
type Sited struct {
	Subject
	Distance map[string]float64
}

// SiteExclusion judges whether each site keeps off every class of excluded land (site_exclusion).
func SiteExclusion(rows []Sited, excluded []Excluded) Answer {
	var a Answer
	for _, r := range rows {
		var near, unknown []planner.Text
		for _, x := range excluded {
			switch d, ok := r.Distance[x.Class]; {
			case !ok:
				unknown = append(unknown, x.Title)
			case d <= x.Metres:
				near = append(near, textf("距%[3]s%[1]s米,应大于%[2]s米", "%s m from %[4]s, must be more than %[2]s m", amount(d), amount(x.Metres), x.Title.ZH, x.Title.EN))
			}
		}
		e := Evidence{Subject: r.Subject, Verdict: Met, Text: planner.Text{ZH: "避开各类禁区", EN: "clear of excluded land"}}
		if len(near) > 0 {
			e.Verdict, e.Text = NotMet, sentence(near...)
		} else if len(unknown) > 0 {
			e.Verdict, e.Text = Unverified, sentence(append([]planner.Text{{ZH: "缺距离", EN: "distance missing"}}, unknown...)...)
		}
		a.Evidence = append(a.Evidence, e)
	}
	return a.each(nil, planner.Text{ZH: "避开禁区", EN: "are clear of excluded land"})
}
