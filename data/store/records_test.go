package store

import (
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// The panel of a unit sums the people below it, of its data version only, beside what the run found.
func TestUnitReport(t *testing.T) {
	s, pool := twoVersions(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO unit (source, key, from_version, name, level, digest) VALUES ('t', '990121000000', 1, '澄浦县', 3, ''), ('t', '990000000000', 1, '省', 1, '');
		INSERT INTO population (source, key, from_version, to_version, unit_code, basis, age_group, people, digest) VALUES
		 ('t', 'a', 1, open_version(), '990121101201', 'resident', '60+', 40, ''), ('t', 'b', 1, open_version(), '990121102201', 'resident', '60+', 2, ''),
		 ('t', 'c', 1, 2, '990121102201', 'resident', '60+', 900, ''), ('t', 'd', 1, open_version(), '990122101201', 'resident', '60+', 7000, '')`)
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.Begin(t.Context(), run.Spec{DataVersion: 2, AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}, "", false)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Publish(t.Context(), id, &run.Result{Digest: "d",
		Coverage: []run.Coverage{{Unit: "990121000000", Standard: "EL-07", Group: "60+", Basis: "resident", Class: "walk", Total: 42, People: 21, Verdict: "tracked"}},
		Gaps:     []run.Gap{{ID: "g1", Standard: "FU-01", Unit: "990121102000"}, {ID: "g2", Standard: "FU-01", Unit: "990122102000"}},
		Verdicts: []run.Verdict{{Standard: "FU-01", Unit: "990121000000", Verdict: "not_met", Text: planner.Text{ZH: "未达标", EN: "not met"}}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Report(t.Context(), "990121000000", layer.Snapshot{Version: 2, Run: id}, planner.DemoViewer)
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "澄浦县" || r.Level != "county" || len(r.Path) != 1 || r.Path[0].Name != "省" || len(r.People) != 1 || r.People[0].People != 42 || len(r.Facilities) != 2 ||
		r.Facilities[0] != (run.ServiceCount{Service: "day_care", Operating: 2}) || *r.Classes[0].Share != 0.5 || r.Verdicts[0].Gaps != 1 {
		t.Errorf("%+v", r)
	}
	if _, err := s.Report(t.Context(), "990199000000", layer.Snapshot{Version: 2}, planner.DemoViewer); planner.KindOf(err) != planner.NotFound {
		t.Errorf("an unknown unit: %v", err)
	}
	all, err := s.Recent(t.Context(), 5)
	if err != nil || len(all) != 1 || all[0].State != "published" || all[0].Summary == nil {
		t.Errorf("%+v, %v", all, err)
	}
}
