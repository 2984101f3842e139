// Package standard reads the standards of a plan: one YAML file per plan, read
// strictly, every row with the words and the clause it comes from, the unit that
// is judged, the rule with its parameters, and the open points of the text (口径).
// A user's own file for another province is read the same way.
//
// What a rule says about figures stands in planner/standard/rule.
package standard

import (
	_ "embed"

	"github.com/lifecircle/lifecircle/planner"
)

// Zhejiang2021 is the built-in plan (浙民办〔2021〕166号), as YAML text.
//
//go:embed zhejiang-2021.yaml
var Zhejiang2021 string

// Plan is one plan document and its standards, in the order of the file.
type Plan struct {
	ID        string // names the plan across its versions, e.g. zhejiang-2021
	Title     planner.Text
	Document  string // document number 文号
	Deadline  string // date, ISO
	Areas     []Area
	Standards []Standard
}

// Area is a named list of counties to which a plan pays special attention (特殊区域), valid for a time.
type Area struct {
	ID     string
	Title  planner.Text
	Units  []planner.Code // counties
	From   string         // first day, ISO
	Until  string         // day on which it no longer holds; "" = still holds
	Source string         // document, or 待核
}

// Standard is one checkable target.
type Standard struct {
	ID         string
	Title      planner.Text
	Source                  // where it is written
	Year       int          // by whose end it is due
	Hard       bool         // a number or a universal quantifier; otherwise tracked only
	Unit       Scope        // who is judged
	Rule                    // how
	Data       planner.Text // what must be known to judge
	Assumption []Assumption
}

// Source is where a standard is written, in the plan's own words.
type Source struct {
	Document string // of another document than the plan's; "" = the plan
	Clause   string // section, e.g. 三(一)
	Quote    string // verbatim; … stands for words left out
}

// Scope chooses the units that a standard judges.
type Scope struct {
	Levels        []string       // province, prefecture, county, township, village
	NoDistricts   bool           // 市辖区 are not asked: 县(市) only
	LeastPeople   int            // counties with at least so many people; 0 = all
	Flag          string         // only units with this flag in the county's list
	SuspectedFrom int            // without a list, units with so many people of the group are suspected; 0 = none is
	Named         []planner.Code // only these
}

// Level is the highest of the judged levels.
func (s Scope) Level() planner.Level {
	top := planner.Level(0)
	for _, name := range s.Levels {
		if l := planner.ParseLevel(name); top == 0 || l < top {
			top = l
		}
	}
	return top
}

// Judges tells whether units of a level are judged.
func (s Scope) Judges(l planner.Level) bool {
	for _, name := range s.Levels {
		if planner.ParseLevel(name) == l {
			return true
		}
	}
	return false
}

// Rule is the kind of a standard with its parameters; which of them a kind takes is in Kinds.
type Rule struct {
	Kind       string
	Services   []string     // whose facilities count
	Having     string       // only facilities for which the ledger says yes, e.g. public
	Hub        string       // service at whose site the others must be
	Ledger     string       // key of a figure in the ledger (台账)
	Part       string       // a facility's number or a ledger key: above the line
	Whole      string       // below the line
	Measure    string       // the number that every facility must reach
	MeasuredIn planner.Text // unit of the figure, e.g. 元/年
	Group      string       // whose people are counted
	Basis      string       // resident or registered
	Minutes    int
	Profile    string
	Metres     int      // straight-line distance
	Per        int      // people that a ratio speaks of: 1,000 or 10,000
	Least      *float64 // count, size, figure or ratio that must be reached
	Most       *float64 // that must not be passed
	Threshold  *float64 // share 0–1; none in the plan = tracked
	Areas      []string // groups of counties that are compared
	Of         []string // standards that they are compared by
	Exclusions []Exclusion
}

// Exclusion is one class of land near which no site may lie.
type Exclusion struct {
	Class  string // ledger key of a site's distance to it, metres
	Title  planner.Text
	Metres float64 // 0 = inside it
	Source string
}

// Assumption is one open point of the plan's text (口径), with its default.
type Assumption struct {
	Name    string
	Default string
	Sets    string // parameter that it decides; "" = printed only
	Text    planner.Text
	Source  string // document that sets it, or 本软件默认,待定
}

// Find gives the standard with an id; nil when the plan has none.
func (p *Plan) Find(id string) *Standard {
	for i := range p.Standards {
		if p.Standards[i].ID == id {
			return &p.Standards[i]
		}
	}
	return nil
}
