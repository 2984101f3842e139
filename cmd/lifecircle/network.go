package main

import (
	"context"
	"errors"
	"os"

	"github.com/lifecircle/lifecircle/geo/dem"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// profilesFile is a file of travel profiles beside our own.
type profilesFile struct {
	Profiles string `type:"existingfile" placeholder:"FILE.yaml" help:"Travel profiles that replace ours by id, or add to them."`
}

// book gives our profiles with those of the file.
func (p profilesFile) book() (*travel.Book, error) {
	if p.Profiles == "" {
		return travel.Builtin(), nil
	}
	text, err := os.ReadFile(p.Profiles)
	if err != nil {
		return nil, err
	}
	book, err := travel.Builtin().With(p.Profiles, string(text))
	if wrong := (*travel.FileError)(nil); errors.As(err, &wrong) {
		return nil, &planner.Error{Kind: planner.Invalid, Text: planner.Text{ZH: wrong.ZH, EN: wrong.EN}}
	}
	return book, err
}

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
