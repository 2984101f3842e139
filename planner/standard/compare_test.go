package standard

import (
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

func edited(t *testing.T, pairs ...string) *Plan {
	t.Helper()
	p, err := Parse(strings.NewReplacer(pairs...).Replace(Zhejiang2021))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Comments do not touch the digest, one minute does.
func TestDigest(t *testing.T) {
	p := builtIn(t)
	if p.ID != "zhejiang-2021" || len(p.Digest()) != 64 {
		t.Errorf("%s %s", p.ID, p.Digest())
	}
	if edited(t, "# ---- 三 养老 ----", "# 养老").Digest() != p.Digest() {
		t.Error("a comment changes the digest")
	}
	if edited(t, "least: 1000}", "least: 1001}").Digest() == p.Digest() {
		t.Error("another number leaves the digest")
	}
}

func TestCompare(t *testing.T) {
	p := builtIn(t)
	if c := Compare(p, builtIn(t)); len(c) != 0 {
		t.Errorf("the same plan differs: %+v", c)
	}
	q := edited(t, "least: 1000}", "least: 1200}", "id: EL-13", "id: EL-14", "levels: [prefecture, county], no_districts: true}", "levels: [county]}",
		`text: {zh: 步行速度1.0米/秒`, `text: {zh: 步行速度0.8米/秒`, `deadline: "2025-12-31"`, `deadline: "2026-12-31"`)
	got := Compare(p, q)
	want := []string{
		"Deadline:由「2025-12-31」改为「2026-12-31」",
		"EL-02 Least:由「1000」改为「1200」",
		"EL-07 Assumption.speed.Text.zh:由「步行速度1.0米/秒」改为「步行速度0.8米/秒」",
		"EL-09 Unit.Levels:由「prefecture, county」改为「county」",
		"EL-09 Unit.NoDistricts:由「true」改为「无」",
		"删去 EL-13 认知障碍症专区、家庭养老床位、智慧养老院",
		"新增 EL-14 认知障碍症专区、家庭养老床位、智慧养老院",
	}
	found := map[string]bool{}
	for _, c := range got {
		found[c.Text.ZH] = true
		if c.Text.EN == "" || c.Field == "" && c.Kind == "changed" {
			t.Errorf("%+v", c)
		}
	}
	for _, w := range want {
		if !found[w] {
			t.Errorf("%q is missing", w)
		}
	}
	back := Compare(q, p)
	if len(back) != len(got) {
		t.Errorf("%d differences one way, %d the other", len(got), len(back))
	}
}

func TestAssumptionsDecide(t *testing.T) {
	p := builtIn(t)
	q, values, err := p.With(map[string]string{"circle_share": "90% 浙民养〔2022〕15号", "circle_minutes": "20", "care_worker_basis": "resident", "home_care_level": "village", "area_lists": "mountain_island_25"})
	if err != nil {
		t.Fatal(err)
	}
	el := q.Find("EL-07")
	if el.Threshold == nil || *el.Threshold != 0.9 || el.Minutes != 20 || q.Find("EL-04").Basis != "resident" || !q.Find("EL-06").Unit.Judges(planner.Village) || len(q.Find("EQ-01").Areas) != 1 {
		t.Errorf("%+v", el)
	}
	if values["circle_minutes"] != "20" || values["suspected_children"] != "30" {
		t.Errorf("%v", values)
	}
	if p.Find("EL-07").Threshold != nil || p.Find("EL-06").Unit.Levels[0] != "township" {
		t.Error("the plan itself was changed")
	}
	for set, want := range map[[2]string]string{
		{"circle_share", "90%"}:           "the document that sets it is missing",
		{"circle_share", "many 文1号"}:      "write a share and the document",
		{"circle_share", "900% 文1号"}:      "write a share and the document",
		{"circle_minutes", "soon"}:        "positive whole number",
		{"care_worker_group", "60+"}:      `no assumption named "care_worker_group"`,
		{"care_worker_elders", "old"}:     "one of total",
		{"speed", "fast"}:                 "one of",
		{"area_lists", "moon"}:            "there is no area moon",
		{"home_care_level", "settlement"}: "one of province",
	} {
		_, _, err := p.With(map[string]string{set[0]: set[1]})
		if err == nil || !strings.Contains(err.Error(), want) || planner.KindOf(err) != planner.Invalid || strings.Contains(err.Error(), "%!") {
			t.Errorf("%v: %v, want %q", set, err, want)
		}
	}
	if _, err := Parse(strings.Replace(Zhejiang2021, "minutes: 15,", "minutes: 20,", 1)); err == nil || !strings.Contains(err.Error(), `has the default "15", but minutes is "20"`) {
		t.Errorf("a default that the rule does not have: %v", err)
	}
	if _, err := Parse(strings.Replace(Zhejiang2021, "sets: profile", "sets: per", 1)); err == nil {
		t.Error("an assumption may not set any parameter")
	}
}
