package app

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/whatif"
)

// whatIfQuestion is the body of POST /whatif.
type whatIfQuestion struct {
	Run       *int64   `json:"run"`
	Standard  string   `json:"standard"`
	Service   string   `json:"service"`
	Minutes   *int     `json:"minutes"`
	Profile   string   `json:"profile"`
	Direction said     `json:"direction"`
	Within    string   `json:"within"`
	Levels    []string `json:"levels"`
	Edits     []tried  `json:"edits"`
	Digest    *bool    `json:"digest"`
}

type tried struct {
	Op       string    `json:"op"`
	Facility string    `json:"facility"`
	Point    *position `json:"point"`
}

// position is [lon, lat] and nothing else.
type position orb.Point

func (p *position) UnmarshalJSON(b []byte) error { return pointOf(b, (*orb.Point)(p)) }

// whatIf answers what edits do to people.
func (a *API) whatIf(c echo.Context) error {
	var ask whatIfQuestion
	if err := bodyWithoutNull(c, &ask, maxBody); err != nil {
		return err
	}
	q, err := a.whatIfAsk(c, ask)
	if err != nil {
		return err
	}
	answer, err := a.WhatIf.Try(c.Request().Context(), q, a.Viewer(c.Request()))
	if err != nil {
		return err
	}
	out := flow{c: c, media: echo.MIMEApplicationJSON}
	out.b = appendWhatIf(out.b, q, answer, ask.Levels)
	return out.end()
}

func (a *API) whatIfAsk(c echo.Context, ask whatIfQuestion) (q whatif.Ask, err error) {
	way, err := a.wayOf(ask.Profile, ask.Direction, "inbound", "")
	if err != nil {
		return q, err
	}
	q = whatif.Ask{Question: run.Question{Standard: ask.Standard, Service: ask.Service, Profile: ask.Profile}, Direction: way.Direction, NoDigest: ask.Digest != nil && !*ask.Digest}
	if ask.Minutes != nil {
		if q.Question.Minutes = *ask.Minutes; *ask.Minutes < 1 || *ask.Minutes > isochrone.MaxMinutes {
			return q, planner.Errorf(planner.Invalid, "minutes应为1到%d的整数", "minutes must be a whole number from 1 to %d", isochrone.MaxMinutes)
		}
	}
	for _, l := range ask.Levels {
		if planner.ParseLevel(l) == 0 {
			return q, planner.Errorf(planner.Invalid, "没有级别「%s」,可用province、prefecture、county、township、village", "there is no level %q; use province, prefecture, county, township, village", l)
		}
	}
	if ask.Within != "" {
		if q.Within, err = planner.ParseCode(ask.Within); err != nil {
			return q, err
		}
	}
	for _, e := range ask.Edits {
		q.Edits = append(q.Edits, whatif.Edit{Op: e.Op, Facility: e.Facility, Point: (*orb.Point)(e.Point)})
	}
	q.Snapshot, err = a.snapshot(c, ask.Run)
	return q, err
}

// snapshot is that of a run, or the latest run with the data that it saw; the latest data where no run was published.
func (a *API) snapshot(c echo.Context, runID *int64) (snap layer.Snapshot, err error) {
	ctx := c.Request().Context()
	if runID != nil {
		return a.Reading.ForRun(ctx, *runID)
	}
	if snap, err = a.Reading.Latest(ctx); err != nil || snap.Run == 0 {
		return snap, err
	}
	return a.Reading.ForRun(ctx, snap.Run)
}

func appendWhatIf(b []byte, q whatif.Ask, a *whatif.Answer, levels []string) []byte {
	number := func(key string, n int) { b = strconv.AppendInt(append(b, key...), int64(n), 10) }
	text := func(key, s string) { b = appendText(append(b, key...), s) }
	number(`{"base":{"data_version":`, int(q.Snapshot.Version))
	if q.Snapshot.Run > 0 {
		number(`,"run":`, int(q.Snapshot.Run))
	}
	text(`,"standard":`, a.Standard)
	b = append(b, `,"services":[`...)
	for i, s := range a.Services {
		text([]string{"", ","}[min(i, 1)], s)
	}
	number(`],"minutes":`, a.Minutes)
	text(`,"profile":`, a.Profile)
	text(`,"direction":`, directions[q.Direction])
	text(`,"within":`, string(q.Within))
	text(`,"engine":`, run.Engine)
	text(`,"network":`, a.Network)
	b = append(b, `},"edits":[`...)
	for i, d := range a.Done {
		text([]string{`{"op":`, `,{"op":`}[min(i, 1)], d.Op)
		if d.Facility != "" {
			text(`,"facility":`, d.Facility)
		}
		if d.Op != "close" {
			b = appendPoint(append(b, `,"snapped":`...), d.Snapped)
			b = strconv.AppendFloat(append(b, `,"snap_metres":`...), d.SnapMetres, 'f', 1, 64)
		}
		if d.Street != nil {
			b = append(b, `,"street":{"type":"LineString","coordinates":`...)
			b = append(appendLine(b, d.Street), '}')
		}
		b = append(b, '}')
	}
	b = append(b, `],"whole":[`...)
	row := func(i int, d whatif.Difference, group run.Cohort) {
		text([]string{`{"group":`, `,{"group":`}[min(i, 1)], group.Group)
		text(`,"basis":`, group.Basis)
		if d.Unit != "" {
			text(`,"unit":`, string(d.Unit))
			text(`,"name":`, a.Names[d.Unit])
			text(`,"level":`, d.Unit.Level().String())
		}
		number(`,"gained":`, d.Gained)
		number(`,"lost":`, d.Lost)
		number(`,"before":`, d.Before)
		number(`,"after":`, d.After)
		number(`,"people":`, d.All)
		b = append(b, '}')
	}
	for i, d := range a.Whole {
		row(i, d, a.Cohort(d))
	}
	b = append(b, `],"units":[`...)
	n := 0
	for _, d := range a.Units {
		if len(levels) > 0 && !slices.Contains(levels, d.Unit.Level().String()) {
			continue
		}
		row(n, d, a.Cohort(d))
		n++
	}
	b = append(b, ']')
	if a.Digest != "" {
		text(`,"digest":`, a.Digest)
	}
	return append(b, "}\n"...)
}

// appendLine writes the coordinates of a line.
func appendLine(b []byte, line orb.LineString) []byte {
	b = append(b, '[')
	for i, p := range line {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPoint(b, p)
	}
	return append(b, ']')
}
