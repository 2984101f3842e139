package roadsurvey

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// Mapping says what the columns and words of a table of roads mean.
type Mapping struct {
	columns   map[string][]string          // what → headings, the first that a file has
	words     map[string]map[string]string // what → the file's word → ours
	otherwise map[string]string            // what → our word for all that are unknown
	osmFirst  bool
}

// keys are what can be known of a line; each is a key of OSM's tags but for class (highway, and more), osm and other_tags.
var keys = []string{"class", "osm", "name", "oneway", "bridge", "tunnel", "layer", "steps", "access", "foot", "surface", "incline", "other_tags"}

//go:embed words.yaml
var builtinText string

var builtin = sync.OnceValue(func() Mapping {
	m, err := (Mapping{}).With("words.yaml", builtinText)
	if err != nil {
		panic(err) // embedded, and a test reads it
	}
	return m
})

// Builtin is the mapping of our own: the usual Chinese columns and words, and OSM's.
func Builtin() Mapping { return builtin() }

// names are one heading or several.
type names []string

func (n *names) UnmarshalYAML(v *yaml.Node) error {
	if v.Kind == yaml.SequenceNode {
		return v.Decode((*[]string)(n))
	}
	var one string
	err := v.Decode(&one)
	*n = names{one}
	return err
}

// With is the mapping with the columns and words of a YAML file before its own: keys columns, words, otherwise. The file is
// read strictly: an unknown key, or a class that is no OSM highway, is an error with file and line.
func (m Mapping) With(file, text string) (Mapping, error) {
	var f struct {
		Columns   map[string]names             `yaml:"columns"`
		Words     map[string]map[string]string `yaml:"words"`
		Otherwise map[string]string            `yaml:"otherwise"`
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return m, fmt.Errorf("geo: %s: %w", file, err)
	}
	out := Mapping{map[string][]string{}, map[string]map[string]string{}, maps.Clone(f.Otherwise), false}
	known := func(what, key string) error {
		if slices.Contains(keys, key) {
			return nil
		}
		return fmt.Errorf("geo: %s: %s: unknown key %q (没有这个键); the keys are %s", file, what, key, strings.Join(keys, ", "))
	}
	for _, k := range slices.Sorted(maps.Keys(f.Columns)) {
		if err := known("columns", k); err != nil {
			return m, err
		}
		out.columns[k] = f.Columns[k]
	}
	for _, k := range slices.Sorted(maps.Keys(f.Words)) {
		if err := known("words", k); err != nil {
			return m, err
		}
		out.words[k] = map[string]string{}
		for _, w := range slices.Sorted(maps.Keys(f.Words[k])) {
			if err := meaningful(k, f.Words[k][w]); err != nil {
				return m, fmt.Errorf("geo: %s: words.%s.%s: %w", file, k, w, err)
			}
			out.words[k][plain(w)] = f.Words[k][w]
		}
	}
	for k, v := range f.Otherwise {
		if err := known("otherwise", k); err != nil {
			return m, err
		}
		if err := meaningful(k, v); err != nil {
			return m, fmt.Errorf("geo: %s: otherwise.%s: %w", file, k, err)
		}
	}
	for k, v := range m.columns {
		out.columns[k] = append(slices.Clone(out.columns[k]), v...)
	}
	for k, ws := range m.words {
		if out.words[k] == nil {
			out.words[k] = map[string]string{}
		}
		for w, v := range ws {
			if _, own := out.words[k][w]; !own {
				out.words[k][w] = v
			}
		}
	}
	for k, v := range m.otherwise {
		if _, own := out.otherwise[k]; !own {
			if out.otherwise == nil {
				out.otherwise = map[string]string{}
			}
			out.otherwise[k] = v
		}
	}
	out.osmFirst = len(f.Columns["class"]) == 0 // a table that has both: OSM's, unless the user names a class column
	return out, nil
}

// meaningful tells whether a word of ours says something.
func meaningful(key, word string) error {
	if key != "class" {
		return nil
	}
	if _, _, err := classTags(word); err != nil {
		return err
	}
	return nil
}

// plain makes words and headings comparable: no case, no blanks, no full-width forms of what keyboards mix up.
func plain(s string) string {
	s = strings.NewReplacer("（", "(", "）", ")", " ", "", "　", "", "_", "", "\t", "").Replace(strings.ToLower(strings.TrimSpace(s)))
	return s
}
