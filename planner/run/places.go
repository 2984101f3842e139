package run

import (
	"fmt"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// placeGaps turns the units that fail into gaps.
func placeGaps(s standard.Standard, units []Unit, a rule.Answer, kind, measure string) []Gap {
	failed := map[string]rule.Evidence{}
	for _, e := range a.Evidence {
		if e.Verdict == rule.NotMet {
			failed[e.ID] = e
		}
	}
	var gaps []Gap
	for _, u := range units {
		if e, ok := failed[string(u.Code)]; ok {
			gaps = append(gaps, Gap{ID: fmt.Sprintf("%s.%s.", s.ID, u.Code), Standard: s.ID, Unit: u.Code, Name: u.Name, Kind: kind, Group: s.Group,
				Measure: measure, Point: u.Point, Reason: planner.Text{ZH: u.Name + ":" + e.Text.ZH + "。", EN: u.Name + ": " + e.Text.EN + "."}})
		}
	}
	return gaps
}

// all picks every row.
func all[T any](rows []T) []int {
	which := make([]int, len(rows))
	for i := range which {
		which[i] = i
	}
	return which
}

// served tells for each unit that wants a service whether it has a site or is delivered to.
func (g *gather) served(s standard.Standard) *judgement {
	units, sure := g.scope(s)
	listed := g.listed(s.Services)
	j := &judgement{s: s, noList: !listed}
	sites := map[int]bool{}
	in := home(units)
	for _, f := range g.open(s.Services) {
		for _, i := range in(f.Unit) {
			sites[i] = true
		}
	}
	// Routes that are drawn tell where meals go and where they do not, in the counties whose kitchens have any.
	routes, routed := g.brought("delivery", s.Services), map[planner.Code]bool{}
	for _, a := range routes {
		routed[g.in.Facilities[g.sites[a.Facility]].Unit.Ancestor(planner.County)] = true
	}
	rows := make([]rule.Area, len(units))
	for i, u := range units {
		j.at = append(j.at, u.Code)
		rows[i] = rule.Area{Subject: rule.Subject{ID: string(u.Code), Name: u.Name}}
		if !sure[i] {
			continue // no list: nobody knows who wants it
		}
		if site := sites[i]; listed {
			rows[i].Site = &site
		}
		if v := g.stated(string(u.Code), s.Ledger); v != nil {
			brought := *v >= 1
			rows[i].Delivered = &brought
		} else if routed[u.Code.Ancestor(planner.County)] {
			brought := slices.ContainsFunc(routes, func(a ServedArea) bool { return a.holds(u.Code, "", u.Point) })
			rows[i].Delivered = &brought
		}
	}
	j.answer = func(which []int) rule.Answer { return rule.ServedArea(take(rows, which), s.Threshold) }
	j.gaps = placeGaps(s, units, j.answer(all(rows)), "no_facility", "助餐配送")
	return j
}

// documents tells for each unit whether the ledger knows its document.
func (g *gather) documents(s standard.Standard) *judgement {
	j := &judgement{s: s, noList: true}
	units, sure := g.scope(s)
	rows := make([]rule.Document, len(units))
	for i, u := range units {
		j.at = append(j.at, u.Code)
		rows[i].Subject = g.subject(u.Code)
		if f, ok := g.ledger[ledgerKey{string(u.Code), s.Ledger}]; ok && (sure[i] || f.Value >= 1) {
			has := f.Value >= 1
			rows[i].Exists, rows[i].Number = &has, f.Note
		}
	}
	j.answer = func(which []int) rule.Answer { return rule.DocumentExists(take(rows, which)) }
	return j
}

// hosting tells for each unit on which sites its services stand.
func (g *gather) hosting(s standard.Standard) *judgement {
	units, _ := g.scope(s)
	j := &judgement{s: s, noList: !g.listed(s.Services)}
	rows := make([]rule.Hosting, len(units))
	for i, u := range units {
		j.at = append(j.at, u.Code)
		rows[i].Subject = rule.Subject{ID: string(u.Code), Name: u.Name}
	}
	involved := s.Services
	if s.Hub != "" {
		involved = append(slices.Clone(s.Services), s.Hub)
	}
	in := home(units)
	for _, f := range g.open(involved) {
		site := rule.Service{Subject: rule.Subject{ID: f.ID, Name: f.Name}, Site: f.SiteID}
		if site.Site == "" && s.Hub != "" && f.Offers(s.Hub) && f.Offers(s.Services...) {
			site.Site = "facility " + f.ID // one facility is one place, whatever its site is called
		}
		for _, i := range in(f.Unit) {
			if s.Hub != "" && f.Offers(s.Hub) {
				rows[i].Hubs = append(rows[i].Hubs, site)
			}
			if f.Offers(s.Services...) {
				rows[i].Guests = append(rows[i].Guests, site)
			}
		}
	}
	if s.Hub != "" && !g.listed([]string{s.Hub}) {
		for i := range rows {
			rows[i].Hubs = []rule.Service{{}} // there may be one: nobody knows
		}
	}
	j.answer = func(which []int) rule.Answer {
		if j.noList {
			return rule.NobodyKnows(s.Data)
		}
		return rule.CoLocated(take(rows, which), s.Hub != "")
	}
	if measure := "共建共享"; s.Hard {
		if s.Hub == "social_work_station" {
			measure = "并入社工站"
		}
		j.gaps = placeGaps(s, units, j.answer(all(rows)), "unmerged", measure)
	}
	return j
}

// sited gives each site's distances to excluded land, from the ledger.
func (g *gather) sited(s standard.Standard) *judgement {
	j := &judgement{s: s, noList: !g.listed(s.Services)}
	excluded := make([]rule.Excluded, len(s.Exclusions))
	for i, x := range s.Exclusions {
		excluded[i] = rule.Excluded{Class: x.Class, Title: x.Title, Metres: x.Metres}
	}
	var rows []rule.Sited
	for _, f := range g.open(s.Services) {
		row := rule.Sited{Subject: rule.Subject{ID: f.ID, Name: f.Name}, Distance: map[string]float64{}}
		for _, x := range excluded {
			if d := g.stated(f.ID, x.Class); d != nil {
				row.Distance[x.Class] = *d
			}
		}
		j.at, rows = append(j.at, f.Unit), append(rows, row)
	}
	j.answer = func(which []int) rule.Answer {
		if j.noList {
			return rule.NobodyKnows(s.Data)
		}
		return rule.SiteExclusion(take(rows, which), excluded)
	}
	return j
}

// areas compares the units of special areas with all others by the figures of other standards.
func (g *gather) areas(s standard.Standard, others map[string]*judgement) *judgement {
	j := &judgement{s: s, total: true}
	var rows []rule.Compared
	for _, area := range g.plan.Areas {
		if !slices.Contains(s.Areas, area.ID) {
			continue
		}
		inside := func(c planner.Code) bool { return slices.Contains(area.Units, c.Ancestor(planner.County)) }
		for _, id := range s.Of {
			other := others[id]
			if other == nil {
				continue // compares areas itself
			}
			name := other.s.Title.ZH + "(" + area.Title.ZH + ")"
			within := other.pick(inside)
			elsewhere := other.pick(func(c planner.Code) bool { return !inside(c) })
			rows = append(rows, rule.Compared{Subject: rule.Subject{ID: id + "." + area.ID, Name: name}, Inside: within.Value, Outside: elsewhere.Value})
		}
	}
	j.answer = func([]int) rule.Answer { return rule.GroupGap(rows, s.Most, s.Data) }
	return j
}
