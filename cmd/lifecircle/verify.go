package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

type verifyCommand struct {
	networkFile
	profilesFile
	Sources   int    `default:"200" help:"Random places on streets."`
	Minutes   []int  `default:"15" help:"Minutes of the circles."`
	Profile   string `default:"adult" help:"Travel profile."`
	Seed      int64  `default:"1" help:"The same seed, the same places."`
	Direction string `enum:"inbound,outbound" default:"inbound" help:"Toward the places, or away from them."`
	Out       string `type:"path" help:"Directory for circles.geojson and times.csv."`
}

func (v *verifyCommand) Run(s *session) error {
	book, err := v.book()
	if err != nil {
		return err
	}
	profile, err := book.ByID(v.Profile)
	if err != nil {
		return usageError{planner.Errorf(planner.Invalid, "没有出行方式「%s」", "there is no travel profile %q", v.Profile)}
	}
	if profile.Rides.Boardings > 0 {
		return usageError{planner.Errorf(planner.Invalid, "verify-circles 核对街道上的时间,不含公交;请换一种出行方式", "verify-circles checks times along streets, without buses: choose another profile")}
	}
	if len(v.Network) == 0 {
		return usageError{planner.Errorf(planner.Invalid, "请用 --network 指定路网文件", "name the network file with --network")}
	}
	n, err := v.build(s)
	if err != nil {
		return err
	}
	dir := travel.Inbound
	if v.Direction == "outbound" {
		dir = travel.Outbound
	}
	report, samples, err := circle.Verify(s.ctx, travel.NewNet(n.Graph, profile), circle.Options{Sources: v.Sources, Minutes: v.Minutes, Seed: v.Seed, Dir: dir})
	if err != nil && s.ctx.Err() == nil {
		err = planner.Errorf(planner.Invalid, "%[1]s不能核对:%[2]v", "%[1]s cannot be checked: %[2]v", strings.Join(v.Network, ", "), err)
	}
	if err != nil {
		return err
	}
	if v.Out != "" {
		if err := writeSamples(v.Out, samples); err != nil {
			return err
		}
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(report)
	}
	_, err = fmt.Fprintf(s.out, "%d circles: %.4f%% of reachable street inside, %.4f%% of unreachable street (> 10 m) inside, %d invalid, %d not nested, %d node times differ\n",
		report.Circles, 100*report.ReachableInside, 100*report.UnreachableInside10m, report.Invalid, report.NotNested, report.NodeTimeDifferences)
	return err
}

// writeSamples writes what an outside script needs to recompute the check.
func writeSamples(dir string, samples []circle.Sample) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(io.Writer, []circle.Sample) error{"circles.geojson": circle.WriteCircles, "times.csv": circle.WriteTimes} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := errors.Join(write(f, samples), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
