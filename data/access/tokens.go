package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// maxTokenLife is the longest that a token lives.
const maxTokenLife = 366 * 24 * time.Hour

// CreateToken makes a token that may do scopes of what its owner may do. The secret is shown this once.
func (a *Accounts) CreateToken(ctx context.Context, u access.User, name string, scopes []access.Action, expires time.Time, e access.Entry) (secret string, t access.Token, err error) {
	now := a.Now()
	if name == "" || len(name) > 64 || len(scopes) == 0 || !expires.After(now) || expires.Sub(now) > maxTokenLife {
		return "", t, planner.Errorf(planner.Invalid, "令牌需要名称(64字节内)、至少一项权限、一年内的到期时间", "a token needs a name (up to 64 bytes), at least one scope, and an expiry within a year")
	}
	for _, s := range scopes {
		if r, ok := access.RuleOf(s); !ok || r.Reach == access.Own || !access.May(u, s) {
			return "", t, planner.Errorf(planner.Forbidden, "令牌不能有权限「%s」", "a token cannot have the scope %q", s)
		}
	}
	secret, hash := newSecret("lc_")
	t = access.Token{Owner: u.Name, Name: name, Scopes: slices.Compact(slices.Sorted(slices.Values(scopes))), CreatedAt: now, ExpiresAt: expires}
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		err := tx.QueryRow(ctx, data.SQL("add_token"), pgx.StrictNamedArgs{"hash": hash, "id": u.ID, "name": name, "scopes": t.Scopes, "now": now, "expires": expires}).Scan(&t.ID)
		e.Action, e.Object, e.After = "token.create", fmt.Sprintf("token:%d", t.ID), asJSON(t)
		return []access.Entry{e}, err
	})
	return secret, t, err
}

// Tokens lists the tokens of a user, or all for id 0.
func (a *Accounts) Tokens(ctx context.Context, id int64) ([]access.Token, error) {
	rows, err := a.pool.Query(ctx, data.SQL("tokens_of"), pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (t access.Token, err error) {
		err = r.Scan(&t.ID, &t.Owner, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.RevokedAt, &t.UsedAt)
		return t, err
	})
	return all, unavailable(err)
}

// RevokeToken ends a token, of one user or of anybody for id 0; the next request with it fails.
func (a *Accounts) RevokeToken(ctx context.Context, token, id int64, e access.Entry) error {
	return a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		var owner int64
		err := tx.QueryRow(ctx, data.SQL("revoke_token"), pgx.StrictNamedArgs{"token": token, "id": id, "now": a.Now()}).Scan(&owner)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, planner.Errorf(planner.NotFound, "没有可吊销的令牌%d", "there is no token %d to revoke", token)
		}
		e.Action, e.Object = string(access.RevokeToken), fmt.Sprintf("token:%d", token)
		return []access.Entry{e}, err
	})
}

// Token finds who an API token acts for: Unauthenticated when it is unknown, expired or revoked.
func (a *Accounts) Token(ctx context.Context, secret string) (u access.User, err error) {
	var id int64
	now := a.Now()
	err = a.pool.QueryRow(ctx, data.SQL("user_by_token"), pgx.StrictNamedArgs{"hash": hashOf(secret), "now": now}).Scan(&u.ID, &u.Name, &u.Display, &u.Roles, &u.Prefix, &u.Only, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, planner.Errorf(planner.Unauthenticated, "令牌无效、已过期或已吊销", "the token is unknown, expired or revoked")
	} else if err != nil {
		return u, unavailable(err)
	}
	if _, err := a.pool.Exec(ctx, data.SQL("touch_token"), pgx.StrictNamedArgs{"id": id, "now": now}); err != nil {
		return u, unavailable(err)
	}
	return u, a.zones(ctx, &u)
}
