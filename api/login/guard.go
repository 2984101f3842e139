// Package login is who is asking: sessions by cookie, tokens by header, the open
// demo, the public; and the screens' API of accounts, users and the audit log.
// Every request passes the Guard, which knows one right for each route.
package login

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Sessions are people who logged in.
type Sessions interface {
	Login(ctx context.Context, t access.Attempt) (session string, err error)
	LoginBySubject(ctx context.Context, issuer, subject, name string, t access.Attempt) (session string, err error)
	Session(ctx context.Context, session string) (access.User, error)
	Logout(ctx context.Context, session string, e access.Entry) error
}

// Guard decides about each request before its handler runs.
type Guard struct {
	Sessions Sessions
	Tokens   Tokens
	Public   func(ctx context.Context) (planner.Viewer, error) // what anybody sees: a viewer without layers when nothing is open
	Open     func(ctx context.Context) (bool, error)           // everybody may work: a generated demo on a loopback address
	Record   func(ctx context.Context, e access.Entry) error   // writes the audit log
	Mask     func(ctx context.Context) error                   // withholds counts by the limit in force
	Rights   map[string]access.Action                          // "METHOD path" → what it takes; every route has one
	URL      *url.URL                                          // how browsers reach this server; nil when it was not told
}

// Anybody marks routes that need no right.
const Anybody access.Action = "anybody"

type contextKey int

const (
	userKey contextKey = iota
	viewerKey
)

// UserOf is who is asking; nobody has no roles.
func UserOf(r *http.Request) access.User {
	u, _ := r.Context().Value(userKey).(access.User)
	return u
}

// ViewerOf goes with every read on behalf of the request.
func ViewerOf(r *http.Request) planner.Viewer {
	v, _ := r.Context().Value(viewerKey).(planner.Viewer)
	return v
}

// Check is the middleware: who is it, may they, and what do they see. 401 tells
// nobody whether a thing exists, 403 tells an official that their roles do not do.
func (g *Guard) Check(next echo.HandlerFunc) echo.HandlerFunc {
	cross := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if c.Path() == "" || strings.HasSuffix(c.Path(), "/*") && c.Path() != "/assets/*" {
			return next(c) // no route: 404 or 405 tells nothing
		}
		need, known := g.Rights[r.Method+" "+c.Path()]
		if !known && r.Method == http.MethodHead {
			need, known = g.Rights[http.MethodGet+" "+c.Path()]
		}
		if !known {
			return planner.Errorf(planner.NotFound, "没有此地址", "there is nothing here")
		}
		if err := g.ours(r); err != nil {
			return err
		}
		u, err := g.user(c)
		if err != nil {
			return err
		}
		if r.Header.Get("Authorization") == "" { // a browser: another site's page must not act for its user
			if err := cross.Check(r); err != nil {
				return planner.Errorf(planner.Forbidden, "拒绝来自其他网站的请求", "refused: the request comes from another site")
			}
		}
		viewer, err := g.view(c, u, need)
		if err != nil {
			return err
		}
		c.SetRequest(r.WithContext(context.WithValue(context.WithValue(r.Context(), userKey, u), viewerKey, viewer)))
		if err := next(c); err != nil {
			return err
		}
		if changes[need] && r.Method != http.MethodGet && r.Method != http.MethodHead && c.Response().Status < 400 {
			e := Entry(c)
			e.Action, e.Object, e.After = string(need), r.Method+" "+r.URL.Path, []byte(`{"location":`+quote(c.Response().Header().Get("Location"))+`}`)
			if what := respond.ChangeOf(c); what != nil {
				e.After = what
			}
			return g.Record(context.WithoutCancel(r.Context()), e)
		}
		return nil
	}
}

// changes are the actions that the guard records; those on accounts are recorded with their change.
var changes = map[access.Action]bool{access.StartRun: true, access.EditScenario: true, access.EditFacility: true, access.ApproveFacility: true, access.PublishRun: true, access.EditStandard: true, access.ImportData: true}

