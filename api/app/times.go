package app

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
)

// maxTimesBody bounds the body of /travel-times: 10,000 sources and 100,000 targets fit.
const maxTimesBody = 8 << 20

// timesQuestion is the body of POST /travel-times.
type timesQuestion struct {
	Sources   []place `json:"sources"`
	Targets   []place `json:"targets"`
	Service   string  `json:"service"`
	Minutes   int     `json:"minutes"`
	Nearest   *int    `json:"nearest"`
	Profile   string  `json:"profile"`
	Speed     speed   `json:"speed"`
	Direction said    `json:"direction"`
}

// rows writes an answer of times in one media type.
type rows interface {
	begin(b []byte, t *isochrone.Times, ask timesQuestion) []byte
	row(b []byte, source int, to []travel.Pair) []byte
	end(b []byte) []byte
}

// travelTimes streams the times from each source to each target. No matrix is kept: a reader that is slow slows the search.
func (a *API) travelTimes(c echo.Context) error {
	media, write := acceptable(c.Request())
	if write == nil {
		return echo.NewHTTPError(http.StatusNotAcceptable)
	}
	ask := timesQuestion{Minutes: 60}
	if err := bodyWithoutNull(c, &ask, maxTimesBody); err != nil {
		return err
	}
	way, err := a.wayOf(ask.Profile, ask.Direction, "outbound", ask.Speed)
	if err != nil {
		return err
	}
	q := isochrone.TimesQuestion{Minutes: ask.Minutes, Way: way}
	if ask.Nearest != nil {
		if q.Nearest = *ask.Nearest; q.Nearest == 0 {
			q.Nearest = -1 // 0 is all only when it is not said
		}
	}
	if len(ask.Sources) > isochrone.MaxSources || len(ask.Targets) > isochrone.MaxTargets { // before each is looked up
		return planner.Errorf(planner.TooLarge, "起点最多%d个,终点最多%d个", "at most %d sources and %d targets", isochrone.MaxSources, isochrone.MaxTargets)
	}
	if err := a.lookUp(c, ask.Sources, ask.Targets); err != nil {
		return err
	}
	if ask.Service != "" {
		offering, err := a.offeringNow(c, ask.Service)
		if err != nil {
			return err
		}
		ask.Targets = append(ask.Targets, offering...)
	}
	q.Sources, q.Targets = points(ask.Sources), points(ask.Targets)
	times, err := a.Isochrones.Times(c.Request().Context(), q)
	if err != nil {
		return err
	}
	out := flow{c: c, media: media}
	out.b = write.begin(out.b, times, ask)
	err = times.Each(c.Request().Context(), func(source int, to []travel.Pair) error {
		out.b = write.row(out.b, source, to)
		return out.pass(64 << 10)
	})
	if err != nil {
		return err
	}
	out.b = write.end(out.b)
	return out.end()
}

// acceptable chooses the form of the answer; nil when none will do.
func acceptable(r *http.Request) (media string, w rows) {
	header := strings.Join(r.Header.Values("Accept"), ",")
	if header == "" {
		header = "*/*"
	}
	for _, part := range strings.Split(header, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil || params["q"] == "0" {
			continue
		}
		switch name {
		case "application/x-ndjson", "application/jsonl", "application/ndjson":
			return "application/x-ndjson", &lines{}
		case "text/csv":
			return "text/csv; charset=utf-8", &table{}
		case "application/json", "application/*", "*/*":
			return echo.MIMEApplicationJSON, &matrix{}
		case "text/*":
			return "text/csv; charset=utf-8", &table{}
		}
	}
	return "", nil
}

// matrix writes rows of milliseconds, null where there is no way within the limit; of the nearest, lists.
type matrix struct {
	times   []int64
	nearest bool
}

