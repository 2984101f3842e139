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
	hints  []any // parallel to the kind's hints
}

// kind is one thing that can be imported as a table of rows.
type kind struct {
	name    string // as on the command line
	table   string
	shape   shape
	located bool // rows without geometry are rejected
	common  bool // the key means the same whoever delivers it: a division code
	whole   bool // a delivery is all that its source has: what it lacks is closed, also without Replace
	keyless bool // rows without a key get one from the database
	fields  []field
	columns []column
	hints   []column // staged for the checks, no part of a row's content
	read    func(*cells) record
}

var (
	lonField = field{"lon", "经度", false, []string{"lng", "long", "longitude", "x", "x坐标", "东经", "经度坐标", "lon84", "横坐标", "easting"}}
	latField = field{"lat", "纬度", false, []string{"latitude", "y", "y坐标", "北纬", "纬度坐标", "lat84", "纵坐标", "northing"}}
)

func unitField(name string, required bool) field {
	return field{name, "行政区代码", required, []string{"所在行政区代码", "区划代码", "行政区划代码", "统计用区划代码", "村社区代码", "村代码", "单元代码", "code", "unit", "unitcode", "adcode", "xzqdm", "zldwdm"}}
}

var kinds = []kind{units, changes, lists, places, addresses, facilities, population, flags, staff, documents, indicators, areas, exclusions, candidates, transitStops}

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

var exclusions = kind{
	name: "exclusions", table: "exclusion", shape: onArea, located: true,
	fields: []field{
		{"id", "编号", false, []string{"编码", "key", "fid"}},
		{"kind", "类别", true, []string{"类型", "type"}},
		{"name", "名称", false, nil},
	},
	columns: []column{{"kind", "text"}, {"name", "text"}},
	read: func(c *cells) record {
		r := record{key: c.text("id"), values: []any{c.word("kind", nil, exclusionWords), c.optional("name")}, geom: c.geometry()}
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
		return record{key: digits(c.need("id")), values: []any{c.need("name"), service, c.optionalCode("unit_code"), c.optional("kind")}, geom: c.geometry()}
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
