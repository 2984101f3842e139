package run

import (
	"cmp"
	"context"
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Figure names one number of a run: of a standard in a unit.
type Figure struct {
	Standard string       `json:"standard"`
	Unit     planner.Code `json:"unit_code"`
	What     string       `json:"figure"` // value, numerator, denominator, gaps, or people by class: people.walk.60+.resident
}

// Figures are the numbers of a run down to townships, and the ids of its gaps. A
// number that is not there is 0.
type Figures struct {
	Engine  string
	Numbers map[Figure]float64
	Gaps    map[string]bool
	Names   map[planner.Code]string
}

// NewFigures makes an empty set.
func NewFigures() *Figures {
	return &Figures{Numbers: map[Figure]float64{}, Gaps: map[string]bool{}, Names: map[planner.Code]string{}}
}

// Verdict adds the numbers of a verdict.
func (f *Figures) Verdict(v Verdict) {
	if v.Level > planner.Township {
		return
	}
	if v.Value != nil {
		f.Numbers[Figure{v.Standard, v.Unit, "value"}] = *v.Value
	}
	if v.Denominator != 0 {
		f.Numbers[Figure{v.Standard, v.Unit, "denominator"}] = float64(v.Denominator)
	}
	if v.Numerator != 0 {
		f.Numbers[Figure{v.Standard, v.Unit, "numerator"}] = float64(v.Numerator)
	}
}

// Coverage adds the people of a class.
func (f *Figures) Coverage(c Coverage) {
	if c.Level <= planner.Township {
		f.Numbers[Figure{c.Standard, c.Unit, "people." + c.Class + "." + c.Group + "." + c.Basis}] = float64(c.People)
	}
}

// Gap counts a gap in its unit and all above, down to townships.
func (f *Figures) Gap(g Gap) {
	f.Gaps[g.ID] = true
	for u := g.Unit; u != ""; u = u.Parent() {
		if u.Level() <= planner.Township {
			f.Numbers[Figure{g.Standard, u, "gaps"}]++
		}
	}
}

// FiguresOf collects the numbers of a result.
func FiguresOf(res *Result) *Figures {
	f := NewFigures()
	f.Engine = res.Engine
	for _, v := range res.Verdicts {
		f.Verdict(v)
	}
	for _, c := range res.Coverage {
		f.Coverage(c)
	}
	for _, g := range res.Gaps {
		f.Gap(g)
	}
	return f
}

// Reckon evaluates a spec for its figures alone: no circle is drawn, nothing recorded.
func Reckon(ctx context.Context, from Source, spec Spec) (*Result, error) {
	e, err := open(ctx, from, spec, true)
	if err != nil {
		return nil, err
	}
	return e.all(ctx, Progress(nil).orNone())
}

// The causes of a change.
const (
	ByData     = "data"
	ByMethod   = "method" // 口径
	ByBoundary = "boundary"
	ByEngine   = "engine"
)

// Causes are the causes with their names, in the order of tables.
var Causes = []planner.Word{
	{ID: ByData, Name: planner.Text{ZH: "数据", EN: "data"}},
	{ID: ByMethod, Name: planner.Text{ZH: "口径", EN: "assumptions"}},
	{ID: ByBoundary, Name: planner.Text{ZH: "区划", EN: "boundaries"}},
	{ID: ByEngine, Name: planner.Text{ZH: "软件", EN: "engine"}},
}

// Stage is one thing that is changed on the way from one run to another.
type Stage struct {
	ID    string       `json:"id"`
	Cause string       `json:"cause"`
	Title planner.Text `json:"title"`
	Same  bool         `json:"same"` // nothing differs: it was not computed
}

// Difference is one changed figure with the part of each step; the parts sum to the change.
type Difference struct {
	Figure
	Name  string             `json:"name"`
	Was   float64            `json:"was"`
	Is    float64            `json:"is"`
	Cause map[string]float64 `json:"cause"`
	Steps map[string]float64 `json:"steps"`
}

// Comparison is what differs between two runs, and why.
type Comparison struct {
	From, To    int64        `json:"-"`
	Steps       []Stage      `json:"steps"` // in this order one thing after another is changed
	Differences []Difference `json:"differences"`
	New         []string     `json:"new_gaps"`
	Persisting  int          `json:"persisting_gaps"`
	Closed      []string     `json:"closed_gaps"`
}

// walk adds up what each step changed.
func (c *Comparison) walk(ways []*Figures) {
	keys := map[Figure]bool{}
	for _, f := range ways {
		for k := range f.Numbers {
			keys[k] = true
		}
	}
	first, last := ways[0], ways[len(ways)-1]
	for k := range keys {
		d := Difference{Figure: k, Was: first.Numbers[k], Is: last.Numbers[k], Cause: map[string]float64{}, Steps: map[string]float64{}}
		for _, f := range ways {
			d.Name = cmp.Or(f.Names[k.Unit], d.Name)
		}
		moved := false
		for i, s := range c.Steps {
			if change := ways[i+1].Numbers[k] - ways[i].Numbers[k]; change != 0 {
				d.Steps[s.ID] += change
				d.Cause[s.Cause] += change
				moved = true
			}
		}
		if moved { // also where the parts cancel out
			c.Differences = append(c.Differences, d)
		}
	}
	slices.SortFunc(c.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Standard, b.Standard), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.What, b.What))
	})
	for id := range last.Gaps {
		if first.Gaps[id] {
			c.Persisting++
		} else {
			c.New = append(c.New, id)
		}
	}
	for id := range first.Gaps {
		if !last.Gaps[id] {
			c.Closed = append(c.Closed, id)
		}
	}
	slices.Sort(c.New)
	slices.Sort(c.Closed)
}
