package cql2

import "strings"

// ParseText reads CQL2-Text. Beside the standard it takes ILIKE, which GDAL
// writes for a LIKE of folded texts. Errors: Invalid, with the place.
func ParseText(s string) (Expr, error) {
	tokens, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.now().kind != tEnd {
		return nil, p.instead("此处应为运算符或结尾", "expected an operator or the end")
	}
	return finish(e)
}

// parser is a recursive descent over the tokens. Whether a comparison or an
// array follows a bracket is only known after it, so that it reads any
// expression anywhere, and call refuses what the grammar does not allow there.
type parser struct {
	tokens      []token
	i           int
	depth       int
	coordinates int
	group       group // the last single expression in brackets
}

type group struct{ first, after, brackets int } // tokens, and how many brackets stand around

func (p *parser) now() token { return p.tokens[p.i] }

func (p *parser) sign(s string) bool {
	if t := p.now(); t.kind != tSign || t.text != s {
		return false
	}
	p.i++
	return true
}

func (p *parser) word(w string) bool {
	if t := p.now(); t.kind != tName || t.word != w {
		return false
	}
	p.i++
	return true
}

func (p *parser) expect(sign string) error {
	if p.sign(sign) {
		return nil
	}
	return p.instead("此处应为“"+sign+"”", "expected \""+sign+"\"")
}

func (p *parser) unexpected() error {
	return p.instead("此处应为表达式", "expected an expression")
}

