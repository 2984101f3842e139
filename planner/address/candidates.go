package address

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
			if d.short && p.townAt(i+len(d.name)) { // 「余杭镇」 is a town
				price += priceOpening
			}
			if d.short && d.level == County && p.prefectureAt(i, len(d.name)) { // 「金华」 is the city, seldom the county of old
				price += priceSwallowed
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

// townAt tells whether the generic word of a township stands at i.
func (p *parser) townAt(i int) bool {
	return i < len(p.f) && (p.f[i] == '镇' || p.f[i] == '乡' || p.f[i] == '街' && i+1 < len(p.f) && p.f[i+1] == '道')
}

// prefectureAt tells whether the n characters at i are the short name of a prefecture.
func (p *parser) prefectureAt(i, n int) bool {
	for _, o := range p.named[i] {
		if o.level == Prefecture && len(o.name) == n && hasPrefixAt(p.f, i, o.name) {
			return true
		}
	}
	return false
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
		case end < len(f) && p.opens[end]&(opensProvince|opensPrefecture) != 0 && w.text[0] == '中' && len(w.text) == 2: // 「中国浙江…」
			price = priceMark
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