// view is what the request reads with, if it may be at all.
func (g *Guard) view(c echo.Context, u access.User, need access.Action) (planner.Viewer, error) {
	if need == Anybody {
		return planner.Viewer{}, nil
	}
	layer := c.Param("collectionId")
	if file := c.Param("file"); file != "" {
		layer, _, _ = strings.Cut(file, ".")
	}
	if need == access.ReadLayers && layer == access.Internal {
		need = access.ReadInternal
	}
	if access.May(u, need) {
		v, _ := u.View()
		return v, nil
	}
	if len(u.Roles) > 0 {
		if u.Pending != "" {
			return planner.Viewer{}, planner.Errorf(planner.Forbidden, "请先启用第二因素(动态口令)", "enrol a second factor first")
		}
		return planner.Viewer{}, planner.Errorf(planner.Forbidden, "您的角色没有此项权限", "your roles do not have this right")
	}
	if need == access.ReadLayers {
		v, err := g.Public(c.Request().Context())
		if err != nil {
			return v, err
		}
		if of, ok := belongs[c.Path()]; ok {
			layer = of
		}
		if v.Layers != "" && (layer == "" || v.Reads(layer)) {
			return v, nil
		}
	}
	return planner.Viewer{}, planner.Errorf(planner.Unauthenticated, "请先登录", "log in first")
}

// belongs names the layer whose opening opens a route of the map's own API.
var belongs = map[string]string{"/api/v1/units/:code": "coverage", "/api/v1/runs": "coverage", "/api/v1/runs/:id": "coverage", "/api/v1/runs/:id/workbook": "coverage", "/api/v1/isochrones": "circles", "/api/v1/travel-times": "circles", "/api/v1/why": "circles", "/ogc/processes/:processId/execution": "circles"}

// user reads token or cookie. A token that is no good is refused; a cookie that
// is no good is nobody, so that the page can show the login.
func (g *Guard) user(c echo.Context) (access.User, error) {
	ctx := c.Request().Context()
	if h := c.Request().Header.Get("Authorization"); h != "" {
		secret, ok := strings.CutPrefix(h, "Bearer ")
		if !ok || g.Tokens == nil {
			return access.User{}, planner.Errorf(planner.Unauthenticated, "请用 Authorization: Bearer 令牌", "send Authorization: Bearer TOKEN")
		}
		return g.Tokens.Token(ctx, strings.TrimSpace(secret))
	}
	if open, err := g.Open(ctx); err != nil {
		return access.User{}, err
	} else if open {
		return access.Demo, nil
	}
	session := cookie(c)
	if session == "" {
		return access.User{}, nil
	}
	u, err := g.Sessions.Session(ctx, session)
	if planner.KindOf(err) == planner.Unauthenticated {
		g.forget(c)
		return access.User{}, nil
	}
	return u, err
}

// ours refuses a Host that is not this server's: a page that makes its own name
// point here (DNS rebinding) must not reach an open demo, nor a wrong name stand in links.
func (g *Guard) ours(r *http.Request) error {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	switch {
	case host == "localhost" || ip != nil && ip.IsLoopback():
		return nil
	case g.URL != nil && strings.EqualFold(host, g.URL.Hostname()):
		return nil
	case g.URL == nil && ip != nil:
		return nil // an address is nobody's name
	}
	return planner.Errorf(planner.Invalid, "主机名「%s」不是本系统的;请用 --public-url 设置", "host %q is not this server's: set it with --public-url", host)
}

// Entry begins a row of the audit log with who asks from where.
func Entry(c echo.Context) access.Entry {
	u := UserOf(c.Request())
	return access.Entry{ActorID: u.ID, Actor: u.Name, Unit: u.Prefix, Source: c.RealIP(), RequestID: c.Response().Header().Get(echo.HeaderXRequestID)}
}
