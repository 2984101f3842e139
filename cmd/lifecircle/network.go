package main

import (
	"context"

	"github.com/lifecircle/lifecircle/geo/dem"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// networkFile is a network for commands that need no database.
type networkFile struct {
	Network   string   `type:"existingfile" placeholder:"FILE.osm.pbf" help:"OSM file: works without a database."`
	Elevation []string `type:"existingpath" placeholder:"FILE" help:"Elevation for slopes: GeoTIFF or SRTM HGT files, or directories of them."`
}

func (n networkFile) build(ctx context.Context) (*osmroad.Network, error) {
	if len(n.Elevation) == 0 {
		return buildNetwork(ctx, n.Network, nil)
	}
	heights, err := dem.Open(n.Elevation...)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "高程文件不能读取:%v", "the elevation cannot be read: %v", err)
	}
	defer heights.Close()
	return buildNetwork(ctx, n.Network, heights)
}

// buildNetwork reads an OSM file; heights may be nil: slopes are then not counted.
func buildNetwork(ctx context.Context, file string, heights *dem.Model) (*osmroad.Network, error) {
	var sampler osmroad.Sampler
	if heights != nil {
		sampler = heights
	}
	n, err := osmroad.Build(ctx, file, sampler)
	if err == nil && heights != nil {
		err = heights.Err()
	}
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "路网不能读取:%v", "the network cannot be read: %v", err)
	}
	return n, nil
}
