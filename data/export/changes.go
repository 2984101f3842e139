package export

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/geo/geopackage"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// Differing gives the rows of a layer in which two data versions differ.
type Differing interface {
	Changes(ctx context.Context, layer string, first, last int64, each func(edit.Difference) error) error
}

// changeFields are the columns of a list of changes, of tables and of GeoPackage.
var changeFields = []geopackage.Field{
	{Name: "change", Type: "TEXT", Title: "变更"}, {Name: "layer", Type: "TEXT", Title: "图层"}, {Name: "id", Type: "TEXT", Title: "编号"}, {Name: "label", Type: "TEXT", Title: "名称"},
	{Name: "unit_code", Type: "TEXT", Title: "行政区代码"}, {Name: "fields", Type: "TEXT", Title: "变更字段"}, {Name: "before", Type: "TEXT", Title: "变更前"}, {Name: "after", Type: "TEXT", Title: "变更后"},
	{Name: "source", Type: "TEXT", Title: "来源"}, {Name: "version", Type: "INTEGER", Title: "数据版本"}, {Name: "at", Type: "DATETIME", Title: "时间"}, {Name: "actor", Type: "TEXT", Title: "更正人"}, {Name: "reason", Type: "TEXT", Title: "更正理由"},
}

func changeValues(d edit.Difference) []any {
	return []any{d.Change, d.Layer, d.ID, d.Label, d.Unit, strings.Join(d.Fields, ","), string(d.Before), string(d.After), d.Source, d.Version, d.At, d.Actor, d.Reason}
}

// Changes writes what differs between two data versions of layers as csv or geojson and gives the number of rows.
func Changes(ctx context.Context, from Differing, layers []string, first, last int64, format string, w io.Writer) (n int, err error) {
	all := func(each func(edit.Difference) error) error {
		for _, l := range layers {
			if err := from.Changes(ctx, l, first, last, func(d edit.Difference) error { n++; return each(d) }); err != nil {
				return err
			}
		}
		return nil
	}
	switch format {
	case "csv":
		to := newCSV(w)
		var head []any
		for _, f := range changeFields {
			head = append(head, f.Title)
		}
		if err := to.Row(append(head, "经度", "纬度")); err != nil {
			return 0, err
		}
		if err := all(func(d edit.Difference) error {
			var row []any
			for _, v := range changeValues(d) {
				if at, ok := v.(time.Time); ok {
					v = at.Format(time.RFC3339)
				}
				row = append(row, cell(v))
			}
			for _, v := range []*float64{d.Lon, d.Lat} {
				if v == nil {
					row = append(row, nil)
				} else {
					row = append(row, *v)
				}
			}
			return to.Row(row)
		}); err != nil {
			return n, err
		}
		return n, to.Close()
	case "geojson":
		out := bufio.NewWriterSize(w, 1<<16)
		_, _ = out.WriteString(`{"type":"FeatureCollection","name":"changes","features":[`) // a failure shows again at Flush
		if err := all(func(d edit.Difference) error {
			f := map[string]any{"type": "Feature", "id": d.Layer + "." + d.ID + "." + d.Source, "geometry": nil}
			if d.Lon != nil && d.Lat != nil {
				f["geometry"] = map[string]any{"type": "Point", "coordinates": []float64{*d.Lon, *d.Lat}}
			}
			properties := map[string]any{}
			for i, v := range changeValues(d) {
				properties[changeFields[i].Name] = v
			}
			properties["fields"], properties["before"], properties["after"] = d.Fields, json.RawMessage(orNull(d.Before)), json.RawMessage(orNull(d.After))
			f["properties"] = properties
			b, err := json.Marshal(f)
			if err != nil {
				return err
			}
			if n > 1 {
				_ = out.WriteByte(',')
			}
			_ = out.WriteByte('\n')
			_, err = out.Write(b)
			return err
		}); err != nil {
			return n, err
		}
		_, _ = out.WriteString("\n]}\n")
		return n, out.Flush()
	}
	return 0, planner.Errorf(planner.Invalid, "变更可导出为 csv、geojson 或 gpkg,不是「%s」", "changes are written as csv, geojson or gpkg, not %q", format)
}

func orNull(b []byte) []byte {
	if len(b) == 0 {
		return []byte("null")
	}
	return b
}

// ChangesGeoPackage is Changes as a GeoPackage in the file path, which must not exist.
func ChangesGeoPackage(ctx context.Context, from Differing, layers []string, first, last int64, path string) (n int, err error) {
	file, err := geopackage.Create(ctx, path, time.Now())
	if err != nil {
		return 0, err
	}
	type row struct {
		values []any
		point  []byte
	}
	rows, failed := make(chan row, 64), make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(rows)
		for _, l := range layers {
			if err := from.Changes(ctx, l, first, last, func(d edit.Difference) error {
				r := row{values: changeValues(d)}
				if d.Lon != nil && d.Lat != nil {
					r.point = wkb.MustMarshal(orb.Point{*d.Lon, *d.Lat})
				}
				select {
				case rows <- r:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			}); err != nil {
				failed <- err
				return
			}
		}
	}()
	n, err = file.Write(ctx, geopackage.Table{Name: "changes", Title: "数据变更", Shape: "POINT", CRS: geopackage.WGS84, Fields: changeFields}, func() ([]any, []byte, bool, error) {
		r, more := <-rows
		if !more {
			select {
			case err := <-failed:
				return nil, nil, false, err
			default:
			}
		}
		return r.values, r.point, more, nil
	})
	if err != nil {
		_ = file.Close() // of no use after an error
		return n, err
	}
	return n, file.Close()
}
