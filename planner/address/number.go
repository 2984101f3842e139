package address

import "strings"

// unit is a word after a number.
type unit struct {
	text []rune
	is   unitKind
}

type unitKind uint8

const (
	noUnit     unitKind = iota
	unitNumber          // 号: plate, building, entrance or room by what comes before
	unitYard            // 号院
	unitLane            // 弄
	unitBuilding
	unitEntrance
	unitFloor
	unitRoom
	unitGroup
	unitStreet
	unitWing
	unitDoor // 门: entrance of a building, else a gate
	unitDistance
)

// unitsByFirst holds the units by first character, longest first.
var unitsByFirst = func() byRune[unit] {
	m := map[rune][]unit{}
	for _, u := range []struct {
		is   unitKind
		text string
	}{
		{unitYard, "号大院 号院"},
		{unitBuilding, "号楼 号搂 号厂房 号车间 号仓库 号库 号馆 号塔 #楼 #厂房 幢楼 栋楼 幢 栋 座 排 塔 #"},
		{unitRoom, "号房 号室 号店 号铺 号商铺 号店铺 号档 号摊位 号摊 号商位 号户 房间 室 房 户 店 铺 档 摊位 商铺 间"},
		{unitWing, "号门 区 期"},
		{unitDoor, "门"},
		{unitStreet, "号路 号大街 号街 号大道 支弄 支路 巷 弄支 街 路"},
		{unitNumber, "号"},
		{unitLane, "弄"},
		{unitEntrance, "单元 号单元 梯"},
		{unitFloor, "楼层 层楼 层 楼 F"},
		{unitGroup, "村民小组 小组 组 队 生产队 大队"},
		{unitDistance, "米 公里 千米 M KM"},
	} {
		for _, w := range strings.Fields(u.text) {
			r := []rune(w)
			list := append(m[r[0]], unit{r, u.is})
			for i := len(list) - 1; i > 0 && len(list[i].text) > len(list[i-1].text); i-- {
				list[i], list[i-1] = list[i-1], list[i]
			}
			m[r[0]] = list
		}
	}
	return indexRunes(m)
}()

func unitAt(f []rune, i int) (unit, bool) {
	if i >= len(f) {
		return unit{}, false
	}
	for _, u := range unitsByFirst.of(f[i]) {
		if hasPrefixAt(f, i, u.text) {
			end := i + len(u.text)
			// 「12F」 but not 「12FB」; letters that go on are a name.
			if kindOf(u.text[0]) == alnum && end < len(f) && kindOf(f[end]) == alnum {
				continue
			}
			return u, true
		}
	}
	return unit{}, false
}

// number is a run of one or more dash-joined numbers and the unit behind it.
type numberRun struct {
	parts       int
	digits      [4]int // characters of each part
	values      [4]int // 0 when a part is not of digits alone
	is          unitKind
	end         int // behind the unit
	bareEnd     int // behind the digits
	chinese     bool
	letterFirst bool
}

// part reads one number at i and gives its end; i when there is none.
func (p *parser) part(i int) (end int, chinese, digit bool) {
	f := p.f
	j := i
	if j < len(f) && (f[j] == '第' || f[j] == '负') {
		j++
	}
	if j < len(f) && j+1 < len(f) && (f[j] == '甲' || f[j] == '乙' || f[j] == '丙' || f[j] == '丁' || f[j] == '附' || f[j] == '副' || f[j] == '特') && p.kinds[j+1] == alnum {
		j++
	}
	k := j
	for k < len(f) && p.kinds[k] == alnum && k-j < 12 {
		if f[k] <= '9' {
			digit = true
		} else if digit { // 「12F」, 「3M」: a letter that is a unit ends the number
			if u, ok := unitAt(f, k); ok && (u.is == unitFloor || u.is == unitDistance) {
				break
			}
			if k+2 < len(f) && isLetter(f[k+1]) && isLetter(f[k+2]) { // 「853OPPO」
				break
			}
		}
		k++
	}
	if k > j {
		return k, false, digit
	}
	for k < len(f) && numeral(f[k]) && k-j < 6 {
		k++
	}
	if k > j {
		return k, true, true
	}
	return i, false, false
}

func (p *parser) value(i, j int) (v int) {
	for _, r := range p.f[i:j] {
		if r < '0' || r > '9' || v > 1e6 {
			return 0
		}
		v = v*10 + int(r-'0')
	}
	return v
}

