package main

import (
	"fmt"
	"os"

	"github.com/lifecircle/lifecircle/data/export"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

type exportCommand struct {
	Layer  string `arg:"" help:"units, places, addresses, facilities, circles, coverage, gaps, candidates or demand."`
	Format string `short:"f" enum:"geojson,geojsonseq,fgb,gpkg,parquet,csv,xlsx,pmtiles" default:"geojson" help:"geojson, geojsonseq, fgb (FlatGeobuf), gpkg (GeoPackage), parquet (GeoParquet), csv, xlsx or pmtiles."`
	Run_   int64  `name:"run" help:"Run to export from; the latest without it."`
	CRS    string `name:"crs" placeholder:"EPSG:CODE" help:"Reference system of geojson, fgb, gpkg and parquet: CRS84 (the default), or EPSG 4326, 4490, 3857, 4513 to 4554."`
	Out    string `short:"o" help:"File to write; standard output without it."`
}

func (e *exportCommand) Run(s *session) error {
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
