package ingest

import (
	"encoding/json"
	"strings"
)

// censusFields are those of the place-name census record (第二次全国地名普查登记表) that have no column of
// their own; they are kept under their titles. Who filled the record in is left out: no names of people.
var censusFields = []string{
	"简称", "图上名称", "图号", "比例尺", "地名读音", "通名罗马字母拼写", "民族文字", "语种", "使用时间", "命名时间", "密级", "设立年份", "废止年份", "标牌个数", "高程", "坐标系", "测量方法",
	"多媒体信息", "其他信息", "资料来源及出处", "备注", "登记时间", "登记单位", "所在跨行政区",
}

var places = kind{
	name: "places", table: "place", shape: onPoint,
	fields: append([]field{
		{"id", "地名编码", true, []string{"地名代码", "编码", "代码", "编号", "key", "code"}},
		{"name", "标准名称", true, []string{"名称", "地名"}},
		{"romanisation", "罗马字母拼写", false, []string{"罗马字母", "罗马字母拼音", "拼音", "汉语拼音", "pinyin"}},
		{"aliases", "别名", false, []string{"俗称", "alias"}},
		{"old_names", "曾用名", false, []string{"历史地名", "旧名", "oldnames"}},
		{"class", "地名类别", false, []string{"类别", "类别名称", "地名分类", "type"}},
		unitField("unit_code", false),
		{"meaning", "地名含义", false, []string{"含义", "地名来历"}},
		{"history", "历史沿革", false, []string{"沿革"}},
		{"description", "地理实体描述", false, []string{"实体描述"}},
		lonField, latField,
	}, titled(censusFields)...),
	columns: []column{{"name", "text"}, {"romanisation", "text"}, {"aliases", "text[]"}, {"old_names", "text[]"}, {"class", "text"}, {"unit_code", "text"}, {"meaning", "text"}, {"history", "text"}, {"description", "text"}, {"record", "json"}},
	hints:   []column{{"alike", "bigint"}},
	read: func(c *cells) record {
		unit, name, class := c.optionalCode("unit_code"), c.need("name"), c.optional("class")
		alike := ""
		if unit != nil {
			alike = name + "@" + *unit
			if class != nil {
				alike += *class
			}
		}
		return record{digits(c.need("id")), []any{
			name, c.optional("romanisation"), list(c.text("aliases")), list(c.text("old_names")), class, unit,
			c.optional("meaning"), c.optional("history"), c.optional("description"), c.record(censusFields),
		}, c.geometry(), []any{alikeHash(alike)}}
	},
}

func titled(names []string) []field {
	fields := make([]field, len(names))
	for i, n := range names {
		fields[i] = field{n, n, false, nil}
	}
	return fields
}

// record is the fields that are there as a JSON object; nil for none.
func (c *cells) record(names []string) *string {
	all := map[string]string{}
	for _, n := range names {
		if s := c.text(n); s != "" {
			all[n] = s
		}
	}
	if len(all) == 0 {
		return nil
	}
	b, _ := json.Marshal(all) // strings always marshal
	s := string(b)
	return &s
}

var addresses = kind{
	name: "addresses", table: "address", shape: onPoint,
	fields: []field{
		{"id", "地址编码", false, []string{"地址代码", "编码", "编号", "key", "code"}},
		{"std_code", "统一地址编码", false, []string{"标准地址编码", "外部编码", "stdaddrcode", "stdcode"}},
		{"full_text", "标准地址", false, []string{"地址", "地址全称", "详细地址", "address", "fulltext"}},
		{"unit_code", "村社区代码", false, []string{"村代码", "行政区代码", "所在行政区代码", "区划代码", "unit"}},
		{"province", "省", false, nil}, {"prefecture", "市", false, []string{"设区市", "地市"}}, {"county", "县", false, []string{"区县", "县区", "县市区"}},
		{"township", "乡镇", false, []string{"乡镇街道", "镇街"}}, {"village", "村社区", false, []string{"村", "社区", "村社区名称"}},
		{"street", "街路巷", false, []string{"街道路巷", "道路"}},
		{"hamlet", "自然村", false, []string{"自然村组"}},
		{"plate", "门牌号", false, []string{"门牌", "门楼牌号", "housenumber"}},
		{"compound", "小区", false, []string{"小区名称", "院落"}},
		{"building", "幢", false, []string{"幢号", "楼栋", "楼幢", "楼幢号"}},
		{"entrance", "单元", false, []string{"单元号"}},
		{"floor", "层", false, []string{"楼层"}},
		{"room", "户室", false, []string{"室", "室号", "房号", "户室号"}},
		{"rest", "其他", false, []string{"附加说明", "备注"}},
		{"use", "用途", false, []string{"房屋用途", "使用性质"}},
		{"confidence", "可信度", false, []string{"置信度"}},
		{"occupancy", "居住系数", false, []string{"入住率", "居住率", "入住系数", "居住状态"}},
		lonField, latField,
	},
	columns: []column{
		{"full_text", "text"}, {"unit_code", "text"}, {"street", "text"}, {"hamlet", "text"}, {"plate", "text"}, {"compound", "text"}, {"building", "text"},
		{"entrance", "text"}, {"floor", "text"}, {"room", "text"}, {"rest", "text"}, {"std_code", "text"}, {"confidence", "real"}, {"use", "text"}, {"occupancy", "real"},
	},
	hints: []column{{"alike", "bigint"}, {"serial", "integer"}},
	read:  readAddress,
}

// alikeHash is a number that texts share which read the same: blanks, widths and 栋 for 幢 aside. Of "" it is NULL.
func alikeHash(s string) *int64 {
	if s == "" {
		return nil
	}
	for i := range len(s) {
		if b := s[i]; b == ' ' || b == "　"[0] || b == "０"[0] || b == "栋"[0] && strings.HasPrefix(s[i:], "栋") {
			s = sameSpelling.Replace(s)
			break
		}
	}
	h := uint64(14695981039346656037) // FNV-1a, which needs no state beside it
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	n := int64(h)
	return &n
}

var sameSpelling = strings.NewReplacer(" ", "", "　", "", "栋", "幢", "０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "－", "-")
