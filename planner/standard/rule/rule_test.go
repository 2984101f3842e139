package rule

import (
	"math"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

var data = planner.Text{ZH: "名单", EN: "the list"}

func v(x float64) *float64 { return &x }
func yes() *bool           { b := true; return &b }
func no() *bool            { b := false; return &b }
func at(id string) Subject { return Subject{id, id + "镇"} }

// paper is what is worked out by hand for an answer: the verdict, its label, the
// figure (NaN = nobody knows it), the first row of the evidence and the sentence.
type paper struct {
	name     string
	got      Answer
	verdict  string
	label    string
	figure   float64
	first    string
	zh, says string
}

func check(t *testing.T, cases []paper) {
	t.Helper()
	outcomes := map[string]bool{}
	for _, c := range cases {
		a := c.got
		outcomes[a.Verdict] = true
		if a.Verdict != c.verdict || a.Label.ZH != c.label {
			t.Errorf("%s: %s %s, on paper %s %s", c.name, a.Verdict, a.Label.ZH, c.verdict, c.label)
		}
		if math.IsNaN(c.figure) != (a.Value == nil) || a.Value != nil && math.Abs(*a.Value-c.figure) > 1e-12 {
			t.Errorf("%s: figure %v, on paper %v", c.name, a.Value, c.figure)
		}
		if c.first == "" && len(a.Evidence) > 0 || c.first != "" && (len(a.Evidence) == 0 || a.Evidence[0].ID != c.first) {
			t.Errorf("%s: evidence %+v, on paper first %q", c.name, a.Evidence, c.first)
		}
		if a.Text.ZH != c.zh || a.Text.EN != c.says {
			t.Errorf("%s:\n got %s\n     %s\nwant %s\n     %s", c.name, a.Text.ZH, a.Text.EN, c.zh, c.says)
		}
		for _, e := range a.Evidence {
			if e.Text.ZH == "" || e.Text.EN == "" || strings.Contains(e.Text.ZH+e.Text.EN+a.Text.EN, "%!") {
				t.Errorf("%s: evidence %+v", c.name, e)
			}
		}
	}
	if !outcomes[Unverified] {
		t.Error("no unknown case")
	}
}

var nan = math.NaN()

// 100 + 50 people: 90 + 40 within = 130 of 150 = 86.67%.
func TestAccessTime(t *testing.T) {
	rows := func(unknown int) []Served {
		return []Served{{at("a"), 90, 10 - unknown, unknown}, {at("b"), 40, 10, 0}, {at("empty"), 0, 0, 0}}
	}
	check(t, []paper{
		{"pass: 130 ≥ 0.85 × 150 = 127.5", AccessTime(rows(0), 15, v(0.85), data), Met, "已达标", 130.0 / 150, "b",
			"150人中步行15分钟可达130人(86.7%),目标不低于85%。", "of 150 people 130 are within 15 minutes on foot (86.7%); target at least 85%."},
		{"fail: 130 < 0.9 × 150 = 135, 3.4 points rounded up", AccessTime(rows(0), 15, v(0.9), data), NotMet, "未达标(差3.4个百分点)", 130.0 / 150, "b",
			"150人中步行15分钟可达130人(86.7%),目标不低于90%。", "of 150 people 130 are within 15 minutes on foot (86.7%); target at least 90%."},
		{"unknown: with the 8 it might be 138", AccessTime(rows(8), 15, v(0.9), data), Unverified, "待核实", 130.0 / 150, "b",
			"150人中步行15分钟可达130人(86.7%),8人待核实,目标不低于90%。", "of 150 people 130 are within 15 minutes on foot (86.7%); 8 to be verified; target at least 90%."},
		{"tracked without a share", AccessTime(rows(0), 15, nil, data), Tracked, "未设定量化目标,仅跟踪", 130.0 / 150, "a",
			"150人中步行15分钟可达130人(86.7%),未设定量化目标,仅跟踪。", "of 150 people 130 are within 15 minutes on foot (86.7%); no quantified target, tracked only."},
		{"nobody knows any way", AccessTime([]Served{{at("a"), 0, 0, 9}}, 15, v(0.9), data), Unverified, "待核实", nan, "a",
			"没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}

// 30 + 70 people, 21 + 49 within 700 m: 70 of 100.
func TestAccessDistance(t *testing.T) {
	rows := []Served{{at("a"), 21, 9, 0}, {at("b"), 49, 21, 0}}
	check(t, []paper{
		{"pass: 70 of 100 reach 70%", AccessDistance(rows, 700, v(0.7), data), Met, "已达标", 0.7, "a",
			"100人中直线700米内70人(70.0%),目标不低于70%。", "of 100 people 70 are within 700 m as the crow flies (70.0%); target at least 70%."},
		{"fail", AccessDistance(rows, 700, v(0.8), data), NotMet, "未达标(差10.0个百分点)", 0.7, "a",
			"100人中直线700米内70人(70.0%),目标不低于80%。", "of 100 people 70 are within 700 m as the crow flies (70.0%); target at least 80%."},
		{"unknown", AccessDistance(nil, 700, v(0.8), data), Unverified, "待核实", nan, "",
			"没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}

func TestPresentInEach(t *testing.T) {
	check(t, []paper{
		{"pass", PresentInEach([]Presence{{at("a"), v(1)}, {at("b"), v(3)}}, nil), Met, "已达标", 1, "a",
			"2个中2个已有。", "of 2, 2 have it."},
		{"fail: c has none, whatever d has", PresentInEach([]Presence{{at("a"), v(1)}, {at("d"), nil}, {at("c"), v(0)}}, nil), NotMet, "未达标(差1个)", 1.0 / 3, "c",
			"3个中1个已有,1个缺资料。", "of 3, 1 have it; 1 without data."},
		{"unknown: all depends on d", PresentInEach([]Presence{{at("a"), v(1)}, {at("d"), nil}}, nil), Unverified, "待核实", 0.5, "d",
			"2个中1个已有,1个缺资料。", "of 2, 1 have it; 1 without data."},
		{"half are enough", PresentInEach([]Presence{{at("a"), v(1)}, {at("d"), nil}}, v(0.5)), Met, "已达标", 0.5, "d",
			"2个中1个已有(50.0%),1个缺资料,目标不低于50%。", "1 of 2 have it (50.0%); 1 without data; target at least 50%."},
		{"no unit", PresentInEach(nil, nil), NotApplicable, "不适用", nan, "",
			"没有应判定的单元。", "There is nothing to judge."},
	})
}

// 600 + 400 = 1,000.
func TestCountMin(t *testing.T) {
	rows := []Presence{{at("a"), v(600)}, {at("b"), v(400)}}
	open := append([]Presence{{at("c"), nil}}, rows...)
	check(t, []paper{
		{"pass", CountMin(rows, 1000, data), Met, "已达标", 1000, "a", "合计1,000个,目标不少于1,000个。", "1,000 in all; target at least 1,000."},
		{"fail", CountMin(rows, 1200, data), NotMet, "未达标(差200个)", 1000, "a", "合计1,000个,目标不少于1,200个。", "1,000 in all; target at least 1,200."},
		{"unknown: c may have 200", CountMin(open, 1200, data), Unverified, "待核实", 1000, "c", "合计1,000个,1个缺资料,目标不少于1,200个。", "1,000 in all; 1 without data; target at least 1,200."},
		{"reached whatever c has", CountMin(open, 1000, data), Met, "已达标", 1000, "c", "合计1,000个,1个缺资料,目标不少于1,000个。", "1,000 in all; 1 without data; target at least 1,000."},
		{"no list", CountMin(nil, 1000, data), Unverified, "待核实", nan, "", "没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}

// Homes a: 58 of 100, b: 116 of 200: 174 of 300 = 58%. With a at 57: 173 of 300 = 57.67%, 0.4 points short.
func TestShareMin(t *testing.T) {
	b := Portion{at("b"), v(116), v(200)}
	check(t, []paper{
		{"pass", ShareMin([]Portion{{at("a"), v(58), v(100)}, b}, 0.58, data), Met, "已达标", 0.58, "a", "174 ÷ 300 = 58.0%,目标不低于58%。", "174 of 300 = 58.0%; target at least 58%."},
		{"fail", ShareMin([]Portion{{at("a"), v(57), v(100)}, b}, 0.58, data), NotMet, "未达标(差0.4个百分点)", 173.0 / 300, "a", "173 ÷ 300 = 57.7%,目标不低于58%。", "173 of 300 = 57.7%; target at least 58%."},
		{"unknown: a has 0 to 100", ShareMin([]Portion{{at("a"), nil, v(100)}, b}, 0.58, data), Unverified, "待核实", 0.58, "a", "116 ÷ 200 = 58.0%,1个缺资料,目标不低于58%。", "116 of 200 = 58.0%; 1 without data; target at least 58%."},
		{"fail: even with all 10 of a, 126 of 210 = 60% < 61%", ShareMin([]Portion{{at("a"), nil, v(10)}, b}, 0.61, data), NotMet, "未达标(差1.0个百分点)", 0.58, "a", "116 ÷ 200 = 58.0%,1个缺资料,目标不低于61%。", "116 of 200 = 58.0%; 1 without data; target at least 61%."},
		{"more than all cannot be", ShareMin([]Portion{{at("a"), v(120), v(100)}, b}, 0.5, data), Unverified, "待核实", 0.58, "a", "116 ÷ 200 = 58.0%,1个缺资料,目标不低于50%。", "116 of 200 = 58.0%; 1 without data; target at least 50%."},
		{"57.96% is not shown as 58.0%", ShareMin([]Portion{{at("a"), v(5796), v(10000)}}, 0.58, data), NotMet, "未达标(差0.1个百分点)", 0.5796, "a", "5,796 ÷ 10,000 = 57.96%,目标不低于58%。", "5,796 of 10,000 = 57.96%; target at least 58%."},
		{"7 of 100 reach 7% in floating point", ShareMin([]Portion{{at("a"), v(7), v(100)}}, 0.07, data), Met, "已达标", 0.07, "a", "7 ÷ 100 = 7.0%,目标不低于7%。", "7 of 100 = 7.0%; target at least 7%."},
		{"nothing", ShareMin([]Portion{{at("a"), nil, v(10)}}, 0.5, data), Unverified, "待核实", nan, "a", "没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}

// Beds per 1,000 elders: 30 + 25 beds for 1,000 elders = 55. Staff per 10,000: 24,996 for ten million = 24.996.
func TestRatioMin(t *testing.T) {
	rows := []Portion{{at("a"), v(30), v(400)}, {at("b"), v(25), v(600)}}
	open := append([]Portion{{at("c"), nil, v(100)}}, rows...)
	check(t, []paper{
		{"pass", RatioMin(rows, 1000, 55, data), Met, "已达标", 55, "a", "55 ÷ 1,000人 × 1,000 = 55,目标每1,000人不低于55。", "55 for 1,000 people × 1,000 = 55; target at least 55 per 1,000 people."},
		{"fail: 60 asks for 60 beds", RatioMin(rows, 1000, 60, data), NotMet, "未达标(差5)", 55, "a", "55 ÷ 1,000人 × 1,000 = 55,目标每1,000人不低于60。", "55 for 1,000 people × 1,000 = 55; target at least 60 per 1,000 people."},
		{"unknown: 55 for 1,100 = 50, c may have 11", RatioMin(open, 1000, 60, data), Unverified, "待核实", 50, "c", "55 ÷ 1,100人 × 1,000 = 50,1个缺资料,目标每1,000人不低于60。", "55 for 1,100 people × 1,000 = 50; 1 without data; target at least 60 per 1,000 people."},
		{"reached without c", RatioMin(open, 1000, 50, data), Met, "已达标", 50, "c", "55 ÷ 1,100人 × 1,000 = 50,1个缺资料,目标每1,000人不低于50。", "55 for 1,100 people × 1,000 = 50; 1 without data; target at least 50 per 1,000 people."},
		{"people unknown", RatioMin(append([]Portion{{at("c"), v(9), nil}}, rows...), 1000, 50, data), Unverified, "待核实", 55, "c", "55 ÷ 1,000人 × 1,000 = 55,1个缺资料,目标每1,000人不低于50。", "55 for 1,000 people × 1,000 = 55; 1 without data; target at least 50 per 1,000 people."},
		{"24.996 is not shown as 25", RatioMin([]Portion{{at("a"), v(24996), v(1e7)}}, 10000, 25, data), NotMet, "未达标(差4)", 24.996, "a", "24,996 ÷ 10,000,000人 × 10,000 = 24.996,目标每10,000人不低于25。", "24,996 for 10,000,000 people × 10,000 = 24.996; target at least 25 per 10,000 people."},
	})
}

// Floor area of stations, at least 350 m² each.
func TestSizeMin(t *testing.T) {
	big, small, unknown := Size{at("a"), v(350)}, Size{at("b"), v(349.999)}, Size{at("c"), nil}
	check(t, []paper{
		{"pass", SizeMin([]Size{big}, 350, nil), Met, "已达标", 1, "a", "1个中1个达到350。", "of 1, 1 reach 350."},
		{"fail", SizeMin([]Size{big, small}, 350, nil), NotMet, "未达标(差1个)", 0.5, "b", "2个中1个达到350。", "of 2, 1 reach 350."},
		{"unknown", SizeMin([]Size{big, unknown}, 350, nil), Unverified, "待核实", 0.5, "c", "2个中1个达到350,1个缺资料。", "of 2, 1 reach 350; 1 without data."},
	})
	if e := SizeMin([]Size{small}, 350, nil).Evidence[0]; e.Text.ZH != "349.999,低于350" {
		t.Error(e.Text.ZH)
	}
}

func TestServedArea(t *testing.T) {
	own, brought := Area{at("a"), yes(), nil}, Area{at("b"), no(), yes()}
	check(t, []paper{
		{"pass: own site or delivery", ServedArea([]Area{own, brought}, v(1)), Met, "已达标", 1, "a", "2个中2个已覆盖。", "of 2, 2 are served."},
		{"fail", ServedArea([]Area{own, {at("c"), no(), no()}}, v(1)), NotMet, "未达标(差1个)", 0.5, "c", "2个中1个已覆盖。", "of 2, 1 are served."},
		{"unknown: delivery not told", ServedArea([]Area{own, {at("c"), no(), nil}}, v(1)), Unverified, "待核实", 0.5, "c", "2个中1个已覆盖,1个缺资料。", "of 2, 1 are served; 1 without data."},
	})
}

func TestIndicator(t *testing.T) {
	yuan := planner.Text{ZH: "元/年", EN: "yuan a year"}
	who := at("a")
	check(t, []paper{
		{"pass", Indicator(who, v(13000), v(13000), nil, yuan, data), Met, "已达标", 13000, "a", "13,000元/年,目标不低于13,000元/年。", "13,000 yuan a year; target at least 13,000 yuan a year."},
		{"fail: 10,632 is 2,368 short", Indicator(who, v(10632), v(13000), nil, yuan, data), NotMet, "未达标(差2,368元/年)", 10632, "a", "10,632元/年,目标不低于13,000元/年。", "10,632 yuan a year; target at least 13,000 yuan a year."},
		{"unknown", Indicator(who, nil, v(13000), nil, yuan, data), Unverified, "待核实", nan, "a", "没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
		{"too much", Indicator(who, v(9), nil, v(8), yuan, data), NotMet, "未达标", 9, "a", "9元/年,目标不高于8元/年。", "9 yuan a year; target at most 8 yuan a year."},
		{"no bound", Indicator(who, v(9), nil, nil, yuan, data), Tracked, "未设定量化目标,仅跟踪", 9, "a", "9元/年,未设定量化目标,仅跟踪。", "9 yuan a year; no quantified target, tracked only."},
	})
}

// A tracked target never passes and never fails.
func TestTrack(t *testing.T) {
	beds := planner.Text{ZH: "张", EN: "beds"}
	check(t, []paper{
		{"some", Track([]Presence{{at("a"), v(12)}, {at("b"), v(30)}}, beds, data), Tracked, "未设定量化目标,仅跟踪", 42, "a", "合计42张,未设定量化目标,仅跟踪。", "42 beds in all; no quantified target, tracked only."},
		{"none", Track([]Presence{{at("a"), v(0)}}, beds, data), Tracked, "未设定量化目标,仅跟踪", 0, "a", "合计0张,未设定量化目标,仅跟踪。", "0 beds in all; no quantified target, tracked only."},
		{"unknown", Track([]Presence{{at("a"), nil}}, beds, data), Unverified, "待核实", nan, "", "没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}
