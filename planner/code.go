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

// IsCommunity tells an urban community (社区, village digits 001–199 and 400–499) from a village (村).
func (c Code) IsCommunity() bool {
	if c.Level() != Village {
		return false
	}
	v := string(c[9:])
	return v < "200" || v >= "400" && v < "500"
}
