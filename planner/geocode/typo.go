package geocode

import (
	"math/bits"
	"slices"
	"strings"
)

const (
	manyBelow   = 6000 // names below a division: with more, spelling mistakes are looked for in counties and townships alone
	wrongInLong = 6    // characters of a name in which one may be plainly wrong
)

// misspelt looks for names that stand at text[at:] with a spelling mistake and
// lie below a division. Only there: in a whole province nearly every village name
// is one character from another.
func (g *Gazetteer) misspelt(text []rune, at int, unit int32, found []span) []span {
	from, to := int32(0), int32(len(g.nodes))
	if unit >= 0 {
		from, to = unit+1, g.nodes[unit].end
	}
	deepest := rankCompound
	if to-from > manyBelow {
		deepest = rankTownship
	}
	exact := g.exactly(text, at, unit)
	var signs [longestName + 2]uint64 // of the first characters, by their number
	for i := 1; i < len(signs); i++ {
		if signs[i] = signs[i-1]; at+i <= len(text) {
			signs[i] |= signOf(text[at+i-1 : at+i])
		}
	}
	for node := from; node < to; {
		if g.nodes[node].level > deepest { // nothing below it either
			node = g.nodes[node].end
			continue
		}
		for i := g.nodes[node].first; int(i) < len(g.written) && g.written[i].node == node; i++ {
			v := &g.written[i]
			if strange := bits.OnesCount64(v.sign &^ signs[len(v.text)+1]); strange > mistakes || strange*2 > len(v.text) || v.form != asWritten && len(v.text) < 3 {
				continue
			}
			if f, n, extra, ok := nearly(v.text, text[at:]); ok && n > exact {
				found = append(found, span{start: at, end: at + n, meanings: []meaning{{v.node, f}}, extra: extra + formPrices[v.form]})
			}
		}
		node++
	}
	return found
}

// exactly gives how many characters at text[at:] are a name below a division as it
// is written: that is then no misspelling of another.
func (g *Gazetteer) exactly(text []rune, at int, unit int32) (n int) {
	for end := at + 3; end <= min(at+longestName, len(text)); end++ {
		for _, m := range g.under(g.byName[string(text[at:end])], unit) {
			if m.form <= asAlias && g.below(m.node, unit) {
				n = end - at
			}
		}
	}
	return n
}

// mistakes is the most wrong characters of a name.
const mistakes = 2

// nearly tells whether text begins with name up to one mistake (any number of
// sound-alikes counts as such, each with its price), how, and how many characters
// of the text that takes. The name as it is does not count.
func nearly(name, text []rune) (f form, n, extra int, ok bool) {
	if len(name) < 2 || len(text) < len(name)-1 || !sharing(name, text) {
		return 0, 0, 0, false
	}
	if len(text) >= len(name) {
		var wrong []int
		for i, r := range name {
			if text[i] != r {
				wrong = append(wrong, i)
			}
		}
		sounds := 0
		for _, i := range wrong {
			if more, ok := alike(name[i], text[i]); ok && han(text[i]) {
				sounds++
				extra += more
			}
		}
		switch {
		case len(wrong) == 0:
			return 0, 0, 0, false
		case sounds == len(wrong) && sounds < len(name):
			return asSound, len(name), extra + (sounds-1)*formPrices[asSound], true
		case len(wrong) == 2 && wrong[1] == wrong[0]+1 && text[wrong[0]] == name[wrong[1]] && text[wrong[1]] == name[wrong[0]] && len(name) > 2:
			return asSwapped, len(name), 0, true
		case len(wrong) == 1 && len(name) > 2 && han(text[wrong[0]]) && han(name[wrong[0]]):
			return asMistyped, len(name), plain(name, name[wrong[0]], text[wrong[0]]), true
		}
	}
	if i := prefixLen(name, text); len(name) > 2 && i > 0 {
		switch {
		case slices.Equal(name[i+1:], text[i:min(len(text), len(name)-1)]) && han(name[i]): // one is missing
			return asMistyped, len(name) - 1, plain(name, name[i]), true
		case len(text) > len(name) && slices.Equal(name[i:], text[i+1:len(name)+1]) && han(text[i]): // one too many
			return asMistyped, len(name) + 1, plain(name, text[i]), true
		}
	}
	return 0, 0, 0, false
}

// plain is what one character that is simply another costs on top: too much to be
// certain, unless the name is long and the character is none of those in which
// neighbouring names differ. 滨江北路 is not 澄江北路, nor 塔山西路 塔山路.
func plain(name []rune, characters ...rune) int {
	if len(name) < wrongInLong || strings.ContainsAny(string(characters), telling) {
		return priceDoubt
	}
	return 0
}

const (
	telling    = "东西南北中前后上下内外大小新老旧左右一二三四五六七八九十甲乙丙丁路街弄巷道里坊苑村社区镇乡县市"
	priceDoubt = 20
)

// sharing is a quick look whether the two have enough in common to compare.
func sharing(name, text []rune) bool {
	n := 0
	window := text[:min(len(text), len(name)+1)]
	for _, r := range name {
		if slices.Contains(window, r) {
			n++
		}
	}
	return n >= (len(name)+1)/2
}

func prefixLen(a, b []rune) int {
	i := 0
	for i < len(a)-1 && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}
