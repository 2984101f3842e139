package completeness

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/planner"
)

// paper is six townships in a row along the equator, each 0.01° wide, with a street through all of them.
type paper struct {
	towns []Township
	homes map[planner.Code][]orb.Point
	more  func(*graph.Builder)
}

func code(i int) planner.Code { return planner.Code(fmt.Sprintf("99012110%d000", i)) }

func newPaper() *paper {
	p := &paper{homes: map[planner.Code][]orb.Point{}}
	for i := range 6 {
		people := 1000
		p.towns = append(p.towns, Township{Code: code(i), Name: fmt.Sprint(i, "镇"), KM2: 1.2, People: &people, StreetKM: 2, FootKM: 0.6})
		for k := range 20 {
			p.homes[code(i)] = append(p.homes[code(i)], orb.Point{float64(i)/100 + float64(k)/2000, 0.0002}) // 22 m off the street
		}
	}
	return p
}

func (p *paper) Townships(context.Context, int64, string) ([]Township, error) {
	return slices.Clone(p.towns), nil
}

func (p *paper) Homes(_ context.Context, _ int64, each func(planner.Code, orb.Point, bool) error) error {
	for i := range 6 {
		for _, at := range p.homes[code(i)] {
			if err := each(code(i)[:9]+"201", at, false); err != nil {
				return err
			}
		}
		if err := each(code(i)[:9]+"201", orb.Point{float64(i) / 100, 0}, true); err != nil {
			return err
		}
	}
	return nil
}

func (p *paper) TownshipsAt(_ context.Context, _ int64, points []orb.Point) (all []planner.Code, err error) {
	for _, at := range points {
		all = append(all, code(int(at[0]*100)))
	}
	return all, nil
}

func (p *paper) graph() (*graph.Graph, error) {
	b := graph.NewBuilder()
	for i := range int64(61) {
		b.AddNode(i, orb.Point{float64(i) / 1000, 0}, 0)
		if i > 0 {
			b.AddSegment(graph.Segment{From: i - 1, To: i, Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
	if p.more != nil {
		p.more(b)
	}
	return b.Build()
}

func path(b *graph.Builder, id int64, points ...orb.Point) {
	for i, at := range points {
		b.AddNode(id+int64(i), at, 0)
		if i > 0 {
			b.AddSegment(graph.Segment{From: id + int64(i) - 1, To: id + int64(i), Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		}
	}
}

func measured(t *testing.T, p *paper) *Report {
	t.Helper()
	g, err := p.graph()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Measure(t.Context(), p, 1, "n", g)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWholeNetworkIsNotDoubted(t *testing.T) {
	r := measured(t, newPaper())
	if len(r.Flagged()) != 0 || r.Whole.Addresses != 120 || r.Whole.Reachable != 120 || r.Whole.Villages != 6 || r.Medians.FootShare != 0.3 || r.Whole.PerPeople != 2 {
		t.Errorf("%+v", r)
	}
	r.Keep([]planner.Code{code(3)})
	if len(r.Townships) != 1 || r.Townships[0].Code != code(3) {
		t.Errorf("%+v", r.Townships)
	}
}

// What is missing in one township is told of that township, and of no other.
func TestFindings(t *testing.T) {
	for id, change := range map[string]func(*paper){
		"no_boundary":       func(p *paper) { p.towns[2].KM2 = 0 },
		"no_streets":        func(p *paper) { p.towns[2].StreetKM, p.towns[2].FootKM = 0, 0 },
		"footpaths_missing": func(p *paper) { p.towns[2].FootKM = 0.1 },
		"few_streets":       func(p *paper) { p.towns[2].StreetKM, p.towns[2].FootKM = 0.4, 0.12 },
		"homes_off_streets": func(p *paper) {
			for i := range 2 {
				p.homes[code(2)][i][1] = 0.01 // 1.1 km off
			}
		},
		"homes_cut_off": func(p *paper) { // a village street of its own, joined to nothing
			p.more = func(b *graph.Builder) { path(b, 1000, orb.Point{0.022, 0.01}, orb.Point{0.023, 0.01}) }
			for i := range 3 {
				p.homes[code(2)][i] = orb.Point{0.0225, 0.0101}
			}
		},
		"loose_pieces": func(p *paper) {
			p.more = func(b *graph.Builder) { path(b, 1000, orb.Point{0.022, 0.01}, orb.Point{0.024, 0.01}) }
		},
	} {
		p := newPaper()
		change(p)
		r := measured(t, p)
		flagged := r.Flagged()
		if len(flagged) != 1 || flagged[0].Code != code(2) || !slices.ContainsFunc(flagged[0].Findings, func(f Finding) bool {
			return f.ID == id && f.ZH != "" && f.EN != "" && !strings.Contains(f.ZH+f.EN, "%!")
		}) {
			t.Errorf("%s: %+v", id, flagged)
		}
	}
	p := newPaper()
	for i := range p.towns {
		p.towns[i].FootKM = 0
	}
	if r := measured(t, p); len(r.Flagged()) != 6 {
		t.Errorf("a network of vehicles' roads alone: %+v", r.Flagged())
	}
	p = newPaper()
	p.towns[2].Island = true
	p.more = func(b *graph.Builder) { path(b, 1000, orb.Point{0.022, 0.01}, orb.Point{0.024, 0.01}) }
	if r := measured(t, p); len(r.Flagged()) != 0 || r.Townships[2].Pieces != 1 {
		t.Errorf("an island is no piece that was forgotten: %+v", r.Townships[2])
	}
}

// Three pairs of blind ends 11 m apart; a fourth pair is one street's two ends, 33 m of way apart.
func TestEndsThatNearlyMeet(t *testing.T) {
	p := newPaper()
	p.more = func(b *graph.Builder) {
		for i := range int64(3) {
			x := 0.021 + float64(i)/1000
			path(b, 1000+10*i, orb.Point{x, 0.001}, orb.Point{x, 0.002})
			b.AddSegment(graph.Segment{From: 21 + i, To: 1000 + 10*i, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
			path(b, 2000+10*i, orb.Point{x, 0.0021}, orb.Point{x, 0.0029})
			path(b, 3000+10*i, orb.Point{x, 0.0029}, orb.Point{x + 0.0003, 0.0029})
			b.AddSegment(graph.Segment{From: 2001 + 10*i, To: 3000 + 10*i, Class: graph.Path, Forward: graph.Foot, Backward: graph.Foot})
		}
		path(b, 5000, orb.Point{0.026, 0.0001}, orb.Point{0.026, 0.0002}, orb.Point{0.0261, 0.0002}, orb.Point{0.0261, 0.0001})
	}
	r := measured(t, p)
	if n := r.Townships[2].NearMiss; n != 3 || r.Townships[2].Findings[len(r.Townships[2].Findings)-1].ID != "near_misses" {
		t.Errorf("%d: %+v", n, r.Townships[2])
	}
}
