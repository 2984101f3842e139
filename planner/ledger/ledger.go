// Package ledger is the list of gaps (缺口清单) as it is worked: towns fill in,
// counties review, city and province accept or return with a reason. Pure: what a
// row may become, by whom, and what two versions of it disagree about.
package ledger

import (
	"strconv"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// States are what is known of a gap on the ground (核实结果).
var States = []planner.Word{
	{ID: "to_verify", Name: planner.Text{ZH: "待核实", EN: "to verify"}},
	{ID: "confirmed", Name: planner.Text{ZH: "属实", EN: "confirmed"}},
	{ID: "data_wrong", Name: planner.Text{ZH: "数据有误", EN: "data wrong"}},
	{ID: "planned", Name: planner.Text{ZH: "已列计划", EN: "planned"}},
	{ID: "closed", Name: planner.Text{ZH: "已销号", EN: "closed"}},
}

// Stages are whose turn it is.
var Stages = []planner.Word{
	{ID: "open", Name: planner.Text{ZH: "乡镇填报", EN: "with the town"}},
	{ID: "submitted", Name: planner.Text{ZH: "待县级审核", EN: "with the county"}},
	{ID: "reviewed", Name: planner.Text{ZH: "待市级、省级确认", EN: "with city and province"}},
	{ID: "accepted", Name: planner.Text{ZH: "已确认", EN: "accepted"}},
	{ID: "returned", Name: planner.Text{ZH: "已退回", EN: "returned"}},
}

// Trends compare the last two runs that a row was held against.
var Trends = []planner.Word{
	{ID: "new", Name: planner.Text{ZH: "新增", EN: "new"}},
	{ID: "persisting", Name: planner.Text{ZH: "持续", EN: "persisting"}},
	{ID: "gone", Name: planner.Text{ZH: "测算已无", EN: "not found any more"}},
}

// Row is one gap as it is worked. What a run measured stands above, what people say below.
type Row struct {
	ID            string       `json:"id"` // the gap's identity in every run
	Standard      string       `json:"standard"`
	Unit          planner.Code `json:"unit_code"`
	Town          string       `json:"town"`
	Village       string       `json:"village"`
	Hamlet        string       `json:"hamlet"`
	Kind          string       `json:"kind"`
	People        int          `json:"people"`
	People80      int          `json:"people_80"`
	NearestID     string       `json:"nearest_facility_id"`
	NearestName   string       `json:"nearest_name"`
	NearestStatus string       `json:"nearest_status"`
	Minutes       *float64     `json:"minutes"`
	RideMinutes   *float64     `json:"ride_minutes"`
	Reason        planner.Text `json:"reason"`
	Measure       string       `json:"measure"`
	FirstRun      int64        `json:"first_run"` // that found it
	LastRun       int64        `json:"last_run"`  // that found it
	Trend         string       `json:"trend"`

	Said
	Stage     string    `json:"stage"`
	Returned  string    `json:"returned"` // why it was sent back
	Revision  int64     `json:"revision"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by"`
}

// Said is what officials fill in.
type Said struct {
	State string `json:"state"`
	Year  *int   `json:"year"` // in which it will be closed
	Body  string `json:"body"` // that will do it
	Note  string `json:"note"`
}

// Event is one line of a row's history.
type Event struct {
	Revision int64     `json:"revision"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Action   string    `json:"action"`
	Stage    string    `json:"stage"`
	Said
	Reason string `json:"reason"`
}

// Step is something that can be done to a row.
type Step string

// The steps.
const (
	Fill   Step = "fill"   // write state, year, body, note
	Submit Step = "submit" // town → county
	Review Step = "review" // county → city and province
	Accept Step = "accept" // and lock
	Return Step = "return" // to the town, with a reason
)

// Change is a step with what it brings. Nil fields of Said stay as they are.
type Change struct {
	Step   Step
	State  *string
	Year   *int // 0 takes the year away
	Body   *string
	Note   *string
	Reason string
}

// Order is a change of one row.
type Order struct {
	ID       string
	Revision int64 // that the change was made on; 0: whatever it is now
	Change
}

// next is what a state may become; the same again is always allowed.
var next = map[string]string{"to_verify": "confirmed data_wrong planned", "confirmed": "to_verify data_wrong planned", "data_wrong": "to_verify confirmed closed", "planned": "confirmed data_wrong closed", "closed": ""}

// Office is at which desk somebody sits: town, county, or above (city and province).
type Office struct{ Town, County, Above bool }

// Apply gives the row after a change by an office, the rights to its unit granted
// already. Conflict for a step that the row's stage does not admit or an accepted
// row, Invalid for what is not complete, Forbidden for the wrong desk.
func (r Row) Apply(c Change, o Office) (Row, error) {
	if r.Stage == "accepted" && c.Step != Return {
		return r, planner.Errorf(planner.Conflict, "缺口%s已确认锁定,退回后方可修改", "gap %s is accepted and locked: it can be changed when it was returned", r.ID)
	}
	turn := map[Step]string{Fill: "open returned submitted reviewed", Submit: "open returned", Review: "open returned submitted", Accept: "reviewed", Return: "submitted reviewed accepted"}[c.Step]
	if turn == "" {
		return r, planner.Errorf(planner.Invalid, "没有「%s」这一步", "there is no step %q", c.Step)
	}
	if !strings.Contains(" "+turn+" ", " "+r.Stage+" ") {
		return r, planner.Errorf(planner.Conflict, "缺口%[1]s处于「%[2]s」,不能%[3]s", "gap %[1]s is %[4]s: it cannot be %[5]s", r.ID, planner.NameOf(Stages, r.Stage).ZH, stepNames[c.Step].ZH, planner.NameOf(Stages, r.Stage).EN, stepNames[c.Step].EN)
	}
	var may bool
	switch c.Step {
	case Fill, Submit: // a county may write until it has passed the row on, a town only on its turn
		may = o.Town && (r.Stage == "open" || r.Stage == "returned") || o.County && r.Stage != "reviewed" || o.Above && c.Step == Fill && r.Stage == "reviewed"
	case Review:
		may = o.County
	case Accept:
		may = o.Above
	case Return:
		may = o.Above || o.County && r.Stage == "submitted"
	}
	if !may {
		return r, planner.Errorf(planner.Forbidden, "您的角色不能对「%[1]s」的缺口%[2]s", "your role cannot have a gap %[4]s that is %[3]s", planner.NameOf(Stages, r.Stage).ZH, stepNames[c.Step].ZH, planner.NameOf(Stages, r.Stage).EN, stepNames[c.Step].EN)
	}
	if c.Step == Return && strings.TrimSpace(c.Reason) == "" {
		return r, planner.Errorf(planner.Invalid, "退回须写明原因", "give the reason why it is returned")
	}
	was := r.State
	c.write(&r)
	if r.State != was && !strings.Contains(" "+next[was]+" ", " "+r.State+" ") {
		return r, planner.Errorf(planner.Invalid, "核实结果不能由「%[1]s」改为「%[2]s」", "the state cannot go from %[3]s to %[4]s", planner.NameOf(States, was).ZH, planner.NameOf(States, r.State).ZH, planner.NameOf(States, was).EN, planner.NameOf(States, r.State).EN)
	}
	if r.State == "planned" && (r.Year == nil || strings.TrimSpace(r.Body) == "") {
		return r, planner.Errorf(planner.Invalid, "「已列计划」须填计划年度和责任单位", "a planned gap needs the year and the responsible body")
	}
	if (c.Step == Review || c.Step == Accept) && r.State == "to_verify" {
		return r, planner.Errorf(planner.Invalid, "缺口%s尚未核实,不能%s", "gap %[1]s was not verified yet: it cannot be %[3]s", r.ID, stepNames[c.Step].ZH, stepNames[c.Step].EN)
	}
	switch c.Step {
	case Submit:
		r.Stage = "submitted"
	case Review:
		r.Stage = "reviewed"
	case Accept:
		r.Stage = "accepted"
	case Return:
		r.Stage, r.Returned = "returned", strings.TrimSpace(c.Reason)
	}
	if c.Step == Submit || c.Step == Review || c.Step == Accept {
		r.Returned = ""
	}
	return r, nil
}

func (c Change) write(r *Row) {
	if c.State != nil {
		r.State = *c.State
	}
	if c.Year != nil {
		r.Year = c.Year
		if *c.Year == 0 {
			r.Year = nil
		}
	}
	if c.Body != nil {
		r.Body = strings.TrimSpace(*c.Body)
	}
	if c.Note != nil {
		r.Note = strings.TrimSpace(*c.Note)
	}
}

var stepNames = map[Step]planner.Text{Fill: {ZH: "填报", EN: "filled in"}, Submit: {ZH: "上报", EN: "submitted"}, Review: {ZH: "审核通过", EN: "reviewed"}, Accept: {ZH: "确认", EN: "accepted"}, Return: {ZH: "退回", EN: "returned"}}

// Check refuses a change that no row can take.
func (c Change) Check() error {
	if c.State != nil && planner.NameOf(States, *c.State).ZH == *c.State {
		return planner.Errorf(planner.Invalid, "核实结果「%s」无法识别", "state %q is unknown", *c.State)
	}
	if c.Year != nil && *c.Year != 0 && (*c.Year < 2000 || *c.Year > 2100) {
		return planner.Errorf(planner.Invalid, "计划年度「%d」有误", "year %d cannot be meant", *c.Year)
	}
	if c.Step == Fill && c.State == nil && c.Year == nil && c.Body == nil && c.Note == nil {
		return planner.Errorf(planner.Invalid, "没有要填写的内容", "there is nothing to fill in")
	}
	return nil
}

// Same tells whether two say the same.
func (s Said) Same(o Said) bool {
	return s.State == o.State && s.Body == o.Body && s.Note == o.Note && (s.Year == nil) == (o.Year == nil) && (s.Year == nil || *s.Year == *o.Year)
}

// String is what was said in one line, for lists of conflicts.
func (s Said) String() string {
	parts := []string{planner.NameOf(States, s.State).ZH}
	if s.Year != nil {
		parts = append(parts, strconv.Itoa(*s.Year))
	}
	for _, p := range []string{s.Body, s.Note} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// Filter chooses rows of the list.
type Filter struct {
	Unit, Standard, Kind, State, Stage, Trend string // Unit: digits of a division code
	Text                                      string // in names, reason or note
	Sort                                      string // -people (default), people, minutes, -minutes, unit, updated
	Limit, Offset                             int    // Limit 0: all
}

// Sorts are the orders of the list.
var Sorts = []string{"-people", "people", "-minutes", "minutes", "unit", "updated"}

// Refusal says why a row was not changed.
type Refusal struct {
	ID     string       `json:"id"`
	Reason planner.Text `json:"reason"`
}

// Conflict is a row of a returned list that was changed here, too, since the list went out.
type Conflict struct {
	ID     string    `json:"id"`
	Line   int       `json:"line"` // of the sheet
	Theirs string    `json:"theirs"`
	Ours   string    `json:"ours"`
	By     string    `json:"by"` // who changed it here
	At     time.Time `json:"at"`
}

// Receipt is what came of a returned list.
type Receipt struct {
	Read      int        `json:"read"`
	Changed   int        `json:"changed"`
	Same      int        `json:"same"`
	Conflicts []Conflict `json:"conflicts"`
	Refused   []Refusal  `json:"refused"`
}

// Opening is what came of holding the list against a run.
type Opening struct {
	Run        int64 `json:"run"`
	New        int   `json:"new"`
	Persisting int   `json:"persisting"`
	Gone       int   `json:"gone"`
}
