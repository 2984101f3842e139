package generate

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const dataDate = "2025-12-31"

// tableFile is one CSV file of the delivery.
type tableFile struct {
	name    string
	gb18030 bool // else UTF-8 with a byte order mark
	head    []string
}

var addressHead = []string{"地址编码", "标准地址", "省", "市", "县", "乡镇", "村社区", "村社区代码", "街路巷", "自然村", "门牌号", "小区", "幢", "用途", "经度", "纬度"}

// The address files of towns are UTF-8, those of villages GB18030, as counties
// deliver them.
var tableFiles = []tableFile{
	{"places.csv", false, []string{"地名编码", "标准名称", "罗马字母拼写", "别名", "地名类别", "所在行政区代码", "地名含义", "经度", "纬度"}},
	{"addresses_1.csv", false, addressHead},
	{"addresses_2_gb18030.csv", true, addressHead},
	{"population.csv", false, []string{"行政区代码", "名称", "人口口径", "年龄组", "人数", "截至日期"}},
	{"flags.csv", false, []string{"行政区代码", "名称", "标识", "是否", "依据文号"}},
}

// dirtyFile is written when dirt is asked for.
var dirtyFile = tableFile{"addresses_dirty.csv", false, []string{"地址编码", "原始地址", "问题类型"}}

func (o Options) tables() []tableFile {
	if o.Dirt > 0 {
		return append(slices.Clone(tableFiles), dirtyFile)
	}
	return tableFiles
}

// mark is what a file begins with.
func (t tableFile) mark() string {
	if t.gb18030 {
		return ""
	}
	return "\ufeff"
}

// text is rows in the file's encoding.
func (t tableFile) text(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return nil, err
	}
	if !t.gb18030 {
		return b.Bytes(), nil
	}
	return simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }

// tables renders one county's rows of the CSV files.
func (r *chunk) tables(c *county, opts Options) error {
	town, rural := r.addresses(c)
	rows := map[string][][]string{"places.csv": r.places(c), "addresses_1.csv": town, "addresses_2_gb18030.csv": rural,
		"population.csv": r.people(c), "flags.csv": flagRows(c)}
	if opts.Dirt > 0 {
		rows[dirtyFile.name] = r.dirt(c, opts.Dirt)
	}
	for _, t := range opts.tables() {
		b, err := t.text(rows[t.name])
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if len(b) > 0 {
			r.file(t.name).Write(b)
		}
	}
	return nil
}

func (r *chunk) places(c *county) (rows [][]string) {
	put := func(name, alias, kind, unit, meaning string, p pt) {
		ll := c.lonLat(p)
		rows = append(rows, []string{fmt.Sprintf("%s%05d", c.plan.code[:6], len(rows)+1), name, romanise(name), alias, kind, unit, meaning, degrees(ll[0]), degrees(ll[1])})
	}
	for i := range c.villages {
		v := &c.villages[i]
		for k, h := range v.hamlets {
			name, alias, meaning := h.name+"自然村", "", "自然村名,以所处地形得名"
			if k == 0 {
				name, meaning = h.name, "村委会驻地自然村,与行政村同名"
				alias = c.alias(v)
			}
			if v.community {
				continue
			}
			put(name, alias, "居民点", v.code, meaning, h.at)
		}
	}
	for _, v := range c.land.valleys {
		if v.name != "" {
			put(v.name, "", "陆地水系", c.plan.code, "河流", v.line[len(v.line)/2])
		}
	}
	for _, l := range c.land.lakes {
		put(l.name, "", "陆地水系", c.plan.code, "水库,县城水源地", l.line[len(l.line)/2])
	}
	if c.plan.coastal {
		for k, is := range c.land.islands {
			put([]string{"星屿岛", "小星屿", "白礁"}[k], "", "陆地地形", c.plan.code, "海岛", is.c)
		}
	}
	bridges := 0
	for _, e := range c.net.edges {
		if e.bridge {
			put(c.land.valleys[0].name+[]string{"一", "二", "三", "四", "五", "六"}[bridges%6]+"桥", "", "交通运输设施", c.plan.code, "桥梁", c.net.at[e.a])
			bridges++
		}
	}
	r.counts["places"] = int64(len(rows))
	return rows
}

// alias is the former name of a village, "" for most.
func (c *county) alias(v *village) string {
	if i := v.serial; i%9 == 4 && !v.community {
		return "老" + v.hamlets[0].name
	}
	return ""
}

// addresses are the county's addresses: those of towns and those of villages.
func (r *chunk) addresses(c *county) (urban, rural [][]string) {
	for i := range c.villages {
		v := &c.villages[i]
		town := c.plan.townships[v.township]
		rows := &urban
		if !v.community && v.class != "112" && v.class != "122" {
			rows = &rural
		}
		for serial, k := range v.houses {
			h := c.house[k]
			hamlet, number, block := "", "", ""
			if h.hamlet > 0 {
				hamlet = v.hamlets[h.hamlet].name + "自然村"
			}
			if h.number > 0 {
				number = strconv.Itoa(h.number) + "号"
			}
			if h.block > 0 {
				block = strconv.Itoa(h.block) + "幢"
			}
			*rows = append(*rows, []string{c.addressCode(i, serial), c.text(h), c.div.name, c.div.prefectures[c.plan.prefecture].name, c.plan.name, town.name, v.name, v.code,
				h.street, hamlet, number, h.estate, block, h.use, degrees(h.lonlat[0]), degrees(h.lonlat[1])})
		}
		r.counts["addresses"] += int64(len(v.houses))
	}
	return urban, rural
}

// addressCode is the key of a village's address: village code and running number.
func (c *county) addressCode(village, serial int) string {
	return fmt.Sprintf("%s%05d", c.villages[village].code, serial+1)
}

func (r *chunk) people(c *county) (rows [][]string) {
	for i := range c.villages {
		v := &c.villages[i]
		for _, b := range []struct {
			name string
			g    groups
		}{{"常住", v.people.resident}, {"户籍", v.people.registered}} {
			for _, g := range []struct {
				name string
				n    int
			}{{"合计", b.g.total}, {"0-15岁", b.g.to15}, {"0-17岁", b.g.to17}, {"60岁以上", b.g.over60}, {"65岁以上", b.g.over65}, {"80岁以上", b.g.over80}} {
				rows = append(rows, []string{v.code, v.name, b.name, g.name, strconv.Itoa(g.n), dataDate})
			}
		}
		r.counts["population.resident"] += int64(v.people.resident.total)
		r.counts["population.registered"] += int64(v.people.registered.total)
		r.counts["population.resident60"] += int64(v.people.resident.over60)
	}
	return rows
}

func flagRows(c *county) (rows [][]string) {
	yes := map[bool]string{true: "是", false: "否"}
	for i := range c.villages {
		v := &c.villages[i]
		short := []rune(c.plan.name)[0]
		rows = append(rows,
			[]string{v.code, v.name, "应建儿童之家", yes[c.childFlag(i)], fmt.Sprintf("%c民〔2025〕17号", short)},
			[]string{v.code, v.name, "助餐需求", yes[c.mealFlag(i)], fmt.Sprintf("%c民〔2025〕23号", short)})
	}
	return rows
}
