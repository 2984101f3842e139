package transit

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/travel"
)

// Row is one stop of one line, as a table has it. What is nil is not said.
type Row struct {
	Number           int // as people see it
	Route, Direction string
	Seq              float64 // orders the stops of a line
	Stop             string
	Point            orb.Point // lon, lat
	Minutes          *float64  // to the next stop
	Headway          *float64  // minutes between departures; once for a line is enough
	First, Last      *int      // departures of the day from the first stop, minutes after midnight; with Trips in place of a headway
	Trips            *int      // departures a day
	From, Until      *int      // the part of the day that the row speaks of, minutes after midnight
	Returns          *bool     // the line comes back over the same stops; nil: it does where no direction is given
}

// Stop is where a line halts.
type Stop struct {
	Name  string
	Point orb.Point // lon, lat
}

// Line is a line in one direction and one part of the day.
type Line struct {
	Route, Direction string
	Stops            []Stop
	Ride             []travel.Millis // from each stop to the next; one less than stops
	Headway          travel.Millis
	From, Until      int // it runs at minute t of the day if From ≤ t < Until
}

// Timetable is the lines of a place.
type Timetable struct{ Lines []Line }

// Problem says why a line cannot be used, at the row where it shows.
type Problem struct {
	Row    int
	Route  string
	ZH, EN string
}

// Bounds of what a table may say, in minutes.
const (
	greatestRide    = 240
	greatestHeadway = 1440
	sameStop        = 50 // metres: a line that ends so near to its begin goes round
)

// Build makes lines of rows. Rows of one route, direction and part of the day are a line, in the order of Seq. A line with a
// problem is left out whole; the others stand.
func Build(rows []Row) (*Timetable, []Problem) {
	rows = slices.Clone(rows)
	part := func(r Row) (from, until int) {
		if r.From == nil || r.Until == nil {
			return -1, -1
		}
		return *r.From, *r.Until
	}
	same := func(a, b Row) int {
		af, au := part(a)
		bf, bu := part(b)
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Direction, b.Direction), cmp.Compare(af, bf), cmp.Compare(au, bu))
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Or(same(a, b), cmp.Compare(a.Seq, b.Seq)) })
	t := &Timetable{}
	var problems []Problem
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && same(rows[0], rows[n]) == 0 {
			n++
		}
		line, returns, wrong := lineOf(rows[:n])
		rows = rows[n:]
		if wrong != nil {
			problems = append(problems, *wrong)
			continue
		}
		t.Lines = append(t.Lines, line)
		if returns {
			t.Lines = append(t.Lines, line.back())
		}
	}
	return t, problems
}

func lineOf(rows []Row) (l Line, returns bool, wrong *Problem) {
	first := rows[0]
	fail := func(r Row, zh, en string, args ...any) (Line, bool, *Problem) {
		return Line{}, false, &Problem{r.Number, r.Route, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
	}
	if len(rows) < 2 {
		return fail(first, "线路「%s」只有一站", "route %s has one stop only", first.Route)
	}
	l = Line{Route: first.Route, Direction: first.Direction, Until: 1440}
	for i, r := range rows {
		if i > 0 && r.Seq == rows[i-1].Seq {
			return fail(r, "线路「%s」的站序%v重复", "route %s: stop number %v appears twice", r.Route, r.Seq)
		}
		l.Stops = append(l.Stops, Stop{r.Stop, r.Point})
		if i == len(rows)-1 {
			break
		}
		if r.Minutes == nil || !(*r.Minutes >= 0 && *r.Minutes <= greatestRide) {
			return fail(r, "线路「%s」的站「%s」到下一站的分钟数应为0到%d", "route %s, stop %s: the minutes to the next stop must be 0 to %d", r.Route, r.Stop, greatestRide)
		}
		l.Ride = append(l.Ride, millis(*r.Minutes))
	}
	headway, at := -1.0, first
	for _, r := range rows {
		if r.Headway == nil {
			continue
		}
		if headway >= 0 && *r.Headway != headway {
			return fail(r, "线路「%s」的发车间隔前后不一:%v和%v分钟", "route %s has two headways: %v and %v minutes", r.Route, headway, *r.Headway)
		}
		headway, at = *r.Headway, r
	}
	for _, r := range rows {
		if r.First != nil && r.Last != nil {
			if *r.First > *r.Last {
				return fail(r, "线路「%s」的首班晚于末班", "route %s: the first departure is after the last", r.Route)
			}
			if l.From, l.Until = *r.First, *r.Last+1; headway < 0 && r.Trips != nil && *r.Trips > 1 {
				headway, at = float64(*r.Last-*r.First)/float64(*r.Trips-1), r
			}
			break
		}
	}
	if first.From != nil && first.Until != nil {
		if l.From, l.Until = *first.From, *first.Until; l.From >= l.Until {
			return fail(first, "线路「%s」的时段起止颠倒", "route %s: the part of the day ends before it begins", first.Route)
		}
	}
	switch {
	case headway < 0:
		return fail(first, "线路「%s」没有发车间隔,也没有首末班和班次数", "route %s has no headway, nor first, last and number of departures", first.Route)
	case !(headway > 0 && headway <= greatestHeadway):
		return fail(at, "线路「%s」的发车间隔应大于0、不超过%d分钟", "route %s: the headway must be more than 0 and at most %d minutes", at.Route, greatestHeadway)
	}
	l.Headway = millis(headway)
	if l.round() {
		return l, false, nil
	}
	returns = first.Direction == ""
	for _, r := range rows {
		if r.Returns != nil {
			returns = *r.Returns
		}
	}
	return l, returns, nil
}

func millis(minutes float64) travel.Millis { return travel.Millis(math.Round(minutes * 60_000)) }

// round tells whether the line ends where it begins.
func (l Line) round() bool {
	return len(l.Stops) > 2 && geo.DistanceHaversine(l.Stops[0].Point, l.Stops[len(l.Stops)-1].Point) <= sameStop
}

// back is the line in the other direction.
func (l Line) back() Line {
	l.Stops, l.Ride = slices.Clone(l.Stops), slices.Clone(l.Ride)
	slices.Reverse(l.Stops)
	slices.Reverse(l.Ride)
	return l
}
