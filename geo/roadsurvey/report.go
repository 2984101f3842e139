package roadsurvey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Report tells what was read, and what was done to it.
type Report struct {
	Rows       int                `json:"rows"`       // of the files
	Lines      int                `json:"lines"`      // rows that became streets
	Waters     int                `json:"waters"`     // rows that became rivers (OSM's own columns only)
	Skipped    int                `json:"skipped"`    // rows of classes that are no street
	Duplicates int                `json:"duplicates"` // lines drawn twice, kept once
	ZeroLength int                `json:"zero_length"`
	Crossings  int                `json:"crossings"`   // junctions made where lines cross
	Touches    int                `json:"touches"`     // junctions made where a line's end or bend lies on another
	PassedOver int                `json:"passed_over"` // crossings that are none: bridge, tunnel, layer, motorway, ferry
	Components int                `json:"components"`
	Largest    float64            `json:"largest_component"` // share of the streets' length, 0 to 1
	KM         map[string]float64 `json:"km_by_class"`
	Unknown    []Unknown          `json:"unknown_words,omitempty"`
	Rejected   []Reject           `json:"rejected,omitempty"`
	Repairs    []Gap              `json:"repairs,omitempty"`  // closed
	Suspects   []Gap              `json:"suspects,omitempty"` // wider than the tolerance, not closed
	File       string             `json:"file,omitempty"`     // where the lists were written to
}

// Reject is a row that cannot be used, and why.
type Reject struct {
	File string `json:"file"`
	Row  int    `json:"row"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// Unknown is a word that no mapping tells the meaning of, and how many rows have it.
type Unknown struct {
	File   string `json:"file"`
	Column string `json:"column"`
	Word   string `json:"word"`
	Rows   int    `json:"rows"`
}

// Gap is an end of a line that misses another line.
type Gap struct {
	File   string    `json:"file"`
	Row    int       `json:"row"` // of the line that ends
	At     orb.Point `json:"at"`  // the end, lon, lat
	To     orb.Point `json:"to"`  // the nearest place of the other line
	Metres float64   `json:"metres"`
	OnFile string    `json:"on_file"`
	OnRow  int       `json:"on_row"` // of the other line; 0 for a street of the OSM file
}

// UnknownError refuses a survey whose words are not all understood.
type UnknownError struct{ Words []Unknown }

func (e *UnknownError) Error() string {
	zh, en := e.Texts()
	return "geo: " + zh + " / " + en
}

// Texts says which words, how many rows and what to do, in both languages.
func (e *UnknownError) Texts() (zhText, enText string) {
	var zh, en []string
	for i, w := range e.Words {
		if i == 12 {
			zh, en = append(zh, "…"), append(en, "…")
			break
		}
		word := w.Word
		if word == "" {
			word = "(空)"
		}
		zh = append(zh, fmt.Sprintf("%s 的「%s」列:「%s」%d行", w.File, w.Column, word, w.Rows))
		en = append(en, fmt.Sprintf("%s, column %s: %q in %d rows", w.File, w.Column, w.Word, w.Rows))
	}
	return "不认识的用词:" + strings.Join(zh, "、") + ";请在 --mapping 的 words 下写明含义,或用 otherwise 归入一类",
		"unknown words: " + strings.Join(en, "; ") + "; say what they mean under words in --mapping, or send them to a class with otherwise"
}

// unknowns lists the unknown words, the most frequent first.
func (s *Survey) unknowns() []Unknown {
	var all []Unknown
	for at, n := range s.unknown {
		all = append(all, Unknown{s.files[at.file], at.column, at.word, n})
	}
	slices.SortFunc(all, func(a, b Unknown) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.File, b.File), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Word, b.Word))
	})
	return all
}
