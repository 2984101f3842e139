package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/cql2"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// place is where a question about travel starts or ends: a point, or a facility's.
type place struct {
	point          orb.Point
	facility, name string
}

// UnmarshalJSON reads [lon, lat], or the id of a facility, whose point is looked up later.
func (p *place) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &p.facility); err != nil || p.facility != "" {
			return err
		}
		return planner.Errorf(planner.Invalid, "设施编号不能为空", "the id of a facility is empty")
	}
	return pointOf(b, &p.point)
}

// pointOf reads [lon, lat] strictly: three numbers are no point.
func pointOf(b []byte, p *orb.Point) error {
	var numbers []float64
	if err := json.Unmarshal(b, &numbers); err != nil {
		return err
	}
	if len(numbers) != 2 {
		return planner.Errorf(planner.Invalid, "点应为[经度,纬度],收到%s", "a point must be [lon, lat], got %s", b)
	}
	*p = orb.Point{numbers[0], numbers[1]}
	return nil
}

// lookUp finds the points of places that name a facility.
func (a *API) lookUp(c echo.Context, places ...[]place) error {
	known := map[string]place{}
	var ids []string
	for _, list := range places {
		for _, p := range list {
			if _, seen := known[p.facility]; p.facility != "" && !seen {
				known[p.facility], ids = place{}, append(ids, p.facility)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	snap, err := a.latest(c)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, 1000) {
		if err := a.facilities(c, snap, some, known); err != nil {
			return err
		}
	}
	for _, list := range places {
		for i, p := range list {
			if p.facility == "" {
				continue
			}
			found := known[p.facility]
			if found.facility == "" {
				return planner.Errorf(planner.NotFound, "没有设施「%s」", "there is no facility %q", p.facility).Because("unknown_facility")
			}
			list[i] = found
		}
	}
	return nil
}

// latest is the snapshot of the latest data.
func (a *API) latest(c echo.Context) (layer.Snapshot, error) {
	if a.Reading == nil {
		return layer.Snapshot{}, planner.Errorf(planner.Invalid, "此服务只有路网,没有设施", "this server has a network only, no facilities").Because("network_only")
	}
	return a.Reading.Latest(c.Request().Context())
}

// facilities finds where facilities stand, and adds them to known.
func (a *API) facilities(c echo.Context, snap layer.Snapshot, ids []string, known map[string]place) error {
	q := layer.Query{Collection: "facilities", Snapshot: snap, Viewer: a.Viewer(c.Request())}
	take := func(feature []byte) error {
		f, p, err := facilityOf(feature)
		if err == nil && f.Point == nil {
			err = planner.Errorf(planner.NotFound, "设施「%s」没有坐标", "facility %q has no coordinates", f.ID).Because("no_coordinates")
		}
		known[f.ID] = p
		return err
	}
	if len(ids) == 1 {
		found, err := a.Reading.Feature(c.Request().Context(), q, ids[0])
		if planner.KindOf(err) == planner.NotFound {
			return nil
		} else if err != nil {
			return err
		}
		return take(found.JSON)
	}
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = "'" + strings.ReplaceAll(id, "'", "''") + "'"
	}
	var err error
	if q.Filter, err = cql2.ParseText("facility_id IN (" + strings.Join(quoted, ",") + ")"); err != nil {
		return err
	}
	return a.Reading.Stream(c.Request().Context(), q, take)
}

// facilityOf reads what matters of a facility's feature.
func facilityOf(feature []byte) (f run.Facility, p place, err error) {
	decoded, err := geojson.UnmarshalFeature(feature)
	if err != nil {
		return f, p, err
	}
	text := func(name string) string { s, _ := decoded.Properties[name].(string); return s }
	day := func(name string) *time.Time {
		if t, err := time.Parse(time.DateOnly, text(name)); err == nil {
			return &t
		}
		return nil
	}
	f = run.Facility{ID: text("facility_id"), Name: text("name"), Status: text("status"), Opened: day("opened"), Closed: day("closed")}
	if days, ok := decoded.Properties["weekly_open_days"].(float64); ok {
		n := int(days)
		f.WeeklyOpenDays = &n
	}
	if at, ok := decoded.Geometry.(orb.Point); ok {
		f.Point, p.point = &at, at
	}
	p.facility, p.name = f.ID, f.Name
	return f, p, nil
}

// offering lists the facilities that offer one of some services on a day and stand somewhere, by id; NotFound when there is none.
func (a *API) offering(c echo.Context, snap layer.Snapshot, services []string, day time.Time) (all []place, err error) {
	for _, s := range services {
		if !slices.ContainsFunc(planner.Services, func(w planner.Word) bool { return w.ID == s }) {
			return nil, planner.Errorf(planner.Invalid, "没有服务「%s」,见/api/v1/words", "there is no service %q; see /api/v1/words", s).Because("unknown_service")
		}
	}
	v := a.Viewer(c.Request())
	key := fmt.Sprintf("%d %s %v %s", snap.Version, v.Key(), services, day.Format(time.DateOnly))
	if all, known := a.offers.get(key); known {
		return all, nil
	}
	filter, err := cql2.ParseText("A_OVERLAPS(services, ('" + strings.Join(services, "','") + "'))")
	if err != nil {
		return nil, err
	}
	q := layer.Query{Collection: "facilities", Snapshot: snap, Viewer: v, Filter: filter}
	err = a.Reading.Stream(c.Request().Context(), q, func(feature []byte) error {
		f, p, err := facilityOf(feature)
		if err == nil && f.Point != nil && f.Serves(day) {
			all = append(all, p)
		}
		return err
	})
	if err == nil && len(all) == 0 {
		err = planner.Errorf(planner.NotFound, "没有运营中的%v", "no facility offers %v", services).Because("no_facility")
	}
	if err == nil {
		a.offers.put(key, all)
	}
	return all, err
}

// offeringNow lists those of the latest data and today.
func (a *API) offeringNow(c echo.Context, service string) ([]place, error) {
	snap, err := a.latest(c)
	if err != nil {
		return nil, err
	}
	return a.offering(c, snap, []string{service}, time.Now())
}

func points(places []place) []orb.Point {
	all := make([]orb.Point, len(places))
	for i, p := range places {
		all[i] = p.point
	}
	return all
}

// said is a text that has no default once it is said: an empty one is wrong.
type said string

// UnmarshalJSON tells an empty text from none.
func (s *said) UnmarshalJSON(b []byte) error {
	err := json.Unmarshal(b, (*string)(s))
	if *s == "" {
		*s = " "
	}
	return err
}

// speed is m/s as a number, or a text with its unit: 1.1, "1.1m/s", "15km/h".
type speed string

// UnmarshalJSON takes a number or a text.
func (s *speed) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return (*said)(s).UnmarshalJSON(b)
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	*s = speed(n)
	return err
}

