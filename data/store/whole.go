package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// Rows reads every feature that matches as values, along Hilbert's curve (those
// without a geometry last), which files with a spatial index want; the sort
// is the database's. Geometries are WKB in q.CRS, x first whatever the authority
// says, as files have them.
func (s *Store) Rows(ctx context.Context, q layer.Query, visit func(layer.Row) error) error {
	c, ok := s.collection(q.Collection)
	if !ok {
		return noCollection(q.Collection)
	}
	where, args, err := s.conditions(q, false)
	if err != nil {
		return err
	}
	system := q.CRS
	system.YX = false
	casts := map[layer.Type]string{layer.String: "text", layer.Integer: "bigint", layer.Number: "float8", layer.Boolean: "boolean", layer.Date: "date", layer.Instant: "timestamptz"}
	columns := []string{"t.id", "ST_AsBinary(" + shaped(system) + ", 'NDR')"}
	for i, p := range c.Properties {
		columns = append(columns, column(c, i)+"::"+casts[p.Type])
	}
	sql := fmt.Sprintf("SELECT %s FROM (%s) t WHERE %s ORDER BY t.geom NULLS LAST, t.id%s", strings.Join(columns, ", "), s.source(c.ID), where, ordered)
	return filtered(ctx, layer.Query{CRS: q.CRS}, func(context.Context) error {
		return s.as(ctx, q.Viewer, func(db querier) error {
			rows, err := db.Query(ctx, sql, args)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					return err
				}
				r := layer.Row{Values: values[2:]}
				r.ID, _ = values[0].(string)
				r.WKB, _ = values[1].([]byte)
				if err := visit(r); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	})
}
