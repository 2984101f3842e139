// Package features is OGC API – Features, Parts 1, 2, 3 and 5, over the layers of the
// catalogue: landing page, conformance, OpenAPI, collections and items, and the
// whole-layer streams beside it. Words are those of the standard.
package features

import (
	"context"
	"io"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Snapshots names what readers see.
type Snapshots interface {
	// Latest is the latest data version and the latest published run.
	Latest(ctx context.Context) (layer.Snapshot, error)
	// ForRun is a run with the data version it saw; NotFound when it is not published.
	ForRun(ctx context.Context, run int64) (layer.Snapshot, error)
	// Kept is nil for a snapshot whose content is still there, Gone when it was pruned, Invalid when it never was.
	Kept(ctx context.Context, snap layer.Snapshot) error
}

// Reader reads features. Errors: Invalid for a property that cannot be queried,
// NotFound for an id, Unavailable when the database is away.
type Reader interface {
	Page(ctx context.Context, q layer.Query) (layer.Page, error)
	Feature(ctx context.Context, q layer.Query, id string) (layer.Feature, error)
	Stream(ctx context.Context, q layer.Query, each func(json []byte) error) error
	Extent(ctx context.Context, collection string, snap layer.Snapshot, v planner.Viewer) (layer.Extent, error)
}

// Tiler makes tiles. Errors as those of Reader.
type Tiler interface {
	// Tile gives MVT bytes of the features of q in a tile, empty where nothing is.
	Tile(ctx context.Context, q layer.Query, t layer.Tile) ([]byte, error)
	// BaseTile gives those of streets and water.
	BaseTile(ctx context.Context, snap layer.Snapshot, t layer.Tile) ([]byte, error)
}

// Exporter writes a whole layer as a file, in memory that does not grow with it.
type Exporter interface {
	Export(ctx context.Context, c layer.Collection, q layer.Query, format string, w io.Writer) error
}
