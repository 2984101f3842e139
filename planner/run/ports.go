package run

import (
	"context"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
)

// Source gives a run its inputs, all of one data version.
type Source interface {
	// Inputs reads everything under the spec's units but the addresses; the
	// facilities are all there are, since people cross borders.
	Inputs(ctx context.Context, spec Spec) (*Inputs, error)
	// Addresses reads the residential addresses of one county, in id order.
	Addresses(ctx context.Context, spec Spec, county planner.Code) ([]Address, error)
	// Graph opens the street graph by digest; NotFound when there is none.
	Graph(ctx context.Context, digest string) (*graph.Graph, error)
	// Timetable gives the buses and shuttles of a data version; nil when there are none.
	Timetable(ctx context.Context, version int64) (*transit.Timetable, error)
}

// Sink records a run from its start to its end.
type Sink interface {
	Begin(ctx context.Context, spec Spec, network string, demo bool) (runID int64, err error)
	// Publish writes all rows and the run's state in one transaction.
	Publish(ctx context.Context, runID int64, res *Result) error
	Fail(ctx context.Context, runID int64, cause error) error
}

// Progress hears how far a run is, 0 to 1, and what it is at.
type Progress func(stage string, done float64)

func (p Progress) orNone() Progress {
	if p == nil {
		return func(string, float64) {}
	}
	return p
}

// Execute makes one run: reads, evaluates, publishes. A run that fails or is
// canceled is recorded as failed and leaves no row.
func Execute(ctx context.Context, from Source, to Sink, spec Spec, demo bool, progress Progress) (runID int64, res *Result, err error) {
	progress = progress.orNone()
	progress("读取资料、搜索路网 reading data, searching the network", 0.05)
	e, err := Open(ctx, from, spec)
	if err != nil {
		return 0, nil, err
	}
	if runID, err = to.Begin(ctx, spec, e.in.NetworkDigest, demo); err != nil {
		return 0, nil, err
	}
	if res, err = e.all(ctx, progress); err == nil {
		err = to.Publish(ctx, runID, res)
	}
	if err != nil {
		_ = to.Fail(context.WithoutCancel(ctx), runID, err) // the first error is the one to tell
	}
	return runID, res, err
}

// Recompute evaluates a spec again without recording it, to compare digests.
func Recompute(ctx context.Context, from Source, spec Spec, progress Progress) (*Result, error) {
	e, err := Open(ctx, from, spec)
	if err != nil {
		return nil, err
	}
	return e.all(ctx, progress.orNone())
}

// all evaluates county after county in this process.
func (e *Evaluation) all(ctx context.Context, progress Progress) (*Result, error) {
	var parts []*Part
	for i, c := range e.Counties() {
		progress(e.units[c].Name+" "+string(c), 0.4+0.5*float64(i)/float64(len(e.Counties())))
		part, err := e.County(ctx, c)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	progress("汇总、发布 merging, publishing", 0.95)
	return e.Merge(parts)
}
