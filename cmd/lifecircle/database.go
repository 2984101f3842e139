package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/cluster"
	"github.com/lifecircle/lifecircle/data/store"
)

// database says where the data are.
type database struct {
	URL     string `name:"database" env:"LIFECIRCLE_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15+ with PostGIS 3.3+; without it a private server runs in --data-dir."`
	DataDir string `name:"data-dir" env:"LIFECIRCLE_DATA_DIR" placeholder:"DIR" help:"Directory of the private server (default: lifecircle in the user's data directory)."`
	KeyFile string `env:"LIFECIRCLE_KEY_FILE" placeholder:"FILE" help:"Key that signs the audit log (default: keys/access.key in --data-dir). Keep a copy elsewhere."`
}

// opened is an open, migrated database.
type opened struct {
	*pgxpool.Pool
	managed bool                                // a private server of ours
	graphs  string                              // directory of graph files, "" for none
	keep    func(context.Context, *slog.Logger) // starts that server again when it dies, until the context ends
	close   func()
}

// open connects to --database, to the server of a running owner of --data-dir,
// or starts a private one. The schema is brought up to date.
func (d database) open(ctx context.Context, own bool) (*opened, error) {
	url, stop, managed := d.URL, func() {}, false
	graphs := cacheDir()
	keep := func(context.Context, *slog.Logger) {}
	if url == "" {
		dir := d.DataDir
		if dir == "" {
			dir = defaultDir()
		}
		c, running := cluster.Attach(dir)
		if own || !running {
			var err error
			if c, err = cluster.Open(ctx, dir); err != nil {
				return nil, err
			}
		}
		url, managed, keep, graphs = c.URL(""), true, c.Keep, filepath.Join(dir, "graphs")
		stop = func() {
			if err := c.Close(context.WithoutCancel(ctx)); err != nil {
				fmt.Fprintln(os.Stderr, "lifecircle:", err)
			}
		}
	}
	pool, err := data.Open(ctx, url)
	if err != nil {
		stop()
		return nil, err
	}
	o := &opened{pool, managed, graphs, keep, func() { pool.Close(); stop() }}
	if err := data.Migrate(ctx, pool); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

// store makes the store of an open database.
func (o *opened) store() *store.Store {
	st := store.New(o.Pool)
	st.KeepGraphs(o.graphs)
	return st
}

// cacheDir is where graph files are kept when the database is another machine's; "" when the user has no such place.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lifecircle", "graphs")
}

func defaultDir() string {
	if os.Geteuid() == 0 { // the server's own user must be able to get there
		return "/var/lib/lifecircle"
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "lifecircle")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "lifecircle-data"
	}
	return filepath.Join(home, ".local", "share", "lifecircle")
}
