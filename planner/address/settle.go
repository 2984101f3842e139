package address

import "strings"

// settle resolves what is said twice. In front of the address the later of two
// divisions of a level stays, unless it is only a shorter repetition (people
// prefix a form's province to a full address); behind it, or in a second
// address on the line, the first stays.
func settle(e []Element) []Element {
	var kept [3]int // index + 1 by level
	front := true
	for i := range e {
		rank := -1
		switch e[i].Level {
		case Province:
			rank = 0
		case Prefecture:
			rank = 1
		case County:
			rank = 2
		case Township:
		case Rest:
			if strings.ContainsAny(e[i].Text, "/;；、／") {
				front = front && kept == [3]int{}
			}
		default:
			front = false
		}
		switch {
		case rank < 0:
		case kept[rank] == 0:
			kept[rank] = i + 1
		case !front || len(e[i].Text) < len(e[kept[rank]-1].Text):
			e[i].Level = Rest
		default:
			e[kept[rank]-1].Level = Rest
			kept[rank] = i + 1
		}
	}
	return e
}
