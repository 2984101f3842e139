package geocode

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// Name is one entry of a gazetteer: a division, or a street, hamlet or compound
// inside one.
type Name struct {
	ID      int64         // under which its houses are asked for; 0 has none
	Level   address.Level // province … village, street, hamlet, compound
	Code    planner.Code  // the division itself, or the one that it lies in
	Name    string        // as it is written
	Aliases []string      // other and former names
	Formers []string      // units that it, or a part of it, once belonged to at its own level
	Point   *orb.Point    // lon, lat; nil when unknown
}

// Gazetteer holds all names of one data version. It is immutable: any number of
// goroutines may ask it.
type Gazetteer struct {
	nodes   []node
	spots   []orb.Point
	byName  map[string][]meaning // in preorder
	longest map[[2]rune]uint8    // most characters of a name that begins so
	written []variant            // every spelling, in preorder of its nodes
	typed   []int32              // indices into written, by text
	sounds  []sound              // for type-ahead, sorted
}

// node is a name in the tree. Nodes stand in preorder: those below node i are i+1 … end-1.
type node struct {
	id     int64
	name   string
	folded []rune
	code   planner.Code
	level  uint8 // rank
	parent int32 // −1 at the top
	end    int32
	spot   int32 // index + 1 in spots
	first  int32 // of its spellings in written
}

// meaning is what a spelling can mean, and how far it is from the standard name.
type meaning struct {
	node int32
	form form
}

// variant is one spelling of a node.
type variant struct {
	node int32
	form form
	text []rune
	sign uint64 // one bit for each character: which names can be near a text
}

// signOf gives the bits of the characters of a text.
func signOf(text []rune) (s uint64) {
	for _, r := range text {
		s |= 1 << (uint32(r) * 0x9E3779B1 >> 26)
	}
	return s
}

// Ranks of levels in the tree.
const (
	rankProvince uint8 = iota + 1
	rankPrefecture
	rankCounty
	rankTownship
	rankVillage
	rankStreet // street, hamlet and compound are siblings
	rankHamlet
	rankCompound
)

var rankLevels = [...]address.Level{rankProvince: address.Province, rankPrefecture: address.Prefecture, rankCounty: address.County, rankTownship: address.Township,
	rankVillage: address.Village, rankStreet: address.Street, rankHamlet: address.Hamlet, rankCompound: address.Compound}

// Build makes a gazetteer. Names of one level, place and spelling are one; names
// of a division that is not among them hang on the nearest one above.
func Build(names []Name) *Gazetteer {
	type entry struct {
		Name
		rank   uint8
		folded []rune
	}
	list := make([]entry, 0, len(names))
	for _, n := range names {
		rank := slices.Index(rankLevels[:], n.Level)
		if f := fold(address.Element{Level: n.Level, Text: n.Name}.Canonical()); rank > 0 && len(f) > 0 && len(n.Code) == 12 {
			list = append(list, entry{n, uint8(rank), f})
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(min(a.rank, rankStreet), min(b.rank, rankStreet)), cmp.Compare(a.rank, b.rank),
			slices.Compare(a.folded, b.folded), -cmp.Compare(a.ID, b.ID))
	})
	g := &Gazetteer{byName: make(map[string][]meaning, 2*len(list)), longest: map[[2]rune]uint8{}}
	var above []int32 // the divisions that are open
	for i, e := range list {
		at := int32(len(g.nodes))
		twin := i > 0 && list[i-1].Code == e.Code && list[i-1].rank == e.rank && slices.Equal(list[i-1].folded, e.folded)
		if twin {
			at--
		} else {
			for len(above) > 0 && !within(e.Code, e.rank, &g.nodes[above[len(above)-1]]) {
				g.nodes[above[len(above)-1]].end = at
				above = above[:len(above)-1]
			}
			n := node{id: e.ID, name: strings.TrimSpace(e.Name.Name), folded: e.folded, code: e.Code, level: e.rank, parent: -1, end: at + 1, first: int32(len(g.written))}
			if len(above) > 0 {
				n.parent = above[len(above)-1]
			}
			g.nodes = append(g.nodes, n)
			if e.rank < rankStreet {
				above = append(above, at)
			}
		}
		if n := &g.nodes[at]; e.Point != nil && (n.spot == 0 || e.ID == 0) { // the point that a unit or place itself has goes before the middle of its houses
			g.spots = append(g.spots, *e.Point)
			n.spot = int32(len(g.spots))
		}
		g.spell(at, e.rank, e.folded, e.Aliases, asAlias)
		g.spell(at, e.rank, nil, e.Formers, asMoved)
	}
	for _, at := range above {
		g.nodes[at].end = int32(len(g.nodes))
	}
	g.listen()
	return g
}

// within tells whether a name of a code and rank hangs below a division.
func within(code planner.Code, rank uint8, above *node) bool {
	return above.level < rank && strings.HasPrefix(string(code), above.code.Prefix())
}

// spell files a node under every spelling.
func (g *Gazetteer) spell(at int32, rank uint8, name []rune, aliases []string, as form) {
	add := func(s []rune, f form) {
		if len(s) < 2 || len(s) > longestName {
			return
		}
		all := g.byName[string(s)]
		for i := range all {
			if all[i].node == at {
				all[i].form = min(all[i].form, f)
				return
			}
		}
		g.byName[string(s)] = append(all, meaning{at, f})
		g.written = append(g.written, variant{at, f, s, signOf(s)})
		k := [2]rune{s[0], s[1]}
		g.longest[k] = max(g.longest[k], uint8(len(s)))
	}
	add(name, asWritten)
	for _, v := range spellings(rank, name) {
		add(v.text, v.form)
	}
	for _, a := range aliases {
		f := fold(address.Element{Level: rankLevels[rank], Text: a}.Canonical())
		add(f, as)
		for _, v := range spellings(rank, f) {
			if above := g.nodes[at].parent; slices.ContainsFunc(g.byName[string(v.text)], func(m meaning) bool { return m.node == above }) {
				continue // 绍兴 is the city, not the 绍兴县 of old
			}
			add(v.text, as)
		}
	}
}

const longestName = 24

// below tells whether node a stands below node b; b < 0 is the top.
func (g *Gazetteer) below(a, b int32) bool { return b < 0 || a > b && a < g.nodes[b].end }

// Size gives the number of names.
func (g *Gazetteer) Size() int { return len(g.nodes) }

// path gives the full standard name of a node, from the province down.
func (g *Gazetteer) path(at int32) string {
	if at < 0 {
		return ""
	}
	return g.path(g.nodes[at].parent) + g.nodes[at].name
}

// division gives the node of a unit, −1 if there is none.
func (g *Gazetteer) division(code planner.Code) int32 {
	i, ok := slices.BinarySearchFunc(g.nodes, code, func(n node, c planner.Code) int { return cmp.Compare(n.code, c) })
	if !ok || g.nodes[i].level >= rankStreet {
		return -1
	}
	return int32(i)
}

// DivisionPath gives the names from the province down to a unit, joined; "" without it.
func (g *Gazetteer) DivisionPath(code planner.Code) string { return g.path(g.division(code)) }

func (g *Gazetteer) point(at int32) *orb.Point {
	if at < 0 || g.nodes[at].spot == 0 {
		return nil
	}
	p := g.spots[g.nodes[at].spot-1]
	return &p
}
