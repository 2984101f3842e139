package address

import (
	"strconv"
	"strings"
)

// Canonical gives the one spelling under which an element is compared: half
// width, upper case, simplified, no spaces; numbers in Arabic digits with the
// unit of the level (幢, 单元, 层, 室, 号), villages by their short name. It is
// idempotent, and keeps what it does not know.
func (e Element) Canonical() string {
	var folded []rune
	for _, r := range e.Text {
		if r = fold(r); kindOf(r) != space {
			folded = append(folded, r)
		}
	}
	text := string(folded)
	switch e.Level {
	case Village:
		return canonicalVillage(text)
	case Plate:
		return canonicalNumber(text, "号", "号")
	case Hamlet:
		return canonicalNumber(text, "组", "村民小组", "小组", "组")
	case Building:
		return canonicalNumber(text, "幢", "号楼", "#楼", "幢楼", "栋楼", "#", "栋", "幢", "座", "号")
	case Entrance:
		return canonicalNumber(text, "单元", "号单元", "单元", "门", "梯", "号")
	case Floor:
		return canonicalNumber(text, "层", "楼层", "层楼", "层", "楼", "F")
	case Room:
		return canonicalNumber(text, "室", "号室", "号房", "房间", "室", "房", "户", "号")
	}
	return text
}

// canonicalVillage shortens the names of the committees to the place's.
func canonicalVillage(text string) string {
	for _, c := range []struct{ long, short string }{
		{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"社区居委", "社区"}, {"居民委员会", "社区"}, {"居委会", "社区"}, {"居委", "社区"},
		{"村村民委员会", "村"}, {"村民委员会", "村"}, {"村委会", "村"}, {"村委", "村"}, {"行政村", "村"},
	} {
		if stem, ok := strings.CutSuffix(text, c.long); ok && stem != "" {
			return canonicalVillage(stem + c.short)
		}
	}
	return text
}

// canonicalNumber writes a number with one of units (or none) with the first
// unit instead. A number is digits and letters, or a Chinese number; text that
// is not such a number stays.
func canonicalNumber(text, unit string, units ...string) string {
	stem := text
	for _, u := range units {
		if s, ok := strings.CutSuffix(text, u); ok {
			stem = s
			break
		}
	}
	stem = strings.TrimPrefix(stem, "第")
	if below, ok := strings.CutPrefix(stem, "负"); ok {
		if n, ok := arabic(below); ok {
			return "-" + n + unit
		}
	}
	if n, ok := arabic(stem); ok {
		return n + unit
	}
	for _, r := range stem {
		if k := kindOf(r); k != alnum && k != dash {
			return text
		}
	}
	if stem == "" || kindOf([]rune(stem)[0]) == dash && unit != "层" {
		return text
	}
	if strings.HasSuffix(text, "座") && stem[len(stem)-1] > '9' { // 「B座」 is a name
		return text
	}
	return stem + unit
}

// arabic turns a Chinese number below ten thousand (「二百一十二」, 「三〇二」) into digits.
func arabic(s string) (string, bool) {
	digits := map[rune]int{'零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	if s == "" {
		return "", false
	}
	if !strings.ContainsAny(s, "十百廿") { // digit by digit
		var b strings.Builder
		for _, r := range s {
			d, ok := digits[r]
			if !ok {
				return "", false
			}
			b.WriteByte(byte('0' + d))
		}
		return b.String(), true
	}
	total, d, tens := 0, 0, false
	for _, r := range s {
		switch {
		case r == '百' && d > 0:
			total, d = total+100*d, 0
		case r == '十' && !tens:
			total, d, tens = total+10*max(d, 1), 0, true
		case r == '廿' && !tens && d == 0:
			total, tens = total+20, true
		default:
			v, ok := digits[r]
			if !ok || d != 0 {
				return "", false
			}
			d = v
		}
	}
	return strconv.Itoa(total + d), true
}
