package geocode

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// LinkState says what became of the address of a facility.
type LinkState string

// The states. The last three are decisions of a person.
const (
	Linked   LinkState = "linked"   // the standard address is certain
	Doubtful LinkState = "doubtful" // a person must say
	Unknown  LinkState = "unknown"  // nothing to propose
	Accepted LinkState = "accepted" // the proposal is right
	Chosen   LinkState = "chosen"   // another candidate is
	Rejected LinkState = "rejected" // none is
)

// LinkStates lists them with the words that people see.
var LinkStates = []planner.Word{
	{ID: string(Linked), Name: planner.Text{ZH: "已关联", EN: "linked"}}, {ID: string(Doubtful), Name: planner.Text{ZH: "待核", EN: "to be checked"}},
	{ID: string(Unknown), Name: planner.Text{ZH: "未找到", EN: "not found"}}, {ID: string(Accepted), Name: planner.Text{ZH: "已采用", EN: "accepted"}},
	{ID: string(Chosen), Name: planner.Text{ZH: "已改选", EN: "another chosen"}}, {ID: string(Rejected), Name: planner.Text{ZH: "不采用", EN: "rejected"}},
}

// Decided tells whether a person has spoken.
func (s LinkState) Decided() bool { return s == Accepted || s == Chosen || s == Rejected }

// Link is the standard address of a facility, as far as it is known.
type Link struct {
	State      LinkState `json:"state"`
	Place      *Place    `json:"place"` // proposed or settled; null when there is nothing to propose
	Candidates []Place   `json:"candidates"`
	Reasons    []Reason  `json:"reasons"`
	Metres     *float64  `json:"metres"` // from the delivered position to the address; null without both
}

// farFrom is how many metres a delivered position may be from its address.
const farFrom = 500

var (
	reasonOtherUnit = Reason{"other_unit", planner.Text{ZH: "所填行政区与地址不符", EN: "the address is not in the unit that the facility states"}}
	reasonMoved     = Reason{"far_from_position", planner.Text{ZH: "所给坐标距该地址超过500米", EN: "the delivered position is more than 500 m from the address"}}
	reasonCoarse    = Reason{"coarse", planner.Text{ZH: "只能确定到此级别,不足以定位", EN: "certain only at this level, too coarse to be a position"}}
	reasonByUnit    = Reason{"by_unit", planner.Text{ZH: "按所填行政区选定", EN: "settled by the unit that the facility states"}}
	reasonByPoint   = Reason{"by_position", planner.Text{ZH: "按所给坐标选定", EN: "settled by the delivered position"}}
)

// LinkOf judges an answer for a facility that states a unit ("" for none) and was
// delivered with a position (nil for none).
func LinkOf(a Answer, unit planner.Code, at *orb.Point) Link {
	l := Link{State: Doubtful, Place: a.Place, Candidates: a.Candidates, Reasons: a.Reasons}
	if l.Candidates == nil {
		l.Candidates = []Place{}
	}
	switch a.Status {
	case Unmatched:
		l.State = Unknown
		return l
	case Ambiguous:
		l.Place = nil
		if slices.Contains(a.Reasons, reasonSeveral) {
			l.settle(a.Candidates, unit, at)
		}
		if l.Place == nil {
			return l
		}
	}
	l.measure(at)
	switch {
	case unit != "" && !agrees(unit, l.Place.Code):
		l.Reasons = append(slices.Clone(l.Reasons), reasonOtherUnit)
	case rankOf(l.Place.Level) <= rankTownship:
		l.State, l.Reasons = Unknown, append(slices.Clone(l.Reasons), reasonCoarse)
	case l.Metres != nil && *l.Metres > farFrom && l.Place.fine():
		l.Reasons = append(slices.Clone(l.Reasons), reasonMoved)
	case !l.Place.fine():
		l.Reasons = append(slices.Clone(l.Reasons), reasonCoarse)
	default:
		l.State = Linked
	}
	return l
}

