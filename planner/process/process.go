// Package process is what OGC API – Processes offers: an isochrone, the coverage
// of points that somebody sends, a run of the standards; and echo, which conformance
// suites ask for. It says what goes in and comes out, and does it.
package process

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Desk is what processes work with.
type Desk struct {
	Isochrones *isochrone.Planner
	Runs       Runs
}

// Runs starts runs, tells how far they are, and ends them.
type Runs interface {
	Start(ctx context.Context, spec run.Spec) (int64, error)
	Record(ctx context.Context, id int64) (run.Record, error)
	Cancel(ctx context.Context, id int64) error
}

// Value describes an input or output: Schema is JSON Schema.
type Value struct {
	Title    planner.Text
	Schema   json.RawMessage
	Optional bool
}

// Process is one process. StartsRuns marks those that take the right to start runs and are asynchronous only.
type Process struct {
	ID                 string
	Title, Description planner.Text
	Inputs, Outputs    map[string]Value
	StartsRuns         bool
	do                 func(ctx context.Context, d Desk, in inputs, progress func(percent int)) (map[string]any, error)
}

// Job is an execution that is kept.
type Job struct {
	ID, Process, Status, Message string // status: accepted, running, successful, failed, dismissed
	Progress                     int    // percent
	Created                      time.Time
	Started, Finished, Updated   *time.Time
	Outputs                      json.RawMessage // of a successful job
}

// Ended tells whether nothing more will come.
func (j Job) Ended() bool {
	return j.Status == "successful" || j.Status == "failed" || j.Status == "dismissed"
}

// All are the processes, in the order of the list.
var All = []Process{isochrones, coverage, plan, echo}

// ByID finds a process; NotFound without it.
func ByID(id string) (Process, error) {
	if i := slices.IndexFunc(All, func(p Process) bool { return p.ID == id }); i >= 0 {
		return All[i], nil
	}
	return Process{}, planner.Errorf(planner.NotFound, "没有处理过程「%.60s」", "there is no process %.60q", id)
}

// Execute checks the inputs and does the work; progress hears percents. Errors: Invalid for inputs that are missing, unknown or wrong.
func (p Process) Execute(ctx context.Context, d Desk, given map[string]json.RawMessage, progress func(percent int)) (map[string]any, error) {
	if err := p.Check(given); err != nil {
		return nil, err
	}
	return p.do(ctx, d, inputs(given), progress)
}

// Check refuses inputs that are unknown or missing.
func (p Process) Check(given map[string]json.RawMessage) error {
	for name := range given {
		if _, ok := p.Inputs[name]; !ok {
			return planner.Errorf(planner.Invalid, "处理过程%s没有输入「%.60s」", "process %s has no input %.60q", p.ID, name)
		}
	}
	for name, v := range p.Inputs {
		if _, ok := given[name]; !ok && !v.Optional {
			return planner.Errorf(planner.Invalid, "缺少输入%s", "input %s is missing", name)
		}
	}
	return nil
}

type inputs map[string]json.RawMessage

// read decodes an input, qualified ({"value": …}) or not; an absent one leaves into as it is.
func (in inputs) read(name string, into any) error {
	raw, ok := in[name]
	if !ok {
		return nil
	}
	var qualified struct{ Value json.RawMessage }
	if json.Unmarshal(raw, &qualified) == nil && qualified.Value != nil {
		raw = qualified.Value
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return planner.Wrap(err, planner.Invalid, "输入%s有误", "input %s is not what its schema says", name)
	}
	return nil
}

var anything = json.RawMessage(`{"oneOf":[{"type":"string"},{"type":"number"},{"type":"boolean"},{"type":"object"},{"type":"array","items":{}}]}`)

// echo gives back what it is given.
var echo = Process{ID: "echo", Title: planner.Text{ZH: "回声", EN: "Echo"}, Description: planner.Text{ZH: "原样返回输入,用于测试客户端", EN: "Gives the input back, for tests of clients"},
	Inputs: map[string]Value{"value": {Title: planner.Text{ZH: "任意值", EN: "any value"}, Schema: anything}}, Outputs: map[string]Value{"value": {Title: planner.Text{ZH: "同一值", EN: "the same value"}, Schema: anything}},
	do: func(_ context.Context, _ Desk, in inputs, _ func(int)) (map[string]any, error) {
		var v any
		err := in.read("value", &v)
		return map[string]any{"value": v}, err
	}}
