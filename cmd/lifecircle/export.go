package main

import (
	"fmt"
	"io"
	"os"

	"github.com/lifecircle/lifecircle/data/export"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

type exportCommand struct {
	Layer  string `arg:"" help:"units, places, addresses, facilities, circles, coverage, gaps, candidates or demand; changes are the differences of two data versions; workbook is all of a run as XLSX."`
	Format string `short:"f" enum:"geojson,geojsonseq,fgb,gpkg,parquet,csv,xlsx,pmtiles" default:"geojson" help:"geojson, geojsonseq, fgb (FlatGeobuf), gpkg (GeoPackage), parquet (GeoParquet), csv, xlsx or pmtiles."`
	Run_   int64  `name:"run" help:"Run to export from; the latest without it."`
	CRS    string `name:"crs" placeholder:"EPSG:CODE" help:"Reference system of geojson, fgb, gpkg and parquet: CRS84 (the default), or EPSG 4326, 4490, 3857, 4513 to 4554."`
	Out    string `short:"o" help:"File to write; standard output without it."`
	Ver    int64  `name:"version" placeholder:"N" help:"Data version to export, of base layers; the latest without it."`
	From   int64  `name:"from" default:"-1" placeholder:"N" help:"For changes: the data version before."`
	To     int64  `name:"to" placeholder:"N" help:"For changes: the data version after; the latest without it."`
	Only   string `name:"layers" placeholder:"LIST" help:"For changes: of units, places, addresses, facilities; all without it."`

	Template string `type:"existingfile" placeholder:"FILE.xlsx" help:"For workbook: your own workbook, whose named cells are filled."`
}

// workbook writes a run as one workbook, or fills a user's own.
func (e *exportCommand) workbook(s *session) error {
	if e.Out == "" {
		return usageError{planner.Errorf(planner.Invalid, "请用 -o 指定要写的文件", "name the file to write with -o")}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := store.New(db.Pool)
	if e.Run_ == 0 {
		snap, err := st.Latest(s.ctx)
		if err != nil {
			return err
		}
		e.Run_ = snap.Run
	}
	var template io.Reader
	if e.Template != "" {
		f, err := os.Open(e.Template)
		if err != nil {
			return err
		}
		defer f.Close()
		template = f
	}
	return writeWhole(e.Out, func(w io.Writer) error {
		return workbook.Writer{Store: st}.Workbook(s.ctx, planner.DemoViewer, e.Run_, template, w)
	})
}

func (e *exportCommand) Run(s *session) error {
	switch e.Layer {
	case "changes":
		return e.changes(s)
	case "workbook":
		return e.workbook(s)
	}
	c, ok := layer.ByID(e.Layer)
	if !ok {
		return usageError{planner.Errorf(planner.Invalid, "没有图层「%s」", "there is no layer %q", e.Layer)}
	}
	q := layer.Query{Collection: e.Layer, Viewer: planner.DemoViewer}
	if e.CRS != "" {
		if q.CRS, ok = layer.ParseCRS(e.CRS); !ok {
			return usageError{planner.Errorf(planner.Invalid, "--crs 不支持「%s」,可用:CRS84及EPSG的4326、4490、3857、4513至4554", "--crs: %q is not offered; there are CRS84 and, of EPSG, 4326, 4490, 3857 and 4513 to 4554", e.CRS)}
		}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := store.New(db.Pool)
	if e.Run_ != 0 {
		q.Snapshot, err = st.ForRun(s.ctx, e.Run_)
	} else {
		q.Snapshot, err = st.Latest(s.ctx)
	}
	if err != nil {
		return err
	}
	if e.Ver < 0 || e.Ver > q.Snapshot.Version {
		return usageError{planner.Errorf(planner.NotFound, "没有数据版本%d,最新为%d", "there is no data version %d; the latest is %d", e.Ver, q.Snapshot.Version)}
	}
	if e.Ver != 0 {
		q.Snapshot.Version = e.Ver
	}
	if e.Out == "" {
		_, err = export.Write(s.ctx, st, c, q, e.Format, s.out)
		return err
	}
	f, err := os.Create(e.Out + ".part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	n, err := export.Write(s.ctx, st, c, q, e.Format, f)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Rename(f.Name(), e.Out)
	}
	if err == nil {
		fmt.Fprintf(s.errs, "%d features in %s\n", n, e.Out)
	}
	return err
}
