package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// cells reads the fields of one row and keeps the first thing wrong with them.
type cells struct {
	row     Row
	bound   binding
	fields  []field
	wrong   *planner.Text
	serials map[string]int32 // numbers given so far, by unit; nil where none are given
	slots   []string         // what optional points into; good until the next row
	values  []any            // of a record, likewise
	notes   []planner.Text   // what somebody should look at, of a row that is kept
}

func (c *cells) remark(zh, en string, args ...any) {
	c.notes = append(c.notes, planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)})
}

func (c *cells) fail(zh, en string, args ...any) {
	if c.wrong == nil {
		c.wrong = &planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
	}
}

// title names a field for messages.
func (c *cells) title(name string) string {
	for _, f := range c.fields {
		if f.name == name {
			return f.title
		}
	}
	return name
}

// text gives a field; marks that people write for "nothing" are nothing.
func (c *cells) text(name string) string {
	return meant(c.cell(name))
}

func meant(s string) string {
	if len(s) > len("NULL") {
		return withoutNul(s)
	}
	switch s {
	case "-", "—", "--", "/", "NULL", "null", "N/A", "无":
		return ""
	}
	return withoutNul(s)
}

func withoutNul(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		return strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// nth is text of the field at a place in the kind's list, which is quicker to find than by name.
func (c *cells) nth(i int) string {
	at := c.bound.order[i]
	if at < 0 || at >= len(c.row.Values) {
		if len(c.bound.constant) > 0 {
			return c.text(c.fields[i].name)
		}
		return ""
	}
	return meant(c.row.Values[at])
}

// keep gives a place to a text that lasts as long as the row; nil for none.
func (c *cells) keep(s string) *string {
	if s == "" {
		return nil
	}
	if len(c.slots) == cap(c.slots) {
		c.slots = make([]string, 0, 64)
	}
	c.slots = append(c.slots, s)
	return &c.slots[len(c.slots)-1]
}

// cell gives a field as it stands there; readers have trimmed it.
func (c *cells) cell(name string) string {
	s, ok := c.bound.constant[name]
	if !ok {
		if at, there := c.bound.column[name]; there && at < len(c.row.Values) {
			s = c.row.Values[at]
		}
	}
	return s
}

// need is text that must be there.
func (c *cells) need(name string) string {
	s := c.text(name)
	if s == "" {
		c.fail("缺少%[1]s", "%[2]s is missing", c.title(name), name)
	}
	return s
}

// optional is text that may be absent: nil is NULL.
func (c *cells) optional(name string) *string {
	return c.keep(c.text(name))
}

// digits undoes what spreadsheets do to long codes: 9.90121101201E+11, 990121101201.0.
// 3.30106E+11 stays as it is: its last digits are gone.
func digits(s string) string {
	if strings.ContainsAny(s, "eE.") {
		f, err := strconv.ParseFloat(s, 64)
		if err == nil && f == math.Trunc(f) && f > 0 && f < 1e15 && !cutShort(s) {
			return strconv.FormatFloat(f, 'f', 0, 64)
		}
	}
	return strings.TrimPrefix(s, "'")
}

// cutShort tells a number that a spreadsheet wrote with fewer digits than it has.
func cutShort(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	n, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	_, fraction, _ := strings.Cut(mantissa, ".")
	return ok && err == nil && n > len(fraction) && n > 4
}

// code is a division code padded to 12 digits; "" where absent and not required.
func (c *cells) code(name string, required bool) planner.Code {
	text := c.text(name)
	if strings.HasPrefix(text, "{") { // {"adcode":330100}: so the boundary files of DataV write a parent
		var nested struct {
			Adcode json.Number `json:"adcode"`
		}
		if json.Unmarshal([]byte(text), &nested) == nil {
			text = string(nested.Adcode)
		}
	}
	s := digits(text)
	if s == "" {
		if required {
			c.need(name)
		}
		return ""
	}
	code, err := planner.ParseCode(s)
	switch {
	case err != nil && cutShort(s):
		c.fail("%[1]s「%[3]s」被表格软件改成了科学计数,后几位已丢失;请把该列设为文本后重新填写", "%[2]s %[3]q was cut short by a spreadsheet: its last digits are lost; make the column text and fill it in again", c.title(name), name, s)
	case err != nil:
		c.fail("%[1]s「%[3]s」应为2、4、6、9或12位数字", "%[2]s %[3]q must have 2, 4, 6, 9 or 12 digits", c.title(name), name, s)
	}
	return code
}

// optionalCode is code with nil for NULL.
func (c *cells) optionalCode(name string) *string {
	return c.keep(string(c.code(name, false)))
}

// whole is a whole number in lo … hi; nil where absent.
func (c *cells) whole(name string, lo, hi float64) *int32 {
	s := strings.NewReplacer(",", "", ",", "", " ", "").Replace(c.text(name))
	if s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(strings.TrimRight(s, "天张个人名间户床"), 64) // 5天, 23张
	if err != nil || math.IsNaN(f) {
		c.fail("%[1]s「%[3]s」不是数字", "%[2]s %[3]q is no number", c.title(name), name, s)
		return nil
	}
	if f < lo || f > hi || f != math.Trunc(f) {
		c.fail("%[1]s「%[3]s」应为%[4]g到%[5]g的整数", "%[2]s %[3]q must be a whole number from %[4]g to %[5]g", c.title(name), name, s, lo, hi)
		return nil
	}
	n := int32(f)
	return &n
}

// word is the id of a word of a vocabulary.
func (c *cells) word(name string, words []planner.Word, synonyms map[string]string) string {
	s := c.text(name)
	id, ok := lookup(words, synonyms, s)
	if !ok {
		zh, en := names(words)
		c.fail("%[1]s「%[3]s」无法识别;可用:%[4]s", "%[2]s %[3]q is unknown; there are %[5]s", c.title(name), name, s, zh, en)
	}
	return id
}

// truth is 是 or 否; otherwise where absent.
func (c *cells) truth(name string, otherwise bool) bool {
	s := c.cell(name)
	if c.text(name) == "" && s != "无" {
		return otherwise
	}
	v, ok := yesNo[strings.ToLower(s)]
	if !ok {
		c.fail("%[1]s「%[3]s」应为是或否", "%[2]s %[3]q must be yes or no", c.title(name), name, s)
	}
	return v
}

var dateLayouts = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-1", "2006/1", "2006.1", "2006年1月", "2006年", "2006"}

// date reads the ways dates are written; a month or year alone is its first day,
// and five digits are a day number of Excel (day 0 is 1899-12-30).
func (c *cells) date(name string) *time.Time {
	s := c.text(name)
	if s == "" {
		return nil
	}
	day, _, _ := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
	var at time.Time
	if n, err := strconv.ParseFloat(day, 64); err == nil && n >= 10000 && n < 100000 {
		at = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))
		return &at
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, day); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return &t
		}
	}
	c.fail("%[1]s「%[3]s」不是日期;请写成 2024-03-01", "%[2]s %[3]q is no date; write 2024-03-01", c.title(name), name, s)
	return nil
}

