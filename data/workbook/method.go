package workbook

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner/run"
)

// Source is where figures come from, where nothing more is known.
const Source = "民政标准地名地址库、民政服务设施台账、常住和户籍人口、路网"

// Method is the foot's line of 口径: the plan and the assumptions that differ from its defaults.
func Method(s *run.Summary) string {
	if s == nil {
		return ""
	}
	text := "依据" + s.Plan.Title.ZH + "(" + s.Plan.Document + ");常住60岁以上为主,户籍并列;在运营且每周至少开放一天的设施计入;沿路网步行;评估日" + s.AsOf
	var set []string
	for name, value := range s.Set {
		set = append(set, name+"="+value)
	}
	if slices.Sort(set); len(set) > 0 {
		text += ";本次调整:" + strings.Join(set, "、")
	}
	return text + "。"
}
