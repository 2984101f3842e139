package store

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/change"
)

// histories are the collections whose things have a past.
var histories = map[string]bool{"units": true, "places": true, "addresses": true, "facilities": true}

// History tells every version of one thing, as far as the viewer may see it; NotFound without any.
func (s *Store) History(ctx context.Context, collection, id string, v planner.Viewer) (change.History, error) {
	h := change.History{Collection: collection, ID: id}
	none := planner.Errorf(planner.NotFound, "图层%s中没有要素「%s」", "collection %s has no feature %q", collection, id)
	if !histories[collection] {
		return h, none
	}
	err := s.as(ctx, v, func(db querier) error {
		rows, err := db.Query(ctx, data.SQL("history_"+collection), pgx.StrictNamedArgs{"id": id})
		if err != nil {
			return err
		}
		var one change.Version
		var values []byte
		_, err = pgx.ForEachRow(rows, []any{&one.Version, &one.Ended, &one.Source, &values}, func() error {
			next := one
			if next.Ended == math.MaxInt64 {
				next.Ended = 0
			}
			h.Versions = append(h.Versions, next)
			return json.Unmarshal(values, &h.Versions[len(h.Versions)-1].Values)
		})
		if err != nil || len(h.Versions) == 0 {
			return err
		}
		unit, _ := h.Versions[len(h.Versions)-1].Values["unit_code"].(string)
		if collection == "units" {
			unit = id
		}
		return db.QueryRow(ctx, data.SQL("path_of"), pgx.StrictNamedArgs{"unit": unit}).Scan(&h.Path)
	})
	if err != nil {
		return h, err
	}
	if len(h.Versions) == 0 {
		return h, none
	}
	if err := s.dated(ctx, h.Versions); err != nil {
		return h, unavailable(err)
	}
	h.Compare()
	return h, nil
}

// dated fills in when each version was published, and from which files.
func (s *Store) dated(ctx context.Context, all []change.Version) error {
	var ids []int64
	for _, v := range all {
		ids = append(ids, v.Version)
	}
	rows, err := s.pool.Query(ctx, data.SQL("versions_of"), pgx.StrictNamedArgs{"ids": ids})
	if err != nil {
		return err
	}
	var id int64
	var at time.Time
	var files []string
	_, err = pgx.ForEachRow(rows, []any{&id, &at, &files}, func() error {
		for i := range all {
			if all[i].Version == id {
				all[i].At, all[i].Files = at, files
			}
		}
		return nil
	})
	return err
}

// Preview tells what a proposed change of a unit would touch, as far as the viewer sees it.
// Invalid for a proposal that cannot be, NotFound without the unit.
func (s *Store) Preview(ctx context.Context, p change.Proposal, v planner.Viewer) (change.Preview, error) {
	out := change.Preview{Objections: []planner.Text{}, Inside: []change.Touched{}, Leaves: []change.Touched{}, Enters: []change.Touched{}, Overlaps: []change.Overlap{}}
	if err := p.Check(); err != nil {
		return out, err
	}
	snap, err := s.Latest(ctx)
	if err != nil {
		return out, err
	}
	out.Run = snap.Run
	err = s.as(ctx, v, func(db querier) error { return preview(ctx, db, p, snap.Version, &out) })
	return out, err
}

func preview(ctx context.Context, db querier, p change.Proposal, version int64, out *change.Preview) error {
	var level int
	var parent string
	var outlined bool
	rows, err := db.Query(ctx, data.SQL("change_unit"), pgx.StrictNamedArgs{"unit": string(p.Unit), "version": version})
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{&out.Unit.Name, &level, &parent, &outlined, &out.AreaBefore}, func() error { out.Unit.ID = string(p.Unit); return nil })
	if err != nil {
		return err
	}
	if out.Unit.ID == "" {
		return planner.Errorf(planner.NotFound, "没有区划单元%s", "there is no unit %s", p.Unit)
	}
	out.Level, out.AreaAfter = planner.Level(level).String(), out.AreaBefore
	prefix := p.Unit.Prefix()
	rows, err = db.Query(ctx, data.SQL("change_touches"), pgx.StrictNamedArgs{"unit": string(p.Unit), "prefix": prefix, "old": out.Unit.Name, "run": out.Run})
	if err != nil {
		return err
	}
	if err := readTouched(rows, nil, func(t change.Touched) { out.Inside = append(out.Inside, t) }); err != nil {
		return err
	}
	if p.Kind == change.Boundary {
		return moves(ctx, db, p, level, prefix, out)
	}
	return objections(ctx, db, p, parent, out)
}

