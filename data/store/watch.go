package store

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// known is what a server keeps in memory between publications.
type known struct {
	latest layer.Snapshot
	demo   bool
	runs   sync.Map // number of a run → layer.Snapshot
	kept   sync.Map // layer.Snapshot that was found to be kept
}

// silence is how long the database may say nothing before it is asked whether it is there.
const silence = 20 * time.Second

// Watch keeps in memory what Latest, ForRun, Kept and Demo answer, so that they
// need no statement: the database tells of each publication, as it commits.
// While the connection is lost they ask again. It returns when ctx ends.
func (s *Store) Watch(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.listen(ctx) // lost: ask each time, and try again
		s.known.Store(nil)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (s *Store) listen(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	listener := conn.Hijack() // not given back: it listens
	defer listener.Close(context.WithoutCancel(ctx))
	if _, err := listener.Exec(ctx, "LISTEN lifecircle_published"); err != nil {
		return err
	}
	for {
		k := &known{}
		if k.latest, err = s.latest(ctx); err != nil {
			return err
		}
		if k.demo, err = s.isDemo(ctx); err != nil {
			return err
		}
		s.known.Store(k)
		for told := false; !told; {
			wait, cancel := context.WithTimeout(ctx, silence)
			_, err := listener.WaitForNotification(wait)
			cancel()
			switch {
			case err == nil:
				told = true
			case ctx.Err() != nil || wait.Err() == nil:
				return err
			default:
				ping, cancel := context.WithTimeout(ctx, silence/4)
				err := listener.Ping(ping)
				cancel()
				if err != nil {
					return err
				}
			}
		}
	}
}

// Kept tells whether the content of a snapshot is still there: Gone when it was
// pruned, Invalid when it never was.
func (s *Store) Kept(ctx context.Context, snap layer.Snapshot) error {
	k := s.known.Load()
	if k != nil {
		if _, found := k.kept.Load(snap); found || snap == k.latest {
			return nil
		}
	}
	var kept, was bool
	if err := s.pool.QueryRow(ctx, data.SQL("snapshot_kept"), pgx.StrictNamedArgs{"version": snap.Version, "run": snap.Run}).Scan(&kept, &was); err != nil {
		return unavailable(err)
	}
	switch {
	case !was || snap.Version < 0 || snap.Run < 0:
		return planner.Errorf(planner.Invalid, "参数cursor无效,请从第一页重新开始", "parameter cursor is not valid: start again from the first page")
	case !kept:
		return planner.Errorf(planner.Gone, "数据版本%d(测算%d)已清理,请从最新版本的第一页重新开始", "data version %d (run %d) is gone: start again from the first page of the latest", snap.Version, snap.Run)
	}
	if k != nil {
		k.kept.Store(snap, true)
	}
	return nil
}
