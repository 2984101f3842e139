package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/data/access"
	rights "github.com/lifecircle/lifecircle/planner/access"
)

type userCommand struct {
	List    userList    `cmd:"" help:"List the accounts."`
	Add     userAdd     `cmd:"" help:"Make an account without rights; prints the one-time link that sets its password."`
	Grant   userGrant   `cmd:"" help:"Give roles within a division code; none takes all away."`
	Disable userDisable `cmd:"" help:"Close an account; its sessions and tokens end at once."`
	Enable  userEnable  `cmd:"" help:"Open a closed account."`
	Unlock  userUnlock  `cmd:"" help:"Forget failed logins."`
	Reset   userReset   `cmd:"" help:"Print a new one-time link; password and second factor are set anew."`
}

type tokenCommand struct {
	List   tokenList   `cmd:"" help:"List the API tokens."`
	Create tokenCreate `cmd:"" help:"Make an API token for QGIS or scripts; it is shown this once."`
	Revoke tokenRevoke `cmd:"" help:"End a token; the next request with it fails."`
}

// withAccounts opens the accounts for one command.
func withAccounts(s *session, do func(*access.Accounts) error) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	a, err := s.accounts(db)
	if err != nil {
		return err
	}
	return do(a)
}

// operator is who acts by command: whoever has the server's shell.
func operator(reason string) rights.Entry {
	name := "operator"
	if u := os.Getenv("SUDO_USER"); u != "" {
		name += ":" + u
	}
	return rights.Entry{Actor: name, Source: "cli", Reason: reason}
}

func (s *session) printJSON(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

type userList struct{}

func (userList) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		all, err := a.Users(s.ctx)
		if err != nil || s.json {
			return firstError(err, func() error { return s.printJSON(all) })
		}
		for _, u := range all {
			state := ""
			for text, is := range map[string]bool{" disabled": u.Disabled, " locked": u.Locked, " no password yet": !u.HasPassword} {
				if is {
					state += text
				}
			}
			fmt.Fprintf(s.out, "%-20s %-12s %s%s\n", u.Name, orAll(u.Prefix), rolesText(u.Roles), state)
		}
		return nil
	})
}

func firstError(err error, do func() error) error {
	if err != nil {
		return err
	}
	return do()
}

func orAll(prefix string) string {
	if prefix == "" {
		return "*"
	}
	return prefix
}

func rolesText(roles []rights.Role) string {
	text := make([]string, len(roles))
	for i, r := range roles {
		text[i] = string(r)
	}
	return strings.Join(text, ",")
}

// base is where links begin; the operator knows it better.
type base struct {
	PublicURL string `env:"LIFECIRCLE_PUBLIC_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"How browsers reach the server, for the link."`
	Reason    string `help:"Why, for the audit log."`
}

func (b base) link(secret string) string {
	return strings.TrimSuffix(b.PublicURL, "/") + "/#link=" + secret
}

type userAdd struct {
	base
	Name    string `arg:"" help:"Login name."`
	Display string `help:"Name as people know it."`
}

func (u *userAdd) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		link, err := a.Create(s.ctx, u.Name, u.Display, operator(u.Reason))
		return firstError(err, func() error { _, err := fmt.Fprintln(s.out, u.link(link)); return err })
	})
}

type userGrant struct {
	Name   string        `arg:"" help:"Login name."`
	Role   []rights.Role `help:"viewer, town_editor, county_editor, planner, auditor, system_admin, security_admin."`
	Prefix string        `help:"Digits of the division code that bounds the rights: 2, 4, 6, 9 or 12; none is everything."`
	Reason string        `help:"Why, for the audit log."`
}

func (u *userGrant) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		roles := u.Role
		if roles == nil {
			roles = []rights.Role{}
		}
		_, err := a.Alter(s.ctx, u.Name, rights.UserChange{Roles: roles, Prefix: u.Prefix}, operator(u.Reason))
		return err
	})
}

type userSwitch struct {
	base
	Name string `arg:"" help:"Login name."`
}

type (
	userDisable struct{ userSwitch }
	userEnable  struct{ userSwitch }
	userUnlock  struct{ userSwitch }
	userReset   struct{ userSwitch }
)

func (u *userDisable) Run(s *session) error {
	return u.change(s, rights.UserChange{Disabled: new(true)})
}
func (u *userEnable) Run(s *session) error {
	return u.change(s, rights.UserChange{Disabled: new(false)})
}
func (u *userUnlock) Run(s *session) error { return u.change(s, rights.UserChange{Unlock: true}) }
func (u *userReset) Run(s *session) error  { return u.change(s, rights.UserChange{Reset: true}) }

func (u *userSwitch) change(s *session, c rights.UserChange) error {
	return withAccounts(s, func(a *access.Accounts) error {
		link, err := a.Alter(s.ctx, u.Name, c, operator(u.Reason))
		if err == nil && link != "" {
			fmt.Fprintln(s.out, u.link(link))
		}
		return err
	})
}

type tokenList struct {
	User string `help:"Only those of this user."`
}

func (t *tokenList) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		var of int64
		if t.User != "" {
			u, err := a.User(s.ctx, t.User)
			if err != nil {
				return err
			}
			of = u.ID
		}
		all, err := a.Tokens(s.ctx, of)
		if err != nil || s.json {
			return firstError(err, func() error { return s.printJSON(all) })
		}
		for _, k := range all {
			state := "until " + k.ExpiresAt.Format(time.DateOnly)
			if k.RevokedAt != nil {
				state = "revoked"
			}
			fmt.Fprintf(s.out, "%d %-16s %-20s %v %s\n", k.ID, k.Owner, k.Name, k.Scopes, state)
		}
		return nil
	})
}

type tokenCreate struct {
	User  string          `required:"" help:"Whose rights it has."`
	Name  string          `required:"" help:"What it is for."`
	Scope []rights.Action `default:"layers.read" help:"What it may do, of what the user may do."`
	Days  int             `default:"90" help:"How long it works, at most 366."`
}

func (t *tokenCreate) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		u, err := a.User(s.ctx, t.User)
		if err != nil {
			return err
		}
		secret, made, err := a.CreateToken(s.ctx, u, t.Name, t.Scope, time.Now().AddDate(0, 0, t.Days), operator(""))
		if err != nil || s.json {
			return firstError(err, func() error { return s.printJSON(map[string]any{"secret": secret, "token": made}) })
		}
		_, err = fmt.Fprintln(s.out, secret)
		return err
	})
}

type tokenRevoke struct {
	ID int64 `arg:"" help:"Number of the token."`
}

func (t *tokenRevoke) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error { return a.RevokeToken(s.ctx, t.ID, 0, operator("")) })
}
