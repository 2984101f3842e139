package ingest

import (
	"regexp"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// Figures that offices keep (台账) come as three lists: people in posts, documents
// with their numbers, and everything else. All are figures of a unit or facility.

var figureColumns = []column{{"subject", "text"}, {"name", "text"}, {"value", "double precision"}, {"note", "text"}, {"valid_from", "date"}, {"valid_until", "date"}}

func subjectField() field {
	return field{"subject", "单位或设施代码", true, []string{"行政区代码", "区划代码", "行政区划代码", "单位代码", "设施编号", "设施代码", "机构编号", "代码", "unitcode", "unit", "facilityid", "code", "id"}}
}

var (
	figureFrom  = field{"valid_from", "数据日期", false, []string{"生效日期", "截至日期", "统计日期", "批复日期", "日期", "date"}}
	figureUntil = field{"valid_until", "失效日期", false, []string{"终止日期"}}
	figureNote  = field{"note", "说明", false, []string{"备注", "文号", "批复文号", "依据", "document"}}
)

var staff = kind{
	name: "staff", table: "figure", shape: nowhere, common: true, columns: figureColumns,
	fields: []field{subjectField(), {"name", "人员类别", true, []string{"岗位", "岗位类别", "人员类型", "指标", "post"}}, {"value", "人数", true, []string{"人员数", "数量", "people", "count"}}, figureNote, figureFrom, figureUntil},
	read:   func(c *cells) record { return c.figure(c.need("name"), c.figureValue()) },
}

var documents = kind{
	name: "documents", table: "figure", shape: nowhere, common: true, columns: figureColumns,
	fields: []field{subjectField(), {"name", "文件类别", true, []string{"文件", "规划", "类别", "指标", "kind"}}, {"note", "文号", false, []string{"批复文号", "文件号", "number"}}, {"value", "是否编制", false, []string{"是否完成", "是否"}}, figureFrom, figureUntil},
	read: func(c *cells) record {
		has := 0.0
		if c.truth("value", true) {
			has = 1
		}
		return c.figure(c.need("name"), has)
	},
}

var indicators = kind{
	name: "indicators", table: "figure", shape: nowhere, common: true, columns: figureColumns,
	fields: []field{subjectField(), {"name", "指标", true, []string{"指标名称", "指标代码", "项目", "indicator", "key"}}, {"value", "数值", true, []string{"指标值", "值", "数量", "是否"}}, figureNote, figureFrom, figureUntil},
	read:   func(c *cells) record { return c.figure(c.need("name"), c.figureValue()) },
}

// figureName is how standards name figures; planner.Figures has the Chinese names of ours.
var figureName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (c *cells) figure(named string, value float64) record {
	name, ok := lookup(planner.Figures, nil, named)
	if name = strings.TrimSpace(name); !ok {
		if name = strings.ToLower(strings.TrimSpace(named)); !figureName.MatchString(name) {
			c.fail("指标「%s」无法识别:请写标准文件中的台账键(小写字母、数字和下划线)或其中文名", "figure %q is unknown: write a ledger key of the standards file (small letters, digits, underscores) or its Chinese name", named)
		}
	}
	subject := digits(c.need("subject"))
	if code, err := planner.ParseCode(subject); err == nil {
		subject = string(code)
	}
	from, until := c.span()
	return record{key: subject + "|" + name + dayKey(from), values: []any{subject, name, value, c.optional("note"), from, until}}
}

// figureValue is a number, or 是 and 否 as 1 and 0. None is below zero.
func (c *cells) figureValue() float64 {
	text := strings.NewReplacer(",", "", "，", "", "%", "").Replace(c.need("value"))
	if yes, ok := yesNo[strings.ToLower(text)]; ok {
		if yes {
			return 1
		}
		return 0
	}
	v, ok := c.parse("value", text)
	if ok && v < 0 {
		c.fail("数值「%s」不能为负", "value %q must not be negative", text)
	}
	return v
}

// areaKinds are the ways in which a service is brought.
var areaKinds = []planner.Word{
	{ID: "door", Name: planner.Text{ZH: "上门服务", EN: "service at the door"}},
	{ID: "delivery", Name: planner.Text{ZH: "送餐", EN: "meal delivery"}},
}

var areas = kind{
	name: "areas", table: "served_area", shape: onArea,
	fields: []field{
		{"id", "编号", false, []string{"编码", "路线编号", "key", "fid"}},
		{"facility_id", "设施编号", true, []string{"设施编码", "机构编号", "服务机构编号", "facility"}},
		{"kind", "方式", true, []string{"服务方式", "类别", "类型", "type"}},
		{"services", "服务类型", false, []string{"服务内容", "service"}},
		unitField("unit_code", false),
		{"hamlet", "自然村", false, []string{"自然村名称"}},
		{"valid_from", "开始日期", false, []string{"起始日期", "生效日期"}},
		{"valid_until", "结束日期", false, []string{"终止日期", "失效日期"}},
	},
	columns: []column{{"facility_id", "text"}, {"kind", "text"}, {"services", "text[]"}, {"unit_code", "text"}, {"hamlet", "text"}, {"valid_from", "date"}, {"valid_until", "date"}},
	read: func(c *cells) record {
		kind := c.word("kind", areaKinds, map[string]string{"上门": "door", "居家上门": "door", "配送餐": "delivery", "助餐配送": "delivery", "配送": "delivery"})
		var services []string
		if c.text("services") != "" {
			services = c.services()
		}
		facility, unit, hamlet := digits(c.need("facility_id")), c.optionalCode("unit_code"), c.optional("hamlet")
		g := c.geometry()
		if unit == nil && g == nil {
			c.fail("服务范围须写行政区代码或给出范围面", "a served area needs a unit code or an outline")
		}
		from, until := c.span()
		r := record{key: digits(c.text("id")), values: []any{facility, kind, services, unit, hamlet, from, until}, geom: g}
		if r.key == "" {
			r.key = facility + "|" + kind
			for _, part := range []*string{unit, hamlet} {
				if part != nil {
					r.key += "|" + *part
				}
			}
			if g != nil {
				r.key += "|" + geometryKey(g)
			}
		}
		return r
	},
}

// span reads from when and until when a row holds.
func (c *cells) span() (from, until *time.Time) {
	from, until = c.date("valid_from"), c.date("valid_until")
	if from != nil && until != nil && until.Before(*from) {
		c.fail("截止日期早于开始日期", "it ends before it begins")
	}
	return from, until
}

// dayKey tells rows of one thing apart by the day from which they hold.
func dayKey(from *time.Time) string {
	if from == nil {
		return ""
	}
	return "|" + from.Format(time.DateOnly)
}

// occupancy is the share of a dwelling that is lived in: 0 to 1, 0 % to 100 %, or a word.
func (c *cells) occupancy() *float32 {
	text := c.text("occupancy")
	if c.cell("occupancy") == "无" {
		text = "无"
	}
	var share float64
	switch text {
	case "":
		return nil
	case "空置", "空关", "已搬迁", "搬迁", "无人居住", "否", "无":
	case "常住", "有人居住", "居住", "是", "有":
		share = 1
	default:
		number, percent := strings.CutSuffix(text, "%")
		v, ok := c.parse("occupancy", number)
		if percent {
			v /= 100
		}
		if ok && (v < 0 || v > 1) {
			c.fail("居住系数「%s」应在0到1之间", "occupancy %q must be from 0 to 1", text)
		}
		share = v
	}
	small := float32(share)
	return &small
}
