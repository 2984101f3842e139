package run

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
	"github.com/lifecircle/lifecircle/planner/standard/rule"
)

// Engine names the rules of evaluation. It changes whenever the same inputs may
// give another result, and is part of every digest.
const Engine = "lifecircle-8"

// Evaluation is one spec on one data version, ready to be worked through county
// by county, here or on several machines: the counties' Parts merge to the same
// Result, byte for byte, wherever and in whatever order they were made.
type Evaluation struct {
	from    Source
	spec    Spec
	plan    *standard.Plan // with every assumption decided
	version PlanVersion
	set     map[string]string // every assumption with its value
	in      *Inputs
	units   map[planner.Code]Unit
	sites   map[string]int                // facility id → index among the inputs'
	zones   map[planner.Code]bool         // development zones
	reports map[planner.Code]planner.Code // unit → zone that it reports to
	quality []QualityRow
	figures bool                     // no circles
	counts  map[planner.Code][]Count // by county
	roads   []*roads                 // one for each access standard of the plan; nil without a network
}

// roads is what an access standard needs of the network: times to the nearest facility, and circles.
type roads struct {
	*nets
	open, idle times
	gaits      []gait
	mesh       *circle.Mesh
}

// Open reads everything but addresses and finds the way to the nearest
// facility from everywhere. Without a network access is unverified, never uncovered.
func Open(ctx context.Context, from Source, spec Spec) (*Evaluation, error) {
	return open(ctx, from, spec, false)
}

// open prepares an evaluation; one for figures alone draws no circles.
func open(ctx context.Context, from Source, spec Spec, figures bool) (*Evaluation, error) {
	text := spec.Standards
	if text == "" {
		text = standard.Zhejiang2021
	}
	plan, err := standard.Parse(text)
	if err != nil {
		return nil, err
	}
	e := &Evaluation{from: from, spec: spec, figures: figures, version: PlanVersion{plan.ID, plan.Title, plan.Document, plan.Digest()}, units: map[planner.Code]Unit{}, counts: map[planner.Code][]Count{}}
	if e.plan, e.set, err = plan.With(spec.Set); err != nil {
		return nil, err
	}
	plan = e.plan
	if e.in, err = from.Inputs(ctx, spec); err != nil {
		return nil, err
	}
	e.prepare()
	for _, u := range spec.Units {
		if _, ok := e.units[u]; !ok {
			return nil, planner.Errorf(planner.Invalid, "数据中没有区划单元%s,无从测算", "the data have no unit %s to evaluate", u)
		}
	}
	for _, c := range e.in.Population {
		county := c.Unit.Ancestor(planner.County)
		e.counts[county] = append(e.counts[county], c)
	}
	var g *graph.Graph
	if e.in.NetworkDigest != "" {
		if g, err = from.Graph(ctx, e.in.NetworkDigest); err != nil {
			return nil, err
		}
	}
	rides := func(s standard.Standard) bool {
		p, err := travel.ProfileByID(s.Profile)
		return err == nil && p.Rides.Boardings > 0
	}
	if slices.ContainsFunc(plan.Standards, rides) {
		if e.in.Lines, err = from.Timetable(ctx, spec.DataVersion); err != nil {
			return nil, err
		}
	}
	e.roads = make([]*roads, len(plan.Standards))
	for i, s := range plan.Standards {
		if s.Kind == "access_time" && g != nil {
			if e.roads[i], err = e.survey(ctx, g, s); err != nil {
				return nil, err
			}
		}
	}
	return e, nil
}

// prepare indexes the inputs and notes what is wrong with them.
func (e *Evaluation) prepare() {
	e.units, e.sites = map[planner.Code]Unit{}, map[string]int{}
	for _, u := range e.in.Units {
		e.units[u.Code] = u
	}
	for i, f := range e.in.Facilities {
		e.sites[f.ID] = i
	}
	e.zones, e.reports = zonesOf(e.in.Units)
	counted, over := remainders(e.in.Population)
	e.quality = e.inspect(over)
	if slices.ContainsFunc(counted, func(c Count) bool { return c.People < 0 }) {
		counted = slices.Clone(counted)
		for i, c := range counted {
			counted[i].People = max(0, c.People)
		}
	}
	in := *e.in // the source may hand its inputs to others, too
	in.Population = counted
	e.in = &in
}

