package planner

import "strings"

// Level is a rank of the division tree, from province (1) down to village (5).
type Level uint8

// The levels.
const (
	Province Level = iota + 1
	Prefecture
	County
	Township
	Village
)

var levelNames = [...]string{Province: "province", Prefecture: "prefecture", County: "county", Township: "township", Village: "village"}

// String gives the English name used in files and layers.
func (l Level) String() string {
	if l < Province || l > Village {
		return ""
	}
	return levelNames[l]
}

// ParseLevel reads the name that String gives; 0 if it is none.
func ParseLevel(s string) Level {
	for l := Province; l <= Village; l++ {
		if levelNames[l] == s {
			return l
		}
	}
	return 0
}

// codeWidth is the number of significant digits at a level: 2+2+2+3+3 of the
// statistical division code (国家统计局 统计用区划代码, GB/T 2260 and GB/T 10114).
var codeWidth = [...]int{Province: 2, Prefecture: 4, County: 6, Township: 9, Village: 12}

// Code is a division code: 12 digits, padded with zeros at the upper levels.
type Code string

// ParseCode reads a code of 2, 4, 6, 9 or 12 digits and pads it to 12.
func ParseCode(s string) (Code, error) {
	s = strings.TrimSpace(s)
	for _, r := range s {
		if r < '0' || r > '9' {
			return "", Errorf(Invalid, "区划代码「%s」含有数字以外的字符", "division code %q has characters other than digits", s)
		}
	}
	switch len(s) {
	case 2, 4, 6, 9, 12:
		return Code(s + strings.Repeat("0", 12-len(s))), nil
	}
	return "", Errorf(Invalid, "区划代码「%s」应为2、4、6、9或12位数字", "division code %q must have 2, 4, 6, 9 or 12 digits", s)
}

// Level tells the level from the trailing zeros; 0 for a malformed code.
func (c Code) Level() Level {
	if len(c) != 12 {
		return 0
	}
	for l := Village; l > Province; l-- {
		if strings.Trim(string(c[codeWidth[l-1]:codeWidth[l]]), "0") != "" {
			return l
		}
	}
	return Province
}

// Prefix gives the significant digits, so that every unit below shares them.
func (c Code) Prefix() string {
	if l := c.Level(); l != 0 {
		return string(c[:codeWidth[l]])
	}
	return string(c)
}

// Ancestor gives the code of the unit at level l above c (or c itself).
func (c Code) Ancestor(l Level) Code {
	if len(c) != 12 || l < Province || l > Village {
		return ""
	}
	w := codeWidth[l]
	return c[:w] + Code(strings.Repeat("0", 12-w))
}

// Parent gives the code one level up; "" for a province.
func (c Code) Parent() Code {
	if l := c.Level(); l > Province {
		return c.Ancestor(l - 1)
	}
	return ""
}

// Codes that nobody has issued: own townships have the digits 900–999, own communities 600–799 and
// own villages 800–999, which the statistical division code leaves free.
const (
	OwnTownship  = 900
	OwnCommunity = 600
	OwnVillage   = 800
)

// IsOwn tells a code of our own, of a unit that came by name only.
func (c Code) IsOwn() bool {
	switch c.Level() {
	case Township:
		return c[6:9] >= "900"
	case Village:
		return c[9:] >= "600"
	}
	return false
}

// IsSimilar tells 类似乡级单位 (township digits 400–599) and their villages.
func (c Code) IsSimilar() bool { return c.Level() >= Township && c[6:9] >= "400" && c[6:9] < "600" }

// IsPlaceholder tells the township of the lists that is none: villages of a county without
// townships (龙港市) hang on 「龙港县直辖村级区划」.
func IsPlaceholder(name string) bool { return strings.Contains(name, "直辖") }

// Malformed says what is wrong with the structure of a code; the zero Text if nothing is.
// Townships have 001–599 (GB/T 10114: 001–099 街道, 100–199 镇, 200–399 乡; 400–599 similar units), villages
// 001–599; own codes are in the rest.
func (c Code) Malformed() Text {
	switch {
	case c == "" || c.Level() == 0:
	case c.Level() >= Township && c[6:9] == "000":
		return Text{ZH: "有村级代码而没有乡级代码", EN: "has village digits but no township digits"}
	case c.Level() >= Township && c[6:9] >= "600" && c[6:9] < "900":
		return Text{ZH: "的乡级三位应为001–599", EN: "must have township digits 001–599"}
	case c[:2] < "11":
		return Text{ZH: "的省级两位应不小于11", EN: "must begin with a province, 11 or more"}
	}
	return Text{}
}

// VillageName gives the short form of a village's name: 王坛村委会 and 王坛村民委员会 are 王坛村, 舜江源社区居委会 is 舜江源社区.
func VillageName(name string) string {
	for _, committee := range []struct{ suffix, ending string }{
		{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"村村民委员会", "村"}, {"村村委会", "村"}, {"村民委员会", "村"}, {"村委会", "村"}, {"居民委员会", "社区"}, {"居委会", "社区"},
	} {
		if bare, ok := strings.CutSuffix(name, committee.suffix); ok && bare != "" {
			return strings.TrimSuffix(bare, committee.ending) + committee.ending
		}
	}
	return name
}

// IsCommunity tells an urban community (社区, village digits 001–199, 400–499 and our 600–799) from a village (村).
func (c Code) IsCommunity() bool {
	if c.Level() != Village {
		return false
	}
	v := string(c[9:])
	return v < "200" || v >= "400" && v < "500" || v >= "600" && v < "800"
}