// instead is an error about the token that stands where another should.
func (p *parser) instead(zh, en string) error {
	t := p.now()
	if t.kind == tEnd {
		return Errorf(t.at, "%[1]s,但过滤条件到此为止", "%[2]s, but the filter ends here", zh, en)
	}
	return Errorf(t.at, "%[1]s,而不是%[3]q", "%[2]s, not %[3]q", zh, en, shorten(t.text))
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

func (p *parser) or() (Expr, error) {
	if p.depth++; p.depth > MaxDepth {
		return nil, tooDeep(p.now().at)
	}
	defer func() { p.depth-- }()
	return p.joined("or", func() (Expr, error) { return p.joined("and", p.not) })
}

func (p *parser) joined(op string, next func() (Expr, error)) (Expr, error) {
	at := p.now().at
	first, err := next()
	if err != nil || p.now().word != op {
		return first, err
	}
	args := []Expr{first}
	for p.word(op) {
		one, err := next()
		if err != nil {
			return nil, err
		}
		args = append(args, one)
	}
	return made(call(at, op, args))
}

// made keeps a nil *Call from becoming an Expr that is not nil.
func made(c *Call, err error) (Expr, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (p *parser) not() (Expr, error) {
	at := p.now().at
	if !p.word("not") {
		return p.predicate()
	}
	if p.depth++; p.depth > MaxDepth {
		return nil, tooDeep(at)
	}
	defer func() { p.depth-- }()
	inner, err := p.not()
	if err != nil {
		return nil, err
	}
	return made(call(at, "not", []Expr{inner}))
}

func (p *parser) predicate() (Expr, error) {
	at := p.now().at
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	t := p.now()
	if t.kind == tSign && strings.Contains(" = <> < > <= >= ", " "+t.text+" ") {
		p.i++
		right, err := p.sum()
		if err != nil {
			return nil, err
		}
		return made(call(at, t.text, []Expr{left, right}))
	}
	if p.word("is") {
		not := p.word("not")
		if !p.word("null") {
			return nil, p.instead("此处应为NULL", "expected NULL")
		}
		return negated(not, at)(call(at, "isNull", []Expr{left}))
	}
	not := p.word("not")
	switch {
	case p.word("like"):
		return p.like(at, not, left, false)
	case p.word("ilike"):
		return p.like(at, not, left, true)
	case p.word("between"):
		low, err := p.sum()
		if err != nil {
			return nil, err
		}
		if !p.word("and") {
			return nil, p.instead("此处应为AND", "expected AND")
		}
		high, err := p.sum()
		if err != nil {
			return nil, err
		}
		return negated(not, at)(call(at, "between", []Expr{left, low, high}))
	case p.word("in"):
		list := &Array{Pos: Pos(p.now().at)}
		if err := p.expect("("); err != nil {
			return nil, err
		}
		if list.Items, err = p.list(p.sum); err != nil {
			return nil, err
		}
		return negated(not, at)(call(at, "in", []Expr{left, list}))
	case not:
		return nil, p.instead("此处应为LIKE、BETWEEN或IN", "expected LIKE, BETWEEN or IN")
	}
	return left, nil
}

func negated(not bool, at int) func(*Call, error) (Expr, error) {
	return func(c *Call, err error) (Expr, error) {
		if err != nil || !not {
			return made(c, err)
		}
		return made(call(at, "not", []Expr{c}))
	}
}

func (p *parser) like(at int, not bool, left Expr, folded bool) (Expr, error) {
	pattern, err := p.sum()
	if err != nil {
		return nil, err
	}
	if folded {
		if left, err = made(call(left.At(), "casei", []Expr{left})); err != nil {
			return nil, err
		}
		if pattern, err = made(call(pattern.At(), "casei", []Expr{pattern})); err != nil {
			return nil, err
		}
	}
	return negated(not, at)(call(at, "like", []Expr{left, pattern}))
}

func (p *parser) sum() (Expr, error)  { return p.chain([]string{"+", "-"}, p.term) }
func (p *parser) term() (Expr, error) { return p.chain([]string{"*", "/", "%", "div"}, p.power) }

func (p *parser) chain(ops []string, next func() (Expr, error)) (Expr, error) {
	at := p.now().at
	left, err := next()
again:
	if err != nil {
		return nil, err
	}
	for _, op := range ops {
		if p.sign(op) || p.word(op) {
			right, err := next()
			if err != nil {
				return nil, err
			}
			if left, err = made(call(at, op, []Expr{left, right})); err != nil {
				return nil, err
			}
			goto again
		}
	}
	return left, nil
}

func (p *parser) power() (Expr, error) {
	at := p.now().at
	left, err := p.factor()
	if err != nil || !p.sign("^") {
		return left, err
	}
	right, err := p.factor()
	if err != nil {
		return nil, err
	}
	return made(call(at, "^", []Expr{left, right}))
}

// factor reads a value with its sign. A minus before anything but a number is a product with -1.
func (p *parser) factor() (Expr, error) {
	t := p.now()
	minus := p.sign("-")
	if !minus && !p.sign("+") {
		return p.primary()
	}
	if n := p.now(); n.kind == tNumber {
		p.i++
		if minus {
			n.text = "-" + n.text
		}
		return &Number{Pos(t.at), n.text}, nil
	}
	if !minus {
		return nil, p.unexpected()
	}
	inner, err := p.primary()
	if err != nil {
		return nil, err
	}
	return made(call(t.at, "*", []Expr{&Number{Pos(t.at), "-1"}, inner}))
}

func (p *parser) primary() (Expr, error) {
	t, start := p.now(), p.i
	p.i++
	bracket := p.i < len(p.tokens) && p.now().kind == tSign && p.now().text == "("
	switch {
	case t.kind == tText:
		return newString(t.at, t.text)
	case t.kind == tNumber:
		return &Number{Pos(t.at), t.text}, nil
	case t.kind == tQuoted:
		return newProperty(t.at, t.text)
	case t.kind == tSign && t.text == "(":
		return p.bracketed(t)
	case t.kind != tName:
	case t.word == "true" || t.word == "false":
		return &Bool{Pos(t.at), t.word == "true"}, nil
	case literals[t.word] && bracket:
		return p.literal(t)
	case nesting[t.word].name != "" && (bracket || p.now().word == "z" && p.tokens[p.i+1].text == "("):
		p.i--
		g, err := p.geometry()
		if err != nil {
			return nil, err
		}
		return g, g.check(&p.coordinates)
	case reserved[t.word]:
	case bracket:
		p.i++
		args, err := p.list(p.argument(t.word))
		if err != nil {
			return nil, err
		}
		return made(call(t.at, t.text, args))
	default:
		return newProperty(t.at, t.text)
	}
	p.i = start
	return nil, p.unexpected()
}
