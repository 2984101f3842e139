package ingest

import (
	"slices"
	"strings"
)

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

// heading finds the row of most known headings among the first; the first row when none is known. A heading
// of two rows (坐标 above 经度 and 纬度) is the lower one, filled up from the upper one where it is
// blank. It gives the heading and the last row that belongs to it.
func (r recognise) heading(rows [][]string) (header []string, at, known int) {
	header = rows[0]
	if r == nil {
		return header, 0, 0
	}
	for i, row := range rows {
		if n := r(row); n > known {
			header, at, known = row, i, n
		}
		if i > 0 {
			if both := below(rows[i-1], row); r(both) > max(known, r(row)) {
				header, at, known = both, i, r(both)
			}
		}
	}
	return header, at, known
}

func below(upper, lower []string) []string {
	both := slices.Clone(lower)
	for len(both) < len(upper) {
		both = append(both, "")
	}
	for i, u := range upper {
		if strings.TrimSpace(both[i]) == "" {
			both[i] = u
		}
	}
	return both
}