// objections names what stands against a change of name or code.
func objections(ctx context.Context, db querier, p change.Proposal, parent string, out *change.Preview) error {
	rows, err := db.Query(ctx, data.SQL("change_clashes"), pgx.StrictNamedArgs{"unit": string(p.Unit), "code": string(p.Code), "name": p.Name, "parent": parent})
	if err != nil {
		return err
	}
	var code, name string
	found := false
	object := func(zh, en string, args ...any) {
		out.Objections = append(out.Objections, planner.Errorf(planner.Invalid, zh, en, args...).Text)
	}
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		switch {
		case p.Kind == change.Merge && code == string(p.Code):
			found = true
		case p.Kind == change.Recode && code == string(p.Code):
			object("代码 %s 已由「%s」使用", "code %s is that of %s already", code, name)
		case p.Kind == change.Rename && name == p.Name:
			object("同一上级下已有「%s」(%s)", "there is another %s (%s) below the same unit", name, code)
		}
		return nil
	})
	if p.Kind == change.Merge && !found {
		object("没有单元 %s", "there is no unit %s", p.Code)
	}
	return err
}

// moves tells what an outline takes in and lets go.
func moves(ctx context.Context, db querier, p change.Proposal, level int, prefix string, out *change.Preview) error {
	geometry := string(p.Geometry)
	var valid, area bool
	if err := db.QueryRow(ctx, data.SQL("change_area"), pgx.StrictNamedArgs{"geometry": geometry}).Scan(&valid, &area, &out.AreaAfter); err != nil {
		return planner.Wrap(err, planner.Invalid, "界线不是 GeoJSON 几何", "the outline is no GeoJSON geometry")
	}
	if !area {
		return planner.Errorf(planner.Invalid, "界线应为面(Polygon 或 MultiPolygon)", "the outline must be a Polygon or MultiPolygon")
	}
	if !valid {
		return planner.Errorf(planner.Invalid, "界线自相交,请先修正", "the outline crosses itself: mend it first")
	}
	rows, err := db.Query(ctx, data.SQL("change_moves"), pgx.StrictNamedArgs{"geometry": geometry, "level": level, "prefix": prefix})
	if err != nil {
		return err
	}
	var enters bool
	if err := readTouched(rows, &enters, func(t change.Touched) {
		if enters {
			out.Enters = append(out.Enters, t)
		} else {
			out.Leaves = append(out.Leaves, t)
		}
	}); err != nil {
		return err
	}
	rows, err = db.Query(ctx, data.SQL("change_overlaps"), pgx.StrictNamedArgs{"geometry": geometry, "level": level, "unit": string(p.Unit)})
	if err != nil {
		return err
	}
	var o change.Overlap
	_, err = pgx.ForEachRow(rows, []any{&o.ID, &o.Name, &o.Share}, func() error { out.Overlaps = append(out.Overlaps, o); return nil })
	return err
}

// readTouched reads counts with their first things, written as id, tab, name.
func readTouched(rows pgx.Rows, enters *bool, each func(change.Touched)) error {
	var t change.Touched
	var first []string
	into := []any{&t.What, &t.Count, &first}
	if enters != nil {
		into = []any{&t.What, enters, &t.Count, &first}
	}
	_, err := pgx.ForEachRow(rows, into, func() error {
		t.First = nil
		for _, f := range first {
			id, name, _ := strings.Cut(f, "\t")
			t.First = append(t.First, change.Item{ID: id, Name: name})
		}
		each(t)
		return nil
	})
	return err
}
