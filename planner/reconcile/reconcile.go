// Package reconcile holds somebody else's list of facilities (another system's
// export, last quarter's report) against ours and names every difference (对账).
// Pure: lists in, findings out.
package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Row is one facility of the other list.
type Row struct {
	Line int // of the file
	run.Facility
}

// Kinds are the kinds of findings, in the order of the report.
var Kinds = []planner.Word{
	{ID: "duplicate", Name: planner.Text{ZH: "重复", EN: "twice in the list"}},
	{ID: "closed", Name: planner.Text{ZH: "已停用、撤销", EN: "closed or out of use"}},
	{ID: "wrong_point", Name: planner.Text{ZH: "点位不符", EN: "another place"}},
	{ID: "method", Name: planner.Text{ZH: "口径不同", EN: "counted otherwise"}},
	{ID: "numbers", Name: planner.Text{ZH: "数值不同", EN: "other numbers"}},
	{ID: "theirs_only", Name: planner.Text{ZH: "本库没有", EN: "not in ours"}},
	{ID: "ours_only", Name: planner.Text{ZH: "来表没有", EN: "not in theirs"}},
	{ID: "same", Name: planner.Text{ZH: "一致", EN: "the same"}},
}

// Finding is one difference, or that there is none.
type Finding struct {
	Kind string       `json:"kind"`
	Line int          `json:"line,omitempty"` // of theirs; 0 for ours only
	ID   string       `json:"id,omitempty"`   // of ours
	Name string       `json:"name"`
	Unit planner.Code `json:"unit_code"`
	Text planner.Text `json:"text"`
}

// Report is all findings and how many of each kind.
type Report struct {
	Theirs   int            `json:"theirs"`
	Ours     int            `json:"ours"`
	Counts   map[string]int `json:"counts"`
	Findings []Finding      `json:"findings"`
}

// apart is how far two points of one facility may lie from each other, metres: a large yard.
const apart = 200

