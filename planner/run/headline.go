package run

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// headline counts the townships and villages with people who are not covered.
func headline(whole planner.Text, s standard.Standard, fig *StandardFigure, sums map[planner.Code]map[string]int, day time.Time) planner.Text {
	towns, villages := 0, 0
	for u, people := range sums {
		if people["uncovered"] > 0 && u.Level() == planner.Township {
			towns++
		} else if people["uncovered"] > 0 && u.Level() == planner.Village {
			villages++
		}
	}
	return Headline(whole, s, fig, towns, villages, day)
}

// Headline is the one sentence that a leader reads first: the people of a whole by
// how they reach a standard's service, on a day.
func Headline(whole planner.Text, s standard.Standard, fig *StandardFigure, towns, villages int, day time.Time) planner.Text {
	share := func(class string) string {
		if fig.Total == 0 {
			return "–"
		}
		return strconv.FormatFloat(100*float64(fig.People[class])/float64(fig.Total), 'f', 1, 64) + "%"
	}
	c, who := judgedBy(s), called(s.Group)
	age := planner.Text{ZH: planner.NameOf(planner.Groups, c.group).ZH + map[string]string{"位老人": "老人", "名未成年人": "未成年人"}[who.ZH], EN: planner.NameOf(planner.Groups, c.group).EN}
	zh := fmt.Sprintf("%s%s%s%s人:步行%d分钟可达%s人(%s),乘车%d分钟可达%s人(%s),", whole.ZH, planner.NameOf(planner.Bases, c.basis).ZH, age.ZH, group(fig.Total),
		s.Minutes, group(fig.People["walk"]), share("walk"), s.Minutes, group(fig.People["ride"]), share("ride"))
	en := fmt.Sprintf("Of %s %s people %s%s, %s (%s) are within %d minutes on foot, %s (%s) by vehicle, ", group(fig.Total), c.basis, age.EN, whole.EN,
		group(fig.People["walk"]), share("walk"), s.Minutes, group(fig.People["ride"]), share("ride"))
	if n := fig.People["home_service"]; n > 0 {
		zh += fmt.Sprintf("仅上门服务%s人(%s),", group(n), share("home_service"))
		en += fmt.Sprintf("%s (%s) are served at home only, ", group(n), share("home_service"))
	}
	zh += fmt.Sprintf("未覆盖%s人(%s),涉及%d个乡镇%d个村", group(fig.People["uncovered"]), share("uncovered"), towns, villages)
	en += fmt.Sprintf("%s (%s) are not covered, in %d townships and %d villages", group(fig.People["uncovered"]), share("uncovered"), towns, villages)
	if n := fig.People["unverified"]; n > 0 {
		zh += fmt.Sprintf(",另有%s人(%s)待核实", group(n), share("unverified"))
		en += fmt.Sprintf("; %s (%s) are to be verified", group(n), share("unverified"))
	}
	return planner.Text{ZH: zh + "。截至" + day.Format("2006年1月2日") + "。", EN: en + ". As of " + day.Format(time.DateOnly) + "."}
}

// group writes a whole number with separators: 86,240.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// whole says of what the headline speaks: 全县 of all the data, the names of the units that were asked for otherwise.
func (e *Evaluation) whole(top Unit) planner.Text {
	if n := len(e.spec.Units); n > 3 {
		return planner.Text{ZH: fmt.Sprintf("所选%d个区划", n), EN: fmt.Sprintf(" in the %d units asked for", n)}
	} else if n > 0 {
		names := make([]string, n)
		for i, u := range e.spec.Units {
			names[i] = e.units[u].Name
		}
		return planner.Text{ZH: strings.Join(names, "、"), EN: " in " + strings.Join(names, ", ")}
	}
	if zh := map[planner.Level]string{planner.Province: "全省", planner.Prefecture: "全市", planner.County: "全县"}[top.Level]; zh != "" {
		return planner.Text{ZH: zh}
	}
	return planner.Text{ZH: "全域"}
}

// top is the lowest unit, a county or above, that all of the data lie in; the
// tree need not name it. Code "" when they lie in several provinces.
func (e *Evaluation) top() Unit {
	for l := planner.County; l >= planner.Province; l-- {
		codes := map[planner.Code]bool{}
		for _, u := range e.in.Units {
			if u.Level >= l {
				codes[u.Code.Ancestor(l)] = true
			}
		}
		for _, u := range e.in.Units {
			for c := range codes {
				if u.Level < l && c.Ancestor(u.Level) != u.Code {
					codes[u.Code] = true // another branch
				}
			}
		}
		if len(codes) != 1 {
			continue
		}
		for c := range codes {
			if u, ok := e.units[c]; ok {
				return u
			}
			return Unit{Code: c, Level: l}
		}
	}
	return Unit{}
}
