//go:build !unix

package graph

import (
	"fmt"
	"os"
)

// mapFile reads a file where the system's way of mapping is not known.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("geo: graph file: %w", err)
	}
	defer f.Close()
	return readAligned(f)
}
