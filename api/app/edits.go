package app

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// Edits corrects base data by hand.
type Edits interface {
	Correct(ctx context.Context, u access.User, c edit.Change, e access.Entry) (edit.Edit, error)
	Undo(ctx context.Context, u access.User, id int64, reason string, e access.Entry) (edit.Edit, error)
	List(ctx context.Context, v planner.Viewer, layer, id, state string, before int64, limit int) ([]edit.Edit, error)
}

func (a *API) editRoutes(v1 *echo.Group, get func(string, echo.HandlerFunc)) {
	for _, layer := range edit.Layers {
		path := "/" + layer + "/:id"
		if layer == "units" {
			path = "/units/:code" // as for reading
		}
		v1.PATCH(path, func(c echo.Context) error { return a.correct(c, layer) }, jsonOnly)
	}
	get("/edits", a.edits)
	v1.POST("/edits/:id/undo", a.undo, jsonOnly)
}

func (a *API) correct(c echo.Context, layer string) error {
	if err := only(c); err != nil {
		return err
	}
	change := edit.Change{Layer: layer, ID: c.Param("id")}
	if layer == "units" {
		code, err := planner.ParseCode(c.Param("code"))
		if err != nil {
			return err
		}
		change.ID = string(code)
	}
	if err := body(c, &change, maxBody); err != nil {
		return err
	}
	made, err := a.Edits.Correct(c.Request().Context(), a.User(c.Request()), change, a.Entry(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, made)
}

// editNumber reads the number of a correction.
func editNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, planner.Errorf(planner.Invalid, "更正编号「%s」不是正整数", "%q is no number of a correction", text)
	}
	return n, nil
}

func (a *API) undo(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	id, err := editNumber(c.Param("id"))
	if err != nil {
		return err
	}
	var ask struct {
		Reason string `json:"reason"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	made, err := a.Edits.Undo(c.Request().Context(), a.User(c.Request()), id, ask.Reason, a.Entry(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, made)
}

type editView struct {
	edit.Edit
	State string `json:"state"`
}

func (a *API) edits(c echo.Context) error {
	if err := only(c, "layer", "id", "state", "before", "limit"); err != nil {
		return err
	}
	layer, state := c.QueryParam("layer"), c.QueryParam("state")
	if layer != "" && !slices.Contains(edit.Layers, layer) {
		return planner.Errorf(planner.Invalid, "layer应为%v之一", "layer must be one of %v", edit.Layers)
	}
	if states := []string{"holds", "conflict", "undone"}; state != "" && !slices.Contains(states, state) {
		return planner.Errorf(planner.Invalid, "state应为%v之一", "state must be one of %v", states)
	}
	before, limit := int64(0), 100
	var err error
	if text := c.QueryParam("before"); text != "" {
		if before, err = editNumber(text); err != nil {
			return err
		}
	}
	if text := c.QueryParam("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 1000 {
			return planner.Errorf(planner.Invalid, "limit应为1到1000", "limit must be 1 to 1000")
		}
	}
	all, err := a.Edits.List(c.Request().Context(), a.Viewer(c.Request()), layer, c.QueryParam("id"), state, before, limit)
	if err != nil {
		return err
	}
	views := make([]editView, len(all))
	for i, e := range all {
		views[i] = editView{e, e.State()}
	}
	return c.JSON(http.StatusOK, map[string]any{"edits": views})
}
