package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lifecircle/lifecircle/data/generate"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/survey"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/completeness"
)

type generateCommand struct {
	Dir   string  `arg:"" help:"Directory to write to."`
	Scale string  `enum:"county,prefecture,province" default:"county" help:"county, prefecture or province."`
	Seed  int64   `default:"1" help:"The same seed gives the same bytes."`
	Dirt  float64 `help:"Also write addresses_dirty.csv: of the addresses that each of 15 kinds of dirt can touch, the share it touches, 0 to 0.2."`
}

func (g *generateCommand) Run(s *session) error {
	m, err := generate.Generate(s.ctx, g.Dir, generate.Options{Scale: generate.Scale(g.Scale), Seed: g.Seed, Dirt: g.Dirt}, nil)
	if err != nil {
		return err
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(m)
	}
	for name, f := range m.Files {
		fmt.Fprintf(s.out, "%-24s %10d bytes\n", name, f.Bytes)
	}
	return nil
}

type importCommand struct {
	Kind     string   `arg:"" help:"units, changes, lists, places, addresses, facilities, population, flags, staff, documents, indicators, areas, exclusions, candidates, transit, network or elevation."`
	Files    []string `arg:"" type:"existingfile" help:"Files: CSV, XLSX, GeoJSON, Shapefile, GeoPackage; OSM, or surveyed roads as Shapefile, GeoPackage or GeoJSON, or both, for network; GeoTIFF or SRTM HGT for elevation."`
	Source   string   `default:"local" help:"The deliverer's name: rows merge by source and key."`
	CRS      string   `name:"crs" help:"EPSG:4326, 4490, 3857, 4513 to 4554, gcj02 or bd09."`
	Encoding string   `help:"utf-8 or gb18030; guessed without it."`
	Mapping  string   `type:"existingfile" help:"File that maps headings to fields."`
	Replace  bool     `help:"Close the source's rows that the files lack."`
	DryRun   bool     `name:"dry-run" help:"Check and report, change nothing."`
	Rejects  string   `help:"XLSX for rejected rows (default: rejects.xlsx beside the first file)."`
	surveyed
}

func (i *importCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	if i.DryRun {
		return i.load(s, db)
	}
	return s.recorded(db, rights.ImportData, "import:"+i.Kind, map[string]any{"files": i.Files, "source": i.Source, "replace": i.Replace}, func() error { return i.load(s, db) })
}

func (i *importCommand) load(s *session, db *opened) (err error) {
	if i.Kind == "network" {
		return importNetwork(s, db.store(), i.Source, i.Files, networkImport{i.surveyed, survey.Options{CRS: i.CRS, Encoding: i.Encoding, Mapping: i.Mapping}, i.DryRun}, false)
	}
	if i.Kind == "elevation" {
		return importElevation(s, db.store(), i.Source, i.Files, false)
	}
	o := ingest.Options{Kind: i.Kind, Files: i.Files, Source: i.Source, CRS: i.CRS, Encoding: i.Encoding, Replace: i.Replace, DryRun: i.DryRun, Rejects: i.Rejects}
	if o.Rejects == "" {
		o.Rejects = filepath.Join(filepath.Dir(i.Files[0]), "rejects.xlsx")
	}
	if i.Mapping != "" {
		if o.Mapping, err = ingest.LoadMapping(i.Mapping); err != nil {
			return err
		}
	}
	if isTerminal(s.errs) {
		began := time.Now()
		o.Progress = func(p ingest.Progress) { fmt.Fprint(s.errs, "\r", progressLine(p, time.Since(began)), "\x1b[K") }
	}
	res, err := ingest.Import(s.ctx, db.Pool, o)
	if err != nil {
		return err
	}
	if i.Kind == "facilities" && !i.DryRun {
		if err := linkImported(s, db.store().Geocoding()); err != nil {
			return err
		}
	}
	what := fmt.Sprintf("data version %d", res.Version)
	if res.DryRun {
		what = "dry run, nothing changed"
	}
	if s.json {
		err = json.NewEncoder(s.out).Encode(res)
	} else {
		_, err = fmt.Fprintf(s.out, "%s: %s; %d read, %d added, %d changed, %d removed, %d rejected, %d to look at (%s)\n", i.Kind, what, res.Read, res.Added, res.Changed, res.Removed, res.Rejected, res.Noted, res.CRS)
		for _, c := range res.Checks {
			fmt.Fprintf(s.out, "  %-20s %8.2f s %8d rejected %8d to look at\n", c.Name, c.Seconds, c.Rejected, c.Noted)
		}
		if res.Rejected+res.Noted > 0 {
			fmt.Fprintf(s.out, "rejected rows, and those to look at, are in %s / 退回和待核的行见该文件\n", res.Rejects)
		}
	}
	if err == nil && res.Rejected > 0 {
		err = errRejected
	}
	return err
}

