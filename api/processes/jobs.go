package processes

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/process"
)

// status is a job as the standard has it.
func status(c echo.Context, j process.Job) map[string]any {
	at := base(c) + "/jobs/" + j.ID
	s := map[string]any{"jobID": j.ID, "processID": j.Process, "type": "process", "status": j.Status, "progress": j.Progress, "created": j.Created.UTC().Format(time.RFC3339),
		"links": []link{{at, "self", "application/json", "this job"}, {at, "monitor", "application/json", "how far it is"}}}
	if j.Message != "" {
		s["message"] = j.Message
	}
	for name, t := range map[string]*time.Time{"started": j.Started, "finished": j.Finished, "updated": j.Updated} {
		if t != nil {
			s[name] = t.UTC().Format(time.RFC3339)
		}
	}
	if j.Status == "successful" {
		s["links"] = append(s["links"].([]link), link{at + "/results", "http://www.opengis.net/def/rel/ogc/1.0/results", "application/json", "results"})
	}
	return s
}

func (a *API) jobs(c echo.Context) error {
	n, err := limit(c, 100)
	if err != nil {
		return err
	}
	list, err := a.Jobs.Jobs(c.Request().Context(), a.Owner(c.Request()), n)
	if err != nil {
		return err
	}
	all := []map[string]any{}
	for _, j := range list {
		all = append(all, status(c, j))
	}
	return c.JSON(http.StatusOK, map[string]any{"jobs": all, "links": []link{{base(c) + "/jobs", "self", "application/json", "the jobs"}}})
}

func (a *API) find(c echo.Context) (process.Job, error) {
	if _, err := limit(c, 1); err != nil {
		return process.Job{}, err
	}
	return a.Jobs.Job(c.Request().Context(), a.Owner(c.Request()), c.Param("jobId"))
}

func (a *API) job(c echo.Context) error {
	j, err := a.find(c)
	if planner.KindOf(err) == planner.NotFound && err != nil {
		return problem(c, err, exceptions+"no-such-job")
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, status(c, j))
}

func (a *API) results(c echo.Context) error {
	j, err := a.find(c)
	switch {
	case err != nil && planner.KindOf(err) == planner.NotFound:
		return problem(c, err, exceptions+"no-such-job")
	case err != nil:
		return err
	case j.Status == "failed":
		return problem(c, planner.Errorf(planner.Invalid, "作业失败:%s", "the job failed: %s", j.Message), exceptions+"failed")
	case j.Status != "successful":
		return problem(c, planner.Errorf(planner.NotFound, "结果尚未就绪(%s)", "the results are not ready: %s", j.Status), exceptions+"result-not-ready")
	}
	return c.Blob(http.StatusOK, "application/json", j.Outputs)
}

func (a *API) dismiss(c echo.Context) error {
	j, err := a.Jobs.Dismiss(c.Request().Context(), a.Owner(c.Request()), c.Param("jobId"))
	if err != nil && planner.KindOf(err) == planner.NotFound {
		return problem(c, err, exceptions+"no-such-job")
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, status(c, j))
}
