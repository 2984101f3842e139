package run

import (
	"context"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Source gives a run its inputs, whole and of one data version.
type Source interface {
	// Inputs reads everything under the spec's units.
	Inputs(ctx context.Context, spec Spec) (*Inputs, error)
	// Graph opens the street graph by digest; NotFound when there is none.
	Graph(ctx context.Context, digest string) (*graph.Graph, error)
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

// Execute makes one run: reads, evaluates, publishes. A run that fails or is
// canceled is recorded as failed and leaves no row.
func Execute(ctx context.Context, from Source, to Sink, spec Spec, demo bool, progress Progress) (runID int64, res *Result, err error) {
	in, g, plan, err := load(ctx, from, spec)
	if err != nil {
		return 0, nil, err
	}
	if runID, err = to.Begin(ctx, spec, in.NetworkDigest, demo); err != nil {
		return 0, nil, err
	}
	if res, err = Evaluate(ctx, spec, plan, in, g, progress); err == nil {
		err = to.Publish(ctx, runID, res)
	}
	if err != nil {
		_ = to.Fail(context.WithoutCancel(ctx), runID, err) // the first error is the one to tell
	}
	return runID, res, err
}

// Recompute evaluates a spec again without recording it, to compare digests.
func Recompute(ctx context.Context, from Source, spec Spec, progress Progress) (*Result, error) {
	in, g, plan, err := load(ctx, from, spec)
	if err != nil {
		return nil, err
	}
	return Evaluate(ctx, spec, plan, in, g, progress)
}

func load(ctx context.Context, from Source, spec Spec) (*Inputs, *graph.Graph, *standard.Plan, error) {
	text := spec.Standards
	if text == "" {
		text = standard.Zhejiang2021
	}
	plan, err := standard.Parse(text)
	if err != nil {
		return nil, nil, nil, err
	}
	in, err := from.Inputs(ctx, spec)
	if err != nil || in.NetworkDigest == "" {
		return in, nil, plan, err
	}
	g, err := from.Graph(ctx, in.NetworkDigest)
	return in, g, plan, err
}
