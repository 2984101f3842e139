package address

// state is what the parser knows of the text before a position: the level
// last read, where that decides the meaning of what follows.
type state uint8

const (
	atStart state = iota
	atProvince
	atPrefecture
	atCounty
	atZone
	atTown
	atVillage
	atStreet
	atJoin // between two crossing streets
	atHamlet
	atPlate
	atLane  // a plate of the kind 「180弄」, in which numbers are buildings
	atHome  // residential compound, no plate before
	atPlace // another compound, no plate before
	atInner // compound behind a plate
	atBuilding
	atEntrance
	atFloor
	atRoom
	states
)

// Prices are small integers: about 10 for a well-formed element, so that a
// reading with fewer and better-formed elements is cheaper. They state how
// strongly word form and order speak; the order is that of GB/T 35639.
const (
	hopeless         = 30 // readings dearer than the best up to the same place by more than this are dropped
	never            = 1 << 28
	priceFull        = 6  // a division by its full name
	priceShort       = 10 // a province or prefecture by a short name
	priceShortCounty = 13
	priceBare        = 28 // a name without generic word
	priceNumber      = 4  // a number with its unit
	priceMark        = 1  // punctuation
	priceRest        = 11 // a locating word of two or more characters

	priceSureRest     = 7
	priceRestart      = 8  // a second address behind 「/」
	priceRemark       = 14 // a text in round brackets
	priceOpening      = 12 // a division at the beginning of a name
	priceShortOpening = 8  // the short name of a county at the beginning of a name
	priceBareTown     = 11 // a township without generic word before a street
	priceLongStem     = 14 // a street's name of four characters and more, directions not counted
	priceSwallowed    = 17 // a generic word, division or number inside a name
)

// step[s][t] is the price of reading an element that leads to t when at s.
var step = func() (t [states][states]int16) {
	// Later levels may follow earlier ones freely; reading backwards is dear,
	// and dearer the further the text has come.
	for s := state(0); s < states; s++ {
		for n := state(0); n < states; n++ {
			switch {
			case n > s:
				t[s][n] = 0
			case s >= atBuilding && n < atBuilding:
				t[s][n] = 16
			case s >= atHome && n <= atCounty:
				t[s][n] = 22
			case s > atTown && n <= atCounty:
				t[s][n] = 16
			case n <= atCounty:
				t[s][n] = 3
			default:
				t[s][n] = 8
			}
		}
	}
	set := func(price int16, to state, from ...state) {
		for _, s := range from {
			t[s][to] = price
		}
	}
	set(4, atTown, atTown, atZone)
	set(6, atTown, atVillage)
	set(0, atZone, atTown, atZone)
	set(4, atVillage, atStreet, atVillage, atHamlet)
	set(5, atVillage, atHome, atPlace)
	set(3, atStreet, atStreet, atHome, atPlace, atInner, atHamlet)
	set(6, atStreet, atPlate, atLane)
	set(0, atStreet, atJoin)
	set(4, atHamlet, atStreet, atHome, atPlace)
	set(30, atJoin, atStart, atProvince, atPrefecture, atCounty, atZone, atTown, atVillage, atHamlet, atPlate, atLane, atHome, atPlace, atInner, atBuilding, atEntrance, atFloor, atRoom, atJoin)
	set(2, atJoin, atStreet)
	set(3, atHome, atHome, atPlace)
	set(3, atPlace, atHome, atPlace)
	set(3, atInner, atInner, atPlate, atLane)
	set(0, atInner, atPlate, atLane)
	for _, s := range []state{atHome, atPlace, atInner} {
		set(9, s, atBuilding)
		set(0, s, atHamlet, atStreet, atVillage)
		set(6, s, atJoin)
	}
	set(3, atPlate, atTown, atZone, atCounty)
	set(5, atPlate, atStart, atProvince, atPrefecture, atPlate)
	set(4, atPlate, atHome, atPlace)
	set(8, atPlate, atInner)
	set(5, atBuilding, atStart, atProvince, atPrefecture, atCounty, atTown, atBuilding)
	set(4, atBuilding, atStreet)
	set(2, atBuilding, atVillage, atHamlet, atZone)
	set(3, atEntrance, atHome, atPlace, atInner, atPlate)
	set(4, atFloor, atStreet, atVillage, atTown, atRoom)
	set(2, atRoom, atHome, atPlace, atInner, atPlate, atLane)
	set(5, atRoom, atStart, atProvince, atPrefecture, atCounty, atZone, atTown, atVillage, atHamlet, atRoom)
	return t
}()

// lengthPrice is what n characters before a generic word of form g cost:
// nothing in the usual range, then more and more.
func lengthPrice(g form, n int) int32 {
	usual, slope := 4, 6
	switch g {
	case formCounty:
		usual, slope = 2, 8
	case formTown:
		usual = 3
	case formZone:
		usual, slope = 6, 3
	case formHome:
		usual, slope = 5, 3
	case formPlace:
		usual, slope = 6, 2
	}
	if n <= usual {
		if n == 1 && (g == formStreet || g == formPlace || g == formHome) {
			return 3
		}
		return 0
	}
	return int32((n - usual) * slope)
}

// operation says what a stretch of text becomes: one element, or a dashed
// number taken apart into several.
type operation uint8

const (
	opSkip operation = iota // white space: nothing
	opProvince
	opPrefecture
	opCounty
	opTownship
	opVillage
	opStreet
	opHamlet
	opPlate
	opCompound
	opBuilding
	opEntrance
	opFloor
	opRoom
	opRest
	opBuildingRoom
	opBuildingEntrance
	opEntranceRoom
	opBuildingFloor
	opBuildingEntranceRoom
	opPlateBuildingRoom
	opEntranceFloorRoom
	opBuildingEntranceFloorRoom
)

var opLevels = [...][]Level{
	opSkip: nil, opProvince: {Province}, opPrefecture: {Prefecture}, opCounty: {County}, opTownship: {Township}, opVillage: {Village},
	opStreet: {Street}, opHamlet: {Hamlet}, opPlate: {Plate}, opCompound: {Compound}, opBuilding: {Building}, opEntrance: {Entrance},
	opFloor: {Floor}, opRoom: {Room}, opRest: {Rest},
	opBuildingRoom: {Building, Room}, opBuildingEntrance: {Building, Entrance}, opEntranceRoom: {Entrance, Room}, opBuildingFloor: {Building, Floor},
	opBuildingEntranceRoom: {Building, Entrance, Room}, opPlateBuildingRoom: {Plate, Building, Room}, opEntranceFloorRoom: {Entrance, Floor, Room},
	opBuildingEntranceFloorRoom: {Building, Entrance, Floor, Room},
}
