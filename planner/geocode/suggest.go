package geocode

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
)

// sound is a way to type a name without Chinese characters: CJN or CHENGJIANGNONG for 澄江弄.
type sound struct {
	typed string
	node  int32
}

// manyTyped bounds the names that begin alike and are looked at, so that one typed
// letter answers in a millisecond.
const manyTyped = 20000

// listen files every standard name by its letters, and every spelling by its characters.
func (g *Gazetteer) listen() {
	g.typed = make([]int32, len(g.written))
	for i := range g.typed {
		g.typed[i] = int32(i)
	}
	slices.SortFunc(g.typed, func(a, b int32) int {
		return cmp.Or(slices.Compare(g.written[a].text, g.written[b].text), cmp.Compare(a, b))
	})
	for i := range g.nodes {
		initials, whole := []string{""}, ""
		for _, r := range g.nodes[i].folded {
			all := readings(r)
			if len(all) == 0 {
				all = []string{string(r)}
			}
			whole += all[0]
			initials = eachInitial(initials, all)
		}
		for _, s := range append(initials, whole) {
			g.sounds = append(g.sounds, sound{strings.ToUpper(s), int32(i)})
		}
	}
	slices.SortFunc(g.sounds, func(a, b sound) int { return cmp.Or(cmp.Compare(a.typed, b.typed), cmp.Compare(a.node, b.node)) })
	g.sounds = slices.Compact(g.sounds)
}

// eachInitial appends the initial of every reading (行: H, X) to each beginning,
// as long as there are few.
func eachInitial(begun, all []string) (out []string) {
	for i, reading := range all {
		if i > 0 && (len(begun) > 2 || slices.ContainsFunc(all[:i], func(o string) bool { return o[0] == reading[0] })) {
			continue
		}
		for _, b := range begun {
			out = append(out, b+reading[:1])
		}
	}
	return out
}

// Numbers lists the houses of a name whose numbers begin alike.
type Numbers interface {
	// Numbers gives at most limit houses of name whose number begins with prefix, short numbers first.
	Numbers(ctx context.Context, name int64, prefix string, limit int) ([]House, error)
}

// suggestion is a name on offer.
type suggestion struct {
	node int32
	rank int
}

// Suggest completes what somebody types: names (also by pinyin or its initials)
// below what is already written, then the houses of a name. At most limit places;
// scores say how near the typed text is to the place's own name.
func (c *Geocoder) Suggest(ctx context.Context, typed string, within planner.Code, limit int, numbers Numbers) ([]Place, error) {
	g := c.Names
	root := int32(-1)
	if within != "" {
		if root = g.division(within); root < 0 {
			return nil, planner.Errorf(planner.NotFound, "没有行政区 %s", "there is no unit %s", within)
		}
	}
	text := fold(typed)
	text = text[:min(len(text), MaxText)]
	if len(text) == 0 {
		return []Place{}, nil
	}
	var found []suggestion
	var open []*link // names that the text ends with, or that a number follows
	links := g.chains(text, g.spans(text), root)
	for i := range links {
		l := &links[i]
		rest := text[l.end:]
		switch {
		case len(rest) == 0 || l.names > 0 && !han(rest[0]) && (rest[0] < 'A' || rest[0] > 'Z'):
			if l.leaf() >= 0 && l.names > 0 {
				open = append(open, l)
			}
		default:
			found = g.complete(rest, l, found)
		}
	}
	slices.SortStableFunc(open, func(a, b *link) int { return cmp.Compare(a.cost, b.cost) })
	var places []Place
	for _, l := range open {
		if len(places) >= limit || l.cost > open[0].cost+margin {
			break
		}
		rest := text[l.end:]
		if len(rest) == 0 {
			found = append(found, suggestion{l.leaf(), l.cost - 100})
			for child := l.leaf() + 1; child < g.nodes[l.leaf()].end; child = g.nodes[child].end {
				found = append(found, suggestion{child, l.cost + 40 + int(g.nodes[child].level)})
			}
			continue
		}
		if id := g.nodes[l.leaf()].id; id != 0 && numbers != nil {
			houses, err := numbers.Numbers(ctx, id, typedNumber(rest), limit-len(places))
			if err != nil {
				return nil, err
			}
			for _, h := range houses {
				places = append(places, h.Place(score(l.cost)))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b suggestion) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.node, b.node)) })
	seen := map[int32]bool{}
	for _, s := range found {
		if len(places) >= limit {
			break
		}
		if !seen[s.node] {
			seen[s.node] = true
			places = append(places, g.place(s.node, max(0, s.rank)))
		}
	}
	return slices.Clip(append([]Place{}, places...)), nil
}

// typedNumber gives the key that a typed number begins: 12-3号 → 12-3.
func typedNumber(rest []rune) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if alnum(r) || strings.ContainsRune("甲乙丙丁", r) {
			return r
		}
		return '-'
	}, string(rest)), "-")
}

// complete finds the names below a link that rest begins, by characters or letters.
func (g *Gazetteer) complete(rest []rune, l *link, found []suggestion) []suggestion {
	offer := func(node int32, price, more int) {
		if g.below(node, l.unit) && l.detail < 0 {
			found = append(found, suggestion{node, l.cost + price + min(more, 9) + 3*int(g.nodes[node].level)})
		}
	}
	if letters := string(rest); !slices.ContainsFunc(rest, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		i, _ := slices.BinarySearchFunc(g.sounds, letters, func(s sound, t string) int { return cmp.Compare(s.typed, t) })
		for n := 0; n < manyTyped && i < len(g.sounds) && strings.HasPrefix(g.sounds[i].typed, letters); i, n = i+1, n+1 {
			offer(g.sounds[i].node, 5, len(g.sounds[i].typed)-len(letters))
		}
		return found
	}
	i, _ := slices.BinarySearchFunc(g.typed, rest, func(v int32, t []rune) int { return slices.Compare(g.written[v].text, t) })
	for n := 0; n < manyTyped && i < len(g.typed); i, n = i+1, n+1 {
		v := &g.written[g.typed[i]]
		if len(v.text) < len(rest) || !slices.Equal(v.text[:len(rest)], rest) {
			break
		}
		offer(v.node, formPrices[v.form], len(v.text)-len(rest))
	}
	return found
}

// Division is a unit that holds a point.
type Division struct {
	Code  planner.Code `json:"code"`
	Level string       `json:"level"`
	Name  string       `json:"name"`
}

// Here is what lies at a point.
type Here struct {
	Point     orb.Point  `json:"point"`           // lon, lat
	Nearest   *Place     `json:"nearest"`         // the nearest standard address in reach, null without one; its score falls with the distance
	Metres    float64    `json:"distance_metres"` // to it, 0 without one
	Divisions []Division `json:"divisions"`       // from the province down to the lowest whose boundary holds the point
}
