package ingest

import (
	"encoding/hex"
	"math"
	"slices"

	"crypto/sha256"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/planner"
)

const maxCount = math.MaxInt32

var facilities = kind{
	name: "facilities", table: "facility", shape: onPoint,
	fields: []field{
		{"id", "设施编号", false, []string{"设施编码", "机构编号", "机构编码", "统一社会信用代码", "编号", "编码", "key", "fid"}},
		{"name", "设施名称", true, []string{"机构名称", "名称", "单位名称"}},
		{"site_id", "场所编号", false, []string{"场所编码", "site"}},
		{"services", "服务类型", true, []string{"设施类型", "服务类别", "机构类型", "类型", "service", "type"}},
		unitField("unit_code", false),
		{"address", "详细地址", false, []string{"地址", "设施地址", "机构地址"}},
		{"status", "运营状态", false, []string{"状态", "运行状态", "使用状态"}},
		{"weekly_open_days", "每周开放天数", false, []string{"开放天数", "周开放天数", "opendays"}},
		{"opened", "启用日期", false, []string{"开业日期", "成立日期", "投用日期", "投入使用日期", "启用时间"}},
		{"closed", "停用日期", false, []string{"撤销日期", "关闭日期", "停用时间"}},
		{"beds", "床位数", false, []string{"床位", "总床位数", "核定床位数"}},
		{"nursing_beds", "护理型床位数", false, []string{"护理床位数", "护理型床位", "护理床位"}},
		{"capacity_left", "剩余容量", false, []string{"剩余穴位数", "剩余床位数", "余量"}},
		lonField, latField,
	},
	columns: []column{
		{"name", "text"}, {"site_id", "text"}, {"services", "text[]"}, {"unit_code", "text"}, {"address", "text"}, {"status", "text"}, {"weekly_open_days", "smallint"},
		{"opened", "date"}, {"closed", "date"}, {"beds", "integer"}, {"nursing_beds", "integer"}, {"capacity_left", "integer"},
	},
	hints: []column{{"alike", "bigint"}},
	read: func(c *cells) record {
		status := "operating"
		if c.text("status") != "" {
			status = c.word("status", planner.Statuses, statusWords)
		}
		var days *int16
		if d := c.whole("weekly_open_days", 0, 7); d != nil {
			small := int16(*d)
			days = &small
		}
		opened, closed := c.date("opened"), c.date("closed")
		if opened != nil && closed != nil && closed.Before(*opened) {
			c.fail("停用日期早于启用日期", "closed before it opened")
		}
		beds, nursing := c.whole("beds", 0, maxCount), c.whole("nursing_beds", 0, maxCount)
		if beds != nil && nursing != nil && *nursing > *beds {
			c.fail("护理型床位数(%d)多于床位数(%d)", "more nursing beds (%d) than beds (%d)", *nursing, *beds)
		}
		unit, id := c.optionalCode("unit_code"), digits(c.text("id"))
		if id == "" { // many lists have no numbers: the name in its unit tells a facility from the others
			if id = c.need("name"); unit != nil {
				id += "@" + *unit
			}
		}
		alike := ""
		if unit != nil {
			alike = c.text("name") + "@" + *unit
		}
		return record{id, []any{
			c.need("name"), c.optional("site_id"), c.services(), unit, c.optional("address"), status, days,
			opened, closed, beds, nursing, c.whole("capacity_left", 0, maxCount),
		}, c.geometry(), []any{alikeHash(alike)}}
	},
}

// services reads one or several names or ids of services.
func (c *cells) services() []string {
	var ids []string
	for _, s := range list(c.need("services")) {
		id, ok := lookup(planner.Services, serviceWords, s)
		if !ok {
			zh, en := names(planner.Services)
			c.fail("服务类型「%[1]s」无法识别;可用:%[2]s", "service %[1]q is unknown; there are %[3]s", s, zh, en)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

var population = kind{
	name: "population", table: "population", shape: onPoint, common: true,
	fields: []field{
		{"unit_code", "行政区代码", true, []string{"区划代码", "行政区划代码", "所在行政区代码", "村社区代码", "code", "unit", "格网编号", "cell", "hexid", "h3", "id"}},
		{"basis", "人口口径", true, []string{"口径", "populationbasis"}},
		{"group", "年龄组", true, []string{"年龄段", "人群", "agegroup", "age"}},
		{"people", "人数", true, []string{"人口数", "人口", "population", "count", "pop"}},
		{"counted_on", "截至日期", false, []string{"截止日期", "统计日期", "日期", "date"}},
		{"hamlet", "自然村", false, []string{"自然村名称", "自然村组"}},
		lonField, latField,
	},
	columns: []column{{"unit_code", "text"}, {"basis", "text"}, {"age_group", "text"}, {"people", "integer"}, {"counted_on", "date"}, {"hamlet", "text"}},
	read: func(c *cells) record {
		geom := c.geometry()
		// A grid cell is no unit: it has a name of its own and must say where it is.
		unit, hamlet, key := c.need("unit_code"), c.optional("hamlet"), ""
		if hamlet != nil {
			key = "|" + *hamlet
		}
		if geom == nil || hamlet != nil {
			unit = string(c.code("unit_code", true))
		} else if code, err := planner.ParseCode(digits(unit)); err == nil {
			unit = string(code)
		}
		basis := c.word("basis", planner.Bases, basisWords)
		group, ok := ageGroup(c.need("group"))
		if !ok {
			zh, en := names(planner.Groups)
			c.fail("年龄组「%[1]s」无法识别;可用:%[2]s", "group %[1]q is unknown; there are %[3]s", c.text("group"), zh, en)
		}
		people := int32(0)
		if n := c.whole("people", 0, maxCount); n != nil {
			people = *n
		} else {
			c.need("people")
		}
		return record{key: unit + "|" + basis + "|" + group + key, values: []any{unit, basis, group, people, c.date("counted_on"), hamlet}, geom: geom}
	},
}

var flags = kind{
	name: "flags", table: "flag", shape: nowhere, common: true,
	fields: []field{
		unitField("unit_code", true),
		{"flag", "标识", true, []string{"标记", "清单", "事项"}},
		{"value", "是否", false, []string{"值", "是否列入"}},
		{"document", "依据文号", false, []string{"依据", "文号", "文件"}},
		{"valid_from", "生效日期", false, []string{"起始日期", "确认日期"}},
		{"valid_until", "失效日期", false, []string{"截止日期", "退出日期"}},
	},
	columns: []column{{"unit_code", "text"}, {"flag", "text"}, {"value", "boolean"}, {"document", "text"}, {"valid_from", "date"}, {"valid_until", "date"}},
	read: func(c *cells) record {
		unit, flag := string(c.code("unit_code", true)), c.word("flag", planner.Flags, map[string]string{"儿童之家": "child_home_required", "助餐": "meal_demand"})
		from, until := c.span()
		return record{key: unit + "|" + flag + dayKey(from), values: []any{unit, flag, c.truth("value", true), c.optional("document"), from, until}}
	},
}

// geometryKey names a row that has no id by its geometry.
func geometryKey(g orb.Geometry) string {
	b, err := wkb.Marshal(g)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
