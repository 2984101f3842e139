package app

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/change"
)

// Histories tells the past of things, and what a change of a unit would touch.
type Histories interface {
	History(ctx context.Context, collection, id string, v planner.Viewer) (change.History, error)
	Preview(ctx context.Context, p change.Proposal, v planner.Viewer) (change.Preview, error)
}

// history answers with every version of one unit, place, address or facility.
func (a *API) history(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	h, err := a.Histories.History(c.Request().Context(), c.Param("collectionId"), c.Param("id"), a.Viewer(c.Request()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, h)
}

// preview answers with what a proposed change would touch; nothing is changed.
func (a *API) preview(c echo.Context) error {
	var p change.Proposal
	if err := body(c, &p, maxBody); err != nil {
		return err
	}
	out, err := a.Histories.Preview(c.Request().Context(), p, a.Viewer(c.Request()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out)
}
