// Package edits corrects rows of the base data by hand: a new version of the row in a data
// version of its own, the line that says who and why, and the row of the audit log, in one
// transaction.
package edits

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// Desk makes corrections in one database.
type Desk struct {
	Store *store.Store
	Log   *access.Log
}

// row is the living row that is corrected.
type row struct {
	source, unit string
	version      int64
	fields       map[string]json.RawMessage
}

// Correct makes a change on behalf of a user. Errors: NotFound without the row or outside of the
// scope, Forbidden without the right, Conflict where the row has changed since c.Version or nothing would
// change, Unavailable while an import runs.
func (d *Desk) Correct(ctx context.Context, u rights.User, c edit.Change, e rights.Entry) (made edit.Edit, err error) {
	values, err := c.Values()
	if err != nil {
		return made, err
	}
	err = d.Log.Do(ctx, func(tx pgx.Tx) ([]rights.Entry, error) {
		made, err = d.write(ctx, tx, u, c, values, nil, &e)
		return []rights.Entry{e}, err
	})
	return made, told(err)
}

// Undo takes a correction back: the fields become what they were. Conflict where they have been corrected
// or delivered anew since.
func (d *Desk) Undo(ctx context.Context, u rights.User, id int64, reason string, e rights.Entry) (made edit.Edit, err error) {
	err = d.Log.Do(ctx, func(tx pgx.Tx) ([]rights.Entry, error) {
		was, err := one(tx.QueryRow(ctx, data.SQL("edit_one"), pgx.StrictNamedArgs{"id": id}))
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, planner.Errorf(planner.NotFound, "没有更正%d", "there is no correction %d", id)
		} else if err != nil {
			return nil, err
		}
		if was.State() != "holds" {
			return nil, planner.Errorf(planner.Conflict, "更正%d已撤回或已被来源的新值取代", "correction %d was undone already, or the source's own row took its place", id)
		}
		var before, after map[string]any
		if err := errors.Join(json.Unmarshal(was.Before, &before), json.Unmarshal(was.After, &after)); err != nil {
			return nil, err
		}
		c := edit.Change{Layer: was.Layer, ID: was.Row, Reason: reason, Set: map[string]json.RawMessage{"name": nil}}
		if made, err = d.write(ctx, tx, u, c, before, &undone{was, after}, &e); err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, data.SQL("edit_undone"), pgx.StrictNamedArgs{"id": id, "by": made.ID})
		return []rights.Entry{e}, err
	})
	return made, told(err)
}

// undone is a correction that is taken back, and what it left, which must still be there.
type undone struct {
	edit.Edit
	after map[string]any
}

// write corrects the row in tx and completes the audit entry.
func (d *Desk) write(ctx context.Context, tx pgx.Tx, u rights.User, c edit.Change, values map[string]any, undo *undone, e *rights.Entry) (made edit.Edit, err error) {
	if len(c.Reason) < 2 {
		return made, planner.Errorf(planner.Invalid, "请写明理由(reason)", "say why (reason)")
	}
	var free bool
	if err := tx.QueryRow(ctx, data.SQL("edit_free"), pgx.StrictNamedArgs{"lock": data.ImportLock}).Scan(&free); err != nil {
		return made, err
	}
	if !free {
		return made, planner.Errorf(planner.Unavailable, "正在导入数据,请稍后再更正", "an import is running: try again when it has ended")
	}
	r, err := d.read(ctx, tx, c)
	if err != nil {
		return made, err
	}
	if err := allowed(ctx, tx, u, c, r.unit); err != nil {
		return made, err
	}
	if c.Version != 0 && c.Version != r.version {
		return made, planner.Errorf(planner.Conflict, "这一行已在数据版本%d中变更,请重新查看后再改", "the row changed in data version %d: read it again", r.version)
	}
	before, changed := map[string]json.RawMessage{}, map[string]any{}
	for _, field := range slices.Sorted(maps.Keys(values)) {
		now, next := r.fields[field], encoded(values[field])
		if undo != nil && !same(now, encoded(undo.after[field])) {
			return made, planner.Errorf(planner.Conflict, "「%s」此后又有变更,不能撤回", "%s has changed since: the correction cannot be undone", field)
		}
		if same(now, next) {
			continue
		}
		before[field], changed[field] = now, values[field]
		if code, ok := values[field].(string); ok && (field == "unit_code" || field == "parent_code") {
			var known bool
			if err := tx.QueryRow(ctx, data.SQL("edit_unit_known"), pgx.StrictNamedArgs{"code": code}).Scan(&known); err != nil {
				return made, err
			}
			if !known {
				return made, planner.Errorf(planner.Invalid, "行政区 %s 不在行政区划中", "unit %s is not among the units", code)
			}
			if err := allowed(ctx, tx, u, c, code); err != nil {
				return made, err
			}
		}
	}
	if len(changed) == 0 {
		return made, planner.Errorf(planner.Conflict, "内容与现有的相同,没有可更正的", "the row says that already: nothing to correct")
	}
	made = edit.Edit{Actor: e.Actor, Reason: c.Reason, Layer: c.Layer, Row: c.ID, Source: r.source, Unit: r.unit, Before: encoded(before), After: encoded(changed)}
	if undo != nil {
		made.Undoes = &undo.ID
	}
	if err := tx.QueryRow(ctx, data.SQL("edit_version"), pgx.StrictNamedArgs{"layer": c.Layer, "source": r.source}).Scan(&made.Version); err != nil {
		return made, err
	}
	set := maps.Clone(changed)
	if at, moved := set["point"]; moved && c.Layer != "units" {
		set["geom"] = at
	}
	if _, err := tx.Exec(ctx, data.SQL("edit_write_"+c.Layer), pgx.StrictNamedArgs{"id": c.ID, "source": r.source, "version": made.Version, "set": encoded(set)}); err != nil {
		return made, err
	}
	err = tx.QueryRow(ctx, data.SQL("edit_add"), pgx.StrictNamedArgs{"actor": made.Actor, "reason": made.Reason, "layer": made.Layer, "source": made.Source, "id": made.Row, "unit": made.Unit,
		"version": made.Version, "before": made.Before, "after": made.After, "undoes": made.Undoes}).Scan(&made.ID, &made.At)
	e.Action, e.Object, e.Unit, e.Reason, e.Before, e.After = string(rights.EditBase), c.Layer+":"+c.ID, r.unit, c.Reason, made.Before, made.After
	return made, err
}

