package address

// longestName bounds the characters of one named element; longer stretches are
// still read, as bare names up to the next boundary.
const longestName = 18

// offer puts every element that may begin at i into the lattice.
func (p *parser) offer(i int) {
	switch p.kinds[i] {
	case space:
		p.pass(i, i+1, opSkip, 0)
		return
	case open:
		p.remark(i)
		fallthrough
	case mark, dash:
		p.pass(i, i+1, opRest, priceMark)
		if r := p.f[i]; r == '/' || r == ';' || r == '、' { // another address may follow
			for _, s := range p.live {
				p.pushCode(i, s, i+1, atStart, opRest, priceRestart, 0)
			}
		}
		return
	}
	p.label(i)
	p.division(i)
	p.number(i)
	p.rest(i)
	p.names(i)
}

// pass reads f[i:j] without a change of state.
func (p *parser) pass(i, j int, op operation, price int32) {
	for _, s := range p.live {
		p.push(i, s, j, s, op, price)
	}
}

// remark offers a text in round brackets as a whole; what is inside counts as
// part of the address only when it reads well.
func (p *parser) remark(i int) {
	if p.f[i] != '(' {
		return
	}
	for j := i + 1; j < len(p.f) && j < i+40; j++ {
		if p.f[j] == ')' {
			p.pass(i, j+1, opRest, priceRemark)
			return
		}
	}
}

// label offers what stands before a colon, 「公司地址:」, and a stray character
// before a division, 「在西湖区」, as no part of the address.
func (p *parser) label(i int) {
	if i+1 < len(p.f) && p.opens[i+1]&opensFull != 0 {
		for _, s := range p.live {
			if s <= atCounty {
				p.push(i, s, i+1, s, opRest, priceRemark)
			}
		}
	}
	if i > 0 && p.kinds[i-1] != mark && p.kinds[i-1] != space {
		return
	}
	for j := i + 1; j < len(p.f) && j < i+10 && p.kinds[j-1] == han; j++ {
		if p.f[j] == ':' {
			p.pass(i, j+1, opRest, priceRest)
			return
		}
	}
}

// division offers the names of GB/T 2260.
func (p *parser) division(i int) {
	for _, d := range p.named[i] {
		if !hasPrefixAt(p.f, i, d.name) {
			continue
		}
		to, op := atCounty, opCounty
		switch d.level {
		case Province:
			to, op = atProvince, opProvince
		case Prefecture:
			to, op = atPrefecture, opPrefecture
		}
		for _, s := range p.live {
			n := p.at(i, s)
			price := int32(priceFull)
			if d.short && d.level == County {
				price = priceShortCounty
			} else if d.short {
				price = priceShort
			}
			if d.short && p.whole(i, d) {
				price += 8
			}
			code, fit := d.within(n.code)
			switch {
			case fit && n.code != 0:
				price -= 4
			case n.code != 0 && d.level == County: // 七星区 behind 阳春市 is another place
				price += 9
			case n.code != 0:
				price += 6
			case d.short && d.level == County: // many a county shares its stem with other names
				price += 4
			}
			p.pushCode(i, s, i+len(d.name), to, op, price+int32(step[s][to]), code)
		}
	}
}

// whole tells whether the full name of a division of d's level goes on over d
// at i: 「嘉兴」 in 「嘉兴市」 is seldom meant alone.
func (p *parser) whole(i int, d *division) bool {
	for _, o := range p.named[i] {
		if o.level == d.level && !o.short && len(o.name) > len(d.name) && hasPrefixAt(p.f, i, o.name) {
			return true
		}
	}
	return false
}

// within picks the code of d that lies in the division of code (or contains
// it, or equals it); fit is false when none does.
func (d *division) within(code uint32) (uint32, bool) {
	for _, c := range d.codes {
		a, b := c, code
		if a%10000 == 0 || b%10000 == 0 {
			a, b = a/10000, b/10000
		} else if a%100 == 0 || b%100 == 0 || a%100 == 99 || b%100 == 99 {
			a, b = a/100, b/100
		}
		if a == b {
			return c, true
		}
	}
	return d.codes[0], false
}

// rest offers words that locate or instruct.
func (p *parser) rest(i int) {
	f := p.f
	if joiner(f[i]) && i > 0 {
		for _, s := range p.live {
			p.push(i, s, i+1, atJoin, opRest, 6+int32(step[s][atJoin]))
		}
	}
	for _, w := range restByFirst.of(f[i]) {
		if !hasPrefixAt(f, i, w.text) {
			continue
		}
		end := i + len(w.text)
		price := int32(priceRest)
		switch {
		case w.sure:
			price = priceSureRest
		case len(w.text) == 1 && !p.boundary[end]:
			continue
		case len(w.text) == 1:
			price += 4
		}
		p.pass(i, end, opRest, price)
	}
}

// names offers names that end in a generic word, and bare names.
func (p *parser) names(i int) {
	f := p.f
	bare := 0
	for j := i + 1; j <= len(f); j++ {
		k := p.kinds[j-1]
		if k == space || k == mark || k == open || k == dash && j-1 == i {
			break
		}
		if j-i <= longestName {
			for m := p.ends[j]; m != 0; m = p.matches[m].next {
				g := p.matches[m].generic
				if n := j - i - len(g.text); n >= g.min || n == 0 && !g.weak && len(g.text) > 1 && (g.form == formPlace || g.form == formHome) {
					p.name(i, j, n, g, p.matches[m].covered)
				}
			}
		}
		if p.boundary[j] {
			p.bare(i, j)
			if bare++; bare == 2 || j-i > longestName {
				break
			}
		}
	}
}

