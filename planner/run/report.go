package run

import "github.com/lifecircle/lifecircle/planner"

// Report is one unit as a run saw it: what the unit panel shows.
type Report struct {
	Code       planner.Code   `json:"code"`
	Name       string         `json:"name"`
	Level      string         `json:"level"`
	RunID      int64          `json:"run_id"`
	Path       []Step         `json:"path"`       // the units above, the highest first
	People     []GroupCount   `json:"people"`     // by basis and group
	Facilities []ServiceCount `json:"facilities"` // in the unit, by service
	Band       []BandShare    `json:"band"`       // the same people by other ways of walking
	Classes    []ClassShare   `json:"classes"`    // who reaches the service how, by standard
	Verdicts   []UnitVerdict  `json:"verdicts"`
}

// Step is a unit above another.
type Step struct {
	Code planner.Code `json:"code"`
	Name string       `json:"name"`
}

// GroupCount is the people of a group in a unit and all units below it.
type GroupCount struct {
	Basis  string `json:"basis"`
	Group  string `json:"group"`
	People int    `json:"people"`
}

// ServiceCount is the sites with a service in a unit.
type ServiceCount struct {
	Service   string `json:"service"`
	Operating int    `json:"operating"`
	Other     int    `json:"other"` // suspended, planned or closed
}

// ClassShare is the people of one class of a unit.
type ClassShare struct {
	Standard string   `json:"standard"`
	Group    string   `json:"group"`
	Basis    string   `json:"basis"`
	Class    string   `json:"class"`
	People   *int     `json:"people"`
	Share    *float64 `json:"share"`
}

// UnitVerdict is the outcome of a standard in a unit, with the gaps in it.
type UnitVerdict struct {
	Standard string `json:"standard"`
	Verdict  string `json:"verdict"`
	TextZH   string `json:"text_zh"`
	TextEN   string `json:"text_en"`
	ReasonZH string `json:"reason_zh"` // the sentence that explains the figure
	ReasonEN string `json:"reason_en"`
	Gaps     int    `json:"gaps"`
}

// BandShare is the people of a unit who reach a service by one way of walking.
type BandShare struct {
	Standard string `json:"standard"`
	Profile  string `json:"profile"`
	People   int    `json:"people"`
	Total    int    `json:"total"`
}
