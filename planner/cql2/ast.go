// Package cql2 reads and writes filters in the Common Query Language (OGC
// 21-065r2, CQL2), in its text and its JSON encoding, into one tree. It knows
// neither properties nor SQL: whether a name exists and types agree is for the
// one who evaluates the tree (data/store).
package cql2

import (
	"fmt"

	"github.com/lifecircle/lifecircle/planner"
)

// Limits of a filter: what is longer, deeper or larger is refused with the place where it became too much.
const (
	MaxLength      = 512 << 10 // bytes
	MaxDepth       = 200       // calls inside calls
	MaxNodes       = 60_000    // 10,000 comparisons joined by OR are 30,001
	MaxCoordinates = 25_000    // positions of all geometries
)

// Expr is a node of a filter: one of the types below.
type Expr interface {
	At() int // where it begins: characters from 1
}

// Pos is the place of a node, in characters from 1.
type Pos int

// At gives the place.
func (p Pos) At() int { return int(p) }

// Errorf is an error of the filter at a place; the formats take the same args.
func Errorf(at int, zh, en string, args ...any) *planner.Error {
	inner := planner.Errorf(planner.Invalid, zh, en, args...)
	inner.Text.ZH = fmt.Sprintf("过滤条件第%d个字符处:%s", at, inner.Text.ZH)
	inner.Text.EN = fmt.Sprintf("filter, character %d: %s", at, inner.Text.EN)
	return inner
}

// Bool is TRUE or FALSE.
type Bool struct {
	Pos
	Value bool
}

// Number is a number as JSON writes it: no digit of it is lost between reader and database.
type Number struct {
	Pos
	Text string
}

// String is a text; never with a zero character, which PostgreSQL cannot hold.
type String struct {
	Pos
	Value string
}

// Date is a day: YYYY-MM-DD, a day that exists.
type Date struct {
	Pos
	Text string
}

// Timestamp is an instant in UTC: RFC 3339 with Z.
type Timestamp struct {
	Pos
	Text string
}

// Open is the end of an interval that has none: '..'.
type Open struct{ Pos }

// Interval is the time from Start to End, both included; its ends are Date,
// Timestamp, Open, Property or a Call of a function.
type Interval struct {
	Pos
	Start, End Expr
}

// BBox is a box: 4 numbers (west, south, east, north) or 6 (west, south, low,
// east, north, high) in the axis order of the filter's CRS.
type BBox struct {
	Pos
	Bounds []float64
}

// Geometry is a geometry of GeoJSON: a type other than GeometryCollection has
// Coordinates, a GeometryCollection has Geometries and they are no collections.
// Rings are closed and have at least four positions; all positions of one
// geometry have two or all have three numbers.
type Geometry struct {
	Pos
	Type        string
	Coordinates Coordinates
	Geometries  []Geometry
}

// Coordinates are one position, or a list of lists as GeoJSON nests them.
type Coordinates struct {
	Position []float64 // x, y and, in three dimensions, z
	Items    []Coordinates
}

// Property is the value of a property of the feature.
type Property struct {
	Pos
	Name string
}

// Array is a list of values.
type Array struct {
	Pos
	Items []Expr
}

// Call is an operator or function with its arguments. Op is the name that
// CQL2-JSON gives an operator ("and", "<>", "s_intersects", "t_metBy", …; "in"
// has the value and an Array); any other name is a function as it was written.
type Call struct {
	Pos
	Op   string
	Args []Expr
}