// metresPerSecond reads a speed; united tells whether it came with its unit.
func (s speed) metresPerSecond() (v float64, united bool, err error) {
	text, factor := strings.ReplaceAll(strings.ToLower(string(s)), " ", ""), 1.0
	if t, ok := strings.CutSuffix(text, "km/h"); ok {
		text, united, factor = t, true, 1/3.6
	} else if t, ok := strings.CutSuffix(text, "m/s"); ok {
		text, united = t, true
	}
	if v, err = strconv.ParseFloat(text, 64); err != nil || !(v > 0) {
		return 0, false, planner.Errorf(planner.Invalid, "speed应为正数,可带单位,如1.1、1.1m/s、15km/h,收到「%s」", "speed must be a positive number, with a unit if you like: 1.1, 1.1m/s, 15km/h; got %q", s)
	}
	return v * factor, united, nil
}

// wayOf reads how to travel; the profile is that of the 15-minute circle unless another is named.
func (a *API) wayOf(profile string, direction said, usual said, s speed) (way isochrone.Way, err error) {
	if way.Profile = profile; profile == "" {
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
	if s == "" {
		return way, nil
	}
	var united bool
	if way.Speed, united, err = s.metresPerSecond(); err == nil && !united && a.Isochrones.Wheels(way.Profile) {
		err = planner.Errorf(planner.Invalid, "出行方式%s是车辆,speed须带单位,如15km/h或4m/s", "%s rides: its speed needs a unit, as in 15km/h or 4m/s", way.Profile)
	}
	return way, err
}

var directions = map[travel.Direction]string{travel.Inbound: "inbound", travel.Outbound: "outbound"}
