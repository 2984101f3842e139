package cql2

import "strconv"

// literal reads DATE, TIMESTAMP, INTERVAL and BBOX after their names.
func (p *parser) literal(t token) (Expr, error) {
	p.i++
	switch t.word {
	case "bbox":
		numbers, err := p.numbers(",")
		if err != nil {
			return nil, err
		}
		return newBBox(t.at, numbers)
	case "interval":
		start, err := p.end(",")
		if err != nil {
			return nil, err
		}
		end, err := p.end(")")
		if err != nil {
			return nil, err
		}
		return newInterval(t.at, start, end)
	}
	text := p.now()
	if text.kind != tText {
		return nil, p.instead("此处应为带引号的时间", "expected a time in quotes")
	}
	p.i++
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if t.word == "date" {
		return newDate(t.at, text.text)
	}
	return newTimestamp(t.at, text.text)
}

// end reads an end of an interval and the sign after it.
func (p *parser) end(after string) (Expr, error) {
	t := p.now()
	var e Expr
	var err error
	if t.kind == tText {
		p.i++
		e, err = newEnd(t.at, t.text)
	} else {
		e, err = p.or()
	}
	if err != nil {
		return nil, err
	}
	return e, p.expect(after)
}

// numbers reads signed numbers up to the closing bracket.
func (p *parser) numbers(separator string) ([]float64, error) {
	var all []float64
	for {
		n, err := p.number()
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if p.sign(")") {
			return all, nil
		}
		if err := p.expect(separator); err != nil {
			return nil, err
		}
	}
}

func (p *parser) number() (float64, error) {
	minus := p.sign("-")
	if !minus {
		p.sign("+")
	}
	t := p.now()
	if t.kind != tNumber {
		return 0, p.instead("此处应为数字", "expected a number")
	}
	p.i++
	f, err := strconv.ParseFloat(t.text, 64)
	if err != nil {
		return 0, Errorf(t.at, "数字超出范围", "the number is out of range")
	}
	if minus {
		f = -f
	}
	return f, nil
}

// geometry reads well-known text.
func (p *parser) geometry() (*Geometry, error) {
	t := p.now()
	kind, ok := nesting[t.word]
	if t.kind != tName || !ok {
		return nil, p.instead("此处应为几何类型", "expected a type of geometry")
	}
	p.i++
	g := &Geometry{Pos: Pos(t.at), Type: kind.name}
	deep := p.word("z")
	var err error
	if kind.lists < 0 {
		if err = p.expect("("); err != nil {
			return nil, err
		}
		if p.depth++; p.depth > MaxDepth {
			return nil, tooDeep(t.at)
		}
		for {
			one, err := p.geometry()
			if err != nil {
				return nil, err
			}
			g.Geometries = append(g.Geometries, *one)
			if !p.sign(",") {
				p.depth--
				return g, p.expect(")")
			}
		}
	}
	if kind.lists == 0 {
		g.Coordinates, err = p.positionInBrackets()
	} else {
		g.Coordinates, err = p.nested(kind.lists, kind.name == "MultiPoint")
	}
	if err == nil && deep && g.dimensions() != 3 {
		err = Errorf(t.at, "带Z的几何的每个坐标应有3个数字", "every position after Z has 3 numbers")
	}
	return g, err
}

func (g *Geometry) dimensions() int {
	if len(g.Geometries) > 0 {
		return g.Geometries[0].dimensions()
	}
	c := g.Coordinates
	for c.Items != nil {
		c = c.Items[0]
	}
	return len(c.Position)
}

func (p *parser) positionInBrackets() (c Coordinates, err error) {
	if err = p.expect("("); err != nil {
		return c, err
	}
	if c, err = p.position(); err != nil {
		return c, err
	}
	return c, p.expect(")")
}

func (p *parser) position() (c Coordinates, err error) {
	for range 3 {
		if t := p.now(); len(c.Position) == 2 && t.kind == tSign && (t.text == "," || t.text == ")") {
			break
		}
		n, err := p.number()
		if err != nil {
			return c, err
		}
		c.Position = append(c.Position, n)
	}
	return c, nil
}

// nested reads lists of lists of positions; the positions of a MultiPoint have brackets or none.
func (p *parser) nested(lists int, points bool) (c Coordinates, err error) {
	if err = p.expect("("); err != nil {
		return c, err
	}
	for {
		var one Coordinates
		switch t := p.now(); {
		case lists > 1:
			one, err = p.nested(lists-1, false)
		case points && t.kind == tSign && t.text == "(":
			one, err = p.positionInBrackets()
		default:
			one, err = p.position()
		}
		if err != nil {
			return c, err
		}
		c.Items = append(c.Items, one)
		if !p.sign(",") {
			return c, p.expect(")")
		}
	}
}
