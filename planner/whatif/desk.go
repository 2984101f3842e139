package whatif

import (
	"context"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Source is what a desk reads: the inputs of runs, and what a run was asked.
type Source interface {
	run.Source
	Spec(ctx context.Context, runID int64) (spec run.Spec, digest string, err error)
}

// Desk answers what edits do to people. Its answers depend on the question alone: state is the base and the list of edits, which
// come with each question, so that any server can answer any of them. What a desk keeps makes it fast: the bases of
// late, and scenarios that have most edits of the next question already. It is safe for concurrent use.
type Desk struct {
	Book *travel.Book
	from Source

	sync.Mutex
	bases map[string]*desktop
	order []string // of bases: the one used longest ago first
}

// Bounds of what a desk keeps and reads.
const (
	keptBases  = 3
	keptTrials = 4         // of one base; more questions at once wait
	mostSpots  = 3_000_000 // places of people: a large prefecture
)

// NewDesk makes a desk with our own profiles.
func NewDesk(from Source) *Desk {
	return &Desk{Book: travel.Builtin(), from: from, bases: map[string]*desktop{}}
}

// Ask is a question with the edits that are tried.
type Ask struct {
	Snapshot  layer.Snapshot // the run whose standards and day count, and the data
	Question  run.Question
	Direction travel.Direction
	Within    planner.Code // whose people are counted; "" is all that the run has and the viewer sees
	Edits     []Edit
	NoDigest  bool
}

// Answer is what the edits do.
type Answer struct {
	Standard string // id; "" for a service that was named
	Services []string
	Minutes  int
	Profile  string
	Network  string // digest
	Groups   []run.Cohort
	Whole    []Difference // by group
	Units    []Difference // by unit, then by group
	Names    map[planner.Code]string
	Done     []Done
	Digest   string // of the whole state: the same edits on the same base give the same, also after others were taken back
}

// Cohort gives the group of a row.
func (a *Answer) Cohort(d Difference) run.Cohort {
	i := slices.IndexFunc(a.Groups, func(c run.Cohort) bool { return groupKey(c) == d.Group })
	return a.Groups[i]
}

// Try answers a question. Errors: Invalid, TooLarge, Forbidden for viewers from whom small numbers are kept (moving a site
// by a house and subtracting would tell them), NotFound without a network or run.
func (d *Desk) Try(ctx context.Context, ask Ask, v planner.Viewer) (*Answer, error) {
	if v.Class != planner.Full {
		return nil, planner.Errorf(planner.Forbidden, "情景推演含有小数值,不对公众开放", "what-if tells small numbers: it is not for the public")
	}
	if len(ask.Edits) > mostEdits {
		return nil, planner.Errorf(planner.TooLarge, "最多%d个改动,收到%d个", "at most %d edits, got %d", mostEdits, len(ask.Edits))
	}
	spec, err := d.spec(ctx, ask, v)
	if err != nil {
		return nil, err
	}
	b, err := d.base(ctx, spec, ask)
	if err != nil {
		return nil, err
	}
	for i, e := range ask.Edits { // facilities of others are none of the viewer's
		if n, ok := b.site[e.Facility]; ok && e.Op != "add" && !v.Sees(b.basis.Facilities[n].Unit) {
			return nil, numbered(i, planner.Errorf(planner.Invalid, "没有设施「%s」", "there is no facility %q", e.Facility).Because("unknown_facility"))
		}
	}
	t, err := b.take(ctx, ask.Edits)
	if err != nil {
		return nil, err
	}
	sound := false
	defer func() { b.give(t, sound) }() // one that a panic left half-way is thrown away
	if err := t.become(b, ask.Edits); err != nil {
		sound = true
		return nil, err
	}
	s := b.basis.Standard
	a := &Answer{Standard: s.ID, Services: s.Services, Minutes: s.Minutes, Profile: s.Profile, Network: b.network, Groups: b.basis.Groups,
		Whole: t.scenario.Whole(), Names: map[planner.Code]string{}, Done: slices.Clone(t.done)}
	for _, row := range t.scenario.Differences() {
		if u, known := b.basis.Units[row.Unit]; known && spec.Covers(row.Unit) {
			a.Units, a.Names[row.Unit] = append(a.Units, row), u.Name
		}
	}
	if !ask.NoDigest {
		sum := t.scenario.Digest()
		a.Digest = hex.EncodeToString(sum[:])
	}
	sound = true
	return a, nil
}

// spec is the run's, cut to what is asked for and what the viewer sees.
func (d *Desk) spec(ctx context.Context, ask Ask, v planner.Viewer) (spec run.Spec, err error) {
	if ask.Snapshot.Run > 0 {
		if spec, _, err = d.from.Spec(ctx, ask.Snapshot.Run); err != nil {
			return spec, err
		}
	} else {
		now := time.Now()
		spec.AsOf = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	}
	spec.Name, spec.DataVersion = "", ask.Snapshot.Version
	if ask.Within != "" {
		if !v.Sees(ask.Within) || !spec.Covers(ask.Within) {
			return spec, planner.Errorf(planner.NotFound, "没有区划单元%s", "there is no unit %s", ask.Within)
		}
		spec.Units = []planner.Code{ask.Within}
		return spec, nil
	}
	var seen []planner.Code
	for _, u := range spec.Units { // those of the run that lie inside of what the viewer sees
		if v.Sees(u) {
			seen = append(seen, u)
		}
	}
	for _, p := range v.Prefixes() { // and what the viewer sees inside of them
		if code, err := planner.ParseCode(p); err == nil && spec.Covers(code) {
			seen = append(seen, code)
		}
	}
	if len(seen) == 0 && (v.Prefix != "" || len(spec.Units) > 0) {
		return spec, planner.Errorf(planner.NotFound, "测算中没有您可见的单元", "the run has no unit that you see")
	}
	spec.Units = seen
	return spec, nil
}

// base gives the base of a question, made by the first who asks.
func (d *Desk) base(ctx context.Context, spec run.Spec, ask Ask) (*desktop, error) {
	key := fmt.Sprintf("%d %s %q %q %v %v %v", spec.DataVersion, spec.AsOf.Format(time.DateOnly), spec.Standards, spec.Set, spec.Units, ask.Question, ask.Direction)
	d.Lock()
	b, known := d.bases[key]
	if known {
		i := slices.Index(d.order, key)
		d.order = append(slices.Delete(d.order, i, i+1), key)
	} else {
		b = &desktop{made: make(chan struct{}), slots: make(chan struct{}, keptTrials)}
		if len(d.order) == keptBases {
			delete(d.bases, d.order[0])
			d.order = d.order[1:]
		}
		d.bases[key], d.order = b, append(d.order, key)
		whole := context.WithoutCancel(ctx) // others may wait for it when the first has gone
		go func() {
			defer close(b.made)
			defer func() {
				if cause := recover(); cause != nil { // not the end of the server
					b.err = fmt.Errorf("planner: what-if: %v\n%s", cause, debug.Stack())
					d.forget(key, b)
				}
			}()
			if b.err = b.open(whole, d, spec, ask); b.err != nil {
				d.forget(key, b)
			}
		}()
	}
	d.Unlock()
	select {
	case <-b.made:
		return b, b.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// forget drops a base that could not be made, so that the next question tries again.
func (d *Desk) forget(key string, b *desktop) {
	d.Lock()
	defer d.Unlock()
	if d.bases[key] == b {
		delete(d.bases, key)
		d.order = slices.DeleteFunc(d.order, func(k string) bool { return k == key })
	}
}

func newID(i int) string { return fmt.Sprintf("new-%d", i+1) }

// groupKey names a cohort among the groups of a demand.
func groupKey(c run.Cohort) string { return strings.Join([]string{c.Group, c.Basis}, ".") }
