package run

import (
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// ledgerProvince is worked out by hand: a province 99 with
//
//	city 9901: district 990102 (towns 101, 102), county 990121 (towns 101, 410 a similar unit; villages 201, 202)
//	city 9902: county 990281, a city without townships like 龙港 (villages 201, 202)
//
// Elder homes: H1 in the district, 100 beds, 60 for nursing, public; H2 in 990121, 50 beds, 20 for
// nursing, of unknown ownership; H3 in 990281, 40 beds, 30 for nursing, private. Elders, registered:
// district 2,000, 990121 3,000, 990281 1,000; residents: 600,000, 500,000, 499,999.
func ledgerProvince() *Inputs {
	n := func(i int) *int { return &i }
	in := &Inputs{Units: []Unit{
		{Code: "990000000000", Level: planner.Province, Name: "纸省"},
		{Code: "990100000000", Level: planner.Prefecture, Name: "甲市"}, {Code: "990200000000", Level: planner.Prefecture, Name: "乙市"},
		{Code: "990102000000", Level: planner.County, Name: "甲城区"}, {Code: "990121000000", Level: planner.County, Name: "甲县"}, {Code: "990281000000", Level: planner.County, Name: "港市"},
		{Code: "990102101000", Level: planner.Township, Name: "东镇"}, {Code: "990102102000", Level: planner.Township, Name: "西镇"},
		{Code: "990121101000", Level: planner.Township, Name: "坞镇"}, {Code: "990121410000", Level: planner.Township, Name: "开发区"},
		{Code: "990121101201", Level: planner.Village, Name: "上村"}, {Code: "990121101202", Level: planner.Village, Name: "下村"},
		{Code: "990281198201", Level: planner.Village, Name: "港东村"}, {Code: "990281198202", Level: planner.Village, Name: "港西村"},
	}}
	site := func(id string, unit planner.Code, siteID string, services ...string) *Facility {
		in.Facilities = append(in.Facilities, Facility{ID: id, Name: id, Unit: unit, SiteID: siteID, Services: services, Status: "operating"})
		return &in.Facilities[len(in.Facilities)-1]
	}
	home := func(id string, unit planner.Code, beds, nursing int) {
		h := site(id, unit, "", "elder_home")
		h.Beds, h.NursingBeds = n(beds), n(nursing)
	}
	home("H1", "990102101000", 100, 60)
	home("H2", "990121101000", 50, 20)
	home("H3", "990281198201", 40, 30)
	site("S1", "990102101000", "p1", "social_work_station")
	site("S2", "990102102000", "p2", "social_work_station")
	site("S3", "990281198202", "", "social_work_station", "child_protection_station")
	site("C1", "990102101000", "p1", "child_protection_station")
	site("C2", "990102102000", "p9", "child_protection_station")
	site("U1", "990121000000", "", "welfare_union")
	site("M1", "990121101201", "", "meal_point")
	for c, people := range map[planner.Code][2]int{"990102000000": {2000, 600000}, "990121000000": {3000, 500000}, "990281000000": {1000, 499999}} {
		in.Population = append(in.Population, Count{Unit: c, Basis: "registered", Group: "60+", People: people[0]}, Count{Unit: c, Basis: "resident", Group: "total", People: people[1]})
	}
	in.Flags = []Flag{{"990121101201", "meal_demand", true}, {"990121101202", "meal_demand", true}, {"990281198201", "meal_demand", false}, {"990102101000", "meal_demand", false}}
	in.Ledger = []LedgerFigure{
		{"H1", "public", 1, ""}, {"H3", "public", 0, ""},
		{"990102000000", "certified_care_workers", 7, ""}, {"990121000000", "certified_care_workers", 6, ""}, {"990281000000", "certified_care_workers", 2, ""},
		{"990100000000", "layout_plan", 1, "甲政发〔2022〕1号"}, {"990200000000", "layout_plan", 0, ""},
		{"990121101202", "meal_delivery", 0, ""},
		{"990000000000", "subsistence_allowance", 12800, ""}, {"990121000000", "subsistence_allowance", 13200, ""},
		{"990102000000", "free_funeral_services", 6, ""}, {"990121000000", "free_funeral_services", 5, ""}, {"990281000000", "free_funeral_services", 6, ""},
		{"990100000000", "charities", 700, ""}, {"990102000000", "charities", 400, ""},
	}
	return in
}

// The whole plan on the ledger province: figure of the province and verdict of units, on paper.
func TestEveryKindOnPaper(t *testing.T) {
	in := ledgerProvince()
	res := evaluatePaper(t, in, nil, Spec{})
	if v := res.Summary.Plan; v.ID != "zhejiang-2021" || v.Document != "浙民办〔2021〕166号" || len(v.Digest) != 64 {
		t.Errorf("plan %+v", v)
	}
	for id, want := range map[string]struct{ verdict, text, reason string }{
		// 110 of 190 = 57.89%
		"EL-01": {"not_met", "未达标(差0.2个百分点)", "110 ÷ 190 = 57.9%,目标不低于58%。"},
		"EL-02": {"not_met", "未达标(差999个)", "合计1个,目标不少于1,000个。"},
		"EL-03": {"not_met", "未达标(差2个)", "3个中1个已有。"},
		// 15 for 6,000 elders = 25
		"EL-04": {"met", "已达标", "15 ÷ 6,000人 × 10,000 = 25,目标每10,000人不低于25。"},
		// two cities and 990121 with exactly 500,000; the district and 499,999 are not asked: 乙市 has none, 甲县 says nothing
		"EL-05": {"not_met", "未达标(差1个)", "3个中1个已编制,1个缺资料。"},
		"EL-07": {"unverified", "待核实", "没有资料,待核实:需要设施点位和状态,老年人口,路网。"},
		// no list of 990102's villages? it has one, with nobody; 上村 has a kitchen, 下村 is not delivered to
		"EL-08": {"not_met", "未达标(差1个)", "2个中1个已覆盖。"},
		// 甲市 by H1; 乙市 and 港市 have only a private home; 甲县's is unknown; the district is not asked
		"EL-09": {"not_met", "未达标(差2个)", "4个中1个已有,1个缺资料。"},
		// 东镇, 西镇 and 港市 as one unit have one, 坞镇 has none; the similar unit is not counted
		"GV-05": {"not_met", "未达标(差1个)", "4个中3个已有。"},
		"CH-03": {"tracked", "未设定量化目标,仅跟踪", "4个中3个已有。"},
		// 东镇 in p1; 西镇 p9 beside p2; 港市 one facility; 坞镇 has nothing to bring in
		"CO-01":      {"not_met", "未达标(差1个)", "3个中2个同址。"},
		"FU-02":      {"not_met", "未达标(差1个)", "3个中2个达标。"},
		"N02":        {"not_met", "未达标(差200元/年)", "12,800元/年,目标不低于13,000元/年。"},
		"N06":        {"unverified", "待核实", "合计700个,1个缺资料,目标不少于1,200个。"},
		"FU-01":      {"unverified", "待核实", "4个中0个已有,4个缺资料。"},
		"CO-02":      {"unverified", "待核实", "没有资料,待核实:需要慈善基地、社会组织服务中心、救助服务联合体的场所编号。"},
		"MA-01":      {"tracked", "未设定量化目标,仅跟踪", "没有资料,待核实:需要婚姻登记机关名单。"},
		"SA-02":      {"not_applicable", "不适用", "没有应判定的单元。"},
		"EL-13":      {"tracked", "未设定量化目标,仅跟踪", "没有资料,待核实:需要各县家庭养老床位数。"},
		"CH-04":      {"not_applicable", "不适用", "没有应判定的单元。"},
		"GV-04":      {"unverified", "待核实", "没有资料,待核实:需要各县专职社区工作者人数、持证人数。"},
		"CH-05":      {"tracked", "未设定量化目标,仅跟踪", "4个中0个已有,4个缺资料。"},
		"EQ-01":      {"tracked", "未设定量化目标,仅跟踪", "没有资料,待核实:需要山区26县、海岛县名单,各项指标。"},
		"EL-06":      {"unverified", "待核实", "4个中0个已有,4个缺资料。"},
		"EL-11":      {"unverified", "待核实", "2个中0个已有,2个缺资料。"},
		"MG-01":      {"unverified", "待核实", "没有资料,待核实:需要各县新时代美丽移民村个数。"},
		"GV-03":      {"unverified", "待核实", "没有资料,待核实:需要各县持证社会工作者人数,常住人口。"},
		"N13":        {"unverified", "待核实", "没有资料,待核实:需要各级彩票公益金支出台账。"},
		"CH-01":      {"unverified", "待核实", "没有资料,待核实:需要各市、县(市、区)中心数和实体化运行数。"},
		"FU-01-SITE": {"tracked", "未设定量化目标,仅跟踪", "没有资料,待核实:需要各安葬点到四类禁区的距离(自然资源部门提供)。"},
	} {
		f := figureOf(t, res, id)
		if f.Verdict != want.verdict || f.Text.ZH != want.text || f.Reason.ZH != want.reason || f.Reason.EN == "" || strings.Contains(f.Reason.EN, "%!") {
			t.Errorf("%s: %s %s %s / %s\n on paper %s %s %s", id, f.Verdict, f.Text.ZH, f.Reason.ZH, f.Reason.EN, want.verdict, want.text, want.reason)
		}
	}
	verdicts := map[string]Verdict{}
	for _, v := range res.Verdicts {
		verdicts[v.Standard+" "+string(v.Unit)] = v
	}
	for key, want := range map[string][2]string{
		"EL-01 990000000000": {"not_met", "未达标(差0.2个百分点)"},
		"EL-01 990281000000": {"contribution", "省级目标,本县为75.0%"},
		"EL-02 990121000000": {"contribution", "省级目标,本县贡献1个"},
		"EL-02 990102000000": {"contribution", "省级目标,本县贡献0个"},
		"EL-02 990100000000": {"contribution", "省级目标,本市贡献1个"},
		"EL-03 990102000000": {"not_met", "未达标(差1个)"},
		"EL-03 990121000000": {"met", "已达标"},
		"EL-04 990281000000": {"contribution", "省级目标,本县为20"},
		"EL-05 990100000000": {"unverified", "待核实"}, // 甲县 below it says nothing
		"EL-05 990102000000": {"not_applicable", "不适用"},
		"EL-09 990102000000": {"not_applicable", "不适用"},
		"EL-09 990121000000": {"unverified", "待核实"},
		"EL-09 990281000000": {"not_met", "未达标(差1个)"},
		"GV-05 990281000000": {"met", "已达标"},
		"GV-05 990121101000": {"not_met", "未达标(差1个)"},
		"N02 990121000000":   {"contribution", "省级目标,本县为13,200元/年"},
		"FU-02 990121000000": {"not_met", "未达标(差1项)"},
		"N06 990100000000":   {"contribution", "省级目标,本市贡献700个"},
	} {
		if v := verdicts[key]; v.Verdict != want[0] || v.Text.ZH != want[1] {
			t.Errorf("%s: %s %s, on paper %v", key, v.Verdict, v.Text.ZH, want)
		}
	}
	gaps := map[string][2]string{}
	for _, g := range res.Gaps {
		gaps[g.ID] = [2]string{g.Kind, g.Measure}
	}
	want := map[string][2]string{
		"EL-03.990102000000.": {"no_facility", "增设服务点"}, "EL-03.990281000000.": {"no_facility", "增设服务点"},
		"EL-08.990121101202.": {"no_facility", "助餐配送"},
		"EL-09.990200000000.": {"no_facility", "增设服务点"}, "EL-09.990281000000.": {"no_facility", "增设服务点"}, "EL-09.990121000000.": {"data_missing", "核实数据"},
		"GV-05.990121101000.": {"no_facility", "增设服务点"},
		"CH-03.990121101000.": {"no_facility", "并入社工站"}, // never a new building
		"CO-01.990102102000.": {"unmerged", "并入社工站"},
	}
	for id, w := range want {
		if gaps[id] != w {
			t.Errorf("gap %s: %v, on paper %v", id, gaps[id], w)
		}
	}
	if len(gaps) != len(want) {
		t.Errorf("gaps %v, on paper %v", gaps, want)
	}
}

// A run of one county holds a part of the province only: its total is never judged.
func TestProvinceIsNotJudgedOnACounty(t *testing.T) {
	in := ledgerProvince()
	var units []Unit
	for _, u := range in.Units {
		if u.Code.Ancestor(planner.County) == "990121000000" {
			units = append(units, u)
		}
	}
	in.Units = units
	f := figureOf(t, evaluatePaper(t, in, nil, Spec{Units: []planner.Code{"990121000000"}}), "EL-01")
	if f.Verdict != "contribution" || f.Text.ZH != "省级目标,本县为40.0%" {
		t.Errorf("%s %s", f.Verdict, f.Text.ZH)
	}
}

// A share entered with its document makes EL-07 judged: 100 of 220 are within reach, 107 might be.
func TestShareMakesAccessJudged(t *testing.T) {
	in, g := paperCounty(t)
	for share, want := range map[string]string{"45% 文1号": "met", "47% 文1号": "unverified", "50% 文1号": "not_met"} {
		f := figureOf(t, evaluatePaper(t, in, g, Spec{Set: map[string]string{"circle_share": share}}), "EL-07")
		if f.Verdict != want {
			t.Errorf("%s: %s (%s), on paper %s", share, f.Verdict, f.Reason.ZH, want)
		}
	}
}

// A user's own plan by straight distance: 486 m from the centre are within 500 m, 1,167 m are not, who has no point is unknown.
// Beds per 1,000 elders and the size of each home are read the same way, with no code.
const otherProvince = `
id: other-2024
title: {zh: 他省规划, en: plan of another province}
document: 他政发〔2024〕1号
deadline: "2027-12-31"
standards:
  - id: X1
    title: {zh: 服务半径, en: service radius}
    source: {clause: 二, quote: 服务半径不大于500米}
    hard: true
    unit: {levels: [village]}
    rule: {kind: access_distance, services: [day_care], metres: 500, group: 60+, threshold: 0.9}
    data: {zh: 点位, en: places}
  - id: X2
    title: {zh: 每千名老人床位, en: "beds per 1,000 elders"}
    source: {clause: 二, quote: 每千名老年人拥有床位40张}
    hard: true
    unit: {levels: [county]}
    rule: {kind: ratio_min, services: [elder_home], part: beds, per: 1000, group: 60+, basis: resident, least: 40}
    data: {zh: 床位, en: beds}
  - id: X3
    title: {zh: 建筑面积, en: floor area}
    source: {clause: 二, quote: 每处不少于350平方米}
    hard: true
    unit: {levels: [county]}
    rule: {kind: size_min, services: [elder_home], measure: floor_area, least: 350}
    data: {zh: 建筑面积, en: floor area}
`

func TestOtherProvince(t *testing.T) {
	in, g := paperCounty(t)
	beds := 9
	in.Facilities = append(in.Facilities, Facility{ID: "H", Name: "敬老院", Unit: "990121101201", Services: []string{"elder_home"}, Status: "operating", Beds: &beds, Point: &orb.Point{120, 29}},
		Facility{ID: "H2", Name: "老院", Unit: "990121101202", Services: []string{"elder_home"}, Status: "operating", Opened: new(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))})
	in.Ledger = []LedgerFigure{{"H", "floor_area", 349, ""}}
	res := evaluatePaper(t, in, g, Spec{Standards: otherProvince})
	for id, want := range map[string][2]string{
		"X1": {"not_met", "220人中直线500米内100人(45.5%),7人待核实,目标不低于90%。"},
		"X2": {"met", "9 ÷ 220人 × 1,000 = 40.91,目标每1,000人不低于40。"}, // the home that opens in 2026 does not count
		"X3": {"not_met", "1个中0个达到350。"},
	} {
		if f := figureOf(t, res, id); f.Verdict != want[0] || f.Reason.ZH != want[1] {
			t.Errorf("%s: %s %s, on paper %v", id, f.Verdict, f.Reason.ZH, want)
		}
	}
}

