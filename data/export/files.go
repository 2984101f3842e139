package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/flatgeobuf"
	"github.com/lifecircle/lifecircle/geo/geopackage"
	"github.com/lifecircle/lifecircle/geo/pmtiles"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// unused is a name for a column of ours that no property has.
func unused(c layer.Collection, name string) string {
	for {
		taken := false
		for _, p := range c.Properties {
			taken = taken || strings.EqualFold(p.Name, name)
		}
		if !taken {
			return name
		}
		name += "_"
	}
}

func flatGeobuf(ctx context.Context, from Source, c layer.Collection, q layer.Query, to io.Writer) (n int, err error) {
	types := map[layer.Type]flatgeobuf.Type{layer.String: flatgeobuf.String, layer.Integer: flatgeobuf.Long, layer.Number: flatgeobuf.Double, layer.Boolean: flatgeobuf.Bool, layer.Date: flatgeobuf.DateTime, layer.Instant: flatgeobuf.DateTime}
	columns := []flatgeobuf.Column{{Name: unused(c, "id"), Type: flatgeobuf.String}}
	for _, p := range c.Properties {
		columns = append(columns, flatgeobuf.Column{Name: p.Name, Title: p.Title.ZH, Description: p.Title.EN, Type: types[p.Type]})
	}
	s := systemOf(q.CRS.EPSG)
	w, err := flatgeobuf.NewWriter(flatgeobuf.Layer{Name: c.ID, Title: c.Title.ZH, Description: c.Description.ZH, Shape: c.Geometry, EPSG: s.code, CRSName: s.name, Columns: columns})
	if err != nil {
		return 0, err
	}
	defer w.Close()
	err = from.Rows(ctx, q, func(r layer.Row) error {
		n++
		return w.Add(r.WKB, append([]any{r.ID}, r.Values...))
	})
	if err != nil {
		return n, err
	}
	_, err = w.WriteTo(to)
	return n, err
}

func geoPackage(ctx context.Context, from Source, c layer.Collection, q layer.Query, to io.Writer) (int, error) {
	types := map[layer.Type]string{layer.String: "TEXT", layer.Integer: "INTEGER", layer.Number: "REAL", layer.Boolean: "BOOLEAN", layer.Date: "DATE", layer.Instant: "DATETIME"}
	extent, err := from.Extent(ctx, c.ID, q.Snapshot, q.Viewer)
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "lifecircle-gpkg-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, c.ID+".gpkg")
	if strings.ContainsAny(c.ID, `/\`) {
		path = filepath.Join(dir, "layer.gpkg")
	}
	stamp := extent.Updated
	if stamp.IsZero() {
		stamp = time.Unix(0, 0)
	}
	w, err := geopackage.Create(ctx, path, stamp)
	if err != nil {
		return 0, err
	}
	s := systemOf(q.CRS.EPSG)
	t := geopackage.Table{Name: c.ID, Title: c.Title.ZH, Description: c.Description.ZH, Shape: strings.ToUpper(c.Geometry), CRS: geopackage.CRS{EPSG: s.code, Name: s.name, Definition: s.wkt},
		Fields: []geopackage.Field{{Name: unused(c, "id"), Type: "TEXT"}}}
	for _, p := range c.Properties {
		t.Fields = append(t.Fields, geopackage.Field{Name: p.Name, Type: types[p.Type], Title: p.Title.ZH})
	}
	rows, stop := pulled(ctx, from, q)
	defer stop()
	n, err := w.Write(ctx, t, func() ([]any, []byte, bool, error) {
		r, ok, err := rows()
		return append([]any{r.ID}, r.Values...), r.WKB, ok, err
	})
	if err = errors.Join(err, w.Close()); err != nil {
		return n, err
	}
	f, err := os.Open(path)
	if err != nil {
		return n, err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return n, err
}

// pulled turns the rows that Rows pushes into rows that are asked for.
func pulled(ctx context.Context, from Source, q layer.Query) (next func() (layer.Row, bool, error), stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	rows, done := make(chan layer.Row, 256), make(chan error, 1)
	go func() {
		done <- from.Rows(ctx, q, func(r layer.Row) error {
			select {
			case rows <- r:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		close(rows)
	}()
	return func() (layer.Row, bool, error) {
			r, ok := <-rows
			if ok {
				return r, true, nil
			}
			err := <-done
			done <- err
			return r, false, err
		}, func() {
			cancel()
			for range rows { // until the reader has ended
			}
		}
}

// tilesTo is the deepest level of an archive: beyond it readers enlarge what it has, exact to a few metres.
const tilesTo = 14

// pmTiles cuts the layer into tiles, going down only where something is.
func pmTiles(ctx context.Context, from Source, c layer.Collection, q layer.Query, to io.Writer) (int, error) {
	extent, err := from.Extent(ctx, c.ID, q.Snapshot, q.Viewer)
	if err != nil {
		return 0, err
	}
	w, err := pmtiles.NewWriter()
	if err != nil {
		return 0, err
	}
	defer w.Close()
	set, _ := layer.TileSetByID("WebMercatorQuad")
	bound := orb.Bound{Min: orb.Point{-180, -85}, Max: orb.Point{180, 85}}
	if extent.Bound != nil {
		bound = *extent.Bound
		level := []layer.Tile{{Set: set}}
		for z := 0; z <= tilesTo; z++ {
			var below []layer.Tile
			for _, t := range inCurve(level) {
				b, err := from.Tile(ctx, q, t)
				if err != nil {
					return 0, err
				}
				if len(b) == 0 {
					continue
				}
				if err := w.Add(uint8(t.Z), uint32(t.Col), uint32(t.Row), b); err != nil {
					return 0, err
				}
				for i := range 4 {
					child := layer.Tile{Set: set, Z: z + 1, Col: 2*t.Col + i%2, Row: 2*t.Row + i/2}
					if child.Degrees().Intersects(bound) {
						below = append(below, child)
					}
				}
			}
			level = below
		}
	}
	fields := map[string]string{"id": "String"}
	for _, p := range c.Properties {
		fields[p.Name] = map[layer.Type]string{layer.Integer: "Number", layer.Number: "Number", layer.Boolean: "Boolean"}[p.Type]
		if fields[p.Name] == "" {
			fields[p.Name] = "String"
		}
	}
	about := pmtiles.Metadata{"name": c.Title.ZH + " " + c.Title.EN, "description": c.Description.ZH + " / " + c.Description.EN, "type": "overlay", "version": fmt.Sprint(q.Snapshot.Version),
		"vector_layers": []map[string]any{{"id": c.ID, "description": c.Description.ZH, "minzoom": 0, "maxzoom": tilesTo, "fields": fields}}}
	_, err = w.WriteTo(to, bound, about)
	return int(extent.Count), err
}
