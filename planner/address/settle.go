package address

import (
	"slices"
	"strings"
)

// settle resolves what is said twice. In front of the address the later of two
// divisions of a level stays (people prefix a form's province to a full
// address), unless it only repeats the first with less above it or in a shorter
// form; behind the address, or in a second one on the line, the first stays.
// Of townships the first stays, but not one in front of a whole address.
func settle(e []Element) []Element {
	var kept [3]int // index + 1 by rank
	front := true
	last, top := -1, -1 // rank of the last division, and of the first in its run
	for i := range e {
		rank := slices.Index(Levels[:len(kept)], e[i].Level)
		switch {
		case e[i].Level == Township:
			if slices.ContainsFunc(e[:i], func(o Element) bool { return o.Level == Township && o.Text == e[i].Text }) {
				e[i].Level = Rest
			}
		case e[i].Level == Rest:
			if strings.ContainsAny(e[i].Text, "/;；、／") {
				front = front && kept == [3]int{}
			}
		case rank < 0:
			front = false
		}
		if rank < 0 {
			continue
		}
		if rank <= last || last < 0 {
			top = rank
		}
		last = rank
		for k := range e[:i] {
			if front && rank < 2 && e[k].Level == Township {
				e[k].Level = Rest
			}
		}
		if kept[rank] == 0 {
			kept[rank] = i + 1
			continue
		}
		first := &e[kept[rank]-1]
		lesser := e[i].Text == first.Text && slices.ContainsFunc(kept[:top], func(k int) bool { return k != 0 }) || len(e[i].Text) < len(first.Text)
		if !front || lesser {
			e[i].Level = Rest
			continue
		}
		first.Level = Rest
		kept[rank] = i + 1
	}
	return e
}
