package standard

import (
	"os"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

// Every row of the two tables of targets (§1A: 38, §1B: 17), in their order.
const targets = "EL-01 EL-02 EL-03 EL-04 EL-05 EL-06 EL-07 EL-08 EL-09 EL-10 EL-11 EL-12 EL-13 SA-01 SA-02 SA-03 GV-01 GV-02 GV-03 GV-04 GV-05 " +
	"CH-01 CH-02 CH-03 CH-04 CH-05 MA-01 FU-01 FU-02 FU-03 MG-01 MG-02 PL-01 PL-02 CO-01 CO-02 CO-03 EQ-01"
const indicators = "N01 N02 N03 N04 N05 N06 N07 N08 N09 N10 N11 N12 N13 N14 N15 N16 N17"

func builtIn(t *testing.T) *Plan {
	t.Helper()
	p, err := Parse(Zhejiang2021)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltInPlanIsWhole(t *testing.T) {
	p := builtIn(t)
	ids := append(strings.Fields(targets), strings.Fields(indicators)...)
	if len(ids) != 38+17 {
		t.Fatalf("%d ids in the list", len(ids))
	}
	for _, id := range ids {
		s := p.Find(id)
		if s == nil {
			t.Errorf("%s is missing", id)
			continue
		}
		if s.Year < 2021 || s.Year > 2025 {
			t.Errorf("%s is due in %d", id, s.Year)
		}
	}
	if len(p.Standards) != len(ids)+1 { // and the siting rule of the funeral regulation
		t.Errorf("%d standards", len(p.Standards))
	}
	kinds := map[string]bool{}
	for _, s := range p.Standards {
		kinds[s.Kind] = true
	}
	for _, want := range []string{"count_min", "ratio_min", "share_min", "present_in_each", "access_time", "served_area", "co_located", "document_exists", "site_exclusion", "group_gap", "tracked_only", "indicator"} {
		if !kinds[want] {
			t.Errorf("no standard of kind %s", want)
		}
	}
	if p.Find("EL-07").Threshold != nil {
		t.Error("the plan sets no share for EL-07: it must stay tracked until a user enters one")
	}
	if n := len(p.Areas[0].Units); n != 26 || len(p.Areas[1].Units) != 25 {
		t.Errorf("%d of the 26 counties, %d of the 25", n, len(p.Areas[1].Units))
	}
}

// Each mistake is told with its line and column, what is wrong and what to do, in both languages.
func TestMistakesAreNamed(t *testing.T) {
	const plan = `id: p
title: {zh: 规划, en: plan}
document: 文1号
deadline: "2025-12-31"
standards:
  - id: A
    title: {zh: 甲, en: a}
    source: {clause: 一, quote: 甲}
    hard: true
    unit: {levels: [county]}
    rule: {kind: access_time, services: [day_care], minutes: 15, profile: elder_60_69, group: 60+}
    data: {zh: 点, en: points}
  - id: B
    title: {zh: 乙, en: b}
    source: {clause: 一, quote: 乙}
    hard: false
    unit: {levels: [township]}
    rule: {kind: tracked_only}
    data: {zh: 数, en: count}
`
	if _, err := Parse(plan); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, en, zh string }{
		"unknown key":           {"deadline:", "deadlin:", `:4:1: unknown key "deadlin"; the keys are areas, deadline`, "第4行第1列:没有「deadlin」这个键"},
		"missing key":           {"deadline:", "deadlin:", `:1:1: "deadline" is missing: add it`, "缺少「deadline」"},
		"key of a row":          {"    hard: true", "    hrad: true", `:9:5: unknown key "hrad"`, "第9行第5列"},
		"unknown parameter":     {"minutes: 15", "minute: 15", `:11:53: unknown key "minute"`, "第11行第53列"},
		"needed parameter":      {"minutes: 15, ", "", `:11:11: rule access_time needs the parameter minutes`, "规则 access_time 缺少参数 minutes"},
		"parameter of others":   {"kind: tracked_only", "kind: tracked_only, minutes: 5", `:18:32: rule tracked_only takes no parameter minutes: remove it`, "没有参数 minutes"},
		"unknown kind":          {"kind: access_time", "kind: access", `:11:18: rule kind "access" is not known; use one of access_time`, "没有「access」这种规则"},
		"text for a number":     {"minutes: 15", "minutes: soon", `:11:62: expected a whole number here, not "soon"`, "此处应为整数"},
		"number for text":       {"quote: 甲", "quote: 15", `:8:32: expected text (put numbers and dates in quotes) here, not "15"`, "此处应为文字"},
		"fraction of minutes":   {"minutes: 15", "minutes: 15.5", `:11:62: expected a whole number`, "整数"},
		"negative":              {"minutes: 15", "minutes: -1", `:11:62: -1 must be a whole number of at least 1`, "不小于1"},
		"list for one":          {"id: B", "id: [B]", `:13:9: expected text`, "不是[]"},
		"one for a list":        {"[day_care]", "day_care", `:11:41: expected a list such as [a, b], not "day_care"`, "应为列表"},
		"map for a list":        {"levels: [county]", "levels: {a: b}", `:10:20: expected a list`, "不是{}"},
		"yes for true":          {"hard: true", "hard: yes please", `:9:11: expected true or false`, "true 或 false"},
		"unknown level":         {"levels: [township]", "levels: [town]", `:17:21: "town" is not known; use one of province, prefecture`, "没有「town」这个词"},
		"unknown service":       {"[day_care]", "[care]", `:11:42: "care" is not known`, "没有「care」"},
		"share above one":       {"minutes: 15", "minutes: 15, threshold: 85", `:11:77: 85 must be a share above 0, at most 1 (write 85% as 0.85)`, "85%写作0.85"},
		"no number":             {"minutes: 15", "minutes: 15, threshold: .nan", `must be a share`, "占比"},
		"duplicate id":          {"id: B", "id: A", `:13:9: A appears twice, first in line 6: give it another id`, "编号「A」重复,第6行已有"},
		"duplicate key":         {"hard: false", "hard: false\n    hard: true", `:17:5: key "hard" stands twice, first in line 16`, "键「hard」重复"},
		"no date":               {`"2025-12-31"`, `"2025-13-31"`, `:4:11: "2025-13-31" must be a date`, "应为日期"},
		"bare date":             {`"2025-12-31"`, `2025-12-31`, `:4:11: expected text (put numbers and dates in quotes)`, "请加引号"},
		"empty text":            {"quote: 甲", `quote: ""`, `:8:32: this must not be empty`, "不能为空"},
		"empty list":            {"[day_care]", "[]", `:11:41: the list must not be empty`, "列表不能为空"},
		"alias":                 {"id: B", "id: *x", "not valid YAML", "不是有效的 YAML"},
		"reference":             {"  - id: A", "  - id: &x A\n    year: *x", `:7:11: references (*x) are not supported`, "不支持引用"},
		"tab":                   {"  - id: B", "\t- id: B", "standards.yaml:13:1: not valid YAML", "第13行第1列:不是有效的 YAML"},
		"area that is not":      {"kind: tracked_only", "kind: group_gap, areas: [z], of: [A]", `:18:37: there is no area with the id z`, "没有编号为「z」的特殊区域"},
		"two documents":         {"data: {zh: 数, en: count}", "data: {zh: 数, en: count}\n---\nid: q", "a file holds one plan", "只能有一份规划"},
		"standard that is not":  {"kind: tracked_only", "kind: group_gap, areas: [z], of: [C]", `there is no standard with the id C`, "没有编号为「C」的标准"},
		"code with nine digits": {"[township]", `[township], named: ["33x"]`, `division code "33x" must have`, "区划代码「33x」"},
	} {
		text := strings.Replace(plan, c.old, c.new, 1)
		if text == plan {
			t.Errorf("%s: nothing was replaced", name)
		}
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), c.en) || !strings.Contains(err.Error(), c.zh) || planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: error\n%v\nwant %q and %q", name, err, c.en, c.zh)
		}
		if err != nil && strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: broken format in %v", name, err)
		}
	}
	if _, err := ParseFile("我的.yaml", ""); err == nil || !strings.Contains(err.Error(), "我的.yaml:1:1: the standards file is empty") {
		t.Errorf("empty file: %v", err)
	}
	if _, err := Parse("# nothing\n"); err == nil {
		t.Error("a file of comments was accepted")
	}
}

