package standard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// settable are the parameters that an assumption may decide.
var settable = []planner.Word{
	{ID: "level"}, {ID: "least_people"}, {ID: "suspected_from"}, {ID: "group"}, {ID: "basis"}, {ID: "profile"},
	{ID: "minutes"}, {ID: "metres"}, {ID: "least"}, {ID: "threshold"}, {ID: "areas"},
}

// With gives the plan with every assumption (口径) decided as in set, by its default
// otherwise, and the value of each by name. An unknown name, a value that its
// parameter cannot take, or a share without the document that sets it is Invalid.
func (p *Plan) With(set map[string]string) (*Plan, map[string]string, error) {
	q := *p
	q.Standards = slices.Clone(p.Standards)
	values := map[string]string{}
	for i := range q.Standards {
		s := &q.Standards[i]
		for _, a := range s.Assumption {
			value, given := set[a.Name]
			if !given {
				value = a.Default
			}
			values[a.Name] = value
			if !given || a.Sets == "" || value == a.Default {
				continue
			}
			if what := s.decide(a.Sets, value, p.Areas); what.ZH != "" {
				return nil, nil, planner.Errorf(planner.Invalid, "口径 %[1]s 的值「%[2]s」有误:%[3]s", "assumption %[1]s cannot be %[2]q: %[4]s", a.Name, value, what.ZH, what.EN)
			}
		}
	}
	for name := range set {
		if _, ok := values[name]; !ok {
			return nil, nil, planner.Errorf(planner.Invalid, "没有名为「%s」的口径", "there is no assumption named %q", name)
		}
	}
	return &q, values, nil
}

// decide sets one parameter; the text says what is wrong with the value, if anything.
func (s *Standard) decide(parameter, value string, areas []Area) planner.Text {
	count := func(to *int) planner.Text {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return planner.Text{ZH: "应为正整数", EN: "it must be a positive whole number"}
		}
		*to = n
		return planner.Text{}
	}
	word := func(to *string, words []planner.Word) planner.Text {
		if !known(words, value) {
			return planner.Text{ZH: "应为 " + ids(words) + " 之一", EN: "it must be one of " + ids(words)}
		}
		*to = value
		return planner.Text{}
	}
	switch parameter {
	case "level":
		s.Unit.Levels = []string{""}
		return word(&s.Unit.Levels[0], planner.Levels)
	case "least_people":
		return count(&s.Unit.LeastPeople)
	case "suspected_from":
		return count(&s.Unit.SuspectedFrom)
	case "minutes":
		return count(&s.Minutes)
	case "metres":
		return count(&s.Metres)
	case "group":
		return word(&s.Group, planner.Groups)
	case "basis":
		return word(&s.Basis, planner.Bases)
	case "profile":
		return word(&s.Profile, profiles())
	case "least":
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !(n >= 0) {
			return planner.Text{ZH: "应为不小于0的数", EN: "it must be a number of at least 0"}
		}
		s.Least = &n
	case "threshold":
		return s.decideShare(value)
	case "areas":
		s.Areas = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\uff0c' })
		for _, id := range s.Areas {
			if !slices.ContainsFunc(areas, func(a Area) bool { return a.ID == id }) {
				return planner.Text{ZH: "没有特殊区域 " + id, EN: "there is no area " + id}
			}
		}
	}
	return planner.Text{}
}

// decideShare reads "90% 浙民养〔2022〕15号": what the plan left open counts only with the document that decides it.
func (s *Standard) decideShare(value string) planner.Text {
	number, document, _ := strings.Cut(strings.TrimSpace(value), " ")
	digits, percent := strings.CutSuffix(number, "%")
	share, err := strconv.ParseFloat(digits, 64)
	if percent {
		share /= 100
	}
	switch {
	case err != nil || !(share > 0 && share <= 1):
		return planner.Text{ZH: "应写作占比和文号,如「90% 浙民养〔2022〕15号」", EN: "write a share and the document that sets it, such as 90% 浙民养〔2022〕15号"}
	case strings.TrimSpace(document) == "":
		return planner.Text{ZH: "缺少规定它的文号,如「90% 浙民养〔2022〕15号」", EN: "the document that sets it is missing, such as 90% 浙民养〔2022〕15号"}
	}
	s.Threshold = &share
	return planner.Text{}
}

// parameter writes the value that a parameter has in the file, as an assumption's default writes it.
func (s *Standard) parameter(name string) string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	float := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', -1, 64)
	}
	switch name {
	case "level":
		return strings.Join(s.Unit.Levels, ",")
	case "least_people":
		return number(s.Unit.LeastPeople)
	case "suspected_from":
		return number(s.Unit.SuspectedFrom)
	case "minutes":
		return number(s.Minutes)
	case "metres":
		return number(s.Metres)
	case "group":
		return s.Group
	case "basis":
		return s.Basis
	case "profile":
		return s.Profile
	case "least":
		return float(s.Least)
	case "threshold":
		return float(s.Threshold)
	case "areas":
		return strings.Join(s.Areas, ",")
	}
	return ""
}

// profiles are the ways of travel that a rule may name.
func profiles() (words []planner.Word) {
	for _, p := range travel.Profiles() {
		words = append(words, planner.Word{ID: p.ID})
	}
	return words
}

func known(words []planner.Word, id string) bool {
	return slices.ContainsFunc(words, func(w planner.Word) bool { return w.ID == id })
}

func ids(words []planner.Word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.ID
	}
	return strings.Join(all, ", ")
}
