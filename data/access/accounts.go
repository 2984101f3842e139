package access

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Accounts keeps officials, their sessions and tokens. Every change is in the
// audit log, in the same transaction.
type Accounts struct {
	*Log
}

// linkLife is how long a one-time link works.
const linkLife = 24 * time.Hour

// FirstStart makes the links of the first three accounts, one for each of the
// separated powers, as long as there is no account; nil otherwise. Links made before stop working.
func (a *Accounts) FirstStart(ctx context.Context) (links map[access.Role]string, err error) {
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		var users int
		if err := tx.QueryRow(ctx, data.SQL("count_users")).Scan(&users); err != nil || users > 0 {
			return nil, err
		}
		if _, err := tx.Exec(ctx, data.SQL("drop_links"), pgx.StrictNamedArgs{"purpose": "first_start", "id": nil}); err != nil {
			return nil, err
		}
		links = map[access.Role]string{}
		for _, r := range access.Powers {
			if links[r], err = a.link(ctx, tx, "first_start", nil, []access.Role{r}); err != nil {
				return nil, err
			}
		}
		return []access.Entry{{Actor: "operator", Action: "link.first_start", Object: "system", Source: "cli"}}, nil
	})
	return links, err
}

func (a *Accounts) link(ctx context.Context, tx pgx.Tx, purpose string, id *int64, roles []access.Role) (string, error) {
	secret, hash := newSecret("")
	_, err := tx.Exec(ctx, data.SQL("add_link"), pgx.StrictNamedArgs{"hash": hash, "purpose": purpose, "id": id, "roles": roles, "expires": a.Now().Add(linkLife)})
	return secret, err
}

// UseLink sets the password that a link is for, once. name and display are those
// of a new account where the link makes one (first start). Sessions of the user end.
func (a *Accounts) UseLink(ctx context.Context, link, name, display, password, source string) (user string, err error) {
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		var id *int64
		var roles []access.Role
		err := tx.QueryRow(ctx, data.SQL("use_link"), pgx.StrictNamedArgs{"hash": hashOf(link), "now": a.Now()}).Scan(&id, &roles)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, planner.Errorf(planner.NotFound, "链接无效、已使用或已过期,请联系系统管理员", "the link is not valid, was used or has expired: ask the system administrator")
		} else if err != nil {
			return nil, err
		}
		if id == nil {
			if id, err = a.add(ctx, tx, name, display); err != nil {
				return nil, err
			}
			if _, err := tx.Exec(ctx, data.SQL("set_roles"), pgx.StrictNamedArgs{"id": id, "roles": roles, "prefix": ""}); err != nil {
				return nil, err
			}
		} else if err := tx.QueryRow(ctx, "SELECT name FROM app_user WHERE id = $1 AND disabled_at IS NULL", *id).Scan(&name); err != nil {
			return nil, err
		}
		if err := a.setPassword(ctx, tx, *id, name, password, nil); err != nil {
			return nil, err
		}
		user = name
		return []access.Entry{{ActorID: *id, Actor: name, Action: "password.set", Object: "user:" + name, Source: source, Reason: "one-time link"}}, nil
	})
	return user, err
}

func (a *Accounts) add(ctx context.Context, tx pgx.Tx, name, display string) (*int64, error) {
	if err := access.CheckName(name); err != nil {
		return nil, err
	}
	var id int64
	err := tx.QueryRow(ctx, data.SQL("add_user"), pgx.StrictNamedArgs{"name": name, "display": display}).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, planner.Errorf(planner.Conflict, "登录名「%s」已被使用", "the login name %q is taken", name)
	}
	return &id, err
}

// setPassword also ends the user's sessions, but for keep.
func (a *Accounts) setPassword(ctx context.Context, tx pgx.Tx, id int64, name, password string, keep []byte) error {
	if err := access.CheckPassword(password, name); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, data.SQL("set_password"), pgx.StrictNamedArgs{"id": id, "password": hashPassword(password)}); err != nil {
		return err
	}
	if keep == nil {
		keep = []byte{}
	}
	_, err := tx.Exec(ctx, data.SQL("drop_sessions"), pgx.StrictNamedArgs{"id": id, "keep": keep})
	return err
}

// Users lists all accounts by name.
func (a *Accounts) Users(ctx context.Context) ([]access.Account, error) {
	rows, err := a.pool.Query(ctx, data.SQL("all_users"), pgx.StrictNamedArgs{"now": a.Now()})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (u access.Account, err error) {
		err = r.Scan(&u.ID, &u.Name, &u.Display, &u.Roles, &u.Prefix, &u.SecondFactor, &u.HasPassword, &u.Disabled, &u.CreatedAt, &u.SeenAt, &u.Locked)
		return u, err
	})
	return all, unavailable(err)
}

// Create makes an account without rights and gives the link that sets its
// password. e says who does it, from where and why, as for all that follow.
func (a *Accounts) Create(ctx context.Context, name, display string, e access.Entry) (link string, err error) {
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		id, err := a.add(ctx, tx, name, display)
		if err != nil {
			return nil, err
		}
		link, err = a.link(ctx, tx, "invite", id, []access.Role{})
		e.Action, e.Object, e.After = string(access.CreateUser), "user:"+name, asJSON(map[string]any{"name": name, "display": display})
		return []access.Entry{e}, err
	})
	return link, err
}

// Change is what administrators alter of an account; nil leaves it.
type Change = access.UserChange

