package whatif

import (
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Edit is one change that somebody tries.
type Edit struct {
	Op       string     `json:"op"`       // add, move, close, open a facility; close_street, open_street
	Facility string     `json:"facility"` // move, close, open: an id of the data or of an earlier add; add: an id of one's own, or none
	Point    *orb.Point `json:"point"`    // add, move: where; streets: the nearest one is meant
}

// Done is what an edit came to.
type Done struct {
	Op         string
	Facility   string         // add: its id, "new-N" by the number of the edit if it came without one
	Snapped    orb.Point      // add, move, streets: where the point was brought onto its street
	SnapMetres float64        // and how far that is
	Street     orb.LineString // the street that was closed or opened, from junction to junction
}

// snapMetres is how far off a street a point may lie, as in runs.
const snapMetres = 500

// mostEdits bounds a list of edits.
const mostEdits = 200

// trial is a scenario with the edits that it has.
type trial struct {
	scenario *Scenario
	edits    []Edit
	done     []Done
	added    map[string]int32 // facilities that edits added, by id
}

func sameEdit(a, b Edit) bool {
	return a.Op == b.Op && a.Facility == b.Facility && (a.Point == nil) == (b.Point == nil) && (a.Point == nil || *a.Point == *b.Point)
}

// shared is how many edits a trial has in common with a list, from the first on.
func (t *trial) shared(edits []Edit) int {
	n := 0
	for n < len(edits) && n < len(t.edits) && sameEdit(edits[n], t.edits[n]) {
		n++
	}
	return n
}

// become takes back what is not in the list and makes what is missing. An edit that cannot be made is an error that names its
// number; the trial then has those before it.
func (t *trial) become(b *desktop, edits []Edit) error {
	for keep := t.shared(edits); len(t.edits) > keep; {
		last := len(t.edits) - 1
		if d := t.done[last]; d.Op == "add" {
			delete(t.added, d.Facility)
		}
		t.scenario.Undo()
		t.edits, t.done = t.edits[:last], t.done[:last]
	}
	for i := len(t.edits); i < len(edits); i++ {
		d, err := t.make(b, i, edits[i])
		if err != nil {
			return numbered(i, err)
		}
		e := edits[i]
		if e.Point != nil { // the caller's own may change
			p := *e.Point
			e.Point = &p
		}
		t.edits, t.done = append(t.edits, e), append(t.done, d)
	}
	return nil
}

func numbered(i int, err error) error {
	known, ok := errors.AsType[*planner.Error](err)
	if !ok {
		return err
	}
	e := &planner.Error{Kind: known.Kind, Reason: known.Reason, Text: planner.Text{ZH: fmt.Sprintf("第%d个改动:%s", i+1, known.Text.ZH), EN: fmt.Sprintf("edit %d: %s", i+1, known.Text.EN)}}
	e.Err = known.Err
	return e
}

func (t *trial) make(b *desktop, i int, e Edit) (d Done, err error) {
	d.Op, d.Facility = e.Op, e.Facility
	var at travel.Snap
	if e.Op == "add" || e.Op == "move" {
		if at, err = snapTo(b.snapper, e); err != nil {
			return d, err
		}
		d.Snapped, d.SnapMetres = at.Point, at.Metres
	}
	switch e.Op {
	case "add":
		if d.Facility == "" {
			d.Facility = newID(i)
		}
		if _, err := t.facility(b, d.Facility); err == nil {
			return d, planner.Errorf(planner.Invalid, "设施编号「%s」已存在", "there is a facility %q already", d.Facility).Because("facility_exists")
		}
		id := int32(len(b.basis.Facilities) + i)
		if _, err = t.scenario.Add(travel.Site{ID: id, Snap: at}); err == nil {
			t.added[d.Facility] = id
		}
	case "move", "close", "open":
		var id int32
		if id, err = t.facility(b, e.Facility); err != nil {
			return d, err
		}
		switch e.Op {
		case "move":
			_, err = t.scenario.Move(id, at)
		case "close":
			_, err = t.scenario.Remove(id)
		case "open":
			var home *travel.Snap
			if int(id) < len(b.places) {
				home = b.places[id]
			}
			if home == nil {
				return d, planner.Errorf(planner.Invalid, "设施「%s」没有可用的位置", "facility %q stands nowhere on the network", e.Facility).Because("no_network")
			}
			d.Snapped, d.SnapMetres = home.Point, home.Metres
			_, err = t.scenario.Add(travel.Site{ID: id, Snap: *home})
		}
		if err != nil && e.Op == "open" {
			err = planner.Errorf(planner.Invalid, "设施「%s」已在运营", "facility %q is open already", e.Facility).Because("facility_open")
		} else if err != nil {
			err = planner.Errorf(planner.Invalid, "设施「%s」当前不提供此服务", "facility %q does not serve as things stand", e.Facility).Because("facility_closed")
		}
	case "close_street":
		return t.street(d, b.snapper, e, t.scenario.Close)
	case "open_street":
		return t.street(d, b.everywhere(), e, t.scenario.Open)
	default:
		err = planner.Errorf(planner.Invalid, "没有操作「%s」,可用add、move、close、open、close_street、open_street", "there is no op %q; use add, move, close, open, close_street, open_street", e.Op)
	}
	return d, err
}

// facility finds the number of a facility by its id: one that an edit added, or one of the data.
func (t *trial) facility(b *desktop, id string) (int32, error) {
	if n, ok := t.added[id]; ok {
		return n, nil
	}
	if n, ok := b.site[id]; ok {
		return n, nil
	}
	return 0, planner.Errorf(planner.Invalid, "没有设施「%s」", "there is no facility %q", id).Because("unknown_facility")
}

// street closes or opens the street nearest to a point, from junction to junction and in both directions.
func (t *trial) street(d Done, s *travel.Snapper, e Edit, change func(...graph.ArcID) (Effect, error)) (Done, error) {
	at, err := snapTo(s, e)
	if err != nil {
		return d, err
	}
	d.Snapped, d.SnapMetres = at.Point, at.Metres
	net := s.Net()
	arcs := stretch(net, at.Arc)
	pieces := make([]travel.Piece, len(arcs))
	for i, a := range arcs {
		pieces[i] = travel.Piece{Arc: a, To: net.G.Length(a)}
	}
	d.Street, _ = net.Line(pieces)
	_, err = change(net.BothWays(arcs...)...)
	return d, err
}

func snapTo(s *travel.Snapper, e Edit) (at travel.Snap, err error) {
	if e.Point == nil {
		return at, planner.Errorf(planner.Invalid, "%s缺少point", "%s needs a point", e.Op)
	}
	p := *e.Point
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return at, planner.Errorf(planner.Invalid, "坐标%v不在经纬度范围内", "point %v is outside the world", p)
	}
	at, err = s.Snap(p, snapMetres)
	if none := (*travel.NoNetworkError)(nil); errors.As(err, &none) {
		if none.Water {
			return at, planner.Errorf(planner.Invalid, "最近的道路在水域对岸", "the nearest street lies across water").Because("across_water")
		}
		return at, planner.Errorf(planner.Invalid, "附近%d米内没有道路", "there is no street within %d m", snapMetres).Because("no_network")
	}
	return at, err
}

// stretch is a street from junction to junction: the arcs in a row that a goes on in at nodes where two streets meet, in order.
func stretch(n *travel.Net, a graph.ArcID) []graph.ArcID {
	onward := func(a graph.ArcID) (next graph.ArcID, ok bool) {
		streets := 0
		for b := range n.G.Leaving(n.G.Head(a)) {
			if n.Cost(b) == travel.Unreached && n.Cost(n.G.Twin(b)) == travel.Unreached {
				continue
			}
			if streets++; b != n.G.Twin(a) {
				next, ok = b, true
			}
		}
		return next, ok && streets == 2
	}
	row := []graph.ArcID{a}
	for next, ok := onward(a); ok && next != a && next != n.G.Twin(a); next, ok = onward(next) { // a ring ends where it began
		row = append(row, next)
	}
	if next, ok := onward(row[len(row)-1]); ok && next == a {
		return row
	}
	var before []graph.ArcID
	for next, ok := onward(n.G.Twin(a)); ok && next != n.G.Twin(a) && next != a; next, ok = onward(next) {
		before = append(before, n.G.Twin(next))
	}
	slices.Reverse(before)
	return append(before, row...)
}
