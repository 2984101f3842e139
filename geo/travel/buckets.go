package travel

import "github.com/lifecircle/lifecircle/geo/graph"

// window is how far ahead the buckets reach, in milliseconds: nearly every street
// piece takes less, and the table of 512 kB stays in the second-level cache.
const window = 1 << 17

// buckets is the queue of Dial 1969: one bucket for each millisecond, in a ring,
// so that push and pop cost the same however many entries wait. What lies beyond
// the ring (ferries, far legs) waits in a heap. Nothing may be pushed that is
// earlier than what was popped last. Entries of one millisecond come in no order
// of owner: with streets of no length a search must take a node again when a
// smaller owner comes for it. An emptied queue is as good as new after restart.
type buckets struct {
	now   Millis
	size  int     // entries in the ring
	ring  []int32 // time mod window → 1 + place in items of the latest entry, 0 when empty
	some  bitset  // of ring
	items []item
	free  int32 // 1 + place of an unused item, 0 when none
	late  queue
}

type item struct {
	node  graph.NodeID
	owner int32
	next  int32 // 1 + place of the next, 0 at the end
}

func newBuckets() *buckets {
	return &buckets{ring: make([]int32, window), some: newBitset(window)}
}

// restart makes an emptied queue ready for a search from time 0.
func (b *buckets) restart() { b.now = 0 }

func (b *buckets) push(t Millis, owner int32, v graph.NodeID) {
	if t-b.now >= window {
		b.late.push(entry{t, owner, v})
		return
	}
	at := b.free
	if at != 0 {
		b.free = b.items[at-1].next
	} else {
		b.items = append(b.items, item{})
		at = int32(len(b.items))
	}
	slot := t % window
	b.items[at-1] = item{v, owner, b.ring[slot]}
	b.ring[slot] = at
	b.some.set(slot)
	b.size++
}

// pop gives an entry of the earliest time.
func (b *buckets) pop() (entry, bool) {
	if b.size == 0 && len(b.late) == 0 {
		return entry{}, false
	}
	slot, t := uint32(0), Unreached
	if b.size > 0 {
		slot = b.now % window
		if b.ring[slot] == 0 {
			var ahead bool
			if slot, ahead = b.some.next(slot); !ahead {
				slot, _ = b.some.next(0)
			}
		}
		t = b.now + (slot-b.now)%window
	}
	if len(b.late) > 0 && b.late[0].time <= t {
		e := b.late.pop()
		b.now = e.time
		return e, true
	}
	at := b.ring[slot]
	i := b.items[at-1]
	b.items[at-1].next, b.free = b.free, at
	if b.ring[slot] = i.next; i.next == 0 {
		b.some.clear(slot)
	}
	b.size--
	b.now = t
	return entry{t, i.owner, i.node}, true
}
