package store

import (
	"slices"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/change"
)

func counts(all []change.Touched) map[string]int64 {
	n := map[string]int64{}
	for _, t := range all {
		n[t.What] = t.Count
	}
	return n
}

func TestHistoryAndPreviewOfAChange(t *testing.T) {
	pool := datatest.Open(t)
	smallCounty(t, pool)
	deliver(t, pool, "facilities", ledger)
	deliver(t, pool, "units", "区划代码,名称\n990121002000,龙埠街道\n")
	deliver(t, pool, "units", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"区划代码":"990121001000","名称":"澄阳街道"},"geometry":{"type":"Polygon","coordinates":[[[120.05,29.05],[120.15,29.05],[120.15,29.15],[120.05,29.15],[120.05,29.05]]]}},
{"type":"Feature","properties":{"区划代码":"990121002000","名称":"龙埠街道"},"geometry":{"type":"Polygon","coordinates":[[[120.15,29.05],[120.30,29.05],[120.30,29.30],[120.15,29.30],[120.15,29.05]]]}}]}`)
	s := New(pool)
	h, err := s.History(t.Context(), "units", "990121002000", planner.DemoViewer)
	if err != nil || len(h.Versions) != 3 || h.Path != "虚省虚州市澄浦县龙埠街道" {
		t.Fatalf("%+v %v", h, err)
	}
	if v := h.Versions[1]; !slices.Equal(v.Changed, []string{"name"}) || v.Values["name"] != "龙埠街道" || v.Ended == 0 || h.Versions[0].Ended != v.Version {
		t.Errorf("the renaming is %+v", v)
	}
	if v := h.Versions[2]; !slices.Contains(v.Changed, "outline") || v.Ended != 0 || v.At.IsZero() {
		t.Errorf("the outline is %+v", v)
	}
	for _, ask := range [][2]string{{"units", "1"}, {"networks", "x"}, {"addresses", "h9"}} {
		if _, err := s.History(t.Context(), ask[0], ask[1], planner.DemoViewer); planner.KindOf(err) != planner.NotFound {
			t.Errorf("%v: %v", ask, err)
		}
	}
	if a, err := s.History(t.Context(), "addresses", "h4", planner.DemoViewer); err != nil || len(a.Versions) != 1 || a.Path != "虚省虚州市澄浦县龙埠街道上塘村" {
		t.Errorf("%+v %v", a, err)
	}
	elsewhere := planner.Viewer{Role: "viewer", Prefix: "990122", Class: planner.Full}
	if _, err := s.History(t.Context(), "addresses", "h4", elsewhere); planner.KindOf(err) != planner.NotFound {
		t.Errorf("who sees another county sees %v", err)
	}

	p, err := s.Preview(t.Context(), change.Proposal{Kind: change.Rename, Unit: "990121001", Name: "龙埠街道"}, planner.DemoViewer)
	if err != nil || p.Unit.Name != "澄阳街道" || p.Level != "township" {
		t.Fatalf("%+v %v", p, err)
	}
	if n := counts(p.Inside); n["units"] != 1 || n["addresses"] != 2 || n["texts"] != 2 || n["facilities"] != 3 {
		t.Errorf("it touches %v", n)
	}
	if len(p.Objections) != 1 {
		t.Errorf("a name that the neighbour has: %v", p.Objections)
	}
	if p, err := s.Preview(t.Context(), change.Proposal{Kind: change.Recode, Unit: "990121001", Code: "990121002"}, planner.DemoViewer); err != nil || len(p.Objections) != 1 {
		t.Errorf("a code that is taken: %+v %v", p, err)
	}
	if p, err := s.Preview(t.Context(), change.Proposal{Kind: change.Merge, Unit: "990121001", Code: "990121002"}, planner.DemoViewer); err != nil || len(p.Objections) != 0 {
		t.Errorf("a merger: %+v %v", p, err)
	}
	if p, err := s.Preview(t.Context(), change.Proposal{Kind: change.Rename, Unit: "990121001", Name: "x"}, elsewhere); err == nil && len(p.Inside) > 0 || err != nil && planner.KindOf(err) != planner.NotFound {
		t.Errorf("who sees another county is shown %+v %v", p, err)
	}

	// The western township takes a strip of the eastern one, and its own north goes.
	p, err = s.Preview(t.Context(), change.Proposal{Kind: change.Boundary, Unit: "990121001", Geometry: []byte(`{"type":"Polygon","coordinates":[[[120.1005,29.05],[120.205,29.05],[120.205,29.25],[120.1005,29.25],[120.1005,29.05]]]}`)}, planner.DemoViewer)
	if err != nil {
		t.Fatal(err)
	}
	if out, in := counts(p.Leaves), counts(p.Enters); out["addresses"] != 1 || in["addresses"] != 1 {
		t.Errorf("%v leave, %v enter", out, in)
	}
	if len(p.Overlaps) != 1 || p.Overlaps[0].ID != "990121002000" || p.Overlaps[0].Share < 0.2 || p.Overlaps[0].Share > 0.4 || p.AreaAfter <= p.AreaBefore {
		t.Errorf("%+v", p)
	}
	for _, bad := range []string{`{"type":"Point","coordinates":[1,2]}`, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`, `{"type":"x"}`} {
		if _, err := s.Preview(t.Context(), change.Proposal{Kind: change.Boundary, Unit: "990121001", Geometry: []byte(bad)}, planner.DemoViewer); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