// number is a decimal number; ok is false where absent.
func (c *cells) number(name string) (v float64, ok bool) {
	s := c.text(name)
	if s == "" {
		return 0, false
	}
	if !plainNumber(s) {
		if d, ok := sexagesimal(s); ok {
			return d, true
		}
	}
	return c.parse(name, strings.TrimSuffix(s, "°"))
}

// plainNumber tells digits with a point from anything that takes longer to read.
func plainNumber(s string) bool { return strings.Trim(s, "0123456789.-") == "" }

// parse reads a number that the text of a field holds.
func (c *cells) parse(name, s string) (v float64, ok bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		c.fail("%[1]s「%[3]s」不是数字", "%[2]s %[3]q is no number", c.title(name), name, s)
	}
	return v, true
}

// geometry is the row's own, else the point of its coordinate columns, in the
// coordinates of the file; nil where absent.
func (c *cells) geometry() orb.Geometry {
	if c.row.Geometry != nil {
		return c.row.Geometry
	}
	x, okX := c.number("lon")
	y, okY := c.number("lat")
	if okX != okY {
		c.fail("经度、纬度只有一个", "only one of lon and lat is there")
	}
	if !okX || !okY {
		return nil
	}
	return orb.Point{x, y}
}

// sexagesimal reads degrees, minutes and seconds: 122°56′18.5″, 122度56分18秒, 122°56'18".
func sexagesimal(s string) (degrees float64, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("°度′'’分″\"”秒 ", r) })
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	unit := 1.0
	for _, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || v < 0 || unit < 1 && v >= 60 {
			return 0, false
		}
		degrees += v * unit
		unit /= 60
	}
	return degrees, true
}
