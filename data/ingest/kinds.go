package ingest

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// shape is what a kind's rows are on the map.
type shape uint8

const (
	nowhere shape = iota
	onPoint       // other geometries are taken by their centroid
	onArea        // polygons only
)

// column is one column of a kind's table besides source, key, versions, geometry, digest.
type column struct{ name, sql string }

// record is a checked row: values parallel to the kind's columns.
type record struct {
	key    string
	values []any
	geom   orb.Geometry
}

// kind is one thing that can be imported as a table of rows.
type kind struct {
	name    string // as on the command line
	table   string
	shape   shape
	located bool // rows without geometry are rejected
	common  bool // the key means the same whoever delivers it: a division code
	whole   bool // a delivery is all that its source has: what it lacks is closed, also without Replace
	fields  []field
	columns []column
	read    func(*cells) record
}

var (
	lonField = field{"lon", "经度", false, []string{"lng", "long", "longitude", "x", "x坐标", "东经", "经度坐标", "lon84", "横坐标", "easting"}}
	latField = field{"lat", "纬度", false, []string{"latitude", "y", "y坐标", "北纬", "纬度坐标", "lat84", "纵坐标", "northing"}}
)

func unitField(name string, required bool) field {
	return field{name, "行政区代码", required, []string{"所在行政区代码", "区划代码", "行政区划代码", "统计用区划代码", "村社区代码", "村代码", "单元代码", "code", "unit", "unitcode", "adcode", "xzqdm", "zldwdm"}}
}

var kinds = []kind{units, places, addresses, facilities, population, flags, staff, documents, indicators, areas, exclusions, candidates, transitStops}

// Kinds lists what Import takes, in the order in which a new area is loaded.
func Kinds() []string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = k.name
	}
	return list
}

func kindNamed(name string) (kind, error) {
	if i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name }); i >= 0 {
		return kinds[i], nil
	}
	return kind{}, planner.Errorf(planner.Invalid, "没有「%s」这类资料;可用:%s", "there is no kind %q; there are %s", name, strings.Join(Kinds(), ", "))
}

var units = kind{
	name: "units", table: "unit", shape: onArea, common: true,
	fields: []field{
		{"code", "区划代码", true, []string{"行政区代码", "行政区划代码", "统计用区划代码", "代码", "unitcode", "adcode", "xzqdm", "zldwdm"}},
		{"name", "名称", true, []string{"单元名称", "行政区名称", "区划名称", "村名", "xzqmc", "zldwmc", "unitname"}},
		{"level", "级别", false, []string{"层级", "行政级别"}},
		{"parent_code", "上级代码", false, []string{"父级代码", "上级区划代码", "parent"}},
		{"reporting_parent", "统计归口代码", false, []string{"归口代码", "报送单位代码"}},
		{"class", "城乡分类", false, []string{"城乡分类代码", "城乡属性"}},
		{"is_island", "是否海岛", false, []string{"海岛", "island"}},
		{"valid_from", "设立日期", false, []string{"设立年份", "生效日期"}},
		{"valid_until", "撤销日期", false, []string{"废止日期", "废止年份", "撤并日期"}},
		lonField, latField,
	},
	columns: []column{{"name", "text"}, {"level", "smallint"}, {"parent_code", "text"}, {"reporting_parent", "text"}, {"class", "text"}, {"is_island", "boolean"}, {"valid_from", "date"}, {"valid_until", "date"}},
	read: func(c *cells) record {
		code := c.code("code", true)
		level := code.Level()
		if c.text("level") != "" {
			stated := planner.ParseLevel(c.word("level", planner.Levels, levelWords))
			if c.wrong == nil && stated != level {
				c.fail("级别「%s」与代码 %s(%v)不符", "level %q does not agree with code %s (%v)", c.text("level"), code, level)
			}
		}
		parent := c.optionalCode("parent_code")
		if parent == nil && code.Parent() != "" {
			p := string(code.Parent())
			parent = &p
		}
		class := c.optional("class")
		if class != nil && !slices.Contains([]string{"111", "112", "121", "122", "123", "210", "220"}, *class) {
			c.fail("城乡分类「%s」应为111、112、121、122、123、210或220", "class %q must be 111, 112, 121, 122, 123, 210 or 220", *class)
		}
		from, until := c.span()
		return record{string(code), []any{c.need("name"), int16(level), parent, c.optionalCode("reporting_parent"), class, c.truth("is_island", false), from, until}, c.geometry()}
	},
}

