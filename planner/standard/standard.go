// Package standard reads the standards of a plan: one YAML file per plan, read
// strictly, every row with the words and the clause it comes from.
package standard

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/planner"
)

// Zhejiang2021 is the built-in plan (浙民办〔2021〕166号), as YAML text.
//
//go:embed zhejiang-2021.yaml
var Zhejiang2021 string

// Plan is one plan document and its standards.
type Plan struct {
	Title     planner.Text `yaml:"title"`
	Document  string       `yaml:"document"` // document number 文号
	Deadline  string       `yaml:"deadline"` // date
	Standards []Standard   `yaml:"standards"`
}

// Standard is one checkable target.
type Standard struct {
	ID         string       `yaml:"id"`
	Title      planner.Text `yaml:"title"`
	Quote      string       `yaml:"quote"`  // the plan's own words
	Clause     string       `yaml:"clause"` // where they stand
	Kind       string       `yaml:"kind"`   // access_time, present_in_each
	Level      string       `yaml:"level"`  // unit that is judged
	Hard       bool         `yaml:"hard"`   // a number or a universal quantifier; otherwise tracked only
	Services   []string     `yaml:"services"`
	Flag       string       `yaml:"flag,omitempty"` // only units with this flag
	Group      string       `yaml:"group"`          // whose people are counted
	Minutes    int          `yaml:"minutes,omitempty"`
	Profile    string       `yaml:"profile,omitempty"`
	Threshold  *float64     `yaml:"threshold,omitempty"` // share 0–1; none in the plan = tracked
	Assumption []Assumption `yaml:"assumptions"`
}

// Assumption is one open point of the plan's text (口径), with its default.
type Assumption struct {
	Name    string       `yaml:"name"`
	Default string       `yaml:"default"`
	Text    planner.Text `yaml:"text"`
	Source  string       `yaml:"source"` // document that sets it, or 本软件默认,待定
}

// Parse reads a plan strictly: an unknown key, an unknown word or a missing
// field is an error that names the line or the standard.
func Parse(text string) (*Plan, error) {
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	var p Plan
	if err := dec.Decode(&p); errors.Is(err, io.EOF) {
		return nil, planner.Errorf(planner.Invalid, "标准文件是空的", "the standards file is empty")
	} else if err != nil {
		return nil, planner.Errorf(planner.Invalid, "标准文件有误:%s", "the standards file is wrong: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	seen := map[string]bool{}
	for i, s := range p.Standards {
		if err := s.check(); err != nil {
			return nil, planner.Errorf(planner.Invalid, "第%d条标准「%s」有误:%v", "standard %d (%s) is wrong: %v", i+1, s.ID, err)
		}
		if seen[s.ID] {
			return nil, planner.Errorf(planner.Invalid, "标准编号「%s」重复", "standard %s appears twice", s.ID)
		}
		seen[s.ID] = true
	}
	if len(p.Standards) == 0 {
		return nil, planner.Errorf(planner.Invalid, "标准文件中没有标准", "the standards file has no standards")
	}
	return &p, nil
}

func (s Standard) check() error {
	switch {
	case s.ID == "":
		return errors.New("id is missing")
	case s.Quote == "" || s.Clause == "":
		return errors.New("quote or clause is missing")
	case s.Kind != "access_time" && s.Kind != "present_in_each":
		return fmt.Errorf("kind %q is not known; access_time or present_in_each", s.Kind)
	case planner.ParseLevel(s.Level) == 0:
		return fmt.Errorf("level %q is not known", s.Level)
	case !known(planner.Groups, s.Group):
		return fmt.Errorf("group %q is not known", s.Group)
	case s.Kind == "access_time" && s.Minutes <= 0:
		return errors.New("minutes must be positive for access_time")
	case s.Threshold != nil && (*s.Threshold <= 0 || *s.Threshold > 1):
		return fmt.Errorf("threshold %v must be a share above 0, at most 1", *s.Threshold)
	case s.Flag != "" && !known(planner.Flags, s.Flag):
		return fmt.Errorf("flag %q is not known", s.Flag)
	case len(s.Services) == 0:
		return errors.New("services are missing")
	}
	for _, id := range s.Services {
		if !known(planner.Services, id) {
			return fmt.Errorf("service %q is not known", id)
		}
	}
	return nil
}

func known(words []planner.Word, id string) bool {
	return slices.ContainsFunc(words, func(w planner.Word) bool { return w.ID == id })
}
