package geocode

import (
	"math/bits"
	"slices"
)

const (
	manyBelow   = 6000 // names below a division: with more, spelling mistakes are looked for in counties and townships alone
	wrongInLong = 4    // characters of a name in which one may be plainly wrong
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
			if f, n, extra, ok := nearly(v.text, text[at:]); ok {
				found = append(found, span{start: at, end: at + n, meanings: []meaning{{v.node, f}}, extra: extra + formPrices[v.form]})
			}
		}
		node++
	}
	return found
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
			return asMistyped, len(name), short(name), true
		}
	}
	if i := prefixLen(name, text); len(name) > 2 && i > 0 {
		switch {
		case slices.Equal(name[i+1:], text[i:min(len(text), len(name)-1)]) && han(name[i]): // one is missing
			return asMistyped, len(name) - 1, short(name), true
		case len(text) > len(name) && slices.Equal(name[i:], text[i+1:len(name)+1]) && han(text[i]): // one too many
			return asMistyped, len(name) + 1, short(name), true
		}
	}
	return 0, 0, 0, false
}

// short makes one plain mistake in a short name too dear to be certain: two out
// of three characters, one of them 村, point at many villages.
func short(name []rune) int {
	if len(name) < wrongInLong {
		return 20
	}
	return 0
}

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
