package instance

import (
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

// A triangle with a later line that shortens an edge: 1–3 is 4 by way of 2.
func TestReadPmed(t *testing.T) {
	in, err := ReadPmed(strings.NewReader("3 4 1\n1 2 9\n2 3 3\n1 3 5\n2 1 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]float64{{0, 1, 4}, {1, 0, 3}, {4, 3, 0}}
	for j, arcs := range in.Reach {
		for i, a := range arcs {
			if int(a.Demand) != i || a.Cost != want[j][i] {
				t.Errorf("from %d: %v, want %v", j, arcs, want[j])
			}
		}
	}
	if in.P != 1 || len(in.Weight) != 3 {
		t.Errorf("p %d of %d", in.P, len(in.Weight))
	}
}

func TestBadFilesNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "line 1: the file is empty",
		"3 1":                        "line 1: needs vertices",
		"3 1 4\n1 2 3":               `line 1, field 3: "4" is not a whole number from 1 to 3`,
		"999999999 1 4\n1 2 3":       "line 1, field 1",
		"3 2 1\n1 2 3\n":             "line 1 announces 2 rows, the file has 1 (it ends with line 2)",
		"3 2 1\n1 2 3\n\n1 4 3\n":    `line 4, field 2: "4" is not a whole number from 1 to 3`,
		"3 2 1\n1 2 -3\n1 3 1\n":     `line 2, field 3: "-3"`,
		"3 2 1\n1 2 NaN\n1 3 1\n":    `line 2, field 3: "NaN"`,
		"3 2 1\n1 2\n1 3 1\n":        "line 2: needs two vertices",
		"3 1 1\n1 2 \xff\x00\n":      "line 2, field 3",
		strings.Repeat("1", 1<<20+1): "line 1 is longer than 1 MiB",
	} {
		_, err := ReadPmed(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "第") || planner.KindOf(err) != planner.Invalid {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}
