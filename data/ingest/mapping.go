package ingest

import (
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/planner"
)

// field is one thing that a kind wants to know of a row.
type field struct {
	name     string   // as in --mapping
	title    string   // Chinese, for messages
	required bool     // a table without it is refused; a row without it is rejected
	synonyms []string // headers, already normalised; the first present wins
}

// Mapping says which column holds a field: field → header; a value beginning
// with "=" is a constant for every row ("basis: =resident").
type Mapping map[string]string

// LoadMapping reads a mapping from YAML or JSON.
func LoadMapping(path string) (Mapping, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	m := Mapping{}
	if err := yaml.Unmarshal(b, &m); err != nil {
		return nil, fileError(path, err)
	}
	return m, nil
}

// normalise makes headers comparable: lower case, without blanks, underscores,
// stars and whatever stands in brackets (units of measure).
func normalise(h string) string {
	h = strings.NewReplacer("（", "(", "）", ")").Replace(strings.ToLower(h))
	var b strings.Builder
	depth := 0
	for _, r := range h {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(0, depth-1)
		case depth > 0 || strings.ContainsRune(" _-*　\t:：", r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// binding says where each field of a kind is found in a file.
type binding struct {
	header   map[string]string // field → header
	constant map[string]string // field → text
}

// bind finds the columns of fields. mustHave refuses a header that lacks a required field.
func bind(fields []field, header []string, m Mapping, mustHave bool) (binding, error) {
	b := binding{header: map[string]string{}, constant: map[string]string{}}
	for name := range m {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			return b, planner.Errorf(planner.Invalid, "映射中的字段「%s」不存在;可用:%s", "the mapping names an unknown field %q; there are %s", name, fieldNames(fields))
		}
	}
	known := map[string]string{}
	for _, h := range header {
		if n := normalise(h); known[n] == "" {
			known[n] = h
		}
	}
	for _, f := range fields {
		if to, ok := m[f.name]; ok {
			if text, ok := strings.CutPrefix(to, "="); ok {
				b.constant[f.name] = text
				continue
			}
			if mustHave && !slices.Contains(header, to) {
				return b, planner.Errorf(planner.Invalid, "映射把「%s」指向列「%s」,文件中没有这一列;表头:%s", "the mapping sends %s to column %q, which the file lacks; its header: %s", f.name, to, strings.Join(header, ", "))
			}
			b.header[f.name] = to
			continue
		}
		for _, s := range append([]string{normalise(f.name), normalise(f.title)}, f.synonyms...) {
			if h := known[s]; h != "" {
				b.header[f.name] = h
				break
			}
		}
		if f.required && mustHave && b.header[f.name] == "" {
			return b, planner.Errorf(planner.Invalid, "找不到「%[1]s」(%[2]s)列;表头:%[3]s。请改表头或用 --mapping 指明", "no column for %[2]s (%[1]s); the header is %[3]s; rename it or use --mapping", f.title, f.name, strings.Join(header, ", "))
		}
	}
	return b, nil
}

func fieldNames(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}
