package run

import (
	"context"
	"reflect"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/transit"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Stored is a published run as it stands: what was asked, and its figures.
type Stored struct {
	ID      int64
	Spec    Spec
	Figures *Figures
}

// Compare splits every figure that differs between two runs into what changed it.
// It goes from the first run to the second by changing one thing after another and
// evaluating each time with today's engine: the boundaries, the network, the
// people, the facilities, the lists and ledgers, the day, the standards and
// assumptions. What today's engine says otherwise than a run's own is the engine's.
// Invalid for runs of different units.
func Compare(ctx context.Context, from Source, a, b Stored, progress Progress) (*Comparison, error) {
	if !slices.Equal(a.Spec.Units, b.Spec.Units) {
		return nil, planner.Errorf(planner.Invalid, "两次测算的范围不同,不能比较", "the two runs are of different units: they cannot be compared")
	}
	m := &mixed{from: from, specA: a.Spec, specB: b.Spec}
	day := b.Spec
	day.AsOf = a.Spec.AsOf
	var err error
	if m.a, err = from.Inputs(ctx, a.Spec); err == nil {
		if m.b, err = from.Inputs(ctx, day); err == nil {
			m.late, err = from.Inputs(ctx, b.Spec)
		}
	}
	if err != nil {
		return nil, err
	}
	linesA, err := from.Timetable(ctx, a.Spec.DataVersion)
	if err != nil {
		return nil, err
	}
	linesB, err := from.Timetable(ctx, b.Spec.DataVersion)
	if err != nil {
		return nil, err
	}
	c := &Comparison{From: a.ID, To: b.ID}
	ways := []*Figures{a.Figures}
	spec := a.Spec
	count := func(s Stage, differs bool) error {
		progress.orNone()(s.Title.ZH, float64(len(c.Steps))/9)
		s.Same = !differs
		c.Steps = append(c.Steps, s)
		if !differs {
			ways = append(ways, ways[len(ways)-1])
			return nil
		}
		res, err := Reckon(ctx, m, spec)
		if err != nil {
			return err
		}
		f := FiguresOf(res)
		for _, u := range m.now().Units {
			f.Names[u.Code] = u.Name
		}
		ways = append(ways, f)
		return nil
	}
	// The first run again, by today's engine: also where the engine has the same name, so that a figure that does not come again is seen.
	if err := count(Stage{ID: "engine", Cause: ByEngine, Title: planner.Text{ZH: "以现行软件重算上次", EN: "the first run by today's engine"}}, true); err != nil {
		return nil, err
	}
	for _, step := range []struct {
		Stage
		take    *bool
		differs bool
	}{
		{Stage{ID: "units", Cause: ByBoundary, Title: planner.Text{ZH: "区划", EN: "boundaries"}}, &m.units, !reflect.DeepEqual(m.a.Units, m.b.Units)},
		{Stage{ID: "network", Cause: ByData, Title: planner.Text{ZH: "路网、公交", EN: "network and buses"}}, &m.network, m.a.NetworkDigest != m.b.NetworkDigest || !reflect.DeepEqual(linesA, linesB)},
		{Stage{ID: "people", Cause: ByData, Title: planner.Text{ZH: "人口、地址", EN: "people and addresses"}}, &m.people, a.Spec.DataVersion != b.Spec.DataVersion},
		{Stage{ID: "facilities", Cause: ByData, Title: planner.Text{ZH: "设施、服务范围", EN: "facilities and served areas"}}, &m.facilities, !reflect.DeepEqual(m.a.Facilities, m.b.Facilities) || !reflect.DeepEqual(m.a.Areas, m.b.Areas)},
		{Stage{ID: "lists", Cause: ByData, Title: planner.Text{ZH: "清单、台账", EN: "lists and ledgers"}}, &m.lists, !reflect.DeepEqual(m.a.Flags, m.b.Flags) || !reflect.DeepEqual(m.a.Ledger, m.b.Ledger)},
	} {
		*step.take = true
		if err := count(step.Stage, step.differs); err != nil {
			return nil, err
		}
	}
	m.day, spec.AsOf = true, b.Spec.AsOf
	if err := count(Stage{ID: "day", Cause: ByData, Title: planner.Text{ZH: "评估日", EN: "the day"}}, !a.Spec.AsOf.Equal(b.Spec.AsOf)); err != nil {
		return nil, err
	}
	spec = b.Spec
	if err := count(Stage{ID: "standards", Cause: ByMethod, Title: planner.Text{ZH: "标准、口径", EN: "standards and assumptions"}}, planText(a.Spec) != planText(b.Spec) || !sameSet(a.Spec.Set, b.Spec.Set)); err != nil {
		return nil, err
	}
	c.Steps = append(c.Steps, Stage{ID: "engine_then", Cause: ByEngine, Title: planner.Text{ZH: "本次当时的软件", EN: "the second run's own engine"}, Same: b.Figures.Engine == Engine})
	c.walk(append(ways, b.Figures))
	return c, nil
}

func planText(s Spec) string {
	if s.Standards == "" {
		return standard.Zhejiang2021
	}
	return s.Standards
}

func sameSet(a, b map[string]string) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
}

// mixed is a Source between two runs: some things of the one, others of the other.
type mixed struct {
	from         Source
	specA, specB Spec
	a, b, late   *Inputs // of the first; of the second on the first's day; of the second

	units, network, people, facilities, lists, day bool // what is the second's already
}

func (m *mixed) now() *Inputs {
	in, b := *m.a, m.b
	if m.day {
		b = m.late
	}
	if m.units {
		in.Units, in.Closed = b.Units, b.Closed
	}
	if m.network {
		in.NetworkDigest = b.NetworkDigest
	}
	if m.people {
		in.Population = b.Population
	}
	if m.facilities {
		in.Facilities, in.Areas, in.Elsewhere = b.Facilities, b.Areas, b.Elsewhere
	}
	if m.lists {
		in.Flags, in.Ledger, in.Rejects = b.Flags, b.Ledger, b.Rejects
	}
	return &in
}

func (m *mixed) Inputs(context.Context, Spec) (*Inputs, error) { return m.now(), nil }

func (m *mixed) Addresses(ctx context.Context, _ Spec, county planner.Code) ([]Address, error) {
	if m.people {
		return m.from.Addresses(ctx, m.specB, county)
	}
	return m.from.Addresses(ctx, m.specA, county)
}

// The lines come with the network: Open asks for those of a version, of which this has two.
func (m *mixed) Timetable(ctx context.Context, _ int64) (*transit.Timetable, error) {
	if m.network {
		return m.from.Timetable(ctx, m.specB.DataVersion)
	}
	return m.from.Timetable(ctx, m.specA.DataVersion)
}

func (m *mixed) Graph(ctx context.Context, digest string) (*graph.Graph, error) {
	return m.from.Graph(ctx, digest)
}