// Compare names every difference on a day. Facilities are the same by their id, else
// by name in the same county, else by standing within 200 m with the same service
// and no other likely partner. Ours are those of the services and units that the other list speaks of.
func Compare(theirs []Row, ours []run.Facility, day time.Time) Report {
	m := &matcher{ours: ours, day: day, taken: map[int]int{}, byID: map[string]int{}, byName: map[string][]int{}}
	for i, f := range ours {
		m.byID[f.ID] = i
		m.byName[nameKey(f)] = append(m.byName[nameKey(f)], i)
	}
	r := Report{Theirs: len(theirs), Counts: map[string]int{}}
	add := func(f Finding) { r.Findings = append(r.Findings, f) }
	services, counties := map[string]bool{}, map[planner.Code]bool{}
	seen := map[string]int{}
	partners := make([]int, len(theirs))
	for i, t := range theirs {
		partners[i] = m.byKey(t)
	}
	for i, t := range theirs {
		for _, s := range t.Services {
			services[s] = true
		}
		if counties[t.Unit.Ancestor(planner.County)] = true; partners[i] >= 0 { // lists often name no unit
			counties[ours[partners[i]].Unit.Ancestor(planner.County)] = true
		}
		at := Finding{Line: t.Line, Name: t.Name, Unit: t.Unit}
		key := nameKey(t.Facility) + "|" + strings.Join(t.Services, ",")
		if first, twice := seen[key]; twice {
			at.Kind, at.Text = "duplicate", textf("与第%d行重复", "the same as row %d", first)
			add(at)
			continue
		}
		seen[key] = t.Line
		o := partners[i]
		if o < 0 {
			o = m.byPlace(t, partners)
		}
		if o < 0 {
			at.Kind, at.Text = "theirs_only", textf("本库没有此设施", "ours has no such facility")
			add(at)
			continue
		}
		if line, twice := m.taken[o]; twice {
			at.Kind, at.ID, at.Text = "duplicate", ours[o].ID, textf("与第%d行是同一设施%s", "row %d is the same facility, %s", line, ours[o].ID)
			add(at)
			continue
		}
		m.taken[o] = t.Line
		at.ID = ours[o].ID
		differs := m.differences(t, ours[o])
		for _, d := range differs {
			d.Line, d.Name, d.Unit, d.ID = at.Line, at.Name, at.Unit, at.ID
			add(d)
		}
		if len(differs) == 0 {
			at.Kind, at.Text = "same", textf("一致", "the same")
			add(at)
		}
	}
	for i, f := range ours {
		if !counties[f.Unit.Ancestor(planner.County)] || !slices.ContainsFunc(f.Services, func(s string) bool { return services[s] }) {
			continue
		}
		r.Ours++
		if _, ok := m.taken[i]; ok {
			continue
		}
		x := Finding{Kind: "ours_only", ID: f.ID, Name: f.Name, Unit: f.Unit, Text: textf("来表没有;本库状态:%[1]s", "theirs has none; here it is %[2]s", planner.NameOf(planner.Statuses, f.StatusOn(day)).ZH, planner.NameOf(planner.Statuses, f.StatusOn(day)).EN)}
		add(x)
	}
	order := map[string]int{}
	for i, k := range Kinds {
		order[k.ID] = i
	}
	for _, f := range r.Findings {
		r.Counts[f.Kind]++
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	return r
}

type matcher struct {
	ours   []run.Facility
	day    time.Time
	taken  map[int]int // ours → line of theirs
	byID   map[string]int
	byName map[string][]int
}

// nameKey is a name without what people write in different ways, in its county.
func nameKey(f run.Facility) string {
	return strings.NewReplacer(" ", "", "(", "", ")", "", "(", "", ")", "", "「", "", "」", "").Replace(f.Name) + "@" + string(f.Unit.Ancestor(planner.County))
}

// byKey finds by id, else by name where only one bears it; −1 for none.
func (m *matcher) byKey(t Row) int {
	if i, ok := m.byID[t.ID]; ok && t.ID != "" {
		return i
	}
	if same := m.byName[nameKey(t.Facility)]; len(same) == 1 {
		return same[0]
	}
	for _, i := range m.byName[nameKey(t.Facility)] {
		if m.ours[i].Offers(t.Services...) {
			return i
		}
	}
	return -1
}

// byPlace finds the nearest of ours with the same service that no other row has.
func (m *matcher) byPlace(t Row, partners []int) int {
	best, nearest := -1, float64(apart)
	if t.Point == nil {
		return -1
	}
	for i, f := range m.ours {
		if f.Point == nil || !f.Offers(t.Services...) || slices.Contains(partners, i) {
			continue
		}
		if d := geo.DistanceHaversine(*t.Point, *f.Point); d < nearest {
			best, nearest = i, d
		}
	}
	return best
}

// differences are what two descriptions of one facility say otherwise.
func (m *matcher) differences(t Row, o run.Facility) (all []Finding) {
	add := func(kind string, text planner.Text) { all = append(all, Finding{Kind: kind, Text: text}) }
	theirs, mine := t.StatusOn(m.day), o.StatusOn(m.day)
	word := func(s string) planner.Text { return planner.NameOf(planner.Statuses, s) }
	switch {
	case theirs == mine:
	case theirs == "operating" && (mine == "suspended" || mine == "closed"):
		add("closed", textf("来表在运营,本库%[1]s", "operating in theirs, %[2]s here", word(mine).ZH, word(mine).EN))
	default:
		add("method", textf("状态不同:来表%[1]s,本库%[2]s", "status: %[3]s in theirs, %[4]s here", word(theirs).ZH, word(mine).ZH, word(theirs).EN, word(mine).EN))
	}
	switch {
	case t.Point != nil && o.Point != nil:
		if d := geo.DistanceHaversine(*t.Point, *o.Point); d > apart {
			add("wrong_point", textf("两处点位相距%.0f米", "the points are %.0f m apart", d))
		}
	case o.Point == nil && t.Point != nil:
		add("wrong_point", textf("本库没有坐标", "ours has no coordinates"))
	}
	if t.Unit != "" && o.Unit != "" && !strings.HasPrefix(string(o.Unit), t.Unit.Prefix()) && !strings.HasPrefix(string(t.Unit), o.Unit.Prefix()) {
		add("wrong_point", textf("所在行政区不同:来表%s,本库%s", "unit: %s in theirs, %s here", t.Unit, o.Unit))
	}
	if a, b := serviceNames(t.Services), serviceNames(o.Services); a.ZH != b.ZH {
		add("method", textf("服务类型不同:来表%[1]s,本库%[2]s", "services: %[3]s in theirs, %[4]s here", a.ZH, b.ZH, a.EN, b.EN))
	}
	for _, n := range []struct {
		zh, en       string
		theirs, ours *int
	}{{"床位数", "beds", t.Beds, o.Beds}, {"护理型床位数", "nursing beds", t.NursingBeds, o.NursingBeds}, {"剩余容量", "capacity left", t.CapacityLeft, o.CapacityLeft}, {"每周开放天数", "open days a week", t.WeeklyOpenDays, o.WeeklyOpenDays}} {
		if n.theirs != nil && n.ours != nil && *n.theirs != *n.ours {
			add("numbers", textf("%[1]s:来表%[3]d,本库%[4]d", "%[2]s: %[3]d in theirs, %[4]d here", n.zh, n.en, *n.theirs, *n.ours))
		}
	}
	return all
}

func serviceNames(ids []string) planner.Text {
	ids = slices.Sorted(slices.Values(ids))
	var zh, en []string
	for _, id := range ids {
		n := planner.NameOf(planner.Services, id)
		zh, en = append(zh, n.ZH), append(en, n.EN)
	}
	return planner.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

func textf(zh, en string, args ...any) planner.Text {
	return planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}
