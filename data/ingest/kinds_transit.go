package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
)

// transitStops are the stops of buses and shuttles, a row each. A delivery is the whole of its source: a line that was
// shortened must not keep its old end.
var transitStops = kind{
	name: "transit", table: "transit_stop", shape: onPoint, located: true, whole: true,
	fields: []field{
		{"route", "线路", true, []string{"线路名称", "线路编号", "公交线路", "班线", "路线", "线路号", "line", "routename", "routeid"}},
		{"direction", "方向", false, []string{"上下行", "行驶方向", "directionid"}},
		{"seq", "站序", true, []string{"序号", "站点序号", "顺序", "sequence", "stopsequence", "order"}},
		{"stop", "站名", true, []string{"站点", "站点名称", "停靠点", "车站", "站台", "stopname", "name"}},
		{"minutes", "到下一站分钟", false, []string{"到下站分钟", "到下一站时间", "至下一站分钟", "行驶时间", "站间时间", "运行时间", "minutestonext", "minutestonextstop", "tonext"}},
		{"headway", "发车间隔", false, []string{"间隔", "班次间隔", "发班间隔", "间隔时间", "headwayminutes", "frequency"}},
		{"first", "首班", false, []string{"首班时间", "首班车", "首班车时间", "始发时间", "firstdeparture", "firstbus"}},
		{"last", "末班", false, []string{"末班时间", "末班车", "末班车时间", "lastdeparture", "lastbus"}},
		{"trips", "班次数", false, []string{"日班次", "每日班次", "班次", "每天班次", "departures", "tripsperday"}},
		{"starts", "时段起", false, []string{"时段开始", "开始时间", "from", "start", "starttime"}},
		{"ends", "时段止", false, []string{"时段结束", "结束时间", "until", "end", "endtime"}},
		{"returns", "往返", false, []string{"是否往返", "原路返回", "twoway", "bothways"}},
		lonField, latField,
	},
	columns: []column{{"route", "text"}, {"direction", "text"}, {"stop_order", "double precision"}, {"stop", "text"}, {"minutes", "double precision"}, {"headway", "double precision"},
		{"first_trip", "integer"}, {"last_trip", "integer"}, {"trips", "integer"}, {"starts", "integer"}, {"ends", "integer"}, {"returns", "boolean"}},
	read: func(c *cells) record {
		r := c.transitRow()
		key := fmt.Sprintf("%s|%s|%v", r.Route, r.Direction, r.Seq)
		if r.From != nil && r.Until != nil {
			key += fmt.Sprintf("|%d-%d", *r.From, *r.Until)
		}
		return record{key: key, values: []any{r.Route, r.Direction, r.Seq, r.Stop, r.Minutes, r.Headway, r.First, r.Last, r.Trips, r.From, r.Until, r.Returns}, geom: c.geometry()}
	},
}

// transitRow reads a stop; its point stays in the coordinates of the file.
func (c *cells) transitRow() transit.Row {
	r := transit.Row{
		Number: c.row.Number, Route: digits(c.need("route")), Direction: c.text("direction"), Stop: c.need("stop"),
		Minutes: c.minutes("minutes"), Headway: c.minutes("headway"), First: c.clock("first"), Last: c.clock("last"), From: c.clock("starts"), Until: c.clock("ends"),
	}
	c.need("seq")
	r.Seq, _ = c.number("seq")
	if n := c.whole("trips", 1, 2000); n != nil {
		trips := int(*n)
		r.Trips = &trips
	}
	if (r.From == nil) != (r.Until == nil) {
		c.fail("时段起、时段止只有一个", "only one of starts and ends is there")
	}
	if c.text("returns") != "" {
		yes := c.truth("returns", false)
		r.Returns = &yes
	}
	return r
}

// minutes is a number of minutes, 0 or more; "15分钟" too; nil where absent.
func (c *cells) minutes(name string) *float64 {
	s := strings.TrimSpace(strings.NewReplacer("分钟", "", "分", "", "min", "").Replace(c.text(name)))
	if s == "" {
		return nil
	}
	v, ok := c.parse(name, s)
	if ok && v < 0 {
		c.fail("%[1]s「%[3]s」不能为负", "%[2]s %[3]q must not be negative", c.title(name), name, s)
	}
	return &v
}

// clock is a time of day in minutes after midnight: 7:30, 07:30:00, 7时30分, a spreadsheet's fraction of a day; 24:00 is the day's end.
func (c *cells) clock(name string) *int {
	s := c.text(name)
	if s == "" {
		return nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f >= 0 && f <= 1 {
		n := int(math.Round(f * 1440))
		return &n
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(":：时点分 ", r) })
	var hm [2]int
	ok := len(parts) > 0 && len(parts) <= 3
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		ok = ok && err == nil && v >= 0 && (i == 0 && v <= 24 || i > 0 && v < 60)
		if i < 2 {
			hm[i] = v
		}
	}
	n := 60*hm[0] + hm[1]
	if !ok || n > 1440 {
		c.fail("%[1]s「%[3]s」不是时刻;请写成 7:30", "%[2]s %[3]q is no time of day; write 7:30", c.title(name), name, s)
		return nil
	}
	return &n
}

