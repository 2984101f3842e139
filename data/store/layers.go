package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// This file alone builds SQL from parts. Names come from the catalogue, values are arguments.

// Page reads one page in id order.
func (s *Store) Page(ctx context.Context, q layer.Query) (layer.Page, error) {
	var page layer.Page
	where, args, err := s.conditions(q, false)
	if err != nil {
		return page, err
	}
	err = filtered(ctx, q, func(ctx context.Context) error { return s.page(ctx, q, where, args, &page) })
	if q.Limit > 0 && len(page.Features) > q.Limit {
		page.Features, page.More = page.Features[:q.Limit], true
	}
	return page, err
}

func (s *Store) page(ctx context.Context, q layer.Query, where string, args pgx.StrictNamedArgs, page *layer.Page) error {
	if !q.Bounded() { // before a connection is taken: this may take another
		e, err := s.Extent(ctx, q.Collection, q.Snapshot, q.Viewer)
		if err != nil {
			return err
		}
		page.NumberMatched = e.Count
	}
	return s.as(ctx, q.Viewer, func(db querier) error {
		if q.Bounded() {
			if err := s.count(ctx, db, q, where, args, &page.NumberMatched); err != nil {
				return err
			}
		}
		more := q
		more.Limit = q.Limit + 1
		return s.each(ctx, db, more, func(f layer.Feature) error {
			page.Features = append(page.Features, f)
			return nil
		})
	})
}

// Stream reads every feature that matches, one at a time, in id order.
func (s *Store) Stream(ctx context.Context, q layer.Query, visit func(json []byte) error) error {
	q.Limit = 0
	return s.as(ctx, q.Viewer, func(db querier) error {
		return s.each(ctx, db, q, func(f layer.Feature) error { return visit(f.JSON) })
	})
}

// Feature reads one feature by id; NotFound without it.
func (s *Store) Feature(ctx context.Context, q layer.Query, id string) (layer.Feature, error) {
	var found layer.Feature
	q.BBox, q.AfterID, q.Limit = nil, "", 1
	where, args, err := s.conditions(q, true)
	if err != nil {
		return found, err
	}
	args["only"] = id
	err = s.as(ctx, q.Viewer, func(db querier) error {
		return s.query(ctx, db, q, where+" AND t.id = @only", args, func(f layer.Feature) error { found = f; return nil })
	})
	if err == nil && found.JSON == nil {
		err = planner.Errorf(planner.NotFound, "图层%s中没有要素「%s」", "collection %s has no feature %q", q.Collection, id)
	}
	return found, err
}

func (s *Store) each(ctx context.Context, db querier, q layer.Query, visit func(layer.Feature) error) error {
	where, args, err := s.conditions(q, true)
	if err != nil {
		return err
	}
	return s.query(ctx, db, q, where, args, visit)
}

func (s *Store) query(ctx context.Context, db querier, q layer.Query, where string, args pgx.StrictNamedArgs, visit func(layer.Feature) error) error {
	c, _ := s.collection(q.Collection)
	var pairs []string
	for i, p := range c.Properties {
		if q.Properties == nil || slices.Contains(q.Properties, p.Name) {
			pairs = append(pairs, "'"+strings.ReplaceAll(p.Name, "'", "''")+"', "+jsonValue(p, column(c, i)))
		}
	}
	sql := `SELECT t.id, '{"type":"Feature","id":' || to_json(t.id) || ',"geometry":' || coalesce(` + geoJSON(q.CRS) + `, 'null') || ',"properties":' || ` + jsonObject(pairs) + ` || '}' FROM (` + s.source(q.Collection) + `) t WHERE ` + where + ` ORDER BY ` + orderBy(c, q)
	if q.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", q.Limit)
	}
	mode := pgx.QueryExecModeCacheStatement
	if q.Filter != nil || len(q.BBox) > 0 { // not worth a prepared statement: no two are alike
		mode = pgx.QueryExecModeDescribeExec
	}
	rows, err := db.Query(ctx, sql, mode, args)
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

// jsonObject builds an object of name and value pairs; PostgreSQL's functions take 100 arguments at most.
func jsonObject(pairs []string) string {
	const most = 50
	if len(pairs) <= most {
		return "json_build_object(" + strings.Join(pairs, ", ") + ")::text"
	}
	return "left(" + jsonObject(pairs[:most]) + ", -1) || ', ' || substr(" + jsonObject(pairs[most:]) + ", 2)"
}

// jsonValue is the SQL for a property's value. A whole number of a decimal
// property is written 20.0: clients that guess types from values (GDAL's GeoJSON
// driver) would take a column of whole minutes for integers.
func jsonValue(p layer.Property, column string) string {
	if p.Type == layer.Instant {
		return "to_char(" + column + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || rtrim(to_char(` + column + `, '.US'), '.0') || 'Z'`
	}
	if p.Type != layer.Number {
		return column
	}
	return fmt.Sprintf("CASE WHEN %[1]s = trunc(%[1]s) AND abs(%[1]s) < 1e18 THEN to_json(%[1]s::numeric(20, 1)) ELSE to_json(%[1]s) END", column)
}

// column is the SQL of a property. Those of extra collections are numbered: a file may call one id.
func column(c layer.Collection, i int) string {
	if c.Extra != nil {
		return fmt.Sprintf("t.p%d", i)
	}
	return "t." + pgx.Identifier{c.Properties[i].Name}.Sanitize()
}

// conditions turns a query into a WHERE clause and its arguments; paged adds the keyset.
func (s *Store) conditions(q layer.Query, paged bool) (string, pgx.StrictNamedArgs, error) {
	c, ok := s.collection(q.Collection)
	if !ok {
		return "", nil, noCollection(q.Collection)
	}
	args := pgx.StrictNamedArgs{}
	if c.Extra == nil && (!c.OfRun || c.ID == "coverage") {
		args["version"] = q.Snapshot.Version
	}
	if c.OfRun {
		args["run"] = q.Snapshot.Run
	}
	where := []string{"true"}
	if len(q.BBox) > 0 {
		where = append(where, inBoxes(q, args))
	}
	if q.Time != nil {
		where = append(where, during(c, q.Time, args))
	}
	names := make([]string, 0, len(q.Equals))
	for name := range q.Equals {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		at := slices.IndexFunc(c.Properties, func(p layer.Property) bool { return p.Name == name && p.Queryable })
		if at < 0 {
			return "", nil, planner.Errorf(planner.Invalid, "图层%s不能按「%s」查询", "collection %s cannot be queried by %q", c.ID, name)
		}
		arg := fmt.Sprintf("eq%d", i)
		if name == "service" && c.ID == "facilities" { // a site with several services is found by each
			where = append(where, "@"+arg+"::text = ANY (string_to_array(t.services, ','))")
		} else {
			where = append(where, column(c, at)+"::text = @"+arg+"::text")
		}
		args[arg] = q.Equals[name]
	}
	if q.Filter != nil {
		filter, err := condition(c, q, args)
		if err != nil {
			return "", nil, err
		}
		where = append(where, filter)
	}
	if paged && q.AfterID != "" {
		where = append(where, s.after(c, q))
		args["after"] = q.AfterID
	}
	return strings.Join(where, " AND "), args, nil
}
