package app

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/run"
)

// isochroneQuestion is the body of POST /isochrones; GET says the same in its query.
type isochroneQuestion struct {
	Points     []place  `json:"points"`
	Facility   string   `json:"facility"`
	Facilities []string `json:"facilities"`
	Service    string   `json:"service"`
	Minutes    []int    `json:"minutes"`
	Profile    string   `json:"profile"`
	Speed      speed    `json:"speed"`
	Direction  said     `json:"direction"`
	Union      bool     `json:"union"`
}

// held is how much of an answer waits before it begins to flow: what is smaller has a length, and an error in it a status.
const held = 256 << 10

func (a *API) isochrones(c echo.Context) error {
	var ask isochroneQuestion
	var err error
	if c.Request().Method == http.MethodPost {
		err = bodyWithoutNull(c, &ask, maxBody)
	} else {
		ask, err = isochroneQuery(c)
	}
	if err != nil {
		return err
	}
	way, err := a.wayOf(ask.Profile, ask.Direction, "inbound", ask.Speed)
	if err != nil {
		return err
	}
	for _, id := range append(ask.Facilities, ask.Facility) {
		if id != "" {
			ask.Points = append(ask.Points, place{facility: id})
		}
	}
	if len(ask.Points) > isochrone.MaxUnited { // before each is looked up
		return planner.Errorf(planner.TooLarge, "一次最多%d个点", "at most %d places at once", isochrone.MaxUnited)
	}
	if err := a.lookUp(c, ask.Points); err != nil {
		return err
	}
	if ask.Service != "" {
		offering, err := a.offeringNow(c, ask.Service)
		if err != nil {
			return err
		}
		ask.Points = append(ask.Points, offering...)
	}
	if len(ask.Minutes) == 0 {
		ask.Minutes = []int{5, 10, 15}
	}
	survey, err := a.Isochrones.Survey(c.Request().Context(), isochrone.Question{Places: points(ask.Points), Minutes: ask.Minutes, Way: way, Union: ask.Union})
	if err != nil {
		return err
	}
	return drawAll(c, survey, ask)
}

// drawAll answers with the isochrones; what is long flows while it is drawn.
func drawAll(c echo.Context, survey *isochrone.Survey, ask isochroneQuestion) error {
	out := flow{c: c, media: "application/geo+json"}
	out.b = append(out.b, `{"type":"FeatureCollection","features":[`...)
	common, off := terms(survey.Terms), 0
	next := func() {
		if n := len(out.b); n == 0 || out.b[n-1] == '}' { // what was before has gone already
			out.b = append(out.b, ',')
		}
	}
	for i, p := range survey.Places {
		if p.Err == nil {
			continue
		}
		off++
		if !ask.Union { // a place without a street does not spoil the others
			next()
			out.b = appendOff(out.b, i, ask.Points[i], p.Err)
			out.b = append(append(out.b, common...), "}}"...)
		}
	}
	err := survey.Draw(c.Request().Context(), func(d isochrone.Isochrone) error {
		next()
		out.b = append(out.b, `{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":`...)
		out.b = append(circle.AppendCoordinates(out.b, d.Polygon), '}')
		if d.Place < 0 {
			out.b = append(out.b, `,"properties":{"union":true,"places":`...)
			out.b = strconv.AppendInt(out.b, int64(len(survey.Places)-off), 10)
			out.b = append(out.b, `,"off_network":`...)
			out.b = strconv.AppendInt(out.b, int64(off), 10)
		} else {
			out.b = appendPlace(out.b, d.Place, ask.Points[d.Place])
			at := survey.Places[d.Place]
			out.b = append(out.b, `,"snapped":`...)
			out.b = appendPoint(out.b, at.Point)
			out.b = append(out.b, `,"snap_metres":`...)
			out.b = strconv.AppendFloat(out.b, at.Metres, 'f', 1, 64)
		}
		out.b = append(out.b, `,"minutes":`...)
		out.b = strconv.AppendInt(out.b, int64(d.Minutes), 10)
		out.b = append(out.b, `,"area_m2":`...)
		out.b = strconv.AppendFloat(out.b, d.SquareMetre, 'f', 0, 64)
		out.b = append(append(out.b, common...), "}}"...)
		return out.pass(held)
	})
	if err != nil {
		return err
	}
	out.b = append(out.b, "]}"...)
	return out.end()
}

