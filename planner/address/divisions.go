package address

import (
	_ "embed"
	"strings"
)

//go:embed divisions.txt
var divisionsText string

// division is a name that an address may use for divisions of one level.
type division struct {
	name  []rune
	level Level
	short bool     // 「景宁」 for 景宁畲族自治县, without generic word
	codes []uint32 // six digits, of all that bear the name; withdrawn codes not kept end in 99
}

// divisions holds the names by their first two characters, longest first.
var divisions = loadDivisions(divisionsText)

func pairKey(a, b rune) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

func loadDivisions(text string) map[uint64][]*division {
	byName := map[string]*division{}
	var order []*division
	add := func(name string, level Level, code uint32, short bool) {
		key := string(level) + name
		d := byName[key]
		if d == nil {
			d = &division{name: []rune(name), level: level, short: short}
			byName[key] = d
			order = append(order, d)
		}
		d.short = d.short && short
		d.codes = append(d.codes, code)
	}
	names := func(name string, level Level, code uint32) {
		add(name, level, code, false)
		for _, s := range shortNames(name, level) {
			add(s, level, code, strings.HasPrefix(name, s)) // 「景宁县」 is as good as a full name
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, counties, _ := strings.Cut(line, ":")
		head, gone, _ := strings.Cut(head, " | ")
		if kept, withdrawn, ok := strings.Cut(counties, " | "); ok {
			counties, gone = kept, withdrawn
		}
		digits, name, _ := strings.Cut(strings.TrimSpace(head), " ")
		base := number(digits)
		if len(digits) == 2 {
			level := Province
			if strings.HasSuffix(name, "市") { // municipalities fill the prefecture's place
				level = Prefecture
			}
			names(name, level, base*10000)
			continue
		}
		if name = strings.TrimPrefix(name, "-"); name != "." {
			names(name, Prefecture, base*100)
		}
		for _, c := range strings.Fields(counties + " " + gone) {
			code := base*100 + 99
			if c[:2] != "--" {
				code = base*100 + number(c[:2])
			}
			names(c[2:], County, code)
		}
	}
	index := map[uint64][]*division{}
	for _, d := range order {
		k := pairKey(d.name[0], d.name[1])
		index[k] = append(index[k], d)
	}
	return index
}

func number(digits string) (n uint32) {
	for _, c := range digits {
		n = n*10 + uint32(c-'0')
	}
	return n
}

// peoples are the nationalities in names of autonomous divisions, longest first where one begins another.
var peoples = strings.Fields("维吾尔 哈萨克 柯尔克孜 蒙古 塔吉克 锡伯 鄂温克 鄂伦春 达斡尔 朝鲜 土家 布依 仡佬 哈尼 傈僳 景颇 拉祜 布朗 普米 " +
	"仫佬 毛南 撒拉 保安 裕固 东乡 各 回 藏 苗 彝 壮 满 侗 瑶 白 傣 黎 佤 畲 水 纳西 土 羌 怒 独龙 京 门巴 珞巴")

// shortNames gives the other names that people write for a division: without
// its generic word, and without the nationalities of autonomous ones.
func shortNames(name string, level Level) []string {
	var out []string
	keep := func(s string) {
		if len([]rune(s)) >= 2 {
			out = append(out, s)
		}
	}
	for _, g := range []string{"壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "新区", "林区", "省", "市", "县", "区", "盟", "旗", "州"} {
		stem, ok := strings.CutSuffix(name, g)
		if !ok {
			continue
		}
		bare := stem
		if level == Province && strings.HasSuffix(g, "族自治区") || g == "维吾尔自治区" {
			keep(stem + "省")
		}
		for again := strings.HasPrefix(g, "自治"); again; {
			again = false
			for _, p := range peoples {
				if s, ok := strings.CutSuffix(strings.TrimSuffix(bare, "族"), p); ok && len(s) >= 6 {
					bare, again = s, true
					break
				}
			}
		}
		keep(bare)
		if g == "新区" {
			keep(stem + "区") // 浦东区
		}
		if bare == "内蒙古" {
			keep("内蒙")
		}
		if strings.HasPrefix(g, "自治") {
			keep(bare + g) // 景宁自治县
			switch g {
			case "自治区":
				keep(bare + "省") // never correct, often written
			case "自治州":
				keep(bare + "州")
			case "自治县":
				keep(bare + "县")
			}
		}
		break
	}
	return out
}
