// Package app is the map's own JSON API under /api/v1: runs, units, travel
// times. openapi.yaml is its source: what is not in it is not served, and tests
// hold every answer to it.
package app

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/change"
	"github.com/lifecircle/lifecircle/planner/geocode"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/ledger"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/whatif"
)

//go:embed openapi.yaml
var description []byte

// Runs reads what was computed.
type Runs interface {
	Record(ctx context.Context, id int64) (run.Record, error)
	Recent(ctx context.Context, limit int) ([]run.Record, error)
	// Report is one unit as a run saw it; NotFound without the unit.
	Report(ctx context.Context, code planner.Code, snap layer.Snapshot, v planner.Viewer) (run.Report, error)
	// Spec gives what a published run was asked, and its digest.
	Spec(ctx context.Context, id int64) (run.Spec, string, error)
}

// Queue takes runs to be computed.
type Queue interface {
	Start(ctx context.Context, spec run.Spec) (id int64, err error)
	Cancel(ctx context.Context, id int64) error
}

// Reading names what readers see, and reads the facilities to start from.
type Reading interface {
	Latest(ctx context.Context) (layer.Snapshot, error)
	ForRun(ctx context.Context, run int64) (layer.Snapshot, error)
	Feature(ctx context.Context, q layer.Query, id string) (layer.Feature, error)
	Stream(ctx context.Context, q layer.Query, visit func(json []byte) error) error
}

// API serves /api/v1. Runs, Queue, Reading, Addresses and WhatIf are nil where only a network is served.
type API struct {
	Runs       Runs
	Queue      Queue
	Reading    Reading
	Addresses  Addresses
	Isochrones *isochrone.Planner
	Ledger     Ledger
	Lists      LedgerFiles
	Edits      Edits
	Workbooks  Workbooks
	WhatIf     *whatif.Desk
	Waters     Waters // nil: water has no names
	Viewer     func(*http.Request) planner.Viewer
	User       func(*http.Request) access.User
	Entry      func(echo.Context) access.Entry // begins a row of the audit log

	FacilityLinks Links
	Histories     Histories

	offers offers
}

// Routes adds every route.
func (a *API) Routes(e *echo.Echo) {
	v1 := e.Group("/api/v1")
	get := func(path string, h echo.HandlerFunc) { v1.Match([]string{http.MethodGet, http.MethodHead}, path, h) }
	get("/openapi.json", a.openAPI)
	get("/words", a.words)
	get("/isochrones", a.isochrones)
	v1.POST("/isochrones", a.isochrones, jsonOnly)
	v1.POST("/travel-times", a.travelTimes, jsonOnly)
	get("/why", a.why)
	if a.Runs == nil {
		return
	}
	a.geocodeRoutes(v1, get)
	a.linkRoutes(v1, get)
	get("/history/:collectionId/:id", a.history)
	v1.POST("/changes/preview", a.preview, jsonOnly)
	a.ledgerRoutes(v1, get)
	a.editRoutes(v1, get)
	get("/runs", a.runs)
	v1.POST("/runs", a.startRun, jsonOnly)
	get("/runs/:id", a.run)
	v1.DELETE("/runs/:id", a.cancelRun)
	get("/units/:code", a.unit)
	v1.POST("/whatif", a.whatIf, jsonOnly)
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

// maxBody bounds a request.
const maxBody = 2 << 20

// body reads a JSON body of at most size bytes strictly: an unknown field, a second value or a query beside it is an error.
func body(c echo.Context, into any, size int64) error {
	if err := only(c); err != nil {
		return err
	}
	return decode(http.MaxBytesReader(c.Response(), c.Request().Body, size), into)
}

// bodyWithoutNull is body where null is a mistake, too: what is not said is left out.
func bodyWithoutNull(c echo.Context, into any, size int64) error {
	if err := only(c); err != nil {
		return err
	}
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, size))
	if err != nil {
		return unread(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(b)); bytes.Contains(b, []byte("null")); {
		token, err := dec.Token()
		if err != nil { // decode tells what is wrong
			break
		}
		if token == nil {
			return planner.Errorf(planner.Invalid, "请求内容第%d个字节处有null:不用的字段请省略", "the body has a null at byte %d: leave out what you do not say", dec.InputOffset())
		}
	}
	return decode(bytes.NewReader(b), into)
}

