package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

// most rows that one request changes.
const most = 5000

// Change makes changes on behalf of a user: those that can be made are made, the
// others are refused one by one, each with its reason. e says who asks from where.
func (b *Book) Change(ctx context.Context, u rights.User, orders []ledger.Order, e rights.Entry) (changed int, refused []ledger.Refusal, err error) {
	if len(orders) > most {
		return 0, nil, planner.Errorf(planner.Invalid, "一次最多修改%d条", "at most %d rows are changed at once", most)
	}
	err = b.Log.Do(ctx, func(tx pgx.Tx) ([]rights.Entry, error) {
		changed, refused = 0, nil
		ids := make([]string, len(orders))
		for i, o := range orders {
			ids[i] = o.ID
		}
		if _, err := tx.Exec(ctx, data.SQL("ledger_lock"), pgx.StrictNamedArgs{"ids": ids}); err != nil {
			return nil, err
		}
		now := map[string]ledger.Row{}
		if err := byID(ctx, tx, ids, now); err != nil {
			return nil, err
		}
		var entries []rights.Entry
		for _, o := range orders {
			before, ok := now[o.ID]
			after, err := before, missing(o.ID)
			if ok {
				after, err = b.decide(ctx, tx, u, before, o)
			}
			if err == nil {
				if after.Said.Same(before.Said) && after.Stage == before.Stage {
					continue
				}
				err = told(pgx.BeginFunc(ctx, tx, func(sp pgx.Tx) error { return write(ctx, sp, u, before, &after, o.Change, b.Log.Now(), e.Actor) })) // one that is refused leaves the others
			}
			if reason := (*planner.Error)(nil); errors.As(err, &reason) && reason.Kind != planner.Internal && reason.Kind != planner.Unavailable {
				refused = append(refused, ledger.Refusal{ID: o.ID, Reason: reason.Text})
				continue
			} else if err != nil {
				return nil, err
			}
			now[o.ID] = after
			changed++
			line := e
			line.Action, line.Object, line.Unit, line.Reason = string(actionOf(o.Step)), "gap:"+o.ID, string(after.Unit), o.Reason
			line.Before, _ = json.Marshal(map[string]any{"stage": before.Stage, "said": before.Said}) // cannot fail
			line.After, _ = json.Marshal(map[string]any{"stage": after.Stage, "said": after.Said, "step": o.Step})
			entries = append(entries, line)
		}
		return entries, nil
	})
	return changed, refused, told(err)
}

// decide asks the rights to the row's unit, then the row itself.
func (b *Book) decide(ctx context.Context, tx pgx.Tx, u rights.User, row ledger.Row, o ledger.Order) (ledger.Row, error) {
	if err := o.Check(); err != nil {
		return row, err
	}
	on := rights.Unit{Code: string(row.Unit)}
	if err := tx.QueryRow(ctx, data.SQL("ledger_zone"), pgx.StrictNamedArgs{"unit": row.Unit}).Scan(&on.Zone); err != nil {
		return row, err
	}
	if u.Name != rights.Demo.Name && !rights.Can(u, rights.ReadLayers, on) {
		return row, missing(row.ID) // a row outside the scope is not there
	}
	office := ledger.Office{
		Town:   u.Has(rights.TownEditor) && rights.Can(u, rights.EditLedger, on),
		County: rights.Can(u, rights.ReviewLedger, on),
		Above:  rights.Can(u, rights.AcceptLedger, on) && len(u.Prefix) <= 4, // city, province, or everything
	}
	if o.Revision != 0 && o.Revision != row.Revision {
		return row, planner.Errorf(planner.Conflict, "缺口%s已被%s修改,请刷新后再改", "gap %s was changed by %s meanwhile: read it again", row.ID, row.UpdatedBy)
	}
	return row.Apply(o.Change, office)
}

func actionOf(s ledger.Step) rights.Action {
	switch s {
	case ledger.Review:
		return rights.ReviewLedger
	case ledger.Accept, ledger.Return:
		return rights.AcceptLedger
	}
	return rights.EditLedger
}

// write changes the row with the user's own rights in the database, then its history.
func write(ctx context.Context, tx pgx.Tx, u rights.User, before ledger.Row, after *ledger.Row, c ledger.Change, at time.Time, actor string) error {
	var roles []string
	for _, r := range u.Roles {
		roles = append(roles, string(r))
	}
	step := func(sql string, args pgx.StrictNamedArgs) (int64, error) {
		tag, err := tx.Exec(ctx, data.SQL(sql), args)
		return tag.RowsAffected(), err
	}
	if role := roleFor(c.Step, roles); role != "" {
		view, _ := u.View()
		if _, err := step("ledger_charge", pgx.StrictNamedArgs{"role": role, "scope": view.Pattern(), "charge": u.Charge()}); err != nil {
			return err
		}
	}
	n, err := step("ledger_change", pgx.StrictNamedArgs{"id": before.ID, "revision": before.Revision, "state": after.State, "stage": after.Stage, "year": after.Year, "body": after.Body, "note": after.Note, "returned": after.Returned, "at": at, "by": actor})
	if err != nil {
		return err
	}
	if n != 1 {
		return planner.Errorf(planner.Forbidden, "没有修改缺口%s的权限", "there is no right to change gap %s", before.ID)
	}
	after.Revision, after.UpdatedAt, after.UpdatedBy = before.Revision+1, at, actor
	if _, err = step("ledger_note", pgx.StrictNamedArgs{"id": after.ID, "revision": after.Revision, "unit": after.Unit, "at": at, "by": actor, "action": string(c.Step), "stage": after.Stage,
		"state": after.State, "year": after.Year, "body": after.Body, "note": after.Note, "reason": c.Reason}); err != nil {
		return err
	}
	_, err = step("ledger_leave", nil)
	return err
}

// roleFor is the database role that a step is made with: who accepts does so as a
// planner, others as editors. "" is the open demo and the operator, who have all.
func roleFor(s ledger.Step, roles []string) string {
	order := []string{"county_editor", "town_editor", "planner"}
	if s == ledger.Accept || s == ledger.Return {
		order = []string{"planner", "county_editor"}
	}
	for _, r := range order {
		if slices.Contains(roles, r) {
			return "lifecircle_" + r
		}
	}
	return ""
}
