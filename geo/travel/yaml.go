package travel

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// FileError tells everything that is wrong in a file of profiles, each with line and column, in both languages.
type FileError struct{ ZH, EN string }

func (e *FileError) Error() string { return e.ZH + " / " + e.EN }

// reader walks a YAML tree strictly and keeps every mistake with its place. (planner/standard has the like; geo may not import it.)
type reader struct {
	file     string
	mistakes []mistake
}

type mistake struct {
	line, column int
	zh, en       string
}

type field func(*yaml.Node)

func (r *reader) wrong(n *yaml.Node, zh, en string, args ...any) {
	r.mistakes = append(r.mistakes, mistake{n.Line, n.Column, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

// err makes one error of the first twenty mistakes, in the order of the file.
func (r *reader) err() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b mistake) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	var zh, en []string
	for _, m := range r.mistakes[:min(20, len(r.mistakes))] {
		zh = append(zh, fmt.Sprintf("%s 第%d行第%d列:%s", r.file, m.line, m.column, m.zh))
		en = append(en, fmt.Sprintf("%s:%d:%d: %s", r.file, m.line, m.column, m.en))
	}
	return &FileError{strings.Join(zh, ";\n"), strings.Join(en, ";\n")}
}

// root parses the text; nil after a mistake.
func (r *reader) root(text string) *yaml.Node {
	var doc, next yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(text))
	err := dec.Decode(&doc)
	if err == nil {
		if more := dec.Decode(&next); more == nil {
			r.wrong(&next, "一个文件只能有一份,请删去 --- 及以后的内容", "a file holds one document: remove --- and what follows")
			return nil
		} else if !errors.Is(more, io.EOF) {
			err = more
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		r.wrong(&yaml.Node{Line: 1, Column: 1}, "文件是空的,请在 profiles 下写入出行方式", "the file is empty: write profiles under profiles")
	case err != nil: // the library writes "yaml: line 3: …"
		line, what := 1, strings.TrimPrefix(err.Error(), "yaml: ")
		if rest, ok := strings.CutPrefix(what, "line "); ok {
			if number, tail, ok := strings.Cut(rest, ": "); ok {
				if n, err := strconv.Atoi(number); err == nil {
					line, what = n, tail
				}
			}
		}
		r.wrong(&yaml.Node{Line: line, Column: 1}, "不是有效的 YAML(%s)", "not valid YAML (%s)", what)
	default:
		return doc.Content[0]
	}
	return nil
}

// object reads a mapping: every key is known and stands once.
func (r *reader) object(n *yaml.Node, fields map[string]field) (seen map[string]bool) {
	seen = map[string]bool{}
	r.pairs(n, func(key, value *yaml.Node) {
		read, ok := fields[key.Value]
		if !ok {
			r.wrong(key, "没有「%s」这个键,可用的键:%s", "unknown key %q; the keys are %s", key.Value, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			return
		}
		seen[key.Value] = true
		read(value)
	})
	return seen
}

// pairs visits the keys and values of a mapping.
func (r *reader) pairs(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "此处应为“键: 值”", "expected keys with values here")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			r.wrong(key, "键「%s」重复,请删去一个", "key %q stands twice: remove one", key.Value)
			continue
		}
		seen[key.Value] = true
		visit(key, n.Content[i+1])
	}
}

// list reads a sequence.
func (r *reader) list(item field) field {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "此处应为列表", "expected a list here")
			return
		}
		for _, c := range n.Content {
			item(c)
		}
	}
}

// text reads a text that is not empty. Numbers are text too: a key such as id may look like one.
func (r *reader) text(to *string) field {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" {
			r.wrong(n, "此处应为文字,不能为空", "expected text here, not empty")
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}