func (d *Desk) read(ctx context.Context, tx pgx.Tx, c edit.Change) (r row, err error) {
	if !slices.Contains(edit.Layers, c.Layer) {
		return r, missing(c)
	}
	var text []byte
	err = tx.QueryRow(ctx, data.SQL("edit_read_"+c.Layer), pgx.StrictNamedArgs{"id": c.ID}).Scan(&r.source, &r.version, &r.unit, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, missing(c)
	} else if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r.fields)
}

// allowed asks the rights to the row's unit; to correct a unit those to the one above it.
func allowed(ctx context.Context, tx pgx.Tx, u rights.User, c edit.Change, unit string) error {
	on := rights.Unit{Code: unit}
	if err := tx.QueryRow(ctx, data.SQL("ledger_zone"), pgx.StrictNamedArgs{"unit": unit}).Scan(&on.Zone); err != nil {
		return err
	}
	if u.Name != rights.Demo.Name && !rights.Can(u, rights.ReadLayers, on) {
		return missing(c) // a row outside the scope is not there
	}
	if own := c.Layer == "units" && planner.Code(unit).Prefix() == u.Prefix; own || !rights.Can(u, rights.EditBase, on) {
		return planner.Errorf(planner.Forbidden, "没有更正这一行的权限", "there is no right to correct this row")
	}
	return nil
}

func missing(c edit.Change) error {
	return planner.Errorf(planner.NotFound, "%s中没有「%s」", "%s have no %q", c.Layer, c.ID)
}

func encoded(v any) json.RawMessage {
	b, _ := json.Marshal(v) // maps, strings, numbers and lists always marshal
	return b
}

// same compares JSON values; what is not there is null.
func same(a, b json.RawMessage) bool {
	var x, y any
	_, _ = json.Unmarshal(a, &x), json.Unmarshal(b, &y)
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func one(r pgx.Row) (e edit.Edit, err error) {
	err = r.Scan(&e.ID, &e.At, &e.Actor, &e.Reason, &e.Layer, &e.Row, &e.Source, &e.Unit, &e.Version, &e.Before, &e.After, &e.Undoes, &e.UndoneBy, &e.OverruledBy)
	return e, err
}

// List gives corrections that the viewer sees, the newest first: of a layer, of a row, in a state, older
// than one; "" and 0 are all.
func (d *Desk) List(ctx context.Context, v planner.Viewer, layer, id, state string, before int64, limit int) (all []edit.Edit, err error) {
	err = d.Store.As(ctx, v, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, data.SQL("edit_list"), pgx.StrictNamedArgs{"layer": layer, "id": id, "state": state, "before": before, "limit": limit})
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (edit.Edit, error) { return one(r) })
		return err
	})
	return all, told(err)
}

// told turns errors of the database into those of people.
func told(err error) error {
	var answer *pgconn.PgError
	switch known := (*planner.Error)(nil); {
	case err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &answer) && answer.Code == "23514":
		return planner.Wrap(err, planner.Invalid, "更正后的值不合规则(%s)", "the corrected values break a rule (%s)", answer.ConstraintName)
	case errors.As(err, &answer):
		return planner.Wrap(err, planner.Internal, "数据库操作失败", "a database operation failed")
	}
	return planner.Wrap(err, planner.Unavailable, "数据库暂时不可用,请稍后再试", "the database is not available, try again later")
}
