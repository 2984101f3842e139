package app

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/explain"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Waters names what lies between two points (lon, lat) on a network.
type Waters interface {
	WaterBetween(ctx context.Context, network string, from, to orb.Point) (name string, err error)
}

// whyAnswer is the body of an answer.
type whyAnswer struct {
	Class     string       `json:"class"`
	Text      planner.Text `json:"text"`
	Standard  string       `json:"standard,omitempty"` // of a gap
	Minutes   int          `json:"limit_minutes"`
	Profile   string       `json:"profile"`
	Direction string       `json:"direction"`
	Engine    string       `json:"engine"`
	Version   int64        `json:"data_version"`
	Network   string       `json:"network"`
	Place     placed       `json:"place"`
	Nearest   *whySite     `json:"nearest_straight"`
	Ways      []whyWay     `json:"ways"`
	Between   *whyObstacle `json:"between,omitempty"`
	Ride      *whyRide     `json:"ride,omitempty"`
}

type placed struct {
	Asked         orb.Point  `json:"asked"`
	Snapped       *orb.Point `json:"snapped,omitempty"`
	SnapMetres    *float64   `json:"snap_metres,omitempty"`
	Reason        string     `json:"reason,omitempty"`
	StreetsMetres float64    `json:"streets_metres"` // of the streets that hang together here
}

type whySite struct {
	Facility string    `json:"facility,omitempty"`
	Name     string    `json:"name,omitempty"`
	Point    orb.Point `json:"point"`
	Metres   float64   `json:"metres"`
}

type whyWay struct {
	whySite                       // metres along the way
	Milliseconds travel.Millis    `json:"milliseconds"`
	Minutes      float64          `json:"minutes"`
	Path         *geojson.Feature `json:"path"`
}

type whyObstacle struct {
	Kind string    `json:"kind"`
	Name string    `json:"name,omitempty"`
	At   orb.Point `json:"at"`
	Site whySite   `json:"site"` // metres in a straight line
	Open *whyWay   `json:"way_if_open,omitempty"`
}

type whyRide struct {
	Class        string        `json:"class"`
	Milliseconds travel.Millis `json:"milliseconds,omitempty"`
	Minutes      float64       `json:"minutes,omitempty"`
	Facility     string        `json:"facility,omitempty"`
}

// whyLeg is a part of a path, in its properties.
type whyLeg struct {
	Kind         string        `json:"kind"`
	Milliseconds travel.Millis `json:"milliseconds"`
	Metres       float64       `json:"metres"`
	First        int           `json:"first"`
	Last         int           `json:"last"`
}

// why explains how a place is served or not, and what stands between.
func (a *API) why(c echo.Context) error {
	if err := only(c, "lon", "lat", "gap", "run", "service", "facility", "to", "minutes", "profile", "speed", "direction", "ride"); err != nil {
		return err
	}
	if err := filled(c); err != nil {
		return err
	}
	p, err := a.whyAsk(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w, err := a.Isochrones.Why(ctx, p.q)
	if err != nil {
		return err
	}
	river := ""
	if o := w.Obstacle; o != nil && o.Kind == explain.Water && a.Waters != nil {
		if river, err = a.Waters.WaterBetween(ctx, w.Network, p.q.Place, p.q.Sites[o.Site].Point); err != nil {
			return err
		}
	}
	out := whyAnswer{Class: w.Class, Text: w.Text(w.Case, w.Mode, river), Standard: p.standard, Minutes: p.q.Minutes, Profile: w.Profile, Direction: directions[w.Direction],
		Engine: run.Engine, Version: w.Version, Network: w.Network, Ways: []whyWay{}, Place: placed{Asked: p.q.Place, Reason: w.Reason, StreetsMetres: metres(w.Streets)}}
	if w.Place != nil {
		m := metres(w.Place.Metres)
		out.Place.Snapped, out.Place.SnapMetres = &w.Place.Point, &m
	}
	if w.Finding.Nearest >= 0 {
		s := siteOf(p.q.Sites[w.Finding.Nearest], w.Finding.Metres)
		out.Nearest = &s
	}
	for _, way := range w.Ways {
		out.Ways = append(out.Ways, wayJSON(p.q.Sites, way))
	}
	if o := w.Obstacle; o != nil {
		site := p.q.Sites[o.Site]
		out.Between = &whyObstacle{Kind: o.Kind, Name: river, At: o.At, Site: siteOf(site, geo.DistanceHaversine(p.q.Place, site.Point))}
		if o.Open != nil {
			open := wayJSON(p.q.Sites, *o.Open)
			out.Between.Open = &open
		}
	}
	if p.ride && !a.Isochrones.Wheels(w.Profile) {
		p.q.Way = isochrone.Way{Profile: "drive", Direction: p.q.Way.Direction, NoFerries: p.q.Way.NoFerries}
		r, err := a.Isochrones.Why(ctx, p.q)
		if err != nil {
			return err
		}
		out.Ride = &whyRide{Class: r.Class}
		if len(r.Ways) > 0 {
			out.Ride.Milliseconds, out.Ride.Minutes, out.Ride.Facility = r.Ways[0].Millis, explain.Minutes(r.Ways[0].Millis), p.q.Sites[r.Ways[0].Site].ID
		}
	}
	return c.JSON(http.StatusOK, out)
}

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
		if q.Has("lon") || q.Has("lat") || q.Has("service") || q.Has("facility") || q.Has("to") {
			return p, planner.Errorf(planner.Invalid, "gap已说明地点和服务,不能再给lon、lat、service、facility或to", "gap names place and service: lon, lat, service, facility and to do not go with it")
		}
		return p, a.whyGap(c, &p)
	}
	if q.Has("run") {
		return p, planner.Errorf(planner.Invalid, "run只与gap同用", "run goes with gap only")
	}
	if p.q.Place, err = lonLat(c); err != nil {
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

func siteOf(s explain.Site, m float64) whySite { return whySite{s.ID, s.Name, s.Point, metres(m)} }

func wayJSON(sites []explain.Site, w explain.Way) whyWay {
	f := geojson.NewFeature(w.Line)
	legs := make([]whyLeg, len(w.Legs))
	for i, l := range w.Legs {
		legs[i] = whyLeg{l.Kind, l.Millis, metres(l.Metres), l.First, l.Last}
	}
	f.Properties["legs"] = legs
	return whyWay{siteOf(sites[w.Site], w.Metres), w.Millis, explain.Minutes(w.Millis), f}
}

func metres(m float64) float64 { return math.Round(m*10) / 10 }
