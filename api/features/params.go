package features

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Limits of a page: the greatest is what conformance suites and clients page by.
const (
	defaultLimit = 10
	maxLimit     = 10_000
)

// itemParams are the query parameters of items that are not properties.
var itemParams = []string{"limit", "bbox", "datetime", "cursor", "run", "f", "filter", "filter-lang", "filter-crs", "properties", "sortby", "crs", "bbox-crs", "lang"}

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
			q.BBox, q.BBoxCRS, err = parseBBox(v, values.Get("bbox-crs"))
		case name == "bbox-crs":
			_, err = parseCRS(name, v)
		case name == "crs":
			q.CRS, err = parseCRS(name, v)
		case name == "datetime":
			q.Time, err = parseDatetime(v)
		case name == "cursor":
			var cur cursor
			if cur, err = parseCursor(v, c.ID); err == nil {
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
			q.FilterCRS, err = parseCRS(name, v)
		case name == "f":
			err = checkFormat(v)
		case name == "lang":
			err = checkLang(v)
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

func parseLimit(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, planner.Errorf(planner.Invalid, "参数limit应为1到%[2]d的整数,不是「%[1]s」", "parameter limit must be a whole number from 1 to %[2]d, not %[1]q", s, maxLimit)
	}
	return min(n, maxLimit), nil
}
