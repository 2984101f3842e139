package artefact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestMadeOnceAndBounded(t *testing.T) {
	c := &Cache{Bytes: 10_000}
	defer c.Close()
	var made atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			f, err := c.Open(t.Context(), "a", func(_ context.Context, w io.Writer) error {
				made.Add(1)
				_, err := io.WriteString(w, "content")
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			if b, err := io.ReadAll(f); string(b) != "content" {
				t.Error(string(b), err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	for i := range 30 {
		f, err := c.Open(t.Context(), fmt.Sprint("b", i), func(_ context.Context, w io.Writer) error { _, err := w.Write(make([]byte, 1000)); return err })
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	names, _ := filepath.Glob(filepath.Join(c.dir, "*"))
	if len(names) > 10 || len(names) < 5 {
		t.Errorf("%d files are kept", len(names))
	}
	if _, err := c.Open(t.Context(), "c", func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("no")
	}); err == nil {
		t.Error("half a file")
	}
	if left, _ := filepath.Glob(filepath.Join(c.dir, "part-*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
