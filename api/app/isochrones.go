package app

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// isochroneQuestion is the body of POST /isochrones; GET says the same in its query.
type isochroneQuestion struct {
	Points    []orb.Point `json:"points"`
	Facility  string      `json:"facility"`
	Minutes   []int       `json:"minutes"`
	Profile   string      `json:"profile"`
	Speed     float64     `json:"speed"`
	Direction string      `json:"direction"`
}

// maxDrawn bounds the points of one request; a run draws thousands.
const maxDrawn = 100

func (a *API) isochrones(c echo.Context) error {
	var ask isochroneQuestion
	var err error
	if c.Request().Method == http.MethodPost {
		err = body(c, &ask)
	} else {
		ask, err = isochroneQuery(c)
	}
	if err != nil {
		return err
	}
	way, err := wayOf(ask.Profile, ask.Direction, "inbound", ask.Speed)
	if err != nil {
		return err
	}
	if ask.Facility != "" {
		at, err := a.facility(c, ask.Facility)
		if err != nil {
			return err
		}
		ask.Points = append(ask.Points, at)
	}
	if len(ask.Points) == 0 || len(ask.Points) > maxDrawn {
		return planner.Errorf(planner.Invalid, "请给出1到%d个点(lon、lat)或一个设施", "give 1 to %d points (lon, lat) or a facility", maxDrawn)
	}
	if len(ask.Minutes) == 0 {
		ask.Minutes = []int{5, 10, 15}
	}
	out := []byte(`{"type":"FeatureCollection","features":[`)
	for i, p := range ask.Points {
		drawn, err := a.Isochrones.Draw(c.Request().Context(), p, ask.Minutes, way)
		if err != nil {
			return err
		}
		for _, d := range drawn {
			if out[len(out)-1] == '}' {
				out = append(out, ',')
			}
			out = appendIsochrone(out, i, d, way)
		}
	}
	return c.Blob(http.StatusOK, "application/geo+json", append(out, "]}"...))
}

