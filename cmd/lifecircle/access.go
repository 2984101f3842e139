package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"github.com/lifecircle/lifecircle/api/login"
	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
)

// people is how officials reach the server and prove who they are.
type people struct {
	PublicURL    string   `env:"LIFECIRCLE_PUBLIC_URL" placeholder:"URL" help:"How browsers reach this server, such as https://shq.example.gov.cn: cookies, links and the host check follow it."`
	TrustedProxy []string `env:"LIFECIRCLE_TRUSTED_PROXY" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
	OIDCIssuer   string   `name:"oidc-issuer" env:"LIFECIRCLE_OIDC_ISSUER" placeholder:"URL" help:"Single sign-on of the province (OpenID Connect); needs --public-url."`
	OIDCClient   string   `name:"oidc-client" env:"LIFECIRCLE_OIDC_CLIENT" placeholder:"ID"`
	OIDCSecret   string   `name:"oidc-secret" env:"LIFECIRCLE_OIDC_SECRET" hidden:""`
}

// accounts opens accounts and audit log with the installation's key.
func (s *session) accounts(db *opened) (*access.Accounts, error) {
	file := s.db.KeyFile
	if file == "" {
		dir := s.db.DataDir
		if dir == "" {
			dir = defaultDir()
		}
		file = filepath.Join(dir, "keys", "access.key")
	}
	key, err := access.LoadKey(file)
	if err != nil {
		return nil, err
	}
	log, err := access.NewLog(s.ctx, db.Pool, key)
	if err != nil {
		return nil, err
	}
	return &access.Accounts{Log: log}, nil
}

// recorded runs a command and writes into the audit log that it was begun and
// that it was done: what a killed program has published was at least begun.
func (s *session) recorded(db *opened, action rights.Action, object string, what any, do func() error) error {
	accounts, err := s.accounts(db)
	if err != nil {
		return err
	}
	e := operator("begun")
	e.Action, e.Object = string(action), object
	if e.After, err = json.Marshal(what); err != nil {
		return err
	}
	if err := accounts.Record(s.ctx, e); err != nil {
		return err
	}
	done := do()
	e.Reason = "done"
	if done != nil && !errors.Is(done, errRejected) {
		e.Reason = "failed"
	}
	return errors.Join(done, accounts.Record(context.WithoutCancel(s.ctx), e))
}

// login makes what guards the server, and prints the one-time links of a first start.
func (p people) login(s *session, db *opened, st *store.Store, loopback bool) (*login.API, []*net.IPNet, error) {
	accounts, err := s.accounts(db)
	if err != nil {
		return nil, nil, err
	}
	if err := st.Mask(s.ctx); err != nil {
		return nil, nil, err
	}
	guard := &login.Guard{Sessions: accounts, Tokens: accounts, Public: accounts.Public, Record: accounts.Record, Mask: st.Mask,
		Open: func(ctx context.Context) (bool, error) {
			if !loopback {
				return false, nil
			}
			return st.Demo(ctx)
		}}
	if p.PublicURL != "" {
		if guard.URL, err = url.Parse(p.PublicURL); err != nil || guard.URL.Host == "" || guard.URL.Scheme != "https" && guard.URL.Scheme != "http" {
			return nil, nil, usageError{planner.Errorf(planner.Invalid, "--public-url 应为 http(s)://主机,收到「%s」", "--public-url must be http(s)://HOST, got %q", p.PublicURL)}
		}
	}
	a := &login.API{Guard: guard, Secrets: accounts, Users: accounts, Settings: accounts, Audit: accounts}
	if p.OIDCIssuer != "" {
		if guard.URL == nil {
			return nil, nil, usageError{planner.Errorf(planner.Invalid, "--oidc-issuer 需要 --public-url", "--oidc-issuer needs --public-url")}
		}
		if a.SSO, err = login.NewSSO(s.ctx, p.OIDCIssuer, p.OIDCClient, p.OIDCSecret, p.PublicURL); err != nil {
			return nil, nil, err
		}
	}
	var proxies []*net.IPNet
	for _, text := range p.TrustedProxy {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return nil, nil, usageError{planner.Errorf(planner.Invalid, "--trusted-proxy 应为 CIDR,收到「%s」", "--trusted-proxy must be a CIDR, got %q", text)}
		}
		proxies = append(proxies, network)
	}
	return a, proxies, nil
}

// welcome prints the links of a first start, where somebody has to log in.
func (s *session) welcome(a *login.API, here string) error {
	if open, err := a.Open(s.ctx); err != nil || open {
		return err
	}
	accounts := a.Users.(*access.Accounts)
	links, err := accounts.FirstStart(s.ctx)
	if err != nil {
		return err
	}
	for _, role := range rights.Powers {
		if link := links[role]; link != "" {
			fmt.Fprintf(s.out, "%s: %s\n", role, a.LinkURL(here, link))
		}
	}
	if links != nil {
		fmt.Fprintln(s.out, "首次启动:请在24小时内由三人分别打开以上链接设置账户 / first start: three people open one link each within 24 hours to set up their accounts")
	}
	return nil
}
