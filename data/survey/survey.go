// Package survey reads files of surveyed roads, alone or together with an OSM file, into one street network, and writes the
// list of what was repaired and what needs a look.
package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/roadsurvey"
	"github.com/lifecircle/lifecircle/planner"
)

// Options say how files are read and joined.
type Options struct {
	CRS, Encoding string  // as for other imports
	Layer         string  // of GeoPackages with several
	Mapping       string  // path of a YAML file of columns and words; "" is our own alone
	Tolerance     float64 // metres, see roadsurvey
	Elevation     osmroad.Sampler
}

// Surveyed tells whether a file is read as surveyed roads, by its extension; others are OSM files.
func Surveyed(file string) bool {
	return slices.Contains([]string{".shp", ".gpkg", ".geojson", ".json"}, strings.ToLower(filepath.Ext(file)))
}

// Build reads the files into one network: at most one OSM file, and any number of surveyed ones, which are joined to it. The
// report is nil where all is OSM. Errors: Invalid.
func Build(ctx context.Context, files []string, o Options) (*osmroad.Network, *roadsurvey.Report, error) {
	var base *osmroad.Network
	var surveyed []string
	for _, f := range files {
		if Surveyed(f) {
			surveyed = append(surveyed, f)
			continue
		}
		if base != nil {
			return nil, nil, planner.Errorf(planner.Invalid, "一次只能用一个 OSM 文件,请先用 osmium merge 合并", "one OSM file at a time: merge them first, with osmium merge")
		}
		var err error
		if base, err = osmroad.Build(ctx, f, o.Elevation); err != nil {
			return nil, nil, unreadable(err)
		}
	}
	if len(surveyed) == 0 {
		return base, nil, nil
	}
	mapping := roadsurvey.Builtin()
	digest := sha256.New()
	if o.Mapping != "" {
		text, err := os.ReadFile(o.Mapping)
		if err == nil {
			mapping, err = mapping.With(o.Mapping, string(text))
			digest.Write(text)
		}
		if err != nil {
			return nil, nil, planner.Errorf(planner.Invalid, "映射文件有误:%v", "the mapping is wrong: %v", err)
		}
	}
	s, err := roadsurvey.New(roadsurvey.Options{Mapping: mapping, Tolerance: o.Tolerance, Elevation: o.Elevation})
	if err != nil {
		return nil, nil, unreadable(err)
	}
	if base != nil {
		s.Join(base)
		io.WriteString(digest, base.SourceDigest)
	}
	for _, f := range surveyed {
		if err := read(ctx, s, f, o); err != nil {
			return nil, nil, named(err, filepath.Base(f))
		}
		if err := addFile(digest, f); err != nil {
			return nil, nil, err
		}
	}
	n, report, err := s.Build(ctx)
	switch unknown := (*roadsurvey.UnknownError)(nil); {
	case errors.As(err, &unknown):
		zh, en := unknown.Texts()
		return nil, report, planner.Errorf(planner.Invalid, "%[1]s", "%[2]s", zh, en)
	case err != nil && ctx.Err() == nil:
		return nil, report, unreadable(err)
	case err != nil:
		return nil, report, err
	}
	fmt.Fprint(digest, o.Tolerance)
	n.SourceDigest = hex.EncodeToString(digest.Sum(nil))
	n.Graph = n.Graph.WithSource(n.SourceDigest)
	return n, report, nil
}

func unreadable(err error) error {
	return planner.Errorf(planner.Invalid, "路网不能读取:%v", "the network cannot be read: %v", err)
}

// named puts the file's name before what is wrong with it, where that does not tell it.
func named(err error, file string) error {
	if e := (*planner.Error)(nil); errors.As(err, &e) && !strings.Contains(e.Error(), file) {
		return planner.Errorf(e.Kind, "「%[1]s」:%[2]s", "%[1]s: %[3]s", file, e.Text.ZH, e.Text.EN)
	}
	return err
}

