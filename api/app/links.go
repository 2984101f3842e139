package app

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// Links joins facilities to standard addresses.
type Links interface {
	Link(ctx context.Context) (geocode.LinkCounts, error)
	Links(ctx context.Context, states []geocode.LinkState, after string, limit int, v planner.Viewer) ([]geocode.FacilityLink, error)
	// Decide settles one; allowed is asked with the facility's unit and the one that it reports to instead.
	Decide(ctx context.Context, facility string, d geocode.Decision, allowed func(unit, zone planner.Code) bool) error
}

const maxLinks = 500

// linkRoutes adds the routes of facilities' addresses.
func (a *API) linkRoutes(v1 *echo.Group, get func(string, echo.HandlerFunc)) {
	get("/facility-links", a.links)
	v1.POST("/facility-links", a.link, jsonOnly)
	v1.PUT("/facility-links/:id", a.decide, jsonOnly)
}

// links lists facilities by the state of their address: those to be checked, without state.
func (a *API) links(c echo.Context) error {
	if err := only(c, "state", "after", "limit"); err != nil {
		return err
	}
	states := []geocode.LinkState{geocode.Doubtful, geocode.Unknown}
	if given := c.QueryParam("state"); given != "" {
		states = nil
		for _, s := range strings.Split(given, ",") {
			if !slices.ContainsFunc(geocode.LinkStates, func(w planner.Word) bool { return w.ID == s }) {
				return planner.Errorf(planner.Invalid, "没有状态「%s」", "there is no state %q", s)
			}
			states = append(states, geocode.LinkState(s))
		}
	}
	limit := 100
	if given := c.QueryParam("limit"); given != "" {
		var err error
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > maxLinks {
			return planner.Errorf(planner.Invalid, "limit应为1到%d的整数", "limit must be a whole number from 1 to %d", maxLinks)
		}
	}
	all, err := a.FacilityLinks.Links(c.Request().Context(), states, c.QueryParam("after"), limit, a.Viewer(c.Request()))
	if err != nil {
		return err
	}
	if all == nil {
		all = []geocode.FacilityLink{}
	}
	return c.JSON(http.StatusOK, map[string]any{"links": all})
}

// link asks for the addresses of facilities that were not asked yet.
func (a *API) link(c echo.Context) error {
	counts, err := a.FacilityLinks.Link(c.Request().Context())
	if err != nil {
		return err
	}
	respond.Changed(c, counts)
	return c.JSON(http.StatusOK, counts)
}

// decide takes over what a person says of a facility's address.
func (a *API) decide(c echo.Context) error {
	var d geocode.Decision
	if err := body(c, &d, maxBody); err != nil {
		return err
	}
	user := a.User(c.Request())
	d.By = user.Name
	allowed := func(unit, zone planner.Code) bool {
		return access.Can(user, access.ApproveFacility, access.Unit{Code: string(unit), Zone: zone})
	}
	if err := a.FacilityLinks.Decide(c.Request().Context(), c.Param("id"), d, allowed); err != nil {
		return err
	}
	respond.Changed(c, d)
	return c.NoContent(http.StatusNoContent)
}
