package reconcile

import (
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner/run"
)

// Ours on 2025-12-31: A operating, B suspended, C, D, E, and F of a service that theirs does not speak of.
// Theirs: A as it is; A again under its number; B as operating; C 1 km away with other beds; a renamed D at its place;
// X that we lack; a line that repeats X. E is only ours.
func TestEveryDifferenceIsNamed(t *testing.T) {
	n := func(i int) *int { return &i }
	at := func(x float64) *orb.Point { return &orb.Point{x, 29} }
	day := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	care := []string{"day_care"}
	ours := []run.Facility{
		{ID: "A", Name: "甲照料中心", Services: care, Unit: "990121101201", Status: "operating", Point: at(120)},
		{ID: "B", Name: "乙照料中心", Services: care, Unit: "990121101202", Status: "suspended", Point: at(120.01)},
		{ID: "C", Name: "丙照料中心", Services: care, Unit: "990121101203", Status: "operating", Beds: n(10), Point: at(120.02)},
		{ID: "D", Name: "丁照料中心", Services: care, Unit: "990121101204", Status: "operating", Point: at(120.03)},
		{ID: "E", Name: "戊照料中心", Services: care, Unit: "990121101205", Status: "operating", Point: at(120.04)},
		{ID: "F", Name: "己儿童之家", Services: []string{"child_home"}, Unit: "990121101205", Status: "operating"},
	}
	theirs := []Row{
		{2, run.Facility{ID: "1", Name: "甲(照料)中心", Services: care, Unit: "990121101201", Status: "operating", Point: at(120.0005)}},
		{3, run.Facility{ID: "A", Name: "甲中心", Services: care, Unit: "990121101201", Status: "operating"}},
		{4, run.Facility{ID: "B", Name: "乙照料中心", Services: care, Unit: "990121101202", Status: "operating"}},
		{5, run.Facility{ID: "3", Name: "丙照料中心", Services: []string{"day_care", "meal_point"}, Unit: "990121101203", Status: "operating", Beds: n(12), Point: at(120.03)}},
		{6, run.Facility{ID: "4", Name: "丁村养老服务站", Services: care, Unit: "990121101204", Status: "operating", Point: at(120.0301)}},
		{7, run.Facility{ID: "9", Name: "庚照料中心", Services: care, Unit: "990121101209", Status: "operating", Point: at(121)}},
		{8, run.Facility{ID: "10", Name: "庚照料中心", Services: care, Unit: "990121101209", Status: "operating", Point: at(121)}},
	}
	r := Compare(theirs, ours, day)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Kind+" "+f.Name+" "+f.ID+": "+f.Text.ZH)
	}
	want := `duplicate 甲中心 A: 与第2行是同一设施A
duplicate 庚照料中心 : 与第7行重复
closed 乙照料中心 B: 来表在运营,本库停用
wrong_point 丙照料中心 C: 两处点位相距974米
method 丙照料中心 C: 服务类型不同:来表居家养老服务照料中心、助餐点,本库居家养老服务照料中心
numbers 丙照料中心 C: 床位数:来表12,本库10
theirs_only 庚照料中心 : 本库没有此设施
ours_only 戊照料中心 E: 来表没有;本库状态:运营
same 甲(照料)中心 A: 一致
same 丁村养老服务站 D: 一致`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("\n%s\nwant\n%s", text, want)
	}
	if r.Theirs != 7 || r.Ours != 5 || r.Counts["duplicate"] != 2 {
		t.Errorf("%+v", r)
	}
}