// read takes the rows of one file, in lon, lat.
func read(ctx context.Context, s *roadsurvey.Survey, file string, o Options) (err error) {
	path := file
	if o.Layer != "" && strings.EqualFold(filepath.Ext(file), ".gpkg") {
		path += "#" + o.Layer
	}
	r, err := ingest.Open(ctx, path, o.Encoding, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	c, err := system(r, file, o.CRS)
	if err != nil {
		return err
	}
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		if err := s.File(filepath.Base(file), r.Header()); err != nil {
			return planner.Errorf(planner.Invalid, "%v", "%v", err)
		}
		return nil
	}
	for n := 0; ; n++ {
		if n&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return begin()
		}
		wrong := (*ingest.RowError)(nil)
		if err != nil && !errors.As(err, &wrong) {
			return planner.Wrap(err, planner.Invalid, "文件「%s」读不了:%v", "%s cannot be read: %v", filepath.Base(file), err)
		}
		if err := begin(); err != nil {
			return err
		}
		if wrong != nil {
			s.Reject(wrong.Number, wrong.Text.ZH, wrong.Text.EN)
			continue
		}
		if row.Geometry != nil && o.CRS == "" && c.IsLonLat() && crs.InMainland(row.Geometry.Bound().Center()) {
			return planner.Errorf(planner.Invalid, "「%s」的坐标在境内,须用 --crs 指明坐标系:EPSG:4490(国家2000)、gcj02、bd09 等", "%s: coordinates in mainland China need their system stated: add --crs EPSG:4490, gcj02, bd09, …", filepath.Base(file))
		}
		g, ok := located(row.Geometry, c)
		if !ok {
			s.Reject(row.Number, fmt.Sprintf("坐标不在 %v 的范围内", c), fmt.Sprintf("its coordinates are outside %v (%s)", c, c.Axes()))
			continue
		}
		s.Add(roadsurvey.Row{Number: row.Number, Fields: row.Fields(r.Header()), Geometry: g})
	}
}

// system is the coordinate system of a file: the one that the user states, else the file's own.
func system(r ingest.Reader, file, stated string) (crs.CRS, error) {
	c, err := crs.CRS{}, error(nil)
	if stated != "" {
		c, err = crs.Parse(stated)
	} else {
		c, err = r.CRS()
	}
	switch {
	case err != nil:
		return c, planner.Errorf(planner.Invalid, "「%[1]s」的坐标系不认识(%[2]v);可用 --crs EPSG:4326、4490、3857、4513–4554、gcj02、bd09", "%[1]s: unknown coordinate system (%[2]v): use --crs with EPSG:4326, 4490, 3857, 4513–4554, gcj02 or bd09", filepath.Base(file), err)
	case c == crs.CRS{}:
		return c, planner.Errorf(planner.Invalid, "「%s」没有写明坐标系(缺 .prj),请用 --crs 指明", "%s does not state its coordinate system (no .prj): add --crs", filepath.Base(file))
	}
	return c, nil
}

// located takes a geometry to lon, lat in place; ok is false for what cannot lie in c. Metres in the order of Chinese
// surveyors (X is the northing) are turned, as in other imports.
func located(g orb.Geometry, c crs.CRS) (orb.Geometry, bool) {
	if g == nil {
		return nil, true
	}
	b := g.Bound()
	if b.IsEmpty() {
		return g, true // the survey says what is wrong with it
	}
	turned := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	if !c.IsLonLat() && c != crs.Mercator && !c.Accepts(b.Min) && c.Accepts(turned(b.Min)) {
		g = project.Geometry(g, turned)
		b = orb.Bound{Min: turned(b.Min), Max: turned(b.Max)}
	}
	if !c.Accepts(b.Min) || !c.Accepts(b.Max) {
		return nil, false
	}
	return project.Geometry(g, c.ToLonLat), true
}

// addFile adds a file to a digest, and what belongs to a Shapefile.
func addFile(digest io.Writer, file string) error {
	names := []string{file}
	if strings.EqualFold(filepath.Ext(file), ".shp") {
		stem := strings.TrimSuffix(file, filepath.Ext(file))
		for _, ext := range []string{".dbf", ".DBF", ".prj", ".PRJ", ".cpg", ".CPG"} {
			if _, err := os.Stat(stem + ext); err == nil {
				names = append(names, stem+ext)
			}
		}
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(digest, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
