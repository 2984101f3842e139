package ingest

import (
	"strings"

	"github.com/lifecircle/lifecircle/planner/address"
)

// readAddress reads a standard address: its text, its elements by column, or both. What a column says
// is held to the grammar of the element: 3栋 is put right and listed, 3号 in the place of a building is
// refused. Elements in an order that no address has are refused.
func readAddress(c *cells) record {
	unit := c.optionalCode("unit_code")
	street, hamlet, compound := c.optional("street"), c.optional("hamlet"), c.optional("compound")
	plate := c.element("plate", "号", "号", "弄", "号院", "之", "附")
	building := c.element("building", "幢", "幢", "座", "楼")
	entrance := c.element("entrance", "单元", "单元", "梯", "门")
	floor := c.element("floor", "层", "层", "楼")
	room := c.element("room", "室", "室", "号", "户")
	c.villageForm()
	text := c.text("full_text")
	elements := []*string{street, hamlet, plate, compound, building, entrance, floor, room}
	if text == "" {
		for _, name := range []string{"province", "prefecture", "county", "township", "village"} {
			text += c.text(name)
		}
		for _, e := range elements {
			if e != nil {
				text += *e
			}
		}
		if text == "" {
			c.need("full_text")
		}
	} else if street == nil && hamlet == nil && plate == nil && compound == nil && building == nil {
		return c.parsed(text, unit)
	} else {
		c.inOrder(text)
	}
	rec := record{values: []any{text, unit, street, hamlet, plate, compound, building, entrance, floor, room, c.optional("rest"), c.optional("std_code"), c.confidence(), c.optional("use"), c.occupancy()}}
	return c.finish(rec, text)
}

// parsed takes the elements from the text when no column has them.
func (c *cells) parsed(text string, unit *string) record {
	at := map[address.Level]*string{}
	for _, e := range address.Parse(text) {
		s := e.Text
		if old := at[e.Level]; old != nil {
			s = *old + s
		}
		at[e.Level] = &s
	}
	return c.finish(record{values: []any{text, unit, at["street"], at["hamlet"], at["plate"], at["compound"], at["building"], at["entrance"], at["floor"], at["room"], at["rest"],
		c.optional("std_code"), c.confidence(), c.optional("use"), c.occupancy()}}, text)
}

// finish adds what the row is known by and checked with. Without an id the text is the id.
func (c *cells) finish(rec record, text string) record {
	rec.key, rec.geom = digits(c.text("id")), c.geometry()
	alike := alikeHash(text)
	if rec.key == "" && text != "" {
		rec.key = sameSpelling.Replace(text)
	}
	var serial *int32
	if unit, _ := rec.values[1].(*string); unit != nil && c.serials != nil {
		c.serials[*unit]++
		n := c.serials[*unit]
		serial = &n
	}
	rec.hints = []any{alike, serial}
	return rec
}

func (c *cells) confidence() *float32 {
	v, ok := c.number("confidence")
	if !ok {
		return nil
	}
	if v < 0 || v > 1 {
		c.fail("可信度「%[1]g」应在0到1之间", "confidence %[1]g must be from 0 to 1", v)
	}
	f := float32(v)
	return &f
}

// element reads a numbered element: a number, or a run of numbers (1-10幢), with its unit. Other units
// for the same (栋 for 幢, 1幢-10幢) are put right; a number without unit gets it.
func (c *cells) element(name, unit string, units ...string) *string {
	s := c.text(name)
	if s == "" {
		return nil
	}
	fixed, ok := numbered(s, name, unit, units)
	if !ok {
		c.fail("%[1]s「%[3]s」应写作「数字+%[4]s」", "%[2]s %[3]q must be a number and %[4]s", c.title(name), name, s, unit)
		return &s
	}
	if fixed != s {
		c.remark("%[1]s「%[3]s」已改为「%[4]s」", "%[2]s %[3]q was put right: %[4]s", c.title(name), name, s, fixed)
		return &fixed
	}
	return &s
}

// numbered gives the standard spelling of a numbered element.
func numbered(s, name, unit string, units []string) (string, bool) {
	plain := len(s) > len(unit) && strings.HasSuffix(s, unit)
	for i := 0; plain && i < len(s)-len(unit); i++ {
		plain = s[i] >= '0' && s[i] <= '9'
	}
	if plain {
		return s, true // nearly all
	}
	s = sameSpelling.Replace(s)
	if name == "building" {
		s = strings.NewReplacer("号楼", "幢", "#", "幢").Replace(s)
	}
	s = strings.NewReplacer("—", "-", "–", "-", "~", "-", "～", "-", "至", "-").Replace(s)
	if from, to, run := strings.Cut(s, "-"); run { // 1幢-10幢
		if bare, ok := strings.CutSuffix(from, unit); ok && strings.HasSuffix(to, unit) {
			s = bare + "-" + to
		}
	}
	body, ok := s, false
	for _, u := range units {
		if b, has := strings.CutSuffix(s, u); has {
			body, ok = b, true
		}
	}
	if name == "plate" { // 85号之一, 65号附3号, 128弄15号, 甲38号: any order of numbers and these words
		body = strings.NewReplacer("号院", "", "号", "", "弄", "", "之", "", "附", "", "支", "").Replace(s)
		ok = ok || strings.ContainsAny(s, "号弄")
	}
	if body == "" || strings.Trim(body, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz一二三四五六七八九十百零〇甲乙丙丁东南西北中上下前后地负-、,.") != "" {
		return s, false
	}
	if !ok {
		s += unit
	}
	return s, true
}

// villageForm holds the name of the village to the form 上保社区, 九溪村.
func (c *cells) villageForm() {
	v := c.text("village")
	if strings.HasSuffix(v, "委会") || strings.HasSuffix(v, "委员会") {
		c.remark("村(社区)「%s」宜写作「上保社区」「九溪村」的形式", "village %q should be written like 上保社区, 九溪村", v)
	}
	if t := c.text("township"); t != "" && !strings.HasSuffix(t, "街道") && !strings.HasSuffix(t, "镇") && !strings.HasSuffix(t, "乡") && !strings.HasSuffix(t, "区") {
		c.remark("乡镇「%s」应以街道、镇或乡结尾", "township %q must end with 街道, 镇 or 乡", t)
	}
}

// ordered are the elements whose order in the text is certain; a street or hamlet and an estate stand on either side of a plate.
var ordered = [...][]string{
	{"province", "prefecture", "county", "township", "village", "street", "plate"},
	{"village", "hamlet"}, {"village", "compound", "building", "entrance", "floor", "room"},
}

// inOrder refuses a text that has the elements of the columns in an order that no address has.
func (c *cells) inOrder(text string) {
	for _, chain := range ordered {
		at, before := 0, ""
		for _, name := range chain {
			s := c.text(name)
			if s == "" {
				continue
			}
			i := strings.Index(text[at:], s)
			if i < 0 {
				if strings.Contains(text[:at], s) && !strings.Contains(text[:at], before+s) {
					c.fail("标准地址中「%[1]s」在「%[2]s」之前,要素次序不对", "%[1]q stands before %[2]q in the address: the elements are out of order", s, before)
				}
				continue
			}
			at, before = at+i+len(s), s
		}
	}
}
