package ingest

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// Options says what to import and how.
type Options struct {
	Kind     string   // one of Kinds
	Files    []string // read in this order as one delivery
	Source   string   // the deliverer's name; rows merge by (source, key). "" is "local"
	CRS      string   // as crs.Parse reads; "" takes what the files state
	Encoding string   // of CSV and Shapefile; "" sniffs
	Mapping  Mapping
	Replace  bool   // rows of the source that the files lack are closed
	DryRun   bool   // everything but the publication
	Demo     bool   // generated data, never mixed with real ones
	Rejects  string // path of the XLSX of rejected rows; "" writes none

	ChunkRows int            // rows per commit of the staging; 0 is 20 000
	Progress  func(Progress) // called after each chunk; may be nil
}

// Progress is how far the reading of the files is.
type Progress struct {
	Rows  int64
	Share float64 // of the files' bytes, 0 to 1; 0 where a format does not tell
}

// Result is what an import did. Version is the data version that holds it: a new
// one, or the latest one where nothing changed (0 if there is none).
type Result struct {
	Version  int64   `json:"version"`
	Read     int64   `json:"read"` // rows of the files
	Added    int64   `json:"added"`
	Changed  int64   `json:"changed"`
	Removed  int64   `json:"removed"`
	Rejected int64   `json:"rejected"`
	Noted    int64   `json:"noted"` // kept, and on the list for somebody to look at
	CRS      string  `json:"crs"`
	Rejects  string  `json:"rejects,omitempty"`       // the file written
	DryRun   bool    `json:"dry_run,omitempty"`       // counted only: Version is one that was there before
	Same     bool    `json:"same_delivery,omitempty"` // the very files of the last delivery: only compared, what is said is what was said then
	Checks   []Check `json:"checks"`                  // in the order in which they were made, and what each cost
}

// Import reads, checks, stages and publishes. Errors are *planner.Error:
// planner.Invalid for files that cannot be taken, planner.Conflict where another
// import runs or demo and real data would mix. After any error, and after a kill,
// the tables hold the version they held; the same command goes on where it was.
func Import(ctx context.Context, pool *pgxpool.Pool, o Options) (_ Result, err error) {
	k, err := kindNamed(o.Kind)
	if err != nil {
		return Result{}, err
	}
	o.Replace = o.Replace || k.whole
	if len(o.Files) == 0 {
		return Result{}, planner.Errorf(planner.Invalid, "没有给出文件", "no file is given")
	}
	if o.Source == "" {
		o.Source = "local"
	}
	if o.ChunkRows <= 0 {
		o.ChunkRows = 20000
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return Result{}, err
	}
	defer conn.Release()
	if err := alone(ctx, conn); err != nil {
		return Result{}, err
	}
	defer func() {
		if conn.Conn().IsClosed() {
			return // and the server has let go of the lock
		}
		_, unlock := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, data.ImportLock)
		err = errors.Join(err, unlock)
	}()
	// sorts and hashes of whole deliveries; the settings go with the session's other users
	if _, err := conn.Exec(ctx, `SET work_mem = '128MB'; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off; SET jit = off`); err != nil {
		return Result{}, err
	}
	defer func() {
		if !conn.Conn().IsClosed() {
			_, reset := conn.Exec(context.WithoutCancel(ctx), `RESET work_mem; RESET maintenance_work_mem; RESET synchronous_commit; RESET jit`)
			err = errors.Join(err, reset)
		}
	}()
	im := &importer{kind: k, o: o, conn: conn}
	if o.CRS != "" {
		if im.crs, err = crs.Parse(o.CRS); err != nil {
			return Result{}, planner.Errorf(planner.Invalid, "不认识坐标系「%s」;可用 EPSG:4326、4490、3857、4513–4554、gcj02、bd09", "unknown coordinate system %q; use EPSG:4326, 4490, 3857, 4513–4554, gcj02 or bd09", o.CRS)
		}
		im.explicit = true
	}
	return im.run(ctx)
}

func (im *importer) run(ctx context.Context) (Result, error) {
	if err := im.checkDemo(ctx); err != nil {
		return Result{}, err
	}
	if err := im.timed("digest", func() (int64, error) { return 0, im.identify() }); err != nil {
		return Result{}, err
	}
	if last, same, err := im.sameDelivery(ctx); err != nil || same {
		return last, err
	}
	if err := im.openJob(ctx); err != nil {
		return Result{}, err
	}
	if err := im.timed("read_and_stage", func() (int64, error) { return 0, im.stage(ctx) }); err != nil {
		return Result{}, im.abandon(ctx, err)
	}
	if err := im.checkRows(ctx); err != nil {
		return Result{}, im.abandon(ctx, err)
	}
	result, err := im.publish(ctx)
	if err != nil {
		return result, im.abandon(ctx, err)
	}
	return result, nil
}

// alone takes the lock of the one import that may run. It waits some seconds: the server lets go of an import that was
// broken off only when it notices. Conflict when the other one goes on.
func alone(ctx context.Context, conn *pgxpool.Conn) error {
	for begun := time.Now(); ; {
		var free bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, data.ImportLock).Scan(&free); err != nil || free {
			return err
		}
		if time.Since(begun) > 5*time.Second {
			return planner.Errorf(planner.Conflict, "另一个导入正在进行,请等它结束", "another import is running: wait until it ends")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
