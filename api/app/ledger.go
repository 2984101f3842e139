package app

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

// Ledger is the list of gaps as it is worked.
type Ledger interface {
	Rows(ctx context.Context, v planner.Viewer, f ledger.Filter, each func(ledger.Row) error) (total int, err error)
	History(ctx context.Context, v planner.Viewer, id string) (ledger.Row, []ledger.Event, error)
	Change(ctx context.Context, u access.User, orders []ledger.Order, e access.Entry) (changed int, refused []ledger.Refusal, err error)
	Open(ctx context.Context, run int64, e access.Entry) (ledger.Opening, error)
}

// LedgerFiles are the list as a workbook that goes out and comes back.
type LedgerFiles interface {
	Write(ctx context.Context, v planner.Viewer, f ledger.Filter, w io.Writer) error
	Take(ctx context.Context, u access.User, v planner.Viewer, file io.Reader, e access.Entry) (ledger.Receipt, error)
}

func (a *API) ledgerRoutes(v1 *echo.Group, get func(string, echo.HandlerFunc)) {
	get("/ledger", a.ledgerRows)
	get("/ledger/history", a.ledgerHistory)
	get("/runs/:id/workbook", a.runWorkbook)
	v1.POST("/runs/:id/workbook", a.runWorkbook)
	get("/ledger/workbook", a.ledgerWorkbook)
	v1.PUT("/ledger/workbook", a.ledgerTake)
	v1.POST("/ledger/changes", a.ledgerChange, jsonOnly)
	v1.POST("/ledger/runs", a.ledgerOpen, jsonOnly)
}

// filterOf reads the filter of the list from the query.
func filterOf(c echo.Context, more ...string) (f ledger.Filter, err error) {
	if err := only(c, append([]string{"unit", "standard", "kind", "state", "stage", "trend", "q"}, more...)...); err != nil {
		return f, err
	}
	f = ledger.Filter{Standard: c.QueryParam("standard"), Kind: c.QueryParam("kind"), State: c.QueryParam("state"), Stage: c.QueryParam("stage"), Trend: c.QueryParam("trend"), Text: c.QueryParam("q"), Sort: c.QueryParam("sort")}
	if unit := c.QueryParam("unit"); unit != "" {
		code, err := planner.ParseCode(unit)
		if err != nil {
			return f, err
		}
		f.Unit = code.Prefix()
	}
	for _, w := range []struct {
		name, value string
		words       []planner.Word
	}{{"kind", f.Kind, planner.GapKinds}, {"state", f.State, ledger.States}, {"stage", f.Stage, ledger.Stages}, {"trend", f.Trend, ledger.Trends}} {
		if w.value != "" && !slices.ContainsFunc(w.words, func(x planner.Word) bool { return x.ID == w.value }) {
			return f, planner.Errorf(planner.Invalid, "参数%s的值「%s」不存在", "parameter %s cannot be %q", w.name, w.value)
		}
	}
	if f.Sort != "" && !slices.Contains(ledger.Sorts, f.Sort) {
		return f, planner.Errorf(planner.Invalid, "sort应为%[2]s之一,不是「%[1]s」", "sort must be one of %[2]s, not %[1]q", f.Sort, strings.Join(ledger.Sorts, ", "))
	}
	for name, to := range map[string]*int{"limit": &f.Limit, "offset": &f.Offset} {
		if text := c.QueryParam(name); text != "" {
			if *to, err = strconv.Atoi(text); err != nil || *to < 0 || name == "limit" && (*to == 0 || *to > 1000) {
				return f, planner.Errorf(planner.Invalid, "参数%s应为整数(limit为1到1000),不是「%s」", "%s must be a whole number (limit: 1 to 1000), not %q", name, text)
			}
		}
	}
	return f, nil
}

func (a *API) ledgerRows(c echo.Context) error {
	f, err := filterOf(c, "sort", "limit", "offset")
	if err != nil {
		return err
	}
	if f.Limit == 0 {
		f.Limit = 100
	}
	rows := []ledger.Row{}
	total, err := a.Ledger.Rows(c.Request().Context(), a.Viewer(c.Request()), f, func(r ledger.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"total": total, "rows": rows})
}

func (a *API) ledgerHistory(c echo.Context) error {
	if err := only(c, "id"); err != nil {
		return err
	}
	row, events, err := a.Ledger.History(c.Request().Context(), a.Viewer(c.Request()), c.QueryParam("id"))
	if err != nil {
		return err
	}
	if events == nil {
		events = []ledger.Event{}
	}
	return c.JSON(http.StatusOK, map[string]any{"row": row, "history": events})
}

// maxRows is how many rows one request changes.
const maxRows = 5000

func (a *API) ledgerChange(c echo.Context) error {
	var ask struct {
		Rows []struct {
			ID       string `json:"id"`
			Revision int64  `json:"revision"`
		} `json:"rows"`
		Step   ledger.Step `json:"step"`
		State  *string     `json:"state"`
		Year   *int        `json:"year"`
		Body   *string     `json:"body"`
		Note   *string     `json:"note"`
		Reason string      `json:"reason"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	if len(ask.Rows) == 0 || len(ask.Rows) > maxRows {
		return planner.Errorf(planner.Invalid, "rows应有1到%d条", "rows must hold 1 to %d rows", maxRows)
	}
	change := ledger.Change{Step: ask.Step, State: ask.State, Year: ask.Year, Body: ask.Body, Note: ask.Note, Reason: ask.Reason}
	if err := change.Check(); err != nil {
		return err
	}
	orders := make([]ledger.Order, len(ask.Rows))
	for i, r := range ask.Rows {
		orders[i] = ledger.Order{ID: r.ID, Revision: r.Revision, Change: change}
	}
	changed, refused, err := a.Ledger.Change(c.Request().Context(), a.User(c.Request()), orders, a.Entry(c))
	if err != nil {
		return err
	}
	if refused == nil {
		refused = []ledger.Refusal{}
	}
	return c.JSON(http.StatusOK, map[string]any{"changed": changed, "refused": refused})
}

// xlsx is the type of a workbook.
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (a *API) ledgerWorkbook(c echo.Context) error {
	f, err := filterOf(c, "sort")
	if err != nil {
		return err
	}
	return attach(c, "缺口清单-"+time.Now().Format("20060102")+".xlsx", func(w io.Writer) error { return a.Lists.Write(c.Request().Context(), a.Viewer(c.Request()), f, w) })
}

// attach answers with a workbook. It is whole before its first byte goes out, so that a failure is told as one.
func attach(c echo.Context, name string, write func(io.Writer) error) error {
	var whole sparing
	defer whole.drop()
	if err := write(&whole); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+escaped(name))
	h.Set("Cache-Control", "private, no-store")
	from, err := whole.reader()
	if err != nil {
		return err
	}
	return c.Stream(http.StatusOK, xlsx, from)
}

// maxWorkbook bounds a returned list.
const maxWorkbook = 50 << 20

func (a *API) ledgerTake(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	if media, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";"); strings.TrimSpace(media) != xlsx {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	receipt, err := a.Lists.Take(c.Request().Context(), a.User(c.Request()), a.Viewer(c.Request()), http.MaxBytesReader(c.Response(), c.Request().Body, maxWorkbook), a.Entry(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, receipt)
}

func (a *API) ledgerOpen(c echo.Context) error {
	var ask struct {
		Run int64 `json:"run"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	opening, err := a.Ledger.Open(c.Request().Context(), ask.Run, a.Entry(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, opening)
}
