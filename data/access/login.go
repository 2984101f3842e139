package access

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Failures that are free: from then on the wait doubles, from a minute to an hour.
const (
	freeByName    = 5
	freeByAddress = 20
)

// hashing bounds the logins at work: hashing takes memory, and guesses that arrive
// together must not all pass before the first of them is counted.
var hashing = make(chan struct{}, runtime.NumCPU())

// record is a user with the secrets that a login needs.
type record struct {
	access.User
	password string
	secret   []byte
	totp     bool
	step     int64
	disabled bool
}

func (a *Accounts) byName(ctx context.Context, q querier, name string) (r record, err error) {
	err = q.QueryRow(ctx, data.SQL("user_by_name"), pgx.StrictNamedArgs{"name": name}).Scan(&r.ID, &r.Name, &r.Display, &r.password, &r.Roles, &r.Prefix, &r.secret, &r.totp, &r.step, &r.disabled)
	return r, err
}

// Login checks a name, a password and, where the account has one, a second
// factor, and opens a session. Errors: Unauthenticated for any wrong answer, the
// same whether the name exists; NeedsCode when only the second factor is
// missing; TooMany with the wait.
func (a *Accounts) Login(ctx context.Context, t access.Attempt) (session string, err error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if err := a.allowed(ctx, t); err != nil {
		return "", err
	}
	u, err := a.byName(ctx, a.pool, strings.ToLower(strings.TrimSpace(t.Name)))
	if errors.Is(err, pgx.ErrNoRows) {
		u.password = nobody
	} else if err != nil {
		return "", unavailable(err)
	}
	right := checkPassword(u.password, t.Password) && u.ID != 0 && !u.disabled
	if right && u.totp && t.Code == "" {
		return "", access.NeedsCode
	}
	if !right {
		return "", a.failed(ctx, t)
	}
	if u.totp {
		if err := a.spend(ctx, u, t.Code); errors.Is(err, errWrongCode) {
			return "", a.failed(ctx, t)
		} else if err != nil {
			return "", err
		}
	}
	return a.open(ctx, u.ID, u.Name, "password", t)
}

// LoginBySubject opens a session for somebody whom the single sign-on vouches
// for. An account is bound to the subject at its first login, by its login name;
// Unauthenticated when nobody has opened one.
func (a *Accounts) LoginBySubject(ctx context.Context, issuer, subject, name string, t access.Attempt) (session string, err error) {
	var id int64
	err = a.pool.QueryRow(ctx, data.SQL("user_by_subject"), pgx.StrictNamedArgs{"issuer": issuer, "subject": subject}).Scan(&id, &t.Name)
	if errors.Is(err, pgx.ErrNoRows) {
		t.Name = strings.ToLower(name)
		err = a.pool.QueryRow(ctx, data.SQL("set_subject"), pgx.StrictNamedArgs{"issuer": issuer, "subject": subject, "name": t.Name}).Scan(&id)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return "", a.failed(ctx, t)
	} else if err != nil {
		return "", unavailable(err)
	}
	return a.open(ctx, id, t.Name, issuer, t)
}

func (a *Accounts) open(ctx context.Context, id int64, name, how string, t access.Attempt) (session string, err error) {
	s, err := a.Settings(ctx)
	if err != nil {
		return "", err
	}
	session, hash := newSecret("")
	now := a.Now()
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		if _, err := tx.Exec(ctx, data.SQL("unthrottle"), pgx.StrictNamedArgs{"key": "name:" + name}); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, data.SQL("drop_old_sessions"), pgx.StrictNamedArgs{"idle": now.Add(-minutes(s.IdleMinutes)), "absolute": now.Add(-minutes(s.AbsoluteMinutes))}); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, data.SQL("add_session"), pgx.StrictNamedArgs{"hash": hash, "id": id, "now": now, "source": t.Source, "agent": t.Agent})
		return []access.Entry{{ActorID: id, Actor: name, Action: "login", Object: "user:" + name, Source: t.Source, After: asJSON(map[string]string{"by": how})}}, err
	})
	return session, err
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func throttleKeys(t access.Attempt) []string {
	return []string{"name:" + strings.ToLower(strings.TrimSpace(t.Name)), "address:" + t.Source}
}

