package geocode

import (
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
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

// NoValues fills Columns for a row that could not be asked.
func NoValues(why string) []string {
	out := make([]string, len(Columns))
	out[0], out[len(out)-1] = statusWords[Unmatched], why
	return out
}

// HereColumns are what a batch of points adds.
var HereColumns = []string{"匹配状态", "距离(米)", "标准地址", "标准地址编码", "省", "市", "县(市、区)", "乡镇(街道)", "村(社区)", "村(社区)代码", "匹配说明"}

// Values gives the cells of HereColumns.
func (h *Here) Values() []string {
	out := NoHere("附近没有标准地址")
	if h.Nearest != nil {
		out[0], out[1], out[2], out[3], out[10] = statusWords[Matched], strconv.FormatFloat(h.Metres, 'f', 1, 64), h.Nearest.Text, h.Nearest.Address, ""
	}
	for _, d := range h.Divisions {
		if l := planner.ParseLevel(d.Level); l != 0 {
			out[3+int(l)] = d.Name
			if l == planner.Village {
				out[9] = string(d.Code)
			}
		}
	}
	return out
}

// NoHere fills HereColumns for a row without a point.
func NoHere(why string) []string {
	out := make([]string, len(HereColumns))
	out[0], out[len(out)-1] = statusWords[Unmatched], why
	return out
}

// PointColumns finds the columns of longitude (or easting) and latitude (or northing), −1 without them.
func PointColumns(header []string) (x, y int) {
	find := func(names string) int {
		for _, name := range strings.Fields(names) {
			for i, h := range header {
				if strings.EqualFold(strings.TrimSpace(h), name) {
					return i
				}
			}
		}
		return -1
	}
	return find("经度 lon lng longitude 东坐标 x"), find("纬度 lat latitude 北坐标 y")
}

// LevelName gives the Chinese name of a level that an answer has.
func LevelName(l address.Level) string { return levelWords[string(l)] }
