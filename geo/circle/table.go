package circle

const (
	pageBits = 6
	pageSize = 1 << pageBits
)

// table maps keys below a bound to indices. Keys that are near in number share pages, so that a search that
// stays in one neighbourhood touches little memory, whatever the bound; emptying costs the touched pages only.
type table struct {
	pageOf  []int32 // by key / pageSize: page + 1, 0 when the page is empty
	pages   [][pageSize]int32
	touched []uint32
}

// reset empties the table and makes room for keys below bound.
func (t *table) reset(bound int) {
	for _, p := range t.touched {
		t.pageOf[p] = 0
	}
	t.touched, t.pages = t.touched[:0], t.pages[:0]
	if n := bound>>pageBits + 1; n > len(t.pageOf) {
		t.pageOf = make([]int32, n)
	}
}

// get gives the value of key, or none.
func (t *table) get(key uint32) int32 {
	p := t.pageOf[key>>pageBits]
	if p == 0 {
		return none
	}
	return t.pages[p-1][key%pageSize]
}

// put sets the value of key.
func (t *table) put(key uint32, value int32) {
	at := key >> pageBits
	if t.pageOf[at] == 0 {
		t.pages = append(t.pages, [pageSize]int32{})
		page := &t.pages[len(t.pages)-1]
		for i := range page {
			page[i] = none
		}
		t.pageOf[at] = int32(len(t.pages))
		t.touched = append(t.touched, at)
	}
	t.pages[t.pageOf[at]-1][key%pageSize] = value
}
