package standard

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/planner"
)

// Parse reads a plan strictly: an unknown key, kind or word, a wrong type, a
// missing parameter or a repeated id is an error (Invalid) that names file, line
// and column and says what to do. All mistakes of a file are told at once.
func Parse(text string) (*Plan, error) { return ParseFile("standards.yaml", text) }

// ParseFile is Parse with the name that errors call the file by.
func ParseFile(file, text string) (*Plan, error) {
	l := &loader{reader: reader{file: file}, ids: map[string]int{}, areas: map[string]int{}, defaults: map[string]string{}}
	root := l.root(text)
	if root == nil {
		return nil, l.err()
	}
	var p Plan
	l.object(root, map[string]field{
		"id": l.text(&p.ID), "title": l.both(&p.Title), "document": l.text(&p.Document), "deadline": l.day(&p.Deadline),
		"areas":     l.list(func(n *yaml.Node) { p.Areas = append(p.Areas, l.area(n)) }),
		"standards": l.list(func(n *yaml.Node) { p.Standards = append(p.Standards, l.standard(n)) }),
	}, "id", "title", "document", "deadline", "standards")
	if len(p.Standards) == 0 && len(l.mistakes) == 0 {
		l.wrong(root, "标准文件中没有标准,请在 standards 下写入", "the standards file has no standards: write them under standards")
	}
	for _, check := range l.later {
		check()
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	for i := range p.Standards {
		if p.Standards[i].Year == 0 {
			p.Standards[i].Year = yearOf(p.Deadline)
		}
	}
	return &p, nil
}

// loader reads the parts of a plan and remembers what may stand only once.
type loader struct {
	reader
	ids, areas map[string]int    // → line
	defaults   map[string]string // assumption → default
	later      []func()          // checks that need the whole file
}

func yearOf(day string) int {
	t, _ := time.Parse(time.DateOnly, day) // was checked when it was read
	return t.Year()
}

func (l *loader) day(to *string) field {
	return func(n *yaml.Node) {
		l.text(to)(n)
		if _, err := time.Parse(time.DateOnly, *to); *to != "" && err != nil {
			l.wrong(n, "「%s」应为日期,如 \"2025-12-31\"", "%q must be a date such as \"2025-12-31\"", *to)
			*to = ""
		}
	}
}

// once refuses an id that another row has.
func (l *loader) once(seen map[string]int, to *string) field {
	return func(n *yaml.Node) {
		l.text(to)(n)
		if first := seen[*to]; first != 0 && *to != "" {
			l.wrong(n, "编号「%s」重复,第%d行已有,请改用别的编号", "%s appears twice, first in line %d: give it another id", *to, first)
			return
		}
		seen[*to] = n.Line
	}
}

func (l *loader) area(n *yaml.Node) (a Area) {
	l.object(n, map[string]field{
		"id": l.once(l.areas, &a.ID), "title": l.both(&a.Title), "units": l.codes(&a.Units),
		"from": l.day(&a.From), "until": l.day(&a.Until), "source": l.text(&a.Source),
	}, "id", "title", "units", "from", "source")
	return a
}

func (l *loader) codes(to *[]planner.Code) field {
	return l.list(func(n *yaml.Node) {
		var s string
		if l.text(&s)(n); s == "" {
			return
		}
		c, err := planner.ParseCode(s)
		if err != nil {
			l.wrong(n, "区划代码「%s」应为2、4、6、9或12位数字", "division code %q must have 2, 4, 6, 9 or 12 digits", s)
			return
		}
		*to = append(*to, c)
	})
}

// standard reads one row.
func (l *loader) standard(n *yaml.Node) (s Standard) {
	var notes []*yaml.Node
	l.object(n, map[string]field{
		"id": l.once(l.ids, &s.ID), "title": l.both(&s.Title),
		"source": func(n *yaml.Node) {
			l.object(n, map[string]field{"document": l.text(&s.Document), "clause": l.text(&s.Clause), "quote": l.text(&s.Quote)}, "clause", "quote")
		},
		"year": l.whole(&s.Year, 1949), "hard": l.yes(&s.Hard), "unit": func(n *yaml.Node) { s.Unit = l.scope(n) },
		"rule": func(n *yaml.Node) { s.Rule = l.rule(n) }, "data": l.both(&s.Data),
		"assumptions": l.list(func(n *yaml.Node) { notes = append(notes, n); l.assumption(n, &s) }),
	}, "id", "title", "source", "hard", "unit", "rule", "data")
	for i, a := range s.Assumption {
		l.decides(notes[i], &s, a)
	}
	return s
}

// decides checks what an assumption sets: a parameter that the rule has, with the
// value that stands there as its default, so that the file says one thing.
func (l *loader) decides(n *yaml.Node, s *Standard, a Assumption) {
	kind, _ := KindByID(s.Kind)
	takes := append([]string{"level", "least_people", "suspected_from"}, kind.takes()...)
	switch {
	case a.Sets == "" || s.Kind == "":
	case !slices.Contains(takes, a.Sets):
		l.wrong(n, "规则 %s 没有参数 %s,口径 %s 无从设定", "rule %s takes no parameter %s for the assumption %s to set", s.Kind, a.Sets, a.Name)
	case s.parameter(a.Sets) != a.Default:
		l.wrong(n, "口径 %s 的默认值是「%s」,规则中 %s 却是「%s」,请统一", "assumption %s has the default %q, but %s is %q in the rule: write the same", a.Name, a.Default, a.Sets, s.parameter(a.Sets))
	}
}

func (l *loader) scope(n *yaml.Node) (s Scope) {
	l.object(n, map[string]field{
		"levels": l.words(&s.Levels, planner.Levels), "no_districts": l.yes(&s.NoDistricts), "least_people": l.whole(&s.LeastPeople, 1),
		"flag": l.word(&s.Flag, planner.Flags), "suspected_from": l.whole(&s.SuspectedFrom, 1), "named": l.codes(&s.Named),
	}, "levels")
	return s
}

func (l *loader) words(to *[]string, words []planner.Word) field {
	return func(n *yaml.Node) {
		before := len(l.mistakes)
		l.list(func(n *yaml.Node) {
			var s string
			if l.word(&s, words)(n); s == "" {
				return
			}
			if slices.Contains(*to, s) {
				l.wrong(n, "「%s」重复,请删去一个", "%q stands twice: remove one", s)
				return
			}
			*to = append(*to, s)
		})(n)
		if len(*to) == 0 && len(l.mistakes) == before {
			l.wrong(n, "列表不能为空", "the list must not be empty: write at least one")
		}
	}
}

// ledgerKey is how ledgers name their figures.
var ledgerKey = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (l *loader) key(to *string) field {
	return func(n *yaml.Node) {
		if l.text(to)(n); *to != "" && !ledgerKey.MatchString(*to) {
			l.wrong(n, "「%s」应由小写字母、数字和下划线组成,如 certified_staff", "%q must be small letters, digits and underscores, such as certified_staff", *to)
		}
	}
}

// rule reads kind and parameters: those that the kind does not take are refused, those that it needs must be there.
func (l *loader) rule(n *yaml.Node) (r Rule) {
	share := func(v float64) bool { return v > 0 && v <= 1 }
	amount := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	params := map[string]field{
		"services": l.words(&r.Services, planner.Services), "having": l.key(&r.Having), "hub": l.word(&r.Hub, planner.Services),
		"ledger": l.key(&r.Ledger), "part": l.key(&r.Part), "whole": l.key(&r.Whole), "measure": l.key(&r.Measure), "measured_in": l.both(&r.MeasuredIn),
		"group": l.word(&r.Group, planner.Groups), "basis": l.word(&r.Basis, planner.Bases),
		"minutes": l.whole(&r.Minutes, 1), "profile": l.word(&r.Profile, profiles()), "metres": l.whole(&r.Metres, 1), "per": l.whole(&r.Per, 1),
		"least": l.number(&r.Least, amount, "不小于0的数", "a number of at least 0"), "most": l.number(&r.Most, amount, "不小于0的数", "a number of at least 0"),
		"threshold": l.number(&r.Threshold, share, "大于0、不大于1的占比(85%写作0.85)", "a share above 0, at most 1 (write 85% as 0.85)"),
		"areas":     l.refs(&r.Areas, l.areas, "特殊区域", "area"), "of": l.refs(&r.Of, l.ids, "标准", "standard"),
		"exclusions": l.list(func(n *yaml.Node) { r.Exclusions = append(r.Exclusions, l.exclusion(n)) }),
	}
	all := map[string]field{"kind": l.text(&r.Kind)}
	for name := range params {
		all[name] = params[name]
	}
	l.object(n, all, "kind")
	if n.Kind == yaml.MappingNode && r.Kind != "" {
		l.parameters(n, r.Kind, params)
	}
	return r
}

func (l *loader) parameters(n *yaml.Node, id string, params map[string]field) {
	at := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		at[n.Content[i].Value] = n.Content[i]
		if n.Content[i].Value == "kind" {
			at["kind"] = n.Content[i+1]
		}
	}
	kind, ok := KindByID(id)
	if !ok {
		all := make([]string, len(Kinds))
		for i, k := range Kinds {
			all[i] = k.ID
		}
		l.wrong(at["kind"], "没有「%s」这种规则,可用:%s", "rule kind %q is not known; use one of %s", id, strings.Join(all, ", "))
		return
	}
	takes := kind.takes()
	for _, need := range kind.Requires {
		one := strings.Split(need, "|")
		if !slices.ContainsFunc(one, func(p string) bool { return at[p] != nil }) {
			l.wrong(n, "规则 %s 缺少参数 %s,请补上", "rule %s needs the parameter %s: add it", id, need)
		}
	}
	for name, key := range at {
		if name != "kind" && !slices.Contains(takes, name) && params[name] != nil {
			l.wrong(key, "规则 %s 没有参数 %s,请删去或改用别的规则", "rule %s takes no parameter %s: remove it or use another rule", id, name)
		}
	}
}