// name offers f[i:j], which ends in g after n characters.
func (p *parser) name(i, j, n int, g *generic, covered bool) {
	price := int32(g.cost) + lengthPrice(g.form, n)
	if covered {
		price += 8
	}
	last := j - len(g.text) - 1
	if g.form == formWing || g.form == formBlock {
		last++
	}
	if inner := p.strong[max(last, 0)] - p.strong[min(i+1, len(p.f))]; n > 2 && inner > 0 {
		price += priceSwallowed * inner
	}
	price += p.digits[j] - p.digits[i]
	if p.opens[i]&opensRest != 0 {
		price += priceSwallowed
	}
	switch begin := j - len(g.text); {
	case n >= 2 && p.full[begin], // 「太仓市经济开发区」 are two elements
		p.full[j] && (g.weak || g.form == formZone): // and so are 「在静安区」; 浦东新区 is no zone
		price += priceSwallowed
	case g.form == formHome && n >= 3 && p.upper[begin]: // 「北仓镇工业园」, 「康济街花园」
		price += priceOpening
	case n == 0 && g.min > 0: // a generic word alone, 「软件园」
		price += 9
	}
	if r := p.f[j-len(g.text)-min(n, 1)]; g.weak && (numeral(r) || kindOf(r) == alnum) && g.form == formPlace {
		price += priceSwallowed // 「11楼」 is no name
	}
	for _, s := range p.live {
		price := price + p.opening(i, s, g.form)
		put := func(t state, op operation) { p.push(i, s, j, t, op, price+int32(step[s][t])) }
		switch g.form {
		case formCounty:
			if s <= atPrefecture {
				put(atCounty, opCounty)
			}
		case formTown:
			put(atTown, opTownship)
		case formZone:
			put(atZone, opTownship)
		case formVillage:
			put(atVillage, opVillage)
		case formStreet:
			put(atStreet, opStreet)
		case formHamlet:
			put(atHamlet, opHamlet)
		case formHome:
			p.compound(i, s, j, atHome, price)
		case formPlace:
			p.compound(i, s, j, atPlace, price)
		case formWing:
			p.wing(i, s, j, price)
		case formBlock:
			put(atBuilding, opBuilding)
		}
	}
}

// opening is the price of a name at i that swallows divisions at its beginning
// which would fit where the text stands, and those that follow them.
func (p *parser) opening(i int, s state, g form) int32 {
	switch r := p.f[i]; {
	case r == '区' && s > atStart, (r == '县' || r == '市' || r == '省') && s > atStart && s <= atCounty: // left over from a division
		return priceOpening
	case s > atPrefecture:
	case p.opens[i]&opensProvince != 0 && s == atStart, p.opens[i]&opensPrefecture != 0 && s <= atProvince:
		price := int32(priceOpening)
		if g == formZone { // a zone bears the short name of its city
			price = 0
		}
		for _, d := range p.named[i] {
			if d.level == County || !hasPrefixAt(p.f, i, d.name) {
				continue
			}
			if p.fits(i+len(d.name), d.codes[0]) {
				return 2 * priceOpening
			}
			if !d.short {
				price = priceOpening
			}
		}
		return price
	case p.opens[i]&opensCounty != 0 && s != atStart && g != formZone && p.fits(i, p.at(i, s).code):
		return priceOpening
	}
	return 0
}

// fits tells whether a division of (or above) that of code is named at i.
func (p *parser) fits(i int, code uint32) bool {
	for _, d := range p.named[i] {
		if hasPrefixAt(p.f, i, d.name) {
			if _, ok := d.within(code); ok {
				return true
			}
		}
	}
	return false
}

// compound reads f[i:j] as a named place. On a floor or in a room such a name
// is that of a firm or person: it does not belong to the standard address.
func (p *parser) compound(i int, s state, j int, t state, price int32) {
	if s >= atEntrance {
		p.push(i, s, j, s, opRest, price+4)
		return
	}
	if s == atPlate || s == atLane || s == atInner {
		t = atInner
	}
	p.push(i, s, j, t, opCompound, price+int32(step[s][t]))
}

// wing reads a part of a compound: 「东区」, 「二期」, 「3号门」.
func (p *parser) wing(i int, s state, j int, price int32) {
	switch {
	case s > atBuilding:
		p.push(i, s, j, s, opRest, price+6)
	case s == atBuilding:
		p.push(i, s, j, s, opCompound, price+6)
	case s == atHome || s == atPlace || s == atInner:
		p.push(i, s, j, s, opCompound, price)
	default:
		p.compound(i, s, j, atHome, price+6)
	}
}

// bare offers f[i:j], a name without a generic word.
func (p *parser) bare(i, j int) {
	price := int32(priceBare)
	switch n := j - i; {
	case n == 1:
		price += 9
	case n > 6:
		price += int32(n - 6)
	}
	inner := p.strong[max(j-1, 0)] - p.strong[min(i+1, len(p.f))]
	price += priceSwallowed*max(inner, 0) + p.digits[j] - p.digits[i]
	if p.opens[i]&opensRest != 0 {
		price += priceSwallowed
	}
	for _, s := range p.live {
		price := price + p.opening(i, s, formBare)
		switch {
		case s >= atBuilding:
			p.push(i, s, j, s, opRest, price-16)
		case s == atPlate || s == atLane:
			p.compound(i, s, j, atPlace, price-8)
		default:
			p.compound(i, s, j, atPlace, price)
		}
	}
}
