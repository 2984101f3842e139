package address

// Level is the rank of an address element, named as the geocode command prints it.
type Level string

// The levels, from the largest area to the smallest, and what is none of them.
const (
	Province   Level = "province"
	Prefecture Level = "prefecture" // a municipality (北京市 …) too: its districts hang directly on it
	County     Level = "county"
	Township   Level = "township" // and development zones, which report like one
	Village    Level = "village"
	Street     Level = "street"
	Hamlet     Level = "hamlet" // natural village, villagers' group
	Plate      Level = "plate"  // 号, 弄, 号院
	Compound   Level = "compound"
	Building   Level = "building"
	Entrance   Level = "entrance" // 单元
	Floor      Level = "floor"
	Room       Level = "room"
	Rest       Level = "rest"
)

// Levels lists every level in order.
var Levels = []Level{Province, Prefecture, County, Township, Village, Street, Hamlet, Plate, Compound, Building, Entrance, Floor, Room, Rest}

// Element is one part of an address: text[Start:End] counted in characters
// (Unicode code points) of the original text.
type Element struct {
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}
