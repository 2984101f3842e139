package ingest

import (
	"strings"

	"github.com/lifecircle/lifecircle/planner/address"
)

// Places of the fields of addresses in their list.
const (
	fieldID = iota
	fieldStd
	fieldText
	fieldUnit
	fieldProvince
	fieldPrefecture
	fieldCounty
	fieldTownship
	fieldVillage
	fieldStreet
	fieldHamlet
	fieldPlate
	fieldCompound
	fieldBuilding
	fieldEntrance
	fieldFloor
	fieldRoom
	fieldRest
	fieldUse
	addressFields
)

// readAddress reads a standard address: its text, its elements by column, or both. What a column says
// is held to the grammar of the element: 3栋 is put right and listed, 3号 in the place of a building is
// refused. Elements in an order that no address has are refused.
func readAddress(c *cells) record {
	var said, v [addressFields]string
	for i := range said {
		said[i] = c.nth(i)
	}
	v = said
	unit := c.optionalCode("unit_code")
	v[fieldPlate] = c.element(fieldPlate, said[fieldPlate], "号", "号", "弄", "号院", "之", "附")
	v[fieldBuilding] = c.element(fieldBuilding, said[fieldBuilding], "幢", "幢", "座", "楼")
	v[fieldEntrance] = c.element(fieldEntrance, said[fieldEntrance], "单元", "单元", "梯", "门")
	v[fieldFloor] = c.element(fieldFloor, said[fieldFloor], "层", "层", "楼")
	v[fieldRoom] = c.element(fieldRoom, said[fieldRoom], "室", "室", "号", "户")
	c.villageForm(said[fieldTownship], said[fieldVillage])
	switch {
	case v[fieldText] == "":
		v[fieldText] = strings.Join(v[fieldProvince:fieldRest], "")
		if v[fieldText] == "" {
			c.need("full_text")
		}
	case v[fieldStreet] == "" && v[fieldHamlet] == "" && v[fieldPlate] == "" && v[fieldCompound] == "" && v[fieldBuilding] == "":
		for _, e := range address.Parse(v[fieldText]) { // no column has the elements: the text does
			if i, ok := fieldOf[e.Level]; ok {
				v[i] += e.Text
			}
		}
	default:
		c.inOrder(said[fieldText], &said)
	}
	c.values = append(c.values, c.keep(v[fieldText]), unit)
	for _, i := range [...]int{fieldStreet, fieldHamlet, fieldPlate, fieldCompound, fieldBuilding, fieldEntrance, fieldFloor, fieldRoom, fieldRest, fieldStd} {
		c.values = append(c.values, c.keep(v[i]))
	}
	rec := record{key: digits(said[fieldID]), geom: c.geometry(), values: append(c.values, c.confidence(), c.keep(v[fieldUse]), c.occupancy())}
	if rec.key == "" { // without an id the text is the id
		rec.key = sameSpelling.Replace(v[fieldText])
	}
	serial := (*int32)(nil)
	if unit != nil && c.serials != nil {
		n := c.serials[*unit] + 1
		c.serials[*unit] = n
		serial = &n
	}
	rec.hints = []any{alikeHash(v[fieldText]), serial}
	return rec
}

// fieldOf says where an element goes that was read from the text.
var fieldOf = map[address.Level]int{
	"street": fieldStreet, "hamlet": fieldHamlet, "plate": fieldPlate, "compound": fieldCompound, "building": fieldBuilding, "entrance": fieldEntrance, "floor": fieldFloor, "room": fieldRoom, "rest": fieldRest,
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
func (c *cells) element(field int, s, unit string, units ...string) string {
	if s == "" {
		return ""
	}
	name := c.fields[field].name
	fixed, ok := numbered(s, name, unit, units)
	if !ok {
		c.fail("%[1]s「%[3]s」应写作「数字+%[4]s」", "%[2]s %[3]q must be a number and %[4]s", c.title(name), name, s, unit)
	} else if fixed != s {
		c.remark("%[1]s「%[3]s」已改为「%[4]s」", "%[2]s %[3]q was put right: %[4]s", c.title(name), name, s, fixed)
	}
	return fixed
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
func (c *cells) villageForm(town, village string) {
	if strings.HasSuffix(village, "委会") || strings.HasSuffix(village, "委员会") {
		c.remark("村(社区)「%s」宜写作「上保社区」「九溪村」的形式", "village %q should be written like 上保社区, 九溪村", village)
	}
	if town != "" && !strings.HasSuffix(town, "街道") && !strings.HasSuffix(town, "镇") && !strings.HasSuffix(town, "乡") && !strings.HasSuffix(town, "区") {
		c.remark("乡镇「%s」应以街道、镇或乡结尾", "township %q must end with 街道, 镇 or 乡", town)
	}
}

// ordered are the elements whose order in the text is certain; a street or hamlet and an estate stand on either side of a plate.
var ordered = [...][]int{
	{fieldProvince, fieldPrefecture, fieldCounty, fieldTownship, fieldVillage, fieldStreet, fieldPlate},
	{fieldVillage, fieldHamlet}, {fieldVillage, fieldCompound, fieldBuilding, fieldEntrance, fieldFloor, fieldRoom},
}

// inOrder refuses a text that has the elements of the columns in an order that no address has.
func (c *cells) inOrder(text string, said *[addressFields]string) {
	for _, chain := range ordered {
		at, before := 0, ""
		for _, field := range chain {
			s := said[field]
			if s == "" {
				continue
			}
			if strings.HasPrefix(text[at:], s) { // nearly all
				at, before = at+len(s), s
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
