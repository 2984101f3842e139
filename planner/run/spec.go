package run

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Spec is what a run is asked to do. It is stored as given.
type Spec struct {
	Name        string            `json:"name"`
	DataVersion int64             `json:"data_version"`
	AsOf        time.Time         `json:"as_of"` // date; facilities and flags count as of it
	Units       []planner.Code    `json:"units,omitempty"`
	Standards   string            `json:"standards,omitempty"` // YAML text; empty: the built-in plan
	Set         map[string]string `json:"set,omitempty"`       // assumptions (口径) that differ from the defaults
}

// Check refuses a spec that cannot be evaluated on any data: Invalid.
func (s Spec) Check() error {
	text := s.Standards
	if text == "" {
		text = standard.Zhejiang2021
	}
	plan, err := standard.Parse(text)
	if err == nil {
		_, _, err = plan.With(s.Set)
	}
	if err == nil && s.AsOf.IsZero() {
		err = planner.Errorf(planner.Invalid, "缺少评估日期 as_of", "the day to judge, as_of, is missing")
	}
	return err
}

// Covers tells whether a unit is among those asked for; all are when none is named.
func (s Spec) Covers(c planner.Code) bool {
	return len(s.Units) == 0 || slices.ContainsFunc(s.Units, func(u planner.Code) bool { return planner.Viewer{Prefix: u.Prefix()}.Sees(c) })
}

// Unit is an administrative unit as a run sees it.
type Unit struct {
	Code            planner.Code
	Name            string
	Level           planner.Level
	Parent          planner.Code
	ReportingParent planner.Code
	Class           string // 城乡分类
	Island          bool
	Point           *orb.Point // lon, lat; nil when the unit has no place yet
	Bound           *orb.Bound
}

// Facility is a site with its services.
type Facility struct {
	ID             string
	Name           string
	SiteID         string
	Services       []string
	Unit           planner.Code
	Status         string
	WeeklyOpenDays *int // nil = unknown
	Opened, Closed *time.Time
	Beds           *int
	NursingBeds    *int
	CapacityLeft   *int
	Point          *orb.Point // lon, lat
}

// StatusOn is the operating status on day d, from the dates where they say more
// than today's status: what was closed later was operating, what opens later is
// planned, what is open on no day of the week (unknown counts as open) is out of use.
func (f Facility) StatusOn(d time.Time) string {
	status := f.Status
	switch {
	case f.Opened != nil && f.Opened.After(d):
		return "planned"
	case f.Closed != nil && f.Closed.After(d) && status != "planned":
		status = "operating"
	case f.Closed != nil && !f.Closed.After(d) && status == "operating":
		return "suspended"
	}
	if status == "operating" && f.WeeklyOpenDays != nil && *f.WeeklyOpenDays == 0 {
		return "suspended"
	}
	return status
}

// Serves tells whether the facility serves anybody on day d.
func (f Facility) Serves(d time.Time) bool { return f.StatusOn(d) == "operating" }

// Offers tells whether the facility has one of the services.
func (f Facility) Offers(services ...string) bool {
	for _, s := range f.Services {
		for _, want := range services {
			if s == want {
				return true
			}
		}
	}
	return false
}

// Count is the people of one group of a unit, on one basis.
type Count struct {
	Unit   planner.Code
	Basis  string // resident, registered
	Group  string // total, 60+, …
	People int
	Hamlet string     // 自然村, when it is counted by itself; "" for the whole unit
	Point  *orb.Point // of a hamlet, or of a cell that is no unit of the tree
}

// Flag is one mark of a unit from the county's own list.
type Flag struct {
	Unit  planner.Code
	Flag  string
	Value bool
}

// LedgerFigure is one figure that an office keeps (台账): of a unit by its code, or of
// a facility by its id. Yes is 1, no is 0; what is not in the ledger is unknown.
type LedgerFigure struct {
	Subject string
	Key     string // as the standards name it, e.g. certified_care_workers
	Value   float64
	Note    string // of a document its number 文号
}

// Address is a residential point: where the people of a village are placed.
type Address struct {
	ID     string
	Unit   planner.Code
	Hamlet string
	Empty  int       // how far nobody lives there, per mille: 1000 for an empty dwelling
	Point  orb.Point // lon, lat
}

// ServedArea is where a facility brings its services: a unit with all below it,
// one hamlet of it, or whatever lies inside the outline.
type ServedArea struct {
	Facility string
	Kind     string   // door, delivery
	Services []string // that are brought; none = those of the facility
	Unit     planner.Code
	Hamlet   string
	Outline  orb.MultiPolygon // lon, lat; nil without one
}

// ClosedUnit is a unit that does not exist on the day: no more, or not yet.
type ClosedUnit struct {
	Code  planner.Code
	Name  string
	Later bool
}

// Reject is a row that an import of the data version refused.
type Reject struct {
	Kind, Source, File string
	Row                int64
	Reason             planner.Text
}

// Elsewhere is a facility that says one county and stands in another.
type Elsewhere struct {
	Facility, Name string
	Unit, In       planner.Code
	InName         string
}

// Inputs is what a run reads as a whole, all of one data version, each slice
// sorted by its id. Addresses come county by county: a province has ten million.
type Inputs struct {
	DataVersion   int64
	NetworkDigest string
	Lines         *transit.Timetable `json:",omitempty"` // buses and shuttles; read only when a standard is judged by them
	Units         []Unit
	Facilities    []Facility
	Population    []Count
	Flags         []Flag
	Ledger        []LedgerFigure
	Areas         []ServedArea
	Closed        []ClosedUnit
	Rejects       []Reject
	Elsewhere     []Elsewhere
}
