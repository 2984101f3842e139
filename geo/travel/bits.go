package travel

import "math/bits"

// bitset is a set of small numbers with one summary bit for each word, so that the
// next member is found without walking over what is empty.
type bitset struct{ words, summary []uint64 }

func newBitset(size int) bitset {
	words := (size + 63) / 64
	return bitset{make([]uint64, words), make([]uint64, (words+63)/64)}
}

func (b bitset) has(i uint32) bool { return b.words[i>>6]>>(i&63)&1 != 0 }

func (b bitset) set(i uint32) {
	b.words[i>>6] |= 1 << (i & 63)
	b.summary[i>>12] |= 1 << (i >> 6 & 63)
}

func (b bitset) clear(i uint32) {
	if b.words[i>>6] &^= 1 << (i & 63); b.words[i>>6] == 0 {
		b.summary[i>>12] &^= 1 << (i >> 6 & 63)
	}
}

// next gives the least member that is not less than from.
func (b bitset) next(from uint32) (uint32, bool) {
	w := from >> 6
	if int(w) >= len(b.words) {
		return 0, false
	}
	if rest := b.words[w] >> (from & 63); rest != 0 {
		return from + uint32(bits.TrailingZeros64(rest)), true
	}
	w++
	s := w >> 6
	if int(s) >= len(b.summary) {
		return 0, false
	}
	rest := b.summary[s] >> (w & 63) << (w & 63)
	for rest == 0 {
		if s++; int(s) == len(b.summary) {
			return 0, false
		}
		rest = b.summary[s]
	}
	w = s<<6 + uint32(bits.TrailingZeros64(rest))
	return w<<6 + uint32(bits.TrailingZeros64(b.words[w])), true
}
