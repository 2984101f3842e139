package whatif

import (
	"context"
	"sync"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// desktop is a base on the desk with the scenarios that nobody uses at the moment.
type desktop struct {
	made  chan struct{} // closed when the rest can be read
	err   error
	slots chan struct{} // one for each scenario in use

	basis      *run.Basis
	base       *Base
	network    string
	snapper    *travel.Snapper
	everywhere func() *travel.Snapper // onto closed streets, too; made when first asked for
	places     []*travel.Snap         // of the facilities; nil where there is no street
	site       map[string]int32       // facility id → its number

	mu   sync.Mutex
	idle []*trial
}

// open reads and searches; it takes seconds for a province.
func (b *desktop) open(ctx context.Context, d *Desk, spec run.Spec, ask Ask) error {
	basis, err := run.Prepare(ctx, d.from, spec, ask.Question, d.Book, mostSpots)
	if err != nil {
		return err
	}
	net := travel.NewNet(basis.Graph, basis.Profile)
	b.basis, b.network, b.snapper, b.site = basis, basis.Network, travel.NewSnapper(net), map[string]int32{}
	b.everywhere = sync.OnceValue(func() *travel.Snapper { return travel.NewSnapper(net.Opened()) })
	bring := func(p orb.Point) *travel.Snap {
		at, err := b.snapper.Snap(p, snapMetres)
		if err != nil {
			return nil
		}
		return &at
	}
	limit := travel.Millis(basis.Standard.Minutes) * 60_000
	q := Question{Net: net, Direction: ask.Direction, Limit: limit, Searched: limit}
	b.places = make([]*travel.Snap, len(basis.Facilities))
	for i, f := range basis.Facilities {
		b.site[f.ID] = int32(i)
		if f.Point == nil {
			continue
		}
		if b.places[i] = bring(*f.Point); b.places[i] != nil && basis.Serving[i] {
			q.Sites = append(q.Sites, travel.Site{ID: int32(i), Snap: *b.places[i]})
		}
	}
	demand := Demand{People: basis.People}
	for _, c := range basis.Groups {
		demand.Groups = append(demand.Groups, groupKey(c))
	}
	for _, s := range basis.Spots {
		demand.Units = append(demand.Units, s.Unit)
		var at *travel.Snap
		if s.Known {
			at = bring(s.Point)
		}
		demand.Snaps = append(demand.Snaps, at)
	}
	if len(demand.Units) == 0 {
		return planner.Errorf(planner.NotFound, "没有人口资料", "there are no people to count").Because("no_people")
	}
	q.Demand = demand
	basis.Spots = nil // the demand has them
	b.base, err = NewBase(ctx, q)
	return err
}

// take gives the idle scenario that has most of the edits, or a new one; it waits while too many are in use.
func (b *desktop) take(ctx context.Context, edits []Edit) (*trial, error) {
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	b.mu.Lock()
	best, least := -1, 0
	for i, t := range b.idle { // what must be undone and done
		if n := len(t.edits) + len(edits) - 2*t.shared(edits); best < 0 || n < least {
			best, least = i, n
		}
	}
	var t *trial
	if best >= 0 && (least <= 2 || len(b.idle) == keptTrials) { // another's trial is left to the other
		t = b.idle[best]
		b.idle = append(b.idle[:best], b.idle[best+1:]...)
	}
	b.mu.Unlock()
	if t != nil {
		return t, nil
	}
	s, err := b.base.Scenario()
	if err != nil {
		<-b.slots
		return nil, err
	}
	return &trial{scenario: s, added: map[string]int32{}}, nil
}

// give puts a scenario back for the next question; the one used longest ago makes room.
func (b *desktop) give(t *trial, sound bool) {
	b.mu.Lock()
	if sound {
		b.idle = append(b.idle, t)
	}
	b.idle = b.idle[max(0, len(b.idle)-keptTrials):]
	b.mu.Unlock()
	<-b.slots
}
