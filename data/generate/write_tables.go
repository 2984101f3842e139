package generate

import (
	"encoding/csv"
	"fmt"
	"io"
	"sort"
	"strconv"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

const dataDate = "2025-12-31"

// tables writes the CSV files and, at the end, the facility workbook.
type tables struct {
	o                     *output
	places, addresses, gb *csv.Writer
	population, flags     *csv.Writer
	gbText                *transform.Writer
	exclusions            *exclusions
}

func newTables(o *output) (*tables, error) {
	t := &tables{o: o}
	bom := func(name string) (*csv.Writer, error) {
		p, err := o.open(name)
		if err != nil {
			return nil, err
		}
		_, err = p.w.WriteString("\ufeff")
		return csv.NewWriter(p.w), err
	}
	var err error
	if t.places, err = bom("places.csv"); err != nil {
		return nil, err
	}
	if t.addresses, err = bom("addresses_1.csv"); err != nil {
		return nil, err
	}
	if t.population, err = bom("population.csv"); err != nil {
		return nil, err
	}
	if t.flags, err = bom("flags.csv"); err != nil {
		return nil, err
	}
	p, err := o.open("addresses_2_gb18030.csv")
	if err != nil {
		return nil, err
	}
	t.gbText = transform.NewWriter(p.w, simplifiedchinese.GB18030.NewEncoder())
	t.gb = csv.NewWriter(t.gbText)
	if t.exclusions, err = newExclusions(o); err != nil {
		return nil, err
	}
	head := []string{"地址编码", "标准地址", "省", "市", "县", "乡镇", "村社区", "村社区代码", "街路巷", "自然村", "门牌号", "小区", "幢", "用途", "经度", "纬度"}
	for _, h := range []struct {
		w    *csv.Writer
		head []string
	}{
		{t.places, []string{"地名编码", "标准名称", "罗马字母拼写", "别名", "地名类别", "所在行政区代码", "地名含义", "经度", "纬度"}},
		{t.addresses, head}, {t.gb, head},
		{t.population, []string{"行政区代码", "名称", "人口口径", "年龄组", "人数", "截至日期"}},
		{t.flags, []string{"行政区代码", "名称", "标识", "是否", "依据文号"}},
	} {
		if err := h.w.Write(h.head); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }

func (t *tables) county(c *county) error {
	for _, f := range []func(*county) error{t.writePlaces, t.writeAddresses, t.writePeople, t.writeFlags, t.exclusions.county} {
		if err := f(c); err != nil {
			return err
		}
	}
	t.o.counts["facilities"] += int64(len(c.facility))
	return nil
}

func (t *tables) writePlaces(c *county) error {
	serial := 0
	put := func(name, alias, kind, unit, meaning string, p pt) error {
		serial++
		ll := c.lonLat(p)
		t.o.counts["places"]++
		return t.places.Write([]string{fmt.Sprintf("%s%05d", c.plan.code[:6], serial), name, romanise(name), alias, kind, unit, meaning, degrees(ll[0]), degrees(ll[1])})
	}
	for i := range c.villages {
		v := &c.villages[i]
		for k, h := range v.hamlets {
			name, alias, meaning := h.name+"自然村", "", "自然村名,以所处地形得名"
			if k == 0 {
				name, meaning = h.name, "村委会驻地自然村,与行政村同名"
				if i%9 == 4 {
					alias = "老" + h.name
				}
			}
			if v.community {
				continue
			}
			if err := put(name, alias, "居民点", v.code, meaning, h.at); err != nil {
				return err
			}
		}
	}
	for _, v := range c.land.valleys {
		if v.name != "" {
			if err := put(v.name, "", "陆地水系", c.plan.code, "河流", v.line[len(v.line)/2]); err != nil {
				return err
			}
		}
	}
	for _, l := range c.land.lakes {
		if err := put(l.name, "", "陆地水系", c.plan.code, "水库,县城水源地", l.line[len(l.line)/2]); err != nil {
			return err
		}
	}
	if c.plan.coastal {
		for k, is := range c.land.islands {
			if err := put([]string{"星屿岛", "小星屿", "白礁"}[k], "", "陆地地形", c.plan.code, "海岛", is.c); err != nil {
				return err
			}
		}
	}
	for i, e := range c.net.edges { // one entry per bridge over the main river
		if !e.bridge || i > 0 && c.net.edges[i-1].bridge {
			continue
		}
		p := c.net.at[e.a]
		if err := put(fmt.Sprintf("%s%d号桥", c.land.valleys[0].name, serial%97+1), "", "交通运输设施", c.plan.code, "桥梁", p); err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) writeAddresses(c *county) error {
	serial := 0
	for i := range c.villages {
		v := &c.villages[i]
		town := c.plan.townships[v.township]
		w := t.addresses
		if !v.community && v.class != "112" && v.class != "122" {
			w = t.gb
		}
		serial = 0
		for _, k := range v.houses {
			h := c.house[k]
			serial++
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
			row := []string{fmt.Sprintf("%s%05d", v.code, serial), c.text(h), c.div.name, c.div.prefectures[c.plan.prefecture].name, c.plan.name, town.name, v.name, v.code,
				h.street, hamlet, number, h.estate, block, h.use, degrees(h.lonlat[0]), degrees(h.lonlat[1])}
			if err := w.Write(row); err != nil {
				return err
			}
		}
		t.o.counts["addresses"] += int64(serial)
	}
	return nil
}

func (t *tables) writePeople(c *county) error {
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
				if err := t.population.Write([]string{v.code, v.name, b.name, g.name, strconv.Itoa(g.n), dataDate}); err != nil {
					return err
				}
			}
		}
		t.o.counts["population.resident"] += int64(v.people.resident.total)
		t.o.counts["population.registered"] += int64(v.people.registered.total)
		t.o.counts["population.resident60"] += int64(v.people.resident.over60)
	}
	return nil
}

func (t *tables) writeFlags(c *county) error {
	yes := func(b bool) string {
		if b {
			return "是"
		}
		return "否"
	}
	for i := range c.villages {
		v := &c.villages[i]
		short := []rune(c.plan.name)[0]
		if err := t.flags.Write([]string{v.code, v.name, "应建儿童之家", yes(c.childFlag(i)), fmt.Sprintf("%c民〔2025〕17号", short)}); err != nil {
			return err
		}
		if err := t.flags.Write([]string{v.code, v.name, "助餐需求", yes(c.mealFlag(i)), fmt.Sprintf("%c民〔2025〕23号", short)}); err != nil {
			return err
		}
	}
	return nil
}

// finish flushes the CSV files and writes the workbook.
func (t *tables) finish(rows []facility) error {
	for _, w := range []*csv.Writer{t.places, t.addresses, t.gb, t.population, t.flags} {
		w.Flush()
		if err := w.Error(); err != nil {
			return err
		}
	}
	if err := t.gbText.Close(); err != nil {
		return fmt.Errorf("addresses_2_gb18030.csv: %w", err)
	}
	if err := t.exclusions.finish(); err != nil {
		return fmt.Errorf("exclusions.geojson: %w", err)
	}
	sort.SliceStable(rows, func(a, b int) bool { return rows[a].code < rows[b].code })
	p, err := t.o.open("facilities.xlsx")
	if err != nil {
		return err
	}
	if err := writeWorkbook(io.Writer(p.w), rows); err != nil {
		return fmt.Errorf("facilities.xlsx: %w", err)
	}
	return nil
}