func (e *Evaluation) survey(ctx context.Context, g *graph.Graph, s standard.Standard) (*roads, error) {
	n, err := connect(g, s, e.in)
	if err != nil {
		return nil, err
	}
	r := &roads{nets: n}
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() (err error) { r.open, err = n.nearest(ctx, e.in, serving(s, e.spec.AsOf)); return err })
	work.Go(func() (err error) { r.idle, err = n.nearest(ctx, e.in, idling(s, e.spec.AsOf)); return err })
	work.Go(func() (err error) { r.gaits, err = gaits(ctx, g, e, s, n); return err })
	if !e.figures {
		work.Go(func() (err error) { r.mesh, err = circle.NewMesh(n.walk); return err })
	}
	return r, work.Wait()
}

// Counties lists what County can be asked for: the counties of people and
// facilities in code order; "" stands for facilities that name no unit.
func (e *Evaluation) Counties() []planner.Code {
	seen := map[planner.Code]bool{}
	for c := range e.counts {
		seen[c] = true
	}
	for _, f := range e.in.Facilities {
		if e.spec.Covers(f.Unit) {
			seen[f.Unit.Ancestor(planner.County)] = true
		}
	}
	all := make([]planner.Code, 0, len(seen))
	for c := range seen {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}

// Part is what an evaluation found in one county.
type Part struct {
	County    planner.Code
	Addresses string   // digest of the addresses that were read
	Circles   []Circle // their people are counted in all parts' Inside
	Inside    []Inside
	Gaps      []Gap // not yet ranked
	Demand    []Demand
	Tallies   []Tally
	Bands     []Band
	Areas     []GapArea
	Options   []Option       // without cost and rank
	Off       map[string]int // standard → spots that could not be brought onto the network
}

// Tally is the people of one cohort and class in a unit of any level.
type Tally struct {
	Standard, Group, Basis string
	Unit                   planner.Code
	Class                  string
	People                 int
}

// County evaluates the access standards for the people and facilities of one county.
func (e *Evaluation) County(ctx context.Context, county planner.Code) (*Part, error) {
	var addresses []Address
	var err error
	if len(e.counts[county]) > 0 { // else there is nobody to place on them
		if addresses, err = e.from.Addresses(ctx, e.spec, county); err != nil {
			return nil, err
		}
	}
	p := &Part{County: county, Addresses: fingerprint(addresses), Off: map[string]int{}}
	d := place(e.units, e.counts[county], addresses)
	p.Demand = d.rows(e.units)
	for i, s := range e.plan.Standards {
		var reach []access
		switch s.Kind {
		default:
			continue
		case "access_distance":
			reach = e.straight(d, s)
			knock(d, e.brought("door", s.Services), reach, millis(s.Minutes))
		case "access_time":
			if reach, err = e.timed(ctx, p, d, i); err != nil {
				return nil, err
			}
		}
		for _, c := range cohortsOf(s) {
			p.Tallies = append(p.Tallies, e.tally(d, c, s, reach)...)
		}
	}
	return p, nil
}

// timed gives the ways of a county's people by an access_time standard, and puts
// into the part what follows from them. Without a network nobody's way is known.
func (e *Evaluation) timed(ctx context.Context, p *Part, d *demand, standard int) ([]access, error) {
	s, r := e.plan.Standards[standard], e.roads[standard]
	if r == nil {
		return make([]access, len(d.spots)), nil
	}
	on := r.bring(d)
	p.Off[s.ID] = on.off
	reach, idle := on.times(r.open), on.times(r.idle)
	knock(d, e.brought("door", s.Services), reach, millis(s.Minutes))
	gaps, at := accessGaps(e, d, r, s, reach, idle)
	areas := e.gapAreas(d, r, s, gaps, at)
	p.Gaps, p.Areas = append(p.Gaps, gaps...), append(p.Areas, areas...)
	options, err := e.options(ctx, d, r, on, s, reach, idle, areas)
	if err != nil {
		return nil, err
	}
	p.Options = append(p.Options, options...)
	p.Bands = append(p.Bands, e.bands(d, s, r, on, reach)...)
	if r.mesh == nil {
		return reach, nil // figures only
	}
	circles, inside, err := circles(ctx, e, p.County, d, r, on, s)
	p.Circles, p.Inside = append(p.Circles, circles...), append(p.Inside, inside...)
	return reach, err
}

// Merge makes the result of all counties' parts, in whatever order they come.
func (e *Evaluation) Merge(parts []*Part) (*Result, error) {
	slices.SortFunc(parts, func(a, b *Part) int { return cmp.Compare(a.County, b.County) })
	res := &Result{Engine: Engine}
	sum := Summary{AsOf: e.spec.AsOf.Format("2006-01-02"), Units: map[string]int{}, Plan: e.version, Assumptions: e.set, Set: e.spec.Set, SlopeLeast: 1, SlopeMost: 1}
	for _, u := range e.in.Units {
		if e.zones[u.Code] {
			sum.Units["zone"]++
		} else {
			sum.Units[u.Level.String()]++
		}
	}
	for _, p := range parts {
		res.Demand = append(res.Demand, p.Demand...)
		res.Gaps = append(res.Gaps, p.Gaps...)
		res.Circles = append(res.Circles, p.Circles...)
		res.Areas = append(res.Areas, p.Areas...)
		res.Options = append(res.Options, p.Options...)
	}
	res.Bands, res.Quality = mergeBands(parts), e.quality
	e.rankOptions(res.Options)
	if n := e.uncounted(); n > 0 {
		sum.Quality = append(sum.Quality, QualityNote{"people_without_unit", n, planner.Text{ZH: "人口所在的行政区代码不在区划中,未计入任何单元", EN: "people whose unit is none of the imported units: they are in nobody's coverage"}})
	}
	populate(res.Circles, parts)
	sum.Quality = append(sum.Quality, e.notes()...)
	judged, top := e.judgements(parts), e.top()
	var silent []string // standards that nothing in the data speaks of
	for i, s := range e.plan.Standards {
		j := judged[s.ID]
		fig := e.figure(j, top)
		res.Verdicts = append(res.Verdicts, e.verdicts(j)...)
		res.Gaps, fig.Gaps = append(res.Gaps, j.gaps...), len(j.gaps)
		if s.Kind == "access_time" {
			e.mergeAccess(s, e.roads[i], parts, res, &sum, &fig)
		}
		if fig.Value == nil && fig.Verdict != rule.NotApplicable {
			silent = append(silent, s.ID)
		}
		sum.Standards = append(sum.Standards, fig)
	}
	if ids := strings.Join(silent, " "); ids != "" {
		sum.Quality = append(sum.Quality, QualityNote{"standard_without_data", len(silent), planner.Text{ZH: "没有资料、无法判定的标准:" + ids, EN: "standards that the data say nothing of: " + ids}})
	}
	rank(res.Gaps)
	sortCoverage(res.Coverage)
	slices.SortFunc(res.Verdicts, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(a.Unit, b.Unit))
	})
	res.Summary = sum
	var err error
	res.Digest, err = e.digest(parts, res)
	return res, err
}

