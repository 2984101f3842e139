package standard

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/planner"
)

// Mistake is one thing that is wrong in a file, where it is and what to do.
type Mistake struct {
	Line, Column int // from 1
	Text         planner.Text
}

// shown is how many mistakes one error tells of: enough to repair a file in one go, few enough to read.
const shown = 20

// reader walks a YAML tree and keeps every mistake that it meets, with its place.
type reader struct {
	file     string
	mistakes []Mistake
}

// field reads the value of one key.
type field func(*yaml.Node)

func (r *reader) wrong(n *yaml.Node, zh, en string, args ...any) {
	e := planner.Errorf(planner.Invalid, zh, en, args...)
	r.mistakes = append(r.mistakes, Mistake{n.Line, n.Column, e.Text})
}

// err makes one error of all mistakes, in the order of the file.
func (r *reader) err() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b Mistake) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	var zh, en []string
	for i, m := range r.mistakes {
		if i == shown {
			zh = append(zh, fmt.Sprintf("另有%d处", len(r.mistakes)-shown))
			en = append(en, fmt.Sprintf("and %d more", len(r.mistakes)-shown))
			break
		}
		zh = append(zh, fmt.Sprintf("%s 第%d行第%d列:%s", r.file, m.Line, m.Column, m.Text.ZH))
		en = append(en, fmt.Sprintf("%s:%d:%d: %s", r.file, m.Line, m.Column, m.Text.EN))
	}
	return &planner.Error{Kind: planner.Invalid, Text: planner.Text{ZH: strings.Join(zh, ";\n"), EN: strings.Join(en, ";\n")}}
}

// root parses the text; nil after a mistake. Only one document is allowed.
func (r *reader) root(text string) *yaml.Node {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		r.wrong(&yaml.Node{Line: 1, Column: 1}, "标准文件是空的,请写入标准", "the standards file is empty: write standards into it")
		return nil
	} else if err != nil {
		r.syntax(err)
		return nil
	}
	if err := dec.Decode(&next); err == nil {
		r.wrong(&next, "一个文件只能有一份规划,请删去 --- 及以后的内容", "a file holds one plan: remove --- and what follows")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
	}
	return doc.Content[0]
}

// syntax tells of text that is no YAML. The library knows the line only, and writes it as "yaml: line 3: …".
func (r *reader) syntax(err error) {
	line, what := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(what, "line "); ok {
		if number, tail, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, what = n, tail
			}
		}
	}
	r.wrong(&yaml.Node{Line: line, Column: 1}, "不是有效的 YAML(%s),请检查缩进、冒号和引号", "not valid YAML (%s): check indentation, colons and quotes", what)
}

// object reads a mapping: every key must be known and stand once, and the required ones must be there.
func (r *reader) object(n *yaml.Node, fields map[string]field, required ...string) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "此处应为“键: 值”的列表,不是%s", "expected keys with values here, not %s", shape(n))
		return
	}
	known := make([]string, 0, len(fields))
	for key := range fields {
		known = append(known, key)
	}
	slices.Sort(known)
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := fields[key.Value]
		switch first := seen[key.Value]; {
		case !ok:
			r.wrong(key, "没有「%s」这个键,可用的键:%s", "unknown key %q; the keys are %s", key.Value, strings.Join(known, ", "))
		case first != 0:
			r.wrong(key, "键「%s」重复,第%d行已有,请删去一个", "key %q stands twice, first in line %d: remove one", key.Value, first)
		case value.Kind == yaml.AliasNode:
			r.wrong(value, "不支持引用 *%s,请写出原值", "references (*%s) are not supported: write the value out", value.Value)
		default:
			read(value)
		}
		if seen[key.Value] == 0 {
			seen[key.Value] = key.Line
		}
	}
	for _, key := range required {
		if seen[key] == 0 {
			r.wrong(n, "缺少「%s」,请补上", "%q is missing: add it", key)
		}
	}
}

// list reads a sequence, item by item.
func (r *reader) list(item func(*yaml.Node)) field {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "此处应为列表,如 [a, b],不是%s", "expected a list such as [a, b], not %s", shape(n))
			return
		}
		for _, c := range n.Content {
			if c.Kind == yaml.AliasNode {
				r.wrong(c, "不支持引用 *%s,请写出原值", "references (*%s) are not supported: write the value out", c.Value)
				continue
			}
			item(c)
		}
	}
}

// scalar tells whether n is one value of a YAML type, which zh and en name.
func (r *reader) scalar(n *yaml.Node, tag string, zh, en string) bool {
	if n.Kind == yaml.ScalarNode && (n.Tag == tag || tag == "!!float" && n.Tag == "!!int") {
		return true
	}
	r.wrong(n, "此处应为%[1]s,不是%[3]s", "expected %[2]s here, not %[3]s", zh, en, shape(n))
	return false
}

func (r *reader) text(to *string) field {
	return func(n *yaml.Node) {
		if !r.scalar(n, "!!str", "文字(数字和日期请加引号)", "text (put numbers and dates in quotes)") {
			return
		}
		if *to = strings.TrimSpace(n.Value); *to == "" {
			r.wrong(n, "此处不能为空,请填写", "this must not be empty: fill it in")
		}
	}
}

func (r *reader) both(to *planner.Text) field {
	return func(n *yaml.Node) {
		r.object(n, map[string]field{"zh": r.text(&to.ZH), "en": r.text(&to.EN)}, "zh", "en")
	}
}

func (r *reader) whole(to *int, least int) field {
	return func(n *yaml.Node) {
		if !r.scalar(n, "!!int", "整数", "a whole number") {
			return
		}
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < least {
			r.wrong(n, "「%s」应为不小于%d的整数", "%s must be a whole number of at least %d", n.Value, least)
			return
		}
		*to = v
	}
}

func (r *reader) number(to **float64, check func(float64) bool, zh, en string) field {
	return func(n *yaml.Node) {
		if !r.scalar(n, "!!float", "数", "a number") {
			return
		}
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || !check(v) {
			r.wrong(n, "%[1]s 应为%[2]s", "%[1]s must be %[3]s", n.Value, zh, en)
			return
		}
		*to = &v
	}
}

func (r *reader) yes(to *bool) field {
	return func(n *yaml.Node) {
		if r.scalar(n, "!!bool", "true 或 false", "true or false") {
			*to = n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
		}
	}
}

// word reads one word of a vocabulary.
func (r *reader) word(to *string, words []planner.Word) field {
	return func(n *yaml.Node) {
		var s string
		r.text(&s)(n)
		if s == "" {
			return
		}
		if !known(words, s) {
			r.wrong(n, "没有「%s」这个词,可用:%s", "%q is not known; use one of %s", s, ids(words))
			return
		}
		*to = s
	}
}

func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "{}"
	case yaml.SequenceNode:
		return "[]"
	}
	return strconv.Quote(n.Value)
}
