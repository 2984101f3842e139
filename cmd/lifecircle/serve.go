package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/lifecircle/lifecircle/api"
	"github.com/lifecircle/lifecircle/api/artefact"
	"github.com/lifecircle/lifecircle/api/features"
	"github.com/lifecircle/lifecircle/data/edits"
	"github.com/lifecircle/lifecircle/data/export"
	"github.com/lifecircle/lifecircle/data/generate"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/jobs"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	planrun "github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/whatif"
	"github.com/lifecircle/lifecircle/web"
)

type listen struct {
	people
	profilesFile
	Listen     string   `env:"LIFECIRCLE_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	Collection []string `type:"existingfile" sep:"none" placeholder:"FILE.gpkg" help:"GeoPackage whose tables are served as extra collections, under their own names; repeatable."`
	Licence    string   `env:"LIFECIRCLE_LICENCE" placeholder:"TEXT" help:"Licence of the layers, as the catalogue names it; internal use without it."`
	LicenceURL string   `name:"licence-url" env:"LIFECIRCLE_LICENCE_URL" placeholder:"URL" help:"Where the licence can be read."`
	Attributed string   `name:"attribution" env:"LIFECIRCLE_ATTRIBUTION" placeholder:"TEXT" help:"Who is named as the source of layers and maps."`
	Approval   string   `name:"map-approval" env:"LIFECIRCLE_MAP_APPROVAL" placeholder:"NUMBER" help:"审图号 of the map; internal use without it."`
}

type upCommand struct {
	listen
	Demo bool `help:"Load the demo county even with --database, if it is empty."`
}

type serveCommand struct {
	listen
	networkFile
	Transit string `type:"existingfile" placeholder:"FILE" help:"With --network: table of buses and shuttles, CSV or XLSX, for the profile transit."`
}

type migrateCommand struct{}

func (m *migrateCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	fmt.Fprintln(s.out, "the schema is up to date")
	return nil
}

// Run loads the demo county into an empty managed database, and serves.
func (u *upCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, true)
	if err != nil {
		return err
	}
	defer db.close()
	st := db.store()
	if err := st.Bury(s.ctx); err != nil {
		return err
	}
	snap, err := st.Latest(s.ctx)
	if err != nil {
		return err
	}
	if snap.Version == 0 && (db.managed || u.Demo) {
		if err := loadDemo(s, db, st); err != nil {
			return err
		}
	}
	if demo, err := st.Demo(s.ctx); err != nil {
		return err
	} else if demo && snap.Run == 0 {
		spec := planrun.Spec{Name: "演示 demo", AsOf: deadline}
		id, _, err := makeRun(s, st, spec, true)
		if err != nil {
			return err
		}
		gaps, err := s.book(db)
		if err != nil {
			return err
		}
		if _, err := gaps.Open(s.ctx, id, operator("demo")); err != nil {
			return err
		}
	}
	queue, err := jobs.New(db.Pool, st, s.log())
	if err != nil {
		return err
	}
	stop, err := work(s, queue, db.managed)
	if err != nil {
		return err
	}
	defer stop()
	watch, rest := context.WithCancel(s.ctx)
	defer rest()
	go db.keep(watch, s.log())
	return u.serveData(s, db, st, queue)
}

func (v *serveCommand) Run(s *session) error {
	if len(v.Network) > 0 && len(v.Collection) > 0 {
		return usageError{planner.Errorf(planner.Invalid, "--collection 需要数据库,不能与 --network 同用", "--collection needs a database: it does not go with --network")}
	}
	if len(v.Network) > 0 {
		n, err := v.build(s)
		if err != nil {
			return err
		}
		ready := func(context.Context) error { return nil }
		lines, err := v.lines(s)
		if err != nil {
			return err
		}
		return v.serve(s, api.Deps{Isochrones: isochrone.New(static{n.Graph, n.Graph.Digest(), lines}), Waters: n, Ready: ready})
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := db.store()
	queue, err := jobs.New(db.Pool, st, s.log())
	if err != nil {
		return err
	}
	return v.serveData(s, db, st, queue)
}

// lines reads the table of buses; nil without one.
func (v *serveCommand) lines(s *session) (*transit.Timetable, error) {
	if v.Transit == "" {
		return nil, nil
	}
	return ingest.ReadTransit(s.ctx, v.Transit, v.CRS, v.Encoding)
}

// static is a network that never changes.
type static struct {
	g      *graph.Graph
	digest string // reading all of the graph: once, not for every question
	lines  *transit.Timetable
}

func (n static) Network(context.Context) (int64, string, error)      { return 0, n.digest, nil }
func (n static) Graph(context.Context, string) (*graph.Graph, error) { return n.g, nil }
func (n static) Timetable(context.Context, int64) (*transit.Timetable, error) {
	return n.lines, nil
}

// loadDemo generates the county and imports it as a user would.
func loadDemo(s *session, db *opened, st *store.Store) error {
	dir, err := os.MkdirTemp("", "lifecircle-demo")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintln(s.errs, "generating the demo county / 正在生成演示县")
	if _, err := generate.Generate(s.ctx, filepath.Join(dir, "county"), generate.Options{Scale: generate.County, Seed: 1}, nil); err != nil {
		return err
	}
	for _, kind := range []string{"units", "places", "addresses", "facilities", "population", "flags", "exclusions", "elevation", "network"} {
		files, err := filepath.Glob(filepath.Join(dir, "county", kind+"*"))
		if err != nil || len(files) == 0 {
			return fmt.Errorf("the demo has no %s: %w", kind, err)
		}
		fmt.Fprintln(s.errs, "importing", kind)
		switch kind {
		case "network":
			err = importNetwork(s, st, "demo", files, networkImport{}, true)
		case "elevation":
			err = importElevation(s, st, "demo", files, true)
		default:
			_, err = ingest.Import(s.ctx, db.Pool, ingest.Options{Kind: kind, Files: files, Source: "demo", CRS: "EPSG:4490", Demo: true})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// serveData serves a database: open to everybody only for generated data on a loopback address.
func (l listen) serveData(s *session, db *opened, st *store.Store, queue *jobs.Queue) error {
	loopback, err := isLoopback(l.Listen)
	if err != nil {
		return err
	}
	for _, file := range l.Collection {
		if err := st.Extra(s.ctx, file); err != nil {
			return err
		}
	}
	guard, proxies, err := l.login(s, db, st, loopback)
	if err != nil {
		return err
	}
	geocoding := st.Geocoding()
	watching, rest := context.WithCancel(s.ctx)
	defer rest()
	go st.Watch(watching)
	about := features.About{Licence: l.Licence, LicenceURL: l.LicenceURL, Attribution: l.Attributed, MapApproval: l.Approval}
	gaps, err := s.book(db)
	if err != nil {
		return err
	}
	files := &artefact.Cache{Bytes: fileCache}
	defer files.Close()
	return l.serve(s, api.Deps{
		Exporter: exporter{st}, Files: files, Jobs: queue,
		Ledger: gaps, Lists: gaps, Edits: &edits.Desk{Store: st, Log: gaps.Log}, Workbooks: workbook.Writer{Store: st},
		About: about, Snapshots: st, Reader: st, Extra: st.Extras(), Tiles: st, Runs: st, Queue: queue, Addresses: geocoding, Links: geocoding, Histories: st, Isochrones: isochrone.New(st), WhatIf: whatif.NewDesk(st), Waters: st, Ready: st.Ready, Login: guard, Proxies: proxies,
	})
}

// fileCache is how many bytes of layers as files a server keeps on its disk.
const fileCache = 4 << 30

// exporter writes layers as files.
type exporter struct{ from *store.Store }

func (e exporter) Export(ctx context.Context, c layer.Collection, q layer.Query, format string, w io.Writer) error {
	_, err := export.Write(ctx, e.from, c, q, format, w)
	return err
}

// serve answers until the context ends, then lets requests finish.
func (l listen) serve(s *session, d api.Deps) error {
	if _, err := isLoopback(l.Listen); err != nil {
		return err
	}
	var err error
	if d.Isochrones.Book, err = l.book(); err != nil {
		return err
	}
	if d.WhatIf != nil {
		d.WhatIf.Book = d.Isochrones.Book
	}
	d.Map, d.Log = web.Handler(), slog.New(slog.NewTextHandler(s.errs, nil))
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, Handler: api.New(d)}
	at, err := net.Listen("tcp", l.Listen)
	if err != nil {
		return planner.Errorf(planner.Conflict, "无法监听%[1]s:%[2]v;请用 --listen 换一个地址", "cannot listen on %[1]s: %[2]v; choose another with --listen", l.Listen, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(at) }()
	if d.Login != nil {
		if err := s.welcome(d.Login, "http://"+at.Addr().String()); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "ready http://%s/\n", at.Addr())
	select {
	case err := <-failed:
		return err
	case <-s.ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func isLoopback(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, usageError{planner.Errorf(planner.Invalid, "--listen 应为 主机:端口,收到「%s」", "--listen must be HOST:PORT, got %q", address)}
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}
