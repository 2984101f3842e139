// Package whatif keeps the people covered by unit up to date while a planner
// drags a facility or closes a street: each edit repairs the field of travel times
// where it changes, then the totals of the people who live there, and tells who
// gains and who loses. Every edit can be taken back.
package whatif

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Question is what a scenario starts from.
type Question struct {
	Net       *travel.Net
	Direction travel.Direction
	Sites     []travel.Site
	Limit     travel.Millis // who is nearer is covered
	Searched  travel.Millis // how far times are looked for, at least Limit
	Demand    Demand
}

// Demand is people on points. The slices are by point, those of People first by group.
type Demand struct {
	Units  []planner.Code // whom each point's people are counted for, and all units above
	Snaps  []*travel.Snap // nil where there is no network: these people are unverified
	Groups []string       // the main group first
	People [][]int32
}

// Base is a question that was searched once; scenarios start from it. It is immutable.
type Base struct {
	field  *travel.Field
	demand *travel.Demand
	limit  travel.Millis
	mode   string  // class of those covered
	points []int32 // by point of the field: its number in the demand
	at     []int32 // by point of the demand: its number in the field, −1 where there is no network
	totals totals
	within []bool // by point of the demand: covered
}

// Scenario is a base with edits. It is for one goroutine.
type Scenario struct {
	*Base
	field  *travel.WhatIf
	totals totals
	moved  map[int32]bool // points of the demand that are covered and were not at first, or no longer are
}

// Effect is what an edit does to people.
type Effect struct {
	Gained, Lost int             // people of the main group who are covered now, and who no longer are
	Units        []Gain          // what changed, by unit, then by group as in the demand
	Points       []travel.Change // whose site or time changed; numbers of the demand
}

// Gain is the people covered of one group in one unit.
type Gain struct {
	Unit          planner.Code
	Group         string
	Before, After int
}

// Start searches once from all sites. Errors are Invalid, or that of the context.
func Start(ctx context.Context, q Question) (*Scenario, error) {
	b, err := NewBase(ctx, q)
	if err != nil {
		return nil, err
	}
	return b.Scenario()
}

// NewBase searches once from all sites, for many scenarios.
func NewBase(ctx context.Context, q Question) (*Base, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	b := &Base{limit: q.Limit, mode: "ride", at: make([]int32, len(q.Demand.Snaps)), within: make([]bool, len(q.Demand.Snaps))}
	if q.Net.P.Mode == graph.Foot {
		b.mode = "walk"
	}
	var snaps []travel.Snap
	for i, snap := range q.Demand.Snaps {
		b.at[i] = -1
		if snap != nil {
			b.at[i] = int32(len(snaps))
			b.points = append(b.points, int32(i))
			snaps = append(snaps, *snap)
		}
	}
	var err error
	if b.field, err = q.Net.Nearest(ctx, q.Sites, q.Searched, q.Direction); err != nil {
		return nil, err
	}
	b.demand = travel.NewDemand(q.Net, snaps, q.Direction)
	for i, n := range b.demand.Nearest(b.field) {
		b.within[b.points[i]] = n.Millis <= b.limit
	}
	b.totals = newTotals(q.Demand, func(i int) bool { return b.within[i] })
	return b, nil
}

// Scenario begins without edits. The error is Invalid: site ids that are negative or not distinct.
func (b *Base) Scenario() (*Scenario, error) {
	field, err := travel.NewWhatIf(b.field, b.demand)
	if err != nil {
		return nil, refused(err)
	}
	return &Scenario{b, field, b.totals.copy(), map[int32]bool{}}, nil
}

func (q Question) check() error {
	d := q.Demand
	if q.Searched < q.Limit || q.Limit == travel.Unreached {
		return planner.Errorf(planner.Invalid, "时限%d毫秒超过搜索范围%d毫秒", "the limit of %d ms is beyond the %d ms searched", q.Limit, q.Searched)
	}
	same := len(d.Units) == len(d.Snaps) && len(d.People) == len(d.Groups) && len(d.Groups) > 0
	for _, row := range d.People {
		same = same && len(row) == len(d.Units)
	}
	if !same {
		return planner.Errorf(planner.Invalid, "需求点的单元、位置和人数不一致", "the points' units, places and people are of different numbers, or there is no group")
	}
	return nil
}

func refused(err error) error {
	return planner.Errorf(planner.Invalid, "无法这样改动:%v", "this edit cannot be made: %v", err)
}

// Add opens a facility.
func (s *Scenario) Add(site travel.Site) (Effect, error) { return s.after(s.field.Add(site)) }

// Remove closes a facility.
func (s *Scenario) Remove(id int32) (Effect, error) { return s.after(s.field.Remove(id)) }

// Move brings a facility to another place, as one edit.
func (s *Scenario) Move(id int32, to travel.Snap) (Effect, error) {
	return s.after(s.field.Move(id, to))
}

// Close closes streets, as one edit; travel.Net.BothWays gives both directions.
func (s *Scenario) Close(arcs ...graph.ArcID) (Effect, error) { return s.after(s.field.Close(arcs...)) }

// Open opens streets, as one edit.
func (s *Scenario) Open(arcs ...graph.ArcID) (Effect, error) { return s.after(s.field.Open(arcs...)) }

// Undo takes the last edit back; ok is false when none is left.
func (s *Scenario) Undo() (e Effect, ok bool) {
	changes, ok := s.field.Undo()
	e, _ = s.after(changes, nil)
	return e, ok
}

// Time gives a demand point's nearest site and time; −1 and travel.Unreached without one.
func (s *Scenario) Time(point int) travel.Nearest {
	if s.at[point] < 0 {
		return travel.Nearest{Site: -1, Millis: travel.Unreached}
	}
	return s.field.Nearest(int(s.at[point]))
}

// Class gives the class of a demand point's people, an id of planner.Classes.
func (s *Scenario) Class(point int) string {
	switch {
	case s.at[point] < 0:
		return "unverified"
	case s.covered(point):
		return s.mode
	}
	return "uncovered"
}

func (s *Scenario) covered(point int) bool { return s.Time(point).Millis <= s.limit }

// Sites gives the facilities as the edits have them now, by id.
func (s *Scenario) Sites() []travel.Site { return s.field.Sites() }

// Totals gives the people of all units and groups, by unit, then by group as in the demand.
func (s *Scenario) Totals() []Total { return s.totals.rows() }

// Digest is the SHA-256 of the field and of all totals.
func (s *Scenario) Digest() [sha256.Size]byte {
	field := s.field.Digest()
	b := field[:]
	for _, n := range s.totals.covered {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	return sha256.Sum256(b)
}

// after brings the totals up to an edit of the field.
func (s *Scenario) after(changes []travel.Change, err error) (Effect, error) {
	if err != nil {
		return Effect{}, refused(err)
	}
	e := Effect{Points: changes}
	s.totals.begin()
	for i := range changes {
		c := &changes[i]
		c.Point = s.points[c.Point]
		was, is := c.Before.Millis <= s.limit, c.After.Millis <= s.limit
		if was != is {
			if is == s.within[c.Point] {
				delete(s.moved, c.Point)
			} else {
				s.moved[c.Point] = is
			}
		}
		switch people := int(s.totals.people[0][c.Point]); {
		case is && !was:
			e.Gained += people
			s.totals.shift(c.Point, 1)
		case was && !is:
			e.Lost += people
			s.totals.shift(c.Point, -1)
		}
	}
	e.Units = s.totals.gains()
	return e, nil
}
