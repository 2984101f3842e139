package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// dropProvince leaves out the province, the prefecture or both.
func (s *spelling) dropProvince() bool {
	switch s.r.IntN(3) {
	case 0:
		s.part[partProvince] = ""
	case 1:
		s.part[partPrefecture] = ""
	default:
		s.part[partProvince], s.part[partPrefecture] = "", ""
	}
	return true
}

func (s *spelling) dropTownship() bool {
	s.part[partTownship] = ""
	return true
}

// dropVillage leaves out the village where the rest still says which house it
// is: streets are numbered through a township, hamlets may share a name.
func (d *dirtier) dropVillage(s *spelling, v *village) bool {
	if s.h.estate != "" || s.detail == "" || s.suffix != "" && d.hamlets[d.c.plan.townships[v.township].code+s.detail] > 1 {
		return false
	}
	s.part[partVillage] = ""
	return true
}

// shorten leaves out the word for the kind of county, township or village.
func (s *spelling) shorten() bool {
	k := partCounty + s.r.IntN(3)
	short := stem(s.part[k])
	if s.touched[k] || short == s.part[k] {
		return false
	}
	s.part[k], s.touched[k] = short, true
	return true
}

// repeat writes the county or the township twice.
func (s *spelling) repeat() bool {
	k := partCounty + s.r.IntN(2)
	if s.part[k] == "" {
		return false
	}
	s.twice = k
	return true
}

// dash turns a block into block-entrance-room: 12-3-602.
func (s *spelling) dash() bool {
	if s.unit != "幢" {
		return false
	}
	s.unit = ""
	s.room = fmt.Sprintf("-%d-%d%02d", 1+s.r.IntN(3), 1+s.r.IntN(6), 1+s.r.IntN(2))
	return true
}

func (s *spelling) direction() string {
	t := oneOf(s.r, directionTails)
	if strings.Contains(t, "%d") {
		t = fmt.Sprintf(t, 10*(2+s.r.IntN(28)))
	}
	return t
}

// oldName takes a village's former name, which places.csv lists as an alias, or
// the kind that a township had before it was raised.
func (d *dirtier) oldName(s *spelling, v *village) bool {
	if alias := d.c.alias(v); alias != "" && d.r.IntN(2) == 0 {
		s.part[partVillage], s.touched[partVillage] = alias, true
		return true
	}
	name := s.part[partTownship]
	for _, raised := range [][2]string{{"街道", "镇"}, {"镇", "乡"}} {
		if base, ok := strings.CutSuffix(name, raised[0]); ok && !d.taken[base+raised[1]] {
			s.part[partTownship], s.touched[partTownship] = base+raised[1], true
			return true
		}
	}
	return false
}

// respell spoils the name of the village, the township or the detail by rule,
// unless that gives a name that exists.
func (d *dirtier) respell(s *spelling, rule func(*rand.Rand, string) string) bool {
	target, k := &s.detail, d.r.IntN(10)
	switch {
	case k < 2:
		target = &s.part[partTownship]
		s.touched[partTownship] = true
	case k < 7 || s.detail == "":
		target = &s.part[partVillage]
		s.touched[partVillage] = true
	}
	base := stem(*target)
	wrong := rule(d.r, base)
	if wrong == base || d.taken[wrong] || d.taken[wrong+strings.TrimPrefix(*target, base)] {
		return false
	}
	*target = wrong + strings.TrimPrefix(*target, base)
	return true
}

// homophone writes one character as another that sounds the same.
func homophone(r *rand.Rand, name string) string {
	chars := []rune(name)
	for _, k := range r.Perm(len(chars)) {
		if same, ok := homophones[chars[k]]; ok {
			list := []rune(same)
			chars[k] = list[r.IntN(len(list))]
			return string(chars)
		}
	}
	return name
}

// swapped exchanges two neighbouring characters.
func swapped(r *rand.Rand, name string) string {
	chars := []rune(name)
	if len(chars) < 2 {
		return name
	}
	k := r.IntN(len(chars) - 1)
	chars[k], chars[k+1] = chars[k+1], chars[k]
	return string(chars)
}

// spaced puts one to three spaces, half or full width, into a text.
func spaced(r *rand.Rand, text string) string {
	chars := []rune(text)
	for range 1 + r.IntN(3) {
		k := 1 + r.IntN(len(chars)-1)
		gap := ' '
		if r.IntN(4) == 0 {
			gap = '\u3000'
		}
		chars = append(chars[:k], append([]rune{gap}, chars[k:]...)...)
	}
	return string(chars)
}

// traditional writes a text in traditional characters.
func traditional(text string) string {
	return strings.Map(func(c rune) rune {
		if t, ok := traditionals[c]; ok {
			return t
		}
		return c
	}, text)
}

// hanNumber spells 1 to 9,999 in Chinese: 105 is 一百零五, 12 is 十二.
func hanNumber(n int) string {
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	gap := false
	for k, place := range []struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / place.value % 10
		if d == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteRune(digits[0])
			gap = false
		}
		if !(d == 1 && k == 2 && b.Len() == 0) {
			b.WriteRune(digits[d])
		}
		b.WriteString(place.name)
	}
	return b.String()
}
