package store

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/lifecircle/lifecircle/planner/run"
)

// The rows of a result as COPY takes them: table, columns, rows.

func circles(id int64, in []run.Circle) (string, []string, [][]any) {
	var rows [][]any
	for _, c := range in {
		rows = append(rows, []any{id, fmt.Sprintf("%s.%s.%d", c.FacilityID, c.Profile, c.Minutes), c.FacilityID, c.Name, c.Service, c.Profile, c.Minutes, string(c.Unit), c.Group, c.People, wkb(c.Polygon)})
	}
	return "circle", []string{"run_id", "id", "facility_id", "name", "service", "profile", "minutes", "unit_code", "age_group", "people", "geom"}, rows
}

func coverage(id int64, in []run.Coverage) (string, []string, [][]any) {
	var rows [][]any
	for _, c := range in {
		var share *float64
		if c.Total > 0 {
			s := float64(c.People) / float64(c.Total)
			share = &s
		}
		key := fmt.Sprintf("%s.%s.%s.%s.%s.%s", c.Unit, c.Standard, c.Group, c.Basis, c.Profile, c.Class)
		rows = append(rows, []any{id, key, string(c.Unit), c.Name, int16(c.Level), c.Standard, c.Group, c.Basis, c.Profile, c.Minutes, c.Class, c.Total, c.People, share, c.Verdict})
	}
	return "coverage", []string{"run_id", "id", "unit_code", "name", "level", "standard", "age_group", "population_basis", "profile", "minutes", "class", "total", "people", "share", "verdict"}, rows
}

func gaps(id int64, in []run.Gap) (string, []string, [][]any) {
	var rows [][]any
	for _, g := range in {
		rows = append(rows, []any{id, g.ID, g.Standard, string(g.Unit), g.Name, g.Kind, g.Group, g.People, null(g.NearestID), null(g.NearestName), null(g.NearestStatus), g.Minutes, g.RideMinutes, g.Rank,
			g.Reason.ZH, g.Reason.EN, g.Measure, g.Hamlet, g.People80, null(g.Area), at(g.Point)})
	}
	return "gap", []string{"run_id", "id", "standard", "unit_code", "name", "kind", "age_group", "people", "nearest_facility_id", "nearest_name", "nearest_status", "minutes", "ride_minutes", "rank",
		"reason", "reason_en", "measure", "hamlet", "people_80", "area", "geom"}, rows
}

func demand(id int64, in []run.Demand) (string, []string, [][]any) {
	var rows [][]any
	for _, d := range in {
		rows = append(rows, []any{id, fmt.Sprintf("%s.%s.%s", d.Unit, d.Group, d.Basis), string(d.Unit), d.Name, d.Group, d.Basis, d.People, d.Points, d.Method, at(d.Point)})
	}
	return "demand", []string{"run_id", "id", "unit_code", "name", "age_group", "population_basis", "people", "points", "method", "geom"}, rows
}

func verdicts(id int64, in []run.Verdict) (string, []string, [][]any) {
	var rows [][]any
	for _, v := range in {
		rows = append(rows, []any{id, v.Standard, string(v.Unit), int16(v.Level), v.Verdict, v.Value, v.Threshold, v.Numerator, v.Denominator, v.Text.ZH, v.Text.EN, v.Reason.ZH, v.Reason.EN})
	}
	return "verdict", []string{"run_id", "standard", "unit_code", "level", "verdict", "value", "threshold", "numerator", "denominator", "text_zh", "text_en", "reason_zh", "reason_en"}, rows
}

func bands(id int64, in []run.Band) (string, []string, [][]any) {
	var rows [][]any
	for _, b := range in {
		rows = append(rows, []any{id, b.Standard, string(b.Unit), int16(b.Level), b.Profile, b.People, b.Total})
	}
	return "coverage_band", []string{"run_id", "standard", "unit_code", "level", "profile", "people", "total"}, rows
}

func gapAreas(id int64, in []run.GapArea) (string, []string, [][]any) {
	var rows [][]any
	for _, a := range in {
		rows = append(rows, []any{id, a.ID, a.Standard, string(a.Unit), a.Name, a.People, a.People80, a.Settlements, a.Measure, at(a.Point)})
	}
	return "gap_area", []string{"run_id", "id", "standard", "unit_code", "name", "people", "people_80", "settlements", "measure", "geom"}, rows
}

func options(id int64, in []run.Option) (string, []string, [][]any) {
	var rows [][]any
	for _, o := range in {
		rows = append(rows, []any{id, o.ID, o.Standard, o.Kind, string(o.Unit), o.Name, null(o.Facility), o.People, o.Cost, o.Rank, at(o.Point)})
	}
	return "gap_option", []string{"run_id", "id", "standard", "kind", "unit_code", "name", "facility_id", "people", "cost", "rank", "geom"}, rows
}

func quality(id int64, in []run.QualityRow) (string, []string, [][]any) {
	var rows [][]any
	for i, q := range in {
		rows = append(rows, []any{id, i + 1, q.Kind, q.Subject, string(q.Unit), q.Text.ZH, q.Text.EN})
	}
	return "run_quality", []string{"run_id", "seq", "kind", "subject", "unit_code", "zh", "en"}, rows
}

// wkb gives a geometry as EWKB in SRID 4326: what COPY in binary form hands to PostGIS.
func wkb(g orb.Geometry) []byte { return ewkb.MustMarshal(g, 4326) }

func at(p *orb.Point) []byte {
	if p == nil {
		return nil
	}
	return wkb(*p)
}

func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
