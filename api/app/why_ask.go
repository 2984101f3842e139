package app

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/explain"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// whyParams is the question with what is not part of the search.
type whyParams struct {
	q        isochrone.WhyQuestion
	standard string
	ride     bool
}

func (a *API) whyAsk(c echo.Context) (p whyParams, err error) {
	q := c.QueryParams()
	p.q.Minutes = 15
	if q.Has("minutes") {
		if p.q.Minutes, err = strconv.Atoi(q.Get("minutes")); err != nil {
			return p, planner.Errorf(planner.Invalid, "minutes应为整数,不是「%s」", "minutes must be a whole number, not %q", q.Get("minutes"))
		}
	}
	if q.Has("ride") {
		if p.ride, err = strconv.ParseBool(q.Get("ride")); err != nil {
			return p, planner.Errorf(planner.Invalid, "ride应为true或false,不是「%s」", "ride must be true or false, not %q", q.Get("ride"))
		}
	}
	if p.q.Way, err = a.wayOf(q.Get("profile"), said(q.Get("direction")), "inbound", speed(q.Get("speed"))); err != nil {
		return p, err
	}
	if q.Has("gap") {
		if q.Has("unit") || q.Has("lon") || q.Has("lat") || q.Has("service") || q.Has("facility") || q.Has("to") {
			return p, planner.Errorf(planner.Invalid, "gap已说明地点和服务,不能再给unit、lon、lat、service、facility或to", "gap names place and service: unit, lon, lat, service, facility and to do not go with it")
		}
		return p, a.whyGap(c, &p)
	}
	if q.Has("run") {
		return p, planner.Errorf(planner.Invalid, "run只与gap同用", "run goes with gap only")
	}
	if q.Has("unit") {
		if q.Has("lon") || q.Has("lat") {
			return p, planner.Errorf(planner.Invalid, "unit已说明地点,不能再给lon、lat", "unit names the place: lon and lat do not go with it")
		}
		p.q.Place, err = a.village(c, q.Get("unit"))
	} else {
		p.q.Place, err = lonLat(c)
	}
	if err != nil {
		return p, err
	}
	var places []place
	for _, id := range q["facility"] {
		places = append(places, place{facility: id})
	}
	for _, text := range q["to"] {
		at, err := pair(text)
		if err != nil {
			return p, err
		}
		places = append(places, place{point: at})
	}
	if len(places) > isochrone.MaxDrawn {
		return p, planner.Errorf(planner.TooLarge, "一次最多%d个设施", "at most %d facilities at once", isochrone.MaxDrawn)
	}
	if err := a.lookUp(c, places); err != nil {
		return p, err
	}
	if service := q.Get("service"); service != "" {
		offering, err := a.offeringNow(c, service)
		if err != nil {
			return p, err
		}
		places = append(places, offering...)
	}
	p.q.Sites = sitesOf(places)
	return p, nil
}

// village finds the point that a run counted a village's people from.
func (a *API) village(c echo.Context, text string) (at orb.Point, err error) {
	code, err := planner.ParseCode(text)
	if err != nil {
		return at, err
	}
	if a.Reading == nil {
		return at, planner.Errorf(planner.Invalid, "此服务只有路网,没有区划", "this server has a network only, no units").Because("network_only")
	}
	snap, err := a.snapshot(c, nil)
	if err != nil {
		return at, err
	}
	found := false
	q := layer.Query{Collection: "demand", Snapshot: snap, Viewer: a.Viewer(c.Request()), Equals: map[string]string{"unit_code": string(code)}}
	err = a.Reading.Stream(c.Request().Context(), q, func(feature []byte) error {
		f, err := geojson.UnmarshalFeature(feature)
		if err != nil {
			return err
		}
		if p, ok := f.Geometry.(orb.Point); ok && !found {
			at, found = p, true
		}
		return nil
	})
	if err == nil && !found {
		err = planner.Errorf(planner.NotFound, "单元%s没有居民点坐标;请给出村(社区)或lon、lat", "unit %s has no point of people: name a village, or lon and lat", code).Because("no_coordinates")
	}
	return at, err
}

// whyGap asks about a gap of a run as the run did: its standard, its day, its data; ferries left out.
func (a *API) whyGap(c echo.Context, p *whyParams) error {
	ctx, id := c.Request().Context(), c.QueryParam("gap")
	if a.Runs == nil {
		return planner.Errorf(planner.Invalid, "此服务只有路网,没有缺口", "this server has a network only, no gaps").Because("network_only")
	}
	var asked *int64
	if text := c.QueryParam("run"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return planner.Errorf(planner.Invalid, "参数run应为测算编号,不是「%s」", "parameter run must be the number of a run, not %q", text)
		}
		asked = &n
	}
	snap, err := a.snapshot(c, asked)
	if err != nil {
		return err
	}
	found, err := a.Reading.Feature(ctx, layer.Query{Collection: "gaps", Snapshot: snap, Viewer: a.Viewer(c.Request())}, id)
	if err != nil {
		return err
	}
	gap, err := geojson.UnmarshalFeature(found.JSON)
	if err != nil {
		return err
	}
	at, ok := gap.Geometry.(orb.Point)
	if !ok {
		return planner.Errorf(planner.NotFound, "缺口「%s」没有坐标", "gap %q has no coordinates", id).Because("no_coordinates")
	}
	spec, _, err := a.Runs.Spec(ctx, snap.Run)
	if err != nil {
		return err
	}
	p.standard, _ = gap.Properties["standard"].(string)
	s, err := run.Question{Standard: p.standard}.Of(spec)
	if err != nil {
		return err
	}
	places, err := a.offering(c, snap, s.Services, spec.AsOf)
	if err != nil {
		return err
	}
	q := c.QueryParams()
	if !q.Has("profile") {
		p.q.Way.Profile = s.Profile
	}
	if !q.Has("minutes") {
		p.q.Minutes = s.Minutes
	}
	if !q.Has("ride") {
		p.ride = true
	}
	p.q.Place, p.q.Sites, p.q.Way.NoFerries = at, sitesOf(places), true
	return nil
}

func sitesOf(places []place) []explain.Site {
	all := make([]explain.Site, len(places))
	for i, p := range places {
		all[i] = explain.Site{ID: p.facility, Name: p.name, Point: p.point}
	}
	return all
}

// pair reads lon,lat.
func pair(text string) (p orb.Point, err error) {
	parts := strings.Split(text, ",")
	for i := range p {
		if len(parts) == 2 {
			p[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		}
		if err != nil || len(parts) != 2 {
			return p, planner.Errorf(planner.Invalid, "to应为经度,纬度,不是「%s」", "to must be lon,lat, not %q", text)
		}
	}
	return p, nil
}
