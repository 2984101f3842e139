package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// addresses_dirty.csv spells addresses the way people write them down: for each
// it has the code of the true address, the dirty text and the kinds of dirt.
// Options.Dirt is the one number that sets how much: the share of addresses, of
// those that a kind can touch, which it does touch. Kinds of one group shut each
// other out, so that a text stays within what a reader could still resolve; groups
// combine freely. Addresses left clean are not in the file, and the manifest
// counts the rows of every kind (dirty.KIND).
//
// Nothing of this is shared with any parser: the rules know the elements of the
// address and spoil them; the tables are in dirt_tables.go.

// MaxDirt bounds Options.Dirt: five kinds share a group.
const MaxDirt = 0.2

// The kinds of dirt, by group.
var (
	dirtNames  = []string{"old_name", "homophone", "swapped_characters", "missing_township", "missing_village"}
	dirtDigits = []string{"full_width_digits", "chinese_digits", "dash_form"}
	dirtTails  = []string{"poi_tail", "direction_tail"}
	dirtSingle = []string{"missing_province_city", "short_name", "duplicate_admin_name", "spaces", "traditional_characters"}
)

// spelling is an address on its way to a dirty text.
type spelling struct {
	c       *county
	r       *rand.Rand
	h       house
	part    [5]string // province, prefecture, county, township, village
	detail  string    // street, estate or hamlet
	suffix  string    // what follows the detail's own name: 自然村
	number  int
	unit    string // 号 or 幢
	room    string // behind the number, in dash form
	tail    string
	touched [5]bool
	twice   int // element that is written twice, -1 none
	kinds   []string
}

const (
	partProvince = iota
	partPrefecture
	partCounty
	partTownship
	partVillage
)

// dirt gives the dirty spellings of the county's addresses.
func (r *chunk) dirt(c *county, rate float64) (rows [][]string) {
	d := newDirtier(c)
	for i := range c.villages {
		for serial, k := range c.villages[i].houses {
			if text, kinds := d.spoil(c.house[k], rate); len(kinds) > 0 {
				rows = append(rows, []string{c.addressCode(i, serial), text, strings.Join(kinds, "|")})
				for _, kind := range kinds {
					r.counts["dirty."+kind]++
				}
			}
		}
	}
	r.counts["dirty.rows"] = int64(len(rows))
	return rows
}

// dirtier knows the county's names, so that no spoiled name is another's.
type dirtier struct {
	c       *county
	r       *rand.Rand
	taken   map[string]bool
	hamlets map[string]int // township code and hamlet → how many villages have one
}

func newDirtier(c *county) *dirtier {
	d := &dirtier{c: c, r: c.random("dirt"), taken: map[string]bool{}, hamlets: map[string]int{}}
	for _, t := range c.plan.townships {
		d.taken[t.name], d.taken[stem(t.name)] = true, true
	}
	for i := range c.villages {
		v := &c.villages[i]
		d.taken[v.name], d.taken[stem(v.name)] = true, true
		for _, h := range v.hamlets {
			d.taken[h.name] = true
			d.hamlets[c.plan.townships[v.township].code+h.name]++
		}
	}
	for _, h := range c.house {
		d.taken[h.street], d.taken[h.estate] = true, true
	}
	return d
}

// spoil spells one address. Every address takes the same number of draws for the
// choice of kinds, whatever becomes of them.
func (d *dirtier) spoil(h house, rate float64) (string, []string) {
	c, v := d.c, &d.c.villages[h.village]
	s := &spelling{c: c, r: d.r, h: h, number: h.number, unit: "号", detail: h.street, twice: -1,
		part: [5]string{c.div.name, c.div.prefectures[c.plan.prefecture].name, c.plan.name, c.plan.townships[v.township].name, v.name}}
	switch {
	case h.estate != "":
		s.detail, s.number, s.unit = h.estate, h.block, "幢"
	case h.hamlet > 0:
		s.detail, s.suffix = v.hamlets[h.hamlet].name, "自然村"
	}
	names, digits, tails := choose(d.r, dirtNames, rate), choose(d.r, dirtDigits, rate), choose(d.r, dirtTails, rate)
	var single [5]bool
	for k := range single {
		single[k] = d.r.Float64() < rate
	}
	s.apply(names, map[string]func() bool{"old_name": func() bool { return d.oldName(s, v) }, "homophone": func() bool { return d.respell(s, homophone) },
		"swapped_characters": func() bool { return d.respell(s, swapped) }, "missing_township": s.dropTownship, "missing_village": func() bool { return d.dropVillage(s, v) }})
	for k, do := range []func() bool{s.dropProvince, s.shorten, s.repeat} {
		if single[k] && do() {
			s.kinds = append(s.kinds, dirtSingle[k])
		}
	}
	s.apply(digits, map[string]func() bool{"dash_form": s.dash, "full_width_digits": yes, "chinese_digits": yes})
	s.apply(tails, map[string]func() bool{"poi_tail": func() bool { s.tail = oneOf(d.r, poiTails); return true }, "direction_tail": func() bool { s.tail = s.direction(); return true }})
	text := s.text(digits)
	for k, do := range []func(string) string{func(t string) string { return spaced(d.r, t) }, traditional} {
		if single[3+k] {
			if out := do(text); out != text {
				text = out
				s.kinds = append(s.kinds, dirtSingle[3+k])
			}
		}
	}
	return text, s.kinds
}

func yes() bool { return true }

// apply spoils the address by the chosen kind of a group, if it can be done.
func (s *spelling) apply(kind string, how map[string]func() bool) {
	if kind != "" && how[kind]() {
		s.kinds = append(s.kinds, kind)
	}
}

// choose takes one kind of a group, each with the given probability, or none.
func choose(r *rand.Rand, kinds []string, rate float64) string {
	if k := int(r.Float64() / rate); k < len(kinds) {
		return kinds[k]
	}
	return ""
}

func oneOf(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// text joins the elements as they are now.
func (s *spelling) text(digits string) string {
	var b strings.Builder
	for k, p := range s.part {
		b.WriteString(p)
		if k == s.twice {
			b.WriteString(p)
		}
	}
	b.WriteString(s.detail + s.suffix)
	number := fmt.Sprint(s.number)
	switch digits {
	case "full_width_digits":
		number = strings.Map(func(r rune) rune { return r - '0' + '０' }, number)
	case "chinese_digits":
		number = hanNumber(s.number)
	}
	b.WriteString(number + s.unit + s.room + s.tail)
	return b.String()
}

// stem is a unit's name without the word for its kind.
func stem(name string) string {
	for _, kind := range []string{"街道", "社区", "省", "市", "县", "区", "镇", "乡", "村"} {
		if s, ok := strings.CutSuffix(name, kind); ok && len([]rune(s)) > 1 {
			return s
		}
	}
	return name
}
