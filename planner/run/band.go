package run

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Band is the people of a unit (township and above) who reach a standard's
// service in its minutes by one way of walking, or within one norm distance.
type Band struct {
	Standard      string
	Unit          planner.Code
	Level         planner.Level
	Profile       string
	People, Total int
}

// BandFigure is one way of walking over the run's whole.
type BandFigure struct {
	Profile string       `json:"profile"`
	Title   planner.Text `json:"title"`
	People  int          `json:"people"`
	Share   float64      `json:"share"`
}

// gait is one way of walking with the time of everywhere to the nearest open facility.
type gait struct {
	travel.Profile
	field *travel.Field
}

// gaits searches with every other profile on foot of those who go by themselves.
// A point stands on the street where the standard's own profile has brought it; its
// leg takes the time of the new pace.
func gaits(ctx context.Context, g *graph.Graph, e *Evaluation, s standard.Standard, n *nets) (all []gait, err error) {
	serves := serving(s, e.spec.AsOf)
	for _, p := range travel.Profiles() {
		if p.Mode != graph.Foot || p.Rides.Boardings > 0 || p.ID == s.Profile || p.ID == "child_escort" {
			continue
		}
		p = p.WithoutFerries()
		var sites []travel.Site
		for i, f := range e.in.Facilities {
			if n.sites[i] != nil && serves(f) {
				sites = append(sites, travel.Site{ID: int32(i), Snap: paced(*n.sites[i], p)})
			}
		}
		field, err := travel.NewNet(g, p).Nearest(ctx, sites, millis(s.Minutes), travel.Inbound)
		if err != nil {
			return nil, err
		}
		all = append(all, gait{p, field})
	}
	return all, nil
}

// paced is a point on a net with its leg at another profile's pace.
func paced(at travel.Snap, p travel.Profile) travel.Snap {
	at.Millis = travel.Millis(math.Round(at.Metres * 1000 * p.Pace))
	return at
}

// bands counts the people of a standard's main group by every way of walking.
func (e *Evaluation) bands(d *demand, s standard.Standard, r *roads, l *located, reach []access) []Band {
	people := d.people[judgedBy(s)]
	if len(people) == 0 {
		return nil
	}
	type key struct {
		unit    planner.Code
		profile string
	}
	sums, totals := map[key]int{}, map[planner.Code]int{}
	for i, spot := range d.spots {
		n := int(people[i])
		if n == 0 {
			continue
		}
		within := []string{}
		if reach[i].known && reach[i].walk <= millis(s.Minutes) {
			within = append(within, s.Profile)
		}
		for _, g := range r.gaits {
			if at := l.walks[i]; at != nil {
				if t, _ := g.field.At(paced(*at, g.Profile)); t <= millis(s.Minutes) {
					within = append(within, g.ID)
				}
			}
		}
		units := []planner.Code{e.zoneOf(spot.unit)}
		for u := spot.unit; u != ""; u = u.Parent() {
			units = append(units, u)
		}
		for _, u := range units {
			if u == "" || u.Level() > planner.Township {
				continue
			}
			totals[u] += n
			for _, p := range within {
				sums[key{u, p}] += n
			}
		}
	}
	ways := []string{s.Profile}
	for _, g := range r.gaits {
		ways = append(ways, g.ID)
	}
	var rows []Band
	for u, total := range totals {
		for _, p := range ways {
			rows = append(rows, Band{s.ID, u, u.Level(), p, sums[key{u, p}], total})
		}
	}
	return rows
}

// mergeBands adds up the bands of the counties.
func mergeBands(parts []*Part) []Band {
	sums := map[Band]*Band{}
	for _, p := range parts {
		for _, b := range p.Bands {
			k := Band{b.Standard, b.Unit, b.Level, b.Profile, 0, 0}
			if sums[k] == nil {
				row := k
				sums[k] = &row
			}
			sums[k].People += b.People
			sums[k].Total += b.Total
		}
	}
	rows := make([]Band, 0, len(sums))
	for _, b := range sums {
		rows = append(rows, *b)
	}
	slices.SortFunc(rows, func(a, b Band) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Profile, b.Profile))
	})
	return rows
}

// bandFigures are the rows of one unit in the order of the profiles.
func bandFigures(rows []Band, s standard.Standard, u planner.Code) (all []BandFigure, said planner.Text) {
	least, most := 1.0, 0.0
	var zh, en []string
	for _, p := range travel.Profiles() {
		for _, b := range rows {
			if b.Standard != s.ID || b.Unit != u || b.Profile != p.ID || b.Total == 0 {
				continue
			}
			share := float64(b.People) / float64(b.Total)
			least, most = min(least, share), max(most, share)
			all = append(all, BandFigure{p.ID, planner.Text{ZH: p.NameZH, EN: p.NameEN}, b.People, share})
			zh, en = append(zh, p.NameZH+Percent(share)), append(en, p.NameEN+" "+Percent(share))
		}
	}
	if len(all) < 2 {
		return all, said
	}
	return all, planner.Text{ZH: "步行可达率随口径在" + Percent(least) + "至" + Percent(most) + "之间:" + strings.Join(zh, ",") + "。",
		EN: "Reach on foot is from " + Percent(least) + " to " + Percent(most) + " by the way of walking: " + strings.Join(en, ", ") + "."}
}

// Percent writes a share with one decimal.
func Percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }
