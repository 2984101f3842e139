package cql2

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// checkNumber refuses what no number of a database holds: more than a float64's range, or than 100 digits.
func checkNumber(at int, text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || len(text) > 100 {
		return Errorf(at, "数字超出范围", "the number is out of range")
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n < -400 {
			return Errorf(at, "数字超出范围", "the number is out of range")
		}
	}
	return nil
}

func newDate(at int, s string) (Expr, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return nil, Errorf(at, "日期“%.40s”应为YYYY-MM-DD", "%.40q is no date YYYY-MM-DD", s)
	}
	return &Date{Pos(at), s}, nil
}

func newTimestamp(at int, s string) (Expr, error) {
	if _, err := time.Parse(time.RFC3339Nano, s); err != nil || !strings.HasSuffix(s, "Z") || strings.Contains(s, ",") {
		return nil, Errorf(at, "时刻“%.40s”应为YYYY-MM-DDThh:mm:ssZ", "%.40q is no timestamp YYYY-MM-DDThh:mm:ssZ", s)
	}
	return &Timestamp{Pos(at), s}, nil
}

// newEnd is the end of an interval that stands as a text.
func newEnd(at int, s string) (Expr, error) {
	switch {
	case s == "..":
		return &Open{Pos(at)}, nil
	case strings.Contains(s, "T"):
		return newTimestamp(at, s)
	}
	return newDate(at, s)
}

// newInterval refuses an interval whose start is after its end, when both are known.
func newInterval(at int, start, end Expr) (Expr, error) {
	for _, e := range []Expr{start, end} {
		if kindOf(e)&(kInstant|kOpen|kProperty|kFunction) == 0 {
			return nil, Errorf(e.At(), "INTERVAL的端点应为日期、时刻、“..”或属性", "an end of an INTERVAL is a date, a timestamp, '..' or a property")
		}
	}
	if a, ok := instant(start); ok {
		if b, ok := instant(end); ok && a.After(b) {
			return nil, Errorf(at, "区间的起点晚于终点", "the interval starts after its end")
		}
	}
	return &Interval{Pos(at), start, end}, nil
}

func instant(e Expr) (time.Time, bool) {
	switch e := e.(type) {
	case *Date:
		return e.Time(), true
	case *Timestamp:
		return e.Time(), true
	}
	return time.Time{}, false
}

// Time is the start of the day in UTC.
func (d *Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, d.Text) // checked when it was read
	return t
}

// Time is the instant.
func (t *Timestamp) Time() time.Time {
	at, _ := time.Parse(time.RFC3339Nano, t.Text) // checked when it was read
	return at
}

func newString(at int, s string) (Expr, error) {
	if strings.ContainsRune(s, 0) {
		return nil, Errorf(at, "字符串中不能有零字符", "a text has no zero characters")
	}
	return &String{Pos(at), s}, nil
}

func newProperty(at int, name string) (Expr, error) {
	if name == "" || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return nil, Errorf(at, "属性名无效", "the name of the property is not valid")
	}
	return &Property{Pos(at), name}, nil
}

// newBBox leaves the order of the first two axes to the one who knows the CRS: longitudes may cross the antimeridian.
func newBBox(at int, n []float64) (Expr, error) {
	switch {
	case len(n) != 4 && len(n) != 6:
		return nil, Errorf(at, "BBOX应有4个或6个数字", "a BBOX has 4 or 6 numbers")
	case len(n) == 6 && n[2] > n[5]:
		return nil, Errorf(at, "BBOX的最低高程大于最高高程", "the BBOX is lower at its top than at its bottom")
	}
	return &BBox{Pos(at), n}, nil
}
