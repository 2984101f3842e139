package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/data/survey"
	"github.com/lifecircle/lifecircle/geo/dem"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/roadsurvey"
	"github.com/lifecircle/lifecircle/planner"
)

// surveyed says how surveyed roads are read and joined.
type surveyed struct {
	Layer     string  `help:"Of surveyed roads: the layer of a GeoPackage that has several."`
	Tolerance float64 `default:"2" help:"Of surveyed roads: an end that misses a line by at most so many metres is joined to it; 0 joins nothing."`
	Report    string  `type:"path" placeholder:"FILE" help:"Of surveyed roads: XLSX or GeoJSON to list repairs, gaps, unknown words and rejected rows in (import: network-report.xlsx beside the first file without it)."`
}

// networkFile is a network for commands that need no database.
type networkFile struct {
	Network   []string `type:"existingfile" sep:"none" placeholder:"FILE" help:"OSM file, or surveyed roads (Shapefile, GeoPackage, GeoJSON), or both, repeated; or a graph file: works without a database."`
	Elevation []string `type:"existingpath" placeholder:"FILE" help:"Elevation for slopes: GeoTIFF or SRTM HGT files, or directories of them."`
	CRS       string   `name:"crs" help:"Of surveyed roads and tables of buses: EPSG:4326, 4490, 3857, 4513 to 4554, gcj02 or bd09."`
	Encoding  string   `help:"Of surveyed roads and tables of buses: utf-8 or gb18030; guessed without it."`
	Mapping   string   `type:"existingfile" help:"Of surveyed roads: YAML of columns and words."`
	surveyed
}

func (n networkFile) build(s *session) (*osmroad.Network, error) {
	if len(n.Network) == 1 && isGraph(n.Network[0]) {
		if len(n.Elevation) > 0 {
			return nil, usageError{planner.Errorf(planner.Invalid, "路网图文件已含高程,--elevation 请在生成时给出", "a graph file has its heights already: give --elevation when it is made")}
		}
		return openGraph(n.Network[0])
	}
	var heights *dem.Model
	if len(n.Elevation) > 0 {
		var err error
		if heights, err = dem.Open(n.Elevation...); err != nil {
			return nil, planner.Errorf(planner.Invalid, "高程文件不能读取:%v", "the elevation cannot be read: %v", err)
		}
		defer heights.Close()
	}
	net, report, err := n.surveyed.build(s.ctx, n.Network, survey.Options{CRS: n.CRS, Encoding: n.Encoding, Mapping: n.Mapping}, heights)
	if report != nil {
		tellRoads(s.errs, report)
	}
	return net, err
}

// build reads the files; heights may be nil: slopes are then not counted. The report is nil for OSM files alone.
func (v surveyed) build(ctx context.Context, files []string, o survey.Options, heights *dem.Model) (*osmroad.Network, *roadsurvey.Report, error) {
	o.Layer, o.Tolerance = v.Layer, v.Tolerance
	if heights != nil {
		o.Elevation = heights
	}
	n, report, err := survey.Build(ctx, files, o)
	if report != nil {
		if v.Report != "" {
			if err := survey.WriteReport(v.Report, report); err != nil {
				return nil, report, err
			}
			report.File = v.Report
		}
	}
	if err == nil && heights != nil && heights.Err() != nil {
		err = planner.Errorf(planner.Invalid, "路网不能读取:%v", "the network cannot be read: %v", heights.Err())
	}
	return n, report, err
}

// tellRoads prints what was done to surveyed roads.
func tellRoads(w io.Writer, r *roadsurvey.Report) {
	fmt.Fprintf(w, "roads: %d rows, %d lines used, %d of classes that are no street, %d drawn twice, %d of no length, %d rejected\n", r.Rows, r.Lines, r.Skipped, r.Duplicates, r.ZeroLength, len(r.Rejected))
	if r.Components > 0 { // none was built of what is refused
		fmt.Fprintf(w, "  %d crossings and %d touches made junctions, %d passed over (bridge, tunnel, layer, motorway); %d ends repaired, %d gaps up to %.0f m left open\n",
			r.Crossings, r.Touches, r.PassedOver, len(r.Repairs), len(r.Suspects), roadsurvey.GreatestTolerance)
		var km []string
		for _, class := range slices.Sorted(maps.Keys(r.KM)) {
			km = append(km, fmt.Sprintf("%s %.1f", class, r.KM[class]))
		}
		fmt.Fprintf(w, "  %d components, the largest %.1f%% of the length; km: %s\n", r.Components, 100*r.Largest, strings.Join(km, ", "))
	}
	if r.File != "" {
		fmt.Fprintf(w, "  repairs, gaps and rejected rows are in %s / 修补、缺口和退回的行见该文件\n", r.File)
	}
}
