package completeness

import (
	"fmt"

	"github.com/lifecircle/lifecircle/planner"
)

// From these on a township's network is doubted: all are ours, no norm says when a survey is complete.
const (
	farShare      = 0.05 // of the addresses without a street within 500 m
	nearShare     = 0.20 // of the addresses without one within 100 m
	cutShare      = 0.05 // of the addresses on streets that are joined to nothing
	looseShare    = 0.05 // of the street km in pieces joined to nothing
	missesPer10KM = 1.0  // pairs of ends that nearly meet
	quarter       = 0.25 // of what half of the townships have at least
)

// Kinds are the findings in the order in which they are told, by their short names.
var Kinds = []planner.Word{
	{ID: "no_boundary", Name: planner.Text{ZH: "没有边界", EN: "no boundary"}},
	{ID: "no_streets", Name: planner.Text{ZH: "没有道路", EN: "no streets"}},
	{ID: "homes_off_streets", Name: planner.Text{ZH: "住址离路远", EN: "homes far from streets"}},
	{ID: "homes_cut_off", Name: planner.Text{ZH: "住址不连通", EN: "homes cut off"}},
	{ID: "footpaths_missing", Name: planner.Text{ZH: "步行道缺失", EN: "footpaths missing"}},
	{ID: "few_streets", Name: planner.Text{ZH: "道路偏少", EN: "few streets"}},
	{ID: "loose_pieces", Name: planner.Text{ZH: "道路不连通", EN: "streets not joined"}},
	{ID: "near_misses", Name: planner.Text{ZH: "断头路相邻", EN: "ends that nearly meet"}},
}

// judge says what is doubtful, in words for officials. Ends that nearly meet are a hint alone: blind alleys back to back are common.
func (t *Township) judge(m Medians) {
	hint := func(id, zh, en string, args ...any) {
		t.Findings = append(t.Findings, Finding{id, planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}})
	}
	say := func(id, zh, en string, args ...any) {
		hint(id, zh, en, args...)
		t.Verify = true
	}
	share := func(n int) float64 { return float64(n) / float64(max(1, t.Addresses)) }
	onPieces := t.Addresses - t.Far500 - t.Reachable
	switch {
	case t.KM2 == 0:
		say("no_boundary", "没有乡镇边界,道路无从统计", "its boundary is not known: streets cannot be counted")
	case t.StreetKM == 0:
		say("no_streets", "路网中没有本乡镇的道路,测算结果一律待核实", "the network has no street here: all results are to be verified")
	}
	if t.Addresses > 0 && (share(t.Far500) > farShare || share(t.Far100) > nearShare) {
		say("homes_off_streets", "%d个住址中有%d个100米内没有道路、%d个500米内没有道路,很可能漏采了通户道路;这里的缺口先按待核实处理", "of %d addresses %d have no street within 100 m and %d none within 500 m: ways to houses are probably missing; gaps here are to be verified first", t.Addresses, t.Far100, t.Far500)
	} else if t.Addresses == 0 && t.FarVill > 0 {
		say("homes_off_streets", "%d个村(社区)中有%d个500米内没有道路;这里的缺口先按待核实处理", "of %d villages %d have no street within 500 m; gaps here are to be verified first", t.Villages, t.FarVill)
	}
	if !t.Island && t.Addresses > 0 && share(onPieces) > cutShare {
		say("homes_cut_off", "%d个住址旁的道路与主路网不连通,步行到不了任何设施;请核实是否漏接道路或桥", "the streets beside %d addresses are not joined to the rest: nobody there can walk to a facility; check for missing links or bridges", onPieces)
	}
	if t.KM2 > 0 && t.StreetKM > 0 {
		switch {
		case t.FootKM == 0 && m.FootShare == 0:
			say("footpaths_missing", "没有一条步行道或台阶:路网可能只有车行路,步行会绕远;这里的缺口先按待核实处理", "there is no footpath nor steps: the network may be for vehicles only, and people seem to walk round; gaps here are to be verified first")
		case t.FootShare < quarter*m.FootShare:
			say("footpaths_missing", "步行道只占道路的%.1f%%,半数乡镇在%.1f%%以上,很可能漏采步行道;这里的缺口先按待核实处理", "footpaths are %.1f%% of the streets, half of the townships have %.1f%% or more: some are probably missing; gaps here are to be verified first", 100*t.FootShare, 100*m.FootShare)
		}
		if t.People != nil && *t.People > 0 && t.PerPeople < quarter*m.PerPeople {
			say("few_streets", "每千人道路%.2f公里,半数乡镇在%.2f公里以上,道路可能不全", "%.2f km of street per 1,000 people, half of the townships have %.2f or more: streets may be missing", t.PerPeople, m.PerPeople)
		}
		if !t.Island && t.PiecesKM > looseShare*t.StreetKM {
			say("loose_pieces", "有%d段、共%.1f公里道路与主路网不连通,请核实路口是否漏接", "%d pieces of street, %.1f km, are joined to nothing: check the junctions", t.Pieces, t.PiecesKM)
		}
		if t.NearMiss >= 2 && float64(t.NearMiss) > missesPer10KM*t.StreetKM/10 {
			hint("near_misses", "有%d处断头路相距不到20米而不相接,请核实是否应当连通", "%d pairs of street ends lie within 20 m without meeting: check whether they should", t.NearMiss)
		}
	}
}