// span tells whether two numbers are the ends of a run: 「1105-1106」.
func (n *numberRun) span() bool {
	return n.parts == 2 && n.digits[0] >= 3 && n.values[0] > 0 && n.values[1] > n.values[0] && n.values[1]-n.values[0] <= 30
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' }

// numberAt reads the number run at i; ok is false when none begins there.
func (p *parser) numberAt(i int) (n numberRun, ok bool) {
	f := p.f
	if i > 0 && (p.kinds[i] == alnum && p.kinds[i-1] == alnum || numeral(f[i]) && (numeral(f[i-1]) || f[i-1] == '第' || f[i-1] == '负')) {
		return n, false
	}
	end, chinese, digit := p.part(i)
	if end == i {
		return n, false
	}
	letters := end - i
	n.parts, n.chinese = 1, chinese
	n.digits[0], n.values[0] = end-i, p.value(i, end)
	for n.parts < 4 && !chinese && end+1 < len(f) && (p.kinds[end] == dash || f[end] == '/' || f[end] == '至') && p.kinds[end+1] == alnum {
		e, c, d := p.part(end + 1)
		if c || e == end+1 {
			break
		}
		n.digits[n.parts], n.values[n.parts] = e-end-1, p.value(end+1, e)
		n.parts++
		end, digit = e, digit || d
	}
	n.bareEnd, n.end = end, end
	if end+1 < len(f) && p.kinds[end] == space && p.kinds[end+1] == han { // 「12 号」
		if u, found := unitAt(f, end+1); found && (u.is == unitNumber || u.is == unitRoom || u.is == unitBuilding) {
			end++
		}
	}
	if u, found := unitAt(f, end); found {
		if chinese && u.is == unitRoom && u.text[0] != '号' && u.text[0] != '室' && u.text[0] != '户' { // 「天一店」
			return n, false
		}
		n.is, n.end = u.is, end+len(u.text)
		if n.parts > 2 && u.text[0] == '#' { // 「3-1-1002#」
			n.is = unitRoom
		}
		if u.is == unitNumber {
			n.end = p.plateTail(n.end)
		}
	}
	if chinese {
		return n, n.is != noUnit
	}
	return n, digit || letters <= 2 && (n.is == unitBuilding || n.is == unitWing || n.is == unitFloor || n.is == unitEntrance)
}

// plateTail extends a plate that ends at i over 「之一」, 「附3号」.
func (p *parser) plateTail(i int) int {
	f := p.f
	if i+1 >= len(f) || f[i] != '之' && f[i] != '附' {
		return i
	}
	e, _, digit := p.part(i + 1)
	if e == i+1 || !digit {
		return i
	}
	if f[i] == '附' {
		if e >= len(f) || f[e] != '号' {
			return i
		}
		e++
	}
	return e
}

// number offers the readings of the number run at i.
func (p *parser) number(i int) {
	n, ok := p.numberAt(i)
	if !ok {
		return
	}
	if n.chinese && n.is == unitStreet { // 「五街」 is a name
		return
	}
	road := p.roadNumber(i, n)
	for _, s := range p.live {
		if road && s <= atVillage { // 「G320」
			p.push(i, s, n.end, atStreet, opStreet, priceNumber+int32(step[s][atStreet]))
			continue
		}
		p.readNumber(i, s, n)
	}
}

// roadNumber tells whether n at i is the number of a trunk road, 「G320」, alone.
func (p *parser) roadNumber(i int, n numberRun) bool {
	if n.is != noUnit || n.parts != 1 || n.digits[0] != 4 || p.f[i] != 'G' && p.f[i] != 'S' && p.f[i] != 'X' || p.value(i+1, n.end) == 0 {
		return false
	}
	return n.end == len(p.f) || p.kinds[n.end] != han || p.f[n.end] == '与'
}

func (p *parser) readNumber(i int, s state, n numberRun) {
	put := func(t state, op operation, extra int32) {
		p.push(i, s, n.end, t, op, priceNumber+extra+int32(step[s][t]))
	}
	switch n.is {
	case unitYard:
		put(atPlate, opPlate, 0)
	case unitLane:
		put(atLane, opPlate, int32(step[s][atPlate])-int32(step[s][atLane]))
	case unitBuilding:
		put(atBuilding, opBuilding, 0)
	case unitEntrance:
		if n.parts == 2 {
			put(atEntrance, opBuildingEntrance, 0)
			return
		}
		put(atEntrance, opEntrance, 0)
	case unitFloor:
		put(atFloor, opFloor, 0)
	case unitGroup:
		put(atHamlet, opHamlet, 0)
	case unitStreet:
		put(atStreet, opStreet, 4)
	case unitDoor:
		if s == atBuilding || s == atPlate {
			put(atEntrance, opEntrance, 0)
			return
		}
		p.wing(i, s, n.end, 0)
	case unitWing:
		p.wing(i, s, n.end, 0)
	case unitDistance:
		p.push(i, s, n.end, s, opRest, priceNumber)
	case unitRoom:
		p.readRoom(i, s, n.end, n)
	case unitNumber:
		p.readPlate(i, s, n)
	default:
		p.readBare(i, s, n)
	}
}

// readPlate reads 「N号」, which is a plate on a street, a building in a
// housing estate or behind a lane, an entrance in a building, a room on a floor.
func (p *parser) readPlate(i int, s state, n numberRun) {
	put := func(t state, op operation, extra int32) { p.push(i, s, n.end, t, op, priceNumber+extra) }
	if n.parts == 1 && n.digits[0] >= 4 && (s == atHome || s == atPlace || s == atInner || s == atBuilding) { // a stall or room
		put(atRoom, opRoom, 0)
		return
	}
	switch s {
	case atHome, atLane:
		put(atBuilding, opBuilding, 0)
	case atInner:
		put(atBuilding, opBuilding, 2)
	case atPlate:
		put(atBuilding, opBuilding, 3)
	case atPlace:
		put(atPlate, opPlate, 3)
	case atBuilding:
		put(atEntrance, opEntrance, 0)
	case atEntrance, atFloor, atRoom:
		put(atRoom, opRoom, 0)
	default:
		put(atPlate, opPlate, int32(step[s][atPlate]))
	}
}

// readRoom reads a run that ends in 室: 「602室」, 「1105-1106室」, 「12-602室」, 「3-2-602室」.
func (p *parser) readRoom(i int, s state, end int, n numberRun) {
	put := func(op operation, extra int32) {
		p.push(i, s, end, atRoom, op, priceNumber+extra+int32(step[s][atRoom]))
	}
	switch {
	case n.parts == 1 || n.parts == 2 && (s == atFloor || n.span()):
		put(opRoom, 0)
	case n.parts == 2 && s == atBuilding:
		put(opEntranceRoom, 0)
	case n.parts == 2:
		put(opBuildingRoom, 0)
	case n.parts == 3 && s == atBuilding:
		put(opEntranceFloorRoom, 0)
	case n.parts == 3 && s == atStreet:
		put(opPlateBuildingRoom, 0)
	case n.parts == 3:
		put(opBuildingEntranceRoom, 0)
	default:
		put(opBuildingEntranceFloorRoom, 0)
	}
}

// readBare reads numbers without a unit by where they stand.
func (p *parser) readBare(i int, s state, n numberRun) {
	put := func(t state, op operation, extra int32) { p.push(i, s, n.end, t, op, 6+priceNumber+extra) }
	if n.parts >= 3 || n.parts == 2 && (s == atFloor || s == atEntrance) {
		p.readRoom(i, s, n.end, n)
		return
	}
	compound := s == atHome || s == atPlace || s == atInner || s == atLane
	if n.parts == 2 {
		switch {
		case compound && n.digits[1] >= 3 && !n.span(), s == atPlate:
			put(atRoom, opBuildingRoom, 0)
		case compound && n.digits[1] <= 2:
			put(atEntrance, opBuildingEntrance, 0)
		case s == atBuilding && n.digits[0] <= 2:
			put(atRoom, opEntranceRoom, 0)
		case compound || s >= atBuilding:
			put(atRoom, opRoom, 0)
		default:
			put(atPlate, opPlate, int32(step[s][atPlate]))
		}
		return
	}
	d := n.digits[0]
	switch {
	case compound && d <= 2, s == atPlate && d <= 2:
		put(atBuilding, opBuilding, 0)
	case compound, s == atPlate, s == atEntrance, s == atFloor, s == atRoom:
		put(atRoom, opRoom, int32(step[s][atRoom]))
	case s == atBuilding && d <= 2:
		put(atEntrance, opEntrance, 0)
	case s == atBuilding:
		put(atRoom, opRoom, 0)
	default:
		put(atPlate, opPlate, int32(step[s][atPlate]))
	}
}
