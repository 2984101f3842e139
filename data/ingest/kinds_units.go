package ingest

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

var urbanRural = []string{"111", "112", "121", "122", "123", "210", "220"}

// Units come with codes, or as villages by name below a township: what such a village's code is,
// the database tells (villages.go).
var units = kind{
	name: "units", table: "unit", shape: onArea, common: true, keyless: true,
	fields: []field{
		{"code", "区划代码", false, []string{"行政区代码", "行政区划代码", "统计用区划代码", "代码", "unitcode", "adcode", "xzqdm", "zldwdm"}},
		{"name", "名称", true, []string{"单元名称", "行政区名称", "区划名称", "村名", "村名称", "村社区", "村社区名称", "village", "xzqmc", "zldwmc", "unitname"}},
		{"level", "级别", false, []string{"层级", "行政级别"}},
		{"parent_code", "上级代码", false, []string{"父级代码", "上级区划代码", "parent"}},
		{"reporting_parent", "统计归口代码", false, []string{"归口代码", "报送单位代码"}},
		{"class", "城乡分类", false, []string{"城乡分类代码", "城乡属性"}},
		{"is_island", "是否海岛", false, []string{"海岛", "island"}},
		{"valid_from", "设立日期", false, []string{"设立年份", "生效日期"}},
		{"valid_until", "撤销日期", false, []string{"废止日期", "废止年份", "撤并日期"}},
		{"town_code", "乡镇代码", false, []string{"乡镇街道代码", "所属乡镇代码", "towncode", "towncodematched", "streetcode"}},
		{"county_code", "县代码", false, []string{"区县代码", "县区代码", "countycode", "areacode"}},
		{"town", "乡镇", false, []string{"乡镇街道", "所属乡镇", "镇街", "街道", "township", "street"}},
		{"county", "县", false, []string{"区县", "县区", "县市区", "county", "district"}},
		{"prefecture", "市", false, []string{"设区市", "地市", "prefecture", "city"}},
		lonField, latField,
	},
	columns: []column{{"name", "text"}, {"level", "smallint"}, {"parent_code", "text"}, {"reporting_parent", "text"}, {"class", "text"}, {"is_island", "boolean"}, {"valid_from", "date"}, {"valid_until", "date"}},
	hints:   []column{{"town_code", "text"}, {"county_code", "text"}, {"town", "text"}, {"county", "text"}, {"prefecture", "text"}},
	read: func(c *cells) record {
		code, level := c.code("code", false), planner.Village
		if code != "" {
			level = code.Level()
		}
		if c.text("level") != "" {
			stated := planner.ParseLevel(c.word("level", planner.Levels, levelWords))
			if c.wrong == nil && stated != level {
				c.fail("级别「%s」与代码 %s(%v)不符", "level %q does not agree with code %s (%v)", c.text("level"), code, level)
			}
		}
		if what := code.Malformed(); what.ZH != "" {
			c.fail("区划代码 %[1]s %[2]s", "code %[1]s: %[3]s", code, what.ZH, what.EN)
		}
		parent := c.optionalCode("parent_code")
		if parent == nil && code != "" && code.Parent() != "" {
			p := string(code.Parent())
			parent = &p
		}
		if code == "" {
			if parent == nil && c.text("town_code") == "" && c.text("town") == "" {
				c.fail("没有区划代码,也没有所属乡镇", "it has neither a code nor a township")
			}
		}
		class := c.optional("class")
		if class != nil && !slices.Contains(urbanRural, *class) {
			c.fail("城乡分类「%s」应为111、112、121、122、123、210或220", "class %q must be 111, 112, 121, 122, 123, 210 or 220", *class)
		}
		from, until := c.span()
		name := c.need("name")
		if level == planner.Village && strings.HasSuffix(name, "委会") {
			c.remark("「%s」宜写作「%s」", "%q should be written %q", name, planner.VillageName(name))
		}
		town := c.optionalCode("town_code")
		if town == nil {
			town = parent
		}
		return record{
			string(code), []any{name, int16(level), parent, c.optionalCode("reporting_parent"), class, c.truth("is_island", false), from, until}, c.geometry(),
			[]any{town, c.optionalCode("county_code"), c.optional("town"), c.optional("county"), c.optional("prefecture")},
		}
	},
}