// refs reads ids of other rows, checked when the whole file is read.
func (l *loader) refs(to *[]string, rows map[string]int, zh, en string) field {
	return l.list(func(n *yaml.Node) {
		var s string
		if l.text(&s)(n); s == "" {
			return
		}
		*to = append(*to, s)
		l.later = append(l.later, func() {
			if rows[s] == 0 {
				l.wrong(n, "没有编号为「%[3]s」的%[1]s,请改正", "there is no %[2]s with the id %[3]s: correct it", zh, en, s)
			}
		})
	})
}

func (l *loader) exclusion(n *yaml.Node) (x Exclusion) {
	var metres *float64
	l.object(n, map[string]field{
		"class": l.key(&x.Class), "title": l.both(&x.Title), "source": l.text(&x.Source),
		"metres": l.number(&metres, func(v float64) bool { return v >= 0 && v <= 100_000 }, "0到100000之间的米数", "metres between 0 and 100000"),
	}, "class", "title", "metres", "source")
	if metres != nil {
		x.Metres = *metres
	}
	return x
}

// assumption reads one open point. The same name in two standards is one
// assumption, so it must have one default.
func (l *loader) assumption(n *yaml.Node, s *Standard) {
	var a Assumption
	l.object(n, map[string]field{
		"name": l.key(&a.Name), "sets": l.word(&a.Sets, settable), "text": l.both(&a.Text), "source": l.text(&a.Source),
		"default": func(n *yaml.Node) { // an empty default stands for what nobody has decided
			if l.scalar(n, "!!str", "文字(请加引号)", "text (in quotes)") {
				a.Default = n.Value
			}
		},
	}, "name", "default", "text", "source")
	if before, ok := l.defaults[a.Name]; ok && before != a.Default {
		l.wrong(n, "口径「%s」在别处的默认值是「%s」,请统一或改名", "assumption %s has the default %q elsewhere: use one default or another name", a.Name, before)
	}
	l.defaults[a.Name] = a.Default
	s.Assumption = append(s.Assumption, a)
}
