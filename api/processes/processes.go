// Package processes is OGC API – Processes Part 1: the list, executions that are
// waited for or kept as jobs, and the jobs of whoever asks.
package processes

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/process"
)

// Jobs keeps executions. Owners see their own alone.
type Jobs interface {
	Execute(ctx context.Context, owner, process string, inputs map[string]json.RawMessage) (process.Job, error)
	Job(ctx context.Context, owner, id string) (process.Job, error)
	Jobs(ctx context.Context, owner string, limit int) ([]process.Job, error)
	Dismiss(ctx context.Context, owner, id string) (process.Job, error)
}

// API serves the processes.
type API struct {
	Jobs       Jobs
	Isochrones *isochrone.Planner
	Owner      func(*http.Request) string // login name; "" for everybody on an open demo
	MayRun     func(*http.Request) bool   // start runs
}

// Classes are what is claimed.
var Classes = []string{
	"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description", "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
	"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/oas30", "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list", "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
}

const exceptions = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"

// Routes adds every route.
func (a *API) Routes(e *echo.Echo) {
	read := []string{http.MethodGet, http.MethodHead}
	e.Match(read, "/ogc/processes", a.list)
	e.Match(read, "/ogc/processes/:processId", a.describe)
	e.POST("/ogc/processes/:processId/execution", a.execute)
	e.Match(read, "/ogc/jobs", a.jobs)
	e.Match(read, "/ogc/jobs/:jobId", a.job)
	e.Match(read, "/ogc/jobs/:jobId/results", a.results)
	e.DELETE("/ogc/jobs/:jobId", a.dismiss)
}

type link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
}

func base(c echo.Context) string { return c.Scheme() + "://" + c.Request().Host + "/ogc" }

// limit reads the one parameter of lists.
func limit(c echo.Context, usual int) (int, error) {
	for name := range c.QueryParams() {
		if name != "limit" && name != "f" {
			return 0, planner.Errorf(planner.Invalid, "未知参数「%.60s」,可用参数:limit", "unknown parameter %.60q; there is: limit", name)
		}
	}
	text := c.QueryParam("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, planner.Errorf(planner.Invalid, "参数limit应为1到1000的整数,不是「%.40s」", "parameter limit must be a whole number from 1 to 1000, not %.40q", text)
	}
	return min(n, 1000), nil
}

func (a *API) list(c echo.Context) error {
	n, err := limit(c, 100)
	if err != nil {
		return err
	}
	all := []map[string]any{}
	for _, p := range process.All[:min(n, len(process.All))] {
		all = append(all, summary(c, p))
	}
	return c.JSON(http.StatusOK, map[string]any{"processes": all, "links": []link{{base(c) + "/processes", "self", "application/json", "the processes"}}})
}

func summary(c echo.Context, p process.Process) map[string]any {
	options := []string{"sync-execute", "async-execute", "dismiss"}
	if p.StartsRuns {
		options = options[1:]
	}
	at := base(c) + "/processes/" + p.ID
	return map[string]any{"id": p.ID, "version": "1.0.0", "title": p.Title.ZH + " " + p.Title.EN, "description": p.Description.ZH + " / " + p.Description.EN, "jobControlOptions": options, "outputTransmission": []string{"value"},
		"links": []link{{at, "self", "application/json", p.Title.EN}, {at + "/execution", "http://www.opengis.net/def/rel/ogc/1.0/execute", "application/json", "execute"}}}
}

func (a *API) describe(c echo.Context) error {
	p, err := process.ByID(c.Param("processId"))
	if err != nil {
		return problem(c, err, exceptions+"no-such-process")
	}
	if _, err := limit(c, 1); err != nil {
		return err
	}
	d := summary(c, p)
	values := func(from map[string]process.Value) map[string]any {
		all := map[string]any{}
		for name, v := range from {
			one := map[string]any{"title": v.Title.ZH + " / " + v.Title.EN, "schema": v.Schema}
			if v.Optional {
				one["minOccurs"] = 0
			}
			all[name] = one
		}
		return all
	}
	d["inputs"], d["outputs"] = values(p.Inputs), values(p.Outputs)
	return c.JSON(http.StatusOK, d)
}

// maxBody bounds what is sent for an execution: 100,000 points fit.
const maxBody = 8 << 20

// waiting is how long an execution that is waited for may take.
const waiting = 60 * time.Second

func (a *API) execute(c echo.Context) error {
	p, err := process.ByID(c.Param("processId"))
	if err != nil {
		return problem(c, err, exceptions+"no-such-process")
	}
	var ask struct {
		Inputs   map[string]json.RawMessage `json:"inputs"`
		Outputs  map[string]json.RawMessage `json:"outputs"`
		Response string                     `json:"response"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody)).Decode(&ask); err != nil {
		return planner.Errorf(planner.Invalid, "请求正文应为JSON:{\"inputs\": {…}}", "the body must be JSON: {\"inputs\": {…}}")
	}
	if err := p.Check(ask.Inputs); err != nil {
		return err
	}
	for name := range ask.Outputs {
		if _, ok := p.Outputs[name]; !ok {
			return planner.Errorf(planner.Invalid, "处理过程%s没有输出「%.60s」", "process %s has no output %.60q", p.ID, name)
		}
	}
	if p.StartsRuns && !a.MayRun(c.Request()) {
		return planner.Errorf(planner.Forbidden, "您的角色没有此项权限", "your roles do not have this right")
	}
	if p.StartsRuns || strings.Contains(c.Request().Header.Get("Prefer"), "respond-async") {
		j, err := a.Jobs.Execute(c.Request().Context(), a.Owner(c.Request()), p.ID, ask.Inputs)
		if err != nil {
			return err
		}
		c.Response().Header().Set("Location", base(c)+"/jobs/"+j.ID)
		c.Response().Header().Set("Preference-Applied", "respond-async")
		return c.JSON(http.StatusCreated, status(c, j))
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), waiting)
	defer cancel()
	out, err := p.Execute(ctx, process.Desk{Isochrones: a.Isochrones}, ask.Inputs, func(int) {})
	if ctx.Err() != nil && c.Request().Context().Err() == nil {
		return planner.Errorf(planner.Invalid, "计算超过%d秒,请用 Prefer: respond-async 异步执行", "this takes more than %d seconds: ask with Prefer: respond-async", int(waiting.Seconds()))
	}
	if err != nil {
		return err
	}
	if ask.Response == "document" || len(out) != 1 {
		return c.JSON(http.StatusOK, out)
	}
	for name, v := range out { // raw: the one value as it is
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		media := "application/json"
		if strings.Contains(string(p.Outputs[name].Schema), "geo+json") {
			media = "application/geo+json"
		}
		return c.Blob(http.StatusOK, media, b)
	}
	return nil
}

// problem answers with the type that the standard names.
func problem(c echo.Context, err error, kind string) error {
	return respond.Typed(c, err, kind)
}