// changeKinds are what can become of a unit.
var changeKinds = []planner.Word{
	{ID: "renamed", Name: planner.Text{ZH: "更名", EN: "renamed"}}, {ID: "recoded", Name: planner.Text{ZH: "代码变更", EN: "got another code"}},
	{ID: "merged", Name: planner.Text{ZH: "并入", EN: "merged into another"}}, {ID: "split", Name: planner.Text{ZH: "析置", EN: "a part became another"}},
	{ID: "abolished", Name: planner.Text{ZH: "撤销", EN: "abolished"}},
}

var changes = kind{
	name: "changes", table: "unit_change", shape: nowhere, common: true,
	fields: []field{
		{"changed_on", "变更日期", true, []string{"日期", "生效日期", "date"}},
		{"change", "变更类型", false, []string{"类型", "变更情况", "kind"}},
		{"old_code", "原代码", true, []string{"旧代码", "变更前代码", "oldcode"}},
		{"old_name", "原名称", false, []string{"旧名称", "变更前名称", "oldname"}},
		{"new_code", "现代码", false, []string{"新代码", "变更后代码", "newcode"}},
		{"new_name", "现名称", false, []string{"新名称", "变更后名称", "newname"}},
		{"document", "批准文号", false, []string{"依据", "文号", "批准"}},
	},
	columns: []column{{"changed_on", "date"}, {"change", "text"}, {"old_code", "text"}, {"old_name", "text"}, {"new_code", "text"}, {"new_name", "text"}, {"document", "text"}},
	read: func(c *cells) record {
		c.need("changed_on")
		on, old, next := c.date("changed_on"), c.code("old_code", true), c.optionalCode("new_code")
		what, to := "merged", ""
		switch {
		case c.text("change") != "":
			what = c.word("change", changeKinds, map[string]string{"改名": "renamed", "重编": "recoded", "撤县设区": "recoded", "撤县设市": "recoded", "合并": "merged", "撤并": "merged", "拆分": "split", "析出": "split"})
		case next == nil:
			what = "abolished"
		case *next == string(old):
			what = "renamed"
		}
		if next != nil {
			to = *next
		} else if what != "abolished" {
			c.need("new_code")
		}
		return record{key: strings.TrimPrefix(dayKey(on), "|") + "|" + string(old) + "|" + to, values: []any{on, what, string(old), c.optional("old_name"), next, c.optional("new_name"), c.optional("document")}}
	},
}

// Lists name the units of special areas (mountain counties, islands) and the days between which they are on it.
var lists = kind{
	name: "lists", table: "unit_list", shape: nowhere, common: true,
	fields: []field{
		{"list", "名单", true, []string{"名单编号", "区域", "类别", "area"}},
		{"title", "名单名称", false, []string{"区域名称"}},
		unitField("unit_code", true),
		{"valid_from", "起始日期", false, []string{"列入日期", "生效日期", "from"}},
		{"valid_until", "截止日期", false, []string{"退出日期", "失效日期", "until"}},
		{"document", "依据文号", false, []string{"依据", "文号", "来源", "source"}},
	},
	columns: []column{{"list", "text"}, {"title", "text"}, {"unit_code", "text"}, {"valid_from", "date"}, {"valid_until", "date"}, {"document", "text"}},
	read: func(c *cells) record {
		from, until := c.span()
		code, list := c.code("unit_code", true), c.need("list")
		return record{key: list + "|" + string(code) + dayKey(from), values: []any{list, c.optional("title"), string(code), from, until, c.optional("document")}}
	},
}