// allowed refuses while the name or the address has to wait.
func (a *Accounts) allowed(ctx context.Context, t access.Attempt) error {
	var until pgtype.Timestamptz
	if err := a.pool.QueryRow(ctx, data.SQL("throttled"), pgx.StrictNamedArgs{"keys": throttleKeys(t), "now": a.Now()}).Scan(&until); err != nil {
		return unavailable(err)
	}
	if until.InfinityModifier != pgtype.Finite {
		return nil
	}
	wait := until.Time.Sub(a.Now()).Round(time.Second)
	return planner.Errorf(planner.TooMany, "登录失败次数过多,请在%v后再试", "too many failed logins: try again in %v", wait)
}

// failed counts and records a failed login, and gives the one answer for all.
func (a *Accounts) failed(ctx context.Context, t access.Attempt) error {
	err := a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		var failures int
		for i, free := range []int{freeByName, freeByAddress} {
			var until time.Time
			if err := tx.QueryRow(ctx, data.SQL("throttle"), pgx.StrictNamedArgs{"key": throttleKeys(t)[i], "now": a.Now(), "free": free}).Scan(&failures, &until); err != nil {
				return nil, err
			}
		}
		return []access.Entry{{Actor: clip(t.Name, 64), Action: "login.failed", Object: "login", Source: t.Source, After: asJSON(map[string]int{"failures_from_here": failures})}}, nil
	})
	if err != nil {
		return err
	}
	return planner.Errorf(planner.Unauthenticated, "登录名、密码或验证码不正确", "the name, the password or the code is wrong")
}

func clip(s string, n int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Session finds who a cookie belongs to, and whether it is still good:
// Unauthenticated when not.
func (a *Accounts) Session(ctx context.Context, session string) (u access.User, err error) {
	var created, seen time.Time
	var totp bool
	hash := hashOf(session)
	err = a.pool.QueryRow(ctx, data.SQL("user_by_session"), pgx.StrictNamedArgs{"hash": hash}).Scan(&u.ID, &u.Name, &u.Display, &u.Roles, &u.Prefix, &totp, &created, &seen)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, expired()
	} else if err != nil {
		return u, unavailable(err)
	}
	s, err := a.Settings(ctx)
	if err != nil {
		return u, err
	}
	now := a.Now()
	if now.Sub(seen) > minutes(s.IdleMinutes) || now.Sub(created) > minutes(s.AbsoluteMinutes) {
		return access.User{}, expired()
	}
	if now.Sub(seen) > time.Minute {
		if _, err := a.pool.Exec(ctx, data.SQL("touch_session"), pgx.StrictNamedArgs{"hash": hash, "now": now}); err != nil {
			return u, unavailable(err)
		}
	}
	if s.RequireTOTP && !totp {
		u.Pending = access.EnrolTOTP
	}
	return u, a.zones(ctx, &u)
}

func expired() error {
	return planner.Errorf(planner.Unauthenticated, "请登录(会话已结束)", "log in: there is no session, or it has ended")
}

// zones adds the townships of development zones that report into or out of the user's scope.
func (a *Accounts) zones(ctx context.Context, u *access.User) error {
	if u.Prefix == "" {
		return nil
	}
	return unavailable(a.pool.QueryRow(ctx, data.SQL("zone_towns"), pgx.StrictNamedArgs{"prefix": u.Prefix}).Scan(&u.Towns, &u.Ceded))
}

// Logout ends a session.
func (a *Accounts) Logout(ctx context.Context, session string, e access.Entry) error {
	return a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		var id int64
		err := tx.QueryRow(ctx, data.SQL("drop_session"), pgx.StrictNamedArgs{"hash": hashOf(session)}).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		e.Action, e.Object = "logout", "user:"+e.Actor
		return []access.Entry{e}, err
	})
}

// ChangePassword sets one's own password and ends all other sessions.
func (a *Accounts) ChangePassword(ctx context.Context, u access.User, session, old, password string, e access.Entry) error {
	r, err := a.byName(ctx, a.pool, u.Name)
	if err != nil {
		return unavailable(err)
	}
	if r.password != "" && !checkPassword(r.password, old) {
		return a.failed(ctx, access.Attempt{Name: u.Name, Source: e.Source})
	}
	return a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		e.Action, e.Object = "password.set", "user:"+u.Name
		return []access.Entry{e}, a.setPassword(ctx, tx, u.ID, u.Name, password, hashOf(session))
	})
}
