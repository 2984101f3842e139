package circle

import "math/bits"

// set is a set of numbers below a bound, emptied at the cost of what was set.
type set struct {
	words   []uint64
	touched []uint32 // words that are not zero
}

// reset empties the set and makes room for numbers below bound.
func (b *set) reset(bound int) {
	for _, w := range b.touched {
		b.words[w] = 0
	}
	b.touched = b.touched[:0]
	if n := bound>>6 + 1; n > len(b.words) {
		b.words = make([]uint64, n)
	}
}

func (b *set) has(i int32) bool { return b.words[i>>6]&(1<<(i&63)) != 0 }

// add puts i in and says whether it is new.
func (b *set) add(i int32) bool {
	w := &b.words[i>>6]
	bit := uint64(1) << (i & 63)
	if *w&bit != 0 {
		return false
	}
	if *w == 0 {
		b.touched = append(b.touched, uint32(i>>6))
	}
	*w |= bit
	return true
}

// each visits the members, those that are near in number together.
func (b *set) each(visit func(int32)) {
	for _, at := range b.touched {
		for w := b.words[at]; w != 0; w &= w - 1 {
			visit(int32(at)<<6 + int32(bits.TrailingZeros64(w)))
		}
	}
}