const (
	// the rows that checkLines makes lines of
	stagedStops = `SELECT number, route, coalesce(direction, ''), stop_order, stop, minutes, headway, first_trip, last_trip, trips, starts, ends, returns, ST_X(geom), ST_Y(geom)
		FROM {rows} ORDER BY seq`
	rejectLine = `WITH bad AS (DELETE FROM {rows} r WHERE r.route = $1 RETURNING *)
		INSERT INTO {remarks} SELECT seq, file, number, $2, $3, false FROM bad`
)

// checkLines rejects lines that make no line: all their rows, with the reason.
func (im *importer) checkLines(ctx context.Context) (rejected int64, err error) {
	rows, err := im.conn.Query(ctx, im.fill(stagedStops))
	if err != nil {
		return 0, err
	}
	stops, err := pgx.CollectRows(rows, ScanStop)
	if err != nil {
		return 0, err
	}
	_, problems := transit.Build(stops)
	for _, p := range problems {
		tag, err := im.conn.Exec(ctx, im.fill(rejectLine), p.Route, p.ZH, p.EN)
		if err != nil {
			return rejected, err
		}
		rejected += tag.RowsAffected()
	}
	return rejected, nil
}

// ScanStop reads a stop from a row of the database: number, then the columns of transit_stop, lon, lat.
func ScanStop(r pgx.CollectableRow) (s transit.Row, err error) {
	err = r.Scan(&s.Number, &s.Route, &s.Direction, &s.Seq, &s.Stop, &s.Minutes, &s.Headway, &s.First, &s.Last, &s.Trips, &s.From, &s.Until, &s.Returns, &s.Point[0], &s.Point[1])
	return s, err
}

// ReadTransit reads a table of lines without a database, CSV or XLSX: every wrong row or line is an error, all told at once. system and encoding as
// in Options; within China degrees need their system.
func ReadTransit(ctx context.Context, file, system, encoding string) (*transit.Timetable, error) {
	r, err := Open(ctx, file, encoding, transitStops.recognises(nil))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	im := &importer{kind: transitStops}
	if system != "" {
		if im.crs, err = crs.Parse(system); err != nil {
			return nil, planner.Errorf(planner.Invalid, "不认识坐标系「%s」", "unknown coordinate system %q", system)
		}
		im.explicit = true
	}
	if err := im.settle(r, file); err != nil {
		return nil, err
	}
	bound, err := bind(transitStops.fields, r.Header(), nil, true)
	if err != nil {
		return nil, err
	}
	var rows []transit.Row
	var zh, en []string
	wrong := func(row int, z, e string) {
		zh, en = append(zh, fmt.Sprintf("第%d行:%s", row, z)), append(en, fmt.Sprintf("row %d: %s", row, e))
	}
	for {
		row, err := r.Next()
		bad := (*RowError)(nil)
		if errors.Is(err, io.EOF) {
			break
		} else if errors.As(err, &bad) {
			wrong(bad.Number, bad.Text.ZH, bad.Text.EN)
			continue
		} else if err != nil {
			return nil, fileError(file, err)
		}
		c := &cells{row: row, bound: bound, fields: transitStops.fields}
		stop, g := c.transitRow(), c.geometry()
		if c.wrong == nil {
			g, c.wrong = transitStops.locate(g, im.crs)
		}
		if c.wrong != nil {
			wrong(row.Number, c.wrong.ZH, c.wrong.EN)
			continue
		}
		if stop.Point = g.(orb.Point); !im.explicit && crs.InMainland(stop.Point) {
			return nil, planner.Errorf(planner.Invalid, "境内坐标须指明坐标系,请加 --crs EPSG:4490、gcj02 或 bd09 等", "coordinates in mainland China need their system stated: add --crs EPSG:4490, gcj02, bd09, …")
		}
		rows = append(rows, stop)
	}
	table, problems := transit.Build(rows)
	for _, p := range problems {
		wrong(p.Row, p.ZH, p.EN)
	}
	if len(zh) > 0 {
		more := len(zh) - 20
		zh, en = zh[:min(20, len(zh))], en[:min(20, len(en))]
		if more > 0 {
			zh, en = append(zh, fmt.Sprintf("另有%d处", more)), append(en, fmt.Sprintf("and %d more", more))
		}
		return nil, planner.Errorf(planner.Invalid, "班次表「%[1]s」有误:%[2]s", "the table %[1]s is wrong: %[3]s", file, strings.Join(zh, ";"), strings.Join(en, "; "))
	}
	if len(table.Lines) == 0 {
		return nil, planner.Errorf(planner.Invalid, "班次表「%s」没有线路", "the table %s has no line", file)
	}
	return table, nil
}
