package geocode

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// Geocoder answers from a gazetteer and the houses of the same data version.
type Geocoder struct {
	Names  *Gazetteer
	Houses Houses
}

// MaxText is the most characters of a text that are read; an address has fewer.
const MaxText = 200

// Geocode answers texts in order; within is the division that bounds the answers
// ("" is everywhere). Many texts are answered on all processors.
func (c *Geocoder) Geocode(ctx context.Context, texts []string, within planner.Code) ([]Answer, error) {
	root := int32(-1)
	if within != "" {
		if root = c.Names.division(within); root < 0 {
			return nil, planner.Errorf(planner.NotFound, "没有行政区 %s", "there is no unit %s", within)
		}
	}
	answers := make([]Answer, len(texts))
	var all errgroup.Group // a question to the database waits while other texts are read
	all.SetLimit(runtime.GOMAXPROCS(0) + 1)
	for from := 0; from < len(texts); from += atOnce {
		part := texts[from:min(from+atOnce, len(texts))]
		all.Go(func() error { return c.some(ctx, part, root, answers[from:]) })
	}
	return answers, all.Wait()
}

const atOnce = 128

// some answers a few texts: read all, ask for their houses once, decide.
func (c *Geocoder) some(ctx context.Context, texts []string, root int32, answers []Answer) error {
	asked := make([]question, len(texts))
	var keys []Key
	index := map[Key]int{}
	for i, text := range texts {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		asked[i] = c.Names.ask(text, root)
		for _, r := range asked[i].readings {
			for _, k := range r.keys {
				if _, ok := index[k]; !ok {
					index[k] = len(keys)
					keys = append(keys, k)
				}
			}
		}
	}
	var houses [][]House
	if len(keys) > 0 {
		var err error
		if houses, err = c.Houses.Houses(ctx, keys); err != nil {
			return err
		}
	}
	for i := range asked {
		answers[i] = c.Names.decide(&asked[i], func(k Key) []House { return houses[index[k]] })
	}
	return nil
}

// question is a text with the readings that are still open.
type question struct {
	given     string
	text      []rune
	links     []link
	readings  []reading
	wide      bool              // there were more
	divisions []address.Element // that the parser sees; nil before it is asked
}

// reading is one chain with what stands behind it.
type reading struct {
	link   int32
	cost   int // of the chain and of the unexplained rest
	tail   tail
	keys   []Key // of houses, the longest number first
	prices []int // of what each key leaves out
}

const (
	openWithin   = 40 // readings that cost more than the best by this are closed
	manyReadings = 300
	manyTries    = 4           // places of a text where a spelling mistake is looked for
	priceFirm    = margin + 1  // a name that stays unread loses against one that is read
	priceBeside  = certain + 1 // 对面 before the number: that house is not meant
	priceLook    = 12          // with less to forgive no spelling mistake is looked for
)

// ask reads a text against the names.
func (g *Gazetteer) ask(given string, root int32) question {
	q := question{given: given, text: fold(given)}
	q.text = once(unlabelled(q.text[:min(len(q.text), MaxText)]))
	spans := g.spans(q.text)
	q.links = g.chains(q.text, spans, root)
	q.readings = g.readings(&q)
	for range 2 { // a second mistake may stand below the first
		if len(q.readings) > 0 && q.readings[0].cost < priceLook {
			break
		}
		more := g.typos(&q)
		if len(more) == 0 {
			break
		}
		spans = append(spans, more...)
		sortSpans(spans)
		q.links = g.chains(q.text, spans, root)
		q.readings = g.readings(&q)
	}
	return q
}

// readings reads what stands behind each chain, best first.
func (g *Gazetteer) readings(q *question) (all []reading) {
	best := dearest * 4
	rough := make([]int, len(q.links))
	tails := map[[2]int]tail{}
	for i := range q.links {
		l := &q.links[i]
		rough[i] = l.cost + priceSkipped*g.unread(q.text[l.end:])
		if l.names > 0 {
			best = min(best, rough[i])
		}
	}
	for i := range q.links {
		l := &q.links[i]
		if l.names == 0 || rough[i] > best+openWithin+6*priceSkipped { // rest words make the rough price too high
			continue
		}
		behind := [2]int{int(g.rank(l.leaf())), l.end}
		t, ok := tails[behind]
		if !ok {
			t = tailOf(g.rank(l.leaf()), q.text[l.end:])
			tails[behind] = t
		}
		r := reading{link: int32(i), tail: t}
		r.cost = l.cost + priceSkipped*r.tail.strange
		if r.tail.firm {
			r.cost += priceFirm
		}
		if r.tail.beside && len(r.tail.numbers) > 0 {
			r.cost += priceBeside
		}
		all = append(all, r)
		q.wide = q.wide || l.wide
	}
	slices.SortStableFunc(all, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), -cmp.Compare(g.rank(q.links[a.link].leaf()), g.rank(q.links[b.link].leaf())), cmp.Compare(q.links[a.link].leaf(), q.links[b.link].leaf()))
	})
	if n := slices.IndexFunc(all, func(r reading) bool { return r.cost > all[0].cost+openWithin }); n >= 0 {
		all = all[:n]
	}
	if len(all) > manyReadings {
		all, q.wide = all[:manyReadings], true
	}
	for i := range all {
		g.keys(q, &all[i])
	}
	return all
}

func (g *Gazetteer) rank(at int32) uint8 {
	if at < 0 {
		return 0
	}
	return g.nodes[at].level
}

// unread counts the characters before the first number or mark.
func (g *Gazetteer) unread(text []rune) int {
	n := slices.IndexFunc(text, func(r rune) bool { return !han(r) })
	if n < 0 {
		n = len(text)
	}
	return n
}

// keys lists the houses to ask for: those of the last name, and of the street
// before an estate.
func (g *Gazetteer) keys(q *question, r *reading) {
	l := &q.links[r.link]
	leaf := l.leaf()
	if leaf < 0 || r.tail.strange > 0 {
		return
	}
	numbers, prices := r.tail.numberKeys()
	file := func(node int32, before string) {
		if id := g.nodes[node].id; id != 0 {
			for i, n := range numbers {
				r.keys, r.prices = append(r.keys, Key{id, strings.Trim(before+"-"+n, "-")}), append(r.prices, prices[i])
			}
		}
	}
	file(leaf, "")
	if l.prev > 0 {
		if p := &q.links[l.prev]; p.detail >= 0 {
			if between := tailOf(g.rank(p.detail), q.text[p.end:l.start]); len(between.numbers) > 0 {
				file(p.detail, numberKey(between.numbers...))
			}
		}
	}
}

// typos looks for misspelt names behind the most promising chains.
func (g *Gazetteer) typos(q *question) (found []span) {
	type place struct {
		unit int32
		end  int
	}
	order := make([]int32, len(q.links))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		x, y := &q.links[a], &q.links[b]
		return cmp.Or(cmp.Compare(x.cost-4*x.end, y.cost-4*y.end))
	})
	tried := map[place]bool{}
	for _, i := range order {
		l := &q.links[i]
		if len(tried) == manyTries {
			break
		}
		p := place{l.unit, l.end}
		if tried[p] || l.detail >= 0 || l.end >= len(q.text) || !han(q.text[l.end]) {
			continue
		}
		tried[p] = true
		found = g.misspelt(q.text, l.end, l.unit, found)
	}
	return found
}
