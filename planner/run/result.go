package run

import (
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// Result is what a run found: the rows of its layers, in id order.
type Result struct {
	Engine   string
	Digest   string
	Summary  Summary
	Circles  []Circle
	Coverage []Coverage
	Gaps     []Gap
	Demand   []Demand
	Verdicts []Verdict
	Bands    []Band
	Areas    []GapArea
	Options  []Option
	Quality  []QualityRow
}

// Circle is the area from which one facility is reached.
type Circle struct {
	FacilityID, Name, Service, Profile string
	Facility                           int32  // index among the inputs' facilities
	Standard                           string // that it was drawn for
	Minutes                            int
	Unit                               planner.Code
	Group                              string
	People                             int // people of the group inside, resident
	Polygon                            orb.MultiPolygon
}

// Coverage is the people of one class in a unit.
type Coverage struct {
	Unit     planner.Code
	Name     string
	Level    planner.Level
	Standard string
	Group    string
	Basis    string
	Profile  string
	Minutes  int
	Class    string
	Total    int // people of the group in the unit
	People   int // people of the class
	Verdict  string
}

// Gap is one thing that a standard lacks in a unit.
type Gap struct {
	ID          string // stable across runs
	Standard    string
	Unit        planner.Code
	Name        string
	Hamlet      string // settlement; "" for all of the unit
	Kind        string
	Group       string
	People      int
	People80    int    // of them aged 80+
	Area        string // gap area; "" for none
	NearestID   string
	NearestName string

	NearestStatus string   // on the day
	Minutes       *float64 // on foot to the nearest serving facility; nil when there is no way
	RideMinutes   *float64
	Rank          int
	Reason        planner.Text
	Measure       string
	Point         *orb.Point
}

// Demand is the people of a village as they were placed on points.
type Demand struct {
	Unit   planner.Code
	Name   string
	Group  string
	Basis  string
	People int
	Points int
	Method string // hamlet, address, cell, village_point, none
	Point  *orb.Point
}

// Verdict is the outcome of a standard in a unit.
type Verdict struct {
	Standard    string
	Unit        planner.Code
	Level       planner.Level
	Verdict     string
	Value       *float64
	Threshold   *float64
	Numerator   int64
	Denominator int64
	Text        planner.Text // in a few words: 未达标(差4个)
	Reason      planner.Text // the sentence that explains the figure
}

// Summary is the figures of a run, as printed and as JSON.
type Summary struct {
	Headline    planner.Text      `json:"headline"`
	AsOf        string            `json:"as_of"`
	Units       map[string]int    `json:"units"` // level → count
	Plan        PlanVersion       `json:"plan"`
	Standards   []StandardFigure  `json:"standards"`
	Assumptions map[string]string `json:"assumptions"`
	Set         map[string]string `json:"set,omitempty"` // those that were given with the run
	Quality     []QualityNote     `json:"quality"`
	SlopeLeast  float64           `json:"slope_factor_least"`
	SlopeMost   float64           `json:"slope_factor_greatest"`
}

// PlanVersion names the standards that a run judged by.
type PlanVersion struct {
	ID       string       `json:"id"`
	Title    planner.Text `json:"title"`
	Document string       `json:"document"`
	Digest   string       `json:"digest"` // of the file, before assumptions were set
}

// StandardFigure is one standard's outcome over the run's top unit.
type StandardFigure struct {
	ID      string         `json:"id"`
	Title   planner.Text   `json:"title"`
	Quote   string         `json:"quote"`
	Clause  string         `json:"clause"`
	Kind    string         `json:"kind"`
	Hard    bool           `json:"hard"`
	Year    int            `json:"year"`
	Verdict string         `json:"verdict"`
	Text    planner.Text   `json:"text"`
	People  map[string]int `json:"people,omitempty"` // class → people
	Total   int            `json:"total"`

	Band     []BandFigure `json:"band,omitempty"` // the same people by other ways of walking
	BandText planner.Text `json:"band_text"`
	Gaps     int          `json:"gaps"`

	Reason    planner.Text    `json:"reason"` // the sentence that explains the figure
	Value     *float64        `json:"value,omitempty"`
	Threshold *float64        `json:"threshold,omitempty"`
	Evidence  []rule.Evidence `json:"evidence,omitempty"` // the first rows, those that fail before others
	Rows      int             `json:"rows"`               // how many there are
}

// QualityNote is one thing that the data lack, with how often.
type QualityNote struct {
	Kind  string       `json:"kind"`
	Count int          `json:"count"`
	Text  planner.Text `json:"text"`
}
