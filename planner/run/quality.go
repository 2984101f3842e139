package run

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/planner"
)

// QualityRow is one thing that is wrong or missing in what a run read, and where.
type QualityRow struct {
	Kind    string
	Subject string       // a unit, facility, or file and row
	Unit    planner.Code // "" where it belongs to none
	Text    planner.Text
}

// QualityKinds are the kinds of rows, in the order of the list.
var QualityKinds = []planner.Word{
	{ID: "rejected_row", Name: planner.Text{ZH: "导入时退回", EN: "refused by the import"}},
	{ID: "circular_units", Name: planner.Text{ZH: "区划上下级循环", EN: "units in a circle"}},
	{ID: "unknown_parent", Name: planner.Text{ZH: "上级单元不存在", EN: "unit above is missing"}},
	{ID: "unknown_zone", Name: planner.Text{ZH: "统计归口单元不存在", EN: "reporting unit is missing"}},
	{ID: "closed_unit", Name: planner.Text{ZH: "所在单元已撤销或未设立", EN: "in a unit that does not exist on the day"}},
	{ID: "two_counties", Name: planner.Text{ZH: "设施跨两县", EN: "facility in two counties"}},
	{ID: "facility_without_point", Name: planner.Text{ZH: "设施没有坐标", EN: "facility without coordinates"}},
	{ID: "beds", Name: planner.Text{ZH: "床位数有误", EN: "beds cannot be"}},
	{ID: "negative_people", Name: planner.Text{ZH: "人口为负", EN: "negative people"}},
	{ID: "people_without_unit", Name: planner.Text{ZH: "人口所在单元不存在", EN: "people of no unit"}},
	{ID: "hamlets_over_village", Name: planner.Text{ZH: "自然村人口多于全村", EN: "hamlets have more people than their village"}},
	{ID: "flag_without_unit", Name: planner.Text{ZH: "清单中的单元不存在", EN: "a mark of no unit"}},
	{ID: "area_without_facility", Name: planner.Text{ZH: "服务范围的设施不存在", EN: "a served area of no facility"}},
}

// inspect lists what is wrong with the inputs. over are villages whose hamlets have more people than they.
func (e *Evaluation) inspect(over []planner.Code) (rows []QualityRow) {
	add := func(kind, subject string, unit planner.Code, zh, en string, args ...any) {
		rows = append(rows, QualityRow{kind, subject, unit, planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}})
	}
	for _, r := range e.in.Rejects {
		subject := fmt.Sprintf("%s %s %d", r.Kind, r.File, r.Row)
		rows = append(rows, QualityRow{"rejected_row", subject, "", planner.Text{ZH: fmt.Sprintf("%s第%d行:%s", r.File, r.Row, r.Reason.ZH), EN: fmt.Sprintf("%s, row %d: %s", r.File, r.Row, r.Reason.EN)}})
	}
	closed := map[planner.Code]ClosedUnit{}
	for _, c := range e.in.Closed {
		closed[c.Code] = c
	}
	e.inspectUnits(add, closed)
	e.inspectFacilities(add, closed)
	for _, c := range e.in.Population {
		if c.People < 0 {
			add("negative_people", string(c.Unit), c.Unit, "%s %s人口为%d,按0计", "%s %s: %d people, taken as 0", c.Unit, c.Group, c.People)
		}
		if _, known := e.units[c.Unit]; known || c.People <= 0 {
			continue
		}
		if was, ok := closed[c.Unit]; ok {
			add("closed_unit", string(c.Unit), c.Unit, "%[1]s(%[2]s)在评估日%[3]s,其%[4]s人口%[5]d人未计入", "%s (%s) %[6]s on the day: its %[4]s population of %[5]d is not counted", was.Name, c.Unit, gone(was).ZH, c.Group, c.People, gone(was).EN)
		} else {
			add("people_without_unit", string(c.Unit), c.Unit, "%s不在区划中,其%s人口%d人未计入任何单元", "%s is no unit: its %s population of %d is in nobody's coverage", c.Unit, c.Group, c.People)
		}
	}
	for _, u := range over {
		add("hamlets_over_village", string(u), u, "%s的自然村人口之和多于全村数,按自然村计", "%s: its hamlets have more people than the village: they are counted", e.units[u].Name)
	}
	for _, f := range e.in.Flags {
		if _, known := e.units[f.Unit]; !known {
			add("flag_without_unit", string(f.Unit), f.Unit, "清单「%s」中的%s不在区划中", "the list %s names %s, which is no unit", planner.NameOf(planner.Flags, f.Flag).ZH, f.Unit)
		}
	}
	for _, a := range e.in.Areas {
		if _, known := e.sites[a.Facility]; !known {
			add("area_without_facility", a.Facility, a.Unit, "服务范围所属设施%s不存在", "a served area names facility %s, which does not exist", a.Facility)
		}
	}
	order := map[string]int{}
	for i, k := range QualityKinds {
		order[k.ID] = i
	}
	slices.SortStableFunc(rows, func(a, b QualityRow) int { return cmp.Compare(order[a.Kind], order[b.Kind]) })
	return rows
}

