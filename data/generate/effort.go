package generate

// effort is the cost at which a cell is reached, and for whom.
type effort struct {
	cost  float32
	cell  int32
	owner int16
}

// effortHeap is a binary heap of efforts, the least first; ties go to the lower
// cell. It is container/heap without the interface, in whose
// boxing the search for roads spent half its time.
type effortHeap []effort

func (e effort) less(o effort) bool { return e.cost < o.cost || e.cost == o.cost && e.cell < o.cell }

func (h *effortHeap) push(e effort) {
	*h = append(*h, e)
	q := *h
	for j := len(q) - 1; j > 0; {
		i := (j - 1) / 2
		if !q[j].less(q[i]) {
			break
		}
		q[i], q[j] = q[j], q[i]
		j = i
	}
}

func (h *effortHeap) pop() effort {
	q := *h
	top, n := q[0], len(q)-1
	q[0] = q[n]
	q = q[:n]
	*h = q
	for i := 0; ; {
		j := 2*i + 1
		if j >= n {
			return top
		}
		if j+1 < n && q[j+1].less(q[j]) {
			j++
		}
		if !q[j].less(q[i]) {
			return top
		}
		q[i], q[j] = q[j], q[i]
		i = j
	}
}
