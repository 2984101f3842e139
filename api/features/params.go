package features

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Limits of a page: the greatest is what conformance suites and clients page by.
const (
	defaultLimit = 10
	maxLimit     = 10_000
)

// cursor is where the next page starts, and in which snapshot: pages of one
// download agree while a run is being published.
type cursor struct {
	After string `json:"a"`
	layer.Snapshot
}

func (c cursor) String() string {
	b, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string) (c cursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.After == "" || strings.ContainsRune(c.After, 0) {
		return c, planner.Errorf(planner.Invalid, "参数cursor无效,请从第一页重新开始", "parameter cursor is not valid: start again from the first page")
	}
	return c, nil
}

// itemParams are the query parameters of items that are not properties.
var itemParams = []string{"limit", "bbox", "datetime", "cursor", "run", "f", "filter", "filter-lang", "filter-crs", "properties", "sortby"}

// query reads the parameters of an items request. An unknown parameter is an error.
func query(c layer.Collection, values url.Values) (q layer.Query, run string, err error) {
	q = layer.Query{Collection: c.ID, Limit: defaultLimit, Equals: map[string]string{}}
	for name := range values {
		v := values.Get(name)
		p, isProperty := c.Property(name)
		switch {
		case name == "limit":
			q.Limit, err = parseLimit(v)
		case name == "bbox":
			q.BBox, err = parseBBox(v)
		case name == "datetime":
			err = checkDatetime(v)
		case name == "cursor":
			var cur cursor
			if cur, err = parseCursor(v); err == nil {
				q.AfterID, q.Snapshot = cur.After, cur.Snapshot
			}
		case name == "run":
			run = v
		case name == "properties":
			q.Properties, err = parseProperties(v, c)
		case name == "sortby":
			q.Sort, err = parseSort(v, c)
		case name == "filter":
			q.Filter, err = parseFilter(v, values.Get("filter-lang"))
		case name == "filter-lang":
			err = checkLanguage(v)
		case name == "filter-crs":
			q.FilterCRS, err = parseCRS(v)
		case name == "f":
			err = checkFormat(v)
		case isProperty && p.Queryable:
			if strings.ContainsRune(v, 0) {
				err = planner.Errorf(planner.Invalid, "参数%s含有无效字符", "parameter %s has an invalid character", name)
			}
			q.Equals[name] = v
		default:
			err = unknown(name, c)
		}
		if err != nil {
			return q, run, err
		}
	}
	return q, run, nil
}

func unknown(name string, c layer.Collection) error {
	known := slices.Clone(itemParams)
	for _, p := range c.Properties {
		if p.Queryable {
			known = append(known, p.Name)
		}
	}
	slices.Sort(known)
	return planner.Errorf(planner.Invalid, "未知参数「%s」,可用参数:%s", "unknown parameter %q; there are: %s", name, strings.Join(known, ", "))
}

func checkFormat(f string) error {
	if f == "" || f == "json" || f == "geojson" {
		return nil
	}
	return planner.Errorf(planner.Invalid, "不支持的格式f=%s,可用:json", "format f=%s is not offered; there is: json", f)
}

func parseLimit(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, planner.Errorf(planner.Invalid, "参数limit应为1到%[2]d的整数,不是「%[1]s」", "parameter limit must be a whole number from 1 to %[2]d, not %[1]q", s, maxLimit)
	}
	return min(n, maxLimit), nil
}

// parseBBox reads 4 or 6 numbers (lon, lat); west above east crosses the antimeridian and becomes two boxes.
func parseBBox(s string) ([]orb.Bound, error) {
	bad := planner.Errorf(planner.Invalid, "参数bbox应为4个(或6个)数字:西经度,南纬度,东经度,北纬度;收到「%.80s」", "parameter bbox must be 4 (or 6) numbers: west, south, east, north; got %.80q", s)
	parts := strings.Split(s, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, bad
	}
	var n []float64
	for _, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, bad
		}
		n = append(n, v)
	}
	if len(n) == 6 {
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	w, south, e, north := n[0], n[1], n[2], n[3]
	if south > north || math.Abs(w) > 180 || math.Abs(e) > 180 || math.Abs(south) > 90 || math.Abs(north) > 90 {
		return nil, bad
	}
	if w > e {
		return []orb.Bound{{Min: orb.Point{w, south}, Max: orb.Point{180, north}}, {Min: orb.Point{-180, south}, Max: orb.Point{e, north}}}, nil
	}
	return []orb.Bound{{Min: orb.Point{w, south}, Max: orb.Point{e, north}}}, nil
}

// checkDatetime reads an instant or interval of RFC 3339. Our layers have no
// time of their own yet, so that every feature matches any valid one.
func checkDatetime(s string) error {
	bad := planner.Errorf(planner.Invalid, "参数datetime应为RFC 3339时刻或区间,收到「%.60s」", "parameter datetime must be an RFC 3339 instant or interval, got %.60q", s)
	var times []time.Time
	ends := strings.Split(s, "/")
	open := 0
	for _, end := range ends {
		if len(ends) == 2 && (end == "" || end == "..") {
			open++
			continue
		}
		end = strings.TrimSuffix(end, "T") // GDAL 3.6 writes days of its date columns so
		t, err := time.Parse(time.RFC3339Nano, end)
		if err != nil {
			if t, err = time.Parse(time.DateOnly, end); err != nil {
				return bad
			}
		}
		times = append(times, t)
	}
	if len(ends) > 2 || open == 2 || len(times) == 2 && times[0].After(times[1]) {
		return bad
	}
	return nil
}
