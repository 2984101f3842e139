package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// rowGroup is how many rows are in memory at a time, and how finely readers skip by bbox.
const rowGroup = 20_000

// inOrder is a group whose columns keep their order.
type inOrder struct {
	parquet.Group
	names []string
}

func (g inOrder) Fields() []parquet.Field {
	by := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		by[f.Name()] = f
	}
	all := make([]parquet.Field, len(g.names))
	for i, n := range g.names {
		all[i] = by[n]
	}
	return all
}

func group(names []string, nodes []parquet.Node) inOrder {
	g := inOrder{parquet.Group{}, names}
	for i, n := range names {
		g.Group[n] = nodes[i]
	}
	return g
}

// geoParquet writes GeoParquet 1.1: WKB, the box of each row as a covering,
// row groups along Hilbert's curve, zstd.
func geoParquet(ctx context.Context, from Source, c layer.Collection, q layer.Query, to io.Writer) (n int, err error) {
	types := map[layer.Type]parquet.Node{layer.String: parquet.String(), layer.Integer: parquet.Int(64), layer.Number: parquet.Leaf(parquet.DoubleType), layer.Boolean: parquet.Leaf(parquet.BooleanType),
		layer.Date: parquet.Date(), layer.Instant: parquet.Timestamp(parquet.Microsecond)}
	id, shape, box := unused(c, "id"), unused(c, "geometry"), unused(c, "bbox")
	names, nodes := []string{id}, []parquet.Node{parquet.Required(parquet.String())}
	for _, p := range c.Properties {
		names, nodes = append(names, p.Name), append(nodes, parquet.Optional(types[p.Type]))
	}
	edges := []string{"xmin", "ymin", "xmax", "ymax"}
	double := parquet.Required(parquet.Leaf(parquet.DoubleType))
	names, nodes = append(names, shape, box), append(nodes, parquet.Optional(parquet.Leaf(parquet.ByteArrayType)), parquet.Optional(group(edges, []parquet.Node{double, double, double, double})))
	system, err := projJSON(q.CRS.EPSG)
	if err != nil {
		return 0, err
	}
	extent, err := from.Extent(ctx, c.ID, q.Snapshot, q.Viewer)
	if err != nil {
		return 0, err
	}
	column := map[string]any{"encoding": "WKB", "geometry_types": shapeTypes(c.Geometry), "edges": "planar",
		"covering": map[string]any{"bbox": map[string]any{"xmin": []string{box, "xmin"}, "ymin": []string{box, "ymin"}, "xmax": []string{box, "xmax"}, "ymax": []string{box, "ymax"}}}}
	if system != nil { // without one the column is in OGC:CRS84
		column["crs"] = system
	}
	if b := extent.Bound; b != nil && q.CRS.Geographic() {
		column["bbox"] = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	geo, err := json.Marshal(map[string]any{"version": "1.1.0", "primary_column": shape, "columns": map[string]any{shape: column}})
	if err != nil {
		return 0, err
	}
	w := parquet.NewWriter(to, parquet.NewSchema(c.ID, group(names, nodes)), parquet.Compression(&zstd.Codec{}), parquet.MaxRowsPerRowGroup(rowGroup), parquet.KeyValueMetadata("geo", string(geo)), parquet.CreatedBy("lifecircle", "1", ""))
	err = from.Rows(ctx, q, func(r layer.Row) error {
		n++
		row, err := parquetRow(c, r)
		if err != nil {
			return err
		}
		_, err = w.WriteRows([]parquet.Row{row})
		return err
	})
	if err != nil {
		return n, err
	}
	return n, w.Close()
}

// parquetRow lays a row out by the leaves of the schema: a definition level of 1 is a value, of 0 none.
func parquetRow(c layer.Collection, r layer.Row) (parquet.Row, error) {
	row := parquet.Row{parquet.ByteArrayValue([]byte(r.ID)).Level(0, 0, 0)}
	add := func(v parquet.Value, there bool) {
		level := 0
		if there {
			level = 1
		} else {
			v = parquet.NullValue()
		}
		row = append(row, v.Level(0, level, len(row)))
	}
	for i, v := range r.Values {
		switch v := v.(type) {
		case nil:
			add(parquet.Value{}, false)
		case string:
			add(parquet.ByteArrayValue([]byte(v)), true)
		case int64:
			add(parquet.Int64Value(v), true)
		case float64:
			add(parquet.DoubleValue(v), true)
		case bool:
			add(parquet.BooleanValue(v), true)
		case time.Time:
			if c.Properties[i].Type == layer.Date {
				add(parquet.Int32Value(int32(v.Unix()/86400)), true)
			} else {
				add(parquet.Int64Value(v.UnixMicro()), true)
			}
		default:
			return nil, fmt.Errorf("a value of type %T", v)
		}
	}
	var b orb.Bound
	if r.WKB != nil {
		g, err := wkb.Unmarshal(r.WKB)
		if err != nil {
			return nil, err
		}
		b = g.Bound()
	}
	add(parquet.ByteArrayValue(r.WKB), r.WKB != nil)
	for _, f := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		add(parquet.DoubleValue(f), r.WKB != nil && !math.IsNaN(f))
	}
	return row, nil
}
