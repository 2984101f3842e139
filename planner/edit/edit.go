// Package edit is the correction of one row of the base data by hand: which fields
// may be corrected, what they may hold, and how a correction is told.
package edit

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// kind is what a field holds.
type kind uint8

const (
	name kind = iota // text that must be there
	text             // text or null
	texts
	code  // a division code
	point // [lon, lat]
	truth
	count
)

// Fields are what can be corrected of each layer.
var fields = map[string]map[string]kind{
	"units":      {"name": name, "parent_code": code, "reporting_parent": code, "class": text, "is_island": truth, "point": point},
	"places":     {"name": name, "romanisation": text, "aliases": texts, "old_names": texts, "class": text, "unit_code": code, "meaning": text, "history": text, "point": point},
	"addresses":  {"full_text": name, "unit_code": code, "street": text, "hamlet": text, "plate": text, "compound": text, "building": text, "entrance": text, "floor": text, "room": text, "std_code": text, "use": text, "point": point},
	"facilities": {"name": name, "unit_code": code, "address": text, "beds": count, "nursing_beds": count, "capacity_left": count, "weekly_open_days": count, "point": point},
}

// Layers lists what can be corrected.
var Layers = []string{"units", "places", "addresses", "facilities"}

// Change is what somebody wants corrected.
type Change struct {
	Layer   string                     `json:"-"`
	ID      string                     `json:"-"`
	Set     map[string]json.RawMessage `json:"set"`
	CRS     string                     `json:"crs"`     // of the point; "" is EPSG:4490
	Reason  string                     `json:"reason"`  // at least 2 characters
	Version int64                      `json:"version"` // data version of the row that was looked at; 0 is whatever is there
}

// Values checks a change and gives its fields as the database takes them: points as EWKT.
// Errors are planner.Invalid.
func (c Change) Values() (map[string]any, error) {
	known, ok := fields[c.Layer]
	if !ok {
		return nil, planner.Errorf(planner.NotFound, "没有图层「%s」,可更正:%s", "there is no layer %q; corrected are: %s", c.Layer, strings.Join(Layers, ", "))
	}
	if utf8.RuneCountInString(strings.TrimSpace(c.Reason)) < 2 || len(c.Reason) > 2000 {
		return nil, planner.Errorf(planner.Invalid, "请写明更正理由(reason)", "say why (reason)")
	}
	if len(c.Set) == 0 {
		return nil, planner.Errorf(planner.Invalid, "没有要更正的内容(set)", "there is nothing to correct (set)")
	}
	values := map[string]any{}
	for field, raw := range c.Set {
		k, ok := known[field]
		if !ok {
			return nil, planner.Errorf(planner.Invalid, "「%[1]s」不能更正;可更正:%[2]s", "%[1]q cannot be corrected; these can: %[2]s", field, strings.Join(names(known), ", "))
		}
		v, err := k.read(raw, c.CRS)
		if err != nil {
			return nil, planner.Wrap(err, planner.Invalid, "「%[1]s」的值有误:%[2]v", "%[1]s: %[2]v", field, err)
		}
		values[field] = v
	}
	return values, nil
}

func names(known map[string]kind) []string {
	var all []string
	for f := range known {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// read takes a field from JSON; null empties it.
func (k kind) read(raw json.RawMessage, system string) (any, error) {
	null := string(raw) == "null"
	switch k {
	case name, text:
		var s *string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		if s == nil || strings.TrimSpace(*s) == "" {
			if k == name {
				return nil, fmt.Errorf("it must not be empty")
			}
			return nil, nil
		}
		if utf8.RuneCountInString(*s) > 2000 || strings.ContainsRune(*s, 0) {
			return nil, fmt.Errorf("it is too long, or holds a zero byte")
		}
		return strings.TrimSpace(*s), nil
	case texts:
		list := []string{}
		err := json.Unmarshal(raw, &list)
		if list == nil {
			list = []string{}
		}
		return list, err
	case code:
		var s string
		if null {
			return nil, nil
		}
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		c, err := planner.ParseCode(s)
		return string(c), err
	case truth:
		var b bool
		err := json.Unmarshal(raw, &b)
		return b, err
	case count:
		var n *uint16
		err := json.Unmarshal(raw, &n)
		if err != nil || n == nil {
			return nil, err
		}
		return *n, nil
	}
	if null {
		return nil, nil
	}
	var p orb.Point
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("write [lon, lat]")
	}
	c := crs.WGS84
	if system != "" {
		var err error
		if c, err = crs.Parse(system); err != nil {
			return nil, err
		}
	}
	if !c.Accepts(p) {
		return nil, fmt.Errorf("(%g, %g) is outside %v (%s)", p[0], p[1], c, c.Axes())
	}
	p = c.ToLonLat(p)
	degrees := func(v float64) string { return strconv.FormatFloat(math.Round(v*1e9)/1e9, 'f', -1, 64) } // 0.1 mm, as the database writes it back
	return "SRID=4326;POINT(" + degrees(p[0]) + " " + degrees(p[1]) + ")", nil
}

// Edit is a correction that was made.
type Edit struct {
	ID          int64           `json:"id"`
	At          time.Time       `json:"at"`
	Actor       string          `json:"actor"`
	Reason      string          `json:"reason"`
	Layer       string          `json:"layer"`
	Row         string          `json:"row"` // id of the row in the layer
	Source      string          `json:"source"`
	Unit        string          `json:"unit"`
	Version     int64           `json:"version"` // data version that it made
	Before      json.RawMessage `json:"before"`
	After       json.RawMessage `json:"after"`
	Undoes      *int64          `json:"undoes"`
	UndoneBy    *int64          `json:"undone_by"`
	OverruledBy *int64          `json:"overruled_by"` // data version in which the source's own row changed and took its place
}

// State tells what has become of a correction.
func (e Edit) State() string {
	switch {
	case e.UndoneBy != nil:
		return "undone"
	case e.OverruledBy != nil:
		return "conflict"
	}
	return "holds"
}
