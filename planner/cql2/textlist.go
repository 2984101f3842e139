package cql2

// list reads what is between brackets, after the first one.
func (p *parser) list(next func() (Expr, error)) ([]Expr, error) {
	if p.sign(")") {
		return nil, nil
	}
	var all []Expr
	for {
		one, err := next()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
		if !p.sign(",") {
			return all, p.expect(")")
		}
	}
}

// argument reads one argument: one of an array function or a function may be an array of a single element in brackets.
func (p *parser) argument(of string) func() (Expr, error) {
	o, known := operators[of]
	if known && o.args&kArray == 0 {
		return p.or
	}
	return p.item
}

// bracketed reads an expression in brackets, or an array.
func (p *parser) bracketed(open token) (Expr, error) {
	start := p.i - 1
	if p.sign(")") {
		return &Array{Pos: Pos(open.at)}, nil
	}
	first, err := p.or()
	if err != nil {
		return nil, err
	}
	around := p.around(start + 1)
	if p.sign(")") {
		p.group = group{start, p.i, around + 1}
		return first, nil
	}
	if !p.sign(",") {
		return nil, p.expect(")")
	}
	rest, err := p.list(p.item)
	if err == nil && len(rest) == 0 {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	return &Array{Pos(open.at), append([]Expr{wrap(first, around)}, rest...)}, nil
}

// around counts the brackets around what was read since a token, 0 if they are around less than all of it.
func (p *parser) around(first int) int {
	if p.group.first != first || p.group.after != p.i {
		return 0
	}
	return p.group.brackets
}

func wrap(e Expr, times int) Expr {
	for range times {
		e = &Array{Pos(e.At()), []Expr{e}}
	}
	return e
}

// item reads an element of an array: in brackets of its own it is an array of one.
func (p *parser) item() (Expr, error) {
	start := p.i
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	return wrap(e, p.around(start)), nil
}