// terms is what every feature says of how it was made.
func terms(t isochrone.Terms) []byte {
	b := append([]byte(`,"profile":`), strconv.Quote(t.Profile)...)
	b = append(b, `,"speed":`...)
	if t.MetresPerSecond > 0 {
		b = strconv.AppendFloat(b, t.MetresPerSecond, 'g', 4, 64)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"direction":"`+directions[t.Direction]+`","slope_factor":[`...)
	b = strconv.AppendFloat(b, t.SlopeLeast, 'g', 4, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, t.SlopeGreatest, 'g', 4, 64)
	b = append(b, `],"engine":"`+run.Engine+`","data_version":`...)
	b = strconv.AppendInt(b, t.Version, 10)
	return append(b, `,"network":"`+t.Network+`"`...)
}

func appendPlace(b []byte, i int, p place) []byte {
	b = append(b, `,"properties":{"point":`...)
	b = strconv.AppendInt(b, int64(i), 10)
	b = append(b, `,"asked":`...)
	b = appendPoint(b, p.point)
	if p.facility != "" {
		b = append(b, `,"facility":`...)
		b = appendText(b, p.facility)
		b = append(b, `,"name":`...)
		b = appendText(b, p.name)
	}
	return b
}

// appendOff writes a place that no street is near as a feature without geometry.
func appendOff(b []byte, i int, p place, err error) []byte {
	b = append(b, `{"type":"Feature","geometry":null`...)
	b = appendPlace(b, i, p)
	b = append(b, `,"minutes":null,"reason":`...)
	return appendText(b, planner.ReasonOf(err))
}

func appendPoint(b []byte, p orb.Point) []byte {
	b = append(b, '[')
	b = strconv.AppendFloat(b, p[0], 'f', 7, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, p[1], 'f', 7, 64)
	return append(b, ']')
}

func isochroneQuery(c echo.Context) (ask isochroneQuestion, err error) {
	if err := only(c, "lon", "lat", "facility", "service", "minutes", "profile", "speed", "direction", "union"); err != nil {
		return ask, err
	}
	if err := filled(c); err != nil {
		return ask, err
	}
	q := c.QueryParams()
	ask.Facilities, ask.Service, ask.Profile, ask.Direction, ask.Speed = q["facility"], q.Get("service"), q.Get("profile"), said(q.Get("direction")), speed(q.Get("speed"))
	if q.Has("lon") || q.Has("lat") {
		at, err := lonLat(c)
		if err != nil {
			return ask, err
		}
		ask.Points = []place{{point: at}}
	}
	if q.Has("union") {
		if ask.Union, err = strconv.ParseBool(q.Get("union")); err != nil {
			return ask, planner.Errorf(planner.Invalid, "union应为true或false,不是「%s」", "union must be true or false, not %q", q.Get("union"))
		}
	}
	if text := q.Get("minutes"); text != "" {
		for _, part := range strings.Split(text, ",") {
			m, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil {
				return ask, planner.Errorf(planner.Invalid, "minutes应为逗号分隔的整数,如5,10,15,收到「%s」", "minutes must be whole numbers with commas between, as 5,10,15; got %q", text)
			}
			ask.Minutes = append(ask.Minutes, m)
		}
	}
	return ask, nil
}

// lonLat reads the two query parameters.
func lonLat(c echo.Context) (p orb.Point, err error) {
	for i, name := range []string{"lon", "lat"} {
		if p[i], err = strconv.ParseFloat(c.QueryParam(name), 64); err != nil {
			return p, planner.Errorf(planner.Invalid, "%s应为数字,不是「%s」", "%s must be a number, not %q", name, c.QueryParam(name))
		}
	}
	return p, nil
}