var places = kind{
	name: "places", table: "place", shape: onPoint,
	fields: []field{
		{"id", "地名编码", true, []string{"地名代码", "编码", "代码", "编号", "key", "code"}},
		{"name", "标准名称", true, []string{"名称", "地名"}},
		{"romanisation", "罗马字母拼写", false, []string{"罗马字母", "拼音", "汉语拼音", "pinyin"}},
		{"aliases", "别名", false, []string{"曾用名", "俗称", "简称", "alias"}},
		{"class", "地名类别", false, []string{"类别", "地名分类", "type"}},
		unitField("unit_code", false),
		{"meaning", "地名含义", false, []string{"含义", "地名来历"}},
		lonField, latField,
	},
	columns: []column{{"name", "text"}, {"romanisation", "text"}, {"aliases", "text[]"}, {"class", "text"}, {"unit_code", "text"}, {"meaning", "text"}},
	read: func(c *cells) record {
		return record{digits(c.need("id")), []any{c.need("name"), c.optional("romanisation"), list(c.text("aliases")), c.optional("class"), c.optionalCode("unit_code"), c.optional("meaning")}, c.geometry()}
	},
}

var addresses = kind{
	name: "addresses", table: "address", shape: onPoint,
	fields: []field{
		{"id", "地址编码", true, []string{"地址代码", "编码", "编号", "key", "code"}},
		{"full_text", "标准地址", true, []string{"地址", "地址全称", "详细地址", "address", "fulltext"}},
		{"unit_code", "村社区代码", false, []string{"村代码", "行政区代码", "所在行政区代码", "区划代码", "unit"}},
		{"street", "街路巷", false, []string{"街道路巷", "道路"}},
		{"hamlet", "自然村", false, []string{"自然村组"}},
		{"plate", "门牌号", false, []string{"门牌", "门楼牌号", "housenumber"}},
		{"compound", "小区", false, []string{"小区名称", "院落"}},
		{"building", "幢", false, []string{"幢号", "楼栋", "楼幢"}},
		{"use", "用途", false, []string{"房屋用途", "使用性质"}},
		{"occupancy", "居住系数", false, []string{"入住率", "居住率", "入住系数", "居住状态"}},
		lonField, latField,
	},
	columns: []column{{"full_text", "text"}, {"unit_code", "text"}, {"street", "text"}, {"hamlet", "text"}, {"plate", "text"}, {"compound", "text"}, {"building", "text"}, {"use", "text"}, {"occupancy", "real"}},
	read: func(c *cells) record {
		return record{digits(c.need("id")), []any{c.need("full_text"), c.optionalCode("unit_code"), c.optional("street"), c.optional("hamlet"), c.optional("plate"), c.optional("compound"), c.optional("building"), c.optional("use"), c.occupancy()}, c.geometry()}
	},
}

var exclusions = kind{
	name: "exclusions", table: "exclusion", shape: onArea, located: true,
	fields: []field{
		{"id", "编号", false, []string{"编码", "key", "fid"}},
		{"kind", "类别", true, []string{"类型", "type"}},
		{"name", "名称", false, nil},
	},
	columns: []column{{"kind", "text"}, {"name", "text"}},
	read: func(c *cells) record {
		r := record{c.text("id"), []any{c.word("kind", nil, exclusionWords), c.optional("name")}, c.geometry()}
		if r.key == "" && r.geom != nil {
			r.key = geometryKey(r.geom)
		}
		return r
	},
}

var candidates = kind{
	name: "candidates", table: "candidate", shape: onPoint, located: true,
	fields: []field{
		{"id", "编号", true, []string{"编码", "候选点编号", "key", "fid"}},
		{"name", "名称", true, []string{"候选点名称"}},
		{"service", "服务类型", false, []string{"设施类型"}},
		unitField("unit_code", false),
		{"kind", "类别", false, []string{"类型", "用房类型", "type"}},
		lonField, latField,
	},
	columns: []column{{"name", "text"}, {"service", "text"}, {"unit_code", "text"}, {"kind", "text"}},
	read: func(c *cells) record {
		var service *string
		if c.text("service") != "" {
			id := c.word("service", planner.Services, serviceWords)
			service = &id
		}
		return record{digits(c.need("id")), []any{c.need("name"), service, c.optionalCode("unit_code"), c.optional("kind")}, c.geometry()}
	},
}

// list splits what people write into one cell; an empty cell is an empty list.
func list(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;；/|+\n", r) })
	out := []string{}
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