// appendIsochrone writes a feature; coordinates lie on the lattice of 1e-7 degree, so that 7 decimals are exact.
func appendIsochrone(b []byte, point int, d isochrone.Isochrone, way isochrone.Way) []byte {
	number := func(v float64, decimals int) { b = strconv.AppendFloat(b, v, 'f', decimals, 64) }
	b = append(b, `{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[`...)
	open := func(i int) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
	}
	for i, polygon := range d.Polygon {
		open(i)
		for j, ring := range polygon {
			open(j)
			for k, p := range ring {
				open(k)
				number(p[0], 7)
				b = append(b, ',')
				number(p[1], 7)
				b = append(b, ']')
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	b = append(b, `]},"properties":{"point":`...)
	b = strconv.AppendInt(b, int64(point), 10)
	b = append(b, `,"minutes":`...)
	b = strconv.AppendInt(b, int64(d.Minutes), 10)
	b = append(b, `,"profile":"`+way.Profile+`","direction":"`+directions[way.Direction]+`","snapped":[`...)
	number(d.Snapped[0], 7)
	b = append(b, ',')
	number(d.Snapped[1], 7)
	b = append(b, `],"snap_metres":`...)
	number(d.Metres, 1)
	return append(b, "}}"...)
}

var directions = map[travel.Direction]string{travel.Inbound: "inbound", travel.Outbound: "outbound"}

func isochroneQuery(c echo.Context) (ask isochroneQuestion, err error) {
	if err := only(c, "lon", "lat", "facility", "minutes", "profile", "speed", "direction"); err != nil {
		return ask, err
	}
	ask.Facility, ask.Profile, ask.Direction = c.QueryParam("facility"), c.QueryParam("profile"), c.QueryParam("direction")
	number := func(name string) float64 {
		v, e := strconv.ParseFloat(c.QueryParam(name), 64)
		if e != nil && err == nil {
			err = planner.Errorf(planner.Invalid, "%s应为数字,不是「%s」", "%s must be a number, not %q", name, c.QueryParam(name))
		}
		return v
	}
	if c.QueryParams().Has("lon") || c.QueryParams().Has("lat") {
		ask.Points = []orb.Point{{number("lon"), number("lat")}}
	}
	if c.QueryParams().Has("speed") {
		ask.Speed = number("speed")
	}
	if text := c.QueryParam("minutes"); text != "" {
		for _, part := range strings.Split(text, ",") {
			m, e := strconv.Atoi(strings.TrimSpace(part))
			if e != nil && err == nil {
				err = planner.Errorf(planner.Invalid, "minutes应为逗号分隔的整数,如5,10,15,收到「%s」", "minutes must be whole numbers with commas between, as 5,10,15; got %q", text)
			}
			ask.Minutes = append(ask.Minutes, m)
		}
	}
	return ask, err
}

// wayOf reads how to travel; the profile is that of the 15-minute circle unless another is named.
func wayOf(profile, direction, usual string, speed float64) (isochrone.Way, error) {
	way := isochrone.Way{Profile: profile, Speed: speed}
	if profile == "" {
		way.Profile = "elder_60_69"
	}
	if direction == "" {
		direction = usual
	}
	switch direction {
	case "inbound":
		way.Direction = travel.Inbound
	case "outbound":
		way.Direction = travel.Outbound
	default:
		return way, planner.Errorf(planner.Invalid, "direction应为inbound或outbound,不是「%s」", "direction must be inbound or outbound, not %q", direction)
	}
	return way, nil
}

// facility finds where a facility stands.
func (a *API) facility(c echo.Context, id string) (orb.Point, error) {
	if a.Reading == nil {
		return orb.Point{}, planner.Errorf(planner.Invalid, "此服务只有路网,没有设施", "this server has a network only, no facilities")
	}
	ctx := c.Request().Context()
	snap, err := a.Reading.Latest(ctx)
	if err != nil {
		return orb.Point{}, err
	}
	found, err := a.Reading.Feature(ctx, layer.Query{Collection: "facilities", Snapshot: snap, Viewer: a.Viewer(c.Request())}, id)
	if err != nil {
		return orb.Point{}, err
	}
	f, err := geojson.UnmarshalFeature(found.JSON)
	if err != nil {
		return orb.Point{}, err
	}
	at, ok := f.Geometry.(orb.Point)
	if !ok {
		return at, planner.Errorf(planner.NotFound, "设施「%s」没有坐标", "facility %q has no coordinates", id)
	}
	return at, nil
}

// travelTimes streams the matrix: an array of milliseconds for each source, null where there is no way in the limit.
func (a *API) travelTimes(c echo.Context) error {
	ask := struct {
		Sources   []orb.Point `json:"sources"`
		Targets   []orb.Point `json:"targets"`
		Minutes   int         `json:"minutes"`
		Profile   string      `json:"profile"`
		Speed     float64     `json:"speed"`
		Direction string      `json:"direction"`
	}{Minutes: 60}
	if err := body(c, &ask); err != nil {
		return err
	}
	way, err := wayOf(ask.Profile, ask.Direction, "outbound", ask.Speed)
	if err != nil {
		return err
	}
	var w *bufio.Writer // opened by the first row, so that an error before it is an answer of its own
	var row []byte
	err = a.Isochrones.Times(c.Request().Context(), ask.Sources, ask.Targets, ask.Minutes, way, func(times []travel.Millis) error {
		sep := byte(',')
		if w == nil {
			c.Response().Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
			c.Response().WriteHeader(http.StatusOK)
			w = bufio.NewWriterSize(c.Response(), 64<<10)
			w.WriteString(`{"milliseconds":`)
			sep = '['
		}
		row = append(row[:0], sep, '\n', '[')
		for i, t := range times {
			if i > 0 {
				row = append(row, ',')
			}
			if t == travel.Unreached {
				row = append(row, "null"...)
			} else {
				row = strconv.AppendUint(row, uint64(t), 10)
			}
		}
		_, err := w.Write(append(row, ']'))
		return err
	})
	if err != nil {
		return err
	}
	w.WriteString("]}\n")
	return w.Flush()
}
