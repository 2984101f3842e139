package run

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Question is an access standard, or one that differs from it in what is not zero.
type Question struct {
	Standard string // id; the plan's first access standard without it
	Service  string // in place of the standard's services
	Minutes  int
	Profile  string
}

// Basis is what an access standard is evaluated on: the people, facilities and streets that a run would use.
type Basis struct {
	Standard   standard.Standard
	Network    string // digest of the graph
	Graph      *graph.Graph
	Profile    travel.Profile // ferries left out
	Facilities []Facility     // all, whether they offer the services or not
	Serving    []bool         // by facility: offers the services, on the day
	Units      map[planner.Code]Unit
	Groups     []Cohort
	Spots      []Spot
	People     [][]int32 // by group, then by spot
}

// Cohort is one way of counting people.
type Cohort struct{ Group, Basis string }

// Spot is a place where people of a unit are; without a point nobody knows where.
type Spot struct {
	Unit  planner.Code
	Known bool
	Point orb.Point // lon, lat
}

// Prepare reads what a question is asked of. At most spots places of people are read: TooLarge beyond.
func Prepare(ctx context.Context, from Source, spec Spec, q Question, book *travel.Book, spots int) (*Basis, error) {
	b := &Basis{Units: map[planner.Code]Unit{}}
	var err error
	if b.Standard, err = q.Of(spec); err != nil {
		return nil, err
	}
	if b.Profile, err = book.ByID(b.Standard.Profile); err != nil {
		return nil, planner.Errorf(planner.Invalid, "没有出行方式「%s」", "there is no profile %q", b.Standard.Profile)
	}
	if b.Profile.Rides.Boardings > 0 {
		return nil, planner.Errorf(planner.Invalid, "即时试算只算步行和自驾,不算「%s」;请另选出行方式,或作为方案重新测算", "edits are answered on foot or by own vehicle, not by %q: choose another profile, or plan a run", b.Profile.ID)
	}
	if b.Profile.Rides.Boardings > 0 {
		return nil, planner.Errorf(planner.Invalid, "推演不含公交;请换一种出行方式", "what-if does not ride buses: choose another profile")
	}
	b.Profile = b.Profile.WithoutFerries()
	in, err := from.Inputs(ctx, spec)
	if err != nil {
		return nil, err
	}
	if in.NetworkDigest == "" {
		return nil, planner.Errorf(planner.NotFound, "还没有导入路网", "no network was imported yet").Because("no_network_imported")
	}
	b.Network = in.NetworkDigest
	if b.Graph, err = from.Graph(ctx, in.NetworkDigest); err != nil {
		return nil, err
	}
	for _, u := range in.Units {
		b.Units[u.Code] = u
	}
	b.Facilities = in.Facilities
	serves := serving(b.Standard, spec.AsOf)
	for _, f := range in.Facilities {
		b.Serving = append(b.Serving, serves(f))
	}
	return b, b.settle(ctx, from, spec, in, spots)
}

// settle puts the people on their places, county by county.
func (b *Basis) settle(ctx context.Context, from Source, spec Spec, in *Inputs, most int) error {
	own := judgedBy(b.Standard)
	all := append([]cohort{own}, slices.DeleteFunc(slices.Clone(cohorts), func(c cohort) bool { return c == own })...)
	for _, c := range all {
		b.Groups = append(b.Groups, Cohort{c.group, c.basis})
	}
	b.People = make([][]int32, len(all))
	counts := byUnit(in.Population, func(c Count) planner.Code { return c.Unit.Ancestor(planner.County) })
	counties := make([]planner.Code, 0, len(counts))
	for c := range counts {
		counties = append(counties, c)
	}
	slices.Sort(counties)
	for _, county := range counties {
		addresses, err := from.Addresses(ctx, spec, county)
		if err != nil {
			return err
		}
		d := place(b.Units, counts[county], addresses)
		if len(b.Spots)+len(d.spots) > most {
			return planner.Errorf(planner.TooLarge, "范围内的居住点超过%d个,请用within指定一个县", "more than %d places of people: name a county with within", most)
		}
		for _, s := range d.spots {
			spot := Spot{Unit: s.unit, Known: s.point != nil}
			if spot.Known {
				spot.Point = *s.point
			}
			b.Spots = append(b.Spots, spot)
		}
		for i, c := range all {
			people := append(b.People[i], d.people[c]...)
			b.People[i] = append(people, make([]int32, len(b.Spots)-len(people))...) // nobody was counted this way
		}
	}
	return nil
}

// Of finds the question's standard in the plan of a run and lets the question change it.
func (q Question) Of(spec Spec) (s standard.Standard, err error) {
	text := spec.Standards
	if text == "" {
		text = standard.Zhejiang2021
	}
	plan, err := standard.Parse(text)
	if err != nil {
		return s, err
	}
	if plan, _, err = plan.With(spec.Set); err != nil {
		return s, err
	}
	i := slices.IndexFunc(plan.Standards, func(s standard.Standard) bool {
		return s.Kind == "access_time" && (q.Standard == "" || s.ID == q.Standard)
	})
	if i < 0 {
		return s, planner.Errorf(planner.Invalid, "没有按时间可达的标准「%s」", "there is no standard %q of access by time", q.Standard).Because("unknown_standard")
	}
	s = plan.Standards[i]
	if q.Service != "" {
		if !slices.ContainsFunc(planner.Services, func(w planner.Word) bool { return w.ID == q.Service }) {
			return s, planner.Errorf(planner.Invalid, "没有服务「%s」", "there is no service %q", q.Service).Because("unknown_service")
		}
		s.ID, s.Services = "", []string{q.Service}
	}
	if q.Minutes > 0 {
		s.Minutes = q.Minutes
	}
	if q.Profile != "" {
		s.Profile = q.Profile
	}
	return s, nil
}
