package app

import (
	"context"
	"math"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/explain"
	"github.com/lifecircle/lifecircle/planner/isochrone"
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
	if err := only(c, "lon", "lat", "unit", "gap", "run", "service", "facility", "to", "minutes", "profile", "speed", "direction", "ride"); err != nil {
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
		m, at := metres(w.Place.Metres), rounded(w.Place.Point)
		out.Place.Snapped, out.Place.SnapMetres = &at, &m
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
		out.Between = &whyObstacle{Kind: o.Kind, Name: river, At: rounded(o.At), Site: siteOf(site, geo.DistanceHaversine(p.q.Place, site.Point))}
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

func siteOf(s explain.Site, m float64) whySite { return whySite{s.ID, s.Name, s.Point, metres(m)} }

func wayJSON(sites []explain.Site, w explain.Way) whyWay {
	for i := range w.Line {
		w.Line[i] = rounded(w.Line[i])
	}
	f := geojson.NewFeature(w.Line)
	legs := make([]whyLeg, len(w.Legs))
	for i, l := range w.Legs {
		legs[i] = whyLeg{l.Kind, l.Millis, metres(l.Metres), l.First, l.Last}
	}
	f.Properties["legs"] = legs
	return whyWay{siteOf(sites[w.Site], w.Metres), w.Millis, explain.Minutes(w.Millis), f}
}

// rounded is a point to 1e-7 degree, a centimetre.
func rounded(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
}

func metres(m float64) float64 { return math.Round(m*10) / 10 }
