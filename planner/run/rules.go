package run

import (
	"maps"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// judgement gathers the rows of one standard by its rule kind.
func (g *gather) judgement(s standard.Standard, parts []*Part) *judgement {
	switch s.Kind {
	case "access_time", "access_distance":
		return g.reaching(s, parts)
	case "present_in_each":
		if s.Ledger != "" {
			return g.ledgerPresence(s)
		}
		return g.presence(s)
	case "count_min", "tracked_only":
		return g.counted(s)
	case "share_min", "ratio_min":
		return g.portions(s)
	case "size_min":
		return g.sizes(s)
	case "served_area":
		return g.served(s)
	case "co_located":
		return g.hosting(s)
	case "document_exists":
		return g.documents(s)
	case "site_exclusion":
		return g.sited(s)
	}
	return g.indicator(s)
}

// take picks rows by index.
func take[T any](rows []T, which []int) []T {
	out := make([]T, len(which))
	for i, w := range which {
		out[i] = rows[w]
	}
	return out
}

// reaching gives the people of each unit, mostly villages, by their way to the
// service; those of the units below are in their own rows.
func (g *gather) reaching(s standard.Standard, parts []*Part) *judgement {
	j := &judgement{s: s, total: true}
	var rows []rule.Served
	sums := sumTallies(parts, s.ID)[judgedBy(s)]
	below := map[planner.Code]map[string]int{}
	for u, n := range sums {
		if up := u.Parent(); up != "" && !g.zones[u] {
			if below[up] == nil {
				below[up] = map[string]int{}
			}
			for class, people := range n {
				below[up][class] += people
			}
		}
	}
	for _, u := range slices.Sorted(maps.Keys(sums)) {
		if g.zones[u] {
			continue // its townships are in their own rows
		}
		n, b := sums[u], below[u]
		row := rule.Served{Subject: g.subject(u), Within: n["walk"] - b["walk"], Outside: n["ride"] + n["home_service"] + n["uncovered"] - b["ride"] - b["home_service"] - b["uncovered"], Unknown: n["unverified"] - b["unverified"]}
		if row.Within+row.Outside+row.Unknown > 0 {
			j.at, rows = append(j.at, u), append(rows, row)
		}
	}
	j.answer = func(which []int) rule.Answer { return accessAnswer(s, take(rows, which)) }
	return j
}

// ledgerPresence reads from the ledger how many each unit has.
func (g *gather) ledgerPresence(s standard.Standard) *judgement {
	j := &judgement{s: s, noList: true}
	units, _ := g.scope(s)
	rows := make([]rule.Presence, len(units))
	for i, u := range units {
		j.at = append(j.at, u.Code)
		rows[i] = rule.Presence{Subject: g.subject(u.Code), Have: g.stated(string(u.Code), s.Ledger)}
	}
	j.answer = func(which []int) rule.Answer { return rule.PresentInEach(take(rows, which), s.Threshold) }
	return j
}

// presence looks for the sites in each unit.
func (g *gather) presence(s standard.Standard) *judgement {
	j := &judgement{s: s, noList: !g.listed(s.Services)}
	var rows []rule.Presence
	found := g.judgePresence(s)
	if host := g.host(s); !j.noList && (s.Hard || host != "") {
		j.gaps = presenceGaps(s, found, host, g.spec.AsOf)
	}
	for _, p := range found {
		row := rule.Presence{Subject: rule.Subject{ID: string(p.unit.Code), Name: p.unit.Name}}
		if p.verdict != rule.Unverified && !j.noList {
			have := float64(p.serving)
			row.Have = &have
		}
		j.at, rows = append(j.at, p.unit.Code), append(rows, row)
	}
	j.answer = func(which []int) rule.Answer { return rule.PresentInEach(take(rows, which), s.Threshold) }
	return j
}

// host is the service into whose site the plan wants a standard's service to move; "" for none.
func (g *gather) host(s standard.Standard) string {
	for _, other := range g.plan.Standards {
		if other.Kind == "co_located" && other.Hub != "" && slices.Contains(other.Services, s.Services[0]) {
			return other.Hub
		}
	}
	return ""
}

// counted sums facilities or ledger figures by county.
func (g *gather) counted(s standard.Standard) *judgement {
	j := &judgement{s: s, total: true}
	var rows []rule.Presence
	switch {
	case s.Ledger != "":
		for _, u := range g.speaking(s.Ledger) {
			j.at, rows = append(j.at, u), append(rows, rule.Presence{Subject: g.subject(u), Have: g.stated(string(u), s.Ledger)})
		}
	case len(s.Services) > 0:
		n, listed := map[planner.Code]float64{}, g.listed(s.Services)
		unsure := map[planner.Code]bool{}
		for _, f := range g.open(s.Services) {
			county := f.Unit.Ancestor(planner.County)
			switch yes := g.having(s, f); {
			case yes == nil:
				unsure[county] = true
			case *yes:
				n[county]++
			}
		}
		for _, u := range g.counties {
			row := rule.Presence{Subject: g.subject(u)}
			if have := n[u]; listed && !unsure[u] {
				row.Have = &have
			}
			j.at, rows = append(j.at, u), append(rows, row)
		}
	}
	j.answer = func(which []int) rule.Answer {
		if s.Kind == "count_min" {
			return rule.CountMin(take(rows, which), *s.Least, s.Data)
		}
		return rule.Track(take(rows, which), s.MeasuredIn, s.Data)
	}
	return j
}

// having tells whether a facility is of the kind that a standard asks for; nil when nobody knows.
func (g *gather) having(s standard.Standard, f *Facility) *bool {
	yes := true
	if s.Having == "" {
		return &yes
	}
	v := g.stated(f.ID, s.Having)
	if v == nil {
		return nil
	}
	yes = *v >= 1
	return &yes
}

// portions gives part and whole by facility, or by county from the ledger; of a ratio the whole is people.
func (g *gather) portions(s standard.Standard) *judgement {
	j := &judgement{s: s, total: true}
	var rows []rule.Portion
	people := g.people[cohort{s.Group, s.Basis}]
	inhabitants := func(u planner.Code) *float64 {
		sum, found := 0.0, false
		for c, n := range people {
			if c.Level() == planner.County && c.Ancestor(u.Level()) == u {
				sum, found = sum+float64(n), true
			}
		}
		if !found {
			return nil
		}
		return &sum
	}
	ratio := s.Kind == "ratio_min"
	switch {
	case len(s.Services) > 0 && ratio:
		parts := map[planner.Code]*float64{}
		for _, f := range g.open(s.Services) {
			county := f.Unit.Ancestor(planner.County)
			sum, begun := parts[county]
			if v := g.number(f, s.Part); v == nil || begun && sum == nil {
				parts[county] = nil // one home that says nothing leaves the county open
			} else if begun {
				*sum += *v
			} else {
				first := *v
				parts[county] = &first
			}
		}
		none := 0.0
		for _, u := range g.counties {
			row := rule.Portion{Subject: g.subject(u), Part: parts[u], Whole: inhabitants(u)}
			if _, any := parts[u]; !any && g.listed(s.Services) {
				row.Part = &none
			}
			j.at, rows = append(j.at, u), append(rows, row)
		}
	case len(s.Services) > 0:
		for _, f := range g.open(s.Services) {
			j.at = append(j.at, f.Unit)
			rows = append(rows, rule.Portion{Subject: rule.Subject{ID: f.ID, Name: f.Name}, Part: g.number(f, s.Part), Whole: g.number(f, s.Whole)})
		}
	case ratio:
		for _, u := range g.speaking(s.Part) {
			j.at, rows = append(j.at, u), append(rows, rule.Portion{Subject: g.subject(u), Part: g.stated(string(u), s.Part), Whole: inhabitants(u)})
		}
	default:
		for _, u := range g.speaking(s.Part, s.Whole) {
			j.at, rows = append(j.at, u), append(rows, rule.Portion{Subject: g.subject(u), Part: g.stated(string(u), s.Part), Whole: g.stated(string(u), s.Whole)})
		}
	}
	j.answer = func(which []int) rule.Answer {
		if ratio {
			return rule.RatioMin(take(rows, which), s.Per, *s.Least, s.Data)
		}
		return rule.ShareMin(take(rows, which), *s.Threshold, s.Data)
	}
	return j
}

// sizes gives a number of each facility.
func (g *gather) sizes(s standard.Standard) *judgement {
	j := &judgement{s: s}
	var rows []rule.Size
	for _, f := range g.open(s.Services) {
		j.at, rows = append(j.at, f.Unit), append(rows, rule.Size{Subject: rule.Subject{ID: f.ID, Name: f.Name}, Size: g.number(f, s.Measure)})
	}
	listed := g.listed(s.Services)
	j.answer = func(which []int) rule.Answer {
		if !listed {
			return rule.NobodyKnows(s.Data)
		}
		return rule.SizeMin(take(rows, which), *s.Least, s.Threshold)
	}
	return j
}

// indicator reads the figures of units from the ledger: of those that are judged
// and, where they have one, of the cities and counties below. The figure of a
// province is its own, never made of its counties'.
func (g *gather) indicator(s standard.Standard) *judgement {
	j := &judgement{s: s, total: true}
	judged := map[planner.Code]bool{}
	units, _ := g.scope(s)
	for _, u := range units {
		judged[u.Code] = true
	}
	for _, u := range g.in.Units {
		if judged[u.Code] || u.Level <= planner.County && g.stated(string(u.Code), s.Ledger) != nil {
			j.at = append(j.at, u.Code)
		}
	}
	one := func(u planner.Code) rule.Answer {
		return rule.Indicator(g.subject(u), g.stated(string(u), s.Ledger), s.Least, s.Most, s.MeasuredIn, s.Data)
	}
	j.answer = func(which []int) rule.Answer {
		var tops []planner.Code // the highest of the units: one, where it speaks for itself
		for _, u := range take(j.at, which) {
			if len(tops) > 0 && u.Level() < tops[0].Level() {
				tops = nil
			}
			if len(tops) == 0 || u.Level() == tops[0].Level() {
				tops = append(tops, u)
			}
		}
		if len(tops) == 1 {
			return one(tops[0])
		}
		var rows []rule.Evidence
		for _, u := range tops {
			if judged[u] {
				rows = append(rows, one(u).Evidence...)
			}
		}
		if len(rows) == 0 {
			return rule.NobodyKnows(s.Data)
		}
		return rule.All(rows)
	}
	return j
}
