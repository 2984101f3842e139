package login

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Tokens are the API tokens of scripts and GIS programs.
type Tokens interface {
	Token(ctx context.Context, secret string) (access.User, error)
	Tokens(ctx context.Context, user int64) ([]access.Token, error)
	CreateToken(ctx context.Context, u access.User, name string, scopes []access.Action, expires time.Time, e access.Entry) (secret string, t access.Token, err error)
	RevokeToken(ctx context.Context, token, user int64, e access.Entry) error
}

// Secrets are what people set for themselves.
type Secrets interface {
	UseLink(ctx context.Context, link, name, display, password, source string) (user string, err error)
	ChangePassword(ctx context.Context, u access.User, session, old, password string, e access.Entry) error
	BeginTOTP(ctx context.Context, u access.User) (uri, secret string, err error)
	ConfirmTOTP(ctx context.Context, u access.User, code string, e access.Entry) (recovery []string, err error)
}

// API serves login, account, users and audit.
type API struct {
	*Guard
	Secrets  Secrets
	Users    Users
	Settings Settings
	Audit    Audit
	SSO      *SSO // nil without single sign-on
}

// me answers who is asking and what they may do.
func (a *API) me(c echo.Context) error {
	u := UserOf(c.Request())
	out := map[string]any{"user": nil, "actions": []access.Action{}, "sso": a.SSO != nil, "demo": u.Name == access.Demo.Name && u.ID == 0 && len(u.Roles) > 0}
	if u.ID != 0 {
		out["user"] = u
	}
	if actions := u.Actions(); actions != nil {
		out["actions"] = actions
	}
	v, err := a.Public(c.Request().Context())
	if err != nil {
		return err
	}
	out["public"] = v.Layers != ""
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, out)
}

func (a *API) attempt(c echo.Context) access.Attempt {
	return access.Attempt{Source: c.RealIP(), Agent: c.Request().UserAgent()}
}

func (a *API) login(c echo.Context) error {
	var ask struct {
		Name     string `json:"name"`
		Password string `json:"password"`
		Code     string `json:"code"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	t := a.attempt(c)
	t.Name, t.Password, t.Code = ask.Name, ask.Password, ask.Code
	session, err := a.Sessions.Login(c.Request().Context(), t)
	if err == access.NeedsCode {
		c.Response().Header().Set("Lifecircle-Needs", "code")
	}
	if err != nil {
		return err
	}
	return a.enter(c, session)
}

// enter ends the session that came in, if any, and hands out the new one.
func (a *API) enter(c echo.Context, session string) error {
	if old := cookie(c); old != "" {
		if err := a.Sessions.Logout(c.Request().Context(), old, Entry(c)); err != nil {
			return err
		}
	}
	a.remember(c, session)
	return c.NoContent(http.StatusNoContent)
}

func (a *API) logout(c echo.Context) error {
	if err := a.Sessions.Logout(c.Request().Context(), cookie(c), Entry(c)); err != nil {
		return err
	}
	a.forget(c)
	return c.NoContent(http.StatusNoContent)
}

// useLink sets the first password by a one-time link.
func (a *API) useLink(c echo.Context) error {
	var ask struct {
		Link     string `json:"link"`
		Name     string `json:"name"`
		Display  string `json:"display"`
		Password string `json:"password"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	name, err := a.Secrets.UseLink(c.Request().Context(), ask.Link, ask.Name, ask.Display, ask.Password, c.RealIP())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"name": name})
}

func (a *API) changePassword(c echo.Context) error {
	var ask struct {
		Old      string `json:"old"`
		Password string `json:"password"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	if err := a.Secrets.ChangePassword(c.Request().Context(), UserOf(c.Request()), cookie(c), ask.Old, ask.Password, Entry(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *API) beginTOTP(c echo.Context) error {
	uri, secret, err := a.Secrets.BeginTOTP(c.Request().Context(), UserOf(c.Request()))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]string{"uri": uri, "secret": secret})
}

func (a *API) confirmTOTP(c echo.Context) error {
	var ask struct {
		Code string `json:"code"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	recovery, err := a.Secrets.ConfirmTOTP(c.Request().Context(), UserOf(c.Request()), ask.Code, Entry(c))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string][]string{"recovery_codes": recovery})
}

func (a *API) tokens(c echo.Context) error { return a.listTokens(c, UserOf(c.Request()).ID) }

func (a *API) allTokens(c echo.Context) error { return a.listTokens(c, 0) }

func (a *API) listTokens(c echo.Context, of int64) error {
	all, err := a.Tokens.Tokens(c.Request().Context(), of)
	if err != nil {
		return err
	}
	if all == nil {
		all = []access.Token{}
	}
	return c.JSON(http.StatusOK, map[string]any{"tokens": all})
}

func (a *API) createToken(c echo.Context) error {
	var ask struct {
		Name   string          `json:"name"`
		Scopes []access.Action `json:"scopes"`
		Days   int             `json:"days"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	secret, t, err := a.Tokens.CreateToken(c.Request().Context(), UserOf(c.Request()), ask.Name, ask.Scopes, time.Now().AddDate(0, 0, ask.Days), Entry(c))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, map[string]any{"secret": secret, "token": t})
}

func (a *API) revokeToken(c echo.Context) error { return a.revoke(c, UserOf(c.Request()).ID) }

func (a *API) revokeAnyToken(c echo.Context) error { return a.revoke(c, 0) }

func (a *API) revoke(c echo.Context, of int64) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return planner.Errorf(planner.Invalid, "令牌编号应为整数", "the number of a token must be a whole number")
	}
	if err := a.Tokens.RevokeToken(c.Request().Context(), id, of, Entry(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
