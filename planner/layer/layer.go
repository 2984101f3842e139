// Package layer is the vocabulary of collections that api serves and data
// stores: what layers there are, their properties, and how a read is asked for.
// It knows neither SQL nor HTTP.
package layer

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
)

// Type is the type of a property, in the words of JSON Schema.
type Type string

// The property types. Division codes and every identifier are strings, since
// clients read integers as 32 bits.
const (
	String  Type = "string"
	Integer Type = "integer"
	Number  Type = "number"
	Boolean Type = "boolean"
	Date    Type = "date"      // string, format date
	Instant Type = "date-time" // string, format date-time, in UTC
)

// Property describes one property of a collection's features.
type Property struct {
	Name      string // English snake_case
	Type      Type
	Title     planner.Text
	Queryable bool // may be given as a query parameter, compared for equality
}

// Collection describes one layer.
type Collection struct {
	ID          string
	Title       planner.Text
	Description planner.Text
	Geometry    string // Point, MultiPolygon, …: the GeoJSON type of every geometry
	OfRun       bool   // a run layer: its content belongs to one run; otherwise to a data version
	Properties  []Property
	Time        [2]string // properties that hold a feature's begin and end, the same twice for an instant; "" for layers without time
	Extra       *Source   // where an extra collection comes from; nil for the layers of the product
}

// Source is the table of a file that an extra collection was made of.
type Source struct {
	Digest   string // of the file's content
	Geometry string // name of the geometry column; "" without one
}

// Separator is what stands between the values of a property that holds several,
// "" for any other: filters see an array, features have a text.
func (c Collection) Separator(property string) string {
	return map[string]string{"facilities.services": ",", "places.aliases": "、"}[c.ID+"."+property]
}

// GeometryName is what filters call the geometry; "" when features have none.
func (c Collection) GeometryName() string {
	if c.Extra != nil {
		return c.Extra.Geometry
	}
	return "geometry"
}

// Property finds a property by name.
func (c Collection) Property(name string) (Property, bool) {
	for _, p := range c.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// Snapshot names the exact content of a read: readers see one data version and
// one run, whole, whatever is published meanwhile.
type Snapshot struct {
	Version int64 // data version; 0 when nothing was imported
	Run     int64 // published run; 0 when there is none
}

// Query asks for features of one collection.
type Query struct {
	Collection string
	Snapshot   Snapshot
	Viewer     planner.Viewer
	BBox       []orb.Bound       // x first; two when the box crosses the antimeridian; none is everywhere, an empty one nowhere; features that truly intersect
	BBoxCRS    CRS               // of BBox: the zero value for degrees, a projected system otherwise
	Time       *Interval         // features whose time meets it; nil = all
	Equals     map[string]string // property → value, only queryable properties
	Filter     cql2.Expr         // nil = all
	FilterCRS  CRS               // of the coordinates in Filter
	CRS        CRS               // of the geometries in the answer, in the axis order of its authority
	Properties []string          // which are written; nil = all
	Sort       []Order           // before the id, which is always last
	AfterID    string            // keyset: features after the one with this id, in the order asked for
	Limit      int               // 0 = no limit (streams only)
}

// Feature is one GeoJSON feature as PostGIS wrote it, spliced untouched.
type Feature struct {
	ID   string
	JSON []byte
}

// Page is one page of features in id order.
type Page struct {
	Features      []Feature
	NumberMatched int64 // exact, or Uncounted
	More          bool  // features follow after the last one
}

// Bounded tells whether the query asks for some of the features, apart from pages.
func (q Query) Bounded() bool {
	return len(q.BBox) > 0 || len(q.Equals) > 0 || q.Filter != nil || q.Time != nil
}

// Interval is a time asked for, both ends in it; nil is open.
type Interval struct{ From, To *time.Time }

// Order is a property to sort by; features without a value come last.
type Order struct {
	Property   string
	Descending bool
}

// Uncounted says that a filter matches more features than are counted for it.
const Uncounted = -1

// Extent is what is told of a collection in one snapshot as a viewer sees it.
type Extent struct {
	Bound    *orb.Bound // lon/lat, rounded outward to 7 decimals; nil when there is no geometry
	Count    int64
	From, To *time.Time // of the features' time; nil is open
	Updated  time.Time  // when the data version was published; zero without one
	AsOf     time.Time  // the day that the run judges; zero without one
}

// Row is a feature as values, for files: Values are parallel to the collection's
// properties, each nil, string, int64, float64, bool or time.Time by its type.
type Row struct {
	ID     string
	WKB    []byte // x first; nil without a geometry
	Values []any
}
