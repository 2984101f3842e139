package login

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Users are the accounts, for administrators.
type Users interface {
	Users(ctx context.Context) ([]access.Account, error)
	Create(ctx context.Context, name, display string, e access.Entry) (link string, err error)
	Alter(ctx context.Context, name string, c access.UserChange, e access.Entry) (link string, err error)
}

// Settings are what security administrators decide.
type Settings interface {
	Settings(ctx context.Context) (access.Settings, error)
	SetSettings(ctx context.Context, s access.Settings, e access.Entry) error
}

// Audit is the log of who did what.
type Audit interface {
	Page(ctx context.Context, f access.AuditFilter) ([]access.Entry, error)
	Export(ctx context.Context, w io.Writer, format string, f access.AuditFilter) (rows int64, err error)
	Check(ctx context.Context) (access.Verification, error)
}

// Routes adds every route; Rights has a row for each.
func (a *API) Routes(e *echo.Echo) {
	v1 := e.Group("/api/v1")
	v1.GET("/session", a.me)
	v1.POST("/session", a.login, jsonOnly)
	v1.DELETE("/session", a.logout)
	v1.POST("/link", a.useLink, jsonOnly)
	v1.POST("/account/password", a.changePassword, jsonOnly)
	v1.POST("/account/totp", a.beginTOTP)
	v1.PUT("/account/totp", a.confirmTOTP, jsonOnly)
	v1.GET("/account/tokens", a.tokens)
	v1.POST("/account/tokens", a.createToken, jsonOnly)
	v1.DELETE("/account/tokens/:id", a.revokeToken)
	v1.GET("/users", a.users)
	v1.POST("/users", a.createUser, jsonOnly)
	v1.PATCH("/users/:name", a.alterUser, jsonOnly)
	v1.PUT("/users/:name/roles", a.grant, jsonOnly)
	v1.GET("/tokens", a.allTokens)
	v1.DELETE("/tokens/:id", a.revokeAnyToken)
	v1.GET("/settings", a.settings)
	v1.PUT("/settings", a.setSettings, jsonOnly)
	v1.GET("/audit", a.audit)
	v1.GET("/audit/export", a.export)
	v1.GET("/audit/verification", a.verify)
	v1.GET("/sso", a.ssoBegin)
	v1.GET("/sso/callback", a.ssoEnd)
}

func (a *API) users(c echo.Context) error {
	all, err := a.Users.Users(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"users": all, "roles": access.Roles})
}

func (a *API) createUser(c echo.Context) error {
	var ask struct {
		Name    string `json:"name"`
		Display string `json:"display"`
		Reason  string `json:"reason"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	e := Entry(c)
	e.Reason = ask.Reason
	link, err := a.Users.Create(c.Request().Context(), ask.Name, ask.Display, e)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, map[string]string{"link": a.LinkURL(c.Scheme()+"://"+c.Request().Host, link)})
}

// LinkURL is a one-time link as people get it; the secret stands behind #, which browsers never send.
func (g *Guard) LinkURL(here, link string) string {
	if g.URL != nil {
		here = strings.TrimSuffix(g.URL.String(), "/")
	}
	return here + "/#link=" + url.QueryEscape(link)
}

func (a *API) alterUser(c echo.Context) error {
	var ask struct {
		Disabled *bool  `json:"disabled"`
		Unlock   bool   `json:"unlock"`
		Reset    bool   `json:"reset"`
		Reason   string `json:"reason"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	return a.alter(c, access.UserChange{Disabled: ask.Disabled, Unlock: ask.Unlock, Reset: ask.Reset}, ask.Reason)
}

func (a *API) grant(c echo.Context) error {
	var ask struct {
		Roles  []access.Role `json:"roles"`
		Prefix string        `json:"prefix"`
		Reason string        `json:"reason"`
	}
	if err := body(c, &ask); err != nil {
		return err
	}
	if ask.Roles == nil {
		ask.Roles = []access.Role{}
	}
	return a.alter(c, access.UserChange{Roles: ask.Roles, Prefix: ask.Prefix}, ask.Reason)
}

func (a *API) alter(c echo.Context, change access.UserChange, reason string) error {
	e := Entry(c)
	e.Reason = reason
	name, err := url.PathUnescape(c.Param("name"))
	if err != nil {
		return planner.Errorf(planner.Invalid, "登录名有误", "the login name is malformed")
	}
	link, err := a.Users.Alter(c.Request().Context(), name, change, e)
	if err != nil {
		return err
	}
	if link != "" {
		link = a.LinkURL(c.Scheme()+"://"+c.Request().Host, link)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]string{"link": link})
}

func (a *API) settings(c echo.Context) error {
	s, err := a.Settings.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s)
}

func (a *API) setSettings(c echo.Context) error {
	s, err := a.Settings.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	if err := body(c, &s); err != nil {
		return err
	}
	if err := a.Settings.SetSettings(c.Request().Context(), s, Entry(c)); err != nil {
		return err
	}
	if err := a.Mask(c.Request().Context()); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s)
}

// auditFilter reads after, limit, actor, action, prefix, since, till.
func auditFilter(c echo.Context) (f access.AuditFilter, err error) {
	f.Actor, f.Action, f.Prefix = c.QueryParam("actor"), c.QueryParam("action"), c.QueryParam("prefix")
	for name, into := range map[string]*int64{"after": &f.After, "limit": &f.Limit} {
		if text := c.QueryParam(name); text != "" {
			if *into, err = strconv.ParseInt(text, 10, 64); err != nil || *into < 0 {
				return f, planner.Errorf(planner.Invalid, "%s应为非负整数", "%s must be a whole number, not negative", name)
			}
		}
	}
	for name, into := range map[string]*time.Time{"since": &f.Since, "till": &f.Till} {
		if text := c.QueryParam(name); text != "" {
			if *into, err = time.Parse(time.DateOnly, text); err != nil {
				return f, planner.Errorf(planner.Invalid, "%s应为YYYY-MM-DD", "%s must be YYYY-MM-DD", name)
			}
		}
	}
	return f, nil
}

func (a *API) audit(c echo.Context) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	if f.Limit == 0 || f.Limit > 1000 {
		f.Limit = 200
	}
	rows, err := a.Audit.Page(c.Request().Context(), f)
	if err != nil {
		return err
	}
	if rows == nil {
		rows = []access.Entry{}
	}
	return c.JSON(http.StatusOK, map[string]any{"rows": rows})
}

func (a *API) export(c echo.Context) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	format, media := c.QueryParam("format"), map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson"}
	if media[format] == "" {
		return planner.Errorf(planner.Invalid, "格式应为 csv 或 json", "format must be csv or json")
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media[format])
	h.Set(echo.HeaderContentDisposition, `attachment; filename="audit.`+format+`"`)
	_, err = a.Audit.Export(c.Request().Context(), c.Response(), format, f)
	return err
}

func (a *API) verify(c echo.Context) error {
	v, err := a.Audit.Check(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, v)
}

// jsonOnly refuses bodies that a web page of another site could send without asking.
func jsonOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if media, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";"); strings.TrimSpace(media) != echo.MIMEApplicationJSON {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType)
		}
		return next(c)
	}
}

// body reads a small JSON body strictly.
func body(c echo.Context, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, 64<<10))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return planner.Errorf(planner.Invalid, "请求内容有误:%v", "the body is wrong: %v", err)
	}
	return nil
}
