package rule

import (
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

func TestDocumentExists(t *testing.T) {
	done := Document{at("a"), yes(), "甬政发〔2022〕1号"}
	check(t, []paper{
		{"pass", DocumentExists([]Document{done}), Met, "已达标", 1, "a", "1个中1个已编制。", "of 1, 1 have it."},
		{"fail", DocumentExists([]Document{done, {at("b"), no(), ""}}), NotMet, "未达标(差1个)", 0.5, "b", "2个中1个已编制。", "of 2, 1 have it."},
		{"unknown", DocumentExists([]Document{done, {at("b"), nil, ""}}), Unverified, "待核实", 0.5, "b", "2个中1个已编制,1个缺资料。", "of 2, 1 have it; 1 without data."},
		{"without a number", DocumentExists([]Document{{at("b"), yes(), ""}}), Unverified, "待核实", nan, "b", "1个中0个已编制,1个缺资料。", "of 1, 0 have it; 1 without data."},
	})
}

// Town a: the child-protection station is in the social-work station (site 7); town b: on site 9, the hub on 8.
func TestCoLocated(t *testing.T) {
	in := Hosting{at("a"), []Service{{at("hub"), "7"}}, []Service{{at("guest"), "7"}}}
	apart := Hosting{at("b"), []Service{{at("hub"), "8"}}, []Service{{at("guest"), "9"}}}
	unsure := Hosting{at("c"), []Service{{at("hub"), "8"}}, []Service{{at("guest"), ""}}}
	noHub := Hosting{at("d"), nil, []Service{{at("guest"), ""}}}
	none := Hosting{at("e"), []Service{{at("hub"), "8"}}, nil}
	check(t, []paper{
		{"pass; e has nothing to bring in", CoLocated([]Hosting{in, none}, true), Met, "已达标", 1, "a", "1个中1个同址。", "of 1, 1 on one site."},
		{"fail", CoLocated([]Hosting{in, apart}, true), NotMet, "未达标(差1个)", 0.5, "b", "2个中1个同址。", "of 2, 1 on one site."},
		{"unknown", CoLocated([]Hosting{in, unsure}, true), Unverified, "待核实", 0.5, "c", "2个中1个同址,1个缺资料。", "of 2, 1 on one site; 1 without data."},
		{"no hub to move into", CoLocated([]Hosting{noHub}, true), NotMet, "未达标(差1个)", 0, "d", "1个中0个同址。", "of 1, 0 on one site."},
		{"platforms on two sites", CoLocated([]Hosting{{at("a"), nil, []Service{{at("x"), "1"}, {at("y"), "2"}}}}, false), NotMet, "未达标(差1个)", 0, "a", "1个中0个同址。", "of 1, 0 on one site."},
		{"platforms on one; a single one needs none", CoLocated([]Hosting{{at("a"), nil, []Service{{at("x"), "1"}, {at("y"), "1"}}}, {at("b"), nil, []Service{{at("x"), ""}}}}, false), Met, "已达标", 1, "a", "1个中1个同址。", "of 1, 1 on one site."},
		{"platforms, one unknown", CoLocated([]Hosting{{at("a"), nil, []Service{{at("x"), "1"}, {at("y"), ""}}}}, false), Unverified, "待核实", nan, "a", "1个中0个同址,1个缺资料。", "of 1, 0 on one site; 1 without data."},
	})
	if e := CoLocated([]Hosting{apart}, true).Evidence[0]; e.Text.ZH != "单独设置,应整合归并:guest镇" {
		t.Error(e.Text.ZH)
	}
}

// A site 301 m from the water is clear of 300 m; one at 300 m is not; 0 m from a park is inside it.
func TestSiteExclusion(t *testing.T) {
	classes := []Excluded{{"water", planner.Text{ZH: "水库", EN: "reservoirs"}, 300}, {"park", planner.Text{ZH: "公园", EN: "parks"}, 0}}
	clear := Sited{at("a"), map[string]float64{"water": 301, "park": 1}}
	near := Sited{at("b"), map[string]float64{"water": 300, "park": 0}}
	unsure := Sited{at("c"), map[string]float64{"water": 900}}
	check(t, []paper{
		{"pass", SiteExclusion([]Sited{clear}, classes), Met, "已达标", 1, "a", "1个中1个避开禁区。", "of 1, 1 are clear of excluded land."},
		{"fail", SiteExclusion([]Sited{clear, near}, classes), NotMet, "未达标(差1个)", 0.5, "b", "2个中1个避开禁区。", "of 2, 1 are clear of excluded land."},
		{"unknown", SiteExclusion([]Sited{clear, unsure}, classes), Unverified, "待核实", 0.5, "c", "2个中1个避开禁区,1个缺资料。", "of 2, 1 are clear of excluded land; 1 without data."},
	})
	if e := SiteExclusion([]Sited{near}, classes).Evidence[0]; e.Text.ZH != "距水库300米,应大于300米,距公园0米,应大于0米。" {
		t.Error(e.Text.ZH)
	}
}

// 40% inside against 50% elsewhere: a fifth behind. 30 against 20: half ahead.
func TestGroupGap(t *testing.T) {
	behind := Compared{Subject{"EL-07", "养老服务圈(26县)"}, v(0.4), v(0.5)}
	ahead := Compared{Subject{"EL-04", "护理员(26县)"}, v(30), v(20)}
	open := Compared{Subject{"GV-05", "社工站(26县)"}, nil, v(1)}
	largest := "差距最大的是养老服务圈(26县):区内0.4,其他地区0.5,为其他地区的80.0%,"
	biggest := "the largest gap: 养老服务圈(26县), 0.4 inside, 0.5 elsewhere: 80.0% of it; "
	check(t, []paper{
		{"pass", GroupGap([]Compared{behind, ahead}, v(0.2), data), Met, "已达标", 0.2, "EL-04", largest + "允许差距不超过20%。", biggest + "allowed gap at most 20%."},
		{"fail", GroupGap([]Compared{behind, ahead}, v(0.1), data), NotMet, "未达标", 0.2, "EL-07", largest + "允许差距不超过10%。", biggest + "allowed gap at most 10%."},
		{"unknown", GroupGap([]Compared{behind, open}, v(0.2), data), Unverified, "待核实", 0.2, "GV-05", largest + "1个缺资料,允许差距不超过20%。", biggest + "1 without data; allowed gap at most 20%."},
		{"tracked", GroupGap([]Compared{behind, ahead}, nil, data), Tracked, "未设定量化目标,仅跟踪", 0.2, "EL-04", largest + "未设定量化目标,仅跟踪。", biggest + "no quantified target, tracked only."},
		{"nothing known", GroupGap([]Compared{open}, nil, data), Unverified, "待核实", nan, "GV-05", "没有资料,待核实:需要名单。", "No data, to be verified: needs the list."},
	})
}
