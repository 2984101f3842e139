package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// This file alone builds SQL from parts. Names come from the catalogue, values are arguments.

// Page reads one page in id order.
func (s *Store) Page(ctx context.Context, q layer.Query) (layer.Page, error) {
	var page layer.Page
	where, args, err := conditions(q, false)
	if err != nil {
		return page, err
	}
	err = s.as(ctx, q.Viewer, func(db querier) error {
		if err := db.QueryRow(ctx, "SELECT count(*) FROM ("+data.SQL("layer_"+q.Collection)+") t WHERE "+where, args).Scan(&page.NumberMatched); err != nil {
			return err
		}
		more := q
		more.Limit = q.Limit + 1
		return each(ctx, db, more, func(f layer.Feature) error {
			page.Features = append(page.Features, f)
			return nil
		})
	})
	if q.Limit > 0 && len(page.Features) > q.Limit {
		page.Features, page.More = page.Features[:q.Limit], true
	}
	return page, err
}

// Stream reads every feature that matches, one at a time, in id order.
func (s *Store) Stream(ctx context.Context, q layer.Query, visit func(json []byte) error) error {
	q.Limit = 0
	return s.as(ctx, q.Viewer, func(db querier) error {
		return each(ctx, db, q, func(f layer.Feature) error { return visit(f.JSON) })
	})
}

// Feature reads one feature by id; NotFound without it.
func (s *Store) Feature(ctx context.Context, q layer.Query, id string) (layer.Feature, error) {
	var found layer.Feature
	q.BBox, q.AfterID, q.Limit = nil, "", 1
	where, args, err := conditions(q, true)
	if err != nil {
		return found, err
	}
	args["only"] = id
	err = s.as(ctx, q.Viewer, func(db querier) error {
		return query(ctx, db, q, where+" AND t.id = @only", args, func(f layer.Feature) error { found = f; return nil })
	})
	if err == nil && found.JSON == nil {
		err = planner.Errorf(planner.NotFound, "图层%s中没有要素「%s」", "collection %s has no feature %q", q.Collection, id)
	}
	return found, err
}

// Extent gives the bounds and the number of features of a collection.
func (s *Store) Extent(ctx context.Context, collection string, snap layer.Snapshot, v planner.Viewer) (layer.Extent, error) {
	var e layer.Extent
	where, args, err := conditions(layer.Query{Collection: collection, Snapshot: snap, Viewer: v}, false)
	if err != nil {
		return e, err
	}
	var x1, y1, x2, y2 *float64
	err = s.as(ctx, v, func(db querier) error {
		return db.QueryRow(ctx, "SELECT count(*), min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom)) FROM ("+
			data.SQL("layer_"+collection)+") t WHERE "+where, args).Scan(&e.Count, &x1, &y1, &x2, &y2)
	})
	if err != nil {
		return e, err
	}
	if x1 != nil { // outward, so that a box of the published numbers holds every feature
		e.Bound = &orb.Bound{Min: orb.Point{math.Floor(*x1*1e7) / 1e7, math.Floor(*y1*1e7) / 1e7}, Max: orb.Point{math.Ceil(*x2*1e7) / 1e7, math.Ceil(*y2*1e7) / 1e7}}
	}
	return e, nil
}

func each(ctx context.Context, db querier, q layer.Query, visit func(layer.Feature) error) error {
	where, args, err := conditions(q, true)
	if err != nil {
		return err
	}
	return query(ctx, db, q, where, args, visit)
}

func query(ctx context.Context, db querier, q layer.Query, where string, args pgx.StrictNamedArgs, visit func(layer.Feature) error) error {
	c, _ := layer.ByID(q.Collection)
	var pairs []string
	for _, p := range c.Properties {
		pairs = append(pairs, fmt.Sprintf("'%s', %s", p.Name, jsonValue(p)))
	}
	sql := `SELECT t.id, '{"type":"Feature","id":' || to_json(t.id) || ',"geometry":' || coalesce(ST_AsGeoJSON(t.geom, 7, 0), 'null') || ',"properties":' || json_build_object(` +
		strings.Join(pairs, ", ") + `) || '}' FROM (` + data.SQL("layer_"+q.Collection) + `) t WHERE ` + where + ` ORDER BY t.id COLLATE "C"`
	if q.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", q.Limit)
	}
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f layer.Feature
		if err := rows.Scan(&f.ID, &f.JSON); err != nil {
			return unavailable(err)
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return unavailable(rows.Err())
}

// jsonValue is the SQL for a property's value. A whole number of a decimal
// property is written 20.0: clients that guess types from values (GDAL's GeoJSON
// driver) would take a column of whole minutes for integers.
func jsonValue(p layer.Property) string {
	column := "t." + pgx.Identifier{p.Name}.Sanitize()
	if p.Type != layer.Number {
		return column
	}
	return fmt.Sprintf("CASE WHEN %[1]s = trunc(%[1]s) THEN to_json(%[1]s::numeric(20, 1)) ELSE to_json(%[1]s) END", column)
}

// conditions turns a query into a WHERE clause and its arguments; paged adds the keyset.
func conditions(q layer.Query, paged bool) (string, pgx.StrictNamedArgs, error) {
	c, ok := layer.ByID(q.Collection)
	if !ok {
		return "", nil, planner.Errorf(planner.NotFound, "没有图层「%s」", "there is no collection %q", q.Collection)
	}
	args := pgx.StrictNamedArgs{}
	if !c.OfRun || c.ID == "coverage" {
		args["version"] = q.Snapshot.Version
	}
	if c.OfRun {
		args["run"] = q.Snapshot.Run
	}
	where := []string{"true"}
	if len(q.BBox) > 0 {
		var boxes []string
		for i, b := range q.BBox {
			name := fmt.Sprintf("box%d", i)
			boxes = append(boxes, fmt.Sprintf("ST_Intersects(t.geom, ST_MakeEnvelope(@%sx1::float8, @%sy1::float8, @%sx2::float8, @%sy2::float8, 4326))", name, name, name, name))
			args[name+"x1"], args[name+"y1"], args[name+"x2"], args[name+"y2"] = b.Min[0], b.Min[1], b.Max[0], b.Max[1]
		}
		where = append(where, "("+strings.Join(boxes, " OR ")+")")
	}
	names := make([]string, 0, len(q.Equals))
	for name := range q.Equals {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		p, ok := c.Property(name)
		if !ok || !p.Queryable {
			return "", nil, planner.Errorf(planner.Invalid, "图层%s不能按「%s」查询", "collection %s cannot be queried by %q", c.ID, name)
		}
		arg := fmt.Sprintf("eq%d", i)
		column := "t." + pgx.Identifier{name}.Sanitize()
		if name == "service" && c.ID == "facilities" { // a site with several services is found by each
			where = append(where, "@"+arg+"::text = ANY (string_to_array(t.services, ','))")
		} else {
			where = append(where, column+"::text = @"+arg+"::text")
		}
		args[arg] = q.Equals[name]
	}
	if paged && q.AfterID != "" {
		where = append(where, `t.id COLLATE "C" > @after`)
		args["after"] = q.AfterID
	}
	return strings.Join(where, " AND "), args, nil
}
