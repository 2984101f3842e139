package geocode

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner/address"
)

// tail is what follows a name: its numbers, and what nothing explains.
type tail struct {
	numbers []address.Element // plate … room, in order, before any other name
	strange int               // characters of unknown names before the numbers
	firm    bool              // a name behind the numbers
	counted bool              // a number was seen
	cut     bool              // what follows is the rest of a longer name: 文三 in 文三路
	clean   bool              // what follows is a street or hamlet of its own
	beside  bool              // 对面, 往东 50米: the numbered house is only near
}

// leads stand for a name, so that the parser reads a number behind a street as a
// plate, behind an estate as a building.
var leads = [...]string{rankTownship: "某某镇", rankVillage: "某某村",
	rankStreet: "某某路", rankHamlet: "某某自然村", rankCompound: "某某小区"}

// tailOf reads the text behind a name of a rank.
func tailOf(rank uint8, text []rune) (t tail) {
	if len(text) == 0 {
		return t
	}
	lead := leads[rank]
	skip := len([]rune(lead))
	for _, e := range address.Parse(lead + string(text)) {
		if e.Start < skip {
			if e.End > skip { // the parser ran lead and text together
				t.strange += e.End - skip
				t.cut = true
			}
			continue
		}
		switch e.Level {
		case address.Plate, address.Building, address.Entrance, address.Floor, address.Room:
			t.counted = true
			if t.strange == 0 && !t.firm {
				t.numbers = append(t.numbers, e)
			}
		case address.Rest:
			if !t.counted && t.strange == 0 && strings.ContainsFunc(e.Text, han) && !strings.ContainsAny(e.Text, "(【[") {
				t.beside = true
			}
		default:
			if t.counted {
				t.firm = true
				continue
			}
			if t.strange == 0 {
				part := numbered(e) // 3组, 二区: parts of the village
				t.cut = !part && (e.End-e.Start < 3 || zone(e.Text))
				t.clean = part || !t.cut && (e.Level == address.Street || e.Level == address.Hamlet)
			}
			t.strange += e.End - e.Start
		}
	}
	return t
}

// numberKeys gives the keys under which a tail's house may stand, the longest
// first, each with the price of what it leaves out.
func (t *tail) numberKeys() (keys []string, prices []int) {
	full := numberKey(t.numbers...)
	if full == "" {
		if len(t.numbers) == 0 {
			return []string{""}, []int{0}
		}
		return []string{string(fold(t.numbers[0].Canonical()))}, []int{0}
	}
	must := 0 // parts that name the house itself
	for _, e := range t.numbers {
		if e.Level == address.Plate || e.Level == address.Building {
			must += 1 + strings.Count(numberKey(e), "-")
		}
	}
	parts := strings.Split(full, "-")
	for n := len(parts); n > 0; n-- {
		price := 0
		for i := n; i < min(must, len(parts)); i++ {
			if len(parts[i]) >= 3 && i > 0 { // 澄江弄2-602: a room
				price += 6
			} else {
				price += 25
			}
		}
		keys, prices = append(keys, strings.Join(parts[:n], "-")), append(prices, price)
	}
	return keys, prices
}

// numbered tells whether an element is a numbered part of a village.
func numbered(e address.Element) bool {
	r := []rune(e.Text)
	last := r[len(r)-1]
	return len(r) <= 4 && (alnum(r[0]) || strings.ContainsRune("一二三四五六七八九十", r[0])) && (e.Level == address.Hamlet || e.Level == address.Compound && last == '区')
}

// zone tells whether a name begins with what zones are called after a place: 滨海工业园区 is not in 滨海镇.
func zone(name string) bool {
	return slices.ContainsFunc([]string{"工业", "经济", "科技", "高新", "产业", "开发区"}, func(w string) bool { return strings.HasPrefix(name, w) })
}
