package geocode

import (
	"cmp"
	"slices"
	"strings"
)

// link is one name of a chain: a stretch of the text read as a node. Links hang
// on the link before them, so that chains share their beginnings.
type link struct {
	prev       int32 // −1: the first
	unit       int32 // deepest division so far, −1 none
	detail     int32 // street, hamlet or compound that this link is, −1 none
	node       int32 // what was read, −1 nothing yet
	start, end int
	cost       int // points so far, what was jumped over included
	form       form
	skipped    int // characters of the text between names that nothing explains
	names      uint8
	wide       bool // more meanings than were looked at
}

const (
	priceSkipped = 16  // one character between two names that nothing explains
	priceDigit   = 6   // one digit or letter there
	priceMissing = 1   // township or village that is not said
	priceGone    = 14  // township that the tree has no longer, before a village of the county
	priceRepeat  = 1   // division that is said again
	priceFloat   = 8   // name without any division before it
	dearest      = 64  // chains beyond this are not followed
	manyMeanings = 256 // of one stretch below one division
	manyLinks    = 4096
)

// chains joins spans to chains that agree with the tree, beginning below root
// (−1: everywhere). Link 0 is the empty chain.
func (g *Gazetteer) chains(text []rune, spans []span, root int32) []link {
	gap := make([]int, len(text)+1) // price of jumping over text[:i]
	hans := make([]int, len(text)+1)
	for i, r := range text {
		gap[i+1], hans[i+1] = gap[i], hans[i]
		if han(r) {
			gap[i+1] += priceSkipped
			hans[i+1]++
			if r == '国' && i > 0 && text[i-1] == '中' { // 浙江宁波余姚市中国浙江宁波余姚市
				gap[i+1] -= 2 * priceSkipped
				hans[i+1] -= 2
			}
		} else if alnum(r) {
			gap[i+1] += priceDigit
		}
	}
	links := []link{{prev: -1, unit: root, detail: -1, node: -1}}
	seen := map[[4]int32]int32{}
	for _, s := range spans {
		n := len(links)
		for at := 0; at < n && len(links) < manyLinks; at++ {
			l := links[at]
			if l.end > s.start {
				continue
			}
			jump, skipped := gap[s.start]-gap[l.end], hans[s.start]-hans[l.end]
			if l.detail >= 0 && numberGap(text[l.end:s.start]) {
				jump, skipped = 0, 0
			}
			gone := l.detail < 0 && g.rank(l.unit) == rankCounty && g.goneTownship(text[l.end:s.start])
			if l.cost+jump > dearest && !gone {
				continue
			}
			for i, m := range g.under(s.meanings, l.unit) {
				next, ok := g.extend(l, m)
				if !ok {
					continue
				}
				next.prev, next.start, next.end = int32(at), s.start, s.end
				over := jump
				if gone && g.nodes[m.node].level == rankVillage && (m.form <= asAlias || m.form == asFormer) {
					over = min(over, priceGone)
				}
				next.cost += over + s.extra
				next.skipped += skipped
				if next.cost > dearest {
					continue
				}
				if i == manyMeanings {
					links[at].wide = true
					break
				}
				next.wide = l.wide
				k := [4]int32{next.unit, next.detail, int32(next.end), l.detail}
				if old, ok := seen[k]; ok {
					if links[old].cost > next.cost && links[old].start >= l.end {
						links[old] = next
					}
					continue
				}
				seen[k] = int32(len(links))
				links = append(links, next)
			}
		}
	}
	return links
}

// under gives the meanings that are below a division, then those that are it or
// above it. Meanings stand in preorder.
func (g *Gazetteer) under(all []meaning, unit int32) []meaning {
	if unit < 0 || len(all) < 8 {
		return all
	}
	from, _ := slices.BinarySearchFunc(all, unit+1, func(m meaning, n int32) int { return cmp.Compare(m.node, n) })
	to, _ := slices.BinarySearchFunc(all, g.nodes[unit].end, func(m meaning, n int32) int { return cmp.Compare(m.node, n) })
	out := all[from:to]
	for _, m := range all[:from] {
		if m.node == unit || g.below(unit, m.node) {
			out = append(slices.Clone(out), m)
		}
	}
	return out
}

// extend puts a meaning behind a link, if the tree allows it.
func (g *Gazetteer) extend(l link, m meaning) (link, bool) {
	n := &g.nodes[m.node]
	if l.form == asMoved && n.level >= rankVillage && m.form >= asShort { // a loosely written village tells not where the parts of a district went
		return link{}, false
	}
	next := link{unit: l.unit, detail: l.detail, node: m.node, cost: l.cost + formPrices[m.form], form: m.form, skipped: l.skipped, names: l.names + 1}
	switch {
	case m.node == l.unit || l.unit >= 0 && g.below(l.unit, m.node): // said again, or behind what lies in it
		if n.level >= rankStreet || l.detail >= 0 {
			return link{}, false
		}
		if l.names > 0 {
			next.cost += priceRepeat
		}
		return next, true
	case !g.below(m.node, l.unit):
		return link{}, false
	case n.level < rankStreet:
		if l.detail >= 0 {
			return link{}, false
		}
		next.unit = m.node
	case l.detail >= 0: // 文三路18号紫荆小区: a second name inside the same village
		if l.detail == m.node || g.nodes[l.detail].parent != n.parent || g.nodes[l.detail].level >= n.level {
			return link{}, false
		}
		next.detail = m.node
		return next, true
	default:
		next.unit, next.detail = n.parent, m.node
	}
	for above := n.parent; above >= 0 && above != l.unit; above = g.nodes[above].parent {
		if level := g.nodes[above].level; level == rankTownship || level == rankVillage {
			next.cost += priceMissing
		}
	}
	if l.names == 0 && n.level > rankCounty {
		next.cost += priceFloat
	}
	return next, true
}

// goneTownship tells whether text between a county and a village is the name of a
// township that the tree does not have, 党山镇: one that was merged into another.
func (g *Gazetteer) goneTownship(text []rune) bool {
	n := len(text)
	if n < 3 || n > 6 || text[n-1] != '镇' && text[n-1] != '乡' && (n < 4 || text[n-2] != '街' || text[n-1] != '道') {
		return false
	}
	for i := range text {
		if !han(text[i]) || slices.ContainsFunc(g.byName[string(text[i:])], func(m meaning) bool { return g.nodes[m.node].level <= rankTownship }) {
			return false
		}
	}
	return true
}

// numberGap tells whether text between two names is a plate: 18号, 128弄3号.
func numberGap(text []rune) bool {
	for _, r := range text {
		if !alnum(r) && !strings.ContainsRune("-号弄院、,", r) {
			return false
		}
	}
	return true
}

// leaf gives the deepest node of a link, −1 for none.
func (l *link) leaf() int32 {
	if l.detail >= 0 {
		return l.detail
	}
	return l.unit
}
