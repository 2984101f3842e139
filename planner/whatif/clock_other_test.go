//go:build !linux

package whatif

import "time"

var began = time.Now()

// threadTime is the time of the clock where the thread's cannot be had.
func threadTime() time.Duration { return time.Since(began) }
