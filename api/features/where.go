package features

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// parseBBox reads 4 or 6 numbers in the axis order of their system, CRS84 without
// one. In degrees west above east crosses the antimeridian and becomes two
// boxes; a projected box comes back with its system.
func parseBBox(s, system string) ([]orb.Bound, layer.CRS, error) {
	var crs layer.CRS
	if system != "" {
		var err error
		if crs, err = parseCRS("bbox-crs", system); err != nil {
			return nil, crs, err
		}
	}
	bad := planner.Errorf(planner.Invalid, "参数bbox应为4个(或6个)数字:西经度,南纬度,东经度,北纬度(或bbox-crs坐标系的轴序);收到「%.80s」", "parameter bbox must be 4 (or 6) numbers: west, south, east, north, or in the axis order of bbox-crs; got %.80q", s)
	parts := strings.Split(s, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, crs, bad
	}
	var n []float64
	for _, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, crs, bad
		}
		n = append(n, v)
	}
	if len(n) == 6 {
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	if crs.YX {
		n[0], n[1], n[2], n[3] = n[1], n[0], n[3], n[2]
	}
	w, south, e, north := n[0], n[1], n[2], n[3]
	box := orb.Bound{Min: orb.Point{w, south}, Max: orb.Point{e, north}}
	domain := crs.Domain()
	switch beyond := !domain.Contains(box.Min) || !domain.Contains(box.Max); {
	case south > north, w > e && !crs.Geographic(), beyond && system == "":
		return nil, crs, bad
	case beyond: // a part of the plane where the system has nothing
		clipped := orb.Bound{Min: orb.Point{max(w, domain.Min[0]), max(south, domain.Min[1])}, Max: orb.Point{min(e, domain.Max[0]), min(north, domain.Max[1])}}
		return []orb.Bound{clipped}, projected(crs), nil
	case !crs.Geographic():
		return []orb.Bound{box}, crs, nil
	}
	if w > e {
		return []orb.Bound{{Min: box.Min, Max: orb.Point{180, north}}, {Min: orb.Point{-180, south}, Max: box.Max}}, layer.CRS{}, nil
	}
	return []orb.Bound{box}, layer.CRS{}, nil
}

// projected is the system of a box that is not in degrees; degrees are all alike here.
func projected(c layer.CRS) layer.CRS {
	if c.Geographic() {
		return layer.CRS{}
	}
	return c
}

// parseDatetime reads an instant or an interval of RFC 3339, either end open
// (".." or nothing). A date alone is all of its day in UTC.
func parseDatetime(s string) (*layer.Interval, error) {
	bad := planner.Errorf(planner.Invalid, "参数datetime应为RFC 3339时刻或区间,收到「%.60s」", "parameter datetime must be an RFC 3339 instant or interval, got %.60q", s)
	ends := strings.Split(s, "/")
	open := func(i int) bool { return len(ends) == 2 && (ends[i] == "" || ends[i] == "..") }
	if len(ends) > 2 || len(ends) == 2 && open(0) && open(1) {
		return nil, bad
	}
	var q layer.Interval
	for i, end := range ends {
		if open(i) {
			continue
		}
		end = strings.TrimSuffix(end, "T") // GDAL 3.6 writes days of its date columns so
		begin, err := time.Parse(time.RFC3339Nano, end)
		until := begin
		if err != nil {
			if begin, err = time.Parse(time.DateOnly, end); err != nil {
				return nil, bad
			}
			until = begin.AddDate(0, 0, 1).Add(-time.Microsecond)
		}
		if i == 0 {
			q.From = &begin
		}
		if i == len(ends)-1 {
			q.To = &until
		}
	}
	if q.From != nil && q.To != nil && q.From.After(*q.To) {
		return nil, bad
	}
	return &q, nil
}
