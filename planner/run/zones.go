package run

import "github.com/lifecircle/lifecircle/planner"

// Development zones (功能区) report as if they were counties and have no code of
// GB/T 2260. Their townships count where their codes say, so that a city is the
// sum of its counties; the zone has a row of its own beside them, "of which".

// zonesOf finds the units that others report to although their codes name another
// unit, and that have nothing below them by code; of names the zone of a unit.
func zonesOf(units []Unit) (zones map[planner.Code]bool, of map[planner.Code]planner.Code) {
	zones, of = map[planner.Code]bool{}, map[planner.Code]planner.Code{}
	for _, u := range units {
		if to := u.ReportingParent; to.Level() != 0 && to != u.Code && u.Code.Ancestor(to.Level()) != to {
			of[u.Code], zones[to] = to, true
		}
	}
	for _, u := range units {
		for up := u.Code.Parent(); up != ""; up = up.Parent() {
			delete(zones, up) // a county like others, to which a neighbour reports
		}
	}
	for u, to := range of {
		if !zones[to] {
			delete(of, u)
		}
	}
	return zones, of
}

// zoneOf gives the zone to which a unit or one above it reports; "" for none.
func (e *Evaluation) zoneOf(u planner.Code) planner.Code {
	if len(e.reports) == 0 {
		return ""
	}
	for ; u != ""; u = u.Parent() {
		if zone, ok := e.reports[u]; ok {
			return zone
		}
	}
	return ""
}
