// Package api is HTTP: it parses, calls and renders. No SQL, no algorithms; the
// echo framework stays inside this folder.
package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/lifecircle/lifecircle/api/app"
	"github.com/lifecircle/lifecircle/api/artefact"
	"github.com/lifecircle/lifecircle/api/features"
	"github.com/lifecircle/lifecircle/api/login"
	"github.com/lifecircle/lifecircle/api/processes"
	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/api/tiles"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/whatif"
)

// Deps is what the server is made of.
type Deps struct {
	Snapshots  features.Snapshots // nil, with the three below it: only a network is served
	Reader     features.Reader
	Extra      []layer.Collection // collections beside the layers of the product
	About      features.About     // licence, attribution and 审图号 of the layers
	Tiles      features.Tiler
	Exporter   features.Exporter
	Jobs       processes.Jobs
	Files      *artefact.Cache // of whole layers; its owner closes it
	Runs       app.Runs
	Queue      app.Queue
	Addresses  app.Addresses
	Links      app.Links
	Histories  app.Histories
	Isochrones *isochrone.Planner
	Ledger     app.Ledger
	Lists      app.LedgerFiles
	Edits      app.Edits
	Workbooks  app.Workbooks
	WhatIf     *whatif.Desk
	Waters     app.Waters
	Login      *login.API   // nil: everybody works, as on a network without people
	Proxies    []*net.IPNet // whose X-Forwarded-For is believed
	Ready      func(context.Context) error
	Map        http.Handler
	Log        *slog.Logger
}

// tileCache is how many bytes of tiles a server holds.
const tileCache = 128 << 20

// New makes the handler of every route.
func New(d Deps) http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = respond.Errors(d.Log)
	e.IPExtractor = echo.ExtractIPDirect() // a header would let anybody choose an address
	if len(d.Proxies) > 0 {
		trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
		for _, p := range d.Proxies {
			trust = append(trust, echo.TrustIPRange(p))
		}
		e.IPExtractor = echo.ExtractIPFromXFFHeader(trust...)
	}
	e.Use(middleware.Recover(), middleware.RequestID(), logged(d.Log))
	open := middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"*"}, AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodOptions}, ExposeHeaders: []string{"ETag", "Link", "Location", "Content-Crs", "OGC-NumberMatched", "OGC-NumberReturned", "Content-Disposition"}})
	e.Use(open, wellFormed, hardened)
	viewer := func(*http.Request) planner.Viewer { return planner.DemoViewer }
	user := func(*http.Request) access.User { return access.Demo }
	if d.Login != nil {
		d.Login.Rights, viewer, user = rights, login.ViewerOf, login.UserOf
		e.Use(d.Login.Check)
		d.Login.Routes(e)
	}
	e.GET("/healthz", func(c echo.Context) error { return c.JSON(http.StatusOK, map[string]string{"status": "alive"}) })
	e.GET("/readyz", func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
		defer cancel()
		if err := d.Ready(ctx); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
	})
	v1 := &app.API{Runs: d.Runs, Queue: d.Queue, Addresses: d.Addresses, Isochrones: d.Isochrones, WhatIf: d.WhatIf, Waters: d.Waters, Viewer: viewer}
	v1.Ledger, v1.Lists, v1.Workbooks, v1.Edits, v1.User, v1.Entry = d.Ledger, d.Lists, d.Workbooks, d.Edits, user, login.Entry
	v1.FacilityLinks, v1.Histories = d.Links, d.Histories
	if d.Snapshots != nil {
		v1.Reading = reading{d.Snapshots, d.Reader}
		(&features.API{Snapshots: d.Snapshots, Reader: d.Reader, Viewer: viewer, Extra: d.Extra, About: d.About, Tiles: d.Tiles, Cache: &tiles.Cache{Bytes: tileCache}, Exporter: d.Exporter, Files: d.Files}).Routes(e)
	}
	if d.Jobs != nil {
		owner := func(*http.Request) string { return "" }
		mayRun := func(*http.Request) bool { return true }
		if d.Login != nil {
			owner = func(r *http.Request) string { return login.UserOf(r).Name }
			mayRun = func(r *http.Request) bool { return access.May(login.UserOf(r), access.StartRun) }
		}
		(&processes.API{Jobs: d.Jobs, Isochrones: d.Isochrones, Owner: owner, MayRun: mayRun}).Routes(e)
	}
	v1.Routes(e)
	page := echo.WrapHandler(d.Map)
	e.Match([]string{http.MethodGet, http.MethodHead}, "/", page)
	e.Match([]string{http.MethodGet, http.MethodHead}, "/assets/*", page)
	return compressing(e)
}

// wellFormed refuses a query that net/url would read in part and silently (a semicolon, a broken escape).
func wellFormed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := url.ParseQuery(c.Request().URL.RawQuery); err != nil {
			return planner.Errorf(planner.Invalid, "查询参数有误:%v", "the query is malformed: %v", err)
		}
		return next(c)
	}
}

// hardened sets the headers that browsers protect people by.
func hardened(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		return next(c)
	}
}

// reading is what the app reads of the layers.
type reading struct {
	features.Snapshots
	features.Reader
}

// logged writes a line for each request that is slow or fails.
func logged(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			err := next(c)
			if took := time.Since(start); took > time.Second {
				log.Warn("slow request", "method", c.Request().Method, "path", c.Request().URL.Path, "took", took.Round(time.Millisecond), "id", c.Response().Header().Get(echo.HeaderXRequestID))
			}
			return err
		}
	}
}
