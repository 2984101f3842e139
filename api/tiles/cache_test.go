package tiles

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

func TestATileIsMadeOnce(t *testing.T) {
	c := &Cache{Bytes: 1 << 20}
	var made atomic.Int32
	begin := make(chan struct{})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			m, err := c.Get(t.Context(), "a", func(context.Context) ([]byte, error) {
				made.Add(1)
				<-begin
				return make([]byte, 4096), nil
			})
			if err != nil || len(m.Plain) != 4096 || len(m.Gzip()) == 0 {
				t.Error(len(m.Plain), len(m.Gzip()), err)
			}
		})
	}
	close(begin)
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestTheBoundHolds(t *testing.T) {
	c := &Cache{Bytes: 100_000}
	for i := range 1000 {
		_, _ = c.Get(t.Context(), fmt.Sprint(i), func(context.Context) ([]byte, error) { return make([]byte, i%3000), nil })
		if c.held > c.Bytes || len(c.byKey) != c.recent.Len() {
			t.Fatalf("%d bytes held, %d keys, %d entries", c.held, len(c.byKey), c.recent.Len())
		}
	}
	if len(c.byKey) < 10 {
		t.Errorf("only %d are held", len(c.byKey))
	}
}

// Who leaves does not take the tile from those who wait; an error is not kept.
func TestLeavingAndErrors(t *testing.T) {
	c := &Cache{Bytes: 1 << 20}
	gone, leave := context.WithCancel(t.Context())
	started, finish := make(chan struct{}), make(chan struct{})
	left := make(chan error)
	go func() {
		_, err := c.Get(gone, "a", func(ctx context.Context) ([]byte, error) {
			close(started)
			<-finish
			return []byte("tile"), ctx.Err()
		})
		left <- err
	}()
	<-started
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(finish)
	m, err := c.Get(t.Context(), "a", func(context.Context) ([]byte, error) { return []byte("tile"), nil })
	if err != nil || string(m.Plain) != "tile" {
		t.Error(string(m.Plain), err)
	}
	if _, err := c.Get(t.Context(), "b", func(context.Context) ([]byte, error) { return nil, errors.New("no") }); err == nil {
		t.Error("no error")
	}
	if m, err := c.Get(t.Context(), "b", func(context.Context) ([]byte, error) { return []byte("b"), nil }); err != nil || string(m.Plain) != "b" {
		t.Error(err)
	}
}
