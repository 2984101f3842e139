// Package instance reads the files in which the literature exchanges location
// problems, so that anyone can check package siting against published optima:
// OR-Library's p-median graphs (pmed) and capacitated points (pmedcap), and
// maximal covering files (MCLP) with points or with a graph, and Lorena's
// capacitated points (SJC).
//
// Sites and demand points are the same vertices, numbered from 1 in the files
// and from 0 here.
package instance

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/siting"
)

// Instance is a problem and how many sites its file asks for.
type Instance struct {
	siting.Problem
	P     int     // 0 when the file does not say
	Best  float64 // the file's own best known objective; 0 when it does not say
	Count int     // problems in the file
}

// mostVertices keep a wrong header from filling the memory: a graph needs a distance for each pair.
const (
	mostVertices = 5000
	mostPoints   = 200_000
)

// row is a line that has something on it.
type row struct {
	number int // in the file, from 1
	fields []string
}

func rows(r io.Reader) ([]row, error) {
	var out []row
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), 1<<20)
	number := 0
	for lines.Scan() {
		number++
		text := lines.Text()
		if number == 1 {
			text = strings.TrimPrefix(text, "\uFEFF")
		}
		if f := strings.Fields(text); len(f) > 0 {
			out = append(out, row{number, f})
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, planner.Errorf(planner.Invalid, "第 %d 行超过 1 MiB", "line %d is longer than 1 MiB", number+1)
		}
		return nil, planner.Wrap(err, planner.Invalid, "第 %d 行之后无法读取", "cannot read beyond line %d", number)
	}
	if len(out) == 0 {
		return nil, planner.Errorf(planner.Invalid, "第 1 行：文件是空的", "line 1: the file is empty")
	}
	return out, nil
}

// need refuses a row with fewer than n fields.
func (r row) need(n int, zh, en string) error {
	if len(r.fields) < n {
		return planner.Errorf(planner.Invalid, "第 %[1]d 行：应有%[2]s，只有 %[4]d 项", "line %[1]d: needs %[3]s, has %[4]d fields", r.number, zh, en, len(r.fields))
	}
	return nil
}

// number reads field k as a number from low to high.
func (r row) float(k int, low, high float64) (float64, error) {
	v, err := strconv.ParseFloat(r.fields[k], 64)
	if err != nil || !(v >= low && v <= high) {
		return 0, planner.Errorf(planner.Invalid, "第 %[1]d 行第 %[2]d 项「%[3]s」应为 %[4]g 至 %[5]g 的数", "line %[1]d, field %[2]d: %[3]q is not a number from %[4]g to %[5]g", r.number, k+1, r.fields[k], low, high)
	}
	return v, nil
}

func (r row) int(k, low, high int) (int, error) {
	v, err := strconv.Atoi(r.fields[k])
	if err != nil || v < low || v > high {
		return 0, planner.Errorf(planner.Invalid, "第 %[1]d 行第 %[2]d 项「%[3]s」应为 %[4]d 至 %[5]d 的整数", "line %[1]d, field %[2]d: %[3]q is not a whole number from %[4]d to %[5]d", r.number, k+1, r.fields[k], low, high)
	}
	return v, nil
}

// enough refuses a file that ends before its header's rows do.
func enough(all []row, header row, want int) error {
	if want > len(all) {
		return exactly(all, header, want, len(all))
	}
	return nil
}

// exactly refuses a file whose header announces another number of rows.
func exactly(all []row, header row, want, have int) error {
	if want == have {
		return nil
	}
	last := header.number
	if len(all) > 0 {
		last = all[len(all)-1].number
	}
	return planner.Errorf(planner.Invalid, "第 %[1]d 行：应有 %[2]d 行数据，实有 %[3]d 行（文件止于第 %[4]d 行）", "line %[1]d announces %[2]d rows, the file has %[3]d (it ends with line %[4]d)", header.number, want, have, last)
}

// largest keeps sums of costs exact in float64.
const largest = 1e12

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

var inf = math.Inf(1)
