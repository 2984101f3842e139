package ingest

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/reconcile"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Refused is a row of a file that could not be read.
type Refused struct {
	Line   int
	Reason planner.Text
}

// Facilities reads lists of facilities as an import would, without a database:
// files, system, encoding and mapping of o. Rows that cannot be read are told one by one.
func Facilities(ctx context.Context, o Options) (rows []reconcile.Row, refused []Refused, err error) {
	im := &importer{kind: facilities, o: o}
	if o.CRS != "" {
		if im.crs, err = crs.Parse(o.CRS); err != nil {
			return nil, nil, planner.Errorf(planner.Invalid, "不认识坐标系「%s」", "unknown coordinate system %q", o.CRS)
		}
		im.explicit = true
	}
	err = im.eachRow(ctx, func(_ int, row Row, bound binding, wrong *planner.Text) error {
		if wrong != nil {
			refused = append(refused, Refused{row.Number, *wrong})
			return nil
		}
		c := &cells{row: row, bound: bound, fields: facilities.fields}
		rec := facilities.read(c)
		var geom orb.Geometry
		if c.wrong == nil {
			geom, c.wrong = facilities.locate(rec.geom, im.crs)
		}
		if c.wrong != nil {
			refused = append(refused, Refused{row.Number, *c.wrong})
			return nil
		}
		rows = append(rows, reconcile.Row{Line: row.Number, Facility: facilityOf(rec, geom)})
		return nil
	})
	return rows, refused, err
}

// facilityOf is a facility of the row's values, which stand in the order of the columns.
func facilityOf(r record, geom orb.Geometry) run.Facility {
	text := func(v any) string {
		if s, ok := v.(*string); ok && s != nil {
			return *s
		}
		return ""
	}
	whole := func(v any) *int {
		var n int
		switch x := v.(type) {
		case *int32:
			if x == nil {
				return nil
			}
			n = int(*x)
		case *int16:
			if x == nil {
				return nil
			}
			n = int(*x)
		default:
			return nil
		}
		return &n
	}
	f := run.Facility{ID: r.key}
	for i, c := range facilities.columns {
		v := r.values[i]
		switch c.name {
		case "name":
			f.Name, _ = v.(string)
		case "site_id":
			f.SiteID = text(v)
		case "services":
			f.Services, _ = v.([]string)
		case "unit_code":
			f.Unit = planner.Code(text(v))
		case "status":
			f.Status, _ = v.(string)
		case "weekly_open_days":
			f.WeeklyOpenDays = whole(v)
		case "opened":
			f.Opened, _ = v.(*time.Time)
		case "closed":
			f.Closed, _ = v.(*time.Time)
		case "beds":
			f.Beds = whole(v)
		case "nursing_beds":
			f.NursingBeds = whole(v)
		case "capacity_left":
			f.CapacityLeft = whole(v)
		}
	}
	if p, ok := geom.(orb.Point); ok {
		f.Point = &p
	}
	return f
}
