package app

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

func (a *API) runs(c echo.Context) error {
	if err := only(c, "limit"); err != nil {
		return err
	}
	limit := 20
	if text := c.QueryParam("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 200 {
			return planner.Errorf(planner.Invalid, "limit应为1到200的整数,不是「%s」", "limit must be a whole number from 1 to 200, not %q", text)
		}
	}
	recent, err := a.Runs.Recent(c.Request().Context(), limit)
	if err != nil {
		return err
	}
	all := []run.Record{}
	for _, r := range recent {
		if r, ok := seen(a.Viewer(c.Request()), r); ok {
			all = append(all, r)
		}
	}
	return c.JSON(http.StatusOK, map[string]any{"runs": all})
}

// startRun queues a run and answers at once, with where to look for it.
func (a *API) startRun(c echo.Context) error {
	var ask struct {
		Name      string            `json:"name"`
		AsOf      string            `json:"as_of"`
		Units     []string          `json:"units"`
		Standards string            `json:"standards"`
		Set       map[string]string `json:"set"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	spec := run.Spec{Name: ask.Name, Standards: ask.Standards, Set: ask.Set}
	var err error
	if spec.AsOf, err = time.Parse(time.DateOnly, ask.AsOf); err != nil {
		return planner.Errorf(planner.Invalid, "as_of应为YYYY-MM-DD,收到「%s」", "as_of must be YYYY-MM-DD, got %q", ask.AsOf)
	}
	if spec.Name == "" {
		spec.Name = "截至" + ask.AsOf
	}
	for _, u := range ask.Units {
		code, err := planner.ParseCode(u)
		if err != nil {
			return err
		}
		spec.Units = append(spec.Units, code)
	}
	id, err := a.Queue.Start(c.Request().Context(), spec)
	if err != nil {
		return err
	}
	record, err := a.Runs.Record(c.Request().Context(), id)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Location", fmt.Sprintf("/api/v1/runs/%d", id))
	return c.JSON(http.StatusAccepted, record)
}

// run answers with one run; "latest" is the latest published.
func (a *API) run(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	id, err := a.runID(c)
	if err != nil {
		return err
	}
	record, err := a.Runs.Record(c.Request().Context(), id)
	if err != nil {
		return err
	}
	record, ok := seen(a.Viewer(c.Request()), record)
	if !ok {
		return planner.Errorf(planner.NotFound, "没有测算%d", "there is no run %d", id)
	}
	return c.JSON(http.StatusOK, record)
}

// seen is a run as the viewer may see it. The public sees published runs without
// their totals; officials see the totals of units that are all their own.
func seen(v planner.Viewer, r run.Record) (run.Record, bool) {
	if v.Class != planner.Full {
		r.Summary, r.Error = nil, ""
		return r, r.State == "published"
	}
	if v.Prefix == "" {
		return r, true
	}
	within, over := len(r.Units) > 0, len(r.Units) == 0
	for _, u := range r.Units {
		within = within && v.Sees(u)
		over = over || v.Sees(u) || strings.HasPrefix(v.Prefix, u.Prefix())
	}
	if !within {
		r.Summary = nil
	}
	return r, over
}

func (a *API) cancelRun(c echo.Context) error {
	id, err := a.runID(c)
	if err != nil {
		return err
	}
	if err := a.Queue.Cancel(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *API) runID(c echo.Context) (int64, error) {
	text := c.Param("id")
	if text == "latest" {
		snap, err := a.Reading.Latest(c.Request().Context())
		if err == nil && snap.Run == 0 {
			err = planner.Errorf(planner.NotFound, "还没有已发布的测算", "no run was published yet")
		}
		return snap.Run, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, planner.Errorf(planner.Invalid, "测算编号应为整数,不是「%s」", "the number of a run must be a whole number, not %q", text)
	}
	return id, nil
}

// unit answers with everything that a run knows about a unit.
func (a *API) unit(c echo.Context) error {
	if err := only(c, "run"); err != nil {
		return err
	}
	code, err := planner.ParseCode(c.Param("code"))
	if err != nil {
		return err
	}
	v := a.Viewer(c.Request())
	if !v.Sees(code) {
		return planner.Errorf(planner.NotFound, "没有区划单元%s", "there is no unit %s", code)
	}
	var snap layer.Snapshot
	if text := c.QueryParam("run"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return planner.Errorf(planner.Invalid, "参数run应为测算编号,不是「%s」", "parameter run must be the number of a run, not %q", text)
		}
		snap, err = a.Reading.ForRun(c.Request().Context(), id)
		if err != nil {
			return err
		}
	} else if snap, err = a.Reading.Latest(c.Request().Context()); err != nil {
		return err
	}
	report, err := a.Runs.Report(c.Request().Context(), code, snap, v)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, report)
}
