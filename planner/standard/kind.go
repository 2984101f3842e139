package standard

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Kind is one rule kind with the parameters that it takes.
type Kind struct {
	ID       string
	Name     planner.Text
	Requires []string // a|b = one of the two
	Allows   []string
}

// Kinds are the rule kinds; planner/standard/rule judges them.
var Kinds = []Kind{
	{"access_time", planner.Text{ZH: "按时间可达", EN: "reached in time"},
		[]string{"services", "minutes", "profile", "group"}, []string{"basis", "threshold"}},
	{"access_distance", planner.Text{ZH: "按直线距离可达", EN: "reached by straight distance"},
		[]string{"services", "metres", "group"}, []string{"basis", "threshold"}},
	{"present_in_each", planner.Text{ZH: "每个单元至少一处", EN: "at least one in each unit"},
		[]string{"services|ledger"}, []string{"having", "group", "threshold"}},
	{"count_min", planner.Text{ZH: "数量不少于", EN: "count at least"},
		[]string{"services|ledger", "least"}, []string{"having"}},
	{"share_min", planner.Text{ZH: "占比不低于", EN: "share at least"},
		[]string{"part", "whole", "threshold"}, []string{"services"}},
	{"ratio_min", planner.Text{ZH: "每若干人拥有数不低于", EN: "ratio per people at least"},
		[]string{"part", "per", "group", "basis", "least"}, []string{"services"}},
	{"size_min", planner.Text{ZH: "每处规模不低于", EN: "size of each at least"},
		[]string{"services", "measure", "least"}, []string{"threshold"}},
	{"served_area", planner.Text{ZH: "服务范围覆盖", EN: "inside a service area"},
		[]string{"services", "ledger"}, []string{"threshold"}},
	{"co_located", planner.Text{ZH: "同址设置", EN: "on one site"},
		[]string{"services"}, []string{"hub"}},
	{"document_exists", planner.Text{ZH: "文件已编制", EN: "document exists"},
		[]string{"ledger"}, []string{"group", "basis"}},
	{"site_exclusion", planner.Text{ZH: "选址避让", EN: "site outside excluded land"},
		[]string{"services", "exclusions"}, nil},
	{"group_gap", planner.Text{ZH: "地区差距", EN: "gap between areas"},
		[]string{"areas", "of"}, []string{"most"}},
	{"indicator", planner.Text{ZH: "台账指标", EN: "indicator from a ledger"},
		[]string{"ledger", "measured_in"}, []string{"least", "most"}},
	{"tracked_only", planner.Text{ZH: "仅跟踪", EN: "tracked only"},
		nil, []string{"services", "ledger", "measured_in"}},
}

// takes lists every parameter of a kind.
func (k Kind) takes() []string {
	all := slices.Clone(k.Allows)
	for _, need := range k.Requires {
		all = append(all, strings.Split(need, "|")...)
	}
	return all
}

// KindByID finds a kind.
func KindByID(id string) (Kind, bool) {
	for _, k := range Kinds {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}
