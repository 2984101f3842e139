// Package artefact keeps files that were made for somebody: each is made once for
// a version, however many ask, and then read in any range until room is needed.
package artefact

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Cache is a folder of the process, bounded by the bytes in it. Its files go
// with the process: what another wrote is not known to be the same.
type Cache struct {
	Bytes int64 // bound

	making singleflight.Group
	once   sync.Once
	dir    string
	err    error
	mu     sync.Mutex
}

// Open gives the file of a key, made by make if it is not there. Close it.
func (c *Cache) Open(ctx context.Context, key string, make func(context.Context, io.Writer) error) (*os.File, error) {
	c.once.Do(func() { c.dir, c.err = os.MkdirTemp("", "lifecircle-files-") })
	if c.err != nil {
		return nil, c.err
	}
	path := filepath.Join(c.dir, fmt.Sprintf("%x", sha256.Sum256([]byte(key))))
	for {
		if f, err := os.Open(path); err == nil {
			_ = os.Chtimes(path, time.Now(), time.Now()) // used: the last to go
			return f, nil
		}
		done := c.making.DoChan(key, func() (any, error) { return nil, c.make(context.WithoutCancel(ctx), path, make) })
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-done:
			if r.Err != nil {
				return nil, r.Err
			}
		}
	}
}

// patience is how long a file may take when nobody waits for it any longer.
const patience = 30 * time.Minute

func (c *Cache) make(ctx context.Context, path string, make func(context.Context, io.Writer) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f, err := os.CreateTemp(c.dir, "part-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(make(ctx, f), f.Close()); err != nil {
		return err
	}
	c.room(f.Name())
	return os.Rename(f.Name(), path)
}

// room removes what was used longest ago until the new file fits. Who reads one of these goes on reading.
func (c *Cache) room(made string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	type file struct {
		path string
		size int64
		used time.Time
	}
	var all []file
	var sum int64
	names, _ := filepath.Glob(filepath.Join(c.dir, "*"))
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			continue
		}
		sum += info.Size()
		if name != made && filepath.Base(name)[:4] != "part" {
			all = append(all, file{name, info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b file) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	for _, f := range all {
		if sum <= c.Bytes {
			return
		}
		if os.Remove(f.path) == nil {
			sum -= f.size
		}
	}
}

// Close removes the folder.
func (c *Cache) Close() error { return os.RemoveAll(c.dir) }
