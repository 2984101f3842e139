package geocode

import (
	"strconv"
	"strings"
)

// Columns are what a batch adds behind the columns of a list, with the names that
// people see; Values fills them.
var Columns = []string{"匹配状态", "匹配级别", "匹配得分", "标准地址", "标准地址编码", "行政区代码", "匹配经度", "匹配纬度", "未用部分", "匹配说明"}

var statusWords = map[Status]string{Matched: "已匹配", Ambiguous: "待确认", Unmatched: "未匹配"}

var levelWords = map[string]string{"province": "省", "prefecture": "市", "county": "县(市、区)", "township": "乡镇(街道)", "village": "村(社区)", "street": "街路巷", "hamlet": "自然村",
	"compound": "小区", "plate": "门牌", "building": "幢"}

// Values gives the cells of Columns. Candidates of an ambiguous text stand in the last.
func (a *Answer) Values() []string {
	out := make([]string, len(Columns))
	out[0], out[8] = statusWords[a.Status], a.Rest
	if p := a.Place; p != nil {
		out[1], out[2], out[3], out[4], out[5] = levelWords[string(p.Level)], strconv.FormatFloat(p.Score, 'f', 2, 64), p.Text, p.Address, string(p.Code)
		if p.Point != nil {
			out[6], out[7] = strconv.FormatFloat(p.Point[0], 'f', 7, 64), strconv.FormatFloat(p.Point[1], 'f', 7, 64)
		}
	}
	var why []string
	for _, r := range a.Reasons {
		why = append(why, r.ZH)
	}
	for _, c := range a.Candidates {
		why = append(why, "可能:"+c.Text)
	}
	out[9] = strings.Join(why, ";")
	return out
}

// addressHeadings are the names that lists give to the column to be read, the best first.
var addressHeadings = strings.Fields("原始地址 详细地址 地址 标准地址 地址全称 住址 家庭住址 居住地址 机构地址 单位地址 通讯地址 坐落 位置 address addr full_text")

// AddressColumn finds the column of a header that holds the addresses, −1 without one.
func AddressColumn(header []string) int {
	for _, name := range addressHeadings {
		for i, h := range header {
			if strings.EqualFold(strings.TrimSpace(h), name) {
				return i
			}
		}
	}
	for i, h := range header {
		if strings.Contains(h, "地址") && !strings.Contains(h, "编码") && !strings.Contains(h, "代码") {
			return i
		}
	}
	return -1
}
