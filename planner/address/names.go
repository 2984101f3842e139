package address

// longestName bounds the characters of one named element; longer stretches are
// still read, as bare names up to the next boundary.
const longestName = 18

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
		if n := j - i; p.stem[j] && (n == 2 || n == 3) {
			p.bareTown(i, j)
		}
		if p.boundary[j] {
			p.bare(i, j, j)
			if n, ok := p.numberAt(min(j, len(f)-1)); ok && j < len(f) && n.is == unitWing && n.parts == 1 && p.f[n.end-1] == '区' && j-i >= 2 {
				p.bare(i, j, n.end) // 「南下朱C区」
			}
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
		price += 24
	}
	last := j - len(g.text) - 1
	if g.form == formWing || g.form == formBlock {
		last++
	}
	if inner := p.strong[max(last, 0)] - p.strong[min(i+1, len(p.f))]; n > 2 && inner > 0 && !g.branch() {
		price += priceSwallowed * inner
	}
	end := j
	if numeral(g.text[0]) { // the number of 「诚信一区」 belongs to the word
		end -= len(g.text)
	}
	price += p.digits[end] - p.digits[i]
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
	if g.form == formStreet && p.longStem(i, j-len(g.text)) {
		price += priceLongStem
	}
	if g.form == formTown || g.form == formZone {
		price += p.countyInside(i, j-len(g.text))
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
		case formTail:
			p.push(i, s, j, s, opRest, price)
		case formBlock:
			put(atBuilding, opBuilding)
		}
	}
}

// countyInside is the price of a county that the stem f[i:j] of a township
// begins with: 「柯桥漓渚镇」, 「北塘区黄巷街道」 are two elements.
func (p *parser) countyInside(i, j int) int32 {
	for k := i + 2; k < j-1; k++ {
		if r := p.f[k]; r == '县' || r == '区' || r == '市' {
			return priceOpening
		}
	}
	if p.opens[i]&opensCounty == 0 {
		return 0
	}
	for _, d := range p.named[i] {
		if d.level == County && i+len(d.name) < j-1 && hasPrefixAt(p.f, i, d.name) {
			return priceOpening
		}
	}
	return 0
}

// branch tells whether g names a part of an institution that is written as one
// name with it: 「浙江大学紫金港校区」.
func (g *generic) branch() bool {
	last := len(g.text) - 1
	return last > 0 && (g.text[0] == '校' || g.text[0] == '院') && g.text[last] == '区' || g.text[0] == '分' && (g.text[last] == '院' || g.text[last] == '校')
}

// opening is the price of a name at i that swallows divisions at its beginning
// which would fit where the text stands, and those that follow them.
func (p *parser) opening(i int, s state, g form) int32 {
	switch r := p.f[i]; {
	case g == formStreet && i > 0 && (r == '门' || (r == '内' || r == '外') && p.f[i-1] == '门'), r == '区' && s > atStart, r == '路' && s > atStart && g != formTown && g != formCounty, (r == '县' || r == '市' || r == '省') && s > atStart && s <= atCounty: // left over from a division
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
	case p.opens[i]&opensCounty != 0 && s == atStart && g != formZone:
		return priceShortOpening
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

// longStem tells whether f[i:j] is more than the usual name of a street: four
// characters and more, numbers and directions not counted.
func (p *parser) longStem(i, j int) bool {
	j = p.stemEnd(i, j)
	for k := i; k < j; k++ {
		if p.kinds[k] != han || numeral(p.f[k]) {
			return false
		}
	}
	return j-i >= 4
}

// bareTown offers f[i:j], which stands before the name of a street, as a
// township without its generic word, behind a township as a village: 「庄市逸夫路」.
func (p *parser) bareTown(i, j int) {
	if p.strong[j]-p.strong[i] > 0 || p.digits[j] > p.digits[i] || p.opens[i]&(opensRest|opensCounty) != 0 {
		return
	}
	for k := i; k < j; k++ {
		if joiner(p.f[k]) || p.f[k] == '路' {
			return
		}
	}
	for _, s := range p.live {
		price := int32(priceBareTown) + p.opening(i, s, formBare)
		switch {
		case s <= atZone:
			p.push(i, s, j, atTown, opTownship, price)
		case s == atTown:
			p.push(i, s, j, atVillage, opVillage, price)
		}
	}
}

// bare offers f[i:end], a name without a generic word before j, where its
// part's number begins if it has one.
func (p *parser) bare(i, j, end int) {
	price := int32(priceBare)
	switch n := j - i; {
	case n == 1:
		price += 9
	case n > 6:
		price += int32(n - 6)
	}
	inner := p.strong[max(j-1, 0)] - p.strong[min(i+1, len(p.f))]
	price += priceSwallowed*max(inner, 0) + p.digits[j] - p.digits[i]
	if p.sure[j] && !p.sure[i] {
		price += priceSwallowed
	}
	if p.opens[i]&opensRest != 0 {
		price += priceSwallowed
	}
	for _, s := range p.live {
		price := price + p.opening(i, s, formBare)
		switch {
		case s >= atBuilding:
			p.push(i, s, end, s, opRest, price-16)
		case s == atPlate || s == atLane:
			p.compound(i, s, end, atPlace, price-8)
		default:
			p.compound(i, s, end, atPlace, price)
		}
	}
}
