// Package tiles keeps tiles in memory: those last asked for, within a bound of
// bytes, each made once however many ask for it at a time.
package tiles

import (
	"bytes"
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"
)

// Made is a tile as it goes out: as it is, and in gzip for the first who takes
// that and all after; nil where gzip is worth nothing.
type Made struct {
	Plain []byte
	Gzip  func() []byte
}

func packed(plain []byte) []byte {
	if len(plain) <= 1024 {
		return nil
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is one
	_, _ = w.Write(plain)                           // into memory
	if w.Close() != nil || b.Len() >= len(plain) {
		return nil
	}
	return b.Bytes()
}

// Cache is bounded by the bytes that it holds. The zero value holds nothing and still makes tiles once.
type Cache struct {
	Bytes int // bound

	making singleflight.Group
	mu     sync.Mutex
	recent list.List // of *entry, the last asked for in front
	byKey  map[string]*list.Element
	held   int
}

type entry struct {
	key  string
	made Made
}

// patience is how long a tile may take when nobody who asked waits any longer.
const patience = 30 * time.Second

// Get gives the tile of a key, made by make if it is not held. Keys name the
// version and the viewer: nothing is ever out of date, only old.
func (c *Cache) Get(ctx context.Context, key string, make func(context.Context) ([]byte, error)) (Made, error) {
	if made, ok := c.lookup(key); ok {
		return made, nil
	}
	done := c.making.DoChan(key, func() (any, error) {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // one who leaves takes nothing from the others
		defer cancel()
		plain, err := make(own)
		if err != nil {
			return nil, err
		}
		made := Made{plain, sync.OnceValue(func() []byte { return packed(plain) })}
		c.keep(key, made)
		return made, nil
	})
	select {
	case <-ctx.Done():
		return Made{}, ctx.Err()
	case r := <-done:
		if r.Err != nil {
			return Made{}, r.Err
		}
		return r.Val.(Made), nil
	}
}

func (c *Cache) lookup(key string) (Made, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return Made{}, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*entry).made, true
}

func (c *Cache) keep(key string, made Made) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := weight(key, made)
	if size > c.Bytes/4 {
		return
	}
	if c.byKey == nil {
		c.byKey = map[string]*list.Element{}
	}
	if old, ok := c.byKey[key]; ok {
		c.drop(old)
	}
	c.byKey[key] = c.recent.PushFront(&entry{key, made})
	for c.held += size; c.held > c.Bytes; {
		c.drop(c.recent.Back())
	}
}

func (c *Cache) drop(e *list.Element) {
	old := c.recent.Remove(e).(*entry)
	delete(c.byKey, old.key)
	c.held -= weight(old.key, old.made)
}

// weight counts what an entry takes beside its bytes, so that empty tiles are not free, and room for its gzip.
func weight(key string, m Made) int { return 256 + 2*len(key) + len(m.Plain) + len(m.Plain)/2 }