// settle chooses among equal candidates the one in the facility's unit, else the one at its position.
func (l *Link) settle(all []Place, unit planner.Code, at *orb.Point) {
	only := func(fits func(*Place) bool, why Reason) {
		found := -1
		for i := range all {
			if fits(&all[i]) {
				if found >= 0 {
					return
				}
				found = i
			}
		}
		if found >= 0 && l.Place == nil {
			l.Place, l.Reasons = &all[found], append(slices.Clone(l.Reasons), why)
		}
	}
	if len(all) == MaxCandidates { // there may be more
		return
	}
	if unit != "" {
		only(func(p *Place) bool { return agrees(unit, p.Code) }, reasonByUnit)
	}
	if at != nil {
		only(func(p *Place) bool { return p.Point != nil && geo.Distance(*at, *p.Point) <= farFrom }, reasonByPoint)
	}
}

func (l *Link) measure(at *orb.Point) {
	if at != nil && l.Place.Point != nil {
		m := math.Round(geo.Distance(*at, *l.Place.Point))
		l.Metres = &m
	}
}

// fine tells whether a place is one house, estate or hamlet: a position for a facility.
func (p *Place) fine() bool {
	return p.Point != nil && (p.Address != "" || p.Level == address.Compound || p.Level == address.Hamlet)
}

// agrees tells whether two codes are of one township, or one contains the other.
func agrees(a, b planner.Code) bool {
	x, y := a.Ancestor(planner.Township).Prefix(), b.Ancestor(planner.Township).Prefix()
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

func rankOf(l address.Level) uint8 {
	if i := slices.Index(rankLevels[:], l); i > 0 {
		return uint8(i)
	}
	return rankCompound
}

// FacilityLink is a facility with its link, as the review list shows it.
type FacilityLink struct {
	Facility      string        `json:"facility_id"`
	Name          string        `json:"name"`
	Address       string        `json:"address"` // as delivered
	Unit          planner.Code  `json:"unit_code"`
	Point         *orb.Point    `json:"point"`                    // lon, lat; null for none
	PositionLevel address.Level `json:"position_level,omitempty"` // of the address that gave the position; "" is as delivered
	Link
	By   string     `json:"decided_by,omitempty"`
	At   *time.Time `json:"decided_at,omitempty"`
	Note string     `json:"note,omitempty"`
}

// Decision is what a person says of a link.
type Decision struct {
	State   LinkState `json:"decision"`             // accepted, chosen or rejected
	Address string    `json:"address_id,omitempty"` // chosen: a standard address
	Choice  int       `json:"candidate,omitempty"`  // or a candidate, from 1
	Note    string    `json:"note,omitempty"`
	By      string    `json:"-"`
}

// Apply gives the link after a decision; Invalid for one that cannot be.
func (d Decision) Apply(l Link) (Link, error) {
	switch d.State {
	case Accepted:
		if l.Place == nil {
			return l, planner.Errorf(planner.Invalid, "没有建议地址可采用,请从候选中选一个", "there is no proposal to accept: choose a candidate")
		}
	case Rejected: // the proposal stays, to be accepted later
	case Chosen:
		i := d.Choice - 1
		if d.Address != "" {
			i = slices.IndexFunc(l.Candidates, func(p Place) bool { return p.Address == d.Address })
		}
		if i < 0 || i >= len(l.Candidates) {
			return l, planner.Errorf(planner.Invalid, "没有第%[1]d个候选(共%[2]d个)", "there is no candidate %[1]d of %[2]d", d.Choice, len(l.Candidates))
		}
		l.Place = &l.Candidates[i]
	default:
		return l, planner.Errorf(planner.Invalid, "决定应为 accepted、chosen 或 rejected,不是「%s」", "a decision is accepted, chosen or rejected, not %q", d.State)
	}
	l.State = d.State
	return l, nil
}

// LinkCounts is how many facilities stand in which state, and what a linking did.
type LinkCounts struct {
	Asked    int   `json:"asked"`    // of them, now
	Linked   int   `json:"linked"`   // by the geocoder or by a person
	Doubtful int   `json:"doubtful"` // wait for a person
	Unknown  int   `json:"unknown"`
	Rejected int   `json:"rejected"`
	Version  int64 `json:"version"` // the data version that shows the changes, 0 when nothing changed
}
