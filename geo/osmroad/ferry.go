package osmroad

import (
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// markFerry notes how long a ferry takes and how often it goes.
func (w *way) markFerry(tags osm.Tags) {
	if w.ferry = w.class == graph.FerryLine; w.ferry {
		w.highway, w.minutes, w.interval = "ferry", span(tags.Find("duration")).Minutes(), span(tags.Find("interval")).Minutes()
	}
}

// span reads a duration or an interval: HH:MM, HH:MM:SS, ISO PT40M or minutes; 0 when there is none.
func span(v string) time.Duration {
	v = strings.TrimSpace(v)
	if iso, ok := strings.CutPrefix(v, "PT"); ok {
		d, err := time.ParseDuration(strings.ToLower(iso))
		if err != nil {
			return 0
		}
		return within(d.Seconds())
	}
	parts := strings.Split(v, ":")
	var seconds float64
	unit := []float64{60, 0, 0}
	if len(parts) == 2 {
		unit = []float64{3600, 60, 0}
	} else if len(parts) == 3 {
		unit = []float64{3600, 60, 1}
	} else if len(parts) > 3 {
		return 0
	}
	for i, p := range parts {
		n, err := strconv.ParseFloat(p, 64)
		if err != nil {
			return 0
		}
		if n < 0 {
			return 0
		}
		seconds += n * unit[i]
	}
	return within(seconds)
}

// within is a span of at most a week; nothing longer is meant, and nothing longer fits into milliseconds of 32 bits.
func within(seconds float64) time.Duration {
	if !(seconds > 0 && seconds <= 7*86400) {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
