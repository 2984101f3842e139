package instance

import (
	"io"
	"math"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/siting"
)

// ReadPmedcap reads problem number which (from 1) of an OR-Library capacitated
// p-median file. A problem is "number best", then "points p capacity", then
// "point x y demand" for each point; a file has one, or several one after
// another, with their count before the first (as pmedcap1.txt has it). The cost
// of a point is its Euclidean distance without the fraction, whatever its
// demand, which counts against the capacity only (Osman, Christofides 1994).
//
// Lorena's files (SJC) are told by their second line, which has four fields:
// "points p", then "x y capacity demand"; distances keep their fraction.
func ReadPmedcap(r io.Reader, which int) (*Instance, error) {
	all, err := rows(r)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 && len(all[0].fields) == 2 && len(all[1].fields) == 4 {
		if which != 1 {
			return nil, noProblem(which, 1)
		}
		return readLorena(all)
	}
	announced := 0
	if len(all[0].fields) == 1 {
		if announced, err = all[0].int(0, 1, mostPoints); err != nil {
			return nil, err
		}
		if all = all[1:]; len(all) == 0 {
			return nil, planner.Errorf(planner.Invalid, "第 1 行之后没有问题数据", "line 1 announces %d problems, no line follows", announced)
		}
	}
	var found *Instance
	count := 0
	for first := all[0]; len(all) > 0; {
		in, rest, err := readProblem(all)
		if err != nil {
			return nil, err
		}
		if count++; count == which {
			found = in
		}
		if all = rest; announced > 0 && count == announced && len(all) > 0 {
			return nil, planner.Errorf(planner.Invalid, "第 %[1]d 行：%[2]d 个问题之后还有内容", "line %[1]d: more rows after the %[2]d problems announced", all[0].number, announced)
		}
		if len(all) == 0 && count < announced {
			return nil, planner.Errorf(planner.Invalid, "第 %[1]d 行起应有 %[2]d 个问题，实有 %[3]d 个", "%[2]d problems should follow from line %[1]d, the file has %[3]d", first.number, announced, count)
		}
	}
	if found == nil {
		return nil, noProblem(which, count)
	}
	found.Count = count
	return found, nil
}

func noProblem(which, count int) error {
	return planner.Errorf(planner.Invalid, "文件中有 %[2]d 个问题，没有第 %[1]d 个", "the file has %[2]d problems, there is no problem %[1]d", which, count)
}

// readProblem reads one problem and gives the rows behind it.
func readProblem(all []row) (*Instance, []row, error) {
	if err := all[0].need(2, "序号与已知最优值", "a number and the best known value"); err != nil {
		return nil, nil, err
	}
	best, err := all[0].float(1, 0, largest)
	if err != nil {
		return nil, nil, err
	}
	if err := enough(all, all[0], 2); err != nil {
		return nil, nil, err
	}
	h := all[1]
	if err := h.need(3, "点数、p、容量三项", "points, p and capacity"); err != nil {
		return nil, nil, err
	}
	n, err := h.int(0, 1, mostVertices)
	if err != nil {
		return nil, nil, err
	}
	p, err := h.int(1, 1, n)
	if err != nil {
		return nil, nil, err
	}
	capacity, err := h.float(2, 0, largest)
	if err != nil {
		return nil, nil, err
	}
	all = all[2:]
	if err := enough(all, h, n); err != nil {
		return nil, nil, err
	}
	in := &Instance{Problem: siting.Problem{Weight: ones(n)}, P: p, Best: best}
	at := &points{}
	for i, l := range all[:n] {
		if err := l.need(4, "编号、x、y、需求四项", "number, x, y and demand"); err != nil {
			return nil, nil, err
		}
		if _, err := l.int(0, i+1, i+1); err != nil {
			return nil, nil, err
		}
		if err := at.read(l, 1); err != nil {
			return nil, nil, err
		}
		load, err := l.float(3, 0, largest)
		if err != nil {
			return nil, nil, err
		}
		in.Load, in.Capacity = append(in.Load, load), append(in.Capacity, capacity)
	}
	in.Reach = at.reach(inf, math.Floor)
	return in, all[n:], nil
}

func readLorena(all []row) (*Instance, error) {
	h := all[0]
	n, err := h.int(0, 1, mostVertices)
	if err != nil {
		return nil, err
	}
	p, err := h.int(1, 1, n)
	if err != nil {
		return nil, err
	}
	if err := exactly(all, h, n, len(all)-1); err != nil {
		return nil, err
	}
	in := &Instance{Problem: siting.Problem{Weight: ones(n)}, P: p, Count: 1}
	at := &points{}
	for _, l := range all[1:] {
		if err := l.need(4, "x、y、容量、需求四项", "x, y, capacity and demand"); err != nil {
			return nil, err
		}
		if err := at.read(l, 0); err != nil {
			return nil, err
		}
		capacity, err := l.float(2, 0, largest)
		if err != nil {
			return nil, err
		}
		load, err := l.float(3, 0, largest)
		if err != nil {
			return nil, err
		}
		in.Load, in.Capacity = append(in.Load, load), append(in.Capacity, capacity)
	}
	in.Reach = at.reach(inf, exact)
	return in, nil
}