func gone(u ClosedUnit) planner.Text {
	if u.Later {
		return planner.Text{ZH: "尚未设立", EN: "does not exist yet"}
	}
	return planner.Text{ZH: "已撤销", EN: "exists no more"}
}

type adder func(kind, subject string, unit planner.Code, zh, en string, args ...any)

func (e *Evaluation) inspectUnits(add adder, closed map[planner.Code]ClosedUnit) {
	settled := map[planner.Code]bool{} // known to lead to the top
	for _, u := range e.in.Units {
		if _, known := e.units[u.Parent]; u.Parent != "" && !known && u.Level > planner.County && len(e.spec.Units) == 0 {
			add("unknown_parent", string(u.Code), u.Code, "%s(%s)的上级%s不在区划中", "%s (%s): the unit above it, %s, is not there", u.Name, u.Code, u.Parent)
		}
		if _, known := e.units[u.ReportingParent]; u.ReportingParent != "" && !known && e.reports[u.Code] != "" {
			add("unknown_zone", string(u.Code), u.Code, "%s统计归口%s,但区划中没有该单元,无从列示", "%s reports to %s, which is no unit: it has no row", u.Name, u.ReportingParent)
		}
		way := map[planner.Code]bool{}
		for at := u; ; {
			if settled[at.Code] {
				break
			}
			if way[at.Code] {
				add("circular_units", string(u.Code), u.Code, "%s(%s)的上级关系构成循环,按区划代码归属", "%s (%s): its units above form a circle; it is placed by its code", u.Name, u.Code)
				break
			}
			way[at.Code] = true
			next, ok := e.units[at.Parent]
			if !ok {
				for c := range way {
					settled[c] = true
				}
				break
			}
			at = next
		}
	}
}

func (e *Evaluation) inspectFacilities(add adder, closed map[planner.Code]ClosedUnit) {
	for _, x := range e.in.Elsewhere {
		add("two_counties", x.Facility, x.Unit, "%s登记在%s,坐标却在%s(%s)", "%s is listed in %s, its coordinates are in %s (%s)", x.Name, x.Unit, x.InName, x.In)
	}
	named := map[string][]int{}
	for i, f := range e.in.Facilities {
		if !e.spec.Covers(f.Unit) {
			continue
		}
		named[f.Name] = append(named[f.Name], i)
		for u := f.Unit; u != ""; u = u.Parent() {
			if was, ok := closed[u]; ok {
				add("closed_unit", f.ID, f.Unit, "%[1]s所在的%[2]s(%[3]s)在评估日%[4]s", "%s stands in %s (%s), which %[5]s on the day", f.Name, was.Name, u, gone(was).ZH, gone(was).EN)
				break
			}
		}
		if f.Point == nil {
			add("facility_without_point", f.ID, f.Unit, "%s没有坐标,不计入可达", "%s has no coordinates and serves no circle", f.Name)
		}
		if f.Beds != nil && f.NursingBeds != nil && *f.NursingBeds > *f.Beds {
			add("beds", f.ID, f.Unit, "%s护理型床位%d张多于床位%d张", "%s has %d nursing beds of %d beds", f.Name, *f.NursingBeds, *f.Beds)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		same := named[name]
		for n, i := range same {
			for _, j := range same[:n] {
				a, b := e.in.Facilities[j], e.in.Facilities[i]
				if a.Unit.Ancestor(planner.County) != b.Unit.Ancestor(planner.County) && a.Offers(b.Services...) && a.Point != nil && b.Point != nil && geo.DistanceHaversine(*a.Point, *b.Point) < 500 {
					add("two_counties", b.ID, b.Unit, "%s同时登记在%s(%s)和%s(%s)", "%s is listed in %s (%s) and in %s (%s)", b.Name, a.Unit, a.ID, b.Unit, b.ID)
				}
			}
		}
	}
}
