//go:build unix

package graph

import (
	"fmt"
	"math"
	"os"
	"syscall"
)

// mapFile gives the bytes of a file, shared with the system's cache and read-only.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("geo: graph file: %w", err)
	}
	defer f.Close() // the mapping stays
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("geo: graph file: %w", err)
	case info.Size() == 0 || info.Size() > math.MaxInt || !info.Mode().IsRegular():
		return nil, nil
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("geo: graph file %s: %w", path, os.NewSyscallError("mmap", err))
	}
	return b, nil
}
