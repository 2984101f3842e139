package address

import (
	"sync"
	"unicode/utf8"
)

// longestText is the most characters that are read as one address; what
// follows is one element of [Rest]. No address is that long, a broken file is.
const longestText = 400

// node is the cheapest way to a position and state.
type node struct {
	cost int32
	code uint32 // of the deepest division read
	from int16
	prev state
	op   operation
}

// match is a generic word that ends at a position; next chains those of one position.
type match struct {
	generic *generic
	next    int32
	covered bool // a longer generic word goes on over its end: 街 in 街道
}

// parser holds the work of one text; it is reused.
type parser struct {
	f        []rune // folded text
	offsets  []int  // byte offset of each character
	kinds    []kind
	opens    []uint8 // what begins here that no name should begin with
	boundary []bool  // a name may end before this position: number, mark, end …
	strong   []int32 // generic words (weak ones not counted) and divisions that end up to here
	full     []bool  // a division's full name ends before this position
	sure     []bool  // a word that is surely no part of a name ends before this position
	stem     []bool  // the usual two characters of a street's name begin here
	upper    []bool  // a township, village or street may end before this position
	digits   []int32 // price of the numbers and letters that begin before here, when a name swallows them
	ends     []int32 // first match at each position
	matches  []match
	named    [][]*division // divisions whose names may begin at each position
	live     []state       // states that are reached at the position being read
	nodes    []node
	path     []piece
}

// piece is one step of the chosen path.
type piece struct {
	start, end int
	op         operation
}

const (
	opensProvince = 1 << iota
	opensPrefecture
	opensCounty
	opensFull
	opensRest
)

var parsers = sync.Pool{New: func() any { return new(parser) }}

// Parse splits an address into elements in the order of the text. Every
// character but white space belongs to exactly one element.
func Parse(text string) []Element {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	tail := p.read(text)
	p.prepare()
	p.search()
	return p.elements(text, tail)
}

func (p *parser) at(i int, s state) *node { return &p.nodes[i*int(states)+int(s)] }

func (p *parser) push(i int, s state, j int, t state, op operation, price int32) {
	p.pushCode(i, s, j, t, op, price, p.at(i, s).code)
}

func (p *parser) pushCode(i int, s state, j int, t state, op operation, price int32, code uint32) {
	cost := p.at(i, s).cost + price
	if n := p.at(j, t); cost < n.cost {
		*n = node{cost: cost, code: code, from: int16(i), prev: s, op: op}
	}
}

// read folds text and gives the byte offset of what is too long to be read.
func (p *parser) read(text string) (tail int) {
	p.f, p.offsets, p.kinds = p.f[:0], p.offsets[:0], p.kinds[:0]
	for at, r := range text {
		if len(p.f) == longestText {
			p.offsets = append(p.offsets, at)
			return at
		}
		r = fold(r)
		p.f, p.offsets, p.kinds = append(p.f, r), append(p.offsets, at), append(p.kinds, kindOf(r))
	}
	p.offsets = append(p.offsets, len(text))
	for i := 1; i+1 < len(p.f); i++ { // 「9一2一602」: the dash mistyped
		if p.f[i] == '一' && p.kinds[i-1] == alnum && p.kinds[i+1] == alnum {
			p.f[i], p.kinds[i] = '-', dash
		}
	}
	return len(text)
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	s = s[:n]
	clear(s)
	return s
}

// prepare finds the generic words and boundaries of the text.
func (p *parser) prepare() {
	n := len(p.f)
	p.opens, p.full, p.upper, p.sure, p.stem, p.boundary, p.strong, p.digits, p.ends = grow(p.opens, n+1), grow(p.full, n+1), grow(p.upper, n+1), grow(p.sure, n+1), grow(p.stem, n+1), grow(p.boundary, n+1), grow(p.strong, n+1), grow(p.digits, n+1), grow(p.ends, n+1)
	p.named = grow(p.named, n+1)
	p.matches = append(p.matches[:0], match{})
	var covered [longestText + 1]bool
	for j := n; j >= 1; j-- { // backwards, so that longer words that go on over a position are known
		list := generics.of(p.f[j-1])
		for k := range list {
			g := &list[k]
			if !hasSuffixAt(p.f, j, g.text) {
				continue
			}
			p.matches = append(p.matches, match{generic: g, next: p.ends[j], covered: covered[j]})
			p.ends[j] = int32(len(p.matches) - 1)
			if !g.weak {
				p.strong[j] = 1
				if g.form == formStreet {
					p.stem[max(p.stemEnd(0, j-len(g.text))-2, 0)] = true
				}
				p.upper[j] = p.upper[j] || g.form == formTown || g.form == formVillage || g.form == formStreet
			}
			for c := j - len(g.text) + 1; c < j; c++ {
				covered[c] = true
			}
		}
	}
	for i := 0; i < n; i++ {
		if i+1 < n && p.kinds[i] == han {
			p.named[i] = divisions[pairKey(p.f[i], p.f[i+1])]
			for _, d := range p.named[i] {
				if !hasPrefixAt(p.f, i, d.name) {
					continue
				}
				if !d.short {
					p.strong[i+len(d.name)] = 1
					p.full[i+len(d.name)] = true
					p.opens[i] |= opensFull
				}
				switch d.level {
				case Province:
					p.opens[i] |= opensProvince
				case Prefecture:
					p.opens[i] |= opensPrefecture
				case County:
					p.opens[i] |= opensCounty
				}
			}
		}
		if joiner(p.f[i]) && p.f[i] != '和' { // 「和」 begins many names
			p.opens[i] |= opensRest
		}
		for _, w := range restByFirst.of(p.f[i]) {
			if w.sure && hasPrefixAt(p.f, i, w.text) {
				p.opens[i] |= opensRest
				if len(w.text) > 1 {
					p.strong[i+len(w.text)] = 1
					p.sure[i+len(w.text)] = true
				}
			}
		}
	}
	for i := 0; i < n; i++ {
		p.strong[i+1] += p.strong[i]
		p.digits[i+1] = p.digits[i]
		if run, ok := p.numberAt(i); ok && (!run.chinese || run.is != noUnit) {
			p.digits[i+1] += priceSwallowed
		} else if p.kinds[i] == alnum && (i == 0 || p.kinds[i-1] != alnum) {
			p.digits[i+1] += 3
		}
		p.boundary[i] = p.boundaryAt(i)
	}
	p.boundary[n] = true
}

