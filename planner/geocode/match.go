package geocode

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// span is a stretch text[start:end] that can be a name.
type span struct {
	start, end int
	meanings   []meaning
	extra      int // points on top of the form's: a second wrong character
}

// spans finds every name of the gazetteer in a text, by start and then length.
func (g *Gazetteer) spans(text []rune) (found []span) {
	var buf [4 * longestName]byte
	for i := 0; i+1 < len(text); i++ {
		most := int(g.longest[[2]rune{text[i], text[i+1]}])
		b := buf[:0]
		for j := i; j < min(i+most, len(text)); j++ {
			b = utf8.AppendRune(b, text[j])
			if j == i {
				continue
			}
			if m := g.byName[string(b)]; m != nil {
				found = append(found, span{start: i, end: j + 1, meanings: m})
			}
		}
	}
	return found
}

func sortSpans(s []span) {
	slices.SortStableFunc(s, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
}
