package login

import (
	"context"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"github.com/lifecircle/lifecircle/planner"
)

// SSO is a province's single sign-on (OpenID Connect, authorization code with PKCE).
type SSO struct {
	issuer string
	oauth  oauth2.Config
	verify *oidc.IDTokenVerifier
}

// NewSSO reads the issuer's configuration; public is how browsers reach this server.
func NewSSO(ctx context.Context, issuer, client, secret, public string) (*SSO, error) {
	p, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, planner.Wrap(err, planner.Unavailable, "无法读取统一认证%s的配置", "cannot read the configuration of the single sign-on %s", issuer)
	}
	return &SSO{issuer: issuer, verify: p.Verifier(&oidc.Config{ClientID: client}), oauth: oauth2.Config{ClientID: client, ClientSecret: secret, Endpoint: p.Endpoint(),
		RedirectURL: strings.TrimSuffix(public, "/") + "/api/v1/sso/callback", Scopes: []string{oidc.ScopeOpenID, "profile"}}}, nil
}

// flow is the cookie that binds the answer to the browser that asked.
const flow = "lifecircle-sso"

func (a *API) ssoBegin(c echo.Context) error {
	if a.SSO == nil {
		return planner.Errorf(planner.NotFound, "没有配置统一认证", "there is no single sign-on")
	}
	state, nonce, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	c.SetCookie(&http.Cookie{Name: flow, Value: state + "." + nonce + "." + verifier, Path: "/api/v1/sso", MaxAge: 600, HttpOnly: true, Secure: a.secure(c), SameSite: http.SameSiteLaxMode})
	return c.Redirect(http.StatusFound, a.SSO.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)))
}

// ssoEnd goes to the map and nowhere else: there is no parameter to redirect by.
func (a *API) ssoEnd(c echo.Context) error {
	refused := planner.Errorf(planner.Unauthenticated, "统一认证没有通过,请重新登录", "the single sign-on did not vouch for you: log in again")
	k, err := c.Cookie(flow)
	if a.SSO == nil || err != nil {
		return refused
	}
	c.SetCookie(&http.Cookie{Name: flow, Path: "/api/v1/sso", MaxAge: -1, HttpOnly: true, Secure: a.secure(c), SameSite: http.SameSiteLaxMode})
	parts := strings.Split(k.Value, ".")
	if len(parts) != 3 || parts[0] == "" || c.QueryParam("state") != parts[0] {
		return refused
	}
	ctx := c.Request().Context()
	answer, err := a.SSO.oauth.Exchange(ctx, c.QueryParam("code"), oauth2.VerifierOption(parts[2]))
	if err != nil {
		refused.Err = err
		return refused
	}
	raw, _ := answer.Extra("id_token").(string)
	id, err := a.SSO.verify.Verify(ctx, raw)
	if err != nil || id.Nonce != parts[1] {
		refused.Err = err
		return refused
	}
	var claims struct {
		Name string `json:"preferred_username"`
	}
	if err := id.Claims(&claims); err != nil {
		return refused
	}
	session, err := a.Sessions.LoginBySubject(ctx, id.Issuer, id.Subject, claims.Name, a.attempt(c))
	if err != nil {
		return err
	}
	a.remember(c, session)
	return c.Redirect(http.StatusFound, "/")
}