// Alter changes an account. Nobody alters their own rights: Forbidden. A change of
// roles ends the user's sessions. link is the new one when one was asked for.
func (a *Accounts) Alter(ctx context.Context, name string, c Change, e access.Entry) (link string, err error) {
	err = a.Do(ctx, func(tx pgx.Tx) (entries []access.Entry, err error) {
		u, err := a.byName(ctx, tx, name)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, planner.Errorf(planner.NotFound, "没有用户「%s」", "there is no user %q", name)
		} else if err != nil {
			return nil, err
		}
		if u.ID == e.ActorID {
			return nil, planner.Errorf(planner.Forbidden, "不能更改自己的权限与状态", "nobody changes their own rights or state")
		}
		note := func(action access.Action, before, after any) {
			e.Action, e.Object, e.Unit, e.Before, e.After = string(action), "user:"+name, u.Prefix, asJSON(before), asJSON(after)
			entries = append(entries, e)
		}
		if c.Roles != nil {
			if err := access.CheckGrant(c.Roles, c.Prefix); err != nil {
				return nil, err
			}
			if _, err := tx.Exec(ctx, data.SQL("set_roles"), pgx.StrictNamedArgs{"id": u.ID, "roles": c.Roles, "prefix": c.Prefix}); err != nil {
				return nil, err
			}
			note(access.GrantRole, map[string]any{"roles": u.Roles, "prefix": u.Prefix}, map[string]any{"roles": c.Roles, "prefix": c.Prefix})
		}
		if c.Disabled != nil {
			if _, err := tx.Exec(ctx, data.SQL("set_disabled"), pgx.StrictNamedArgs{"id": u.ID, "disabled": *c.Disabled}); err != nil {
				return nil, err
			}
			note(access.CreateUser, map[string]any{"disabled": u.disabled}, map[string]any{"disabled": *c.Disabled})
		}
		if c.Roles != nil || c.Disabled != nil || c.Reset {
			if _, err := tx.Exec(ctx, data.SQL("drop_sessions"), pgx.StrictNamedArgs{"id": u.ID, "keep": []byte{}}); err != nil {
				return nil, err
			}
		}
		if c.Unlock || c.Reset {
			if _, err := tx.Exec(ctx, data.SQL("unthrottle"), pgx.StrictNamedArgs{"key": "name:" + name}); err != nil {
				return nil, err
			}
			note(access.CreateUser, nil, map[string]any{"unlocked": true})
		}
		if c.Reset { // a new link, and the second factor is enrolled anew
			if _, err := tx.Exec(ctx, data.SQL("drop_links"), pgx.StrictNamedArgs{"purpose": "invite", "id": u.ID}); err != nil {
				return nil, err
			}
			if err := a.clearTOTP(ctx, tx, u.ID); err != nil {
				return nil, err
			}
			if link, err = a.link(ctx, tx, "invite", &u.ID, []access.Role{}); err != nil {
				return nil, err
			}
			note(access.CreateUser, nil, map[string]any{"reset": true})
		}
		return entries, nil
	})
	return link, err
}

// Settings reads what administrators decided.
func (a *Accounts) Settings(ctx context.Context) (access.Settings, error) {
	s := access.Defaults
	rows, err := a.pool.Query(ctx, data.SQL("settings"))
	if err != nil {
		return s, unavailable(err)
	}
	all := map[string]json.RawMessage{}
	var key, value string
	if _, err = pgx.ForEachRow(rows, []any{&key, &value}, func() error { all[key] = json.RawMessage(value); return nil }); err != nil {
		return s, unavailable(err)
	}
	return s, json.Unmarshal(asJSON(all), &s)
}

// SetSettings keeps settings. Invalid for a limit or a time out of bounds.
func (a *Accounts) SetSettings(ctx context.Context, s access.Settings, e access.Entry) error {
	if s.SmallNumber < 1 || s.SmallNumber > 1000 || s.IdleMinutes < 1 || s.AbsoluteMinutes < s.IdleMinutes || s.AbsoluteMinutes > 7*24*60 || slices.Contains(s.PublicLayers, "candidates") {
		return planner.Errorf(planner.Invalid, "设置有误:小数门槛1–1000,闲置时间不超过会话时间(最多7天),候选点不公开", "wrong settings: the small number is 1–1000, idle time at most the session's (at most 7 days), candidates are never public")
	}
	before, err := a.Settings(ctx)
	if err != nil {
		return err
	}
	if s.PublicLayers == nil {
		s.PublicLayers = []string{}
	}
	return a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		values := map[string]json.RawMessage{}
		if err := json.Unmarshal(asJSON(s), &values); err != nil {
			return nil, err
		}
		for key, value := range values {
			if _, err := tx.Exec(ctx, data.SQL("set_setting"), pgx.StrictNamedArgs{"key": key, "value": value}); err != nil {
				return nil, err
			}
		}
		e.Action, e.Object, e.Before, e.After = string(access.ChangeSecurity), "settings", asJSON(before), asJSON(s)
		return []access.Entry{e}, nil
	})
}

// asJSON marshals what cannot fail.
func asJSON(v any) []byte {
	if v == nil {
		return nil
	}
	b, _ := json.Marshal(v)
	return b
}

// User finds an account by its login name, as far as rights go; NotFound without it.
func (a *Accounts) User(ctx context.Context, name string) (access.User, error) {
	r, err := a.byName(ctx, a.pool, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return r.User, planner.Errorf(planner.NotFound, "没有用户「%s」", "there is no user %q", name)
	}
	return r.User, unavailable(err)
}

// Public is what anybody sees without login: no layers when none is open.
func (a *Accounts) Public(ctx context.Context) (planner.Viewer, error) {
	s, err := a.Settings(ctx)
	if err != nil || len(s.PublicLayers) == 0 {
		return planner.Viewer{Class: planner.Suppressed}, err
	}
	var mask string // grows with each unit that is withheld, so that no cache shows an older answer
	err = a.pool.QueryRow(ctx, data.SQL("mask")).Scan(&mask)
	return access.Public(s.PublicLayers, mask), unavailable(err)
}
