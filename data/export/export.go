// Package export writes layers as files: GeoJSON for GIS, CSV and XLSX for
// officials, with Chinese headings and numbers as numbers.
package export

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Source gives the features of a layer one by one, its extent and its tiles.
type Source interface {
	Stream(ctx context.Context, q layer.Query, each func(json []byte) error) error
	Rows(ctx context.Context, q layer.Query, each func(layer.Row) error) error
	Extent(ctx context.Context, collection string, snap layer.Snapshot, v planner.Viewer) (layer.Extent, error)
	Tile(ctx context.Context, q layer.Query, t layer.Tile) ([]byte, error)
}

// Formats are the formats that Write knows, by the ending of their files.
var Formats = []string{"geojson", "geojsonseq", "fgb", "gpkg", "parquet", "csv", "xlsx", "pmtiles"}

// Write writes the layer c as q asks for it to w in a format and gives the number of
// features. Memory does not grow with them. Errors: Invalid for a format that is
// none, or that does not go with the reference system.
func Write(ctx context.Context, from Source, c layer.Collection, q layer.Query, format string, w io.Writer) (int, error) {
	q.Collection = c.ID
	if longitudes[format] && q.CRS.EPSG != 0 {
		return 0, planner.Errorf(planner.Invalid, "格式%s只能用经纬度(CRS84)", "format %s is in longitude and latitude (CRS84) only", format)
	}
	switch format {
	case "geojson":
		return geoJSON(ctx, from, q, w)
	case "geojsonseq":
		return sequence(ctx, from, q, w)
	case "fgb":
		return flatGeobuf(ctx, from, c, q, w)
	case "gpkg":
		return geoPackage(ctx, from, c, q, w)
	case "parquet":
		return geoParquet(ctx, from, c, q, w)
	case "pmtiles":
		return pmTiles(ctx, from, c, q, w)
	case "csv":
		return table(ctx, from, q, c, newCSV(w))
	case "xlsx":
		sheet, err := newXLSX(c, w)
		if err != nil {
			return 0, err
		}
		return table(ctx, from, q, c, sheet)
	}
	return 0, planner.Errorf(planner.Invalid, "不支持的格式「%s」,可用:%v", "format %q is not offered; there are: %v", format, Formats)
}

// longitudes are the formats whose own standard fixes the reference system, or whose readers expect it.
var longitudes = map[string]bool{"geojsonseq": true, "csv": true, "xlsx": true, "pmtiles": true}

// sequence is GeoJSON Text Sequences (RFC 8142): each feature after a record separator.
func sequence(ctx context.Context, from Source, q layer.Query, w io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(w, 1<<16)
	err = from.Stream(ctx, q, func(feature []byte) error {
		n++
		out.WriteByte(0x1E)
		out.Write(feature)
		return out.WriteByte('\n')
	})
	if err != nil {
		return n, err
	}
	return n, out.Flush()
}

func geoJSON(ctx context.Context, from Source, q layer.Query, w io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(w, 1<<16)
	name, _ := json.Marshal(q.Collection) // a string
	fmt.Fprintf(out, `{"type":"FeatureCollection","name":%s,`, name)
	if q.CRS.EPSG != 0 { // by arrangement: RFC 7946 knows longitude and latitude alone
		fmt.Fprintf(out, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%d"}},`, q.CRS.EPSG)
	}
	out.WriteString(`"features":[`)
	err = from.Stream(ctx, q, func(feature []byte) error {
		if n > 0 {
			out.WriteByte(',')
		}
		n++
		out.WriteByte('\n')
		_, err := out.Write(feature)
		return err
	})
	if err != nil {
		return n, err
	}
	out.WriteString("\n]}\n")
	return n, out.Flush()
}
