package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

type verifyCommand struct {
	Network string `required:"" type:"existingfile" help:"OSM file."`
	Sources int    `default:"200" help:"Random places on streets."`
	Minutes []int  `default:"15" help:"Minutes of the circles."`
	Profile string `default:"adult" help:"Travel profile."`
	Seed    int64  `default:"1" help:"The same seed, the same places."`
	Out     string `type:"path" help:"Directory for circles.geojson and times.csv."`
}

func (v *verifyCommand) Run(s *session) error {
	profile, err := travel.ProfileByID(v.Profile)
	if err != nil {
		return planner.Errorf(planner.Invalid, "没有出行方式「%s」", "there is no travel profile %q", v.Profile)
	}
	n, err := osmroad.Build(s.ctx, v.Network, nil)
	if err != nil {
		return err
	}
	report, samples, err := circle.Verify(s.ctx, travel.NewNet(n.Graph, profile), circle.Options{Sources: v.Sources, Minutes: v.Minutes, Seed: v.Seed})
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
	features := geojson.NewFeatureCollection()
	times, err := os.Create(filepath.Join(dir, "times.csv"))
	if err != nil {
		return err
	}
	defer times.Close()
	rows := csv.NewWriter(times)
	_ = rows.Write([]string{"osm_node", "source", "milliseconds"}) // errors stay with the writer
	for i, s := range samples {
		f := geojson.NewFeature(s.Polygon)
		f.Properties = geojson.Properties{"source": i, "lon": s.Source[0], "lat": s.Source[1], "minutes": s.Minutes}
		features.Append(f)
		for _, t := range s.Nodes {
			_ = rows.Write([]string{strconv.FormatInt(t.OSMID, 10), strconv.Itoa(i), strconv.FormatUint(t.Millis, 10)})
		}
	}
	rows.Flush()
	if err := rows.Error(); err != nil {
		return err
	}
	b, err := features.MarshalJSON()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "circles.geojson"), b, 0o644)
}
