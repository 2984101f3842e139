package dem

import (
	"container/list"
	"sync"
)

// cacheBytes bounds the decoded blocks of a Model: a province of 200 million cells
// as int16, the usual type, stays in memory whole; anything larger in its used parts.
const cacheBytes = 512 << 20

// blockCache keeps the blocks that were used last. A block that is asked for by
// several goroutines is decoded once.
type blockCache struct {
	limit int

	mu    sync.Mutex
	used  int
	byKey map[blockKey]*list.Element
	order list.List // of *block, last used in front
}

type blockKey struct {
	grid *grid
	id   int64
}

type block struct {
	key  blockKey
	size int
	once sync.Once
	data []byte
	err  error
}

func newBlockCache(limit int) *blockCache {
	return &blockCache{limit: limit, byKey: map[blockKey]*list.Element{}}
}

// get gives the samples of a block, nil where the file has none or err is not nil.
func (c *blockCache) get(g *grid, id int64) ([]byte, error) {
	b := c.entry(blockKey{g, id})
	b.once.Do(func() { b.data, b.err = g.read(id) })
	return b.data, b.err
}

func (c *blockCache) entry(key blockKey) *block {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*block)
	}
	const overhead = 200 // entry, list element, map slot: blocks without data count too
	b := &block{key: key, size: key.grid.chunkRows*key.grid.tileWidth*key.grid.sample.bytes() + overhead}
	c.byKey[key] = c.order.PushFront(b)
	c.used += b.size
	for c.used > c.limit && c.order.Len() > 1 {
		old := c.order.Remove(c.order.Back()).(*block)
		delete(c.byKey, old.key)
		c.used -= old.size
	}
	return b
}