func (m *matrix) begin(b []byte, t *isochrone.Times, ask timesQuestion) []byte {
	m.times, m.nearest = make([]int64, len(t.Targets)), ask.Nearest != nil
	for i := range m.times {
		m.times[i] = -1
	}
	b = append(b, `{"off_network":{"sources":[`...)
	for i, side := range [2][]isochrone.Place{t.Sources, t.Targets} {
		if i == 1 {
			b = append(b, `],"targets":[`...)
		}
		first := true
		for j, p := range side {
			if p.Err == nil {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(b, `{"index":`...)
			b = strconv.AppendInt(b, int64(j), 10)
			b = append(append(b, `,"reason":`...), strconv.Quote(planner.ReasonOf(p.Err))...)
			b = append(b, '}')
		}
	}
	b = append(b, `]}`...)
	b = append(b, terms(t.Terms)...)
	if m.nearest {
		return append(b, `,"nearest":[`...)
	}
	return append(b, `,"milliseconds":[`...)
}

func (m *matrix) row(b []byte, source int, to []travel.Pair) []byte {
	if source > 0 {
		b = append(b, ',')
	}
	b = append(b, '\n', '[')
	if m.nearest {
		for i, p := range to {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"target":`...)
			b = strconv.AppendInt(b, int64(p.Point), 10)
			b = append(b, `,"milliseconds":`...)
			b = strconv.AppendUint(b, uint64(p.Millis), 10)
			b = append(b, '}')
		}
		return append(b, ']')
	}
	for _, p := range to {
		m.times[p.Point] = int64(p.Millis)
	}
	for i, t := range m.times {
		if i > 0 {
			b = append(b, ',')
		}
		if t < 0 {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendInt(b, t, 10)
		}
	}
	for _, p := range to {
		m.times[p.Point] = -1
	}
	return append(b, ']')
}

func (m *matrix) end(b []byte) []byte { return append(b, "]}\n"...) }

// lines writes a JSON object for each pair that is reached, and for each place without a street.
type lines struct{ ask timesQuestion }

func (l *lines) begin(b []byte, t *isochrone.Times, ask timesQuestion) []byte {
	l.ask = ask
	for i, p := range t.Sources {
		if p.Err != nil {
			b = append(l.place(b, `{"source":`, `,"source_facility":`, i, ask.Sources[i]), `,"reason":`...)
			b = append(appendText(b, planner.ReasonOf(p.Err)), "}\n"...)
		}
	}
	for i, p := range t.Targets {
		if p.Err != nil {
			b = append(l.place(b, `{"target":`, `,"target_facility":`, i, ask.Targets[i]), `,"reason":`...)
			b = append(appendText(b, planner.ReasonOf(p.Err)), "}\n"...)
		}
	}
	return b
}

func (l *lines) place(b []byte, key, facilityKey string, i int, p place) []byte {
	b = append(b, key...)
	b = strconv.AppendInt(b, int64(i), 10)
	if p.facility != "" {
		b = appendText(append(b, facilityKey...), p.facility)
	}
	return b
}

func (l *lines) row(b []byte, source int, to []travel.Pair) []byte {
	for _, p := range to {
		b = l.place(b, `{"source":`, `,"source_facility":`, source, l.ask.Sources[source])
		b = l.place(b, `,"target":`, `,"target_facility":`, int(p.Point), l.ask.Targets[p.Point])
		b = append(b, `,"milliseconds":`...)
		b = append(strconv.AppendUint(b, uint64(p.Millis), 10), "}\n"...)
	}
	return b
}

func (l *lines) end(b []byte) []byte { return b }

// table writes the same as CSV.
type table struct{ ask timesQuestion }

func (t *table) begin(b []byte, times *isochrone.Times, ask timesQuestion) []byte {
	t.ask = ask
	b = append(b, "source,source_facility,target,target_facility,milliseconds,reason\r\n"...)
	for i, p := range times.Sources {
		if p.Err != nil {
			b = append(t.place(b, i, ask.Sources[i]), ",,,,"+planner.ReasonOf(p.Err)+"\r\n"...)
		}
	}
	for i, p := range times.Targets {
		if p.Err != nil {
			b = append(t.place(append(b, ",,"...), i, ask.Targets[i]), ",,"+planner.ReasonOf(p.Err)+"\r\n"...)
		}
	}
	return b
}

// place writes a number and a facility, quoted where its id needs it.
func (t *table) place(b []byte, i int, p place) []byte {
	b = append(strconv.AppendInt(b, int64(i), 10), ',')
	if !strings.ContainsAny(p.facility, "\",\r\n") {
		return append(b, p.facility...)
	}
	return append(b, `"`+strings.ReplaceAll(p.facility, `"`, `""`)+`"`...)
}

func (t *table) row(b []byte, source int, to []travel.Pair) []byte {
	for _, p := range to {
		b = append(t.place(b, source, t.ask.Sources[source]), ',')
		b = append(t.place(b, int(p.Point), t.ask.Targets[p.Point]), ',')
		b = append(strconv.AppendUint(b, uint64(p.Millis), 10), ",\r\n"...)
	}
	return b
}

func (t *table) end(b []byte) []byte { return b }
