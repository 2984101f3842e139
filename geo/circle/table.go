package circle

// table maps uint32 keys to small indices; it is emptied in constant time and reused.
type table struct {
	keys   []uint32
	values []int32
	epochs []uint32
	epoch  uint32
	used   int
}

func (t *table) reset() {
	if len(t.keys) == 0 {
		t.alloc(1 << 12)
	}
	t.used = 0
	if t.epoch++; t.epoch == 0 {
		clear(t.epochs)
		t.epoch = 1
	}
}

func (t *table) alloc(n int) {
	t.keys, t.values, t.epochs, t.epoch = make([]uint32, n), make([]int32, n), make([]uint32, n), 1
}

func (t *table) slot(key uint32) int {
	mask := uint32(len(t.keys) - 1)
	i := key * 2654435769 >> 7 & mask
	for t.epochs[i] == t.epoch && t.keys[i] != key {
		i = (i + 1) & mask
	}
	return int(i)
}

// get gives the value of key, or none.
func (t *table) get(key uint32) int32 {
	if i := t.slot(key); t.epochs[i] == t.epoch {
		return t.values[i]
	}
	return none
}

// put sets the value of a key that get did not find.
func (t *table) put(key uint32, value int32) {
	if t.used++; 2*t.used > len(t.keys) {
		old := *t
		t.alloc(2 * len(old.keys))
		for i, e := range old.epochs {
			if e == old.epoch {
				j := t.slot(old.keys[i])
				t.keys[j], t.values[j], t.epochs[j] = old.keys[i], old.values[i], t.epoch
			}
		}
	}
	i := t.slot(key)
	t.keys[i], t.values[i], t.epochs[i] = key, value, t.epoch
}
