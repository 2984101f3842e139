package run

import (
	"context"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Source gives a run its inputs, whole and of one data version.
type Source interface {
	// Inputs reads everything under the spec's units; NotFound when the version does not exist.
	Inputs(ctx context.Context, spec Spec) (*Inputs, error)
	// Graph opens the street graph by digest; NotFound when there is none.
	Graph(ctx context.Context, digest string) (*graph.Graph, error)
}

// Sink publishes a result: all rows and the run's state in one transaction.
type Sink interface {
	Publish(ctx context.Context, runID int64, res *Result) error
}

// Progress hears how far a run is, 0 to 1, and what it is at.
type Progress func(stage string, done float64)
