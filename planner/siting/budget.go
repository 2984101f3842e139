package siting

import (
	"context"
	"time"
)

// budget ends a search: by effort (the same on every machine), by the caller,
// or by the clock.
type budget struct {
	left  int64
	clock *clock
}

// clock is what a budget shares with its parts.
type clock struct {
	ctx      context.Context
	deadline time.Time
	unlooked int64 // effort since the clock was last read
	cut      bool
}

func newBudget(ctx context.Context, o Options) *budget {
	b := &budget{left: o.Effort, clock: &clock{ctx: ctx}}
	if b.left <= 0 {
		b.left = DefaultEffort
	}
	if o.TimeLimit > 0 {
		b.clock.deadline = time.Now().Add(o.TimeLimit)
	}
	return b
}

// spend counts n list entries read; false means stop.
func (b *budget) spend(n int) bool {
	b.left -= int64(n)
	c := b.clock
	if c.unlooked += int64(n) + 100; c.unlooked > 1<<20 {
		c.unlooked = 0
		if c.ctx.Err() != nil || !c.deadline.IsZero() && time.Now().After(c.deadline) {
			c.cut = true
		}
	}
	return !c.cut && b.left > 0
}

// share is a budget of one part's effort, which the whole pays.
func (b *budget) share(part float64, do func(*budget)) {
	own := budget{left: int64(float64(b.left) * part), clock: b.clock}
	start := own.left
	do(&own)
	b.left -= start - own.left
}