// All mistakes of a file are told in one go.
func TestMistakesAreToldTogether(t *testing.T) {
	text := strings.NewReplacer("id: EL-02", "id: EL-01", "least: 1000}", "least: many}", "kind: ratio_min", "kind: ratio").Replace(Zhejiang2021)
	_, err := ParseFile("z.yaml", text)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"EL-01 appears twice", `not "many"`, `rule kind "ratio" is not known`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

// The plan in the handbook is one that can be read.
func TestHandbook(t *testing.T) {
	text, err := os.ReadFile("../../docs/standards.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	plan, _, _ := strings.Cut(rest, "```")
	if _, err := ParseFile("docs/standards.md", plan); err != nil {
		t.Error(err)
	}
	for _, k := range Kinds {
		if !strings.Contains(string(text), "| "+k.ID+" |") {
			t.Errorf("the handbook does not tell of %s", k.ID)
		}
	}
}

func FuzzParse(f *testing.F) {
	small, _, _ := strings.Cut(Zhejiang2021, "  - id: EL-03") // whole rows of each part, small enough to be varied quickly
	f.Add(small)
	f.Add("standards: [{}]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := Parse(text); err == nil && len(p.Standards) == 0 {
			t.Error("a plan without standards was accepted")
		} else if err != nil && planner.KindOf(err) != planner.Invalid {
			t.Errorf("kind %s", planner.KindOf(err))
		}
	})
}
