package api

import (
	"context"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/change"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// Facility A waits for a decision; the county has one version.

type past struct{ *memory }

func (m *memory) Link(context.Context) (geocode.LinkCounts, error) {
	return geocode.LinkCounts{Asked: 1, Doubtful: 1}, m.broken
}

func (m *memory) Links(_ context.Context, states []geocode.LinkState, after string, _ int, _ planner.Viewer) ([]geocode.FacilityLink, error) {
	if after != "" {
		return nil, m.broken
	}
	return []geocode.FacilityLink{{Facility: "A", Name: "某中心", Address: "前街1号", Link: geocode.Link{State: states[0], Place: &countyPlace, Candidates: []geocode.Place{countyPlace}, Reasons: []geocode.Reason{}}}}, m.broken
}

func (m *memory) Decide(_ context.Context, facility string, _ geocode.Decision, allowed func(unit, zone planner.Code) bool) error {
	if facility != "A" || !allowed("990121001001", "") {
		return planner.Errorf(planner.NotFound, "没有", "there is no facility %q", facility)
	}
	return m.broken
}

func (m past) History(_ context.Context, collection, id string, _ planner.Viewer) (change.History, error) {
	if id != "990121000000" {
		return change.History{}, planner.Errorf(planner.NotFound, "没有", "there is no %q", id)
	}
	return change.History{Collection: collection, ID: id, Path: "澄浦县", Versions: []change.Version{{Version: 1, Source: "local", Values: map[string]any{"name": "澄浦县"}, Changed: []string{}}}}, m.broken
}

func (m past) Preview(_ context.Context, p change.Proposal, _ planner.Viewer) (change.Preview, error) {
	return change.Preview{Objections: []planner.Text{}, Inside: []change.Touched{{What: "units", Count: 1, First: []change.Item{{ID: "1", Name: "a"}}}}, Leaves: []change.Touched{}, Enters: []change.Touched{}, Overlaps: []change.Overlap{}}, p.Check()
}
