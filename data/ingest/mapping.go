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
	column   map[string]int    // field → where in the header
	constant map[string]string // field → text
	order    []int             // parallel to the fields: where in the header, −1 for nowhere or a constant
}

// bind finds the columns of fields. mustHave refuses a header that lacks a required field.
func bind(fields []field, header []string, m Mapping, mustHave bool) (binding, error) {
	b := binding{column: map[string]int{}, constant: map[string]string{}}
	for name := range m {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			return b, planner.Errorf(planner.Invalid, "映射中的字段「%s」不存在;可用:%s", "the mapping names an unknown field %q; there are %s", name, fieldNames(fields))
		}
	}
	known := map[string]int{}
	for i, h := range header {
		n := normalise(h)
		if _, ok := known[n]; !ok && n != "" {
			known[n] = i
		}
	}
	cut := cutHeadings(fields, header, known)
	for _, f := range fields {
		if to, ok := m[f.name]; ok {
			if text, ok := strings.CutPrefix(to, "="); ok {
				b.constant[f.name] = text
				continue
			}
			at := slices.Index(header, to)
			if mustHave && at < 0 {
				return b, planner.Errorf(planner.Invalid, "映射把「%s」指向列「%s」,文件中没有这一列;表头:%s", "the mapping sends %s to column %q, which the file lacks; its header: %s", f.name, to, strings.Join(header, ", "))
			}
			if at >= 0 {
				b.column[f.name] = at
			}
			continue
		}
		for _, s := range append([]string{normalise(f.name), normalise(f.title)}, f.synonyms...) {
			if at, ok := known[s]; ok {
				b.column[f.name] = at
				break
			}
		}
		if at, ok := cut[f.name]; ok {
			b.column[f.name] = at
		}
		if _, ok := b.column[f.name]; f.required && mustHave && !ok {
			return b, planner.Errorf(planner.Invalid, "找不到「%[1]s」(%[2]s)列;表头:%[3]s。请改表头或用 --mapping 指明", "no column for %[2]s (%[1]s); the header is %[3]s; rename it or use --mapping", f.title, f.name, strings.Join(header, ", "))
		}
	}
	b.order = make([]int, len(fields))
	for i, f := range fields {
		at, ok := b.column[f.name]
		if _, constant := b.constant[f.name]; !ok || constant {
			at = -1
		}
		b.order[i] = at
	}
	return b, nil
}

// identified refuses a table of which no column, and no columns together, tell what a row is about.
func (k kind) identified(b binding, header []string) error {
	any := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			_, column := b.column[n]
			_, constant := b.constant[n]
			return column || constant
		})
	}
	switch {
	case k.table == "unit" && !any("code", "town_code", "town", "parent_code"):
		return planner.Errorf(planner.Invalid, "找不到「区划代码」(code)列,也没有「乡镇」列;表头:%s。请改表头或用 --mapping 指明", "no column for code (区划代码), nor one for the township; the header is %s; rename it or use --mapping", strings.Join(header, ", "))
	case k.table == "address" && !any("full_text", "street", "hamlet", "plate", "compound"):
		return planner.Errorf(planner.Invalid, "找不到「标准地址」(full_text)列,也没有街路巷、门牌号等要素列;表头:%s。请改表头或用 --mapping 指明", "no column for full_text (标准地址), nor for elements; the header is %s; rename it or use --mapping", strings.Join(header, ", "))
	}
	return nil
}

// cutHeadings finds the fields of headings that a Shapefile cut at 10 bytes, in UTF-8 within the fourth character (设施编\uFFFD):
// where the rest begins the names of one field only, of those that no whole heading names.
func cutHeadings(fields []field, header []string, known map[string]int) map[string]int {
	found := map[string]int{}
	for i, h := range header {
		rest, isCut := strings.CutSuffix(h, "\uFFFD")
		if rest = normalise(rest); !isCut || rest == "" {
			continue
		}
		var of []string
		for _, f := range fields {
			begins, whole := false, false
			for _, s := range append([]string{normalise(f.title)}, f.synonyms...) {
				_, has := known[s]
				begins, whole = begins || strings.HasPrefix(s, rest), whole || has
			}
			if begins && !whole {
				of = append(of, f.name)
			}
		}
		if len(of) == 1 {
			if _, twice := found[of[0]]; !twice {
				found[of[0]] = i
			}
		}
	}
	return found
}

func fieldNames(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}