// networkImport says how the files of a network are read.
type networkImport struct {
	surveyed
	survey.Options
	dryRun bool
}

func importNetwork(s *session, st *store.Store, source string, files []string, how networkImport, demo bool) error {
	dir, err := os.MkdirTemp("", "lifecircle-elevation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	heights, err := st.Elevation(s.ctx, dir)
	if err != nil {
		return err
	}
	if heights != nil {
		defer heights.Close()
	}
	if how.Report == "" {
		how.Report = filepath.Join(filepath.Dir(files[0]), "network-report.xlsx")
	}
	n, report, err := how.build(s.ctx, files, how.Options, heights)
	to := s.out
	if demo {
		to = s.errs // the last line on standard output is the address
	}
	if report != nil && !s.json {
		tellRoads(to, report)
	}
	if err != nil {
		return err
	}
	var version int64
	if !how.dryRun {
		if version, err = st.SaveNetwork(s.ctx, source, files, n, demo); err != nil {
			return err
		}
	}
	if !s.json || demo {
		fmt.Fprintf(to, "network: data version %d; %d nodes, %d arcs, %d streets, %d waters\n", version, n.Graph.NumNodes(), n.Graph.NumArcs(), len(n.Roads), len(n.Water))
	}
	var towns *completeness.Report
	if !how.dryRun && !demo {
		now, _, err := st.Network(s.ctx)
		if err != nil {
			return err
		}
		if towns, err = completeness.Measure(s.ctx, st, now, n.Graph.Digest(), n.Graph); err != nil {
			return err
		}
	}
	switch {
	case s.json && !demo:
		err = json.NewEncoder(s.out).Encode(map[string]any{"version": version, "nodes": n.Graph.NumNodes(), "arcs": n.Graph.NumArcs(), "digest": n.Graph.Digest(), "roads": report, "completeness": towns})
	case towns != nil:
		tellTownships(to, towns)
	}
	if err == nil && report != nil && len(report.Rejected) > 0 {
		err = errRejected
	}
	return err
}

func importElevation(s *session, st *store.Store, source string, files []string, demo bool) error {
	version, err := st.SaveElevation(s.ctx, source, files, demo)
	if err != nil {
		return err
	}
	if s.json && !demo {
		return json.NewEncoder(s.out).Encode(map[string]any{"version": version, "files": len(files)})
	}
	to := s.out
	if demo {
		to = s.errs
	}
	_, err = fmt.Fprintf(to, "elevation: data version %d; %d files\n", version, len(files))
	return err
}

// progressLine is rows, rows a second and the time left at the present pace, where the format tells how far it is.
func progressLine(p ingest.Progress, gone time.Duration) string {
	line := fmt.Sprintf("%d rows, %.0f rows/s", p.Rows, float64(p.Rows)/max(gone.Seconds(), 1e-3))
	if p.Share > 0 {
		left := time.Duration(float64(gone) * (1 - p.Share) / p.Share)
		line += fmt.Sprintf(", %.0f%%, %v left", 100*p.Share, left.Round(time.Second))
	}
	return line
}

// isTerminal tells whether progress may be drawn.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