// uncounted sums the main cohort's people whose unit is not in the tree, such as grid cells without a village.
func (e *Evaluation) uncounted() (people int) {
	for _, c := range e.in.Population {
		if _, known := e.units[c.Unit]; !known && (cohort{c.Group, c.Basis}) == cohorts[0] {
			people += c.People
		}
	}
	return people
}

// notes sums the list of what is wrong up by kind; people without a unit have a line of their own.
func (e *Evaluation) notes() (all []QualityNote) {
	for _, k := range QualityKinds {
		if n := countOf(e.quality, func(q QualityRow) bool { return q.Kind == k.ID }); n > 0 && k.ID != "people_without_unit" {
			all = append(all, QualityNote{k.ID, n, k.Name})
		}
	}
	return all
}

func (e *Evaluation) mergeAccess(s standard.Standard, r *roads, parts []*Part, res *Result, sum *Summary, fig *StandardFigure) {
	if r != nil {
		off := 0
		for _, p := range parts {
			off += p.Off[s.ID]
		}
		sum.SlopeLeast, sum.SlopeMost = r.walk.SlopeFactors()
		sum.Quality = append(sum.Quality,
			QualityNote{"demand_off_network", off, planner.Text{ZH: "需求点500米内没有路网", EN: "demand points without a street within 500 m"}},
			QualityNote{"facility_off_network", r.siteErr, planner.Text{ZH: "设施500米内没有路网或没有坐标", EN: "facilities without coordinates or a street within 500 m"}})
	}
	fig.Gaps = countOf(res.Gaps, func(g Gap) bool { return g.Standard == s.ID })
	sums, top := sumTallies(parts, s.ID), e.top()
	res.Coverage = append(res.Coverage, accessCoverage(e.in, s, sums)...)
	main := sums[judgedBy(s)]
	fig.People, fig.Total = main[top.Code], 0
	fig.Band, fig.BandText = bandFigures(res.Bands, s, top.Code)
	for _, n := range fig.People {
		fig.Total += n
	}
	if sum.Headline.ZH == "" { // the plan's first circle
		sum.Headline = headline(e.whole(top), s, fig, main, e.spec.AsOf)
	}
}

func countOf[T any](rows []T, match func(T) bool) (n int) {
	for _, r := range rows {
		if match(r) {
			n++
		}
	}
	return n
}