func decode(from io.Reader, into any) error {
	dec := json.NewDecoder(from)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return unread(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return planner.Errorf(planner.Invalid, "请求内容之后还有多余的数据", "there is more after the body")
	}
	return nil
}

// unread says why a body cannot be read.
func unread(err error) error {
	if known := (*planner.Error)(nil); errors.As(err, &known) {
		return known
	}
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return planner.Errorf(planner.TooLarge, "请求内容超过%d字节", "the body has more than %d bytes", over.Limit)
	}
	return planner.Errorf(planner.Invalid, "请求内容有误:%v", "the body is wrong: %v", err)
}

// filled refuses parameters without a value.
func filled(c echo.Context) error {
	for name, values := range c.QueryParams() {
		if slices.Contains(values, "") {
			return planner.Errorf(planner.Invalid, "参数%[1]s没有值;不用时请省略", "parameter %[1]s has no value: leave it out", name)
		}
	}
	return nil
}

// only refuses query parameters that are not named.
func only(c echo.Context, names ...string) error {
	for name := range c.QueryParams() {
		if !slices.Contains(names, name) {
			return planner.Errorf(planner.Invalid, "未知参数「%s」,可用参数:%v", "unknown parameter %q; there are: %v", name, names)
		}
	}
	return nil
}

// alone are the paths of a server of a network without a database.
var alone = []string{"/api/v1/openapi.json", "/api/v1/words", "/api/v1/isochrones", "/api/v1/travel-times", "/api/v1/why"}

// openAPI answers with the description, cut to what this server offers.
func (a *API) openAPI(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	var doc map[string]any
	if err := yaml.Unmarshal(description, &doc); err != nil {
		return err
	}
	if paths := doc["paths"].(map[string]any); a.Runs == nil {
		for path := range paths {
			if !slices.Contains(alone, path) {
				delete(paths, path)
			}
		}
	}
	doc["servers"] = []any{map[string]any{"url": c.Scheme() + "://" + c.Request().Host}}
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/vnd.oai.openapi+json;version=3.0", b)
}

type word struct {
	ID string `json:"id"`
	planner.Text
}

func wordsOf(all []planner.Word) []word {
	out := make([]word, len(all))
	for i, w := range all {
		out[i] = word{w.ID, w.Name}
	}
	return out
}

// words answers with every vocabulary, so that no client spells them again.
func (a *API) words(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	var profiles, standards []word
	for _, p := range a.Isochrones.Book.Profiles() {
		profiles = append(profiles, word{p.ID, planner.Text{ZH: p.NameZH, EN: p.NameEN}})
	}
	plan, err := standard.Parse(standard.Zhejiang2021)
	if err != nil {
		return err
	}
	for _, s := range plan.Standards {
		standards = append(standards, word{s.ID, s.Title})
	}
	return c.JSON(http.StatusOK, map[string][]word{
		"services": wordsOf(planner.Services), "statuses": wordsOf(planner.Statuses), "groups": wordsOf(planner.Groups), "bases": wordsOf(planner.Bases),
		"classes": wordsOf(planner.Classes), "gap_kinds": wordsOf(planner.GapKinds), "verdicts": wordsOf(planner.Verdicts), "levels": wordsOf(planner.Levels),
		"gap_states": wordsOf(ledger.States), "gap_stages": wordsOf(ledger.Stages), "gap_trends": wordsOf(ledger.Trends), "link_states": wordsOf(geocode.LinkStates), "change_kinds": wordsOf(change.Kinds), "profiles": profiles, "standards": standards,
	})
}
