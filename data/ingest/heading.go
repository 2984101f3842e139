package ingest

import "slices"

// lead is how many rows may stand above the heading: the title of the list, who
// filled it in, the date.
const lead = 12

// recognise gives how many columns of a row are headings that somebody knows.
type recognise func(cells []string) int

// recognises counts the fields of a kind that a row names, by their own names or by a mapping.
func (k kind) recognises(m Mapping) recognise {
	return func(cells []string) int {
		known := map[string]bool{}
		for _, c := range cells {
			known[normalise(c)] = true
		}
		n := 0
		for _, f := range k.fields {
			if to, ok := m[f.name]; ok {
				if slices.Contains(cells, to) {
					n++
				}
			} else if slices.ContainsFunc(append([]string{normalise(f.name), normalise(f.title)}, f.synonyms...), func(s string) bool { return s != "" && known[s] }) {
				n++
			}
		}
		return n
	}
}

// heading finds the row of most known headings among the first; the first row when none is known.
func (r recognise) heading(rows [][]string) (at, known int) {
	if r == nil {
		return 0, 0
	}
	for i, row := range rows {
		if n := r(row); n > known {
			at, known = i, n
		}
	}
	return at, known
}