// stemEnd gives the end of f[i:j] without the directions and numbers that tell
// streets of one name apart: 逸夫 in 「逸夫东」.
func (p *parser) stemEnd(i, j int) int {
	for k := j; k > i && j-k < 2; k-- {
		switch r := p.f[k-1]; {
		case numeral(r), r == '东', r == '西', r == '南', r == '北', r == '中':
		default:
			return k
		}
	}
	return max(i, j-2)
}

// boundaryAt tells whether something begins at i that no bare name goes over.
func (p *parser) boundaryAt(i int) bool {
	switch p.kinds[i] {
	case space, mark, open, dash:
		return true
	case alnum:
		return i == 0 || p.kinds[i-1] != alnum
	}
	if numeral(p.f[i]) || p.f[i] == '第' || p.f[i] == '负' {
		if n, ok := p.numberAt(i); ok && n.is != noUnit {
			return true
		}
	}
	if p.opens[i]&opensRest != 0 && p.f[i] != '口' && p.f[i] != '旁' {
		return true
	}
	if i >= 3 && p.kinds[i-1] == alnum && isLetter(p.f[i-1]) && isLetter(p.f[i-2]) { // behind a foreign word
		return true
	}
	for _, w := range restByFirst.of(p.f[i]) {
		if hasPrefixAt(p.f, i, w.text) && (len(w.text) > 1 || i+1 == len(p.f)) {
			return true
		}
	}
	return false
}

// search fills the lattice from left to right.
func (p *parser) search() {
	n := len(p.f)
	if size := (n + 1) * int(states); cap(p.nodes) < size {
		p.nodes = make([]node, size, 2*size)
	} else {
		p.nodes = p.nodes[:size]
	}
	for i := range p.nodes {
		p.nodes[i].cost = never
	}
	*p.at(0, atStart) = node{}
	for i := 0; i < n; i++ {
		here := p.nodes[i*int(states) : (i+1)*int(states)]
		least := int32(never)
		for s := range here {
			least = min(least, here[s].cost)
		}
		if least == never {
			continue
		}
		p.live = p.live[:0]
		for s := range here {
			if here[s].cost <= least+hopeless {
				p.live = append(p.live, state(s))
			}
		}
		p.offer(i)
	}
}

// elements walks the cheapest path back and cuts the text along it.
func (p *parser) elements(text string, tail int) []Element {
	n := len(p.f)
	best := atStart
	for s := state(0); s < states; s++ {
		if p.at(n, s).cost < p.at(n, best).cost {
			best = s
		}
	}
	p.path = p.path[:0]
	for i, s := n, best; i > 0; {
		d := p.at(i, s)
		p.path = append(p.path, piece{int(d.from), i, d.op})
		i, s = int(d.from), d.prev
	}
	out := make([]Element, 0, len(p.path)+2)
	add := func(level Level, start, end int) {
		out = append(out, Element{level, text[p.offsets[start]:p.offsets[end]], start, end})
	}
	for k := len(p.path) - 1; k >= 0; k-- {
		c := p.path[k]
		levels := opLevels[c.op]
		if len(levels) == 1 {
			add(levels[0], c.start, c.end)
			continue
		}
		from := c.start
		for l, level := range levels {
			to := c.end
			if l < len(levels)-1 {
				for to = from; p.kinds[to] == alnum || p.kinds[to] == han && p.f[to] != '至'; {
					to++
				}
			}
			add(level, from, to)
			if to < c.end {
				add(Rest, to, to+1)
			}
			from = to + 1
		}
	}
	out = settle(out)
	if tail < len(text) {
		out = append(out, Element{Rest, text[tail:], n, n + utf8.RuneCountInString(text[tail:])})
	}
	return out
}