// Nursing beds: 20 of 50 = 40% in the area, 90 of 140 = 64.29% elsewhere: the area has 62.2% of it, a gap of 37.8% that passes 30%.
func TestAreasAreCompared(t *testing.T) {
	plan := `
id: p
title: {zh: 规划, en: plan}
document: 文1号
deadline: "2025-12-31"
areas:
  - {id: hills, title: {zh: 山区, en: hills}, units: ["990121"], from: "2021-01-01", source: 文1号}
standards:
  - id: E
    title: {zh: 护理型床位, en: nursing beds}
    source: {clause: 一, quote: 护理型床位占比}
    hard: true
    unit: {levels: [province]}
    rule: {kind: share_min, services: [elder_home], part: nursing_beds, whole: beds, threshold: 0.5}
    data: {zh: 床位, en: beds}
  - id: G
    title: {zh: 差距, en: gap}
    source: {clause: 一, quote: 差距}
    hard: true
    unit: {levels: [province]}
    rule: {kind: group_gap, areas: [hills], of: [E], most: 0.3}
    data: {zh: 名单, en: list}
`
	f := figureOf(t, evaluatePaper(t, ledgerProvince(), nil, Spec{Standards: plan}), "G")
	if want := "差距最大的是护理型床位(山区):区内0.4,其他地区0.6429,为其他地区的62.2%,允许差距不超过30%。"; f.Verdict != "not_met" || f.Reason.ZH != want {
		t.Errorf("%s %s", f.Verdict, f.Reason.ZH)
	}
}
